"""A daemon that was paused for longer than its lease ends nothing that is
another one's by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from monitor.store.alerting import alerts as alert_store
from monitor.store.engine import Database, try_to_own
from monitor.store.reading.article_leases import is_held
from monitor.store.tables import articles
from monitor.types.state import ReadTask
from tests.flow.world import Item, Life, World, feeds_yaml, page, rss
from tests.services.web import Answer, Site

pytestmark = pytest.mark.slow
ITEM = Item("krieg", "Neue Gespräche über die Ukraine")


@pytest.fixture
def due(world: World, site: Site) -> Iterator[tuple[Life, ReadTask]]:
    """One article whose page is to be read, leased by the daemon."""
    document = rss(site.url("/"), ITEM).encode()
    site.put("/rss", Answer(document, content_type="application/rss+xml"))
    site.put(f"/{ITEM.key}", page(ITEM.title))
    world.write(
        feeds_yaml(f"{{id: eins, title: Eins, url: '{site.url('/rss')}'}}")
    )
    with world.life() as life:
        (state,) = life.steps.poller.claim(9)
        life.steps.poller.poll(state)
        (task,) = life.steps.reader.claim(9)
        yield life, task


def take(life: Life, task: ReadTask, daemon: str | None) -> None:
    """The lease is another daemon's, or nobody's."""
    with life.database.write() as connection:
        mine = articles.c.id == task.article_id
        connection.execute(
            update(articles).where(mine).values(claimed_by=daemon)
        )


OTHER_PAGES: tuple[Callable[[Site], object], ...] = (
    lambda site: None,
    lambda site: site.put(f"/{ITEM.key}", Answer(b"", status=404)),
    lambda site: site.put(f"/{ITEM.key}", Answer(b"", status=500)),
    lambda site: site.put(f"/{ITEM.key}", Answer(b"", status=429)),
    lambda site: site.put(
        f"/{ITEM.key}", Answer(b"\x00\x01", content_type="image/png")
    ),
    lambda site: site.put(f"/{ITEM.key}", b"<html><body></body></html>"),
    lambda site: site.put(f"/{ITEM.key}", page("Bitte melden Sie sich an")),
    lambda site: site.put(f"/{ITEM.key}", b"<p>kurz</p>"),
)


@pytest.mark.parametrize("prepare", OTHER_PAGES)
@pytest.mark.parametrize("owner", ["other", None])
def test_a_reading_that_is_anothers_by_now_changes_nothing(
    due: tuple[Life, ReadTask],
    site: Site,
    prepare: Callable[[Site], object],
    owner: str | None,
) -> None:
    life, task = due
    prepare(site)
    take(life, task, owner)
    assert life.steps.reader.read(task) == "taken_over"
    assert life.articles()[0].version == 0
    assert "read" not in life.outcomes()
    assert life.aside() == []
    with life.database.write() as connection:
        assert is_held(connection, task.article_id, "other") == (
            owner == "other"
        )


def test_the_same_reading_in_time_is_stored(
    due: tuple[Life, ReadTask],
) -> None:
    life, task = due
    assert life.steps.reader.read(task) == "article"
    assert life.articles()[0].version == 1


@pytest.mark.external_service
def test_one_daemon_at_a_time_composes_for_a_topic_and_a_person(
    postgres_database: Database,
) -> None:
    with postgres_database.write() as one, postgres_database.write() as other:
        assert try_to_own(one, "compose\nt\na")
        assert not try_to_own(other, "compose\nt\na")
        assert try_to_own(other, "compose\nt\nb")
        assert alert_store.take_pending(one, "t", "a") == ()
    with postgres_database.write() as later:
        assert try_to_own(later, "compose\nt\na")


@pytest.mark.external_service
def test_transactions_that_stand_still_are_ended_within_seconds(
    postgres_database: Database,
) -> None:
    with postgres_database.read() as connection:
        shown = connection.exec_driver_sql(
            "SHOW idle_in_transaction_session_timeout"
        ).scalar_one()
    assert timedelta(seconds=int(shown.removesuffix("s"))) <= timedelta(
        seconds=15
    )
