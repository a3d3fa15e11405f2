"""A real Elasticsearch with a made-up newsroom in it, beside the same as plain
values and in SQL.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from monitor.index.document import to_document
from monitor.index.elastic.connection import Access, connect
from monitor.index.elastic.engine import ElasticIndex
from monitor.index.elastic.operations import OperationsIndex
from monitor.types.article import Article
from monitor.types.operations import OperationRecord
from tests.kibana import kql, lens_search
from tests.kibana.counting import count, load
from tests.kibana.newsroom import END, WEEK
from tests.kibana.reading import Panel, data_views, panels
from tests.services.elasticsearch import shared_server, versions

PANELS = panels()
SINCE = END - WEEK
JSON = {"content-type": "application/json", "accept": "application/json"}


@dataclass(frozen=True)
class Archive:
    """The engine with everything in it, and the same as plain values."""

    client: Elasticsearch
    alias: str
    documents: Mapping[str, list[dict[str, Any]]]
    tables: sqlite3.Connection

    def search(self, view: str, body: dict[str, Any]) -> dict[str, Any]:
        index = data_views(self.alias)[view].index
        return dict(
            self.client.options(request_timeout=60).perform_request(
                "POST", f"/{index}/_search", body=body, headers=JSON
            )
        )

    def within(
        self,
        view: str,
        where: str,
        since: datetime = SINCE,
        until: datetime = END,
    ) -> list[dict[str, Any]]:
        time_field = data_views(self.alias)[view].time_field
        tree = kql.parse(where)
        return [
            one
            for one in self.documents[view]
            if kql.holds(tree, one) and since <= one[time_field] < until
        ]


@contextmanager
def archive_of(
    articles: Sequence[Article],
    records: Sequence[OperationRecord],
    custom: Mapping[str, Any] | None = None,
) -> Iterator[Archive]:
    """The indices that a daemon makes, filled with these; `custom`: the
    operator's own template.
    """
    alias = f"k{secrets.token_hex(4)}"
    documents = [to_document(article) for article in articles]
    with shared_server(versions()[0]) as server:
        client = connect(Access((server.url,)))
        index = ElasticIndex(
            Access((server.url,)), alias, writer=True, refresh="true"
        )
        if custom:
            client.cluster.put_component_template(
                name=f"{alias}@custom", **custom
            )
        index.prepare()
        assert not [one for one in index.put(documents) if one.error]
        operations = OperationsIndex(client, alias)
        operations.prepare(END)
        operations.put(records)
        client.indices.refresh(index=f"{alias}*")
        plain = [
            {name: getattr(one, name) for name in one.__slots__}
            for one in records
        ]
        kept = {
            "articles": [dict(one.fields) for one in documents],
            "operations": plain,
        }
        tables = load(
            {
                view.key: (view.time_field, kept[view.key])
                for view in data_views(alias).values()
            }
        )
        yield Archive(client, alias, kept, tables)
        tables.close()
        index.close()
        client.close()
        server.drop(alias)


def shown_by(
    archive: Archive, panel: Panel, since: datetime = SINCE
) -> dict[Any, dict[str, Any]]:
    """The rows of a Lens panel, as Kibana asks for them."""
    return lens_search.run(
        lambda body: archive.search(panel.view, body),
        panel.attributes,
        time_field=data_views(archive.alias)[panel.view].time_field,
        since=since,
        until=since + WEEK,
    )


def counted(archive: Archive, panel: Panel, since: datetime = SINCE) -> Any:
    """The same week in SQL."""
    return count(
        archive.tables,
        panel.columns,
        view=panel.view,
        where=panel.where,
        since=since,
        until=since + WEEK,
    )


def same(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple):  # bounds of a percentile
        return bool(wanted[0] - 0.01 <= got <= wanted[1] + 0.01)
    if isinstance(wanted, datetime):
        return datetime.fromisoformat(got) == wanted
    return (
        bool(got == pytest.approx(wanted, rel=1e-3))
        if isinstance(wanted, int | float)
        else got == wanted
    )


def specification(name: str, index: str) -> dict[str, Any]:
    """A picture over another index."""
    (panel, *others) = (
        one
        for one in PANELS
        if one.kind == "visualization" and one.key == name
    )
    assert all(one.spec == panel.spec for one in others)
    found: dict[str, Any] = panel.spec
    found["data"]["url"]["index"] = index
    return found


def drawn(
    archive: Archive, name: str, *, context: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The buckets that a Vega panel is drawn from, with Kibana's placeholders
    filled as it fills them.
    """
    data = specification(name, archive.alias)["data"]
    body = json.loads(json.dumps(data["url"]["body"]))
    clauses = body["query"]["bool"]
    clauses["must"] = [] if context is None else [context]
    clauses["must_not"] = []
    placeholder, times, own = clauses["filter"]
    assert placeholder == "%dashboard_context-filter_clause%"
    assert times == {"range": {"published_at": {"%timefilter%": True}}}
    first, last = (int(moment.timestamp() * 1000) for moment in (SINCE, END))
    span = {"gte": first, "lte": last - 1, "format": "epoch_millis"}
    clauses["filter"] = [{"range": {"published_at": span}}, own]
    found: Any = archive.search("articles", body)
    for step in data["format"]["property"].split("."):
        found = found[step]
    buckets: list[dict[str, Any]] = found["buckets"]
    return buckets
