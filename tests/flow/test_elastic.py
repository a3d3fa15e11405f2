"""A whole monitor on a real Elasticsearch that fails in every way: alerts go
on, nothing is lost, status says why.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from monitor.flow.upkeep import index_rebuild
from monitor.index.elastic.connection import Access
from monitor.index.elastic.engine import ElasticIndex
from monitor.match.topics import match_query
from tests.flow.world import Item, Life, World, changed, feeds_yaml, page, rss
from tests.services.elasticsearch import ElasticServer
from tests.services.faults import FaultyWay, faulty_way
from tests.services.web import Answer, Site

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
POLL = timedelta(minutes=11)
SOON = timedelta(minutes=1)
ITEMS = [
    Item(f"meldung-{number}", f"Ukraine: Meldung {number}")
    for number in range(6)
]


def listed(site: Site, items: list[Item]) -> None:
    for item in items:
        site.put(f"/{item.key}", page(item.title))
    document = rss(site.url("/"), *reversed(items)).encode()
    site.put("/rss", Answer(document, content_type="application/rss+xml"))


@pytest.fixture
def alias(elasticsearch: ElasticServer) -> Iterator[str]:
    name = f"t{secrets.token_hex(4)}"
    yield name
    elasticsearch.drop(name)


@pytest.fixture
def way(elasticsearch: ElasticServer) -> Iterator[FaultyWay]:
    with faulty_way(elasticsearch.url) as way:
        yield way


@pytest.fixture
def on_elastic(world: World, site: Site, way: FaultyWay, alias: str) -> World:
    """One feed that lists one article; its index is the real server, over a
    way that may fail.
    """
    listed(site, ITEMS[:1])
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}"
        )
    )
    index = ElasticIndex(
        Access((way.url,)),
        alias,
        writer=True,
        verify=match_query,
        refresh="true",
        wait=lambda seconds: None,
    )
    return changed(world, index=index)


def trouble(life: Life) -> str:
    with life.database.read() as connection:
        return index_rebuild.state(connection).trouble


def refuse(status: int, kind: str, reason: str) -> Callable[[FaultyWay], None]:
    body = json.dumps(
        {
            "error": {"root_cause": [{"type": kind, "reason": reason}]},
            "status": status,
        }
    ).encode()
    return lambda way: way.answer("/", status, body, times=1000)


FAULTS = [
    pytest.param(lambda way: way.away(), "cannot be reached", id="away"),
    pytest.param(
        refuse(401, "security_exception", "API key is expired"),
        "has expired",
        id="expired",
    ),
    pytest.param(
        refuse(403, "security_exception", "not authorized"),
        "a right is missing",
        id="right",
    ),
    pytest.param(
        refuse(403, "cluster_block_exception", "FORBIDDEN/12/index read-only"),
        "read-only",
        id="disk",
    ),
    pytest.param(
        refuse(429, "es_rejected_execution_exception", "queue full"),
        "overloaded",
        id="overloaded",
    ),
    pytest.param(
        refuse(503, "no_shard_available", "no primary"),
        "answered 503",
        id="no node",
    ),
]


@pytest.mark.parametrize(("fault", "told"), FAULTS)
def test_alerts_go_on_and_the_backlog_drains(
    on_elastic: World,
    site: Site,
    way: FaultyWay,
    fault: Callable[[FaultyWay], None],
    told: str,
) -> None:
    with on_elastic.life() as life:
        life.one_pass()
        assert life.found("Meldung") == [ITEMS[0].title]
        mails = len(on_elastic.mails())
        fault(way)
        for count in range(2, 6):
            listed(site, ITEMS[:count])
            life.one_pass(after=POLL)
        assert len(on_elastic.mails()) > mails, "alerts go on"
        assert all(article.topics for article in life.articles())
        assert told in trouble(life)
        with life.database.read() as connection:
            state = index_rebuild.state(connection)
        assert state.waiting == 4
        assert state.complete_until is not None
        assert state.complete_until <= on_elastic.clock.now() - 3 * POLL, (
            "the first that waits"
        )
        way.away(False)
        way.answers_end()
        life.one_pass(after=SOON)
        assert life.found("Meldung") == [item.title for item in ITEMS[:5]]
        with life.database.read() as connection:
            state = index_rebuild.state(connection)
        assert (state.waiting, state.complete_until, state.trouble) == (
            0,
            None,
            "",
        )


def test_an_index_that_somebody_removed_is_filled_again(
    on_elastic: World, site: Site, elasticsearch: ElasticServer, alias: str
) -> None:
    with on_elastic.life() as life:
        listed(site, ITEMS[:3])
        life.one_pass()
        elasticsearch.call("DELETE", f"/{alias}-*")
        life.one_pass(after=POLL)
        life.one_pass(after=SOON)
        assert life.found("Meldung") == [item.title for item in ITEMS[:3]]


def test_reindex_while_news_come_in(
    on_elastic: World, site: Site, elasticsearch: ElasticServer, alias: str
) -> None:
    with on_elastic.life() as life:
        listed(site, ITEMS[:3])
        life.one_pass()
        before = life.index.build_name
        with life.database.write() as connection:
            index_rebuild.want_rebuild(connection, now=on_elastic.clock.now())
        listed(site, ITEMS[:5])
        life.one_pass(after=POLL)
        assert life.found("Meldung") == [item.title for item in ITEMS[:5]]
        assert life.index.build_name != before
        assert life.index.building == ""
        assert not [
            name
            for name in elasticsearch.call("GET", f"/{alias}*")
            if before in name
        ]
