"""Learning furniture from counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.boilerplate import (
    announcements,
    block_hash,
    block_hashes,
    learn,
    without_boilerplate,
)

LONG = block_hash("Abonnieren Sie unseren Brief mit allen Nachrichten aus der Region")
SHORT = block_hash("Auch interessant")


@pytest.mark.parametrize(
    ("block", "seen", "articles", "learned"),
    [
        (LONG, 2, 2, False),
        (LONG, 3, 3, True),
        (LONG, 3, 75, True),
        (LONG, 3, 200, False),  # three reports on one matter
        (LONG, 8, 200, True),
        (SHORT, 3, 3, False),
        (SHORT, 5, 10, True),
        (SHORT, 5, 100, False),
        (SHORT, 20, 100, True),
    ],
)
def test_learn(block: int, seen: int, articles: int, learned: bool) -> None:
    pages = [(block, 2 * number) for number in range(seen)] + [
        (2 * number,) for number in range(seen, articles)
    ]
    assert (block in learn(pages)) is learned


def test_a_story_told_several_times_is_no_furniture() -> None:
    story = block_hashes(
        f"Der {n}. Absatz der langen Geschichte vom Zug erzählt noch etwas." for n in range(8)
    )
    pages = [(*story, LONG), (*story, LONG), (*story, LONG, 2), (LONG,), (LONG, 4), (LONG, 6)]
    assert learn(pages) == {LONG}


def test_announcements() -> None:
    found = announcements(
        [
            ("Das Wetter heute", "Kurz."),
            ("Neue Angriffe auf Kiew", "In der Stadt sind wieder Kraftwerke getroffen."),
        ]
    )
    lines = ["Neue Angriffe auf Kiew!", "in der Stadt sind wieder Kraftwerke getroffen"]
    assert found == {block_hash(line) for line in lines}


def test_a_page_of_nothing_else_is_not_emptied() -> None:
    lines = [
        "Die Agentur meldet, dass der Zug heute nicht fährt.",
        "Der Grund ist ein Baum auf dem Gleis.",
        "Ende.",
    ]
    assert without_boilerplate(lines, frozenset(block_hashes(lines))) == lines
    assert without_boilerplate([*lines, "Kurz."], frozenset({block_hash("Kurz.")})) == lines


@given(st.text(max_size=80))
def test_hashes_are_stable_and_fit_a_signed_column(line: str) -> None:
    assert (
        block_hash(line) == block_hash(f"  {line.upper().lower()} ")
        or line.upper().lower() != line.lower()
    )
    assert 0 <= block_hash(line) < 2**63
