"""A few made-up German articles, and what searches over them should find."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.index.document import to_document
from monitor.types.match import MatchText
from monitor.types.output import Document
from monitor.types.state import Article, TopicHits

DATA = Path(__file__).parent.parent / "data" / "index"
START = datetime(2025, 3, 1, 9, 30, 0, 250_000, tzinfo=UTC)

BLANK = Article(
    id=0,
    url="https://zeitung.example/0",
    doc_id="doc-0",
    feed_id="blatt",
    outlet="Blatt",
    title="",
    lead="",
    text="",
    first_seen_at=START,
    published_at=START,
    published_source="feed",
)


def article(number: int, **changes: Any) -> Article:
    """An article that differs from a blank one by its number and `changes`."""
    return replace(
        BLANK, id=number, doc_id=f"doc-{number}", url=f"https://zeitung.example/{number}", **changes
    )


def document(number: int, **changes: Any) -> Document:
    """The same as a document."""
    return to_document(article(number, **changes))


def articles() -> list[Article]:
    """The corpus of tests/data/index/articles.json; article n is published on day n."""
    return [
        _read(dict(fields)) for fields in json.loads((DATA / "articles.json").read_text("utf-8"))
    ]


def searches(name: str = "searches.json") -> list[tuple[str, str, list[int]]]:
    """(what it shows, query, numbers of the articles in the order expected)."""
    return [(case[0], case[1], case[2]) for case in json.loads((DATA / name).read_text("utf-8"))]


def match_text(each: Article) -> MatchText:
    """What flow gives to the matcher."""
    return MatchText(
        each.own_title,
        each.lead,
        each.text,
        (*each.feeds, each.outlet),
        each.language,
        each.country,
        tuple(value for value in (each.section, *each.categories) if value),
        each.authors,
        each.url,
        each.feed_title,
        each.feed_text,
    )


def _read(fields: dict[str, Any]) -> Article:
    when = START + timedelta(days=fields.pop("day"))
    if fields.pop("summary_only", False):
        fields["kind"] = "summary"
    fields["topics"] = tuple(
        TopicHits(topic, topic.title(), 2, 1) for topic in fields.get("topics", ())
    )
    fields["feeds"] = tuple(fields["feeds"])
    return article(fields.pop("id"), **fields, published_at=when, first_seen_at=when)
