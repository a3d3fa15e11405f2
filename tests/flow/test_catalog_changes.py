"""Saving feeds.yaml: versions, what others changed meanwhile, files that
cannot be written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.config.edit import with_new_topic, with_topic
from monitor.flow.requests.catalog_changes import (
    Change,
    SaveResult,
    beyond_topics,
    difference,
    digest_of,
    is_writable,
    list_versions,
    read_version,
    save_change,
    write_again,
)
from monitor.store.engine import Database
from tests.flow.world import World, feeds_yaml

TOPICS = (
    "  - {name: Haushalt, any: [Haushalt], recipients: [anna]}  # bleibt\n"
)
HEAD = "recipients: [{name: anna, email: anna@example.org}]\n"


class Desk:
    """A file, and somebody who changes a topic in it."""

    def __init__(self, world: World) -> None:
        world.write(
            feeds_yaml(
                "{id: eins, url: 'http://eins.test/feed'}",
                topics=TOPICS,
                head=HEAD,
            )
        )
        self.world = world
        self.database = Database(f"sqlite:///{world.folder / 'versions.db'}")
        self.database.migrate()
        self.path = world.settings.feeds_file

    def save(
        self, *words: str, seen: str = "", account: str = "anna"
    ) -> SaveResult:
        change = Change(account, "topic_changed", "haushalt", seen)
        return save_change(
            self.database,
            self.path,
            lambda before: with_topic(
                self.path, before, "haushalt", {"any": words}
            ),
            change,
            now=self.world.clock.now(),
        )

    @property
    def text(self) -> str:
        return self.path.read_text()

    @property
    def digest(self) -> str:
        return digest_of(self.path.read_bytes())


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    made = Desk(world)
    yield made
    made.database.close()


def test_each_save_is_a_version(desk: Desk) -> None:
    first = desk.text
    assert desk.save("Haushalt", "Etat", seen=desk.digest).state == "saved"
    assert "[Haushalt, 'Etat']" in desk.text
    assert "# bleibt" in desk.text
    assert desk.save("Etat", account="bert").state == "saved"
    listed = list_versions(desk.database, desk.path)
    made = [
        (each.version.action, each.version.account, each.is_current)
        for each in listed
    ]
    assert made == [
        ("topic_changed", "bert", True),
        ("topic_changed", "anna", False),
        ("by_hand", "", False),
    ]
    view = read_version(desk.database, desk.path, listed[1].version.id)
    assert view is not None
    assert "+" in view.changed
    assert "'Etat'" in view.changed
    change = Change(
        "anna", "taken_back", str(listed[2].version.id), desk.digest
    )
    number = listed[2].version.id
    done = write_again(
        desk.database, desk.path, number, change, now=desk.world.clock.now()
    )
    assert done is not None
    assert done.state == "saved"
    assert desk.text == first
    assert (
        list_versions(desk.database, desk.path)[0].version.action
        == "taken_back"
    )


def test_an_edit_by_hand_is_never_overwritten(desk: Desk) -> None:
    seen = desk.digest
    desk.path.write_text(desk.text.replace("[Haushalt]", "[Haushalt, Kasse]"))
    answer = desk.save("Haushalt", "Etat", seen=seen)
    assert answer.state == "changed_meanwhile"
    assert "Kasse" in desk.text
    assert "Kasse" in answer.difference
    assert answer.meanwhile == "", "nobody kept what was seen"
    again = desk.save("Haushalt", "Kasse", "Etat", seen=answer.digest)
    assert again.state == "saved"
    assert "[Haushalt, Kasse, 'Etat']" in desk.text


@pytest.mark.slow
def test_what_others_changed_is_shown_where_it_is_known(desk: Desk) -> None:
    assert desk.save("Etat").state == "saved"
    seen = desk.digest
    desk.path.write_text("# von Hand\n" + desk.text)
    answer = desk.save("Kasse", seen=seen)
    assert answer.state == "changed_meanwhile"
    assert "+# von Hand" in answer.meanwhile
    assert "von Hand" not in answer.difference.replace(" # von Hand", "")


def test_an_edit_by_hand_becomes_a_version_at_the_next_save(
    desk: Desk,
) -> None:
    assert desk.save("Etat").state == "saved"
    desk.path.write_text("# von Hand\n" + desk.text)
    assert desk.save("Kasse", seen=desk.digest).state == "saved"
    listed = [
        each.version.action for each in list_versions(desk.database, desk.path)
    ]
    assert listed == ["topic_changed", "by_hand", "topic_changed", "by_hand"]


@pytest.mark.parametrize("words", [("?",), ("",), ("*",), ("\x07",)])
def test_what_cannot_be_used_is_not_written(
    desk: Desk, words: tuple[str, ...]
) -> None:
    before = desk.path.read_bytes()
    answer = desk.save(*words)
    assert answer.state in ("refused", "unchanged"), answer
    assert desk.path.read_bytes() == before
    assert list_versions(desk.database, desk.path) == ()


def test_nothing_changed(desk: Desk) -> None:
    assert desk.save("Haushalt").state == "unchanged"
    assert list_versions(desk.database, desk.path) == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(desk: Desk) -> None:
    desk.path.parent.chmod(0o500)
    try:
        assert not is_writable(desk.path)
        assert desk.save("Etat").state == "read_only"
    finally:
        desk.path.parent.chmod(0o700)
    assert list_versions(desk.database, desk.path) == ()


def test_a_missing_file(desk: Desk) -> None:
    desk.path.unlink()
    assert not is_writable(desk.path)
    assert desk.save("Etat").state == "read_only"


def test_a_link_stays_a_link(desk: Desk, tmp_path: Path) -> None:
    real = tmp_path / "wirklich.yaml"
    desk.path.rename(real)
    desk.path.symlink_to(real)
    assert desk.save("Etat").state == "saved"
    assert desk.path.is_symlink()
    assert "Etat" in real.read_text()


@pytest.mark.slow
def test_whether_feeds_differ(desk: Desk) -> None:
    before = desk.path.read_bytes()
    topics = before.replace(b"[Haushalt]", b"[Etat]")
    feeds = before.replace(b"eins.test", b"zwei.test")
    assert not beyond_topics(desk.path, before, topics)
    assert beyond_topics(desk.path, before, feeds)
    assert beyond_topics(desk.path, before, b"feeds: [")


@pytest.mark.parametrize(
    "head",
    [
        "recipients: [{name: anna, email: andere@example.org}]\n",
        "recipients: [{name: anna, email: anna@example.org}, {name: b, email: b@example.org}]\n",
        HEAD + "press_reviews: [{name: Lage, recipients: [anna]}]\n",
        HEAD
        + "press_reviews: [{name: Lage, query: Etat, recipients: [anna]}]\n",
    ],
)
def test_people_and_press_reviews_are_more_than_topics(
    desk: Desk, head: str
) -> None:
    before = desk.path.read_bytes()
    others = before.replace(HEAD.encode(), head.encode())
    assert others != before
    assert beyond_topics(desk.path, before, others)
    below = others.replace(b"topics:", b"# weiter unten\ntopics:").replace(
        b"[Haushalt]", b"[Etat]"
    )
    assert not beyond_topics(desk.path, others, below)


@pytest.mark.slow
def test_of_many_saves_at_once_none_is_lost(desk: Desk) -> None:
    def add(number: int) -> tuple[int, str]:
        change = Change("anna", "topic_added", str(number), "")
        entry = {
            "name": f"Thema {number}",
            "any": (f"Wort{number}",),
            "recipients": ("anna",),
        }
        result = save_change(
            desk.database,
            desk.path,
            lambda before: with_new_topic(desk.path, before, entry),
            change,
            now=desk.world.clock.now(),
        )
        return number, result.state

    with ThreadPoolExecutor(4) as threads:
        ended = dict(threads.map(add, range(12)))
    saved = {number for number, state in ended.items() if state == "saved"}
    assert saved
    assert set(ended.values()) <= {"saved", "changed_meanwhile"}
    assert {
        int(found) for found in re.findall(r"name: Thema (\d+)", desk.text)
    } == saved
    kept = [
        each.version.about for each in list_versions(desk.database, desk.path)
    ]
    assert {about for about in kept if about} == {
        str(number) for number in saved
    }


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "", []),
        ("a\n", "a\n", []),
        ("a\n", "b\n", ["-a", "+b"]),
        ("---\na\n", "a\n", ["----", " a"]),
        ("a\n", "---\na\n", ["+---", " a"]),
        ("-- alt\n", "++ neu\n", ["--- alt", "+++ neu"]),
    ],
)
def test_a_difference_has_every_line_that_differs(
    before: str, after: str, shown: list[str]
) -> None:
    lines = difference(before.encode(), after.encode()).splitlines()
    assert [line for line in lines if not line.startswith("@@")] == shown
