"""The Postgres dump of deploy/README.md, made while the database is open, and restored over what came after."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from monitor.store.engine import Database
from monitor.store.operations import get_fact, set_fact

NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.mark.external_service
def test_a_dump_brings_back_what_was_there(postgres_url: str, tmp_path: Path) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")
    url = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    dump = tmp_path / "monitor.dump"
    database = Database(postgres_url)
    database.migrate()
    try:
        with database.write() as connection:
            set_fact(connection, "before", "Grüße", now=NOW)
        subprocess.run(["pg_dump", "-Fc", "--file", dump, url], check=True)
        with database.write() as connection:
            set_fact(connection, "after", "lost", now=NOW)
    finally:
        database.close()
    subprocess.run(["pg_restore", "--clean", "--if-exists", "--no-owner", "-d", url, dump], check=True)
    database = Database(postgres_url)
    database.migrate()  # an older dump is brought up to date by the next start
    try:
        with database.read() as connection:
            assert get_fact(connection, "before") == "Grüße"
            assert get_fact(connection, "after") is None
    finally:
        database.close()
