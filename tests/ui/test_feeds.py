"""`monitor feeds`: from a site's page to a line in the file, to its polls, and
out again as OPML.
"""

from __future__ import annotations

import contextlib
import json

from monitor.store.desk import catalog_versions
from monitor.wiring.database import open_database
from tests.flow.world import Item, World, rss
from tests.services.web import Answer, Site
from tests.ui.conftest import Command


def station(site: Site) -> str:
    """A page that names a feed, a broken one and a link that is none."""
    site.put(
        "/lokal.xml",
        Answer(
            rss(site.url("/"), Item("a", "Rat tagt")).encode(),
            content_type="text/xml",
        ),
    )
    site.put("/kaputt.rss", "<html><body>Wartung</body></html>")
    links = "".join(
        f"<link rel='alternate' type='application/rss+xml' href='{path}'>"
        for path in ("/kaputt.rss", "/lokal.xml")
    )
    return site.put(
        "/sender", f"<html><head>{links}</head><body>Radio</body></html>"
    )


def test_find_shows_what_each_candidate_brings(
    site: Site, catalog: World, command: Command
) -> None:
    ended = command("feeds", "find", station(site), "--json")
    assert ended.code == 0
    found = {
        candidate["url"]: candidate for candidate in json.loads(ended.out)
    }
    assert found[site.url("/lokal.xml")]["items"] == 1
    assert found[site.url("/lokal.xml")]["outcome"] == "ok"
    assert found[site.url("/kaputt.rss")]["outcome"] == "not_a_feed"
    assert "Zeitung" in command("feeds", "find", station(site)).out


def test_find_without_any_feed(
    site: Site, world: World, command: Command
) -> None:
    assert (
        command(
            "feeds",
            "find",
            site.put("/leer", "<html><body>nichts</body></html>"),
        ).code
        == 1
    )
    assert command("feeds", "find", site.url("/gibt-es-nicht")).code == 1
    assert command("feeds", "find", "ftp://zdf.test/").code == 2


def test_add_takes_the_best_and_refuses_it_twice(
    site: Site, catalog: World, command: Command
) -> None:
    path = catalog.folder / "feeds.yaml"
    before = path.read_text(encoding="utf-8")
    assert command("feeds", "add", station(site), "--region", "OWL").code == 0
    after = path.read_text(encoding="utf-8")
    added = (
        f"  - id: zeitung-2\n    title: Zeitung\n    url: {site.url('/lokal.xml')}\n    region:"
        " OWL\n"
    )
    assert after == before + added
    again = command("feeds", "add", site.url("/lokal.xml"))
    assert again.code == 2
    assert "zeitung-2" in again.err
    assert path.read_text(encoding="utf-8") == after


def test_what_is_added_becomes_a_version(
    catalog: World, command: Command
) -> None:
    """The page lists it, and can take it back. Before the first run there is
    no database.
    """
    assert (
        command(
            "feeds", "add", "zdf.test/rss", "--offline", "--title", "ZDF"
        ).code
        == 0
    )
    assert not list(catalog.settings.data_dir.glob("*.sqlite3"))
    open_database(catalog.settings).close()
    before = (catalog.folder / "feeds.yaml").read_bytes()
    assert (
        command(
            "feeds", "add", "wdr.test/rss", "--offline", "--title", "WDR"
        ).code
        == 0
    )
    opml = command("feeds", "export").out.replace(
        "zdf.test/rss", "ard.test/rss"
    )
    (catalog.folder / "liste.opml").write_text(opml, encoding="utf-8")
    assert (
        command("feeds", "import", str(catalog.folder / "liste.opml")).code
        == 0
    )
    database = open_database(catalog.settings)
    with contextlib.closing(database), database.read() as connection:
        kept = catalog_versions.kept_versions(connection, limit=9)
        oldest = catalog_versions.version_content(connection, kept[-1].id)
        newest = catalog_versions.version_content(connection, kept[0].id)
    assert [each.action for each in kept] == [
        "feeds_added",
        "feeds_added",
        "by_hand",
    ]
    assert kept[1].about == "wdr"
    assert oldest
    assert oldest[1] == before
    assert newest
    assert newest[1] == (catalog.folder / "feeds.yaml").read_bytes()


