"""How many mails a topic would have sent."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from monitor.schedule.rehearsal import count_mails
from monitor.types.catalog import Mode, QuietHours, Schedule

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def check(mode: Mode, minutes: list[int], expected: int, *, quiet: QuietHours | None = None) -> None:
    arrivals = [NOW + timedelta(minutes=m) for m in minutes]
    found = count_mails(mode, arrivals, schedule=Schedule("0 8,18 * * *"), mails_per_hour=6, quiet=quiet)
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


def test_digests_and_spikes() -> None:
    check("digest", [0, 100, 24 * 60, 600], 3)
    day = 24 * 60
    check("spike", [n * day for n in range(14)] + [14 * day + n for n in range(12)], 1)
