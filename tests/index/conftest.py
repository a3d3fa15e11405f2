"""The engines that the contract suite runs on: embedded, and each version of
Elasticsearch that this run tests.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from monitor.index.compiler.verification import MOST_VERIFIED, Verify
from monitor.index.elastic.connection import Access
from monitor.index.elastic.engine import ElasticIndex
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.match.topics import match_query
from monitor.ports import Index
from tests.services.elasticsearch import ElasticServer, shared_server, versions

_ELASTIC = [
    pytest.param(f"elasticsearch-{each}", marks=pytest.mark.external_service)
    for each in versions()
]
ENGINES = ["embedded", *_ELASTIC]
OpenIndex = Callable[..., Index]


@pytest.fixture(scope="session")
def elastic_servers() -> Iterator[Callable[[str], ElasticServer]]:
    """Servers by version, each started at its first use."""
    with ExitStack() as stack:
        running: dict[str, ElasticServer] = {}

        def server(version: str) -> ElasticServer:
            if version not in running:
                running[version] = stack.enter_context(shared_server(version))
            return running[version]

        yield server


@pytest.fixture(params=ENGINES, scope="module")
def engine(request: pytest.FixtureRequest) -> str:
    """The engine's name; what uses it runs on every engine."""
    return str(request.param)


@pytest.fixture(scope="module")
def open_index(
    engine: str,
    elastic_servers: Callable[[str], ElasticServer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[OpenIndex]:
    """Makes prepared indices without documents; they are gone after the
    module.
    """
    with ExitStack() as stack:

        def opened(
            verify: Verify | None = match_query,
            most_verified: int = MOST_VERIFIED,
        ) -> Index:
            index: Index
            if engine == "embedded":
                folder: Path = tmp_path_factory.mktemp("index")
                index = EmbeddedIndex(
                    folder,
                    writer=True,
                    verify=verify,
                    most_verified=most_verified,
                )
            else:
                server = elastic_servers(engine.partition("-")[2])
                alias = f"t{secrets.token_hex(4)}"
                stack.callback(server.drop, alias)
                index = ElasticIndex(
                    Access((server.url,)),
                    alias,
                    writer=True,
                    verify=verify,
                    most_verified=most_verified,
                    refresh="true",
                )
            stack.callback(index.close)
            index.prepare()
            return index

        yield opened


@pytest.fixture
def empty_index(open_index: OpenIndex) -> Index:
    """A prepared index without documents."""
    return open_index()
