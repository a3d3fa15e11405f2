"""The backups of deploy/README.md, made while all runs, and restored:
Postgres's dump and Elasticsearch's snapshot.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from monitor.index.elastic.connection import Access
from monitor.index.elastic.engine import ElasticIndex
from monitor.match.topics import match_query
from monitor.store.engine import Database
from monitor.store.running.operations import get_fact, set_fact
from monitor.types.output import SearchRequest
from tests.index.corpus import document
from tests.services.elasticsearch import ElasticServer

pytestmark = pytest.mark.slow

NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.mark.external_service
def test_a_dump_brings_back_what_was_there(
    postgres_url: str, tmp_path: Path
) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")
    url = (
        make_url(postgres_url)
        .set(drivername="postgresql")
        .render_as_string(hide_password=False)
    )
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
    subprocess.run(
        [
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "-d",
            url,
            dump,
        ],
        check=True,
    )
    database = Database(postgres_url)
    database.migrate()  # an older dump is brought up to date by the next start
    try:
        with database.read() as connection:
            assert get_fact(connection, "before") == "Grüße"
            assert get_fact(connection, "after") is None
    finally:
        database.close()


@pytest.mark.external_service
def test_a_snapshot_brings_the_index_back_with_its_aliases(
    elasticsearch: ElasticServer,
) -> None:
    alias = f"t{secrets.token_hex(4)}"
    access = Access((elasticsearch.url,))
    index = ElasticIndex(
        access, alias, writer=True, verify=match_query, refresh="true"
    )
    index.prepare()
    index.put([document(number) for number in range(3)])
    before = index.build_name
    index.close()
    repository = f"/_snapshot/{alias}"
    snapshot = f"/_snapshot/{alias}/monitor-2026.11.01"
    where = {"location": str(elasticsearch.folder / "snapshots" / alias)}
    elasticsearch.call("PUT", repository, {"type": "fs", "settings": where})
    wanted = {"indices": [f"{alias}*"], "include_global_state": False}
    made = elasticsearch.call(
        "PUT", f"{snapshot}?wait_for_completion=true", wanted
    )
    assert made["snapshot"]["state"] == "SUCCESS"
    elasticsearch.call("DELETE", f"/{alias}-*?expand_wildcards=all")
    restored = elasticsearch.call(
        "POST",
        f"{snapshot}/_restore?wait_for_completion=true",
        {"indices": f"{alias}-*", "include_aliases": True},
    )
    assert restored["snapshot"]["shards"]["failed"] == 0
    index = ElasticIndex(
        access, alias, writer=True, verify=match_query, refresh="true"
    )
    try:
        index.prepare()
        assert index.build_name == before, (
            "the same life: nothing is filled again"
        )
        assert index.search(SearchRequest("")).total == 3
        assert index.put([document(3)])[0].error == ""
        assert index.count() == 4
    finally:
        index.close()
        elasticsearch.call("DELETE", repository)
        elasticsearch.drop(alias)
