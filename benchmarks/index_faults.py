"""What each fault of an Elasticsearch costs: how many articles waited, what
status said, how long the backlog took.

    python -m benchmarks.index_faults [--articles N] [FAULT ...]

A publisher with a clock of its own runs against real servers: for an hour of
that clock, N articles come in while one thing is broken; then it is mended,
and the backlog drains. Checked each time: nothing is lost or written twice,
and what came first went first. Needs the servers of the tests
(docs/elasticsearch.md). Exit 1 if a check fails.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog

from benchmarks.broken_index import FAULTS
from monitor.flow.steps.publish import AWAY_WAIT, Publisher
from monitor.flow.upkeep import index_rebuild
from monitor.index.elastic.connection import Access
from monitor.index.elastic.engine import ElasticIndex
from monitor.match.topics import match_query
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.reading import article_views
from monitor.types.output import Document, PutResult
from tests.fakes import SetClock
from tests.store import builders

STEPS = 12
STEP = timedelta(minutes=5)


@dataclass
class Order:
    """The order in which documents were written."""

    doc_ids: list[str] = field(default_factory=list)


class NotedIndex(ElasticIndex):
    """The real index, which notes what it wrote."""

    order = Order()

    def put(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        results = super().put(documents)
        self.order.doc_ids += [
            one.doc_id
            for one, result in zip(documents, results, strict=True)
            if not result.error
        ]
        return results


class Rehearsal:
    """A database, its publisher and a clock; lives follow each other where the
    way to the index changes.
    """

    def __init__(self, folder: Path, alias: str) -> None:
        self.clock, self.order, self._alias = SetClock(), Order(), alias
        self.database = Database(f"sqlite:///{folder / 'monitor.sqlite3'}")
        self.database.migrate()
        self._came: list[int] = []
        with self.database.write() as connection:
            builders.list_feeds(connection, now=self.clock.now())

    def life(self, access: Access) -> tuple[ElasticIndex, Publisher]:
        """The index at this address, and a publisher on it."""
        index = NotedIndex(
            access,
            self._alias,
            writer=True,
            verify=match_query,
            refresh="true",
            wait=lambda _: None,
        )
        index.order = self.order
        return index, Publisher(
            database=self.database,
            index=index,
            clock=self.clock,
            daemon=secrets.token_hex(4),
        )

    def come_in(self, count: int) -> None:
        """So many articles are found and read."""
        with self.database.write() as connection:
            for number in range(len(self._came), len(self._came) + count):
                article_id = builders.add_article(
                    connection, f"meldung-{number}", now=self.clock.now()
                )
                builders.read(
                    connection,
                    article_id,
                    now=self.clock.now(),
                    text=f"Meldung {number} aus Herford.",
                )
                index_queue.enqueue(
                    connection, [article_id], now=self.clock.now()
                )
                self._came.append(article_id)

    def state(self) -> index_rebuild.IndexState:
        """What `status` shows."""
        with self.database.read() as connection:
            return index_rebuild.state(connection)

    def wanted(self) -> list[str]:
        """The documents that must be there, in the order in which they came."""
        with self.database.read() as connection:
            found = {
                article.id: article.doc_id
                for article in article_views.get_articles(
                    connection, self._came
                )
            }
        return [found[article_id] for article_id in self._came]


def drain(publisher: Publisher) -> int:
    """Publish until nothing moves; returns how many batches it took."""
    batches = 0
    while publisher.publish():
        batches += 1
    return batches


def rehearse(name: str, articles: int) -> bool:
    """One fault from beginning to end; prints its line and returns whether all
    was well.
    """
    alias = f"monitor-{secrets.token_hex(4)}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        access, break_it = stack.enter_context(FAULTS[name](alias))
        run = Rehearsal(folder, alias)
        stack.callback(run.database.close)
        index, publisher = run.life(access)
        drain(publisher)
        run.come_in(10)
        drain(publisher)
        index.close()
        broken = break_it()
        index, publisher = run.life(broken.access)
        tries = 0
        for _ in range(STEPS):
            run.come_in(articles // STEPS)
            run.clock.advance(STEP)
            tries += drain(publisher)
        hour = run.state()
        began = time.perf_counter()
        broken.mend()
        mended = time.perf_counter()
        if broken.access_after:
            index.close()
            index, publisher = run.life(broken.access_after)
        run.clock.advance(AWAY_WAIT)
        batches = drain(publisher)
        took = time.perf_counter() - mended
        wanted, after = run.wanted(), run.state()
        complete = (
            index.count() == len(wanted)
            and not after.waiting
            and not after.trouble
        )
        ordered = run.order.doc_ids == wanted
        index.close()
    print(
        f"{name:18} waited {hour.waiting:6,}  written meanwhile {tries:3} batches  mended in"
        f" {mended - began:5.1f} s  drained in {took:6.2f} s, {batches:3} batches "
        f" {'complete' if complete else 'LOST'} "
        f" {'in order' if ordered else 'OUT OF ORDER'}\n{'':18} status:"
        f" {hour.trouble or 'nothing to say'}"
    )
    return complete and ordered


def main() -> int:
    """All faults, or those that are named."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "faults", nargs="*", metavar="FAULT", help=", ".join(FAULTS)
    )
    parser.add_argument(
        "--articles", type=int, default=2400, help="in the hour that it lasts"
    )
    options = parser.parse_args()
    if unknown := set(options.faults) - FAULTS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    ended = [
        rehearse(name, options.articles) for name in options.faults or FAULTS
    ]
    return 0 if all(ended) else 1


if __name__ == "__main__":
    sys.exit(main())
