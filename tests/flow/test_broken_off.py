"""The database breaks off a match: the article is matched again, and its alert
comes.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import IntegrityError, OperationalError

from monitor.errors import StoreError
from monitor.flow.alerting.story_grouping import Grouper
from monitor.flow.steps.match import DATABASE_ATTEMPTS, Alerter
from monitor.store.tables import articles
from monitor.types.article import Article
from tests.flow.world import PEOPLE, Item, Life, World, feeds_yaml, page, rss
from tests.services.web import Answer, Site

pytestmark = pytest.mark.slow
ITEM = Item("krieg", "Neue Gespräche über die Ukraine")
REASONS = (
    "deadlock detected",
    "canceling statement due to lock timeout",
    "terminating connection due to idle-in-transaction timeout",
    "server closed the connection unexpectedly",
    "database is locked",
)


class Breaking(Grouper):
    """A grouper during which the database breaks off a number of times."""

    def __init__(self, life: Life, errors: list[Exception]) -> None:
        super().__init__(database=life.database, clock=life.world.clock)
        self.errors = errors

    def place(
        self, connection: Connection, article: Article, *, now: datetime
    ) -> tuple[int, tuple[int, ...]]:
        if self.errors:
            raise self.errors.pop()
        return super().place(connection, article, now=now)


def alerter(life: Life, errors: list[Exception]) -> Alerter:
    return Alerter(
        database=life.database,
        clock=life.world.clock,
        loaded_catalog=lambda: life.live.current,
        grouper=Breaking(life, errors),
    )


def read_item(life: Life) -> None:
    (state,) = life.steps.poller.claim(9)
    life.steps.poller.poll(state)
    (task,) = life.steps.reader.claim(9)
    life.steps.reader.read(task)


@pytest.fixture
def about_ukraine(world: World, site: Site) -> World:
    document = rss(site.url("/"), ITEM).encode()
    site.put("/rss", Answer(document, content_type="application/rss+xml"))
    site.put(f"/{ITEM.key}", page(ITEM.title))
    world.write(
        feeds_yaml(f"{{id: eins, title: Eins, url: '{site.url('/rss')}'}}")
    )
    return world


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("times", [1, 3])
def test_what_was_broken_off_is_matched_again(
    about_ukraine: World, reason: str, times: int
) -> None:
    with about_ukraine.life() as life:
        read_item(life)
        errors = [
            OperationalError("UPDATE", None, Exception(reason))
            for _ in range(times)
        ]
        matching = alerter(life, list[Exception](errors))
        for _ in range(times):
            with pytest.raises(StoreError):
                matching.match()
            assert life.alerts() == []
        assert matching.match().alerts == len(PEOPLE)
        assert life.aside() == []


def test_one_that_is_broken_off_for_ever_does_not_hold_up_the_others(
    about_ukraine: World,
) -> None:
    with about_ukraine.life() as life:
        read_item(life)
        forever = [
            OperationalError("UPDATE", None, Exception("too large"))
            for _ in range(99)
        ]
        matching = alerter(life, list[Exception](forever))
        for _ in range(DATABASE_ATTEMPTS):
            with pytest.raises(StoreError):
                matching.match()
        assert matching.match().articles == 1
        assert [reason for _, _, reason in life.aside()] == ["broken"]


def test_what_broke_off_before_says_nothing_of_the_next_version(
    about_ukraine: World,
) -> None:
    with about_ukraine.life() as life:
        read_item(life)
        errors: list[Exception] = []
        matching = alerter(life, errors)
        for _ in range(2):
            broken = OperationalError(
                "UPDATE", None, Exception("deadlock detected")
            )
            errors.extend([broken] * DATABASE_ATTEMPTS)
            for _ in range(DATABASE_ATTEMPTS):
                with pytest.raises(StoreError):
                    matching.match()
            assert matching.match().articles == 1
            with life.database.write() as connection:
                connection.execute(
                    update(articles).values(matched_topic_set=None)
                )
        assert life.aside() == []


def test_what_is_wrong_with_the_article_sets_it_aside_at_once(
    about_ukraine: World,
) -> None:
    with about_ukraine.life() as life:
        read_item(life)
        wrong = IntegrityError(
            "INSERT", None, Exception("NOT NULL constraint failed")
        )
        assert alerter(life, [wrong]).match().articles == 1
        assert [reason for _, _, reason in life.aside()] == ["broken"]
