from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.fetch.failure import RequestFailed
from monitor.fetch.origins import OriginMemory, Rests
from monitor.types.web import FailureKind, OriginRecord
from tests.fakes import SetClock

ORIGIN = "https://example.de:443"


def test_our_own_rests_double_up_to_a_day_and_start_anew_after_success() -> None:
    clock = SetClock()
    rests = Rests(clock, OriginMemory(), chance=lambda: 0.0)

    def begin() -> float:
        return (rests.begin(ORIGIN, asked=None, reason="it answered 503") - clock.now()).total_seconds()

    assert [begin() for _ in range(3)] == [60, 120, 240]
    assert [begin() for _ in range(20)][-1] == 86400
    rests.over(ORIGIN)
    assert begin() == 60


def test_jitter_only_lengthens() -> None:
    clock = SetClock()
    rests = Rests(clock, OriginMemory(), chance=lambda: 1.0)
    assert rests.begin(ORIGIN, asked=None, reason="") - clock.now() == timedelta(seconds=66)
    asked = timedelta(seconds=120)
    assert rests.begin(ORIGIN, asked=asked, reason="") - clock.now() == asked


def test_a_rest_survives_a_restart_and_ends_by_itself() -> None:
    clock, store = SetClock(), dict[str, OriginRecord]()

    def keep(record: OriginRecord) -> None:
        store[record.origin] = record

    before = Rests(clock, OriginMemory(store.get, keep))
    until = before.begin(ORIGIN, asked=timedelta(seconds=120), reason="it answered 429")
    after = Rests(clock, OriginMemory(store.get, keep))
    with pytest.raises(RequestFailed) as failed:
        after.check(ORIGIN)
    assert (failed.value.kind, failed.value.retry_at) == (FailureKind.RESTING, until)
    assert "it answered 429" in failed.value.detail
    after.check("https://other.de:443")
    clock.advance(timedelta(seconds=120))
    after.check(ORIGIN)


def test_fields_change_one_by_one() -> None:
    memory = OriginMemory()
    until = datetime.fromisoformat("2026-10-05T10:00:00+00:00")
    memory.change(ORIGIN, robots_status=200, robots_body=b"x")
    memory.change(ORIGIN, rest_until=until)
    assert memory.get(ORIGIN) == OriginRecord(ORIGIN, 200, b"x", None, until)


def test_memory_stays_bounded_and_the_store_fills_the_gaps() -> None:
    store: dict[str, OriginRecord] = {}
    memory = OriginMemory(store.get, lambda record: store.__setitem__(record.origin, record))
    for number in range(100):
        memory.change(f"http://{number}.de:80", robots_body=b"x" * (500 * 1024))
    assert memory._bytes <= 32 * 1024 * 1024
    assert memory._bytes == sum(len(record.robots_body) for record in memory._records.values())
    assert len(memory.get("http://0.de:80").robots_body) == 500 * 1024
