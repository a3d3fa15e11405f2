"""How an article lies in the embedded index (tantivy): its fields there, and a document turned into them.

Text is analysed here, in Python, by the same words and folding as the matcher: the engine only splits at spaces. The
original is stored once, as JSON, and never analysed again by the engine. Knows the mapping; knows no queries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import tantivy

from monitor.index.analysis import Streams, analyse
from monitor.language.words import fold
from monitor.types.output import Document
from monitor.types.state import TopicHits

FORMAT = 1
"""Raised with every change that makes documents on disk mean something else: the index is then rebuilt."""

PARTS = ("title", "lead", "text")
BOOSTS = {"title": 3.0, "lead": 2.0, "text": 1.0}
"""How much a hit in a part weighs in the ranking."""

JOINED_BOOST = 1.0
FACTS = ("source", "lang", "country", "category")
"""Filters of the query language that the engine answers exactly."""

KEYWORDS = ("outlet", "feeds", "region", "topics", "language", "country", "categories", "authors")
"""Keyword fields that can be filtered by and counted."""
NUMBERS = ("article_id", "story_id", "published_at", "first_seen_at")
"""Dates are whole microseconds since 1970: the engine's own dates end in 2262 and cannot be read back fast."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def build_schema() -> tantivy.Schema:
    """The engine's schema, of format `FORMAT`."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("doc_id", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("source", stored=True)
    for part in PARTS:
        builder.add_text_field(f"{part}_words", tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{part}_stems", tokenizer_name="whitespace", index_option="position")
    # A hyphenated word's joined form stands at its first part's place, where the engine has room for one word only.
    builder.add_text_field("joined_words", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("joined_stems", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("reversed", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("facts", tokenizer_name="raw", index_option="basic")
    for name in KEYWORDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def to_engine(document: Document) -> tantivy.Document:
    """One document in the engine's form. Raises ValueError or TypeError for values that no index can hold."""
    fields = dict(document.fields)
    engine = tantivy.Document()
    engine.add_text("doc_id", document.doc_id)
    source = json.dumps({**fields, "doc_id": document.doc_id}, ensure_ascii=False, default=_as_json)
    engine.add_bytes("source", source.encode())
    for part, streams in zip(PARTS, _streams(fields), strict=True):
        engine.add_text(f"{part}_words", streams.words)
        engine.add_text(f"{part}_stems", streams.stems)
        engine.add_text("joined_words", streams.joined_words)
        engine.add_text("joined_stems", streams.joined_stems)
        engine.add_text("reversed", streams.reversed)
    for name in KEYWORDS:
        for value in _many(fields.get(name)):
            engine.add_text(name, str(value))
    for value in _facts(fields):
        engine.add_text("facts", value)
    for name in NUMBERS:
        number = fields.get(name)
        if number is not None:
            engine.add_integer(name, microseconds(number) if isinstance(number, datetime) else _integer(number))
    return engine


def fact(name: str, value: str) -> str:
    """A filter of the query language and one value of it, folded, as one term."""
    return f"{name}:{fold(value)}"


def microseconds(when: datetime) -> int:
    """Whole microseconds since 1970 of an aware time. Raises TypeError for a naive one."""
    return (when - EPOCH) // MICROSECOND


def from_microseconds(count: float) -> datetime:
    """The reverse of `microseconds`."""
    return EPOCH + timedelta(microseconds=count)


def _streams(fields: Mapping[str, object]) -> tuple[Streams, ...]:
    return tuple(analyse(str(fields.get(part, ""))) for part in PARTS)


def _facts(fields: Mapping[str, object]) -> set[str]:
    """What the matcher compares filters with, as `verification.match_text` gives it to the matcher."""
    language = str(fields.get("language", ""))
    values = {
        "source": (*(_many(fields.get("feeds")) or _many(fields.get("feed_id"))), *_many(fields.get("outlet"))),
        "lang": (language, language.replace("_", "-").partition("-")[0]),
        "country": _many(fields.get("country")),
        "category": (*_many(fields.get("section")), *_many(fields.get("categories"))),
    }
    return {fact(name, str(value)) for name in FACTS for value in values[name]}


def _many(value: object) -> tuple[object, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"not a whole number: {value!r:.80}")
    return value


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, TopicHits):
        return astuple(value)
    raise TypeError(f"no field can hold a {type(value).__name__}")
