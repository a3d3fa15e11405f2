"""When a single pass looks for pages again."""

from __future__ import annotations

import pytest

from monitor.schedule.refill import Refill


@pytest.mark.parametrize(
    ("taken", "held", "after", "is_due"),
    [
        (64, 64, 0.0, False),
        (64, 33, 0.9, False),
        (64, 32, 0.0, True),  # half is done
        (64, 0, 0.0, True),
        (64, 64, 1.0, True),  # the time is over, though nothing ended
        (64, 80, 0.5, False),  # polls came in between
        (3, 2, 0.0, False),
        (3, 1, 0.0, True),
        (1, 1, 0.0, False),
        (1, 0, 0.0, True),
        # nothing was found: whoever has nothing to do looks again
        (0, 0, 0.0, True),
        (0, 1, 0.5, False),
    ],
)
def test_pages_are_looked_for_by_the_half(
    taken: int, held: int, after: float, is_due: bool
) -> None:
    refill = Refill(every=1.0)
    assert refill.is_due(held, now=500.0)  # it has not looked yet
    refill.looked(taken, now=500.0)
    assert refill.is_due(held, now=500.0 + after) is is_due
