"""The labelled query cases of `tests/data/query/matching.jsonl`: text, query,
and every place that must be found.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.match.reading import PLACES
from monitor.match.topics import compile_topics, match_query
from monitor.query.parser import parse_query
from monitor.query.unparse import unparse
from monitor.types.catalog import Located, Topic
from monitor.types.match import ClauseHits, MatchText, Span

_FILE = Path(__file__).parents[1] / "data" / "query" / "matching.jsonl"
_CASES = [
    json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()
]


def _text(case: dict[str, Any]) -> MatchText:
    facts = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in case.get("facts", {}).items()
    }
    return MatchText(
        **{place: case.get(place, "") for place in PLACES}, **facts
    )


def _located(text: str) -> Located:
    return Located(
        text,
        "feeds.yaml",
        tuple((1, column) for column in range(1, len(text) + 2)),
    )


def _topic(case: dict[str, Any]) -> Topic:
    if "query" in case:
        return Topic("t", "T", query=_located(case["query"]))
    lists = dict(case["topic"])
    where = tuple(
        (name, tuple(values))
        for name, values in lists.pop("where", {}).items()
    )
    return Topic(
        "t",
        "T",
        where=where,
        **{name: tuple(map(_located, items)) for name, items in lists.items()},
    )


def _expected(case: dict[str, Any]) -> tuple[ClauseHits, ...] | None:
    if case["hits"] is None:
        return None
    return tuple(
        ClauseHits(
            clause,
            tuple(Span(part, start, end) for part, start, end, _ in spans),
        )
        for clause, spans in case["hits"].items()
    )


def test_there_are_enough_cases_and_they_quote_their_texts() -> None:
    assert len(_CASES) >= 200
    assert len({case["case"] for case in _CASES}) == len(_CASES)
    for case in _CASES:
        for part, start, end, quoted in [
            span for spans in (case["hits"] or {}).values() for span in spans
        ]:
            assert case[part][start:end] == quoted, case["case"]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any]) -> None:
    compiled = compile_topics([_topic(case)])
    assert [problem for problem in compiled.problems if problem.fatal] == []
    found = compiled.match(_text(case))
    assert (found[0].clauses if found else None) == _expected(case)


@pytest.mark.parametrize(
    "case",
    [case for case in _CASES if "query" in case],
    ids=lambda case: case["case"],
)
def test_query_written_out_finds_the_same(case: dict[str, Any]) -> None:
    tree = parse_query(case["query"]).tree
    assert tree
    again = parse_query(unparse(tree)).tree
    assert again == tree
    assert match_query(again, _text(case)) == _expected(case)


def test_all_cases_as_topics_of_one_set() -> None:
    """Candidates are filed together, yet each topic answers as it does alone."""
    topics = [
        Topic(
            str(number),
            "T",
            any=topic.any,
            all=topic.all,
            none=topic.none,
            query=topic.query,
            where=topic.where,
        )
        for number, topic in enumerate(map(_topic, _CASES))
    ]
    compiled = compile_topics(topics)
    for number, case in enumerate(_CASES):
        found = {
            match.topic_id: match.clauses
            for match in compiled.match(_text(case))
        }
        assert found.get(str(number)) == _expected(case), case["case"]
