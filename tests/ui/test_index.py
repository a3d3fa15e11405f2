"""`monitor index` on a real data folder: the embedded index everywhere, and
moving to a real Elasticsearch and back.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from monitor.store.engine import Database
from tests.flow.world import World
from tests.services import free_port
from tests.services.elasticsearch import ElasticServer
from tests.services.faults import FaultyWay, faulty_way
from tests.services.web import Site
from tests.ui.conftest import Command, Ended

pytestmark = pytest.mark.slow


def document(ended: Ended) -> Any:
    return json.loads(ended.out)


def found(command: Command) -> list[str]:
    return sorted(
        hit["title"]["text"]
        for hit in document(command("search", "", "--json"))["hits"]
    )


def test_status(filled: World, command: Command) -> None:
    ended = command("index", "status")
    assert ended.code == 0, ended.err
    assert "engine: embedded, documents: 3" in ended.out
    assert "index complete up to now" in ended.out
    shown = document(command("index", "status", "--json"))
    assert (
        shown["engine"],
        shown["documents"],
        shown["state"]["to_fill"],
    ) == ("embedded", 3, 0)


def test_reindex_finds_the_same_again(filled: World, command: Command) -> None:
    before = (
        found(command),
        document(command("index", "status", "--json"))["state"]["generation"],
    )
    ended = command("index", "reindex")
    assert (ended.code, "done" in ended.out) == (0, True), ended.err
    after = (
        found(command),
        document(command("index", "status", "--json"))["state"]["generation"],
    )
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_a_command_waits_for_another_and_then_does_its_own(
    filled: World, command: Command
) -> None:
    """The other one may fill another engine, or die in the middle."""
    before = document(command("index", "status", "--json"))["state"][
        "generation"
    ]
    url = f"sqlite:///{filled.settings.data_dir / 'monitor.sqlite3'}"
    with (
        contextlib.closing(Database(url)) as database,
        contextlib.ExitStack() as other,
    ):
        other.enter_context(database.only_filler())
        leaving = threading.Timer(1.5, other.close)
        leaving.start()
        ended = command("index", "reindex")
        assert not leaving.is_alive(), "it waited"
    assert (ended.code, "done" in ended.out) == (0, True), ended.err
    assert (
        document(command("index", "status", "--json"))["state"]["generation"]
        != before
    )


def test_prune_keeps_the_database(filled: World, command: Command) -> None:
    assert command("index", "prune", "--older-than", "2025-06-30").code == 0
    assert len(found(command)) == 3, (
        "the month of their first sight is kept whole"
    )
    ended = command("index", "prune", "--older-than", "some time")
    assert (ended.code, "--older-than" in ended.err) == (2, True)
    assert command("index", "prune", "--older-than", "2999-01-01").code == 2
    assert command("index", "prune", "--older-than", "31d").code == 0
    assert found(command) == []
    assert command("index", "reindex").code == 0
    assert found(command) == [], "what was pruned does not come back"
    assert "3 articles" in command("status").out


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (("switch", "lucene"), {}, "there is no engine"),
        (("switch", "elasticsearch"), {}, "MONITOR_ELASTICSEARCH_URLS"),
        (
            ("switch", "elasticsearch"),
            {"MONITOR_INDEX": "embedded"},
            "would win",
        ),
        (
            ("switch", "elasticsearch"),
            {"MONITOR_ELASTICSEARCH_URLS": "http://127.0.0.1:PORT"},
            "cannot be reached",
        ),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    filled: World,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    told: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value.replace("PORT", str(free_port())))
    ended = command("index", *arguments)
    assert ended.code == 2
    assert told in ended.err
    monkeypatch.delenv("MONITOR_ELASTICSEARCH_URLS", raising=False)
    monkeypatch.delenv("MONITOR_INDEX", raising=False)
    assert (
        document(command("index", "status", "--json"))["engine"] == "embedded"
    )


@pytest.fixture
def way(
    elasticsearch: ElasticServer,
    monkeypatch: pytest.MonkeyPatch,
    command: Command,
) -> Iterator[FaultyWay]:
    """The settings lead to an Elasticsearch, over a way that may fail; with
    indices of this test's own.
    """
    alias = f"t{secrets.token_hex(4)}"
    with faulty_way(elasticsearch.url) as way:
        monkeypatch.setenv("MONITOR_ELASTICSEARCH_URLS", way.url)
        monkeypatch.setenv("MONITOR_ELASTICSEARCH_INDEX", alias)
        yield way
    elasticsearch.drop(alias)


def refresh(server: ElasticServer) -> None:
    server.call("POST", "/_refresh")


@pytest.mark.external_service
def test_moving_to_elasticsearch_and_back(
    filled: World,
    command: Command,
    way: FaultyWay,
    elasticsearch: ElasticServer,
    site: Site,
) -> None:
    before, mails = found(command), len(filled.mails())
    ended = command("index", "switch", "elasticsearch")
    assert ended.code == 0, ended.err
    refresh(elasticsearch)
    assert found(command) == before
    assert (
        document(command("index", "status", "--json"))["engine"]
        == "elasticsearch"
    )
    assert command("run", "--once", "--json").code == 0
    assert len(filled.mails()) == mails, "nothing is repeated"
    assert command("index", "reindex").code == 0
    refresh(elasticsearch)
    assert found(command) == before
    assert command("index", "switch", "embedded").code == 0
    way.away()
    assert found(command) == before


@pytest.mark.external_service
def test_away_for_a_while(
    catalog: World,
    command: Command,
    way: FaultyWay,
    elasticsearch: ElasticServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONITOR_INDEX", "elasticsearch")
    way.away()
    command("run", "--once")
    assert catalog.mails(), "alerts go on"
    ended = command("index", "status")
    assert ended.code == 1
    assert "cannot be reached" in ended.out
    assert "cannot be reached" in command("status").out
    way.away(False)
    ended = command("index", "reindex")
    assert (ended.code, "done" in ended.out) == (0, True), ended.err
    refresh(elasticsearch)
    assert len(found(command)) == 3
    assert command("index", "status").code == 0
