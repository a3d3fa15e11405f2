"""Our own code breaks on one feed or article: it gets an outcome, and an alert is still
possible.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.flow.steps.broken_job import Breakdown
from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.reading import article_views, articles
from monitor.store.running import operations
from tests.fakes import SetClock
from tests.store.builders import ZDF, add_article, list_feeds


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'm.db'}")
    made.migrate()
    return made


def test_a_broken_feed_waits_longer_and_says_so(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
    broke = Breakdown(database=database, clock=clock, feed_of={"zdf": ZDF}.get)
    broke("feed:zdf", RuntimeError("bug"))
    broke("feed:unknown", RuntimeError("bug"))
    with database.read() as connection:
        state = feed_states.feed_state(connection, "zdf")
        assert state is not None
        assert state.failures == 1
        assert state.next_due_at == clock.now() + ZDF.min_interval
        assert operations.outcomes_since(connection, clock.now().date()) == {"poll": {"broken": 1}}
    database.close()


def test_a_broken_article_keeps_what_its_feed_said_and_is_set_aside(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        article_id = add_article(connection, "k", now=clock.now())
    Breakdown(database=database, clock=clock, feed_of={}.get)(
        f"article:{article_id}", RuntimeError("bug")
    )
    with database.write() as connection:
        (waiting,) = article_views.unmatched_articles(connection, limit=9)
        assert (waiting.title, waiting.kind) == ("Titel", "summary")
        (item,) = operations.list_aside(connection)
        assert (item.subject, item.reason) == (f"article:{article_id}", "broken")
        leased = articles.claim_reads(
            connection, now=clock.now(), lease=ZDF.min_interval, daemon="d", limit=9, per_host=9
        )
        assert leased == ()
    database.close()
