"""Under which terms queries are filed."""

import pytest

from monitor.match.candidate_index import CandidateIndex, keys_of
from monitor.query.parser import parse_query


def check(query: str, expected: set[str] | None) -> None:
    tree = parse_query(query).tree
    assert tree
    assert keys_of(tree).terms == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Kreis", {"kreis"}),
        ("der AND Kreis", {"kreis"}),
        ("Kreis AND Haushaltssperre", {"haushaltssperre"}),
        ("Kreis OR Rat", {"kreis", "rat"}),
        ('"der Rat der Stadt"', {"stadt"}),
        ("Kreis NEAR/3 Haushalt", {"haushalt"}),
        ("Kreis NOT Haushalt", {"kreis"}),
        ("Kreis source:zdf", {"kreis"}),
        ("Haushalt*", {"haushalt*"}),
        ("*krieg", {"*krieg"}),
        ("*kriegs*", {"*kriegs*"}),
        ("Haushalt* AND Rat", {"rat"}),
        ("Haushaltssperre* AND der", {"haushaltssperre*"}),
        ("M?ller", {"m?ller"}),
        ("Mülle?", {"muelle?"}),
        ("Ukraine-Krieg", {"ukraine", "ukrainekrieg"}),
        ("title:(Kreis OR Rat)", {"kreis", "rat"}),
        ("ATLEAST/3 Kreis^2", {"kreis"}),
        ('"!!!"', set()),
        ('"!!!" AND Kreis', set()),
        ("?a?", {"?a?"}),
        ("?a? OR Kreis", {"?a?", "kreis"}),
        ("?a? AND Kreis", {"kreis"}),
        ("source:zdf", None),
    ],
)
def test_keys(query: str, expected: set[tuple[str, str]] | None) -> None:
    check(query, expected)


def test_candidates_that_match_for_sure_and_others() -> None:
    trees = [
        parse_query(query).tree
        for query in (
            "Kreis*",
            "*krieg OR Rat",
            "Rat NOT Stadt",
            "source:zdf",
            "cs(Rat)",
        )
    ]
    filing = CandidateIndex(
        [(number, tree) for number, tree in enumerate(trees) if tree]
    )
    assert filing.candidates(
        {"kreistag", "kreis*", "weltkrieg", "*krieg"}
    ) == ({0, 1}, {3})
    assert filing.candidates({"rat", "haus"}) == ({1}, {2, 3, 4})
    assert filing.candidates({"haus", "hof"}) == (set(), {3})
