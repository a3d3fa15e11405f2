"""Learning furniture from counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.boilerplate import block_hash, block_hashes, learn, without_boilerplate

LONG = block_hash("Abonnieren Sie unseren Brief mit allen Nachrichten aus der Region")
SHORT = block_hash("Auch interessant")


@pytest.mark.parametrize(
    ("block", "seen", "articles", "learned"),
    [
        (LONG, 2, 2, False),
        (LONG, 3, 3, True),
        (LONG, 3, 1000, True),
        (SHORT, 3, 3, False),
        (SHORT, 5, 10, True),
        (SHORT, 5, 100, False),
        (SHORT, 20, 100, True),
    ],
)
def test_learn(block: int, seen: int, articles: int, learned: bool) -> None:
    assert (block in learn([(block, seen)], articles)) is learned


def test_a_copy_of_an_article_is_not_emptied() -> None:
    lines = ["Die Agentur meldet, dass der Zug heute nicht fährt.", "Der Grund ist ein Baum auf dem Gleis.", "Ende."]
    assert without_boilerplate(lines, frozenset(block_hashes(lines))) == lines
    assert without_boilerplate([*lines, "Kurz."], frozenset({block_hash("Kurz.")})) == lines


@given(st.text(max_size=80))
def test_hashes_are_stable_and_fit_a_signed_column(line: str) -> None:
    assert block_hash(line) == block_hash(f"  {line.upper().lower()} ") or line.upper().lower() != line.lower()
    assert 0 <= block_hash(line) < 2**63
