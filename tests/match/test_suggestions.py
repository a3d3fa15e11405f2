"""Words that would widen or narrow a topic, and a query without one of its
parts.
"""

from __future__ import annotations

from collections import Counter

import pytest

from monitor.match.suggestions import (
    Addition,
    as_term,
    narrowings,
    nouns_among,
    own_stems,
    profile_of,
    widenings,
    words_to_try,
)
from monitor.match.topics import ComparedQueries
from monitor.match.variants import variants_of
from monitor.query.parser import parse_query
from monitor.query.tree import Node
from monitor.query.unparse import unparse
from monitor.types.match import MatchText

HITS = [{"bahnstreck", "gleis", "zug", "rat"}] * 4 + [
    {"bahnstreck", "gleis", "zug", "stau"}
] * 4
OTHERS = (
    [{"kita", "garten"}] * 30 + [{"rat", "kita"}] * 8 + [{"gleis", "zug"}] * 2
)


def tree(query: str) -> Node:
    read = parse_query(query).tree
    assert read is not None
    return read


def test_what_stands_beside_the_hits_is_tried() -> None:
    profile = profile_of(HITS, OTHERS, own={"bahnstreck"})
    assert {word.stem for word in words_to_try(profile, set())} == {
        "gleis",
        "zug",
        "stau",
    }
    assert words_to_try(profile, {"stau"})[0].stem == "stau", (
        "names and nouns first"
    )


def test_names_and_nouns_have_capitals() -> None:
    forms = {
        "gleis": Counter({"Gleis": 3, "Gleise": 2, "gleis": 1}),
        "seit": Counter({"seit": 9, "Seit": 4}),
        "oever": Counter({"Över": 1}),
        "lost": Counter[str](),
    }
    assert nouns_among(forms) == {"gleis", "oever"}


@pytest.mark.parametrize(
    ("sample", "near"),
    [
        ({1: {"gleis", "zug"}, 2: {"gleis", "zug"}}, (1, 2)),
        ({1: {"gleis", "zug"}, 2: {"gleis", "kita", "garten"}}, (1,)),
        (
            {
                1: {"gleis", "kita"},
                2: {"gleis", "garten"},
                3: {"gleis", "zug"},
            },
            None,
        ),
        ({1: {"gleis"}}, None),
        ({}, None),
    ],
)
def test_a_word_that_adds_what_is_near(
    sample: dict[int, set[str]], near: tuple[int, ...] | None
) -> None:
    profile = profile_of(HITS, OTHERS, own={"bahnstreck"})
    word = next(word for word in profile.words if word.stem == "gleis")
    found = widenings(profile, [Addition(word, len(sample), sample)])
    assert [each.examples for each in found] == ([near] if near else [])


def test_the_word_that_brings_most_comes_first() -> None:
    profile = profile_of(HITS, OTHERS, own={"bahnstreck"})
    words = {word.stem: word for word in profile.words}
    near = {1: {"gleis", "zug"}}
    additions = [
        Addition(words["zug"], 1, near),
        Addition(words["gleis"], 9, near),
    ]
    assert [each.stem for each in widenings(profile, additions)] == [
        "gleis",
        "zug",
    ]


def test_without_hits_there_is_nothing_to_learn() -> None:
    profile = profile_of([], OTHERS, own=set())
    assert words_to_try(profile, set()) == ()
    assert profile.near(without="") == 0.0


@pytest.mark.parametrize(
    ("wrong", "right", "found"),
    [
        ([{"sport", "tor"}] * 5, [{"rat"}] * 9, ["sport", "tor"]),
        (
            [{"sport"}] * 5 + [{"tor"}] * 2,
            [{"rat"}] * 9 + [{"tor"}],
            ["sport"],
        ),
        ([{"sport"}], [{"rat"}] * 9, []),
        ([{"rat"}] * 5, [{"rat"}] * 5, []),
        ([], [{"rat"}], []),
        ([{"sport", "haushalt"}] * 5, [{"haushalt"}] * 5, ["sport"]),
    ],
)
def test_what_spoils_a_topic(
    wrong: list[set[str]], right: list[set[str]], found: list[str]
) -> None:
    assert [
        each.stem for each in narrowings(wrong, right, own={"haushalt"})
    ] == found


