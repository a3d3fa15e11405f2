"""The real outside world as one value: tests hand in another."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.children.fork_server import ForkServer
from monitor.config.settings import Settings
from monitor.fetch.politeness.shared_throttle import SharedThrottle
from monitor.flow.ingest.retrieve import ParseDocument
from monitor.parse.worker import parse_document
from monitor.ports import Clock, Http, Index, Mailer
from monitor.store.engine import Database
from monitor.types.page import ExtractOutcome, PageTask
from monitor.wiring.fetch_kit import open_http, open_parser, open_pool
from monitor.wiring.mail_kit import open_mailer
from monitor.wiring.search_index import open_index, open_operations

# its client is ten megabytes that the embedded engine does not need
if TYPE_CHECKING:
    from monitor.index.elastic.operations import OperationsIndex


@dataclass(frozen=True, slots=True)
class Outside:
    """Where the outside world begins. Tests hand in others."""

    http: Http
    extract: Callable[[PageTask], ExtractOutcome]
    index: Index
    mailer: Mailer
    domain_of: Callable[[str], str]
    ready_in: Callable[[str], float]
    operations: Callable[[], OperationsIndex | None] | None = (
        None  # where the engine that is chosen now has one
    )
    parse: ParseDocument = parse_document
    # of servers, beside the database
    forget_waits: Callable[[], None] = lambda: None
    # ends processes that have had nothing to do for so many seconds
    rest: Callable[[float], None] = lambda idle_seconds: None


@contextlib.contextmanager
def open_outside(
    settings: Settings,
    clock: Clock,
    database: Database,
    *,
    shared: SharedThrottle | None = None,
) -> Iterator[Outside]:
    """The real outside world, as the settings choose it; closed at the end."""
    with contextlib.ExitStack() as stack:
        http = open_http(settings, clock, database, shared=shared)
        # pages and feeds are read with much the same libraries
        server = ForkServer()
        stack.callback(server.close)
        pool = stack.enter_context(open_pool(settings, server))
        parser = stack.enter_context(open_parser(settings, server))
        index = open_index(settings, writer=True, database=database)
        stack.callback(index.close)
        mailer = open_mailer(settings)
        stack.callback(mailer.close)
        records = open_operations(settings, database)
        if records is not None:
            stack.callback(records.close)

        def rest(idle_seconds: float) -> None:
            pool.rest(idle_seconds)
            parser.rest(idle_seconds)

        yield Outside(
            http,
            pool.extract,
            index,
            mailer,
            http.throttle.domain_of,
            http.throttle.ready_in,
            records,
            parser.parse,
            http.memory.forget,
            rest,
        )
