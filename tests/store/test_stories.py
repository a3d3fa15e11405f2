"""Sorting articles into stories, in one order for all daemons; standing still;
what the sweep looks for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from monitor.store.alerting import (
    alerts,
    missing_matches,
    stored_matches,
    stories,
)
from monitor.store.engine import Database
from monitor.store.running import outage
from monitor.store.tables import articles
from monitor.store.tables import stories as story_table
from tests.store.builders import add_article, add_match, list_feeds, read

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def two_articles(database: Database) -> tuple[int, int]:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
        first, second = (
            add_article(connection, key, now=NOW) for key in ("a", "b")
        )
        for article_id in (first, second):
            read(connection, article_id, now=NOW)
    return first, second


def story_of(database: Database, article_id: int) -> int:
    with database.read() as connection:
        return connection.execute(
            select(articles.c.story_id).where(articles.c.id == article_id)
        ).scalar_one()


def alert(
    database: Database, article_id: int, *, person: str = "anna@example.org"
) -> bool:
    with database.write() as connection:
        match_id = add_match(connection, article_id, now=NOW)
        story_id = connection.execute(
            select(articles.c.story_id).where(articles.c.id == article_id)
        ).scalar_one()
        return alerts.add_alert(
            connection,
            topic_id="ukraine",
            story_id=story_id,
            recipient=person,
            article_id=article_id,
            match_id=match_id,
            mode="immediate",
            now=NOW,
            due_at=NOW,
        )


def test_places_rise_and_each_daemon_reads_what_others_sorted(
    database: Database,
) -> None:
    first, second = two_articles(database)
    with database.write() as connection:
        assert stories.last_place(connection) == 0
        assert stories.take_place(connection, now=NOW) == 1
        stories.mark_sorted(connection, first, place=1)
    with database.write() as connection:
        assert stories.take_place(connection, now=NOW) == 2
        stories.mark_sorted(connection, second, place=2)
    with database.read() as connection:
        assert stories.last_place(connection) == 2

        def after(place: int, **where: object) -> list[int]:
            chosen = {"since": NOW - HOUR, "after_id": 0, "limit": 10} | where
            return [
                text.id
                for text in stories.sorted_after(connection, place, **chosen)
            ]  # type: ignore[arg-type]

        assert after(0) == [first, second]
        assert after(1) == [second]
        assert after(0, after_id=first) == [second]
        assert after(0, since=NOW + HOUR) == []


def test_an_article_joins_and_takes_its_alerts_along(
    database: Database,
) -> None:
    first, second = two_articles(database)
    alert(database, second)
    old, joined = story_of(database, second), story_of(database, first)
    with database.write() as connection:
        assert stories.stands_alone(connection, old)
        assert stories.join_story(
            connection, second, left=old, joined=joined, now=NOW
        ) == (
            first,
            second,
        )
        assert not stories.stands_alone(connection, joined)
        assert connection.execute(
            select(story_table.c.id)
        ).scalars().all() == [joined]
    assert story_of(database, second) == joined
    assert not alert(database, first)  # the story was told


def test_two_told_stories_that_become_one_are_not_told_again(
    database: Database,
) -> None:
    first, second = two_articles(database)
    alert(database, first)
    alert(database, second)
    alert(database, second, person="bert@example.org")
    old, joined = story_of(database, second), story_of(database, first)
    with database.write() as connection:
        stories.join_story(
            connection, second, left=old, joined=joined, now=NOW
        )
        assert alerts.count_alerts(connection) == {"pending": 2, "silent": 1}
    assert not alert(database, first, person="bert@example.org")


def test_the_original_is_found_by_its_address_once_it_is_sorted(
    database: Database,
) -> None:
    first, _ = two_articles(database)
    with database.write() as connection:
        assert (
            stories.at_address(connection, "https://zdf.test/a", since=NOW)
            is None
        )
        stories.mark_sorted(connection, first, place=1)
        found = stories.at_address(connection, "https://zdf.test/a", since=NOW)
        assert found is not None
        assert (found.id, found.title, found.feed_id) == (
            first,
            "Titel",
            "zdf",
        )
        assert (
            stories.at_address(
                connection, "https://zdf.test/a", since=NOW + HOUR
            )
            is None
        )
        assert stories.story_text(connection, 999) is None


def test_standing_still_is_noted_until_everything_is_read(
    database: Database,
) -> None:
    two_articles(database)
    with database.write() as connection:
        outage.note_outage(connection, None, now=NOW, longer_than=HOUR)
        outage.note_outage(connection, NOW - HOUR, now=NOW, longer_than=HOUR)
        assert outage.current_outage(connection) is None
        outage.note_outage(
            connection, NOW - 3 * HOUR, now=NOW, longer_than=HOUR
        )
        outage.note_outage(
            connection, NOW + HOUR, now=NOW + 3 * HOUR, longer_than=HOUR
        )
        found = outage.current_outage(connection)
        assert found == outage.Outage(NOW - 3 * HOUR, NOW + 3 * HOUR)
        # two feeds unasked, two articles unmatched
        assert outage.backlog(connection, found, now=NOW + 3 * HOUR) == 4
        outage.end_outage(connection, now=NOW)
        assert outage.current_outage(connection) is None


def test_a_new_topic_leaves_older_articles_behind(database: Database) -> None:
    first, second = two_articles(database)
    with database.write() as connection:
        assert missing_matches.newest_topic(connection) is None
        old = stored_matches.current_topic_set(
            connection, {"a": ("A", "q1")}, now=NOW
        )
        stored_matches.mark_matched(
            connection, first, version=1, topic_set=old
        )
        assert (
            missing_matches.behind(connection, old, since=NOW, limit=9) == ()
        )
        new = stored_matches.current_topic_set(
            connection, {"a": ("A", "q1"), "b": ("B", "q2")}, now=NOW
        )
        assert missing_matches.newest_topic(connection) == new
        assert missing_matches.topics_since(connection, old) == ("b",)
        assert missing_matches.behind(connection, new, since=NOW, limit=9) == (
            (first, old),
        )
        assert stored_matches.unmatched_among(connection, [first, second]) == {
            first,
            second,
        }
        assert missing_matches.overdue(connection, before=NOW + HOUR) == 1
        gone = stored_matches.current_topic_set(
            connection, {"b": ("B", "q2")}, now=NOW
        )
        stored_matches.mark_matched(
            connection, first, version=1, topic_set=new
        )
        assert (
            missing_matches.behind(
                connection,
                missing_matches.newest_topic(connection) or 0,
                since=NOW,
                limit=9,
            )
            == ()
        )
        assert gone > new


def test_a_day_in_numbers(database: Database) -> None:
    first, _ = two_articles(database)
    alert(database, first)
    with database.read() as connection:
        figures = missing_matches.day_figures(
            connection, NOW - HOUR, NOW + HOUR
        )
        assert (
            figures.feeds,
            figures.feeds_answered,
            figures.articles,
            figures.matches,
        ) == (
            2,
            0,
            2,
            1,
        )
        assert missing_matches.silent_feeds(connection) == ()
        assert (
            missing_matches.failed_deliveries(connection, since=NOW, late=NOW)
            == ()
        )
        assert (
            stored_matches.count_hits(connection, "ukraine", NOW, NOW + HOUR)
            == 1
        )
        assert (
            stored_matches.count_hits(
                connection, "ukraine", NOW + HOUR, NOW + 2 * HOUR
            )
            == 0
        )
        assert stored_matches.hit_texts(
            connection, "ukraine", NOW, NOW + HOUR
        ) == (("ZDF", "Titel. "),)
        assert stored_matches.topic_since(connection, "ukraine") is None
