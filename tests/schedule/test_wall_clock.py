"""Cron expressions and wall times against a plain reference that walks minute
by minute.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.cron import cron_expression
from monitor.schedule.pacing import quiet_until
from monitor.schedule.wall_clock import first_instant, next_time
from monitor.types.catalog import QuietHours

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/St_Johns", date(2010, 3, 14)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("America/St_Johns", date(2026, 11, 1)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kathmandu", date(2026, 3, 29)),
    ("Africa/Casablanca", date(2025, 2, 23)),
    ("Africa/Casablanca", date(2025, 4, 6)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Apia", date(2011, 9, 24)),
    ("Asia/Tehran", date(2022, 3, 22)),
    ("Asia/Tehran", date(2022, 9, 21)),
    ("Pacific/Chatham", date(2026, 4, 5)),
    ("Pacific/Chatham", date(2026, 9, 27)),
]
Fits = Callable[[datetime], bool]


@cache
def walked(
    zone: str, day: date
) -> list[tuple[datetime, datetime, list[datetime]]]:
    """Each minute around `day`: the instant, what the clock shows, and the
    wall minutes it has newly passed.
    """
    start = datetime.combine(day, time(), UTC) - 26 * HOUR
    # before the window, so that the furthest wall time is known when it
    # begins
    first = start - 26 * HOUR
    furthest = first.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    rows = []
    for number in range(1, 104 * 60):
        instant = first + number * MINUTE
        shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        passed = []
        while furthest < shown:
            furthest += MINUTE
            passed.append(furthest)
        if instant >= start:
            rows.append((instant, shown, passed))
    return rows


def numbers(field: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for item in field.split(","):
        base, _, step = item.partition("/")
        first, _, last = base.partition("-")
        if base == "*":
            begin, end = low, high
        else:
            begin = int(first)
            end = int(last) if last else (high if step else begin)
        found |= set(range(begin, end + 1, int(step or 1)))
    return found


def fitting(cron: str) -> Fits:
    minute, hour, day, month, weekday = cron.split()
    minutes, hours = numbers(minute, 0, 59), numbers(hour, 0, 23)
    days, months = numbers(day, 1, 31), numbers(month, 1, 12)
    weekdays = {number % 7 for number in numbers(weekday, 0, 7)}

    def fits(wall: datetime) -> bool:
        if (
            wall.minute not in minutes
            or wall.hour not in hours
            or wall.month not in months
        ):
            return False
        by_day = wall.day in days
        by_weekday = wall.isoweekday() % 7 in weekdays
        return (
            by_day or by_weekday
            if "*" not in (day, weekday)
            else by_day and by_weekday
        )

    return fits


def reference(cron: str, zone: str, day: date) -> list[datetime]:
    fits = fitting(cron)
    if cron.startswith("*") or cron.split()[1].startswith("*"):
        return [
            instant for instant, shown, _ in walked(zone, day) if fits(shown)
        ]
    return [
        instant
        for instant, _, passed in walked(zone, day)
        if any(map(fits, passed))
    ]


def check(cron: str, zone: str, day: date) -> None:
    rows = walked(zone, day)
    found = []
    due = next_time(cron, ZoneInfo(zone), now=rows[0][0])
    while due is not None and due <= rows[-1][0]:
        found.append(due)
        due = next_time(cron, ZoneInfo(zone), now=due + MINUTE)
    assert found == reference(cron, zone, day)


@pytest.mark.slow
@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_each_hour_over_each_change(zone: str, day: date) -> None:
    for hour in range(24):
        check(f"0 {hour} * * *", zone, day)
        check(f"30 {hour} * * *", zone, day)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
@pytest.mark.parametrize(
    "cron",
    [
        "*/15 * * * *",
        "0 * * * *",
        "*/20 2 * * *",
        "10,40 1,2,3 * * *",
        "0 */3 * * *",
        "15 1-3 * * *",
        "0 0 * * 0",
        "30 2 * * 0",
        "0 8,12,17 * * *",
        "0/30 2 * * *",
        "*/45 0-4/2 * * 6,0",
        "0 1-23/2 * * *",
        "59 23 * * *",
        "0 0 1 * 0",
        "45 2 8,29 * 6",
        "*/30 5 * * *",
    ],
)
def test_lists_steps_and_weekdays_over_each_change(
    cron: str, zone: str, day: date
) -> None:
    check(cron, zone, day)


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    listed = st.lists(number, min_size=1, max_size=4, unique=True).map(
        lambda found: ",".join(map(str, found))
    )
    spans = st.tuples(number, number).map(
        lambda pair: f"{min(pair)}-{max(pair)}"
    )
    steps = st.tuples(spans, st.integers(1, 7)).map(
        lambda pair: f"{pair[0]}/{pair[1]}"
    )
    stars = st.sampled_from(["*", "*/2", "*/5", "*/7"])
    return st.one_of(listed, spans, steps, stars)


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(
    change=st.sampled_from(CHANGES),
    minute=st.one_of(st.just("0"), field(0, 59)),
    hour=field(0, 23),
    day=st.one_of(
        st.just("*"),
        field(1, 31).filter(lambda text: not text.startswith("*")),
    ),
    weekday=st.one_of(
        st.just("*"), field(0, 6).filter(lambda text: not text.startswith("*"))
    ),
)
def test_any_expression_over_any_change(
    change: tuple[str, date], minute: str, hour: str, day: str, weekday: str
) -> None:
    check(f"{minute} {hour} {day} * {weekday}", *change)


def changes_of_all_zones(year: int) -> list[tuple[str, date]]:
    """One zone for each change of an offset that any zone of the database
    makes in `year`.
    """
    found: dict[tuple[date, timedelta | None, timedelta | None], str] = {}
    begin = datetime(year, 1, 1, tzinfo=UTC)
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        before = begin.astimezone(zone).utcoffset()
        for number in range(1, 366):
            day = begin + number * 24 * HOUR
            after = day.astimezone(zone).utcoffset()
            if after != before:
                found.setdefault((day.date(), before, after), name)
            before = after
    return [
        (name, day - timedelta(days=1)) for (day, *_), name in found.items()
    ]


@pytest.mark.slow
def test_every_change_of_every_zone() -> None:
    """Both changes of each zone, each hour of the day, and names of weekdays
    as feeds.yaml has them.
    """
    changes = changes_of_all_zones(2026)
    assert len(changes) > 20
    assert {name for name, _ in changes} & {
        "Europe/Berlin",
        "Africa/Ceuta",
        "Arctic/Longyearbyen",
    }
    for zone, day in changes:
        for cron in (
            *(f"30 {hour} * * *" for hour in range(24)),
            "*/20 * * * *",
        ):
            check(cron, zone, day)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
@pytest.mark.parametrize(
    ("named", "numbered"),
    [
        ("30 2 * * sun", "30 2 * * 0"),
        ("0 8,12,17 * * mon-fri", "0 8,12,17 * * 1-5"),
        ("15 3 * * Sa,So", "15 3 * * 6,0"),
        ("0 1-4 * * fri-mon", "0 1-4 * * 0,1,5,6"),
        ("30 0/2 * * sat-sun", "30 0/2 * * 6,0"),
        ("0 2 * * mo-fr/2", "0 2 * * 1,3,5"),
        ("0 0 * * 7", "0 0 * * 0"),
        ("*/30 1,2,3 * * so", "*/30 1,2,3 * * 0"),
    ],
)
def test_names_of_weekdays(
    named: str, numbered: str, zone: str, day: date
) -> None:
    rows = walked(zone, day)
    due = next_time(cron_expression(named), ZoneInfo(zone), now=rows[0][0])
    found = []
    while due is not None and due <= rows[-1][0]:
        found.append(due)
        due = next_time(
            cron_expression(named), ZoneInfo(zone), now=due + MINUTE
        )
    assert found == reference(numbered, zone, day)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_each_wall_minute_has_the_instant_at_which_it_is_first_passed(
    zone: str, day: date
) -> None:
    for instant, _, passed in walked(zone, day):
        for wall in passed[:: max(len(passed) // 10, 1)]:
            assert first_instant(wall, ZoneInfo(zone)) == instant


@pytest.mark.parametrize(("zone", "day"), CHANGES)
@pytest.mark.parametrize("begin", [0, 2, 22])
@pytest.mark.parametrize("end", [time(1), time(2, 15), time(3), time(6)])
def test_quiet_hours_over_each_change(
    zone: str, day: date, begin: int, end: time
) -> None:
    """Quiet from the minute that passes the begin until the one that passes
    the end, and never twice a day. Asked are the minutes beside each quarter
    of an hour: states change there only.
    """
    inside = None
    for instant, shown, passed in walked(zone, day):
        for wall in passed:
            if wall.time() == end:
                inside = False
            elif wall.time() == time(begin):
                inside = True
        if (
            inside is None
            or begin == end.hour
            or shown.minute % 15 not in (14, 0, 1)
        ):
            continue
        found = quiet_until(QuietHours(time(begin), end, zone), instant)
        assert (found is not None) == inside, instant