@pytest.mark.parametrize(
    ("query", "stems"),
    [
        ("Haushalt* AND NOT Sport", {"haushalt", "sport"}),
        ('"Rat der Stadt"', {"rat", "der", "stadt"}),
        ("Kreis NEAR/3 Häuser", {"kreis", "haus"}),
        ("title:Rat AND source:zdf", {"rat"}),
    ],
)
def test_own_words(query: str, stems: set[str]) -> None:
    assert own_stems(tree(query)) == stems


@pytest.mark.parametrize(
    ("forms", "term"),
    [
        ({"Kämmerin": 3}, "Kämmerin"),
        ({"Kämmerin": 3, "Kämmerer": 2}, "Kämmer*"),
        ({"Rat": 3, "Räte": 1}, "Rat"),
        ({"Gleise": 2, "Gleisen": 1, "gleis": 1}, "Gleise*"),
        ({"Haus": 2, "Hause": 2}, "Hause"),
        ({}, ""),
    ],
)
def test_how_a_word_is_written(forms: dict[str, int], term: str) -> None:
    assert as_term(forms) == term


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("Rat", []),
        (
            "Rat OR Stadt",
            [("Rat", "alternative", "Stadt"), ("Stadt", "alternative", "Rat")],
        ),
        (
            "Rat AND Stadt",
            [("Rat", "condition", "Stadt"), ("Stadt", "condition", "Rat")],
        ),
        ("Rat AND NOT Sport", [("NOT Sport", "exclusion", "Rat")]),
        (
            "Rat AND NOT (Sport OR Spiel)",
            [
                ("NOT (Sport OR Spiel)", "exclusion", "Rat"),
                ("Sport", "exclusion", "Rat AND NOT Spiel"),
                ("Spiel", "exclusion", "Rat AND NOT Sport"),
            ],
        ),
        (
            "(Rat OR Amt) AND Stadt",
            [
                ("Rat OR Amt", "condition", "Stadt"),
                ("Rat", "alternative", "Amt AND Stadt"),
                ("Amt", "alternative", "Rat AND Stadt"),
                ("Stadt", "condition", "Rat OR Amt"),
            ],
        ),
        (
            "title:(Rat OR Amt)",
            [
                ("Rat", "alternative", "title:Amt"),
                ("Amt", "alternative", "title:Rat"),
            ],
        ),
        ("Kreis NEAR/3 Herford", []),
        ("ATLEAST/2 (Rat OR Amt)", []),
        (
            "Rat AND source:zdf",
            [
                ("Rat", "condition", "source:zdf"),
                ("source:zdf", "condition", "Rat"),
            ],
        ),
    ],
)
def test_variants(query: str, parts: list[tuple[str, str, str]]) -> None:
    found = [
        (each.part, each.kind, unparse(each.tree))
        for each in variants_of(tree(query), most=9)
    ]
    assert found == parts


def test_no_more_variants_than_wanted() -> None:
    assert (
        len(
            variants_of(tree(" OR ".join(f"w{n}" for n in range(50))), most=12)
        )
        == 12
    )


def test_kinds_say_which_way_it_goes() -> None:
    """Whatever the text: without an alternative not more is found, else not
    less.
    """
    query = tree("(Rat OR Amt) AND Stadt AND NOT (Sport OR (Spiel AND Tor))")
    variants = variants_of(query, most=30)
    asked = ComparedQueries([query, *(each.tree for each in variants)])
    words = ("Rat", "Amt", "Stadt", "Sport", "Spiel", "Tor")
    for number in range(2 ** len(words)):
        said = " ".join(
            word for bit, word in enumerate(words) if number >> bit & 1
        )
        whole, *others = asked.ask(MatchText("", "", said))
        for variant, matched in zip(variants, others, strict=True):
            assert (
                matched <= whole if variant.finds_less else matched >= whole
            ), (said, variant)
