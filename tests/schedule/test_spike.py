"""What is unusual for a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.schedule.spike import Unusual, day_windows, unusual_count


def check(today: int, before: list[int], *, usual: float | None) -> None:
    assert unusual_count(today, before) == (
        None if usual is None else Unusual(today, usual, len(before))
    )


def test_far_above_the_days_before_is_unusual() -> None:
    check(41, [9] * 14, usual=9.0)
    check(5, [0] * 14, usual=0.0)
    check(12, [1, 0, 2, 1, 0, 1, 2], usual=1.0)


def test_a_usual_day_is_not() -> None:
    check(9, [9] * 14, usual=None)
    check(17, [9] * 14, usual=None)
    check(4, [0] * 14, usual=None)
    check(40, [5, 60, 4, 50, 6, 55, 3], usual=None)


def test_nothing_is_usual_in_the_first_week() -> None:
    check(41, [9] * 6, usual=None)
    check(41, [], usual=None)


def test_windows_end_at_the_same_local_time_over_daylight_saving() -> None:
    # the day after the change; 10:30 in Berlin
    now = datetime(2026, 10, 26, 9, 30, tzinfo=UTC)
    windows = day_windows(now, "Europe/Berlin")
    assert len(windows) == 15
    assert windows[0] == (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), now)
    assert windows[1] == (
        datetime(2026, 10, 24, 22, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 9, 30, tzinfo=UTC),
    )
    assert windows[2][1] == datetime(2026, 10, 24, 8, 30, tzinfo=UTC)
    assert all(end - start >= timedelta(hours=10) for start, end in windows)
