"""How an article lies in Elasticsearch: the public fields of `document`, and
under `search` our own words.

Only what every Elasticsearch from 8.19 on has is used. People who search with
Kibana use title, lead and text, which have a German analysis; our own searches
use `search.*`, whose words are made in Python by the matcher's rules and only
split at spaces by the engine. Knows no client and no queries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from monitor.index.document import FIELDS, Field, Kind
from monitor.index.prepared_article import (
    PARTS,
    facts_of,
    integer,
    many,
    microseconds,
    streams_of,
)
from monitor.types.output import Document

FORMAT = 5
"""Raised with every change that makes stored documents mean something else:
new indices are then built and filled.
"""

# characters that Lucene surely takes as one term; longer values are shown,
# not searched
LONGEST_KEYWORD = 8000
# signs of a word: the engine splits longer ones, and the places after them
# would be wrong
LONGEST_WORD = 127
# bytes; a longer one would make the engine refuse all its neighbours too
LONGEST_ID = 512
WORDS = "whitespace"
_TOO_LONG = re.compile(f"[^ ]{{{LONGEST_WORD + 1}}}")

NAMES = frozenset(
    (
        "outlet",
        "agency",
        "cites",
        "region",
        "authors",
        "section",
        "categories",
        "topic_names",
    )
)
"""Keyword fields that people type: a search in them ignores case. Their
`WHOLE` keeps it.
"""
WHOLE = "keyword"
"""The subfield with a value as it is, for counting, sorting and grouping:
Kibana's charts take no text field, and groups of a name would be in lower
case.
"""
WRITTEN = "written"
"""The subfield with the words of a text as they are written, to be shown: the
dashboards' words that stand out. Nobody searches in it.
"""
SEARCHED = ("title", "page_title", "feed_title", "lead", "text", "feed_text")
"""Where a search without a field looks, Kibana's above all. Elsewhere it would
find what no article says: every article of a topic by the topic's name, or by
the words that are ours.
"""

_KINDS: dict[Kind, dict[str, Any]] = {
    "keyword": {"type": "keyword", "ignore_above": LONGEST_KEYWORD},
    "text": {"type": "text", "analyzer": "monitor_german"},
    "date": {"type": "date"},
    "integer": {"type": "long", "coerce": False},
    "float": {"type": "float"},
    "boolean": {"type": "boolean"},
    "stored": {"type": "keyword", "index": False, "doc_values": False},
    "topic_hits": {
        "dynamic": "strict",
        "properties": {
            "topic_id": {"type": "keyword"},
            "topic": {"type": "keyword"},
            "hits": {"type": "long"},
            "title_hits": {"type": "long"},
        },
    },
}
_WHOLE: dict[str, Any] = {"fields": {WHOLE: _KINDS["keyword"]}}
_NAME: dict[str, Any] = (
    _KINDS["keyword"] | {"normalizer": "lowercase"} | _WHOLE
)
_IN_ORDER: dict[str, Any] = {"type": "text", "analyzer": WORDS}
_ANYWHERE: dict[str, Any] = _IN_ORDER | {
    "index_options": "docs",
    "norms": False,
}


def build_mapping() -> dict[str, Any]:
    """The mapping of every index. A field that is not in it is refused."""
    own: dict[str, Any] = {
        f"{part}_{kind}": _IN_ORDER
        for part in PARTS
        for kind in ("words", "stems")
    }
    own |= dict.fromkeys(
        ("joined_words", "joined_stems", "reversed"), _ANYWHERE
    )
    own["facts"] = {
        "type": "keyword",
        "doc_values": False,
        "ignore_above": LONGEST_KEYWORD,
    }
    # the engine's dates end at milliseconds
    own["published_us"] = {"type": "long"}
    # the story, or the article itself where it has none
    own["story"] = {"type": "long"}
    return {
        "dynamic": "strict",
        "_meta": {"format": FORMAT},
        # made anew from the database, never read back
        "_source": {"excludes": ["search"]},
        "properties": {
            **{field.name: _public(field) for field in FIELDS},
            "search": {"dynamic": "strict", "properties": own},
        },
    }


_SHOWN: dict[str, Any] = {
    "fields": {
        WRITTEN: {
            "type": "text",
            "analyzer": "monitor_written",
            "index_options": "docs",
            "norms": False,
        }
    }
}


def _public(field: Field) -> dict[str, Any]:
    if field.name in NAMES:
        return _NAME
    more = {"title": _WHOLE, "text": _SHOWN}.get(field.name, {})
    return _KINDS[field.kind] | more


def whole(name: str) -> str:
    """The field that holds the values of `name` as they are."""
    return f"{name}.{WHOLE}" if name in NAMES else name


def build_settings() -> dict[str, Any]:
    """The settings of every index; `ALIAS@custom` may overrule them.

    The codec is the usual one: with `best_compression` texts take half the
    room, and each hit of a list costs the engine three times as much.
    """
    return {
        "number_of_shards": 1,  # a month of one press office is a small shard
        # a copy as soon as there is a second node
        "auto_expand_replicas": "0-1",
        # Few segments: each has words and figures of its own, which every
        # search looks up.
        "merge": {
            "policy": {
                "segments_per_tier": 4,
                "max_merge_at_once": 4,
                "floor_segment": "32mb",
            }
        },
        "query": {"default_field": list(SEARCHED)},
        "analysis": {
            "filter": {
                "monitor_german_letters": {"type": "german_normalization"},
                "monitor_accents": {"type": "asciifolding"},
                "monitor_german_stems": {
                    "type": "stemmer",
                    "language": "light_german",
                },
            },
            "analyzer": {
                "monitor_german": {
                    "type": "custom",
                    "tokenizer": "standard",
                    "filter": [
                        "lowercase",
                        "monitor_german_letters",
                        "monitor_accents",
                        # the whole word beside its stem: M?ller, Landr*
                        "keyword_repeat",
                        "monitor_german_stems",
                        "remove_duplicates",
                    ],
                },
                "monitor_written": {"type": "custom", "tokenizer": "standard"},
            },
        },
    }


def engine_field(name: str) -> str:
    """Where a field of a plan lies."""
    if name == "published_at":
        return "search.published_us"
    if name in ("facts", "reversed") or name.endswith(("_words", "_stems")):
        return f"search.{name}"
    return name


def to_body(document: Document) -> bytes:
    """One document as the engine's JSON.

    Raises ValueError or TypeError for values that no index can hold.
    """
    if not document.doc_id or len(document.doc_id.encode()) > LONGEST_ID:
        raise ValueError(f"the id is empty or longer than {LONGEST_ID} bytes")
    fields = dict(document.fields)
    for field in FIELDS:
        value = fields.get(field.name)
        if value is not None and field.kind == "integer":
            integer(value)
        elif value is not None and field.kind == "date":
            microseconds(value)  # type: ignore[arg-type]  # raises where it is no aware time
    return orjson.dumps(
        {**fields, "doc_id": document.doc_id, "search": _own(fields)}
    )


def known_to(body: bytes, mapping: Mapping[str, Any]) -> bytes:
    """The body without the fields that an index of another format does not
    have.
    """
    fields = orjson.loads(body)
    return orjson.dumps(
        {
            name: value
            for name, value in fields.items()
            if name in mapping["properties"]
        }
    )


def cut(words: str) -> str:
    """Words parted by spaces, none longer than the engine leaves whole."""
    if _TOO_LONG.search(words) is None:
        return words
    return " ".join(
        [
            word if len(word) <= LONGEST_WORD else word[:LONGEST_WORD]
            for word in words.split(" ")
        ]
    )


def _own(fields: Mapping[str, object]) -> dict[str, object]:
    own: dict[str, object] = {}
    several = streams_of(fields)
    longest = max((streams.longest for streams in several), default=0)
    fit = cut if longest > LONGEST_WORD else str
    for part, streams in zip(PARTS, several, strict=True):
        own[f"{part}_words"] = fit(streams.words)
        own[f"{part}_stems"] = fit(streams.stems)
    own |= {
        "joined_words": fit(
            " ".join(streams.joined_words for streams in several)
        ),
        "joined_stems": fit(
            " ".join(streams.joined_stems for streams in several)
        ),
        "reversed": fit(" ".join(streams.reversed for streams in several)),
        "facts": sorted(facts_of(fields)),
    }
    for published in many(fields.get("published_at")):
        own["published_us"] = microseconds(published)  # type: ignore[arg-type]  # checked before
    story, article = fields.get("story_id"), fields.get("article_id")
    own["story"] = story if story is not None else -1 - integer(article)
    return own
