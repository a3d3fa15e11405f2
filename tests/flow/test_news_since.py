"""What is new since a visit: a visit goes on while somebody looks, and copies
are nothing new.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.flow.requests.news_since import (
    begin_visit,
    count_news,
    next_visit,
    read_news,
)
from monitor.types.desk import Visit
from tests.flow.test_alerts import Papers
from tests.flow.world import World

NOW = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("known", "since"),
    [
        (None, NOW - DAY),
        (Visit(NOW - 5 * HOUR, NOW - 2 * HOUR), NOW - 2 * HOUR),
        (Visit(NOW - 5 * HOUR, NOW - 10 * MINUTE), NOW - 5 * HOUR),
        (Visit(NOW - 5 * HOUR, NOW - 30 * MINUTE), NOW - 5 * HOUR),
        (Visit(NOW - 5 * HOUR, NOW - 31 * MINUTE), NOW - 31 * MINUTE),
        (Visit(NOW - 40 * DAY, NOW - 30 * DAY), NOW - 7 * DAY),
        (Visit(NOW - 8 * DAY, NOW - MINUTE), NOW - 7 * DAY),
    ],
)
def test_a_visit_ends_after_half_an_hour_unseen(
    known: Visit | None, since: datetime
) -> None:
    assert next_visit(known, now=NOW) == Visit(since, NOW)


def test_visits_are_by_account_and_survive(world_on_each: World) -> None:
    Papers(world_on_each)
    with world_on_each.life() as life:
        first = begin_visit(life.database, "anna", now=NOW)
        assert first.since == NOW - DAY
        later = begin_visit(life.database, "anna", now=NOW + HOUR)
        assert later.since == NOW
        again = begin_visit(life.database, "anna", now=NOW + HOUR + 5 * MINUTE)
        assert again.since == NOW
        assert (
            begin_visit(life.database, "", now=NOW + HOUR).since
            == NOW + HOUR - DAY
        )


def test_only_stories_that_a_topic_met_since_then(
    world_on_each: World,
) -> None:
    world = world_on_each
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine: erste Nachricht")
        life.one_pass(after=61 * MINUTE)
        before = world.clock.now()
        assert read_news(life.database, since=before).topics == ()
        papers.add("eins", "b", "Ukraine: zweite Nachricht vom Abend")
        papers.add("eins", "c", "Wetter bleibt schön")
        life.one_pass(after=61 * MINUTE)
        news = read_news(life.database, since=before)
        assert [(topic.name, topic.new) for topic in news.topics] == [
            ("Ukraine", 1)
        ]
        (shown,) = news.topics[0].newest
        assert shown.title.text == "Ukraine: zweite Nachricht vom Abend"
        assert count_news(life.database, since=before) == 1
        assert count_news(life.database, since=world.clock.now()) == 0
        assert count_news(life.database, since=before - DAY) == 2


@pytest.mark.parametrize("newer", ["eins", "zwei"])
def test_what_one_pass_found_is_sorted_by_its_publication(
    world_on_each: World, newer: str
) -> None:
    papers = Papers(world_on_each, "eins", "zwei")
    with world_on_each.life() as life:
        life.one_pass()
        before = world_on_each.clock.now()
        for name in papers.names:
            hour = 7 if name == newer else 5
            date = f"Mon, 02 Jun 2025 0{hour}:00:00 +0000"
            text = " ".join(f"{name}{number}" for number in range(200))
            papers.add(name, "a", f"Ukraine: {name}", text, date=date)
        life.one_pass(after=61 * MINUTE)
        (topic,) = read_news(life.database, since=before).topics
        shown = [hit.title.text for hit in topic.newest]
        assert shown[0] == f"Ukraine: {newer}"
        assert len(shown) == 2
