"""What is kept of an article comes back as it was; damage is told as such."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.index.embedded.original import pack_original, unpack_original
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
def test_damage_is_an_error_of_the_index(cut: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        unpack_original(pack_original(DOCUMENT)[:cut])
