"""Items of the simple level."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.query.parser import parse_query
from monitor.query.simple import compile_simple, parse_item
from monitor.query.tree import Phrase
from monitor.query.unparse import unparse


def check(item: str, expected: str, codes: list[str]) -> None:
    parsed = parse_item(item)
    assert [problem.code for problem in parsed.problems] == codes
    assert (unparse(parsed.tree) if parsed.tree else "") == expected
    if parsed.tree:
        assert parse_query(expected).tree == parsed.tree


@pytest.mark.parametrize(
    ("item", "expected", "codes"),
    [
        ("Ukraine*", "Ukraine*", []),
        ("  Kiew ", "Kiew", []),
        ('"Kiew"', "Kiew", []),
        ("„Kreis Herford“", '"Kreis Herford"', []),
        ("Kreis Herford", '"Kreis Herford"', []),
        ("Ukraine-Krieg", "Ukraine-Krieg", []),
        ("-Kreis", '"-Kreis"', []),
        ("und", '"und"', []),
        ("H&M", '"H&M"', []),
        ('Der "Spiegel" kommt', '"Der \\"Spiegel\\" kommt"', []),
        ("Wer wird Millionär?", '"Wer wird Millionär?"', []),
        ("AND", '"AND"', ["W06"]),
        ('"AND"', '"AND"', []),
        ("title:Kreis", '"title:Kreis"', ["W06"]),
        ("Kreis NEAR/3 Rat", '"Kreis NEAR/3 Rat"', ["W06"]),
        ("!!!", '"!!!"', ["W06"]),
        ("ver*", "ver*", ["W03"]),
        ("Kr*", "", ["E06"]),
        ("", "", ["E03"]),
        ('""', "", ["E03"]),
    ],
)
def test_item(item: str, expected: str, codes: list[str]) -> None:
    check(item, expected, codes)


def test_lists() -> None:
    simple = compile_simple(["a", "b c"], ["d"], ["e", "f"])
    assert simple.tree
    assert unparse(simple.tree) == '(a OR "b c") AND d AND NOT e AND NOT f'
    assert simple.problems == ()


def test_problems_name_list_and_item() -> None:
    simple = compile_simple(["a", "Kr*"], ["ver*"], [""])
    assert simple.tree is None
    assert [
        (name, index, problem.code) for name, index, problem in simple.problems
    ] == [
        ("any", 1, "E06"),
        ("all", 0, "W03"),
        ("none", 0, "E03"),
    ]


def test_only_exclusions_and_nothing() -> None:
    assert [
        problem.code
        for _, _, problem in compile_simple([], [], ["a"]).problems
    ] == ["E05"]
    assert [
        problem.code for _, _, problem in compile_simple([], [], []).problems
    ] == ["E03"]


@given(st.from_regex(r"\A[A-ZÄÖÜ]?[a-zäöüß]{2,}\Z"))
@example("near")
@example("Near")
@example("Atleast")
@example("title")
@example("oder")
@example("Nicht")
def test_an_item_stands_in_the_tree_as_the_full_language_would_write_it(
    word: str,
) -> None:
    (node,) = (parse_item(word).tree,)
    assert isinstance(node, Phrase)
    read = parse_query(node.source).tree
    assert isinstance(read, Phrase)
    assert read.elements == node.elements
