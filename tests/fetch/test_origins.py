from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

import pytest

from monitor.fetch.failure import RequestFailed
from monitor.fetch.politeness.origin_backoff import (
    FIRST_ORIGIN_BACKOFF,
    Backoff,
    OriginMemory,
)
from monitor.fetch.transport.url_target import Target, parse_target
from monitor.types.web import FailureKind, OriginRecord
from tests.fakes import SetClock

ORIGIN = "https://example.de:443"


FEED, PAGE, OTHER, THIRD = (
    parse_target(f"https://example.de/{name}")
    for name in ("rss", "a", "b", "c")
)
LONGEST = timedelta(days=31)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


def rested(rests: Backoff, target: Target) -> timedelta | None:
    """How long this address is still left alone."""
    with contextlib.suppress(RequestFailed):
        rests.check(target)
        return None
    with pytest.raises(RequestFailed) as failed:
        rests.check(target)
    assert failed.value.kind is FailureKind.RESTING
    assert failed.value.retry_at is not None
    return failed.value.retry_at - rests._clock.now()


def test_our_own_waits_double_up_to_a_day_and_start_anew_after_success() -> (
    None
):
    clock = SetClock()
    rests = Backoff(clock, OriginMemory(), chance=lambda: 0.0)

    def begin() -> float:
        return (
            rests.begin(PAGE, status=503, asked=None, longest=LONGEST)
            - clock.now()
        ).total_seconds()

    assert [begin() for _ in range(3)] == [60, 120, 240]
    assert [begin() for _ in range(20)][-1] == 86400
    rests.over(PAGE)
    assert begin() == 60


def test_jitter_only_lengthens() -> None:
    clock = SetClock()
    rests = Backoff(clock, OriginMemory(), chance=lambda: 1.0)
    assert rests.begin(
        PAGE, status=503, asked=None, longest=LONGEST
    ) - clock.now() == timedelta(seconds=66)
    asked = timedelta(seconds=120)
    assert (
        rests.begin(PAGE, status=503, asked=asked, longest=LONGEST)
        - clock.now()
        == asked
    )


MINUTES = [timedelta(minutes=10 * 2**n) for n in range(8)]


@pytest.mark.parametrize(
    ("status", "asked", "rests_after"),
    # how long another address is left alone after the first, second, third and
    # fourth address answered so
    [
        (429, timedelta(seconds=30), [timedelta(seconds=30)] * 4),
        (429, YEAR, MINUTES[:4]),
        (
            429,
            timedelta(minutes=15),
            [MINUTES[0], *[timedelta(minutes=15)] * 3],
        ),
        (429, None, [timedelta(seconds=60)] * 4),
        (503, timedelta(seconds=30), [timedelta(seconds=30)] * 4),
        (503, YEAR, MINUTES[:4]),
        (503, None, [None, *[timedelta(seconds=60)] * 3]),
    ],
)
def test_the_origin_rests_shortly_and_longer_where_several_addresses_say_so(
    status: int, asked: timedelta | None, rests_after: list[timedelta | None]
) -> None:
    clock = SetClock()
    rests = Backoff(clock, OriginMemory(), chance=lambda: 0.0)
    found = []
    for number in range(4):
        rests.begin(
            parse_target(f"https://example.de/{number}"),
            status=status,
            asked=asked,
            longest=LONGEST,
        )
        found.append(rested(rests, FEED))
    assert found == rests_after


def test_an_origin_rests_a_day_at_the_very_most() -> None:
    rests = Backoff(SetClock(), OriginMemory())
    for number in range(100):
        rests.begin(
            parse_target(f"https://example.de/{number}"),
            status=429,
            asked=YEAR,
            longest=LONGEST,
        )
    assert rested(rests, FEED) == DAY


def test_one_address_however_often_does_not_lengthen_the_rest() -> None:
    clock = SetClock()
    rests = Backoff(clock, OriginMemory(), chance=lambda: 0.0)
    for _ in range(30):
        rests.begin(PAGE, status=429, asked=YEAR, longest=LONGEST)
        rests.begin(OTHER, status=503, asked=None, longest=LONGEST)
        assert (rested(rests, FEED) or DAY) <= 2 * FIRST_ORIGIN_BACKOFF
        clock.advance(LONGEST)


