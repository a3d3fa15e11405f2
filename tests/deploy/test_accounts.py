"""The script that makes the accounts, run against a real Elasticsearch with
security; and that the account suffices.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import IndexingError
from monitor.index.elastic.connection import Access, connect
from monitor.index.elastic.operations import OperationsIndex
from monitor.types.operations import OperationRecord
from tests.services.elasticsearch import ElasticServer

DEPLOY = Path(__file__).parents[2] / "deploy"
pytestmark = [pytest.mark.slow, pytest.mark.external_service]
RECORD = OperationRecord(
    "poll-1", "poll", datetime(2025, 3, 1, tzinfo=UTC), outcome="new"
)


def accounts(
    server: ElasticServer, secrets: Path
) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "ELASTICSEARCH_URL": server.url,
        "CURL_CA_BUNDLE": str(server.ca_file),
        "ELASTIC_USER": server.user,
        "SECRETS": str(secrets),
        "SETUP": str(DEPLOY),
    }
    return subprocess.run(
        [DEPLOY / "accounts.sh"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def test_the_account_can_write_its_indices_and_nothing_else(
    secure_elasticsearch: ElasticServer, tmp_path: Path
) -> None:
    server = secure_elasticsearch
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    for name, value in (
        ("elastic_password", server.password),
        ("kibana_password", "kibana-password"),
        ("monitor_elastic_password", "monitor-password"),
    ):
        (tmp_path / name).write_text(value)
    for _ in range(2):  # again changes nothing
        made = accounts(secure_elasticsearch, tmp_path)
        assert made.returncode == 0, made.stderr
    client = connect(
        Access(
            (server.url,),
            ca_file=server.ca_file,
            user="monitor",
            password="monitor-password",
        )
    )
    try:
        OperationsIndex(client, "monitor").put([RECORD])
        with pytest.raises(IndexingError, match="a right is missing"):
            OperationsIndex(client, "elsewhere").put([RECORD])
    finally:
        client.close()
        server.drop("monitor-operations")


def test_a_wrong_password_ends_it(
    secure_elasticsearch: ElasticServer, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    for name in (
        "elastic_password",
        "kibana_password",
        "monitor_elastic_password",
    ):
        (tmp_path / name).write_text("wrong-password")
    made = accounts(secure_elasticsearch, tmp_path)
    assert made.returncode != 0
    assert "401" in made.stderr
