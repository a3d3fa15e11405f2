"""Topics in many notations, made from a seed, and changes of them: nothing is
refused, nothing else changes, no comment of another topic moves.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from random import Random
from typing import Any

import pytest

from monitor.config.catalog import load_source
from monitor.config.edit import with_topic
from monitor.config.source import decode_yaml
from monitor.errors import ConfigError
from monitor.types.catalog import Catalog, Topic

FILE = Path("feeds.yaml")
HEAD = """feeds:
  - {id: eins, url: 'https://eins.test/'}
recipients:
  - {name: anna, email: anna@example.org}
  - {name: bert, email: bert@example.org}
topics:
"""
TAILS = ("\n", "", "\n# Ende\n", "\n\n\n", "\ndefaults: {country: de}\n")
WORDS = ("Rat", "Stadt", "Haus*", "Kreis Herford", "Amt")


class Writer:
    """Writes topics as different people do."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.indent = self.rng.choice((0, 2, 4))

    def maybe(self, text: str, share: float) -> str:
        return text if self.rng.random() < share else ""

    def quoted(self, value: str) -> str:
        return (
            f"'{value}'" if "*" in value or self.rng.random() < 0.5 else value
        )

    def listed(self, values: list[str]) -> str:
        key, kind = self.indent + 2, self.rng.random()
        items = [self.quoted(value) for value in values]
        if len(items) == 1 and kind < 0.3:
            return f" {items[0]}"
        if kind < 0.55:
            return f" [{', '.join(items)}]{self.maybe('  # mit [Klammer], Komma', 0.4)}"
        if kind < 0.65:
            lines = "".join(f"{' ' * (key + 2)}{item},\n" for item in items)
            return f" [\n{lines}{' ' * key}]"
        margin = "\n" + " " * (key + self.rng.choice((0, 2)))
        lines = "".join(
            f"{margin}- {item}{self.maybe('   # dazu', 0.3)}" for item in items
        )
        return self.maybe("  # oben", 0.3) + lines

    def query(self) -> str:
        deep = "\n" + " " * (self.indent + 6)
        return self.rng.choice(
            (
                "query: Rat AND Stadt",
                f"query: >{deep}Rat AND{deep}Stadt",
                f"query: |-  # so{deep}Rat OR\n{deep}Stadt",
                f'query: "Rat AND{deep}Stadt"',
            )
        )

    def topic(self, number: int) -> str:
        deep = "\n" + " " * (self.indent + 6)
        rng = self.rng
        keys = [f"name: Thema {number}{self.maybe('  # Name', 0.3)}"]
        if rng.random() < 0.6:
            keys.append(
                "any:" + self.listed(rng.sample(WORDS, rng.randint(1, 3)))
            )
            keys.append(self.maybe("none:" + self.listed(["Sport"]), 0.3))
        else:
            keys.append(self.query())
        names = rng.sample(
            ("anna", "bert", "x@example.org"), rng.randint(1, 2)
        )
        keys.append(self.maybe("recipients:" + self.listed(names), 0.7))
        keys.append(
            self.maybe(f"mode: digest{self.maybe('  # weil', 0.3)}", 0.4)
        )
        keys.append(self.maybe("schedule: '0 7 * * *'", 0.2))
        if not keys[-1]:
            zone = (
                f"schedule:{deep}cron: 0 7 * * *{deep}timezone: Europe/Berlin"
            )
            keys.append(self.maybe(zone, 0.2))
        keys.append(
            self.maybe(
                rng.choice(("where: {lang: de}", f"where:{deep}lang: [de]")),
                0.3,
            )
        )
        kept = [key for key in keys if key]
        if rng.random() < 0.3:
            rng.shuffle(kept)
        margin = "\n" + " " * (self.indent + 2)
        lines = (
            self.maybe(f"{margin}# zwischen", 0.15) + margin + key
            for key in kept[1:]
        )
        return f"{' ' * self.indent}- {kept[0]}{''.join(lines)}"

    def changes(self, topic: Topic) -> dict[str, Any]:
        rng = self.rng
        chosen: dict[str, Any] = {}
        people = (
            None,
            ("anna",),
            ("anna", "bert"),
            ("neu@example.org", "anna"),
        )
        choices = {
            "recipients": people,
            "mode": (None, "digest", "spike"),
            "mails_per_hour": (3, None),
            "schedule": (None, "0 9 * * *"),
            "name": ("Ganz: neu",),
        }
        for name, values in choices.items():
            if rng.random() < 0.4:
                chosen[name] = rng.choice(values)
        words = tuple(item.text for item in topic.any)
        if topic.query:
            wanted: tuple[dict[str, Any], ...] = (
                {"query": "Neu"},
                {"query": "Neu AND\nAlt"},
                {"query": None, "any": ("Neu", "Alt*")},
            )
        else:
            wanted = (
                {"any": ("Rat",)},
                {"any": ("Rat", "Neu wort", "Stadt")},
                {"any": (*words, "Dazu")},
                {
                    "any": None,
                    "all": None,
                    "none": None,
                    "query": "Neu AND\n Alt",
                },
            )
        return chosen | (rng.choice(wanted) if rng.random() < 0.7 else {})


def read(content: bytes) -> Catalog:
    return load_source(FILE, decode_yaml(FILE, content))


@pytest.mark.parametrize("seed", range(60))
def test_no_notation_is_in_the_way(seed: int) -> None:
    writer = Writer(seed)
    topics = [writer.topic(number) for number in range(3)]
    between = writer.rng.choice(("\n", "\n\n"))
    text = HEAD + between.join(topics) + writer.rng.choice(TAILS)
    end = writer.rng.choice(("\n", "\r\n"))
    content = text.replace("\n", end).encode()
    before: Catalog | None = None
    with contextlib.suppress(ConfigError):  # not every mixture is a file
        before = read(content)
    if before is None:
        return
    for number, topic in enumerate(before.topics):
        changed = with_topic(
            FILE, content, topic.id, writer.changes(topic)
        ).decode()
        others = [each for place, each in enumerate(topics) if place != number]
        assert all(each.replace("\n", end) in changed for each in others)
        assert changed.count("\n") == changed.count(end)


def test_most_mixtures_are_files() -> None:
    usable = 0
    for seed in range(60):
        writer = Writer(seed)
        text = HEAD + "\n".join(writer.topic(number) for number in range(3))
        with contextlib.suppress(ConfigError):
            usable += bool(read(text.encode()).topics)
    assert usable > 50
