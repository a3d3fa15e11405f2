"""What a run's daemons stand on: SQLite with the embedded index and one
daemon, or Postgres with Elasticsearch and two. Says how to start them and what
is stored and indexed, asked from outside.
"""

from __future__ import annotations

import contextlib
import functools
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from monitor.index.embedded.engine import EmbeddedIndex
from monitor.types.output import SearchRequest
from tests.flow.shifted_clock import ShiftedClock
from tests.services.elasticsearch import ElasticServer
from tests.services.faults import FaultyWay, faulty_way
from tests.services.postgres import (
    PostgresServer,
    postgres_files,
    private_postgres,
)
from tests.store.conftest import lay_migrated, migrated

MOST = 1000  # documents
DATABASE = "monitor"
LEASE = 6  # seconds of a daemon's life without a sign; in use it is 40
# where no fault waits for its end: a busy machine keeps signs of life for
# seconds
LONG_LEASE = 30


@dataclass(frozen=True)
class Ground:
    """One of the two. `indexed` counts the titles in the index."""

    address: str
    env: Mapping[str, str]
    daemons: int
    indexed: Callable[[], Counter[str]]
    postgres: PostgresServer | None = None
    elastic: FaultyWay | None = None
    clock: ShiftedClock | None = None
    """The server's."""

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """The rows of one statement, over a connection of its own."""
        engine = create_engine(self.address)
        try:
            with engine.connect() as connection:
                return [
                    tuple(row) for row in connection.execute(text(statement))
                ]
        finally:
            engine.dispose()


def sqlite_ground(data: Path) -> Ground:
    """`data` is the daemon's data folder."""
    file = data / "monitor.sqlite3"
    lay_migrated(file)
    env = {"MONITOR_DATA_DIR": str(data), "MONITOR_DAEMON_LEASE": f"{LEASE} s"}
    return Ground(
        f"sqlite:///{file}", env, 1, lambda: embedded_titles(data / "index")
    )


def prepare_files() -> None:
    """Make the migrated database that all runs begin with: Alembic serves one
    thread only.
    """
    with tempfile.TemporaryDirectory() as folder:
        lay_migrated(Path(folder) / "monitor.sqlite3")


def embedded_titles(folder: Path) -> Counter[str]:
    index = EmbeddedIndex(folder, writer=False)
    with contextlib.closing(index):
        found = index.search(SearchRequest(limit=MOST, marked=False))
    return Counter(hit.title.text for hit in found.hits)


@contextlib.contextmanager
def grounds_on_postgres(
    elasticsearch: ElasticServer,
) -> Iterator[Callable[[], contextlib.AbstractContextManager[Ground]]]:
    """Makes such grounds, each with a Postgres of its own."""
    with postgres_files(DATABASE, migrated) as files:
        yield functools.partial(postgres_ground, elasticsearch, files)


@contextlib.contextmanager
def postgres_ground(
    elasticsearch: ElasticServer,
    files: Path | None = None,
    *,
    lease: int = LEASE,
) -> Iterator[Ground]:
    """A prefix in the shared Elasticsearch, and a way there that can be cut.
    `files` are those of a Postgres that is migrated.
    """
    name = f"faults-{uuid.uuid4().hex[:12]}"
    with contextlib.ExitStack() as stack:
        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="monitor-clock-")
            )
        )
        folder.chmod(0o755)  # Postgres runs as another user
        clock = ShiftedClock(folder / "clock")
        server = stack.enter_context(private_postgres(files, env=clock.env))
        way = stack.enter_context(faulty_way(elasticsearch.url))
        if files is None:
            server.template(DATABASE, migrated)
        address = server.url(DATABASE)
        env = {
            "MONITOR_DATABASE_URL": address,
            "MONITOR_INDEX": "elasticsearch",
            "MONITOR_ELASTICSEARCH_URLS": way.url,
            "MONITOR_ELASTICSEARCH_INDEX": name,
            "MONITOR_DAEMON_LEASE": f"{lease} s",
        }
        titles = functools.partial(_elastic_titles, elasticsearch, name)
        try:
            yield Ground(address, env, 2, titles, server, way, clock)
        finally:
            elasticsearch.drop(name)


def _elastic_titles(server: ElasticServer, name: str) -> Counter[str]:
    with contextlib.suppress(OSError):  # not made yet
        server.call("POST", f"/{name}*/_refresh")
        found = server.call(
            "GET", f"/{name}/_search?size={MOST}&_source=title"
        )
        return Counter(
            hit["_source"]["title"] for hit in found["hits"]["hits"]
        )
    return Counter()
