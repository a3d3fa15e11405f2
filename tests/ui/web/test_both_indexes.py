"""The pages on both indexes: the same articles give the same pages, word for
word.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from monitor.extract.pool import ExtractPool
from monitor.flow.requests.watched_catalog import WatchedCatalog
from monitor.index.document import to_document
from monitor.index.elastic.connection import Access
from monitor.index.elastic.engine import ElasticIndex
from monitor.match.topics import match_query
from monitor.store.reading.article_views import articles_since
from monitor.ui.web.server import serving
from monitor.ui.web.web_kit import WebKit
from tests.flow.world import World
from tests.services.elasticsearch import shared_server
from tests.ui.web.newsroom import (
    LOOPBACK,
    Newsroom,
    application,
    filled_newsroom,
)
from tests.ui.web.pages.test_article import LONG

pytestmark = [
    pytest.mark.slow,
    pytest.mark.external_service,
    pytest.mark.usefixtures("elasticsearch"),  # kept for the whole run
]
EVER = datetime.min.replace(tzinfo=UTC)
TITLE = "Haushalt: Löhne verschiebt den Neubau"
QUERIES = (
    "",
    "q=haushalt",
    "q=Haushalt+L%C3%B6hne",
    "q=%22der+Rat%22",
    "q=haushalt*+-cuxhaven",
    "q=haushalt+OR+sturmflut",
    "q=quastenflosser",
    "q=f%C3%A4hren&sort=relevance",
    "sort=oldest",
    "copies=1",
    "copies=1&limit=2",
    "limit=2",
    "sort=oldest&limit=3",
    "topic=haushalt",
    "topic=haushalt&topic=stadt-loehne&copies=1",
    "outlet=Weserbote",
    "region=owl&span=24h",
    "span=7d",
    "since=2025-06-01&until=2025-06-01",
    "language=de",
    "kind=article",
    "exact=1&q=Haushalt*+AND+NOT+Cuxhaven",
    "exact=1&q=title:Haushalt*",
    "exact=1&q=Rat+NEAR/5+L%C3%B6hne",
    "exact=1&q=*haushalt",
    "exact=1&q=Haushalt+AND+(",
    "outlet=Werserbote",
)
OTHERS = (
    "/",
    "/themen",
    "/themen/haushalt",
    "/themen/stadt-loehne?beside=haushalt",
)


@pytest.fixture(scope="module")
def embedded(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    with filled_newsroom(
        World(tmp_path_factory.mktemp("both"), pool.extract)
    ) as room:
        text = f"Der Haushalt der Stadt Löhne reicht nicht. {LONG}"
        room.add("weserbote", TITLE, text, hours_ago=6)
        room.add(
            "tageblatt", TITLE, f"{text} Die Kämmerin schweigt.", hours_ago=5
        )
        room.read()
        yield room


@pytest.fixture(scope="module")
def elastic(embedded: Newsroom) -> Iterator[Newsroom]:
    """Another page over the same database, whose articles are in
    Elasticsearch, too.
    """
    life, alias = embedded.life, f"t{secrets.token_hex(4)}"
    with life.database.read() as connection:
        articles = articles_since(
            connection, since=EVER, after_id=0, limit=1000
        )
    with shared_server("9.2.0") as server:
        access = Access((server.url,))
        index = ElasticIndex(
            access, alias, writer=True, verify=match_query, refresh="true"
        )
        index.prepare()
        put = index.put([to_document(article) for article in articles])
        assert [each.error for each in put if each.error] == []
        kit = WebKit(
            database=life.database,
            index=index,
            clock=life.world.clock,
            timezone="Europe/Berlin",
            language="de",
            catalog=WatchedCatalog(life.world.settings.feeds_file),
        )
        with serving(application(kit), LOOPBACK) as (_, port):
            yield Newsroom(life, port)
        index.close()
        server.drop(alias)


def page(room: Newsroom, path: str) -> str:
    """The page without what is new in each answer."""
    text = room.get(path).text
    return re.sub(r'name="csrf" value="[^"]*"', "", text)


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_is_the_same_page(
    embedded: Newsroom, elastic: Newsroom, query: str
) -> None:
    shown = page(embedded, f"/suche?{query}")
    assert page(elastic, f"/suche?{query}") == shown
    assert 'name="q"' in shown


@pytest.mark.parametrize("kind", ["csv", "json", "atom"])
@pytest.mark.parametrize("query", QUERIES[:12])
def test_files_are_the_same(
    embedded: Newsroom, elastic: Newsroom, kind: str, query: str
) -> None:
    shown = embedded.get(f"/suche.{kind}?{query}")
    assert elastic.get(f"/suche.{kind}?{query}").text == shown.text
    assert shown.status == 200


@pytest.mark.parametrize("path", OTHERS)
def test_other_pages_are_the_same(
    embedded: Newsroom, elastic: Newsroom, path: str
) -> None:
    assert page(elastic, path) == page(embedded, path)


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
@pytest.mark.parametrize("copies", ["", "&copies=1"])
def test_paging_is_the_same(
    embedded: Newsroom, elastic: Newsroom, sort: str, copies: str
) -> None:
    lists = []
    for room in (embedded, elastic):
        seen, after = [], ""
        while True:
            asked = f"q=haushalt+OR+rat+OR+kreis&limit=2&sort={sort}{copies}&after={after}"
            answer = room.get(f"/api/v1/search?{asked}").json()
            seen += [article["title"] for article in answer["articles"]]
            after = answer["next"]
            if not after:
                break
        lists.append(seen)
    assert sorted(lists[0]) == sorted(lists[1])
    assert len(lists[0]) >= 4
    if sort != "relevance":  # engines weigh words in their own ways
        assert lists[0] == lists[1]
