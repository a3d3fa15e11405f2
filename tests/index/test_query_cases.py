"""The labelled query cases of `tests/data/query/matching.jsonl`: matcher,
every index and expectation agree.

All the cases' texts are one corpus; each query is asked over all of it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor.index.document import to_document
from monitor.match.reading import PLACES
from monitor.match.topics import ComparedQueries
from monitor.ports import Index
from monitor.query.parser import parse_query
from monitor.query.simple import compile_simple
from monitor.query.unparse import unparse
from monitor.types.article import Article
from monitor.types.output import Hit, SearchRequest
from tests.index.conftest import OpenIndex
from tests.index.corpus import article, match_text

FILE = Path(__file__).parents[1] / "data" / "query" / "matching.jsonl"
CASES = [
    json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()
]


def article_of(number: int, case: dict[str, Any]) -> Article:
    facts = dict(case.get("facts", {}))
    category = tuple(facts.get("category", ()))
    known = {
        "feeds": tuple(facts.get("source", ("blatt",))),
        "language": facts.get("lang", "de"),
        "country": facts.get("country", ""),
        "categories": category,
        "authors": tuple(facts.get("author", ())),
        "outlet": "",
        "feed_id": "blatt",
    }
    known |= {place: case.get(place, "") for place in PLACES}
    made = article(number, **known)
    return replace(made, url=facts["url"]) if "url" in facts else made


CORPUS = [article_of(number, case) for number, case in enumerate(CASES)]


def query_of(case: dict[str, Any]) -> str | None:
    """The case's query as text; None for topics with filters of their own
    lists, which are no query text.
    """
    if "query" in case:
        return str(case["query"])
    lists = case["topic"]
    if "where" in lists:
        return None
    tree = compile_simple(
        lists.get("any", ()), lists.get("all", ()), lists.get("none", ())
    ).tree
    return unparse(tree) if tree else None


ASKED = {
    number: query
    for number, case in enumerate(CASES)
    if (query := query_of(case)) is not None
}
QUERIES = [
    pytest.param(number, query, id=CASES[number]["case"])
    for number, query in ASKED.items()
]


@pytest.fixture(scope="module")
def index(open_index: OpenIndex) -> Index:
    index = open_index()
    assert not any(
        result.error
        for result in index.put([to_document(each) for each in CORPUS])
    )
    return index


@cache
def matching() -> dict[int, list[int]]:
    """The articles that each query matches by the matcher, by the number of
    its case. Each text is read once for all queries: reading it is what costs.
    """
    trees = [parse_query(query).tree for query in ASKED.values()]
    compared = ComparedQueries([tree for tree in trees if tree is not None])
    answers = [(each.id, compared.ask(match_text(each))) for each in CORPUS]
    return {
        number: [article_id for article_id, answer in answers if answer[place]]
        for place, number in enumerate(ASKED)
    }


def test_there_are_enough() -> None:
    assert len(QUERIES) >= 200


@pytest.mark.parametrize(("number", "query"), QUERIES)
def test_case(index: Index, number: int, query: str) -> None:
    expected = matching()[number]
    found = index.search(SearchRequest(query, exact=True, limit=len(CORPUS)))
    assert sorted(hit.article_id for hit in found.hits) == expected
    assert (number in expected) == (CASES[number]["hits"] is not None)
    if is_spelling(CASES[number]):
        check_marks(
            CASES[number],
            [hit for hit in found.hits if hit.article_id == number],
        )


def is_spelling(case: dict[str, Any]) -> bool:
    return str(case["case"]).startswith(("gendered", "spelling"))


def check_marks(case: dict[str, Any], hits: list[Hit]) -> None:
    """What is marked in the result is what the matcher says, in the habit in
    which it is written; of a phrase each word may be a mark.
    """
    marked = [words for hit in hits for words in _marked(hit)]
    assert bool(marked) == (case["hits"] is not None)
    if case["hits"] is not None:
        written = [
            " ".join(one.split())
            for each in case["hits"].values()
            for *_, one in each
        ]
        assert all(any(words in one for one in written) for words in marked)


SPELLED = [
    pytest.param(number, case, id=case["case"])
    for number, case in enumerate(CASES)
    if is_spelling(case)
]


@pytest.mark.parametrize(("number", "case"), SPELLED)
def test_free_search_of_spellings(
    index: Index, number: int, case: dict[str, Any]
) -> None:
    """Whoever types the same into the search box finds the article, and sees
    why.
    """
    found = index.search(SearchRequest(case["query"], limit=len(CORPUS)))
    hits = [hit for hit in found.hits if hit.article_id == number]
    if case["hits"] is not None:
        assert [bool(_marked(hit)) for hit in hits] == [True]


def _marked(hit: Hit) -> list[str]:
    """The marked words of title and snippet."""
    shown = (hit.title, hit.snippet)
    return [
        part.text[start:end] for part in shown for start, end in part.marks
    ]
