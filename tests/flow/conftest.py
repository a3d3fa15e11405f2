"""A migrated Postgres of one test alone, for daemons that share it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from monitor.store.engine import Database
from tests.services.postgres import PostgresServer
from tests.store.conftest import migrated


@pytest.fixture
def address(postgres: PostgresServer) -> Iterator[str]:
    name = postgres.create(postgres.template("monitor", migrated))
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def postgres_database(address: str) -> Iterator[Database]:
    with closing(Database(address)) as opened:
        yield opened
