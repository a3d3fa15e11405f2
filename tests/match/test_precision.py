"""Wilson's interval against published and hand-computed values; one verdict
where people differ.
"""

from __future__ import annotations

import pytest

from monitor.match.precision import (
    FEWEST_JUDGED,
    precision_of,
    verdict_of,
    wilson_interval,
)

# Newcombe 1998, "Two-sided confidence intervals for the single proportion",
# table I, method 3 (the first four); the others follow from the formula with
# z² = 3.841459 and paper.
PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
    (20, 20, 0.8389, 1.0),
    (5, 10, 0.2366, 0.7634),
    (9, 10, 0.5958, 0.9821),
    (1, 10, 0.0179, 0.4042),
    (1, 1, 0.2065, 1.0),
    (0, 1, 0.0, 0.7935),
    (50, 100, 0.4038, 0.5962),
]


@pytest.mark.parametrize(("right", "judged", "low", "high"), PUBLISHED)
def test_interval(right: int, judged: int, low: float, high: float) -> None:
    found = wilson_interval(right, judged)
    assert found == pytest.approx((low, high), abs=0.00006)


def test_nothing_judged_leaves_everything_possible() -> None:
    nothing = precision_of([])
    assert (nothing.share, nothing.low, nothing.high) == (0.0, 0.0, 1.0)
    assert not nothing.is_enough


@pytest.mark.parametrize("judged", range(1, 60))
def test_the_share_lies_in_its_interval(judged: int) -> None:
    for right in range(judged + 1):
        found = precision_of([n < right for n in range(judged)])
        assert 0 <= found.low <= found.share + 1e-12
        assert found.share - 1e-12 <= found.high <= 1
        mirrored = wilson_interval(judged - right, judged)
        assert (1 - found.high, 1 - found.low) == pytest.approx(mirrored)


def test_a_share_is_named_from_the_tenth_on() -> None:
    assert not precision_of([True] * (FEWEST_JUDGED - 1)).is_enough
    assert precision_of([True] * FEWEST_JUDGED).is_enough


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ([True], True),
        ([False], False),
        ([True, False], True),  # somebody wants it
        ([False, True, False], False),
        ([True, True, False], True),
        ([False, False, True, True], True),
        ([False] * 3, False),
    ],
)
def test_people_differ(said: list[bool], verdict: bool) -> None:
    assert verdict_of(said) is verdict
