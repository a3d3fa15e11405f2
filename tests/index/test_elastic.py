"""Elasticsearch as the index: what goes wrong is named, nothing is lost, and
an upgrade needs no hand.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from monitor.errors import IndexingError
from monitor.index.document import FIELD_NAMES
from monitor.index.elastic.builds import IndexBuilds
from monitor.index.elastic.connection import Access
from monitor.index.elastic.engine import ElasticIndex
from monitor.index.elastic.mapping import FORMAT, build_mapping, build_settings
from monitor.match.topics import match_query
from monitor.types.output import Document, PutResult, SearchRequest
from tests.index.corpus import START, document
from tests.services import free_port, wait_until
from tests.services.elasticsearch import ElasticServer
from tests.services.faults import FaultyWay, faulty_way

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
ROLE = Path(__file__).parents[2] / "deploy" / "elasticsearch" / "role.json"
OpenAt = Callable[..., ElasticIndex]


@pytest.fixture
def alias(elasticsearch: ElasticServer) -> Iterator[str]:
    """A name that only this test uses."""
    name = f"t{secrets.token_hex(4)}"
    yield name
    elasticsearch.drop(name)


@pytest.fixture
def open_at(alias: str) -> Iterator[OpenAt]:
    """Indices at an address, closed after the test. They never wait for real."""
    with ExitStack() as stack:

        def opened(*urls: str, **options: Any) -> ElasticIndex:
            access = Access(urls, **options)
            index = ElasticIndex(
                access,
                alias,
                writer=True,
                verify=match_query,
                refresh="true",
                wait=lambda seconds: None,
            )
            stack.callback(index.close)
            return index

        yield opened


@pytest.fixture
def index(open_at: OpenAt, elasticsearch: ElasticServer) -> ElasticIndex:
    index = open_at(elasticsearch.url)
    index.prepare()
    return index


@pytest.fixture
def way(elasticsearch: ElasticServer) -> Iterator[FaultyWay]:
    with faulty_way(elasticsearch.url) as way:
        yield way


def errors(results: Sequence[PutResult]) -> list[str]:
    return [result.error for result in results]


def found(index: ElasticIndex, query: str = "") -> list[int]:
    return sorted(
        hit.article_id
        for hit in index.search(SearchRequest(query, limit=100)).hits
    )


def test_every_public_field_is_mapped() -> None:
    assert set(build_mapping()["properties"]) == {*FIELD_NAMES, "search"}


def test_a_field_that_nobody_knows_is_refused_alone(
    index: ElasticIndex,
) -> None:
    good = document(1)
    odd = Document(
        "doc-2", good.index_name, (*document(2).fields, ("mood", "blue"))
    )
    results = index.put([good, odd])
    assert results[0].error == ""
    assert "mood" in results[1].error
    assert not results[1].retry


def test_months_are_indices_of_their_own(
    index: ElasticIndex, elasticsearch: ElasticServer, alias: str
) -> None:
    months = [START.replace(month=month) for month in (3, 4, 5)]
    assert not any(
        errors(
            index.put(
                [
                    document(n, first_seen_at=when)
                    for n, when in enumerate(months)
                ]
            )
        )
    )
    indices = elasticsearch.call("GET", f"/_alias/{alias}")
    assert sorted(name[-7:] for name in indices if "articles" in name) == [
        f"2025-0{n}" for n in (3, 4, 5)
    ]
    assert index.prune(datetime(2025, 5, 20, tzinfo=UTC)) == 2
    assert found(index) == [2]


def test_a_full_disk_is_named_and_nothing_is_counted_as_written(
    index: ElasticIndex, elasticsearch: ElasticServer, alias: str
) -> None:
    index.put([document(1)])
    block = "index.blocks.read_only_allow_delete"
    elasticsearch.call("PUT", f"/{alias}/_settings", {block: True})
    with pytest.raises(IndexingError, match="read-only") as raised:
        index.put([document(2)])
    assert "disk" in str(raised.value.hint)
    assert found(index) == [1]
    elasticsearch.call("PUT", f"/{alias}/_settings", {block: None})
    assert errors(index.put([document(2)])) == [""]
    assert found(index) == [1, 2]


NO_ROOM = json.dumps(
    {
        "error": {"type": "es_rejected_execution_exception", "reason": "full"},
        "status": 429,
    }
).encode()


def test_a_server_without_room_is_waited_for(
    open_at: OpenAt, way: FaultyWay
) -> None:
    index = open_at(way.url)
    index.prepare()
    way.answer("/_bulk", 429, NO_ROOM, times=3)
    assert errors(index.put([document(1)])) == [""]
    assert len([path for path in way.seen if "_bulk" in path]) == 4
    way.answer("/_bulk", 429, NO_ROOM, times=100)
    (result,) = index.put([document(2)])
    assert result.retry
    assert "rejected" in result.error
    with pytest.raises(IndexingError, match="overloaded"):
        index.put([document(3), document(4)])


def test_one_item_without_room_is_tried_again_alone(
    open_at: OpenAt, way: FaultyWay
) -> None:
    index = open_at(way.url)
    index.prepare()
    full = {
        "status": 429,
        "error": {
            "type": "es_rejected_execution_exception",
            "reason": "queue",
        },
    }
    way.answer(
        "/_bulk",
        200,
        json.dumps(
            {"items": [{"index": {"status": 201}}, {"index": full}]}
        ).encode(),
    )
    assert errors(index.put([document(1), document(2)])) == ["", ""]
    assert found(index) == [2], "the first one was only said to be written"


def test_away_and_back(open_at: OpenAt, way: FaultyWay) -> None:
    index = open_at(way.url)
    index.prepare()
    index.put([document(1)])
    way.away()
    for action in (
        lambda: index.put([document(2)]),
        lambda: index.search(SearchRequest("")),
        index.prepare,
    ):
        with pytest.raises(IndexingError, match="cannot be reached"):
            action()
    way.away(False)
    assert errors(index.put([document(2)])) == [""]
    assert found(index) == [1, 2]


def test_one_node_of_two_is_lost(
    open_at: OpenAt, elasticsearch: ElasticServer
) -> None:
    index = open_at(f"http://127.0.0.1:{free_port()}", elasticsearch.url)
    index.prepare()
    for number in range(6):
        assert errors(index.put([document(number)])) == [""]
    assert found(index) == list(range(6))


@pytest.mark.parametrize(
    ("status", "body", "headers", "told"),
    [
        (
            200,
            b'{"nodes":{"a":{"version":"7.17.9"}}}',
            None,
            "7.17.9 is the wrong version",
        ),
        (
            200,
            b'{"nodes":{"a":{"version":"8.18.2"}}}',
            None,
            "8.18.2 is the wrong version",
        ),
        (
            200,
            b'{"nodes":{"a":{"version":"10.0.0"}}}',
            None,
            "10.0.0 is the wrong version",
        ),
        (
            200,
            b'{"nodes":{"a":{"version":"2.19"}}}',
            {"Content-Type": "application/json"},
            "no Elasticsearch",
        ),
        (
            406,
            b'{"error":{"type":"media_type_header_exception","reason":"x"}}',
            None,
            "the version is wrong",
        ),
        (
            401,
            b'{"error":{"type":"security_exception","reason":"unable to authenticate"}}',
            None,
            "is not accepted",
        ),
        (
            403,
            b'{"error":{"type":"security_exception","reason":"not authorized"}}',
            None,
            "a right is missing",
        ),
        (503, b"{}", None, "answered 503"),
    ],
)
def test_what_answers_is_not_what_we_need(
    open_at: OpenAt,
    way: FaultyWay,
    status: int,
    body: bytes,
    headers: dict[str, str] | None,
    told: str,
) -> None:
    way.answer("/_nodes", status, body, times=9, headers=headers)
    with pytest.raises(IndexingError, match=told) as raised:
        open_at(way.url).prepare()
    assert raised.value.hint or status == 503


def test_an_index_has_our_name(
    index: ElasticIndex, elasticsearch: ElasticServer, alias: str
) -> None:
    other = f"{alias}x"
    elasticsearch.call("PUT", f"/{other}")
    taken = ElasticIndex(Access((elasticsearch.url,)), other, writer=True)
    with pytest.raises(IndexingError, match="has the name of our alias"):
        taken.prepare()
    taken.close()


def test_a_removed_month_comes_back_with_its_alias(
    index: ElasticIndex, elasticsearch: ElasticServer, alias: str
) -> None:
    index.put([document(1)])
    elasticsearch.call(
        "DELETE", f"/{alias}-{index.build_name}-articles-2025-03"
    )
    assert errors(index.put([document(2)])) == [""]
    assert found(index) == [2]


def test_a_removed_index_is_another_life(
    index: ElasticIndex, elasticsearch: ElasticServer, alias: str
) -> None:
    before = index.build_name
    index.put([document(1)])
    elasticsearch.call("DELETE", f"/{alias}-f*")
    assert index.build_name == ""
    with pytest.raises(IndexingError, match="no search index"):
        index.put([document(2)])
    index.prepare()
    assert index.build_name not in ("", before)
    assert index.count() == 0


def test_a_new_life_grows_beside_the_old_one(
    index: ElasticIndex, elasticsearch: ElasticServer, alias: str
) -> None:
    index.put([document(n, title=f"alt {n}") for n in range(4)])
    before = index.build_name
    index.rebuild()
    building = index.building
    index.rebuild()
    assert (index.build_name, index.building) == (before, building)
    assert errors(index.put([document(1, title="neu 1")])) == [""]
    assert (
        errors(index.fill([document(n, title=f"alt {n}") for n in range(4)]))
        == [""] * 4
    )
    assert found(index) == [0, 1, 2, 3]
    assert found(index, "neu") == [1], "what people search has changes at once"
    index.finish()
    index.finish()
    assert (index.build_name, index.building) == (building, "")
    assert (found(index, "neu"), found(index, "alt")) == ([1], [0, 2, 3])
    assert not [
        name
        for name in elasticsearch.call("GET", f"/{alias}*")
        if before in name
    ]


def of_outlet(index: ElasticIndex, outlet: str) -> list[int]:
    return sorted(
        hit.article_id
        for hit in index.search(SearchRequest("", outlets=(outlet,))).hits
    )


def old_installation(server: ElasticServer, alias: str) -> str:
    """What an older version of ours, which knew fewer fields, left behind;
    returns its index.
    """
    old = f"{alias}-f0-0123abcd-articles-2025-03"
    known = (
        "doc_id",
        "article_id",
        "title",
        "url",
        "outlet",
        "feed_id",
        "published_at",
        "first_seen_at",
    )
    mapping = {
        "dynamic": "strict",
        "properties": {
            name: build_mapping()["properties"][name] for name in known
        },
    }
    mapping["properties"] |= {
        "title": {"type": "text"},
        "outlet": {"type": "keyword"},
    }
    server.call(
        "PUT",
        f"/_component_template/{alias}@package",
        {"version": 0, "template": {"mappings": mapping}},
    )
    template = {
        "index_patterns": [f"{alias}-f*-*"],
        "composed_of": [f"{alias}@package"],
        "priority": 500,
    }
    server.call("PUT", f"/_index_template/{alias}", template)
    server.call("PUT", f"/{old}", {"aliases": {alias: {}}})
    fields = {
        name: value
        for name, value in document(1, title="Altes Haus").fields
        if name in known
    }
    server.call(
        "PUT",
        f"/{old}/_doc/doc-1?refresh=true",
        json.loads(json.dumps(fields, default=datetime.isoformat)),
    )
    return old


def test_an_older_version_of_ours_is_upgraded_by_itself(
    open_at: OpenAt, elasticsearch: ElasticServer, alias: str
) -> None:
    old = old_installation(elasticsearch, alias)
    index = open_at(elasticsearch.url)
    index.prepare()
    index.prepare()
    assert (index.build_name, index.building[:3]) == (
        "f0-0123abcd",
        f"f{FORMAT}-",
    )
    assert errors(index.put([document(2, title="Neues Haus")])) == [""]
    assert found(index) == [1, 2], (
        "the old index serves, and gets the news as far as it can"
    )
    assert of_outlet(index, "Blatt") == [1, 2], (
        "its names have no whole values beside them"
    )
    assert of_outlet(index, "blatt") == []
    assert errors(
        index.fill(
            [document(1, title="Altes Haus"), document(2, title="Neues Haus")]
        )
    ) == ["", ""]
    index.finish()
    assert found(index, "häuser") == [1, 2]
    assert of_outlet(index, "Blatt") == [1, 2]
    assert of_outlet(index, "blatt") == []
    assert old not in elasticsearch.call("GET", f"/{alias}*")


def test_a_newer_version_of_ours_is_left_alone(
    open_at: OpenAt, elasticsearch: ElasticServer, alias: str
) -> None:
    body = {"version": FORMAT + 1, "template": {}}
    elasticsearch.call("PUT", f"/_component_template/{alias}@package", body)
    with pytest.raises(IndexingError, match="newer version"):
        open_at(elasticsearch.url).prepare()


def test_settings_of_the_operator_win(
    open_at: OpenAt, elasticsearch: ElasticServer, alias: str
) -> None:
    body = {"template": {"settings": {"index.refresh_interval": "7s"}}}
    elasticsearch.call("PUT", f"/_component_template/{alias}@custom", body)
    index = open_at(elasticsearch.url)
    index.prepare()
    index.put([document(1)])
    told = elasticsearch.call("GET", f"/{alias}/_settings")
    assert {
        each["settings"]["index"]["refresh_interval"] for each in told.values()
    } == {"7s"}


def test_german_for_people_with_kibana(
    index: ElasticIndex, elasticsearch: ElasticServer, alias: str
) -> None:
    index.put(
        [
            document(1, title="Die Häuser der Bürgermeisterin"),
            document(2, text="Ein Bürgermeister, ein Haus."),
        ]
    )

    def hits(**query: str) -> int:
        answer = elasticsearch.call(
            "POST", f"/{alias}/_search", {"query": {"match": query}}
        )
        return int(answer["hits"]["total"]["value"])

    assert (
        hits(title="haeuser")
        == hits(title="HAUS")
        == hits(text="Buergermeister")
        == hits(text="häuser")
        == 1
    )
    source = elasticsearch.call("POST", f"/{alias}/_search", {})["hits"][
        "hits"
    ][0]["_source"]
    assert "search" not in source


def test_a_search_of_very_many_articles_reads_them_page_by_page(
    index: ElasticIndex,
) -> None:
    when = START + timedelta(days=1)
    index.put(
        [
            document(
                n, text="Haus und Haus" if n % 2 else "Haus", published_at=when
            )
            for n in range(1300)
        ]
    )
    page = index.search(SearchRequest("ATLEAST/2 Haus", exact=True, limit=1))
    assert page.total == 650


@pytest.mark.parametrize(
    "request_",
    [SearchRequest("Haus"), SearchRequest("", sort="oldest")],
    ids=["ranked", "oldest"],
)
@pytest.mark.parametrize("collapse", [False, True])
def test_a_long_list_is_read_page_by_page_and_is_the_list_of_short_ones(
    index: ElasticIndex, request_: SearchRequest, collapse: bool
) -> None:
    when = START + timedelta(days=1)
    index.put(
        [
            document(
                n,
                text="Haus " * (1 + n % 7),
                story_id=n // 2,
                published_at=when + timedelta(minutes=n % 40),
            )
            for n in range(1300)
        ]
    )
    asked = replace(request_, collapse=collapse, facets=("outlet",))
    long = index.search(replace(asked, offset=10, limit=5000))
    short = [
        index.search(replace(asked, offset=offset, limit=400)).hits
        for offset in range(10, 1300, 400)
    ]
    assert [hit.article_id for hit in long.hits] == [
        hit.article_id for hits in short for hit in hits
    ]
    assert len(long.hits) == (640 if collapse else 1290)
    assert (long.total, long.facets) == (
        1300,
        (("outlet", (("Blatt", 1300),)),),
    )
    exactly = index.search(replace(asked, limit=520))
    assert len(exactly.hits) == 520


@pytest.fixture
def account(
    secure_elasticsearch: ElasticServer,
) -> Iterator[tuple[str, str, str]]:
    """An API key with nothing but our role, its id, and an alias of its own
    that the role covers.
    """
    alias = f"monitor-{secrets.token_hex(4)}"
    role = json.loads(ROLE.read_text())
    body = {"name": alias, "role_descriptors": {"monitor": role}}
    key = secure_elasticsearch.call("POST", "/_security/api_key", body)
    yield key["encoded"], key["id"], alias
    secure_elasticsearch.drop(alias)


def test_the_least_rights_are_enough(
    secure_elasticsearch: ElasticServer, account: tuple[str, str, str]
) -> None:
    key, _, alias = account
    access = Access(
        (secure_elasticsearch.url,),
        ca_file=secure_elasticsearch.ca_file,
        api_key=key,
    )
    index = ElasticIndex(
        access, alias, writer=True, verify=match_query, refresh="true"
    )
    index.prepare()
    assert errors(
        index.put([document(1, title="Haus an Haus"), document(2)])
    ) == ["", ""]
    assert (
        index.search(
            SearchRequest(
                "ATLEAST/2 Haus", exact=True, facets=("outlet",), collapse=True
            )
        ).total
        == 1
    )
    index.rebuild()
    assert errors(index.fill([document(1), document(2)])) == ["", ""]
    index.finish()
    index.delete(["doc-1"])
    assert index.count() == 1
    assert index.prune(START + timedelta(days=60)) == 1
    index.close()


def test_expired_credentials_are_named(
    secure_elasticsearch: ElasticServer, account: tuple[str, str, str]
) -> None:
    key, key_id, alias = account
    access = Access(
        (secure_elasticsearch.url,),
        ca_file=secure_elasticsearch.ca_file,
        api_key=key,
    )
    index = ElasticIndex(access, alias, writer=True, refresh="true")
    index.prepare()
    secure_elasticsearch.call(
        "DELETE", "/_security/api_key", {"ids": [key_id]}
    )
    with pytest.raises(IndexingError, match="has expired") as raised:
        index.put([document(1)])
    assert key not in f"{raised.value} {raised.value.hint} {access}"
    index.close()


def test_a_missing_right_is_named(secure_elasticsearch: ElasticServer) -> None:
    role = {
        "cluster": ["monitor"],
        "indices": [{"names": ["monitor*"], "privileges": ["read"]}],
    }
    body = {"name": "reader", "role_descriptors": {"reader": role}}
    key = secure_elasticsearch.call("POST", "/_security/api_key", body)[
        "encoded"
    ]
    access = Access(
        (secure_elasticsearch.url,),
        ca_file=secure_elasticsearch.ca_file,
        api_key=key,
    )
    index = ElasticIndex(access, "monitor-x", writer=True)
    with pytest.raises(IndexingError, match="a right is missing") as raised:
        index.prepare()
    assert "role.json" in str(raised.value.hint)
    index.close()


@pytest.mark.parametrize(
    "trust", ["nobody", "fingerprint", "wrong fingerprint", "wrong password"]
)
def test_certificate_and_password(
    secure_elasticsearch: ElasticServer, tmp_path: Path, trust: str
) -> None:
    server = secure_elasticsearch
    port = int(server.url.rpartition(":")[2])
    own = hashlib.sha256(
        ssl.PEM_cert_to_DER_cert(
            ssl.get_server_certificate(("127.0.0.1", port))
        )
    ).hexdigest()
    options: dict[str, Any] = {
        "nobody": {},
        "fingerprint": {"fingerprint": own},
        "wrong fingerprint": {"fingerprint": "0" * 64},
        "wrong password": {"ca_file": server.ca_file, "password": "wrong"},
    }[trust]
    access = Access(
        (server.url,),
        user=server.user,
        **({"password": server.password} | options),
    )
    index = ElasticIndex(access, "monitor-y", writer=True)
    try:
        if trust == "fingerprint":
            assert index.build_name == ""
            return
        with pytest.raises(
            IndexingError,
            match="certificate" if "password" not in trust else "password",
        ) as raised:
            index.prepare()
        assert raised.value.hint
        assert server.password not in str(raised.value)
    finally:
        index.close()


def test_a_changed_mapping_has_a_new_format() -> None:
    """Indices of the same format must hold the same documents: raise FORMAT,
    then put the new print here.
    """
    described = json.dumps([build_mapping(), build_settings()], sort_keys=True)
    assert (FORMAT, hashlib.sha256(described.encode()).hexdigest()[:16]) == (
        5,
        "d7cddfbd733ace8c",
    )


class LookedAt:
    """The indices of a server where something happens after the first look."""

    def __init__(self, indices: Any, then: Callable[[], object]) -> None:
        self._indices, self._then = indices, then
        self.indices = self

    def get_alias(self, **asked: Any) -> Any:
        try:
            return self._indices.get_alias(**asked)
        finally:
            then, self._then = self._then, list
            then()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._indices, name)


def test_a_month_that_begins_while_another_daemon_starts_is_kept(
    index: ElasticIndex, alias: str, elasticsearch: ElasticServer
) -> None:
    """That daemon was stopped between two looks, and deleted what it had not
    seen at the first.
    """
    documents, told = [document(1)], list[PutResult]()
    with Elasticsearch(elasticsearch.url) as client:
        looked_at: Any = LookedAt(
            client.indices, lambda: told.extend(index.put(documents))
        )
        IndexBuilds(looked_at, alias).settle()
    assert errors(told) == [""]
    assert index.count() == 1


def test_a_month_that_begins_while_its_build_begins_to_serve_serves_too(
    index: ElasticIndex, alias: str, elasticsearch: ElasticServer
) -> None:
    """Another daemon writes between the look and the swap, into both builds."""
    index.rebuild()
    building, told = index.building, list[PutResult]()
    with Elasticsearch(elasticsearch.url) as client:
        looked_at: Any = LookedAt(
            client.indices, lambda: told.extend(index.put([document(1)]))
        )
        IndexBuilds(looked_at, alias).swap()
    index.prepare()
    assert errors(told) == [""]
    assert (index.build_name, index.building) == (building, "")
    assert (index.count(), found(index)) == (1, [1])
    names = elasticsearch.call("GET", f"/{alias}-f*")
    assert all(building in name for name in names)
    assert errors(index.put([document(2)])) == [""]
    assert found(index) == [1, 2]


def test_a_month_is_searched_though_the_builds_were_swapped_before_it_was_made(
    index: ElasticIndex, alias: str, elasticsearch: ElasticServer
) -> None:
    """A daemon stood still between its look and its making of the index."""
    index.rebuild()
    with Elasticsearch(elasticsearch.url) as client:
        looked_at: Any = LookedAt(client.indices, index.finish)
        builds = IndexBuilds(client, alias)
        building = builds.look().building
        assert building is not None
        made = IndexBuilds(looked_at, alias).index_of(
            building, "articles-2025-03"
        )
        assert made in elasticsearch.call("GET", f"/_alias/{alias}")
        assert builds.look().building is None


def test_a_build_that_was_removed_does_not_come_back(
    index: ElasticIndex, alias: str, elasticsearch: ElasticServer
) -> None:
    """A daemon that stood still makes a month of it; the next start clears it
    away.
    """
    with Elasticsearch(elasticsearch.url) as client:
        old = IndexBuilds(client, alias).look().serving
        assert old is not None
        index.rebuild()
        looked_at: Any = LookedAt(client.indices, index.finish)
        with pytest.raises(IndexingError, match="another daemon has removed"):
            IndexBuilds(looked_at, alias).index_of(old, "articles-2025-03")
    new = index.build_name
    assert new not in ("", old.name)
    assert errors(index.put([document(1)])) == [""]
    index.prepare()
    assert (index.build_name, index.building, found(index)) == (new, "", [1])
    assert not [
        name
        for name in elasticsearch.call("GET", f"/{alias}-f*")
        if old.name in name
    ]


def segments(server: ElasticServer, alias: str) -> int:
    """The most that an index has."""
    told = server.call("GET", f"/{alias}/_segments")["indices"].values()
    return max(
        len(copy["segments"])
        for index in told
        for copies in index["shards"].values()
        for copy in copies
    )


def test_what_was_rebuilt_is_merged_to_one_segment(
    index: ElasticIndex, alias: str, elasticsearch: ElasticServer
) -> None:
    index.rebuild()
    for number in range(4):
        index.put([document(number)])
    assert segments(elasticsearch, f"{alias}-building") > 1
    index.finish()
    wait_until(lambda: segments(elasticsearch, alias) == 1)
    assert found(index) == [0, 1, 2, 3]


def test_a_merge_that_is_refused_is_no_trouble_of_the_index(
    open_at: OpenAt, way: FaultyWay
) -> None:
    index = open_at(way.url)
    index.prepare()
    index.rebuild()
    building = index.building
    way.answer(
        "/_forcemerge",
        403,
        json.dumps({"error": "no right", "status": 403}).encode(),
    )
    index.finish()
    assert (index.build_name, index.building) == (building, "")
    assert [path for path in way.seen if "_forcemerge" in path]
