"""A migrated database of each kind: every test of the store runs on SQLite and on a real
Postgres.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.engine import Database
from monitor.store.files import private_folder


def migrated(url: str) -> None:
    """Bring an empty database to the newest schema."""
    database = Database(url)
    database.migrate()
    database.close()


@functools.cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "monitor.sqlite3"
        migrated(f"sqlite:///{file}")
        return file.read_bytes()


def lay_migrated(file: Path) -> None:
    """Put a database there that the migrations made, unless there is one: they take a third of a
    second, once per process is enough. Postgres has its template for the same reason.
    """
    if not file.exists():
        private_folder(file.parent)
        file.write_bytes(_migrated_file())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.external_service)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        file = tmp_path / "monitor.db"
        lay_migrated(file)
        database = Database(f"sqlite:///{file}")
        yield database
        database.close()
        return
    server = request.getfixturevalue("postgres")
    name = server.create(server.template("monitor", migrated))
    database = Database(server.url(name))
    yield database
    database.close()
    server.drop(name)
