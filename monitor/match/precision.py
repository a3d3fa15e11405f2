"""How many of a topic's hits fit, as judged by readers, and how sure that is.
Pure.

Counted are stories. The interval is Wilson's (1927, "Probable Inference, the
Law of Succession, and Statistical Inference"): unlike the usual one it is
right for few judgements and near 0 and 1 (Brown, Cai and DasGupta 2001).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import sqrt

SURENESS = 1.959964
"""Standard deviations: the interval holds the true share 95 times in 100."""

FEWEST_JUDGED = 10
"""Stories. Below it the interval is wider than half of all that is possible,
and says nothing.
"""


@dataclass(frozen=True, slots=True)
class Precision:
    """So many of the judged stories fit; the true share lies between `low` and
    `high`.
    """

    right: int
    judged: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The part of the judged stories that fits; 0 where none was judged."""
        return self.right / self.judged if self.judged else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether so many were judged that the share says something."""
        return self.judged >= FEWEST_JUDGED


def precision_of(verdicts: Collection[bool]) -> Precision:
    """The precision from one verdict per story."""
    right, judged = sum(verdicts), len(verdicts)
    return Precision(right, judged, *wilson_interval(right, judged))


def wilson_interval(right: int, judged: int) -> tuple[float, float]:
    """Between which shares the true one lies; all is possible where nothing
    was judged.
    """
    if not judged:
        return 0.0, 1.0
    share = right / judged
    z2 = SURENESS**2
    middle = share + z2 / (2 * judged)
    variance = share * (1 - share) / judged + z2 / (4 * judged**2)
    half = SURENESS * sqrt(variance)
    whole = 1 + z2 / judged
    low = (middle - half) / whole
    high = (middle + half) / whole
    return max(0.0, low), min(1.0, high)


def verdict_of(said: Collection[bool]) -> bool:
    """What a story is where people differ: wrong only if most say so. A hit
    that somebody wants is not to be lost.
    """
    return 2 * sum(said) >= len(said)
