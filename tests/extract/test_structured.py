"""What pages state for machines, broken as it comes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from monitor.extract.statements import Node
from monitor.extract.structured import plain_value, read_structured


def article(*blocks: str, url: str = "https://z.example/a") -> Node:
    scripts = "".join(
        f'<script type="application/ld+json">{block}</script>'
        for block in blocks
    )
    tree = document_fromstring(
        f"<html><head>{scripts}</head><body><p>x</p></body></html>"
    )
    return read_structured(tree, url).article


@pytest.mark.parametrize(
    "block",
    [
        '{"@type": "NewsArticle", "headline": "Titel"}',
        '[{"@type": "WebPage"}, {"@type": "NewsArticle", "headline": "Titel"}]',
        '{"@graph": [{"@type": ["Article", "NewsArticle"], "headline": "Titel"}]}',
        '{"@type": "https://schema.org/ReportageNewsArticle", "headline": "Titel"}',
        '{"@type": "WebPage", "mainEntity": {"@type": "LiveBlogPosting", "headline": "Titel"}}',
        '<!-- {"@type": "NewsArticle", "headline": "Titel"} -->',
        '{"@type": "NewsArticle", "headline": "Titel",}',
        '{"@type": "NewsArticle", "headline": "Ti\\tel", "x": "\\d"}'.replace(
            "\\t", "t"
        ),
        '{"@type": "NewsArticle", "headline": "Titel", "description": "Zeile\neins"}',
        '{"@type": "NewsArticle", "headline": "Titel"};',
        '{"@type": "NewsArticle", "headline": "Titel"}}}',
        '{"@type": "NewsArticle", "headline": ["Titel"]}',
    ],
)
def test_headline_is_found(block: str) -> None:
    assert article(block).headline == "Titel"


def test_a_broken_block_does_not_hide_the_next() -> None:
    assert (
        article(
            "{kaputt", '{"@type": "NewsArticle", "headline": "Titel"}'
        ).headline
        == "Titel"
    )


def test_the_page_s_own_article_wins_over_related_ones() -> None:
    related = {
        "@type": "NewsArticle",
        "headline": "Anderes",
        "url": "https://z.example/b",
        "datePublished": "2025-01-01",
    }
    own = {
        "@type": "NewsArticle",
        "headline": "Titel",
        "mainEntityOfPage": {"@id": "https://z.example/a/"},
    }
    assert article(json.dumps([related, own])).headline == "Titel"


def test_authors_by_reference() -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "T", "author": {"@id": "#eva"}},
        {"@type": "Person", "@id": "#eva", "name": "Eva Beispiel"},
    ]
    assert [
        a.name for a in article(json.dumps({"@graph": graph})).authors
    ] == ["Eva Beispiel"]


@pytest.mark.parametrize(
    ("value", "free"),
    [
        (False, False),
        ("False", False),
        ("http://schema.org/False", False),
        (True, True),
        ("true", True),
        (None, None),
    ],
)
def test_paid(value: Any, free: bool | None) -> None:
    assert (
        article(
            json.dumps({"@type": "NewsArticle", "isAccessibleForFree": value})
        ).free
        is free
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<p>Eins &amp; zwei</p><p>drei</p>", "Eins & zwei\ndrei"),
        ("Gr&amp;ouml;&amp;szlig;e", "Größe"),
        ("1 < 2 und 3 > 2", "1 < 2 und 3 > 2"),
        (7, ""),
        (None, ""),
    ],
)
def test_plain(value: object, expected: str) -> None:
    assert plain_value(value) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "headline",
                    "author",
                    "name",
                    "image",
                    "hasPart",
                    "articleBody",
                    "@graph",
                    "url",
                ]
            ),
            inner | st.just("NewsArticle"),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_read(value: object) -> None:
    article(
        json.dumps(
            [{"@type": "NewsArticle", "headline": "T", "author": value}, value]
        )
    )
