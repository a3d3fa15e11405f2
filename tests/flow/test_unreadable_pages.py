"""Pages that answer with 200 and are not the article: the feed's words stay,
and the page is read again later.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from monitor.flow.requests.retry_item import retry_item
from monitor.flow.upkeep.daily_report import unreadable_notes
from monitor.store.running import operations, overview
from monitor.store.tables import article_versions, page_blocks, raw_pages
from tests.flow.world import (
    PEOPLE,
    Item,
    Life,
    World,
    changed,
    feeds_yaml,
    page,
    rss,
    told,
)
from tests.services.web import Answer, Site

PAGES = Path(__file__).parents[1] / "data" / "pages"
CASES = {
    "31_not_found_with_200": "not_found_page",
    "32_browser_check_with_200": "browser_check",
}
ITEM = Item(
    "krieg",
    "Ukraine-Gespräche in Genf begonnen",
    summary="Die Delegationen trafen sich am Morgen.",
)
POLL, HOUR, DAY = timedelta(minutes=11), timedelta(hours=1), timedelta(days=1)
WEEK, STEP = 7 * 24 // 3, timedelta(hours=3)
"""A week is so many passes of three hours."""


def serve(world: World, site: Site, *items: Item) -> None:
    site.put(
        "/rss",
        Answer(
            rss(site.url("/"), *items).encode(),
            content_type="application/rss+xml",
        ),
    )
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, outlet: Blatt, url: '{site.url('/rss')}'}}"
        )
    )


def wall(name: str = "32_browser_check_with_200") -> Answer:
    return Answer((PAGES / f"{name}.html").read_bytes())


def count(life: Life, table: Table) -> int:
    with life.database.read() as connection:
        return connection.execute(
            select(func.count()).select_from(table)
        ).scalar_one()


@pytest.fixture
def listed(world: World, site: Site) -> World:
    """A feed that begins empty and then lists the item."""
    serve(world, site)
    with world.life() as life:
        life.one_pass()
    serve(world, site, ITEM)
    return world


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), CASES.items())
def test_the_feeds_words_stay_and_the_page_is_read_again(
    listed: World, site: Site, name: str, kind: str
) -> None:
    site.put("/krieg", wall(name))
    with changed(
        listed, settings_changed={"raw_pages_retention": 9 * DAY}
    ).life() as life:
        life.one_pass(after=POLL)
        (article,) = life.articles()
        assert (
            article.content.kind,
            article.content.title,
            article.content.text,
        ) == (
            "summary",
            ITEM.title,
            ITEM.summary,
        )
        assert kind in article.content.note
        assert life.outcomes()["read"] == {kind: 1}
        assert count(life, page_blocks) == count(life, raw_pages) == 0
        assert told(listed.mails(), ITEM.title) == dict.fromkeys(PEOPLE, 1), (
            "no alert waits for such a page"
        )
        site.put("/krieg", page(ITEM.title))
        life.one_pass(after=POLL)
        (article,) = life.articles()
        assert (article.content.kind, article.version) == ("article", 2)
        assert count(life, page_blocks) == count(life, raw_pages) == 1
        assert life.aside() == []
    assert told(listed.mails(), ITEM.title) == dict.fromkeys(PEOPLE, 1), (
        "a page after the summary is no news"
    )


@pytest.mark.slow
def test_words_that_only_the_late_page_has_alert_once(
    listed: World, site: Site
) -> None:
    plain = Item(
        "krieg",
        "Gespräche in Genf begonnen",
        summary="Die Delegationen trafen sich am Morgen.",
    )
    serve(listed, site, plain)
    site.put("/krieg", wall())
    with listed.life() as life:
        life.one_pass(after=POLL)
        assert listed.mails() == []
        site.put(
            "/krieg",
            page(
                plain.title,
                "Es geht um die Ukraine und einen Waffenstillstand.",
            ),
        )
        life.one_pass(after=POLL)
    assert told(listed.mails(), plain.title) == dict.fromkeys(PEOPLE, 1)


@pytest.mark.slow
def test_tries_are_bounded_and_a_person_may_ask_for_more(
    listed: World, site: Site
) -> None:
    site.put("/krieg", wall())
    with listed.life() as life:
        for _ in range(WEEK):
            life.one_pass(after=STEP)
        assert len(site.log("/krieg")) == 6
        assert life.aside() == [("read", "article:1", "browser_check")]
        site.put("/krieg", page(ITEM.title))
        with life.database.write() as connection:
            for item in operations.list_quarantine(connection):
                retry_item(connection, item, now=listed.clock.now())
        life.one_pass()
        assert life.aside() == []
        assert life.articles()[0].content.kind == "article"
    assert told(listed.mails(), ITEM.title) == dict.fromkeys(PEOPLE, 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        wall(),
        wall("31_not_found_with_200"),
        Answer(b""),
        Answer(b"<html></html>"),
    ],
)
def test_a_text_that_we_have_stays(
    listed: World, site: Site, answer: Answer
) -> None:
    site.put("/krieg", page(ITEM.title))
    with listed.life() as life:
        life.one_pass(after=POLL)
        serve(
            listed,
            site,
            Item(
                "krieg",
                ITEM.title,
                summary=f"{ITEM.summary} Sie reden bis zum Abend.",
            ),
        )
        site.put("/krieg", answer)
        for _ in range(WEEK):
            life.one_pass(after=STEP)
        (article,) = life.articles()
        assert (article.content.kind, article.content.title) == (
            "article",
            ITEM.title,
        )
        assert "mit großer Mehrheit" in article.content.text
        assert 3 <= len(site.log("/krieg")) <= 8
        assert life.aside() == []
        assert count(life, page_blocks) == 1
        assert count(life, article_versions) == article.version
        with life.database.read() as connection:
            assert (
                overview.unreadable_outlets(
                    connection, since=listed.clock.now() - 30 * DAY
                )
                == ()
            )
    assert told(listed.mails(), ITEM.title) == dict.fromkeys(PEOPLE, 1)


@pytest.mark.parametrize(
    "answer",
    [Answer(b""), Answer(b"<html><body><div id='root'></div></body></html>")],
)
def test_an_empty_page_is_read_again(
    listed: World, site: Site, answer: Answer
) -> None:
    site.put("/krieg", answer)
    with listed.life() as life:
        life.one_pass(after=POLL)
        assert life.outcomes()["read"] == {"empty_shell": 1}
        site.put("/krieg", page(ITEM.title))
        life.one_pass(after=POLL)
        assert life.articles()[0].content.kind == "article"


def test_a_redirect_to_the_home_page_is_seen(
    listed: World, site: Site
) -> None:
    site.put("/krieg", Answer(status=302, headers=(("Location", "/"),)))
    site.put("/", page("Blatt – Nachrichten", ITEM.title))
    with listed.life() as life:
        life.one_pass(after=POLL)
        assert life.outcomes()["read"] == {"home_page": 1}
        assert life.articles()[0].content.title == ITEM.title


@pytest.mark.slow
def test_an_item_that_links_the_home_page_is_not_read_for_ever(
    listed: World, site: Site
) -> None:
    serve(listed, site, Item("", ITEM.title, summary=ITEM.summary))
    site.put("/", page("Blatt – Nachrichten"))
    with listed.life() as life:
        for _ in range(WEEK):
            life.one_pass(after=STEP)
        assert life.aside() == []
        assert life.articles()[0].content.title == ITEM.title
    assert len(site.log("/")) <= 1


@pytest.mark.slow
def test_outlets_are_listed_with_their_most_frequent_reason(
    world: World, site: Site
) -> None:
    items = [
        Item(f"a{number}", f"Meldung {number}: Rat tagt in Herford")
        for number in range(8)
    ]
    serve(world, site, *items)
    answers = [wall()] * 4 + [wall("31_not_found_with_200")] * 2
    for item, answer in zip(items[:6], answers, strict=True):
        site.put(f"/{item.key}", answer)
    for item in items[6:]:
        site.put(f"/{item.key}", page(item.title))
    now = world.clock.now()
    with world.life() as life:
        life.one_pass()
        with life.database.read() as connection:
            (line,) = overview.unreadable_outlets(
                connection, since=now - 7 * DAY
            )
            notes = unreadable_notes(connection, "de", since=now - DAY)
            assert (
                overview.unreadable_outlets(connection, since=now + DAY) == ()
            )
    assert (line.outlet, line.pages, line.unreadable, line.reason) == (
        "Blatt",
        8,
        6,
        "browser_check",
    )
    assert notes == (
        "Blatt: von 8 Seiten 6 nicht lesbar (meist Browserprüfung)",
    )
