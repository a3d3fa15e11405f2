"""A few made-up German articles, and what searches over them should find."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.index.document import to_document
from monitor.types.article import Article, TopicHits
from monitor.types.match import MatchText
from monitor.types.output import Document
from tests.articles import make_article

DATA = Path(__file__).parent.parent / "data" / "index"
START = datetime(2025, 3, 1, 9, 30, 0, 250_000, tzinfo=UTC)


def article(number: int, **changes: Any) -> Article:
    """An article that differs from a blank one by its number and `changes`."""
    return make_article(number, at=START, **changes)


def document(number: int, **changes: Any) -> Document:
    """The same as a document."""
    return to_document(article(number, **changes))


def articles() -> list[Article]:
    """The corpus of tests/data/index/articles.json; article n is published on
    day n.
    """
    return [
        _read(dict(fields))
        for fields in json.loads((DATA / "articles.json").read_text("utf-8"))
    ]


def searches(name: str = "searches.json") -> list[tuple[str, str, list[int]]]:
    """(what it shows, query, numbers of the articles in the order expected)."""
    return [
        (case[0], case[1], case[2])
        for case in json.loads((DATA / name).read_text("utf-8"))
    ]


def match_text(each: Article) -> MatchText:
    """What flow gives to the matcher."""
    return MatchText(
        each.content.own_title,
        each.content.lead,
        each.content.text,
        (*each.provenance.feeds, each.provenance.outlet),
        each.content.language,
        each.provenance.country,
        tuple(
            value
            for value in (each.content.section, *each.content.categories)
            if value
        ),
        each.content.authors,
        each.url,
        each.content.feed_title,
        each.content.feed_text,
    )


def _read(fields: dict[str, Any]) -> Article:
    when = START + timedelta(days=fields.pop("day"))
    if fields.pop("summary_only", False):
        fields["kind"] = "summary"
    fields["topics"] = tuple(
        TopicHits(topic, topic.title(), 2, 1)
        for topic in fields.get("topics", ())
    )
    fields["feeds"] = tuple(fields["feeds"])
    return article(
        fields.pop("id"), **fields, published_at=when, first_seen_at=when
    )
