"""When a feed is polled next: pure functions, with the clock and the
randomness given.

Order of what counts, strongest first:

1. A 429 or 503 that says when to come back (`Retry-After`) holds this address:
   never earlier, even beyond the configured ceiling, up to `LONGEST_WAIT`. Its
   origin's rest is short, a day at most.
2. Failures: the floor doubled per failure in a row, up to `LONGEST_BACKOFF`;
   never given up. 410 for a day: monthly.
3. What the feed asks for: the longest of max-age, Expires, `ttl` and `sy:`,
   clamped to the configured ceiling.
4. The feed's learned rhythm, clamped to the configured bounds.
5. skipHours and skipDays move the time to the end of the hour or day (RSS 2.0:
   hours in GMT), within the ceiling.
6. Jitter, only upward, at most a tenth: feeds must not clump, and no poll
   comes before its floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from monitor.schedule.rhythm import HOUR, Rhythm, next_hour
from monitor.types.feed import FeedHints
from monitor.types.web import CacheHints, FailureKind, FetchFailed

LONGEST_WAIT = timedelta(days=31)
SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_BACKOFF = timedelta(hours=24)
GONE_AFTER = timedelta(days=1)
GONE_LOOK = timedelta(days=30)
JITTER = 0.1
RHYTHM_WINDOW = timedelta(days=28)
# poll when this many arrivals are expected: half the usual gap, wherever the
# gap varies
HALF_AN_ITEM = 0.5
FEW_ARRIVALS = 8  # below this a profile by hour would be noise
_MOST_DOUBLINGS = 20
DAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, slots=True)
class IntervalBounds:
    """A feed's configured limits, and the zone in which its newsroom sleeps."""

    floor: timedelta
    ceiling: timedelta
    zone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Due:
    """The next time, and why then, for status."""

    at: datetime
    reason: str


def due_after_success(
    bounds: IntervalBounds,
    hints: FeedHints,
    cache: CacheHints,
    arrivals: Sequence[datetime],
    *,
    now: datetime,
    chance: float,
    known_since: datetime | None = None,
) -> Due:
    """The next poll after an answer, 304 included.

    `arrivals` are the times at which the feed's latest items were first seen
    (not publishers' dates), newest first; `chance` is a random number in [0,
    1). `known_since` is the first poll: a feed that never brought anything new
    is asked ever less often.
    """
    ceiling = max(bounds.ceiling, bounds.floor)
    gap, reason = rhythm_gap(arrivals, zone=bounds.zone, now=now)
    if gap is None:
        known_for = now - known_since if known_since else timedelta()
        gap = max(bounds.floor * 2, known_for / 2)
        reason = "no rhythm learned yet"
    if gap < bounds.floor:
        gap, reason = bounds.floor, "configured floor"
    for asked, why in _asked_for(hints, cache, now):
        if asked > gap:
            gap, reason = asked, why
    if gap > ceiling:
        gap, reason = ceiling, "configured ceiling"
    due = now + gap * (1 + JITTER * chance)
    skipped = _after_skips(due, hints, latest=now + ceiling)
    if skipped > due:
        return Due(skipped, "the feed's skipHours or skipDays")
    return Due(due, reason)


def due_after_failure(
    bounds: IntervalBounds,
    failure: FetchFailed,
    *,
    failures: int,
    gone_since: datetime | None,
    now: datetime,
    chance: float,
) -> Due:
    """The next poll after a failure; `failures` counts them in a row, this one
    included (0: not the feed's fault).
    """
    kind = failure.kind
    if failure.retry_at is not None:
        wait = failure.retry_at - now
        jitter = bounds.floor * JITTER * chance
        # Before a redirect nothing was sent: no floor to keep.
        if kind is FailureKind.RESTING and not failure.hops:
            return Due(
                now + max(wait, SHORTEST_WAIT) + jitter,
                "a server asked to wait",
            )
        wait = min(max(wait, bounds.floor), LONGEST_WAIT)
        return Due(now + wait + jitter, f"asked to wait ({kind.value})")
    if (
        kind is FailureKind.GONE
        and gone_since is not None
        and now - gone_since >= GONE_AFTER
    ):
        return Due(now + GONE_LOOK, "gone: a look once a month")
    doublings = min(max(failures - 1, 0), _MOST_DOUBLINGS)
    backoff = min(bounds.floor * 2**doublings, LONGEST_BACKOFF)
    wait = max(backoff, bounds.floor) * (1 + JITTER * chance)
    if not failures:
        return Due(now + wait, f"{kind.value}: not the feed")
    return Due(now + wait, f"failure {failures} in a row ({kind.value})")


def within_bounds(
    due: datetime,
    bounds: IntervalBounds,
    *,
    last_attempt: datetime,
    failing: bool,
) -> datetime:
    """A due time that was set under other bounds, brought within these: for an
    edited configuration.
    """
    earliest = last_attempt + bounds.floor
    latest = last_attempt + max(bounds.ceiling, bounds.floor) * (1 + JITTER)
    if not failing:
        due = min(due, latest)
    return max(due, earliest)


def rhythm_gap(
    arrivals: Sequence[datetime], *, zone: str, now: datetime
) -> tuple[timedelta | None, str]:
    """How long until half an item is expected, by the feed's own hours and
    weekdays; None without any history.

    Items found by one poll count once, so that a burst does not look like a
    busy feed. With few arrivals it is half the median gap; a feed that has
    been silent for long gets a longer one.
    """
    times = sorted(
        {moment for moment in arrivals if now - RHYTHM_WINDOW <= moment <= now}
    )
    if len(times) < 2:
        if not arrivals:
            return None, ""
        return max((now - max(arrivals)) / 2, HOUR), "few items so far"
    if len(times) < FEW_ARRIVALS:
        seconds = [
            (later - earlier).total_seconds()
            for earlier, later in pairwise([*times, now])
        ]
        return timedelta(
            seconds=median(seconds)
        ) / 2, "half the usual gap between items"
    rhythm = Rhythm(times, zone=zone, until=now)
    gap = rhythm.time_until(HALF_AN_ITEM, now, longest=RHYTHM_WINDOW)
    return gap, "rhythm of the feed at this hour"


def _asked_for(
    hints: FeedHints, cache: CacheHints, now: datetime
) -> Iterator[tuple[timedelta, str]]:
    """The waits that answer and document ask for.

    Expires counts only without max-age (RFC 9111, 5.3).
    """
    if cache.max_age is not None:
        yield cache.max_age, "the server's max-age"
    elif cache.expires is not None:
        yield cache.expires - (cache.date or now), "the server's Expires"
    if hints.ttl:
        yield hints.ttl, "the feed's ttl"
    if hints.update_period:
        yield hints.update_period, "the feed's sy:updatePeriod"


def _after_skips(
    due: datetime, hints: FeedHints, *, latest: datetime
) -> datetime:
    """Move out of skipped hours and days (both in GMT, RSS 2.0), but never
    beyond `latest`.
    """
    if len(set(hints.skip_hours)) >= 24 or len(set(hints.skip_days)) >= 7:
        return due  # a feed that never wants to be read is misconfigured
    at = due.astimezone(UTC)
    while at < latest:
        if (
            at.hour not in hints.skip_hours
            and DAYS[at.weekday()] not in hints.skip_days
        ):
            break
        at = next_hour(at)
    return max(due, min(at, latest))
