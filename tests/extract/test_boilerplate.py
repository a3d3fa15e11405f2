"""Learning from counts which lines repeat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.boilerplate import (
    announcements,
    block_hash,
    elsewhere,
    learn,
)
from monitor.types.page import Learned

LONG = block_hash(
    "Abonnieren Sie unseren Brief mit allen Nachrichten aus der Region"
)
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
    assert (block in learn(pages).repeated) is learned


@pytest.mark.parametrize(
    ("seen", "articles", "lasting"),
    [
        (39, 39, False),
        (40, 40, True),
        (40, 80, True),
        (40, 81, False),
        (100, 200, True),
    ],
)
def test_lasting(seen: int, articles: int, lasting: bool) -> None:
    pages = [(LONG,)] * seen + [()] * (articles - seen)
    assert (LONG in learn(pages).lasting) is lasting


def test_announcements() -> None:
    found = announcements(
        [
            ("Das Wetter heute", "Kurz."),
            (
                "Neue Angriffe auf Kiew",
                "In der Stadt sind wieder Kraftwerke getroffen.",
            ),
        ]
    )
    title = block_hash("Neue Angriffe auf Kiew!")
    summary = block_hash("in der Stadt sind wieder Kraftwerke getroffen")
    assert found == Learned(
        titles=frozenset({title}), summaries=frozenset({summary})
    )


def test_what_the_feed_says_of_this_article_leads_nowhere() -> None:
    same = "Der Dienst warnt vor schweren Gewittern im Land."
    announced = announcements(
        [("Sturm im Kreis Nord bald", same), ("Sturm im Kreis Ost bald", same)]
    )
    other = elsewhere(
        announced, announcements([("Sturm im Kreis Nord bald", same)])
    )
    assert other == Learned(
        titles=frozenset({block_hash("Sturm im Kreis Ost bald")})
    )


@given(st.text(max_size=80))
def test_hashes_are_stable_and_fit_a_signed_column(line: str) -> None:
    assert (
        block_hash(line) == block_hash(f"  {line.upper().lower()} ")
        or line.upper().lower() != line.lower()
    )
    assert 0 <= block_hash(line) < 2**63
