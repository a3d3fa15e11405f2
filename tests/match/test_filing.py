"""Where queries are filed, and that the memory of terms is bounded."""

import pytest

from monitor.match.filing import Filing, Key, keys_of
from monitor.query.parser import parse_query


def check(query: str, expected: set[tuple[str, str]] | None) -> None:
    tree = parse_query(query).tree
    assert tree
    keys = keys_of(tree).keys
    assert keys == (None if expected is None else {Key(kind, text) for kind, text in expected})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Kreis", {("word", "kreis")}),
        ("der AND Kreis", {("word", "kreis")}),
        ("Kreis AND Haushaltssperre", {("word", "haushaltssperre")}),
        ("Kreis OR Rat", {("word", "kreis"), ("word", "rat")}),
        ('"der Rat der Stadt"', {("word", "stadt")}),
        ("Kreis NEAR/3 Haushalt", {("word", "haushalt")}),
        ("Kreis NOT Haushalt", {("word", "kreis")}),
        ("Kreis source:zdf", {("word", "kreis")}),
        ("Haushalt*", {("start", "haushalt")}),
        ("*krieg", {("end", "geirk")}),
        ("*kriegs*", {("inner", "krie")}),
        ("Haushalt* AND Rat", {("word", "rat")}),
        ("Haushaltssperre* AND der", {("start", "haushaltssperre")}),
        ("M?ller", {("end", "rell")}),
        ("Mülle?", {("start", "muelle")}),
        ("Ukraine-Krieg", {("word", "ukraine"), ("word", "ukrainekrieg")}),
        ("title:(Kreis OR Rat)", {("word", "kreis"), ("word", "rat")}),
        ("ATLEAST/3 Kreis^2", {("word", "kreis")}),
        ('"!!!"', set()),
        ('"!!!" AND Kreis', set()),
        ("?a?", None),
        ("?a? OR Kreis", None),
        ("?a? AND Kreis", {("word", "kreis")}),
        ("source:zdf", None),
    ],
)
def test_keys(query: str, expected: set[tuple[str, str]] | None) -> None:
    check(query, expected)


def test_memory_of_terms_is_bounded_and_changes_no_answer() -> None:
    trees = [parse_query(query).tree for query in ("Kreis*", "*krieg", "Rat")]
    filing = Filing([(number, tree) for number, tree in enumerate(trees) if tree], remembered=2)
    for _ in range(2):
        assert filing.candidates(["kreistag", "weltkrieg", "rat", "haus", "x" * 100]) == [0, 1, 2]
        assert filing.candidates(["haus", "hof"]) == []
