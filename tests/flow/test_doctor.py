"""What is judged about a machine, by what servers said. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from monitor.flow.requests.doctor import (
    from_check,
    judge_clock,
    judge_network,
    judge_rights,
)
from monitor.types.health import HealthCheck
from monitor.types.web import FailureKind, Fetched, FetchFailed, FetchOutcome

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def said(ahead: timedelta = timedelta(0), **headers: str) -> Fetched:
    """An answer of a server whose clock is so far ahead of ours."""
    date = ("date", format_datetime(NOON + ahead, usegmt=True))
    return Fetched(
        "http://x.test/",
        "http://x.test/",
        200,
        b"",
        headers=(date, *headers.items()),
    )


def failed(kind: FailureKind, status: int | None = None) -> FetchFailed:
    return FetchFailed("http://x.test/", kind, "said so", status=status)


HOUR = timedelta(hours=1)
SOON = timedelta(seconds=30)
NO_DATE = Fetched("http://x.test/", "http://x.test/", 200, b"")
NO_TIME = Fetched(
    "http://x.test/", "http://x.test/", 200, b"", headers=(("date", "today"),)
)


@pytest.mark.parametrize(
    ("outcomes", "last_alive", "well"),
    [
        ([], None, True),
        ([said()] * 3, None, True),
        ([said(SOON), said(-SOON), said()], None, True),
        ([said(HOUR)] * 3, None, False),
        ([said(-HOUR)] * 3, None, False),
        ([said(), said(), said(HOUR)], None, True),
        ([said(HOUR), said(HOUR), said()], None, False),
        ([said(-HOUR, age="3600")] * 3, None, True),
        ([NO_DATE, NO_TIME], None, True),
        ([NO_DATE, said(24 * HOUR)], None, False),
        ([failed(FailureKind.DNS)], None, True),
        ([said()], NOON - HOUR, True),
        ([said()], NOON + SOON, True),
        ([], NOON + 24 * HOUR, False),
        ([said()], NOON + 24 * HOUR, False),
    ],
)
def test_the_clock(
    outcomes: list[FetchOutcome], last_alive: datetime | None, well: bool
) -> None:
    found = judge_clock(NOON, outcomes, last_alive)
    assert (found.well, bool(found.fix)) == (well, not well)


def test_a_clock_without_battery() -> None:
    assert not judge_clock(NOON.replace(year=1970), [], None).well


DNS, TLS, OFF = (
    failed(k) for k in (FailureKind.DNS, FailureKind.TLS, FailureKind.OFFLINE)
)
CONNECT, SLOW = failed(FailureKind.CONNECT), failed(FailureKind.TIMEOUT)
REFUSED = failed(FailureKind.SERVER_ERROR, 503)


@pytest.mark.parametrize(
    ("outcomes", "wrong"),
    [
        ([], set()),
        ([said()] * 5, set()),
        ([DNS] * 5, {"dns"}),
        ([DNS] * 3 + [said()] * 2, {"dns"}),
        ([DNS] * 2 + [said()] * 3, set()),
        ([TLS] * 5, {"tls"}),
        ([TLS, said()], set()),
        ([OFF] * 5, {"network"}),
        ([CONNECT, SLOW, OFF], {"network"}),
        ([CONNECT, said(), said()], set()),
        ([REFUSED] * 5, set()),
        ([failed(FailureKind.PROTOCOL, 200)] * 3, set()),
        ([failed(FailureKind.NOT_FOUND, 404)] * 5, set()),
        ([DNS, TLS], set()),
    ],
)
def test_the_network(outcomes: list[FetchOutcome], wrong: set[str]) -> None:
    for proxy in (True, False):
        found = judge_network(outcomes, proxy=proxy)
        assert {finding.name for finding in found if not finding.well} == wrong
        assert all(bool(finding.fix) is not finding.well for finding in found)
    if wrong == {"network"}:
        assert (
            "check MONITOR_PROXY" in judge_network(outcomes, proxy=True)[1].fix
        )


def test_rights(tmp_path: Path) -> None:
    assert judge_rights(tmp_path, tmp_path / "feeds.yaml").well
    assert judge_rights(
        tmp_path / "new" / "data", tmp_path / "feeds.yaml"
    ).well
    file = tmp_path / "file"
    file.touch()
    wrong = judge_rights(file, tmp_path / "feeds.yaml")
    assert (wrong.well, "chown" in wrong.fix) == (False, True)
    assert list(tmp_path.iterdir()) == [file], "nothing is left behind"


def test_a_check_needs_a_fix_only_where_it_is_wrong() -> None:
    assert from_check(HealthCheck("disk", True, "much"), "make room").fix == ""
    assert (
        from_check(HealthCheck("disk", False, "little"), "make room").fix
        == "make room"
    )
