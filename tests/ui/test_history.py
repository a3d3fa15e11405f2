"""`versions`, `reextract` and the provenance that `show` tells."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from monitor.store.reading import pages
from tests.flow.world import World, page, rss
from tests.services.web import Answer, Site
from tests.ui.conftest import WAR, Command, Item

POLL = timedelta(minutes=11)


@pytest.fixture
def edited(filled: World, site: Site) -> World:
    """The first article in two versions: a number was corrected, a paragraph
    came.
    """
    site.put(
        "/krieg",
        page(WAR.title, "Es gab drei Verletzte am Bahnhof der Stadt."),
    )
    revise(filled, site, "Neue Gespräche über die Ukraine, 1")
    site.put(
        "/krieg",
        page(
            WAR.title,
            "Es gab vier Verletzte am Bahnhof der Stadt.</p><p>Die Polizei ermittelt.",
        ),
    )
    revise(filled, site, "Neue Gespräche über die Ukraine, 2")
    return filled


def revise(world: World, site: Site, title: str) -> None:
    document = rss(site.url("/"), Item(WAR.key, title)).encode()
    site.put("/rss", Answer(document, content_type="application/rss+xml"))
    with world.life() as life:
        life.one_pass(after=POLL)


@pytest.mark.slow
def test_versions_show_what_changed(edited: World, command: Command) -> None:
    ended = command("versions", "1")
    assert ended.code == 0
    assert "[-drei-][+vier+] Verletzte am Bahnhof" in ended.out
    assert "[+Die Polizei ermittelt.+]" in ended.out
    assert "unchanged paragraphs" in ended.out
    assert [
        line.split(" ·")[0]
        for line in ended.out.splitlines()
        if line.startswith("version ")
    ] == [
        "version 1",
        "version 2",
        "version 3",
    ]
    assert "mit großer Mehrheit" not in ended.out
    assert "mit großer Mehrheit" in command("versions", "1", "--whole").out


def test_versions_for_machines(edited: World, command: Command) -> None:
    found = json.loads(command("versions", "1", "--json").out)
    steps = found["versions"]
    assert [step["version"]["version"] for step in steps] == [1, 2, 3]
    sorts = {
        piece["sort"]
        for paragraph in steps[2]["changes"]
        for piece in paragraph["pieces"]
    }
    assert sorts == {"same", "added", "removed"}


def test_an_unknown_article_has_no_versions(
    filled: World, command: Command
) -> None:
    ended = command("versions", "999")
    assert (ended.code, ended.out) == (1, "")
    assert "no article 999" in ended.err


def test_show_tells_where_facts_come_from(
    edited: World, command: Command
) -> None:
    shown = command("show", "1").out
    assert "from feed: the page states none" in shown
    assert "quality 0." in shown
    assert "monitor versions 1" in shown


def test_reextract_needs_kept_pages(filled: World, command: Command) -> None:
    ended = command("reextract")
    assert ended.code == 0
    assert "0 articles read again: nothing to do" in ended.out
    assert "MONITOR_RAW_PAGES_RETENTION" in ended.out


@pytest.mark.slow
def test_reextract_reads_kept_pages_again(
    catalog: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_RAW_PAGES_RETENTION", "7 d")
    catalog.settings_changed["raw_pages_retention"] = timedelta(days=7)
    with catalog.life() as life:
        life.one_pass()
        with life.database.write() as connection:
            pages.mark_read(connection, [1, 2], read_with="monitor-0")
    assert (
        "2 articles read again: 2 unchanged"
        in command("reextract", "--since", "2025-01-01").out
    )
    found = json.loads(command("reextract", "--all", "--json").out)
    assert found == {"articles": 2, "outcomes": {"unchanged": 2}}
    assert json.loads(command("reextract", "--json").out) == {
        "articles": 0,
        "outcomes": {},
    }
    by_title = command("reextract", "--all", "--feed", "Zeitung", "--json")
    assert json.loads(by_title.out)["articles"] == 2
    unknown = command("reextract", "--all", "--feed", "zeitnug")
    assert (unknown.code, "did you mean zeitung?" in unknown.err) == (2, True)
