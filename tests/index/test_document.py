"""The public mapping: its fields, and an article turned into them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.index.document import FIELDS, monthly_index, to_document
from monitor.types.article import TopicHits
from tests.index.corpus import START, article


def test_every_field_has_one_meaning() -> None:
    names = [field.name for field in FIELDS]
    assert len(names) == len(set(names))


def test_a_document_has_the_fields_that_have_values_in_order() -> None:
    fields = [
        name for name, _ in to_document(article(1, title="Titel")).fields
    ]
    assert fields == [field.name for field in FIELDS if field.name in fields]
    assert "title" in fields
    assert not {"region", "topics", "indexed_at", "authors"} & set(fields)


def test_topics_as_dashboards_need_them() -> None:
    hits = (
        TopicHits("ukraine", "Ukraine", 4, 1),
        TopicHits("kreis", "Kreis Herford", 2, 0),
    )
    fields = dict(
        to_document(article(1, topics=hits), indexed_at=START).fields
    )
    assert fields["topics"] == ("ukraine", "kreis")
    assert fields["topic_names"] == ("Ukraine", "Kreis Herford")
    assert fields["title_topics"] == ("ukraine",)
    assert fields["topic_hits"] == hits
    assert fields["indexed_at"] == START
    assert (fields["article_id"], fields["doc_id"]) == (1, "doc-1")


def test_values_that_are_false_or_zero_are_kept() -> None:
    fields = dict(to_document(article(0, word_count=0)).fields)
    assert (
        fields["article_id"],
        fields["word_count"],
        fields["summary_only"],
        fields["text"],
    ) == (
        0,
        0,
        False,
        "",
    )


@pytest.mark.parametrize(
    ("own", "given", "expected"),
    [
        (None, None, "articles-2025-03"),
        ("articles-2024-12", None, "articles-2024-12"),
        ("a", "b", "b"),
    ],
)
def test_index_name(own: str | None, given: str | None, expected: str) -> None:
    assert (
        to_document(article(1, index_name=own), index_name=given).index_name
        == expected
    )


def test_the_month_is_that_of_first_sight() -> None:
    assert (
        monthly_index(datetime(2025, 12, 31, 23, 59, tzinfo=UTC))
        == "articles-2025-12"
    )
