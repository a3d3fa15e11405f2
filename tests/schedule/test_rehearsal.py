"""How many mails a topic would have sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from monitor.schedule.rehearsal import Watched, count_mails
from monitor.types.catalog import Mode, QuietHours, Schedule

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def check(
    mode: Mode,
    minutes: list[int],
    expected: int,
    *,
    copies: Sequence[int] = (),
    quiet: QuietHours | None = None,
    stood_still: tuple[int, int] | None = None,
) -> None:
    arrivals = [NOW + timedelta(minutes=m) for m in minutes]
    hits = [*arrivals, *(NOW + timedelta(minutes=m) for m in copies)]
    away = (
        [
            (
                NOW + timedelta(minutes=stood_still[0]),
                NOW + timedelta(minutes=stood_still[1]),
            )
        ]
        if stood_still
        else []
    )
    watched = Watched(
        hits=hits,
        since=min(hits, default=NOW) - timedelta(days=1),
        stood_still=away,
    )
    found = count_mails(
        mode,
        arrivals,
        schedule=Schedule("0 8,18 * * *"),
        mails_per_hour=6,
        quiet=quiet,
        watched=watched,
    )
    assert found == expected


def test_nothing_found_sends_nothing() -> None:
    for mode in ("immediate", "digest", "spike"):
        check(mode, [], 0)


def test_immediate_mails_collect() -> None:
    check("immediate", [0], 1)
    check("immediate", [14, 0, 5], 2)
    check("immediate", [0, 5, 14, 16], 3)
    check("immediate", list(range(48)), 6)  # the sixth is the flood digest
    check("immediate", list(range(600)), 60)


def test_quiet_hours_make_one_of_a_night() -> None:
    check("immediate", [0, 60, 120], 1, quiet=QuietHours(time(10), time(18)))


def test_digests() -> None:
    check("digest", [0, 100, 24 * 60, 600], 3)


DAY = 24 * 60
USUAL = [n * DAY for n in range(14)]
BURST = [14 * DAY + n for n in range(12)]


def test_a_day_far_above_the_others_is_one_spike() -> None:
    check("spike", USUAL, 0)
    check("spike", USUAL + BURST, 1)
    check("spike", USUAL + BURST + [minute + 300 for minute in BURST], 1)
    check("spike", [*USUAL, 13 * DAY + 60, *BURST], 1)
    check("spike", USUAL[7:] + BURST, 1)
    check("spike", USUAL[8:] + BURST, 0)  # watched for six days only


def test_copies_make_a_spike_although_they_alert_nobody() -> None:
    check("spike", [*USUAL, 14 * DAY], 1, copies=BURST)


def test_days_are_compared_up_to_the_same_hour() -> None:
    """Ten articles every afternoon; the first ten of today come in the
    morning.
    """
    usual = [day * DAY + 300 + n for day in range(14) for n in range(10)]
    check("spike", usual, 0)
    check("spike", usual + [14 * DAY + n for n in range(10)], 1)
    check("spike", usual + [14 * DAY + 300 + n for n in range(10)], 0)


def test_a_spike_is_told_after_quiet_hours_of_the_same_day() -> None:
    check("spike", USUAL + BURST, 1, quiet=QuietHours(time(10), time(18)))
    check("spike", USUAL + BURST, 0, quiet=QuietHours(time(10), time(0)))


def test_what_is_read_in_one_go_after_an_outage_is_no_spike() -> None:
    check(
        "spike", USUAL + BURST, 0, stood_still=(14 * DAY - 600, 14 * DAY + 20)
    )
