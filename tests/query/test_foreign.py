"""Forms of other tools: understood exactly, or answered with a form that means
the same. And words that only look like one stay words.
"""

from __future__ import annotations

import pytest

from monitor.query.parser import parse_query
from monitor.query.simple import parse_item
from monitor.query.unparse import unparse


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a W/9 b", "a NEAR/9 b"),
        ("a Near7 b", "a NEAR/7 b"),
        ("a near10f b", "a ONEAR/10 b"),
        ("a ONEAR3 b", "a ONEAR/3 b"),
        ("a adj2 b", "a ONEAR/2 b"),
        ('"a b" /3 (c OR d)', '"a b" NEAR/3 (c OR d)'),
        ("(a OR b) /0 c", "(a OR b) NEAR/0 c"),
        ("a Around(9) b", "a NEAR/9 b"),
        ("a NEAR(7) b", "a NEAR/7 b"),
        ("a ONEAR( 7 ) b", "a ONEAR/7 b"),
        ("ATL4(a OR b)", "ATLEAST/4 (a OR b)"),
        ("atleast2 (a OR b)", "ATLEAST/2 (a OR b)"),
        ("ATLEAST 7 a", "ATLEAST/7 a"),
        ("ATLEAST 7 (a OR b)", "ATLEAST/7 (a OR b)"),
        ("hlead(a OR b)", "title:a OR lead:a OR title:b OR lead:b"),
        ("HLEAD(a NEAR/3 b)", "title:(a NEAR/3 b) OR lead:(a NEAR/3 b)"),
        ("c AND NOT hlead:a", "c AND NOT (title:a OR lead:a)"),
        ("HLEAD(HLEAD(a))", "title:a OR lead:a"),
        ("title(a OR b)", "title:(a OR b)"),
        ("PUBLICATION(nw) AND a", "source:nw AND a"),
        ("SECTION(politik) AND a", "category:politik AND a"),
        ("a|b", "a OR b"),
        ("a BUTNOT b", "a AND NOT b"),
        ("*:a AND *: b", "a AND b"),
    ],
)
def test_understood(query: str, expected: str) -> None:
    parsed = parse_query(query)
    wanted = parse_query(expected).tree
    assert {problem.code for problem in parsed.problems} <= {"W01", "W02"}
    assert parsed.tree
    assert wanted
    # brackets of an OR within an OR are only shown
    assert unparse(parsed.tree).replace("(", "").replace(")", "") == unparse(
        wanted
    ).replace("(", "").replace(")", "")


@pytest.mark.parametrize(
    ("query", "code", "answer"),
    [
        ("Bürg!", "W05", "Bürg*"),
        ("Ukraine-Krieg!", "W05", "Ukraine-Krieg*"),
        ("Ha!", "W05", '"Ha"'),
        ("XOR", "W05", '"XOR"'),
        ("a +10 b", "W05", "ONEAR/10"),
        ("a w/p b", "E08", "NEAR/20"),
        ("a pre/s b", "E08", "NEAR/20"),
        ("a near/para b", "E08", "NEAR/20"),
        ("a /seg b", "E08", "NEAR/20"),
        ("a PARAGRAPH b", "E08", "NEAR/20"),
        ("a w/99 b", "E08", "NEAR/20"),
        ("a pre/99 b", "E08", "ONEAR/20"),
        ("a NEAR/40f b", "E08", "ONEAR/20"),
        ("a w/x b", "E08", "NEAR/3"),
        ("atleast/x a", "E08", "ATLEAST/3"),
        ("a NICHT NEAR/3 b", "E07", "AND NOT (a NEAR/5 b)"),
        ("a not /3 b", "E07", "AND NOT (a NEAR/5 b)"),
        ("NEAR/5(a OR b)", "E03", "Kreis NEAR/5 Haushalt"),
        ("CAPS(Zeit)", "E04", "cs(Zeit)"),
        ('nocaps("zeit")', "E04", "cs(zeit)"),
        ("SINGULAR(Rat)", "E04", '"Rat"'),
        ("{DIE ZEIT}", "E02", 'cs("DIE ZEIT")'),
        ("[1 TO 5]", "E02", "ranges"),
        ("subject:a", "E04", "category:"),
        ("raw:(a)", "E04", "cs(BILD)"),
        ("inurl:a", "E04", "beginning of a path"),
        ("Reichweite>1000", "E04", "beside the query"),
        ("Mül*er", "E06", "Mül*"),
        ("a * b", "E06", "~1"),
    ],
)
def test_answered(query: str, code: str, answer: str) -> None:
    problems = [one for one in parse_query(query).problems if one.code == code]
    assert problems
    assert any(answer in (one.hint or "") for one in problems)


@pytest.mark.parametrize(
    "hint_of",
    ["Bü*er", "ab*cd", "La!"],
    ids=["two letters", "two letters more", "truncated"],
)
def test_no_hint_that_would_be_refused(hint_of: str) -> None:
    """`Bü*` is too short, so it is not offered; nor is a phrase that means
    something else.
    """
    (problem,) = parse_query(hint_of).problems
    head = hint_of.partition("*")[0].rstrip("!")
    assert f"{head}*" not in (problem.hint or "")
    assert f'"{head} ' not in (problem.hint or "")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Text(e)", "Text(e)"),
        ("lead(er)", "lead AND er"),
        ("Title(Kreis)", "Title AND Kreis"),
        ("HLEAD", "HLEAD"),
        ("HEADLINE (Kreis)", "HEADLINE AND Kreis"),
        ("around the world", "around AND the AND world"),
        ("AROUND (3)", "AROUND AND 3"),
        ("near5g", "near5g"),
        ("nearby", "nearby"),
        ("adjektiv", "adjektiv"),
        ("atl", "atl"),
        ("atleast", "atleast"),
        ("24/7", "24/7"),
        ("/5", "/5"),
        ("+49", "49"),
        ("a sentence", "a AND sentence"),
        ('"Achtung!"', '"Achtung!"'),
        ("km/s", "km/s"),
    ],
)
def test_words_stay_words(query: str, expected: str) -> None:
    parsed = parse_query(query)
    assert parsed.tree
    assert unparse(parsed.tree) == expected
    assert {problem.code for problem in parsed.problems} <= {"W01"}


@pytest.mark.parametrize(
    "item",
    [
        "Kreis w/5 Rat",
        "Kreis NEAR5 Rat",
        "Kreis AROUND(3) Rat",
        "HLEAD(Kreis)",
        "Landrat!",
    ],
)
def test_an_item_of_a_list_is_words_only_and_says_so(item: str) -> None:
    parsed = parse_item(item)
    assert parsed.tree
    assert parsed.problems
    assert not any(problem.fatal for problem in parsed.problems)


def test_nested_heads_stay_small() -> None:
    query = "HLEAD(" * 24 + "a" + ' OR "b c")' * 24
    tree = parse_query(query).tree
    assert tree
    assert len(unparse(tree)) < 5_000
