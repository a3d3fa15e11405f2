"""Hostile servers, with and without TLS, and clients that may ask them."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from monitor.fetch.client import HttpClient, open_client
from tests.fakes import SetClock
from tests.fetch.hostile import Hostile

OpenServer = Callable[..., Hostile]
OpenClient = Callable[..., HttpClient]


@pytest.fixture
def serve() -> Iterator[OpenServer]:
    """Starts servers; they are stopped when the test is over."""
    running: list[Hostile] = []

    def start(
        pages: dict[str, object] | None = None, **settings: object
    ) -> Hostile:
        server = Hostile(pages or {}, **settings)  # type: ignore[arg-type]
        server.start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def client(clock: SetClock) -> OpenClient:
    """Builds a client that may ask 127.0.0.0/8, where every name leads."""

    def build(**settings: object) -> HttpClient:
        known: dict[str, object] = {
            "contact": "redaktion@example.org",
            "allowed_networks": ("127.0.0.0/8",),
            "resolve": lambda host, port: ["127.0.0.1"],
        }
        return open_client(clock, **(known | settings))  # type: ignore[arg-type]

    return build


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(
    authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """A server's side of TLS, for feed.example.de and 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("feed.example.de", "127.0.0.1").configure_cert(
        context
    )
    return context
