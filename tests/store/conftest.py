"""A migrated database of each kind: every test of the store runs on SQLite and on a real
Postgres.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.engine import Database


def migrated(url: str) -> None:
    """Bring an empty database to the newest schema."""
    database = Database(url)
    database.migrate()
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.external_service)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
        database.migrate()
        yield database
        database.close()
        return
    server = request.getfixturevalue("postgres")
    name = server.create(server.template("monitor", migrated))
    database = Database(server.url(name))
    yield database
    database.close()
    server.drop(name)
