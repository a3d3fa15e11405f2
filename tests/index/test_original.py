"""What is kept of an article comes back as it was; damage is told as such."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.index.compiler.search_question import to_hit
from monitor.index.embedded.original import (
    pack_original,
    unpack_original,
    unpack_shown,
)
from monitor.index.highlight import WINDOW, find_nothing
from monitor.types.article import TopicHits
from monitor.types.output import Document

DOCUMENT = Document(
    doc_id="a1",
    index_name="articles-2025-03",
    fields=(
        ("title", "Zwölf „Brücken“ \x00 \U0001f600"),
        ("published_at", datetime(2025, 3, 1, 6, 30, 0, 7, tzinfo=UTC)),
        ("topic_hits", (TopicHits("t", "Thema", 2, 0),)),
        ("copies", 2),
    ),
)


def test_an_article_comes_back() -> None:
    assert unpack_original(pack_original(DOCUMENT)) == {
        "title": "Zwölf „Brücken“ \x00 \U0001f600",
        "published_at": "2025-03-01T06:30:00.000007+00:00",
        "topic_hits": [
            {"topic_id": "t", "topic": "Thema", "hits": 2, "title_hits": 0}
        ],
        "copies": 2,
        "doc_id": "a1",
    }


@pytest.mark.parametrize(
    "value",
    ["half a pair: \ud83d", 2**70, object()],
    ids=["half a pair", "too large", "no value"],
)
def test_what_cannot_be_kept_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        pack_original(Document("a1", "articles-2025-03", (("title", value),)))


@pytest.mark.parametrize("cut", [0, 1, 10, -1])
@pytest.mark.parametrize("record", ["shown", "rest"])
def test_damage_is_an_error_of_the_index(record: str, cut: int) -> None:
    packed = pack_original(DOCUMENT)
    damaged = packed._replace(**{record: getattr(packed, record)[:cut]})
    with pytest.raises(ValueError, match=r"\w"):
        unpack_original(damaged)


_NEEDED: dict[str, object] = {
    "article_id": 1,
    "title": "Brücke gesperrt",
    "url": "https://blatt.example/1",
    "outlet": "Blatt",
    "feed_id": "blatt",
    "published_at": datetime(2025, 3, 1, tzinfo=UTC),
    "first_seen_at": datetime(2025, 3, 1, tzinfo=UTC),
    "topics": ("kreis",),
    "story_id": 7,
}


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"lead": "", "text": ""},
        {"lead": "Kurz.", "text": ""},
        {"lead": "Kurz.", "text": " \n"},
        {"lead": "Wort " * 100, "text": ""},
        {"feed_text": "Wort " * 100, "feed_title": "Anders"},
        {"page_title": "Auf der Seite"},
        *({"lead": "Kurz.", "text": text} for text in (
            "Wort " * 400,
            "ä" * 400,
            "\U0001f600 " * 400,
            "x" * WINDOW,
            "x" * WINDOW + " ",
            "x" * WINDOW + " " * 400,
            "x" * WINDOW + " " * 400 + "x",
            "x" * (WINDOW - 1) + " " * 20 + "x",
            "x" * (WINDOW - 1) + " " * 21 + "x",
            "x" * (WINDOW + 19) + " ",
            "x" * (WINDOW + 20),
            "Zeile\n" * 100,
        )),
    ],
)  # fmt: skip
def test_a_hit_without_marks_is_the_same_from_the_first_record(
    texts: dict[str, str],
) -> None:
    document = Document("a1", "i", tuple((_NEEDED | texts).items()))
    packed = pack_original(document)
    whole = unpack_original(packed)
    assert {name: whole[name] for name in texts} == texts
    shown = unpack_shown(packed.shown)
    assert to_hit(shown, 1.0, find_nothing) == to_hit(whole, 1.0, find_nothing)
