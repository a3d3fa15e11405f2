"""Kept pages, lines of pages, site-wide reservations and deleted texts in the
store.
"""

from __future__ import annotations

from datetime import timedelta

from monitor.store.engine import Database
from monitor.store.reading import (
    article_views,
    articles,
    pages,
    text_retention,
    text_versions,
)
from monitor.types.state import RawPage
from tests.fakes import SetClock
from tests.store.builders import (
    RADIO,
    add_article,
    add_match,
    list_feeds,
    read,
)

DAY = timedelta(days=1)
BODY = "Grüße aus Herford. ".encode() * 500
HEADERS = (("tdm-reservation", "0"), ("set-cookie", "geheim"))


def raw(part: int = 0) -> RawPage:
    return RawPage(
        part, f"https://zdf.test/a?page={part}", "text/html", HEADERS, BODY
    )


def test_pages_come_back_as_they_were_without_what_nobody_reads(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        article_id = add_article(connection, "a", now=clock.now())
        assert pages.raw_of(connection, article_id) == (None, ())
        pages.keep_raw(
            connection,
            article_id,
            [raw(0), raw(1), raw(2)],
            read_with="r1",
            now=clock.now(),
        )
        pages.keep_raw(
            connection,
            article_id,
            [raw(0), raw(1)],
            read_with="r1",
            now=clock.now(),
        )
        fetched_at, kept = pages.raw_of(connection, article_id)
        assert fetched_at == clock.now()
        assert [(page.part, page.body, page.headers) for page in kept] == [
            (0, BODY, (("tdm-reservation", "0"),)),
            (1, BODY, (("tdm-reservation", "0"),)),
        ]
        assert pages.prune_raw(connection, before=clock.now(), limit=9) == 0
        assert (
            pages.prune_raw(connection, before=clock.now() + DAY, limit=9) == 2
        )


def test_what_is_to_be_read_again(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        old = add_article(connection, "a", now=clock.now() - 2 * DAY)
        new = add_article(connection, "b", now=clock.now(), feed=RADIO)
        for article_id, read_with in ((old, "r1"), (new, "r2")):
            pages.keep_raw(
                connection,
                article_id,
                [raw(0), raw(1)],
                read_with=read_with,
                now=clock.now(),
            )
        assert pages.to_read_again(connection, read_with="r2") == (old,)
        assert pages.to_read_again(connection, read_with=None) == (old, new)
        assert pages.to_read_again(
            connection, read_with=None, since=clock.now() - DAY
        ) == (new,)
        assert pages.to_read_again(
            connection, read_with=None, feeds=("zdf",)
        ) == (old,)
        pages.mark_read(connection, [old], read_with="r2")
        assert pages.to_read_again(connection, read_with="r2") == ()
        pages.drop_raw(connection, old)
        assert pages.to_read_again(connection, read_with=None) == (new,)


def test_lines_of_the_newest_pages_are_remembered_once(
    database: Database,
) -> None:
    clock = SetClock()
    largest = 2**63 - 1
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        ids = [
            add_article(connection, f"a{n}", now=clock.now())
            for n in range(pages.WINDOW + 3)
        ]
        for number, article_id in enumerate(ids):
            pages.add_blocks(
                connection,
                article_id,
                (number, largest),
                outlet="ZDF",
                now=clock.advance(DAY),
            )
        pages.add_blocks(
            connection, ids[-1], (7, 8), outlet="ZDF", now=clock.now()
        )
        found = pages.blocks_of(connection, "ZDF")
        assert found[0] == (ids[-1], (len(ids) - 1, largest))
        assert len(found) == pages.WINDOW
        assert pages.blocks_of(connection, "WDR") == ()
        assert (
            pages.prune_blocks(connection),
            pages.prune_blocks(connection),
        ) == (3, 0)
        assert pages.blocks_of(connection, "ZDF") == found


def test_reservations_of_sites(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        assert pages.recall_tdm_file(connection, "https://zdf.test") is None
        for body in (b"[]", b""):
            pages.remember_tdm_file(
                connection, "https://zdf.test", body, until=clock.now()
            )
            assert pages.recall_tdm_file(connection, "https://zdf.test") == (
                body,
                clock.now(),
            )
        assert pages.forget_tdm_files(connection, before=clock.now()) == 0
        assert (
            pages.forget_tdm_files(connection, before=clock.now() + DAY) == 1
        )


def test_deleted_texts_leave_titles_and_verdicts(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        old, other = (
            add_article(connection, key, now=clock.now()) for key in ("a", "b")
        )
        young = add_article(connection, "c", now=clock.now() + 2 * DAY)
        radio = add_article(connection, "d", now=clock.now(), feed=RADIO)
        for article_id in (old, other, young, radio):
            read(connection, article_id, now=clock.now())
        add_match(connection, old, now=clock.now())
        pages.keep_raw(connection, old, [raw()], read_with="", now=clock.now())
        now = clock.advance(3 * DAY)
        gone = text_retention.delete_texts(
            connection, "zdf", before=now - 2 * DAY, retention=2 * DAY, now=now
        )
        assert gone == (old, other)
        assert (
            text_retention.delete_texts(
                connection,
                "zdf",
                before=now - 2 * DAY,
                retention=2 * DAY,
                now=now,
            )
            == ()
        )
        first, *_ = article_views.get_articles(
            connection, [old, other, young, radio]
        )
        assert (
            first.content.title,
            first.content.text,
            first.state.text_deleted_at,
        ) == (
            "Titel",
            "",
            now,
        )
        assert (
            first.content.note
            == "text deleted after 2 days, as the feed is configured"
        )
        texts = [
            article.content.text
            for article in article_views.get_articles(
                connection, [other, young, radio]
            )
        ]
        assert texts == ["", "Text über Herford.", "Text über Herford."]
        assert [
            version.text
            for version in article_views.versions_of(connection, old)
        ] == [""]
        assert pages.raw_of(connection, old) == (None, ())
        read(connection, old, now=now)
        (first,) = article_views.get_articles(connection, [old])
        assert (first.content.text, first.state.text_deleted_at) == (
            "Text über Herford.",
            None,
        )


def test_readings_are_counted_and_versions_bounded(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        article_id = add_article(connection, "a", now=clock.now())
        assert articles.last_reading(connection, article_id) == (None, 0)
        for found_new, idle in ((True, 0), (False, 1), (False, 2), (True, 0)):
            articles.note_reading(
                connection,
                article_id,
                outcome="article",
                found_new=found_new,
                now=clock.advance(DAY),
            )
            assert articles.last_reading(connection, article_id) == (
                clock.now(),
                idle,
            )
        for number in range(text_versions.MOST_VERSIONS + 20):
            read(
                connection, article_id, now=clock.now(), text=f"Stand {number}"
            )
        kept = [
            version.version
            for version in article_views.versions_of(connection, article_id)
        ]
        assert kept == [1, *range(22, text_versions.MOST_VERSIONS + 21)]
        assert len(kept) == text_versions.MOST_VERSIONS
