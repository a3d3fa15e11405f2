"""What goes when its time is over, and what stays: by the clock, step by step
over years.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from monitor.flow.upkeep.apply_retention import Housekeeper, Retention
from monitor.store.polling import feed_states
from monitor.store.reading import text_retention
from monitor.store.running import operations
from monitor.store.tables import (
    article_versions,
    articles,
    deliveries,
    feeds,
    outcomes,
)
from tests.flow.world import Item, Life, World, feeds_yaml, page, rss
from tests.services.web import Answer, Site

DAY = timedelta(days=1)
ZERO = timedelta(0)
ALWAYS = Retention(sent_mails=4000 * DAY, outcomes=4000 * DAY)


@pytest.fixture
def filled(world: World, site: Site) -> World:
    """One article with a mail, read in five versions a day apart, and one
    without.
    """
    items = Item("krieg", "Die Ukraine heute"), Item("rat", "Der Rat")
    site.put(
        "/rss",
        Answer(rss(site.url("/"), *items).encode(), content_type="text/xml"),
    )
    for item in items:
        site.put(f"/{item.key}", page(item.title))
    world.write(feeds_yaml(f"{{id: blatt, url: '{site.url('/rss')}'}}"))
    with world.life() as life:
        life.one_pass()
        with life.database.write() as connection:
            first = (
                connection.execute(select(article_versions)).mappings().first()
            )
            assert first is not None
            for number in range(2, 6):
                at = world.clock.now() + number * DAY
                row = dict(first) | {"version": number, "created_at": at}
                connection.execute(article_versions.insert().values(row))
            mine = articles.c.id == first["article_id"]
            connection.execute(update(articles).where(mine).values(version=5))
    return world


def tidied(life: Life, kept: Retention, *, after: timedelta = ZERO) -> int:
    life.world.clock.advance(after)
    catalog = lambda: life.live.current.catalog  # noqa: E731
    keeper = Housekeeper(
        database=life.database,
        clock=life.world.clock,
        catalog=catalog,
        kept=kept,
        timezone="Europe/Berlin",
    )
    return keeper.tidy()


def versions(life: Life) -> list[int]:
    with life.database.read() as connection:
        number = article_versions.c.version
        rows = connection.execute(
            select(number).order_by(article_versions.c.article_id, number)
        )
        return list(rows.scalars())


def texts(life: Life) -> int:
    return sum(bool(article.content.text) for article in life.articles())


def bodies(life: Life) -> int:
    with life.database.read() as connection:
        return connection.execute(
            select(func.count(deliveries.c.raw))
        ).scalar_one()


def hours(life: Life) -> int:
    with life.database.read() as connection:
        return len(
            connection.execute(select(outcomes.c.hour).distinct()).all()
        )


CASES: list[tuple[Retention, timedelta, Callable[[Life], Any], Any]] = [
    (ALWAYS, 3000 * DAY, versions, [1, 2, 3, 4, 5, 1]),
    (Retention(versions=100 * DAY), 99 * DAY, versions, [1, 2, 3, 4, 5, 1]),
    (Retention(versions=100 * DAY), 101 * DAY, versions, [2, 3, 4, 5, 1]),
    (Retention(versions=100 * DAY), 103.5 * DAY, versions, [4, 5, 1]),
    (Retention(versions=100 * DAY), 900 * DAY, versions, [5, 1]),
    (ALWAYS, 3000 * DAY, texts, 2),
    (Retention(texts=30 * DAY), 29 * DAY, texts, 2),
    (Retention(texts=30 * DAY), 31 * DAY, texts, 0),
    (ALWAYS, 3000 * DAY, bodies, 2),
    (Retention(sent_mails=30 * DAY), 29 * DAY, bodies, 2),
    (Retention(sent_mails=30 * DAY), 31 * DAY, bodies, 0),
    (ALWAYS, 3000 * DAY, hours, 1),
    (Retention(outcomes=400 * DAY), 399 * DAY, hours, 1),
    (Retention(outcomes=400 * DAY), 401 * DAY, hours, 0),
    (Retention(outcomes=DAY), 8 * DAY, hours, 1),
    (Retention(outcomes=DAY), 10 * DAY, hours, 0),
]


@pytest.mark.slow
@pytest.mark.parametrize(("kept", "after", "left", "wanted"), CASES)
def test_what_is_left(
    filled: World,
    kept: Retention,
    after: timedelta,
    left: Callable[[Life], Any],
    wanted: Any,
) -> None:
    with filled.life() as life:
        tidied(life, kept, after=after)
        assert left(life) == wanted
        tidied(life, kept)
        assert left(life) == wanted, "once more changes nothing"


def test_a_feed_has_the_last_word_on_its_texts(
    filled: World, site: Site
) -> None:
    one = f"{{id: blatt, url: '{site.url('/rss')}', fulltext_retention: 90 d}}"
    filled.write(feeds_yaml(one))
    with filled.life() as life:
        assert tidied(life, Retention(texts=30 * DAY), after=60 * DAY) == 0
        assert texts(life) == 2
        assert tidied(life, Retention(), after=31 * DAY) == 2


def test_texts_of_a_feed_that_is_listed_no_more_go_too(filled: World) -> None:
    filled.write(feeds_yaml("{id: anders, url: 'http://127.0.0.1:9/rss'}"))
    with filled.life() as life:
        with life.database.read() as connection:
            assert set(feed_states.feed_ids(connection)) == {"blatt", "anders"}
            listed = (
                connection.execute(select(feeds.c.id).where(feeds.c.listed))
                .scalars()
                .all()
            )
            assert listed == ["anders"]
        assert tidied(life, Retention(texts=30 * DAY), after=31 * DAY) == 2


def test_many_versions_go_in_batches(filled: World) -> None:
    with filled.life() as life:
        with life.database.write() as connection:
            some = dict(
                connection.execute(select(articles)).mappings().first() or {}
            )
            old = dict(
                connection.execute(select(article_versions)).mappings().first()
                or {}
            )
            made = [
                some
                | {
                    "id": 100 + n,
                    "doc_id": f"d{n}",
                    "url": f"http://x.test/{n}",
                    "version": 2,
                }
                for n in range(text_retention.BATCH + 20)
            ]
            connection.execute(articles.insert(), made)
            rows = [
                old | {"article_id": row["id"], "version": number}
                for row in made
                for number in (1, 2)
            ]
            connection.execute(article_versions.insert(), rows)
            before: datetime = life.world.clock.now() + 900 * DAY
            last, gone = text_retention.prune_versions(
                connection, after=0, before=before
            )
            assert (last < made[-1]["id"], gone > 400) == (True, True)
        tidied(life, Retention(versions=100 * DAY), after=900 * DAY)
        assert set(versions(life)) == {5, 1, 2}
        with life.database.read() as connection:
            left = connection.execute(
                select(func.count()).where(
                    article_versions.c.article_id >= 100
                )
            ).scalar_one()
        assert left == len(made), "the newest of each"


def test_counting_goes_on_after_its_past_is_gone(filled: World) -> None:
    with filled.life() as life:
        tidied(life, Retention(outcomes=400 * DAY), after=500 * DAY)
        now = life.world.clock.now()
        with life.database.write() as connection:
            operations.count_outcome(
                connection, "poll", "new", now=now, items=2
            )
            operations.count_outcome(
                connection, "poll", "new", now=now, items=1
            )
        tidied(life, Retention(outcomes=400 * DAY))
        with life.database.read() as connection:
            found = operations.outcomes_since(connection, now.date())
        assert found == {"poll": {"new": 3}}


def test_room_of_deleted_texts_is_used_again(filled: World) -> None:
    """As many texts as were deleted fit in without that the file grows;
    nothing is torn apart.
    """
    with filled.life() as life:
        many = add_texts(life, first=100)
        full = pages_in_use(life)
        tidied(life, Retention(texts=30 * DAY), after=40 * DAY)
        assert pages_in_use(life) < full / 3
        with life.database.read() as connection:
            assert (
                connection.execute(text("PRAGMA foreign_key_check")).all()
                == []
            )
            assert (
                connection.execute(text("PRAGMA integrity_check")).scalar_one()
                == "ok"
            )
            rows = connection.execute(
                select(articles.c.id).where(articles.c.id >= 100)
            )
            assert len(rows.all()) == many
            assert not connection.execute(
                select(articles.c.id).where(articles.c.id < 0)
            ).all()


def add_texts(life: Life, *, first: int, count: int = 700) -> int:
    """Articles like the first one, each of the size that is usual."""
    with life.database.write() as connection:
        some = dict(
            connection.execute(select(articles)).mappings().first() or {}
        )
        old = dict(
            connection.execute(select(article_versions)).mappings().first()
            or {}
        )
        said = {"text": "Wort " * 600}
        made = [
            some
            | said
            | {
                "id": n,
                "doc_id": f"d{n}",
                "url": f"http://x.test/{n}",
                "version": 1,
            }
            for n in range(first, first + count)
        ]
        connection.execute(articles.insert(), made)
        versions = [
            old | said | {"article_id": row["id"], "version": 1}
            for row in made
        ]
        connection.execute(article_versions.insert(), versions)
    return count


def pages_in_use(life: Life) -> int:
    with life.database.read() as connection:
        count = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(
            count
            - connection.execute(text("PRAGMA freelist_count")).scalar_one()
        )
