"""What docs/kibana.md teaches to type, run on a real Elasticsearch in the
shapes that Kibana makes of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.types.article import Article, TopicHits
from tests.index.corpus import article
from tests.kibana import kql
from tests.kibana.archive import Archive, archive_of
from tests.kibana.newsroom import END

pytestmark = [
    pytest.mark.slow,
    pytest.mark.external_service,
    pytest.mark.usefixtures("elasticsearch"),  # kept for the whole run
]
DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "kibana.md").read_text("utf-8")
PAGE_OF_ELASTICSEARCH = DOCS / "elasticsearch.md"
EXAMPLES = [
    re.split(r"\s{2,}", line.strip(), maxsplit=1)[0]
    for line in PAGE.split("## Searching")[1].split("\n## ")[0].splitlines()
    if line.startswith("    ")
]
UKRAINE = TopicHits("ukraine", "Ukraine", 2, 0)
WOHNEN = TopicHits("wohnen", "Wohnen", 1, 0)
MAIN, SPORT = "https://waz.example/politik/", "https://waz.example/sport/"


def told(number: int, title: str, text: str, **others: Any) -> Article:
    at = END - timedelta(days=number)
    values: dict[str, Any] = {
        "url": f"{MAIN}{number}",
        "word_count": 90,
        "published_at": at,
        "first_seen_at": at,
        "agency": None,
        "region": None,
    }
    return article(number, title=title, text=text, **(values | others))


ARTICLES = [
    told(
        1,
        "Der Kreis Herford baut",
        "Mehr Wohnungen.",
        outlet="WAZ",
        topics=(WOHNEN,),
    ),
    told(
        2,
        "Herford gewinnt",
        "Fußball im Kreis.",
        outlet="Bild",
        url=f"{SPORT}2",
    ),
    told(
        3,
        "Landrat spricht",
        "Mit Herrn Müller über Schulen.",
        outlet="Neue Westfälische",
    ),
    told(
        4,
        "Bürgermeister geht",
        "Frau Mueller folgt.",
        outlet="Neue Zeitung",
        agency="dpa",
    ),
    told(
        5,
        "Der Angriffskrieg",
        "Kiew meldet Schäden.",
        topics=(UKRAINE,),
        region="Bayern",
    ),
    told(
        6,
        "Wohnraum",
        "Der Angriffskrieg treibt.",
        topics=(UKRAINE, WOHNEN),
        outlet="WAZ",
    ),
    told(
        7,
        "Frau Moller tritt an",
        "Ein Kreis schließt sich.",
        kind="paywall",
        word_count=700,
    ),
]
FOUND = {
    '"Kreis Herford"': {1},
    "Kreis Herford": {1, 2, 7},
    "Kreis and Herford": {1, 2},
    "Herford and not Fußball": {1},
    "müller": {3, 4},
    "schule": {3},
    'title: "Kreis Herford"': {1},
    "title: (Landrat or Bürgermeister)": {3, 4},
    "text: M*ller": {3, 4},
    "text: *krieg": {6},
    "outlet: waz": {1, 6},
    'outlet: "neue westfälische"': {3},
    "outlet: neue*": {3, 4},
    "outlet: (waz or bild)": {1, 2, 6},
    "topic_names: ukraine and region: bayern": {5},
    "topic_names: (ukraine and wohnen)": {6},
    "not kind: article": {7},
    "agency: *": {4},
    "word_count >= 400": {7},
    'published_at >= "2025-03-20"': {1, 2},
    "url: *sport*": {2},
}
MORE = {
    '"kreis herford"': {1},
    '"Herford Kreis"': set(),
    "text: Mueller": {3, 4},
    "text: MÜLLER": {3, 4},
    "title: moller": {7},
    'text: "Herrn Müller"': {3},
    "text: Angriffskr*": {6},
    "angriffskrieg*": {5, 6},
    "outlet: WAZ OR outlet: BILD": {1, 2, 6},
    "outlet: neue": set(),
    "topic_names: (ukraine or wohnen)": {1, 5, 6},
    "topic_names: ukraine or outlet: bild and title: Herford": {2, 5, 6},
    "not agency: *": {1, 2, 3, 5, 6, 7},
    "word_count < 100 and outlet: waz": {1, 6},
    "article_id: 3": {3},
    "title.keyword: Landrat*": {3},
    "ukraine": set(),
    "waz": set(),
}


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    with archive_of(ARTICLES, ()) as filled:
        yield filled


def numbers(archive: Archive, query: dict[str, Any]) -> set[int]:
    found = archive.search("articles", {"size": 100, "query": query})
    return {hit["_source"]["article_id"] for hit in found["hits"]["hits"]}


def test_every_example_is_tried() -> None:
    assert sorted(EXAMPLES) == sorted(FOUND)


@pytest.mark.parametrize(("typed", "found"), [*FOUND.items(), *MORE.items()])
def test_what_is_typed_finds_what_the_page_says(
    archive: Archive, typed: str, found: set[int]
) -> None:
    assert numbers(archive, kql.to_query(kql.parse(typed))) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("text:M?ller", {3, 4}),
        ("text:m?ller*", {3, 4}),
        ("title:M?ller", {7}),
        ("title:Bürgermeister*", {4}),
        ("title:B?rgermeister", {4}),
        ("text:Sch?den", {5}),
        ("text:Fu*ball", {2}),
        ("outlet:W?Z", {1, 6}),
        ("M?ller", {3, 4, 7}),
        ('"Kreis Herford" AND NOT outlet:bild', {1}),
    ],
)
def test_lucene_knows_a_sign_for_one_letter(
    archive: Archive, typed: str, found: set[int]
) -> None:
    """As Kibana sends what is typed in its other language."""
    query = {
        "query_string": {
            "query": typed,
            "analyze_wildcard": True,
            "time_zone": "UTC",
        }
    }
    assert numbers(archive, query) == found


def test_compounds_are_taken_apart_where_the_operator_lists_their_heads() -> (
    None
):
    """With the template that docs/elasticsearch.md shows."""
    page = PAGE_OF_ELASTICSEARCH.read_text("utf-8").split(
        "### Compounds in Kibana's search"
    )[1]
    shown = json.loads(
        "".join(one for one in page.splitlines() if one.startswith("    "))
    )
    with archive_of(ARTICLES, (), custom=shown) as filled:
        assert numbers(filled, kql.to_query(kql.parse("krieg"))) == {5, 6}
        assert numbers(filled, kql.to_query(kql.parse("Angriffskrieg"))) == {
            5,
            6,
        }
        assert numbers(filled, kql.to_query(kql.parse("text: M*ller"))) == {
            3,
            4,
        }
