"""How an article lies in the embedded index (tantivy): its fields there, and a
document turned into them.

Text is analysed here, in Python, by the same words and folding as the matcher:
the engine only splits at spaces. The original is stored once (`original`) and
never analysed again by the engine. Knows the mapping; knows no queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import tantivy

from monitor.index.embedded.original import pack_original
from monitor.index.prepared_article import (
    DAY,
    EPOCH,
    KEYWORDS,
    PARTS,
    facts_of,
    integer,
    many,
    microseconds,
    streams_of,
)
from monitor.types.output import Document

FORMAT = 7
"""Raised with every change that makes documents on disk mean something else:
the index is then rebuilt.
"""

RECORDS = ("shown", "rest")
"""As in `Packed`."""

NUMBERS = ("article_id", "story_id", "published_at", "first_seen_at")
"""Dates are whole microseconds since 1970: the engine's own dates end in 2262
and cannot be read back fast.
"""

TOPIC_SET = "topic_set"
"""All topics of an article as one value.

The engine counts fields with one value ten times faster than `topics`.
"""

BETWEEN = "\n"
"""Parts the topics of a set."""


def build_schema() -> tantivy.Schema:
    """The engine's schema, of format `FORMAT`."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(
        "doc_id", tokenizer_name="raw", index_option="basic"
    )
    for name in RECORDS:
        builder.add_bytes_field(name, stored=True)
    for part in PARTS:
        builder.add_text_field(
            f"{part}_words",
            tokenizer_name="whitespace",
            index_option="position",
        )
        builder.add_text_field(
            f"{part}_stems",
            tokenizer_name="whitespace",
            index_option="position",
        )
    # A hyphenated word's joined form stands at its first part's place, where
    # the engine has room for one word only.
    builder.add_text_field(
        "joined_words", tokenizer_name="whitespace", index_option="basic"
    )
    builder.add_text_field(
        "joined_stems", tokenizer_name="whitespace", index_option="basic"
    )
    builder.add_text_field("facts", tokenizer_name="raw", index_option="basic")
    for name in KEYWORDS:
        builder.add_text_field(
            name, tokenizer_name="raw", index_option="basic", fast=True
        )
    for name in (DAY, TOPIC_SET):
        builder.add_text_field(
            name, tokenizer_name="raw", index_option="basic", fast=True
        )
    for name in NUMBERS:
        # Ranges and orders are read from the column; only stories are looked
        # up.
        builder.add_integer_field(name, indexed=name == "story_id", fast=True)
    return builder.build()


@dataclass(frozen=True, slots=True)
class Prepared:
    """One document in the engine's form, and all its words."""

    doc_id: str
    document: tantivy.Document
    words: tuple[Sequence[str], ...]


def to_engine(
    document: Document, stems: Callable[[Iterable[str]], list[str]]
) -> Prepared:
    """Raises ValueError or TypeError for values that no index can hold."""
    fields = dict(document.fields)
    joined: list[str] = []
    several = streams_of(fields)
    engine = tantivy.Document()
    engine.add_text("doc_id", document.doc_id)
    for name, packed in zip(RECORDS, pack_original(document), strict=True):
        engine.add_bytes(name, packed)
    for part, streams in zip(PARTS, several, strict=True):
        engine.add_text(f"{part}_words", streams.words)
        engine.add_text(f"{part}_stems", " ".join(stems(streams.placed)))
        joined += streams.joined
    if joined:
        engine.add_text("joined_words", " ".join(joined))
        engine.add_text("joined_stems", " ".join(stems(joined)))
    for name in KEYWORDS:
        for value in many(fields.get(name)):
            engine.add_text(name, str(value))
    engine.add_text(
        TOPIC_SET,
        BETWEEN.join(
            sorted({str(topic) for topic in many(fields.get("topics"))})
        ),
    )
    published = fields.get("published_at")
    if isinstance(published, datetime):
        engine.add_text(DAY, (EPOCH + (published - EPOCH)).date().isoformat())
    for value in facts_of(fields):
        engine.add_text("facts", value)
    for name in NUMBERS:
        number = fields.get(name)
        if number is not None:
            engine.add_integer(
                name,
                microseconds(number)
                if isinstance(number, datetime)
                else integer(number),
            )
    words = (*(streams.placed for streams in several), joined)
    return Prepared(document.doc_id, engine, words)
