"""A migrated database of each kind: every test of the store runs on SQLite and
on a real Postgres.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.command import downgrade
from alembic.config import Config

from monitor.store.engine import Database, migrations_folder, newest_revision
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
    """Put a database there that the migrations made, unless there is one: they
    take a third of a second, once per process is enough. Postgres has its
    template for the same reason.
    """
    if not file.exists():
        private_folder(file.parent)
        file.write_bytes(_migrated_file())


def lay_older(url: str) -> None:
    """A database that one version of the program made and the next one finds."""
    database = Database(url)
    database.migrate()
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        downgrade(config, "-2")
    assert database.schema_revision() not in {None, newest_revision()}
    database.close()


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.external_service),
    ]
)
def database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
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