def test_a_database_that_cannot_be_read_does_not_keep_a_feed_out(
    catalog: World, command: Command
) -> None:
    catalog.settings.data_dir.mkdir()
    (catalog.settings.data_dir / "monitor.sqlite3").write_bytes(
        b"kaputt" * 1000
    )
    ended = command(
        "feeds", "add", "wdr.test/rss", "--offline", "--title", "WDR"
    )
    assert ended.code == 0
    assert "could not be kept" in ended.err
    assert "wdr.test" in (catalog.folder / "feeds.yaml").read_text(
        encoding="utf-8"
    )


def test_add_without_asking(catalog: World, command: Command) -> None:
    assert (
        command(
            "feeds",
            "add",
            "www.zdf.test/rss",
            "--offline",
            "--id",
            "zdf",
            "--outlet",
            "ZDF",
        ).code
        == 0
    )
    listed = {
        feed["id"]: feed
        for feed in json.loads(command("feeds", "list", "--json").out)
    }
    assert listed["zdf"]["url"] == "https://www.zdf.test/rss"
    assert listed["zdf"]["outlet"] == "ZDF"
    assert "www.zdf.test" in command("feeds", "list").out


def test_add_where_there_is_nothing(
    site: Site, catalog: World, command: Command
) -> None:
    before = (catalog.folder / "feeds.yaml").read_bytes()
    assert command("feeds", "add", site.url("/gibt-es-nicht")).code == 1
    assert (catalog.folder / "feeds.yaml").read_bytes() == before


def test_the_feed_of_a_listed_site_is_not_added_beside_it(
    catalog: World, command: Command
) -> None:
    path = catalog.folder / "feeds.yaml"
    site = "  - {id: radio, title: Radio, site: 'https://www.radio.test/'}\n"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "feeds:\n", "feeds:\n" + site, 1
        ),
        encoding="utf-8",
    )
    for address in (
        "www.radio.test",
        "radio.test/rss/lokal.xml",
        "https://rss.radio.test/all",
    ):
        ended = command("feeds", "add", address, "--offline")
        assert ended.code != 0
        assert (
            '"radio" looks for its feed on https://www.radio.test/'
            in " ".join(ended.err.split())
        )
    assert (
        command(
            "feeds",
            "add",
            "radio.test/sport",
            "--offline",
            "--outlet",
            "Radio",
        ).code
        == 0
    )


def test_history_says_how_each_poll_ended_and_why_the_next_is_when(
    filled: World, command: Command
) -> None:
    polls = json.loads(command("feeds", "history", "zeitung", "--json").out)
    assert [poll["outcome"] for poll in polls] == ["new"]
    assert polls[0]["items"] == polls[0]["new_items"] == 3
    assert polls[0]["status"] == 200
    assert polls[0]["bytes"] > 500
    assert polls[0]["due_reason"]
    assert "new" in command("feeds", "history", "zeitung").out
    assert command("feeds", "history", "gibt-es-nicht").code == 2


def test_lists_go_out_and_come_in(catalog: World, command: Command) -> None:
    assert (
        command(
            "feeds",
            "add",
            "zdf.test/rss",
            "--offline",
            "--title",
            "ZDF",
            "--region",
            "national",
        ).code
        == 0
    )
    listed = catalog.folder / "aus.opml"
    assert command("feeds", "export", str(listed)).code == 0
    assert command("feeds", "export").out == listed.read_text(encoding="utf-8")
    added = listed.read_text(encoding="utf-8").replace(
        "zdf.test/rss", "zdf.test/neu"
    )
    listed.write_text(added, encoding="utf-8")
    ended = command("feeds", "import", str(listed))
    assert "1 feed added, 1 listed already" in ended.out
    feeds = json.loads(command("feeds", "list", "--json").out)
    assert [(feed["id"], feed["region"]) for feed in feeds[1:]] == [
        ("zdf", "national"),
        ("zdf-2", "national"),
    ]


def test_what_is_no_list(catalog: World, command: Command) -> None:
    (catalog.folder / "brief.txt").write_text("Guten Tag", encoding="utf-8")
    assert command("feeds", "import", "brief.txt").code == 2
    assert command("feeds", "import", "gibt-es-nicht.opml").code == 2
