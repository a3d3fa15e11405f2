"""The way to the web, and the child processes that read what comes from it."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator

from monitor.children.fork_server import ForkServer
from monitor.config.settings import Settings
from monitor.extract.pool import ExtractPool
from monitor.fetch.client import HttpClient, open_client
from monitor.fetch.politeness.shared_throttle import SharedThrottle
from monitor.fetch.politeness.throttle import DomainThrottle
from monitor.parse.pool import ParsePool
from monitor.ports import Clock
from monitor.store.engine import Database
from monitor.store.running import operations
from monitor.types.web import Limits, OriginRecord

PAGES_PER_WORKER = 500
"""After so many pages a child process is replaced: what its libraries leak
stays small.
"""


def limits_for(settings: Settings, size: int) -> Limits:
    """One answer's bounds; compressed it may not be larger than decoded."""
    return Limits(
        total_seconds=settings.fetch_deadline.total_seconds(),
        wire_bytes=size,
        decoded_bytes=size,
    )


def open_http(
    settings: Settings,
    clock: Clock,
    database: Database | None,
    *,
    shared: SharedThrottle | None = None,
) -> HttpClient:
    """The way to the web: polite, within limits. With a database it remembers
    what origins asked; with `shared` it is polite together with the other
    daemons on it.
    """

    def recall(origin: str) -> OriginRecord | None:
        if database is None:
            return None
        with database.read() as connection:
            return operations.recall_origin(connection, origin)

    def remember(record: OriginRecord, changed: Collection[str]) -> None:
        if database is not None:
            with database.write() as connection:
                operations.remember_origin(connection, record, changed=changed)

    return open_client(
        clock,
        contact=settings.contact,
        throttle=DomainThrottle(
            clock, gap=settings.fetch_min_gap.total_seconds(), shared=shared
        ),
        allowed_networks=settings.allowed_networks,
        proxy=settings.proxy.get_secret_value() or None,
        no_proxy=settings.no_proxy,
        extra_ca_file=settings.fetch_ca_file,
        recall=recall,
        remember=remember,
        shared_memory=shared is not None,
    )


@contextlib.contextmanager
def open_pool(
    settings: Settings, server: ForkServer | None = None
) -> Iterator[ExtractPool]:
    """The child processes that read pages; ended at the end."""
    pool = ExtractPool(
        workers=settings.extract_workers,
        deadline_seconds=settings.extract_deadline.total_seconds(),
        memory_bytes=settings.extract_memory,
        pages_per_worker=PAGES_PER_WORKER,
        server=server,
    )
    try:
        yield pool
    finally:
        pool.close()


@contextlib.contextmanager
def open_parser(
    settings: Settings, server: ForkServer | None = None
) -> Iterator[ParsePool]:
    """What parses feeds, with its child processes; ended at the end."""
    pool = ParsePool(
        children=settings.parse_workers,
        deadline_seconds=settings.extract_deadline.total_seconds(),
        memory_bytes=settings.extract_memory,
        server=server,
    )
    try:
        yield pool
    finally:
        pool.close()
