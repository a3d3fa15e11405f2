"""Whether a feed has been silent for longer than is usual for it. Pure: the
times of its items are passed in.

Two kinds of silence: it answers but brings nothing new, judged by its own
gaps; or it does not answer. Both are judged late rather than wrongly: a notice
that is often false is not read.

* With two weeks of history a gap is measured in the items that the feed's own
  hours let expect, so that nights and weekends hardly count: silent is what is
  `STRETCH` times as long as its longest gap but one: the longest may have been
  an outage of ours.
* With less, nobody knows its weekends: `FIRST_WEEKS` at least, and `STRETCH`
  times its longest gap.
* A feed with few items is never judged by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.schedule.rhythm import Rhythm

WINDOW = timedelta(days=28)
LEARNED = timedelta(days=14)
FIRST_WEEKS = timedelta(days=3)
SHORTEST = timedelta(hours=6)
FEWEST_GAPS = 12
STRETCH = 3.0
NO_ANSWER = timedelta(days=1)
# in a row: after an outage of ours the first failure must not look like days
# of silence
NO_ANSWER_FAILURES = 4


@dataclass(frozen=True, slots=True)
class Silence:
    """Silent since then; `usual` is the feed's usual pause between items, None
    where it did not answer.
    """

    since: datetime
    usual: timedelta | None = None


def no_news(
    arrivals: Sequence[datetime], *, zone: str, as_of: datetime
) -> Silence | None:
    """The silence of a feed that answers.

    `arrivals` say when its items were found; `as_of` is its last poll.
    """
    times = sorted({moment for moment in arrivals if moment <= as_of})
    if len(times) <= FEWEST_GAPS:
        return None
    latest = times[-1]
    silent_for = as_of - latest
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    if latest - times[0] < LEARNED:
        is_silent = silent_for > max(FIRST_WEEKS, gaps[-1] * STRETCH)
    elif silent_for < max(SHORTEST, gaps[-2]):
        is_silent = False
    else:
        rhythm = Rhythm(times, zone=zone, until=latest)
        in_gaps = sorted(
            rhythm.expected(earlier, later)
            for earlier, later in pairwise(times)
        )
        is_silent = rhythm.expected(latest, as_of) > STRETCH * max(
            in_gaps[-2], 1.0
        )
    usual = gaps[len(gaps) // 2]
    return Silence(latest, usual) if is_silent else None


def no_answer(*, since: datetime, failures: int, as_of: datetime) -> bool:
    """True for a feed that failed often enough and for long enough; `since` is
    its last answer, else its first poll.
    """
    return failures >= NO_ANSWER_FAILURES and as_of - since >= NO_ANSWER
