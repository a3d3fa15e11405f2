"""The public mapping: which fields a searchable article has, for the embedded
index and for Elasticsearch alike.

Dashboards and scripts read these names, so a name or a kind only changes
together with the format of the indices that hold it. Knows articles; knows no
engine and reads no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.types.article import Article
from monitor.types.output import Document

Kind = Literal[
    "keyword",
    "text",
    "date",
    "integer",
    "float",
    "boolean",
    "stored",
    "topic_hits",
]
"""keyword: compared as a whole; text: words; stored: shown, never searched;
topic_hits: one record per topic.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the mapping.

    `many`: the value is a tuple. Fields without a value are left out of a
    document.
    """

    name: str
    kind: Kind
    many: bool = False


FIELDS = (
    Field("doc_id", "keyword"),
    Field("article_id", "integer"),
    Field("version", "integer"),
    Field("url", "keyword"),
    Field("canonical_url", "keyword"),
    Field("image_url", "stored"),
    Field("feed_id", "keyword"),
    Field("feeds", "keyword", many=True),
    Field("outlet", "keyword"),
    Field("agency", "keyword"),
    Field("cites", "keyword", many=True),
    Field("region", "keyword"),
    Field("country", "keyword"),
    Field("priority", "integer"),
    Field("language", "keyword"),
    Field("authors", "keyword", many=True),
    Field("section", "keyword"),
    Field("categories", "keyword", many=True),
    Field("title", "text"),
    Field("page_title", "text"),  # where `title` is the feed's newer one
    Field("feed_title", "text"),  # what feeds say beyond the page's title
    Field("lead", "text"),
    Field("text", "text"),
    Field("feed_text", "text"),  # what feeds say beyond lead and text
    Field("published_at", "date"),
    Field("published_source", "keyword"),
    Field("published_reason", "stored"),
    Field("page_date", "date"),
    Field("modified_at", "date"),
    Field("modified_source", "keyword"),
    Field("first_seen_at", "date"),
    Field("indexed_at", "date"),
    Field("topics", "keyword", many=True),  # topic ids
    Field("topic_names", "keyword", many=True),  # in the order of `topics`
    # ids of the topics that hit in the title
    Field("title_topics", "keyword", many=True),
    Field("topic_hits", "topic_hits", many=True),
    Field("story_id", "integer"),
    Field("copies", "integer"),
    Field("word_count", "integer"),
    Field("quality", "float"),
    Field("kind", "keyword"),
    Field("summary_only", "boolean"),
    Field("note", "stored"),
    Field("license", "boolean"),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)
_RARE = ("page_title", "feed_title", "feed_text")


def monthly_index(first_seen_at: datetime) -> str:
    """The index an article first seen then belongs to.

    It never moves, so a repeat meets the same document.
    """
    return f"articles-{first_seen_at:%Y-%m}"


def to_document(
    article: Article,
    *,
    index_name: str | None = None,
    indexed_at: datetime | None = None,
) -> Document:
    """One article as the index holds it.

    `index_name` defaults to the article's own, else to its month's.
    """
    values = article.facts() | {
        "summary_only": article.content.summary_only,
        "article_id": article.id,
        "indexed_at": indexed_at,
        "topics": tuple(topic.topic_id for topic in article.topics),
        "topic_names": tuple(topic.topic for topic in article.topics),
        "title_topics": tuple(
            topic.topic_id for topic in article.topics if topic.title_hits
        ),
        "topic_hits": article.topics,
    }
    return Document(
        doc_id=article.doc_id,
        index_name=index_name
        or article.state.index_name
        or monthly_index(article.provenance.first_seen_at),
        fields=tuple(
            (name, values[name])
            for name in FIELD_NAMES
            if _is_told(name, values[name])
        ),
    )


def _is_told(name: str, value: object) -> bool:
    return value not in (None, ()) and not (name in _RARE and value == "")
