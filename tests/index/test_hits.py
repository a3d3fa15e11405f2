"""The short way to the hits in a text finds what splitting the whole text
would find.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.index.compiler.free_text import parse_free_text
from monitor.index.compiler.hit_terms import find_hits_of
from monitor.index.hit_places import Places, hits_finder
from monitor.language.stems import stem
from monitor.language.words import words


def check(stems: set[str], text: str, expected: list[str]) -> None:
    find = hits_finder(Places(stems), lambda word: stem(word) in stems)
    assert [text[start:end] for start, end in find(text)] == expected
    everything = hits_finder(None, lambda word: stem(word) in stems)
    assert find(text) == everything(text)


@pytest.mark.parametrize(
    ("stems", "text", "expected"),
    [
        (
            {"krieg"},
            "Kriege, KRIEG; Krieger? Bekriegen",
            ["Kriege", "KRIEG", "Krieger"],
        ),
        ({"krieg"}, "Ukraine-Krieg", ["Krieg"]),
        ({"ukrainekrieg"}, "im Ukraine-Krieg", ["Ukraine-Krieg"]),
        ({"ub"}, "Üb ueb üB", ["Üb", "ueb", "üB"]),
        (
            {"arzt"},
            "Ärzte Aerzte A\u0308rzte",
            ["Ärzte", "Aerzte", "A\u0308rzte"],
        ),
        ({"oneill"}, "O’Neill O'Neill", ["O’Neill", "O'Neill"]),
        (
            {"burg"},
            "Bür\u00adger „Bürger“ (bürger)",
            ["Bür\u00adger", "Bürger", "bürger"],
        ),
        (
            {"krieg"},
            "https://krieg.example/krieg krieg@example.org Krieg",
            ["Krieg"],
        ),
        ({"a"}, "a b A", ["a", "A"]),
        ({"müller", "日本"}, "日本 日本", ["日本", "日本"]),
        ({"krieg"}, "", []),
        (set(), "Krieg", []),
        (
            {f"{a}{b}" for a in "abcd" for b in "flgh"},
            "af bl zz",
            ["af", "bl"],
        ),
    ],
)
def test_hits(stems: set[str], text: str, expected: list[str]) -> None:
    check(stems, text, expected)


LETTERS = st.text(
    st.sampled_from("aeuohsnrBKÜäöß-'’.@\u00ad\u0308 \n5日ﬁ"), max_size=60
)


@settings(max_examples=400, deadline=None)
@given(text=LETTERS, chosen=st.integers(0, 60))
def test_the_short_way_is_the_long_way(text: str, chosen: int) -> None:
    found = words(text)
    wanted = {stem(word.folded) for word in found[chosen : chosen + 2]}
    short = hits_finder(Places(wanted), lambda word: stem(word) in wanted)
    long = hits_finder(None, lambda word: stem(word) in wanted)
    assert short(text) == long(text)
    assert bool(short(text)) is bool(wanted)


@pytest.mark.parametrize(
    ("places", "is_hit", "text", "expected"),
    [
        (
            Places(endings=["kraftwerk"]),
            "werk",
            "Kraftwerk, Wasserkraftwerke WERK.",
            ["Kraftwerk", "WERK"],
        ),
        (
            Places(endings=["werk"]),
            "werk",
            "Kraft-werk Wer\u00adk wer-k",
            ["Kraft-werk", "Wer\u00adk", "wer-k"],
        ),
        (
            Places(endings=["koeln"]),
            "koeln",
            "Köln Koeln 1. FC-Köln Kölner",
            ["Köln", "Koeln", "FC-Köln"],
        ),
        (Places(endings=["ae"]), "ae", "Ä BAE uä", ["Ä", "BAE", "uä"]),
        (Places(endings=["ss"]), "ss", "Gruß GRUSS Grüße", ["Gruß", "GRUSS"]),
        (Places(endings=["s"]), "s", "s Haus ’s", ["s", "Haus", "s"]),
        (Places(endings=["e"]), "e", "e\u0301 é", ["e\u0301", "é"]),
        (
            Places(["ab"], ["yz"], ["mm"]),
            "",
            "abc xyz xmmx",
            ["abc", "xyz", "xmmx"],
        ),
    ],
)
def test_endings(
    places: Places, is_hit: str, text: str, expected: list[str]
) -> None:
    find = hits_finder(places, lambda word: word.endswith(is_hit))
    assert [text[start:end] for start, end in find(text)] == expected


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    text=LETTERS,
    chosen=st.integers(0, 60),
    cut=st.integers(1, 4),
    other=st.integers(0, 60),
)
def test_the_short_way_to_endings_and_parts_is_the_long_way(
    text: str, chosen: int, cut: int, other: int
) -> None:
    found = words(text)
    endings = tuple(word.folded[-cut:] for word in found[chosen : chosen + 1])
    parts = tuple(
        word.folded[cut:][:cut]
        for word in found[other : other + 1]
        if word.folded[cut:]
    )

    def ask(word):
        return word.endswith(endings) or any(part in word for part in parts)

    assert hits_finder(Places(endings=endings, parts=parts), ask)(
        text
    ) == hits_finder(None, ask)(text)


PLACE = "Der Rat der Stadt tagt. Die Stadt und ihr Rat; Stadtrat Rat."


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ('"Rat der Stadt"', PLACE, ["Rat", "der", "Stadt"]),
        ('"Stadt Rat"', PLACE, []),
        ('"Rat der Stadt" tagt', PLACE, ["Rat", "der", "Stadt", "tagt"]),
        ('"die Stadt" Rat', PLACE, ["Rat", "Die", "Stadt", "Rat", "Rat"]),
        # the same word twice, and a phrase that goes over into itself
        ('"Rat Rat"', "Rat, Rat! Kein Rat", ["Rat", "Rat"]),
        ('"a b a"', "a b a b a b", ["a", "b", "a", "b", "a"]),
        # inflected as the engine finds it, and joined
        ('"neue Brücken"', "Eine neue Brücke.", ["neue", "Brücke"]),
        (
            "Ukraine-Krieg",
            "Ukrainekrieg, Krieg in der Ukraine, Ukraine-Krieg",
            ["Ukrainekrieg", "Ukraine", "Krieg"],
        ),
    ],
)
def test_a_phrase_is_marked_where_it_stands_as_one(
    query: str, text: str, expected: list[str]
) -> None:
    found = find_hits_of(parse_free_text(query))(text)
    assert [text[start:end] for start, end in found] == expected