def test_an_answer_of_any_address_makes_the_next_rest_short() -> None:
    rests = Backoff(SetClock(), OriginMemory())
    for target in (PAGE, OTHER):
        rests.begin(target, status=503, asked=YEAR, longest=LONGEST)
    rests._clock.advance(HOUR)  # type: ignore[attr-defined]
    rests.over(FEED)
    rests.begin(THIRD, status=503, asked=YEAR, longest=LONGEST)
    assert rested(rests, FEED) == FIRST_ORIGIN_BACKOFF
    assert rested(rests, PAGE) == LONGEST - HOUR, "its own wait stays"


def test_a_wait_survives_a_restart_ends_by_itself_and_can_be_lifted() -> None:
    clock, store = SetClock(), dict[str, OriginRecord]()

    def keep(record: OriginRecord, _: object) -> None:
        store[record.origin] = record

    before = Backoff(clock, OriginMemory(store.get, keep))
    until = before.begin(
        PAGE, status=429, asked=timedelta(hours=2), longest=LONGEST
    )
    after = Backoff(clock, OriginMemory(store.get, keep))
    with pytest.raises(RequestFailed) as failed:
        after.check(PAGE)
    assert (failed.value.kind, failed.value.retry_at) == (
        FailureKind.RESTING,
        until,
    )
    said = "it answered 429, asking for 2 h"
    assert (
        failed.value.detail
        == f"{PAGE.url} is not asked until 2025-06-02 10:00:00 UTC: {said}"
    )
    with pytest.raises(RequestFailed) as failed:
        after.check(FEED)
    assert failed.value.retry_at == clock.now() + FIRST_ORIGIN_BACKOFF
    assert failed.value.detail.endswith(
        ": https://example.de/a: it answered 429, asking for 2 h"
    )
    after.check(parse_target("https://other.de/a"))
    clock.advance(FIRST_ORIGIN_BACKOFF)
    after.check(FEED)
    assert rested(after, PAGE) == timedelta(hours=2) - FIRST_ORIGIN_BACKOFF
    after.lift(PAGE)
    after.check(PAGE)
    assert store[ORIGIN].waits == {}


def test_nothing_is_written_where_there_is_nothing_to_lift() -> None:
    written: list[OriginRecord] = []
    rests = Backoff(
        SetClock(),
        OriginMemory(None, lambda record, _: written.append(record)),
    )
    rests.lift(PAGE)
    assert written == []
    rests.begin(PAGE, status=429, asked=HOUR, longest=LONGEST)
    rests.lift(FEED)
    assert len(written) == 2, (
        "the origin's rest ends though this address has no wait"
    )
    assert rested(rests, FEED) is None
    rests.lift(FEED)
    assert len(written) == 2


def test_waits_stay_bounded() -> None:
    clock = SetClock()
    memory = OriginMemory()
    rests = Backoff(clock, memory)
    for number in range(500):
        rests.begin(
            parse_target(f"https://example.de/{number}"),
            status=503,
            asked=HOUR * (number + 1),
            longest=YEAR,
        )
    waits = memory.get(ORIGIN).waits
    assert len(waits) == 200
    assert (
        min(wait.until for wait in waits.values()) == clock.now() + 301 * HOUR
    )


def test_fields_change_one_by_one() -> None:
    memory = OriginMemory()
    until = datetime.fromisoformat("2026-10-05T10:00:00+00:00")
    memory.change(ORIGIN, robots_status=200, robots_body=b"x")
    memory.change(ORIGIN, backoff_until=until)
    assert memory.get(ORIGIN) == OriginRecord(ORIGIN, 200, b"x", None, until)


def test_memory_stays_bounded_and_the_store_fills_the_gaps() -> None:
    store: dict[str, OriginRecord] = {}
    memory = OriginMemory(
        store.get, lambda record, _: store.__setitem__(record.origin, record)
    )
    for number in range(100):
        memory.change(
            f"http://{number}.de:80", robots_body=b"x" * (500 * 1024)
        )
    assert memory._bytes <= 32 * 1024 * 1024
    assert memory._bytes == sum(
        len(record.robots_body) for record in memory._records.values()
    )
    assert len(memory.get("http://0.de:80").robots_body) == 500 * 1024
