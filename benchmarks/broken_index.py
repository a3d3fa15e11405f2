"""Ways to break a real Elasticsearch, or the way to it, and to mend it: for
`benchmarks.index_faults`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from monitor.index.elastic.connection import Access
from monitor.index.elastic.mapping import build_mapping, build_settings
from tests.services.elasticsearch import (
    ElasticServer,
    end_server,
    shared_server,
    two_nodes,
)
from tests.services.faults import FaultyWay, faulty_way

VERSION = "9.2.0"


@dataclass(frozen=True)
class Broken:
    """A place that is broken: what mends it, and how the index is reached
    afterwards.
    """

    access: Access
    mend: Callable[[], object]
    access_after: Access | None = None


Sound = tuple[Access, Callable[[], Broken]]
"""The way to a sound server, and what breaks it."""


@contextmanager
def _behind_a_way(
    alias: str, broken: Callable[[FaultyWay], None]
) -> Iterator[Sound]:
    with shared_server(VERSION) as server, faulty_way(server.url) as way:
        access = Access((way.url,))

        def mend() -> None:
            way.away(False)
            way.answers_end()

        def break_it() -> Broken:
            broken(way)
            return Broken(access, mend)

        yield access, break_it
        server.drop(alias)


def _answering(
    path: str, status: int, kind: str, reason: str
) -> Callable[[FaultyWay], None]:
    body = json.dumps(
        {"error": {"type": kind, "reason": reason}, "status": status}
    ).encode()
    return lambda way: way.answer(path, status, body, times=100_000)


def away(alias: str) -> AbstractContextManager[Sound]:
    """The server does not answer."""
    return _behind_a_way(alias, lambda way: way.away())


def busy(alias: str) -> AbstractContextManager[Sound]:
    """The server answers 429 to every write."""
    return _behind_a_way(
        alias,
        _answering(
            "/_bulk", 429, "es_rejected_execution_exception", "queue is full"
        ),
    )


def wrong_version(alias: str) -> AbstractContextManager[Sound]:
    """The address leads to another version, after a restart of ours."""
    old = b'{"nodes": {"a": {"version": "7.17.9"}}}'

    def broken(way: FaultyWay) -> None:
        way.away()
        way.answer("/_nodes", 200, old, times=100_000)
        way.away(False)

    return _behind_a_way(alias, broken)


@contextmanager
def full_disk(alias: str) -> Iterator[Sound]:
    """The server itself finds its disk above the flood stage and blocks the
    indices; then there is room again.
    """
    with shared_server(VERSION) as server:
        base = "cluster.routing.allocation.disk"
        marks = {
            f"{base}.watermark.{name}": value for name, value in _MARKS.items()
        }

        def set_to(values: dict[str, object]) -> None:
            server.call("PUT", "/_cluster/settings", {"persistent": values})

        def blocked() -> bool:
            found = server.call("GET", f"/{alias}*/_settings")
            return any(
                "read_only_allow_delete" in json.dumps(one)
                for one in found.values()
            )

        def break_it() -> Broken:
            set_to(
                {
                    f"{base}.threshold_enabled": True,
                    "cluster.info.update.interval": "10s",
                    **marks,
                }
            )
            _until(blocked)
            return Broken(Access((server.url,)), mend)

        def mend() -> None:
            set_to(dict.fromkeys(marks) | {f"{base}.threshold_enabled": True})
            _until(lambda: not blocked())

        try:
            yield Access((server.url,)), break_it
        finally:
            set_to(
                dict.fromkeys(
                    [
                        *marks,
                        f"{base}.threshold_enabled",
                        "cluster.info.update.interval",
                    ]
                )
            )
            server.drop(alias)


_MARKS = {"low": "0.1%", "high": "0.2%", "flood_stage": "0.3%"}


@contextmanager
def lost_node(_alias: str) -> Iterator[Sound]:
    """One of two nodes is killed, for good."""
    with two_nodes(VERSION) as (one, two):
        access = Access((two.url, one.url))

        def break_it() -> Broken:
            _until(
                lambda: (
                    one.call("GET", "/_cluster/health")["status"] == "green"
                )
            )
            end_server(two)
            return Broken(access, lambda: None)

        yield access, break_it


@contextmanager
def _secured(
    alias: str, break_it: Callable[[ElasticServer, str], Broken]
) -> Iterator[Sound]:
    with shared_server(VERSION, secure=True) as server:
        key = server.call("POST", "/_security/api_key", {"name": alias})
        access = Access(
            (server.url,), ca_file=server.ca_file, api_key=key["encoded"]
        )
        yield access, lambda: break_it(server, key["id"])
        server.drop(alias)


def expired_key(alias: str) -> AbstractContextManager[Sound]:
    """The API key is withdrawn; a new one comes with a restart."""

    def break_it(server: ElasticServer, key: str) -> Broken:
        server.call("DELETE", "/_security/api_key", {"ids": [key]})
        fresh = server.call("POST", "/_security/api_key", {"name": alias})[
            "encoded"
        ]
        gone = Access(
            (server.url,), ca_file=server.ca_file, api_key="Z29uZTpnb25l"
        )
        return Broken(
            gone,
            lambda: None,
            Access((server.url,), ca_file=server.ca_file, api_key=fresh),
        )

    return _secured(alias, break_it)


def wrong_certificate(alias: str) -> AbstractContextManager[Sound]:
    """The server's certificate is none that we trust, after a restart of ours."""

    def break_it(server: ElasticServer, _: str) -> Broken:
        sound = Access(
            (server.url,),
            ca_file=server.ca_file,
            user=server.user,
            password=server.password,
        )
        return Broken(
            Access((server.url,), user=server.user, password=server.password),
            lambda: None,
            sound,
        )

    return _secured(alias, break_it)


@contextmanager
def older_template(alias: str) -> Iterator[Sound]:
    """An older version of ours left its template and index there."""
    with shared_server(VERSION) as server:
        mapping = build_mapping()
        mapping["_meta"] = {"monitor_format": 0}
        package = {
            "version": 0,
            "template": {"settings": build_settings(), "mappings": mapping},
        }
        server.call("PUT", f"/_component_template/{alias}@package", package)
        access = Access((server.url,))
        yield access, lambda: Broken(access, lambda: None)
        server.drop(alias)


FAULTS: dict[str, Callable[[str], AbstractContextManager[Sound]]] = {
    "away": away,
    "busy": busy,
    "full-disk": full_disk,
    "lost-node": lost_node,
    "expired-key": expired_key,
    "wrong-certificate": wrong_certificate,
    "wrong-version": wrong_version,
    "older-template": older_template,
}


def _until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(
                "the server did not do what was to be rehearsed"
            )
        time.sleep(0.5)
