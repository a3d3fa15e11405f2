"""What the parser says about broken and doubtful queries, and that no text
makes it fail or take long.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.query.messages import locate
from monitor.query.parser import parse_query
from monitor.query.tree import (
    And,
    AtLeast,
    Boost,
    Filter,
    Near,
    Not,
    Or,
    Phrase,
    Scope,
    walk,
)
from monitor.query.unparse import query_hash, unparse
from monitor.types.catalog import Located

_FILE = Path(__file__).parents[1] / "data" / "query" / "problems.jsonl"
_CASES = [
    json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()
]
_PIECES = [
    *'()"~^:*?-!+[]{}\\/ \n',
    *(
        "AND",
        "OR",
        "NOT",
        "UND",
        "NEAR/3",
        "ONEAR",
        "ATLEAST/2",
        "cs(",
        "title:",
        "source:",
        "titel:",
        "„",
        "“",
        "und",
    ),
    *(
        "Kreis",
        "Krieg*",
        "*krieg",
        "M?ller",
        "§",
        "Ukraine-Krieg",
        "~2",
        "^3",
        "www.a.example",
        "99999999999",
    ),
]


def _located(query: str) -> Located:
    """The query as a literal block that begins in the first column of the
    first line.
    """
    places = [(1, 1)]
    for letter in query:
        line, column = places[-1]
        places.append((line + 1, 1) if letter == "\n" else (line, column + 1))
    return Located(query, "feeds.yaml", tuple(places))


def test_there_are_enough_cases() -> None:
    assert len(_CASES) >= 60
    assert {
        problem["code"] for case in _CASES for problem in case["problems"]
    } == {
        *(f"E0{number}" for number in range(1, 9)),
        *(f"W0{number}" for number in range(1, 8)),
    }


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["case"])
def test_problem(case: dict[str, Any]) -> None:
    parsed = parse_query(case["query"])
    located = [
        locate(problem, _located(case["query"]), topic="T")
        for problem in parsed.problems
    ]
    expected = case["problems"]
    found = [
        (
            problem.code,
            problem.place.line,
            problem.place.column,
            problem.length,
        )
        for problem in located
    ]
    assert sorted(found) == sorted(
        (p["code"], p["line"], p["column"], p["length"]) for p in expected
    )
    by_code = {
        (problem.code, problem.place.line, problem.place.column): problem
        for problem in located
    }
    for wanted in expected:
        problem = by_code[wanted["code"], wanted["line"], wanted["column"]]
        shown, below = problem.excerpt.split("\n")
        assert shown == wanted["caret"][0]
        assert below.startswith(wanted["caret"][1] + " ")
        assert wanted["says"] in f"{below} {problem.hint}"
        assert problem.fatal == wanted["code"].startswith("E")
    assert (parsed.tree is None) == any(
        problem["code"].startswith("E") for problem in expected
    )


def check(query: str, expected: str) -> None:
    """The query reads without problems as `expected`, which reads as itself."""
    parsed = parse_query(query)
    assert parsed.problems == ()
    assert parsed.tree
    assert unparse(parsed.tree) == expected
    assert parse_query(expected).tree == parsed.tree


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Kreis AND (Rat OR Stadt)", "Kreis AND (Rat OR Stadt)"),
        ("Kreis AND (Rat AND Stadt)", "Kreis AND (Rat AND Stadt)"),
        ("a NEAR b NEAR/2 c", "a NEAR/4 b NEAR/2 c"),
        ("a NEAR (b ONEAR c)", "a NEAR/4 (b ONEAR/4 c)"),
        ("a pre/3 b", "a ONEAR/3 b"),
        ("a NEAR/3f b", "a ONEAR/3 b"),
        ("title:a^2", "title:a^2"),
        ("(a OR b)^2", "(a OR b)^2"),
        ("source:zdf", "source:zdf"),
        ('source:"Radio Herford" a', 'source:"Radio Herford" AND a'),
        (
            "a url:https://www.zdf.example/x-y?z=1",
            "a AND url:https://www.zdf.example/x-y?z=1",
        ),
        ("(source:(zdf OR wdr)) a", "(source:zdf OR source:wdr) AND a"),
        ("source:(zdf OR cs(WDR)) a", "(source:zdf OR source:WDR) AND a"),
        ("source:(title:a OR zdf) AND b", "(title:a OR source:zdf) AND b"),
        ("a AND NOT NOT b", "a AND b"),
        ("title:(cs(A) OR text)", "title:(cs(A) OR text)"),
        ('"a \\"b\\" c"', '"a \\"b\\" c"'),
        ("ATLEAST3(a)", "ATLEAST/3 a"),
        ("atleast/3 (a OR b)", "ATLEAST/3 (a OR b)"),
        ("12:30", "12:30"),
        (r"Bürger\:innen", r"Bürger\:innen"),
        ("Bürger:innen", "Bürger:innen"),
        ("title:innen", "title:innen"),
        ("Rat -Sport", "Rat AND NOT Sport"),
        ("*rats", "*rats"),
        ("a\\", "a\\"),
        ("near", "near"),
        ("ATLEAST/2 (a NEAR b)", "ATLEAST/2 (a NEAR/4 b)"),
    ],
)
def test_reads_as(query: str, expected: str) -> None:
    check(query, expected)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kreis AND Rat", "  rat UND\n kreis "),
        ("Kreis AND Rat", "((kreis)) UND RAT^3"),
        ("a OR (b OR c)", "c OR b OR a OR a"),
        ("a NEAR b", "b NEAR/4 a"),
        ("Müller AND source:ZDF", "source:zdf AND mueller"),
        (
            "title:(a OR b) OR ATLEAST/2 Ukraine-Krieg",
            "ATLEAST/2 ukraine-krieg OR title:(b OR a)",
        ),
        ("(a OR b)^2", "a OR b"),
        ("NOT (b OR c) AND cs(A)", "cs(A) NOT (c OR b)"),
    ],
)
def test_same_hash(left: str, right: str) -> None:
    one, other = parse_query(left).tree, parse_query(right).tree
    assert one
    assert other
    assert query_hash(one) == query_hash(other)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kreis", "Kreis*"),
        ("a AND b", "a OR b"),
        ("a ONEAR b", "b ONEAR a"),
        ("a NEAR/2 b", "a NEAR/3 b"),
        ("title:a", "a"),
        ("cs(A)", "A"),
        ("ATLEAST/2 a", "ATLEAST/3 a"),
        ('"a b"', '"a b"~1'),
        ("source:a", "category:a"),
        ("a AND b", "a AND NOT b"),
    ],
)
def test_other_hash(left: str, right: str) -> None:
    one, other = parse_query(left).tree, parse_query(right).tree
    assert one
    assert other
    assert query_hash(one) != query_hash(other)


@pytest.mark.parametrize(
    "word",
    [
        "/20",
        "/p",
        "/s",
        "/sent",
        "/r0",
        "adj3",
        "near",
        "atl5",
        "ATLEAST",
        "cs",
        "4/5",
        "239",
    ],
)
def test_a_word_between_strokes_stays_a_word_where_spaces_are(
    word: str,
) -> None:
    tree = parse_query(f"a|{word}|b").tree
    assert tree is not None
    assert parse_query(unparse(tree)).tree == tree


@given(st.lists(st.sampled_from(_PIECES), max_size=30))
def test_any_text_is_a_tree_or_an_error(pieces: list[str]) -> None:
    query = " ".join(pieces)
    parsed = parse_query(query)
    assert (parsed.tree is None) == any(
        problem.fatal for problem in parsed.problems
    )
    for problem in parsed.problems:
        assert 0 <= problem.offset <= len(query)
        assert problem.length >= 1
        assert problem.hint
    if parsed.tree:
        again = parse_query(unparse(parsed.tree)).tree
        assert again == parsed.tree
        for node in walk(parsed.tree):
            assert 0 <= node.offset <= len(query)
            assert node.offset + node.length <= len(query)


@given(st.text())
def test_arbitrary_text_never_raises(query: str) -> None:
    parsed = parse_query(query)
    assert parsed.tree or parsed.problems


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "(" * 1000 + "a" + ")" * 1000,
        *(
            unit * (100_000 // len(unit))
            for unit in (
                "(",
                ")",
                "a ",
                "a OR ",
                '"a" OR ',
                "NOT ",
                "a NEAR ",
                "title:",
            )
        ),
        *(
            unit * (100_000 // len(unit))
            for unit in (
                "ATLEAST/2 ",
                "url:",
                "-",
                "-a",
                '"',
                "^",
                "a^1",
                "[",
                "\\",
                "x",
            )
        ),
        "cs(" * 30_000,
        " OR ".join(f"Wort{number}" for number in range(8_000)),
        "a" * 300_000,
    ],
    ids=lambda query: query[:10],
)
def test_huge_query_is_bounded(query: str) -> None:
    started = time.process_time()
    parsed = parse_query(query)
    assert time.process_time() - started < 10
    assert len(parsed.problems) <= 50


def test_places_of_nodes() -> None:
    query = (
        'title:(Kreis NEAR/3 Rat)^2 OR ATLEAST/2 cs("DIE ZEIT") NOT source:zdf'
    )
    tree = parse_query(query).tree
    assert tree
    shown = {
        type(node): query[node.offset : node.offset + node.length]
        for node in walk(tree)
    }
    assert shown == {
        Or: query,
        Boost: "title:(Kreis NEAR/3 Rat)^2",
        Scope: "title:(Kreis NEAR/3 Rat)",
        Near: "Kreis NEAR/3 Rat",
        And: 'ATLEAST/2 cs("DIE ZEIT") NOT source:zdf',
        AtLeast: 'ATLEAST/2 cs("DIE ZEIT")',
        Phrase: 'cs("DIE ZEIT")',
        Not: "NOT source:zdf",
        Filter: "zdf",
    }


@pytest.mark.parametrize(
    "query", ["nicht NEAR/5 leicht", "not NEAR/5 easy", "nicht w/5 leicht"]
)
def test_small_words_before_near_are_words(query: str) -> None:
    assert parse_query(query).tree is not None


@pytest.mark.parametrize(
    "query", ["Kreis NOT NEAR/5 Haushalt", "Kreis not w/5 Haushalt"]
)
def test_an_exclusion_before_near_is_answered(query: str) -> None:
    (problem, *_) = parse_query(query).problems
    assert problem.code == "E07"


@pytest.mark.parametrize(
    "query", ["~²", '"a b"~²', "a^²", "a NEAR/² b", "ATLEAST/² (a)"]
)
def test_a_raised_digit_is_no_number(query: str) -> None:
    assert parse_query(query).tree is None


def test_a_star_before_a_hyphen_is_that_of_the_word() -> None:
    joined, starred = parse_query("*-Kriegs").tree, parse_query("*Kriegs").tree
    assert isinstance(joined, Phrase)
    assert isinstance(starred, Phrase)
    assert joined.elements == starred.elements
