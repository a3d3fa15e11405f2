"""The short way to the hits in a text finds what splitting the whole text would find."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.index.hits import hits_finder
from monitor.language.stems import stem
from monitor.language.words import words


def check(stems: set[str], text: str, expected: list[str]) -> None:
    find = hits_finder(stems, lambda word: stem(word) in stems)
    assert [text[start:end] for start, end in find(text)] == expected
    everything = hits_finder(None, lambda word: stem(word) in stems)
    assert find(text) == everything(text)


@pytest.mark.parametrize(
    ("stems", "text", "expected"),
    [
        ({"krieg"}, "Kriege, KRIEG; Krieger? Bekriegen", ["Kriege", "KRIEG", "Krieger"]),
        ({"krieg"}, "Ukraine-Krieg", ["Krieg"]),
        ({"ukrainekrieg"}, "im Ukraine-Krieg", ["Ukraine-Krieg"]),
        ({"ub"}, "Üb ueb üB", ["Üb", "ueb", "üB"]),
        ({"arzt"}, "Ärzte Aerzte A\u0308rzte", ["Ärzte", "Aerzte", "A\u0308rzte"]),
        ({"oneill"}, "O’Neill O'Neill", ["O’Neill", "O'Neill"]),
        ({"burg"}, "Bür\u00adger „Bürger“ (bürger)", ["Bür\u00adger", "Bürger", "bürger"]),
        ({"krieg"}, "https://krieg.example/krieg krieg@example.org Krieg", ["Krieg"]),
        ({"a"}, "a b A", ["a", "A"]),
        ({"müller", "日本"}, "日本 日本", ["日本", "日本"]),
        ({"krieg"}, "", []),
        (set(), "Krieg", []),
        ({f"{a}{b}" for a in "abcd" for b in "flgh"}, "af bl zz", ["af", "bl"]),
    ],
)
def test_hits(stems: set[str], text: str, expected: list[str]) -> None:
    check(stems, text, expected)


LETTERS = st.text(st.sampled_from("aeuohsnrBKÜäöß-'’.@\u00ad\u0308 \n5日ﬁ"), max_size=60)


@settings(max_examples=400, deadline=None)
@given(text=LETTERS, chosen=st.integers(0, 60))
def test_the_short_way_is_the_long_way(text: str, chosen: int) -> None:
    found = words(text)
    wanted = {stem(word.folded) for word in found[chosen : chosen + 2]}
    short = hits_finder(wanted, lambda word: stem(word) in wanted)
    long = hits_finder(None, lambda word: stem(word) in wanted)
    assert short(text) == long(text)
    assert bool(short(text)) is bool(wanted)
