"""When mail may go out."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from monitor.schedule.pacing import (
    Decision,
    decide,
    digest_begin,
    digest_time,
    quiet_until,
)
from monitor.types.catalog import Mode, QuietHours, Schedule

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # 11:00 in Berlin
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = QuietHours(time(22), time(6))


def check(
    expected: Decision,
    *ago: int | tuple[int, str],
    mode: Mode = "immediate",
    waiting: timedelta = timedelta(0),
    now: datetime = NOW,
    quiet: QuietHours | None = None,
    catching_up: bool = False,
) -> None:
    """`ago`: minutes since the mails of the last hour, newest first, with
    their kind where it is not immediate.
    """
    pairs = [
        mail if isinstance(mail, tuple) else (mail, "immediate")
        for mail in ago
    ]
    sent = [(now - minutes * MINUTE, kind) for minutes, kind in pairs]
    found = decide(
        mode,
        sent,
        oldest=now - waiting,
        mails_per_hour=3,
        quiet=quiet,
        now=now,
        catching_up=catching_up,
    )
    assert found == expected


def test_the_first_hit_goes_out_at_once() -> None:
    check(Decision())
    check(Decision(), 70)
    check(Decision(), 20)


def test_hits_of_the_next_quarter_of_an_hour_are_collected_into_one_mail() -> (
    None
):
    check(Decision(wait_until=NOW + 5 * MINUTE, why="collected"), 10)
    check(Decision(kind="collected"), 15, waiting=5 * MINUTE)
    check(Decision(kind="collected"), 18, waiting=5 * MINUTE)
    check(
        Decision(wait_until=NOW + 5 * MINUTE, why="collected"), (10, "digest")
    )


def test_after_the_collected_ones_the_next_comes_at_once_again() -> None:
    check(Decision(), (1, "collected"), 70)


def test_the_flood_brake_turns_the_last_mail_into_a_digest_then_waits() -> (
    None
):
    flood = Decision(kind="digest", occasion="flood")
    check(flood, 16, 32)
    check(
        Decision(wait_until=NOW + 10 * MINUTE, why="flood brake"), 16, 33, 50
    )
    check(
        Decision(wait_until=NOW + 27 * MINUTE, why="flood brake"),
        5,
        16,
        33,
        50,
    )


def test_mails_of_a_clock_that_was_ahead_hold_nothing_back() -> None:
    check(Decision(), -600, -610, -620)
    check(Decision(wait_until=NOW + 5 * MINUTE, why="collected"), -600, 10)


def test_after_an_outage_one_catch_up_digest() -> None:
    expected = Decision(kind="digest", occasion="catch_up")
    check(expected, waiting=3 * HOUR)
    check(expected, catching_up=True)
    check(expected, 1, 2, 3, catching_up=True)
    check(expected, mode="digest", catching_up=True)
    check(expected, mode="digest", waiting=3 * HOUR)
    late = NOW.replace(hour=22)
    wait = Decision(
        wait_until=datetime(2026, 11, 24, 5, 0, tzinfo=UTC), why="quiet hours"
    )
    check(wait, now=late, quiet=NIGHT, catching_up=True)


def test_digests_are_digests() -> None:
    check(Decision(kind="digest"), mode="digest", waiting=HOUR)


def test_quiet_hours_hold_back_and_then_say_so() -> None:
    late = NOW.replace(hour=22)  # 23:00 in Berlin
    wait = Decision(
        wait_until=datetime(2026, 11, 24, 5, 0, tzinfo=UTC), why="quiet hours"
    )
    check(wait, now=late, quiet=NIGHT)
    check(
        Decision(kind="digest", occasion="quiet"),
        waiting=8 * HOUR,
        quiet=NIGHT,
    )


@pytest.mark.parametrize(
    ("hour", "quiet", "expected"),
    [
        (21, NIGHT, datetime(2026, 11, 24, 5, 0, tzinfo=UTC)),
        (2, NIGHT, datetime(2026, 11, 23, 5, 0, tzinfo=UTC)),
        (5, NIGHT, None),
        (
            12,
            QuietHours(time(13), time(14)),
            datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
        ),
        (13, QuietHours(time(13), time(14)), None),
        (13, QuietHours(time(14), time(14)), None),
    ],
)
def test_quiet_until(
    hour: int, quiet: QuietHours, expected: datetime | None
) -> None:
    assert quiet_until(quiet, NOW.replace(hour=hour)) == expected


@pytest.mark.parametrize(
    ("cron", "now", "expected"),
    [
        ("0 8 * * *", NOW, datetime(2026, 11, 24, 7, 0, tzinfo=UTC)),
        (
            "0 8 * * *",
            datetime(2026, 10, 24, 12, 0, tzinfo=UTC),
            datetime(2026, 10, 25, 7, 0, tzinfo=UTC),
        ),
        (
            "0 8 * * *",
            datetime(2026, 3, 28, 12, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 6, 0, tzinfo=UTC),
        ),
        (
            "30 2 * * *",
            datetime(2026, 3, 28, 12, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        ),
        ("0 8,12 * * mon", NOW, datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        (
            "30 2 * * *",
            datetime(2026, 10, 25, 0, 31, tzinfo=UTC),
            datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
        ),
        (
            "0 * * * *",
            datetime(2026, 10, 25, 0, 1, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
        ),
        ("0 8 31 * *", NOW, datetime(2026, 12, 31, 7, 0, tzinfo=UTC)),
        ("0 8 29 2 *", NOW, datetime(2028, 2, 29, 7, 0, tzinfo=UTC)),
    ],
)
def test_digest_times_over_daylight_saving(
    cron: str, now: datetime, expected: datetime
) -> None:
    assert digest_time(Schedule(cron, "Europe/Berlin"), now=now) == expected


@pytest.mark.parametrize(
    ("cron", "now", "expected"),
    [
        (
            "0 8,12,17 * * *",
            datetime(2026, 11, 25, 11, 0, 1, tzinfo=UTC),
            datetime(2026, 11, 25, 7, 0, tzinfo=UTC),
        ),
        (
            "0 8,12,17 * * *",
            datetime(2026, 11, 25, 7, 0, 2, tzinfo=UTC),
            datetime(2026, 11, 24, 16, 0, tzinfo=UTC),
        ),
        (
            "0 8 * * mon",
            datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
            datetime(2026, 11, 16, 7, 0, tzinfo=UTC),
        ),
        (
            "0 8 1 * *",
            datetime(2026, 11, 1, 7, 5, tzinfo=UTC),
            datetime(2026, 10, 1, 6, 0, tzinfo=UTC),
        ),
        (
            "* * * * *",
            datetime(2026, 11, 25, 7, 0, 5, tzinfo=UTC),
            datetime(2026, 11, 25, 6, 59, tzinfo=UTC),
        ),
        ("0 8 1 1 *", datetime(2026, 1, 1, 7, 0, tzinfo=UTC), None),
    ],
)
def test_a_digest_tells_since_the_one_before(
    cron: str, now: datetime, expected: datetime | None
) -> None:
    assert digest_begin(Schedule(cron, "Europe/Berlin"), now=now) == expected
