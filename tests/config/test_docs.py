"""The documentation shows every key and every setting as the program has it,
and the shipped file is a good one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.config.catalog import SECTIONS, load_catalog
from monitor.config.environment import setting_rows
from monitor.config.feeds import (
    DEFAULT_KEYS,
    FEED_KEYS,
    SCHEDULE_KEYS,
    SELECTOR_KEYS,
)
from monitor.config.fields import Key
from monitor.config.press_reviews import PRESS_REVIEW_KEYS
from monitor.config.recipients import QUIET_KEYS, RECIPIENT_KEYS
from monitor.config.topics import TOPIC_KEYS, WHERE_KEYS
from monitor.types.catalog import Feed, Recipient, ScheduledReview, Topic

ROOT = Path(__file__).resolve().parents[2]


def rows_under(page: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its two head lines."""
    section = (
        (ROOT / "docs" / page)
        .read_text(encoding="utf-8")
        .split(f"\n{heading}\n", 1)[1]
    )
    section = re.split(r"\n##? ?#? ", section, maxsplit=1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [
        [cell.strip() for cell in row.strip("|").split("|")] for row in rows
    ]


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("## feeds", FEED_KEYS),
        ("### selectors", SELECTOR_KEYS),
        ("## topics", TOPIC_KEYS),
        ("### where", WHERE_KEYS),
        ("### schedule", SCHEDULE_KEYS),
        ("## recipients", RECIPIENT_KEYS),
        ("### quiet", QUIET_KEYS),
        ("## press_reviews", PRESS_REVIEW_KEYS),
        ("## defaults", DEFAULT_KEYS),
    ],
)
def test_every_key_is_documented(heading: str, keys: Sequence[Key]) -> None:
    expected = [
        [
            f"`{key.name}`",
            key.about + (" (needed)" if key.required else ""),
            key.default,
        ]
        for key in keys
    ]
    found = rows_under("feeds.md", heading)
    assert [[*row, ""][:3] for row in found] == expected


def test_every_section_is_documented() -> None:
    page = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
    assert all(f"\n## {section.name}\n" in page for section in SECTIONS)


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for row in setting_rows():
        default = f"`{row.default}`" if row.default else ""
        secret = " Secret." if row.secret else ""
        assert (
            f"| `{row.name}` | {default} | {row.description}{secret} |" in page
        )
    assert len(re.findall(r"^\| `MONITOR_", page, flags=re.MULTILINE)) == len(
        setting_rows()
    )


def test_the_keys_are_the_fields() -> None:
    """YAML and types use the same names, so that nobody has to translate."""
    assert {key.name for key in FEED_KEYS} == set(Feed.__slots__) - {"place"}
    assert {key.name for key in TOPIC_KEYS} == set(Topic.__slots__) - {"place"}
    assert {key.name for key in PRESS_REVIEW_KEYS} == set(
        ScheduledReview.__slots__
    ) - {"place"}
    assert {key.name for key in RECIPIENT_KEYS} == set(Recipient.__slots__) - {
        "address"
    } | {
        "email",
        "members",
    }


def test_the_example_in_the_documentation_works(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
    example = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)[0]
    path = tmp_path / "feeds.yaml"
    path.write_text(example, encoding="utf-8")
    catalog = load_catalog(path)
    assert catalog.warnings == ()
    assert [
        len(catalog.feeds),
        len(catalog.topics),
        len(catalog.recipients),
    ] == [2, 2, 2]


LAENDER = {
    "Baden-Württemberg",
    "Bayern",
    "Berlin",
    "Brandenburg",
    "Bremen",
    "Hamburg",
    "Hessen",
    "Mecklenburg-Vorpommern",
    "Niedersachsen",
    "Nordrhein-Westfalen",
    "Rheinland-Pfalz",
    "Saarland",
    "Sachsen",
    "Sachsen-Anhalt",
    "Schleswig-Holstein",
    "Thüringen",
}


def test_the_shipped_file() -> None:
    catalog = load_catalog(ROOT / "feeds.yaml")
    assert catalog.warnings == ()
    assert len({feed.outlet for feed in catalog.feeds}) >= 60
    regions = Counter(feed.region for feed in catalog.feeds)
    assert set(regions) >= LAENDER
    assert regions["national"] >= 20
    assert regions["Ostwestfalen-Lippe"] >= 10
    by_id = {feed.id: feed for feed in catalog.feeds}
    assert by_id["zdf"].url == "https://www.zdf.de/rss/zdf/nachrichten"
    assert by_id["radio-herford"].site == "https://www.radioherford.de/"
    assert {topic.id for topic in catalog.topics} == {
        "ukraine",
        "kreis-herford",
    }
    assert {person.address for person in catalog.recipients} == {
        "redaktion@example.org"
    }


def test_every_shipped_address_names_its_source() -> None:
    text = (ROOT / "feeds.yaml").read_text(encoding="utf-8")
    legend = set(re.findall(r"^#   ([A-Z])  ", text, flags=re.MULTILINE))
    addresses = re.findall(
        r"^    (url|site): \S+  # (\w)$", text, flags=re.MULTILINE
    )
    assert len(addresses) == len(load_catalog(ROOT / "feeds.yaml").feeds)
    assert {source for _, source in addresses} == legend
    assert all(
        (kind == "site") == (source == "H") for kind, source in addresses
    )
