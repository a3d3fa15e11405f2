"""What waited for an index that was away goes into it in the order in which it
came, and status says up to where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import IndexingError
from monitor.flow.steps.publish import AWAY_WAIT, BATCH, LEASE, Publisher
from monitor.flow.upkeep import index_rebuild
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.reading import article_views
from monitor.types.output import Document, PutResult
from tests.fakes import SetClock
from tests.store import builders

pytestmark = pytest.mark.slow

COUNT = 3 * BATCH + 50
HOUR = timedelta(hours=1)


class Shelf(EmbeddedIndex):
    """The embedded index, which notes in what order it was given things, may
    be away, and refuses single documents.
    """

    away = False
    refused: frozenset[str] = frozenset()
    given: list[str]

    def prepare(self) -> None:
        if self.away:
            raise IndexingError("cannot be reached", about="here")
        super().prepare()

    def put(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        if self.away:
            raise IndexingError("cannot be reached", about="here")
        self.given += [
            one.doc_id for one in documents if one.doc_id not in self.refused
        ]
        taken = iter(
            super().put(
                [one for one in documents if one.doc_id not in self.refused]
            )
        )
        return tuple(
            PutResult(one.doc_id, error="mapper_parsing_exception")
            if one.doc_id in self.refused
            else next(taken)
            for one in documents
        )


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    index = Shelf(tmp_path / "index", writer=True)
    index.given = []
    yield index
    index.close()


@pytest.fixture
def database(tmp_path: Path, clock: SetClock) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'monitor.sqlite3'}")
    database.migrate()
    with database.write() as connection:
        builders.list_feeds(connection, now=clock.now())
    yield database
    database.close()


def come_in(database: Database, numbers: range, *, now: datetime) -> list[int]:
    """Articles found and read now."""
    with database.write() as connection:
        ids = [
            builders.add_article(connection, f"meldung-{number}", now=now)
            for number in numbers
        ]
        for article_id in ids:
            builders.read(
                connection, article_id, now=now, text=f"Meldung {article_id}"
            )
        index_queue.enqueue(connection, ids, now=now)
    return ids


def doc_ids(database: Database, ids: Sequence[int]) -> list[str]:
    with database.read() as connection:
        by_id = {
            article.id: article.doc_id
            for article in article_views.get_articles(connection, ids)
        }
    return [by_id[article_id] for article_id in ids]


def state(database: Database) -> index_rebuild.IndexState:
    with database.read() as connection:
        return index_rebuild.state(connection)


def while_away(
    database: Database,
    publisher: Publisher,
    clock: SetClock,
    count: int = COUNT,
) -> list[int]:
    """An hour in which articles come in and the publisher tries in vain; their
    ids as they came.
    """
    came: list[int] = []
    step = count // 12
    for start in range(0, count, step):
        came += come_in(
            database, range(start, min(start + step, count)), now=clock.now()
        )
        clock.advance(HOUR / 12)
        assert publisher.publish() == 0
    return came


def test_an_hours_backlog_drains_in_the_order_in_which_it_came(
    database: Database, shelf: Shelf, clock: SetClock
) -> None:
    publisher = Publisher(
        database=database, index=shelf, clock=clock, daemon="d"
    )
    publisher.publish()
    shelf.away = True
    came = while_away(database, publisher, clock)
    waited = state(database)
    assert (waited.waiting, "cannot be reached" in waited.trouble) == (
        COUNT,
        True,
    )
    shelf.away = False
    clock.advance(AWAY_WAIT)
    complete = [waited.complete_until]
    while publisher.publish():
        found = state(database)
        complete.append(found.complete_until)
        assert shelf.given == doc_ids(database, came)[: COUNT - found.waiting]
    assert shelf.given == doc_ids(database, came)
    ends = [one for one in complete if one is not None]
    assert ends == sorted(ends)
    assert (
        complete[-1],
        state(database).waiting,
        state(database).trouble,
    ) == (None, 0, "")


def test_a_publisher_that_dies_with_a_batch_in_hand_loses_no_place(
    database: Database, shelf: Shelf, clock: SetClock
) -> None:
    publisher = Publisher(
        database=database, index=shelf, clock=clock, daemon="dead"
    )
    publisher.publish()
    came = come_in(database, range(BATCH + 10), now=clock.now())
    with database.write() as connection:
        index_queue.claim_tickets(
            connection,
            now=clock.now(),
            lease=LEASE,
            daemon="dead",
            limit=BATCH,
        )
    clock.advance(LEASE)
    come_in(database, range(BATCH + 10, BATCH + 20), now=clock.now())
    next_life = Publisher(
        database=database, index=shelf, clock=clock, daemon="next"
    )
    while next_life.publish():
        pass
    assert shelf.given[: BATCH + 10] == doc_ids(database, came)


def test_one_refused_document_holds_up_nothing_behind_it(
    database: Database, shelf: Shelf, clock: SetClock
) -> None:
    publisher = Publisher(
        database=database, index=shelf, clock=clock, daemon="d"
    )
    publisher.publish()
    came = come_in(database, range(20), now=clock.now())
    ids = doc_ids(database, came)
    shelf.refused = frozenset(ids[3:4])
    while publisher.publish():
        pass
    assert shelf.given == [*ids[:3], *ids[4:]]
    assert state(database).waiting == 0, (
        "set aside, with its reason in the quarantine"
    )


def test_what_was_read_first_goes_first_whatever_its_number(
    database: Database, shelf: Shelf, clock: SetClock
) -> None:
    publisher = Publisher(
        database=database, index=shelf, clock=clock, daemon="d"
    )
    publisher.publish()
    with database.write() as connection:
        found = [
            builders.add_article(
                connection, f"meldung-{number}", now=clock.now()
            )
            for number in range(5)
        ]
        for article_id in reversed(found):
            builders.read(
                connection,
                article_id,
                now=clock.now(),
                text=f"Meldung {article_id}",
            )
            index_queue.enqueue(
                connection,
                [article_id],
                now=clock.advance(timedelta(seconds=1)),
            )
    publisher.publish()
    assert shelf.given == doc_ids(database, found[::-1])


def test_a_change_keeps_the_place_of_what_waits(
    database: Database, shelf: Shelf, clock: SetClock
) -> None:
    publisher = Publisher(
        database=database, index=shelf, clock=clock, daemon="d"
    )
    publisher.publish()
    shelf.away = True
    came = while_away(database, publisher, clock, count=BATCH + 40)
    with database.write() as connection:
        # read again meanwhile
        index_queue.enqueue(connection, came[:5], now=clock.now())
    shelf.away = False
    clock.advance(AWAY_WAIT)
    while publisher.publish():
        pass
    assert shelf.given == doc_ids(database, came)
