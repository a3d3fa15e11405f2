"""When a feed is polled next: pure functions, with the clock and the randomness given.

Order of what counts, strongest first:

1. A 429 or 503 that says when to come back (`Retry-After`) holds this address: never earlier, even
   beyond the configured ceiling, up to `LONGEST_WAIT`. Its origin's rest is short, a day at most.
2. Failures: the floor doubled per failure in a row, up to `LONGEST_BACKOFF`; never given up. 410
   for a day: monthly.
3. What the feed asks for: the longest of max-age, Expires, `ttl` and `sy:`, clamped to the
   configured ceiling.
4. The feed's learned rhythm, clamped to the configured bounds.
5. skipHours and skipDays move the time to the end of the hour or day (RSS 2.0: hours in GMT),
   within the ceiling.
6. Jitter, only upward, at most a tenth: feeds must not clump, and no poll comes before its floor.
"""

from __future__ import annotations

from collections.abc import Sequence
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
HALF_AN_ITEM = (
    0.5  # poll when this many arrivals are expected: half the usual gap, wherever the gap varies
)
FEW_ARRIVALS = 8  # below this a profile by hour would be noise
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


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

    `arrivals` are the times at which the feed's latest items were first seen (not publishers'
    dates), newest first; `chance` is a random number in [0, 1). `known_since` is the first poll: a
    feed that never brought anything new is asked ever less often.
    """
    ceiling = max(bounds.ceiling, bounds.floor)
    learned, reason = rhythm_gap(arrivals, zone=bounds.zone, now=now)
    gap = (
        learned if learned is not None else max(bounds.floor * 2, (now - (known_since or now)) / 2)
    )
    if learned is None:
        reason = "no rhythm learned yet"
    if gap < bounds.floor:
        gap, reason = bounds.floor, "configured floor"
    asked = _asked_for(hints, cache, now)
    if asked and asked[0] > gap:
        gap, reason = asked
    if gap > ceiling:
        gap, reason = ceiling, "configured ceiling"
    due = now + gap * (1 + JITTER * chance)
    skipped = _after_skips(due, hints, latest=now + ceiling)
    return Due(skipped, "the feed's skipHours or skipDays") if skipped > due else Due(due, reason)


def due_after_failure(
    bounds: IntervalBounds,
    failure: FetchFailed,
    *,
    failures: int,
    gone_since: datetime | None,
    now: datetime,
    chance: float,
) -> Due:
    """The next poll after a failure; `failures` counts them in a row, this one included (0: not the
    feed's fault).
    """
    # Before a redirect nothing was sent: no floor to keep.
    if failure.kind is FailureKind.RESTING and failure.retry_at is not None and not failure.hops:
        wait = max(failure.retry_at - now, SHORTEST_WAIT)
        return Due(now + wait + bounds.floor * JITTER * chance, "a server asked to wait")
    if failure.retry_at is not None:
        wait = min(max(failure.retry_at - now, bounds.floor), LONGEST_WAIT)
        return Due(
            now + wait + bounds.floor * JITTER * chance, f"asked to wait ({failure.kind.value})"
        )
    if (
        failure.kind is FailureKind.GONE
        and gone_since is not None
        and now - gone_since >= GONE_AFTER
    ):
        return Due(now + GONE_LOOK, "gone: a look once a month")
    doubled = bounds.floor * 2 ** min(max(failures - 1, 0), 20)
    wait = max(min(doubled, LONGEST_BACKOFF), bounds.floor) * (1 + JITTER * chance)
    reason = (
        f"failure {failures} in a row ({failure.kind.value})"
        if failures
        else f"{failure.kind.value}: not the feed"
    )
    return Due(now + wait, reason)


def within_bounds(
    due: datetime, bounds: IntervalBounds, *, last_attempt: datetime, failing: bool
) -> datetime:
    """A due time that was set under other bounds, brought within these: for an edited
    configuration.
    """
    latest = max(bounds.ceiling, bounds.floor) * (1 + JITTER)
    return max(due if failing else min(due, last_attempt + latest), last_attempt + bounds.floor)


def rhythm_gap(
    arrivals: Sequence[datetime], *, zone: str, now: datetime
) -> tuple[timedelta | None, str]:
    """How long until half an item is expected, by the feed's own hours and weekdays; None without
    any history.

    Items found by one poll count once, so that a burst does not look like a busy feed. With few
    arrivals it is half the median gap; a feed that has been silent for long gets a longer one.
    """
    times = sorted({moment for moment in arrivals if now - RHYTHM_WINDOW <= moment <= now})
    if len(times) < 2:
        if not arrivals:
            return None, ""
        return max((now - max(arrivals)) / 2, HOUR), "few items so far"
    if len(times) < FEW_ARRIVALS:
        gaps = [later - earlier for earlier, later in pairwise(times)] + [now - times[-1]]
        return timedelta(
            seconds=median(gap.total_seconds() for gap in gaps)
        ) / 2, "half the usual gap between items"
    rhythm = Rhythm(times, zone=zone, until=now)
    return rhythm.time_until(
        HALF_AN_ITEM, now, longest=RHYTHM_WINDOW
    ), "rhythm of the feed at this hour"


def _asked_for(hints: FeedHints, cache: CacheHints, now: datetime) -> tuple[timedelta, str] | None:
    """The longest wait that answer or document ask for.

    Expires counts only without max-age (RFC 9111, 5.3).
    """
    asked: list[tuple[timedelta, str]] = []
    if cache.max_age is not None:
        asked.append((cache.max_age, "the server's max-age"))
    elif cache.expires is not None:
        asked.append((cache.expires - (cache.date or now), "the server's Expires"))
    if hints.ttl:
        asked.append((hints.ttl, "the feed's ttl"))
    if hints.update_period:
        asked.append((hints.update_period, "the feed's sy:updatePeriod"))
    return max(asked, default=None)


def _after_skips(due: datetime, hints: FeedHints, *, latest: datetime) -> datetime:
    """Move out of skipped hours and days (both in GMT, RSS 2.0), but never beyond `latest`."""
    if len(set(hints.skip_hours)) >= 24 or len(set(hints.skip_days)) >= 7:
        return due  # a feed that never wants to be read is misconfigured
    at = due.astimezone(UTC)
    while at < latest and (at.hour in hints.skip_hours or DAYS[at.weekday()] in hints.skip_days):
        if DAYS[at.weekday()] in hints.skip_days:
            at = (at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        else:
            at = next_hour(at)
    return max(due, min(at, latest)) if at != due else due
