"""Records of running, from the database into a real operations index, and what
the dashboard's feeds table shows.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from elasticsearch import Elasticsearch
from sqlalchemy import func, select

from monitor.flow.upkeep.index_rebuild import choose_engine
from monitor.flow.upkeep.operations_log import Recorder
from monitor.index.elastic.connection import Access, connect
from monitor.index.elastic.operations import OperationsIndex
from monitor.store.running import operations_records
from monitor.store.running.operations import get_fact
from monitor.store.tables import articles, deliveries, outcomes, polls
from monitor.types.operations import OperationRecord
from monitor.wiring.search_index import open_operations
from tests.flow.world import Item, World, changed, feeds_yaml, page, rss
from tests.services.elasticsearch import ElasticServer
from tests.services.web import Answer, Site

WAR = Item("krieg", "Neue Gespräche über die Ukraine")


@dataclass(frozen=True)
class Operations:
    """A client, and the alias of the operations index."""

    client: Elasticsearch
    alias: str

    def count(self, **terms: str) -> int:
        self.client.indices.refresh(index=self.alias)
        query = {
            "bool": {
                "filter": [
                    {"term": {name: value}} for name, value in terms.items()
                ]
            }
        }
        return int(self.client.count(index=self.alias, query=query)["count"])


@pytest.fixture
def operations(elasticsearch: ElasticServer) -> Iterator[Operations]:
    prefix = f"o{secrets.token_hex(4)}"
    client = connect(Access((elasticsearch.url,)))
    yield Operations(client, f"{prefix}-operations")
    client.indices.delete(index=f"{prefix}*", expand_wildcards="all")
    client.close()


@pytest.fixture
def filled(world: World, site: Site) -> World:
    site.put(
        "/rss",
        Answer(
            rss(site.url("/"), WAR).encode(),
            content_type="application/rss+xml",
        ),
    )
    site.put("/krieg", page(WAR.title))
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}"
        )
    )
    return world


@pytest.mark.external_service
def test_what_happened_is_in_the_index_as_in_the_database(
    filled: World, operations: Operations
) -> None:
    with filled.life() as life:
        life.one_pass()
        index = OperationsIndex(
            operations.client, operations.alias.removesuffix("-operations")
        )
        recorder = Recorder(
            database=life.database, index=lambda: index, clock=filled.clock
        )
        assert recorder.record() > 0
        with life.database.read() as connection:
            counted = {
                "poll": connection.execute(
                    select(func.count()).select_from(polls)
                ).scalar_one(),
                "article": connection.execute(
                    select(func.count()).select_from(articles)
                ).scalar_one(),
                "delivery": connection.execute(
                    select(func.count()).select_from(deliveries)
                ).scalar_one(),
                "outcome": connection.execute(
                    select(func.count()).select_from(outcomes)
                ).scalar_one(),
                "feed": 1,
            }
            last = get_fact(connection, "operations_polls")
        assert all(counted.values())
        assert {
            kind: operations.count(kind=kind) for kind in counted
        } == counted
        assert last == str(counted["poll"])
        again = recorder.record()
        assert {
            kind: operations.count(kind=kind) for kind in counted
        } == counted
        assert (
            again == counted["delivery"] + counted["outcome"] + counted["feed"]
        )


@pytest.mark.external_service
def test_months_that_are_too_old_go_and_feeds_stay(
    operations: Operations,
) -> None:
    index = OperationsIndex(
        operations.client, operations.alias.removesuffix("-operations")
    )
    moments = [
        datetime(2024, 1, 31, tzinfo=UTC),
        datetime(2025, 3, 1, tzinfo=UTC),
    ]
    index.put(
        [
            OperationRecord(f"poll-{number}", "poll", at, outcome="new")
            for number, at in enumerate(moments)
        ]
    )
    index.put([OperationRecord("feed-a", "feed", moments[0], feed_id="a")])
    index.put([])
    assert index.prune(datetime(2025, 2, 28, tzinfo=UTC)) == (
        f"{operations.alias}-2024-01",
    )
    assert (operations.count(kind="poll"), operations.count(kind="feed")) == (
        1,
        1,
    )
    index.put([OperationRecord("poll-0", "poll", moments[0], outcome="new")])
    assert operations.count(kind="poll") == 2


def test_an_index_that_is_away_holds_nothing_up(filled: World) -> None:
    client = connect(Access(("http://127.0.0.1:1",)))
    with filled.life() as life:
        life.one_pass()
        recorder = Recorder(
            database=life.database,
            index=lambda: OperationsIndex(client, "m"),
            clock=filled.clock,
        )
        assert recorder.record() == 0
        with life.database.read() as connection:
            assert get_fact(connection, "operations_polls") is None
    client.close()


@pytest.mark.external_service
def test_a_running_daemon_notices_another_engine(
    filled: World, operations: Operations, elasticsearch: ElasticServer
) -> None:
    named = {
        "elasticsearch_urls": (elasticsearch.url,),
        "elasticsearch_index": operations.alias.removesuffix("-operations"),
    }
    world = changed(filled, settings_changed=named)
    with world.life() as life:
        life.one_pass()
        index = open_operations(world.settings, life.database)
        assert index is not None
        recorder = Recorder(
            database=life.database, index=index, clock=world.clock
        )
        written = []
        for engine in ("embedded", "elasticsearch", "embedded"):
            with life.database.write() as connection:
                choose_engine(connection, engine, now=world.clock.now())
            written.append(recorder.record())
        index.close()
    assert written[0] == written[2] == 0
    assert written[1] > 0
    assert operations.count(kind="poll") == 1


@pytest.mark.slow
def test_a_feeds_record_sets_the_day_beside_the_usual(
    filled: World, site: Site
) -> None:
    with filled.life() as life:
        life.one_pass()
        for day in range(1, 6):
            items = [
                Item(f"tag{day}-{number}", f"Nachricht {day} {number}")
                for number in range(3)
            ]
            for item in items:
                site.put(f"/{item.key}", page(item.title))
            site.put(
                "/rss",
                Answer(
                    rss(site.url("/"), *items).encode(),
                    content_type="application/rss+xml",
                ),
            )
            life.one_pass(after=timedelta(days=1))
        with life.database.read() as connection:
            (record,) = operations_records.feeds_now(
                connection, now=filled.clock.now() + timedelta(minutes=1)
            )
    assert (record.feed_id, record.articles_day, record.articles_usual) == (
        "zeitung",
        3,
        3.0,
    )
    assert record.age_hours is not None
    assert 0 <= record.age_hours < 1
