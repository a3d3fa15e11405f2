"""How long logins wait, and what counts as one visitor's network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.access.login_throttle import (
    BY_ACCOUNT,
    BY_NETWORK,
    FORGOTTEN_AFTER,
    current_failures,
    network_of,
    wait_left,
)
from monitor.types.accounts import FailedLogins

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (0, 0),
        (4, 0),
        (5, 5),
        (6, 10),
        (7, 20),
        (11, 320),
        (12, 640),
        (13, 900),
        (10**9, 900),
    ],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(
    failures: int, seconds: int
) -> None:
    assert BY_ACCOUNT.wait_after(failures) == timedelta(seconds=seconds)
    assert BY_NETWORK.wait_after(failures + 15) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("ago", "left"),
    [
        (timedelta(0), timedelta(seconds=10)),
        (timedelta(seconds=9), timedelta(seconds=1)),
        (timedelta(seconds=10), timedelta(0)),
        (timedelta(hours=3), timedelta(0)),
        (FORGOTTEN_AFTER, timedelta(0)),
    ],
)
def test_a_wait_ends(ago: timedelta, left: timedelta) -> None:
    assert wait_left(BY_ACCOUNT, FailedLogins(6, NOW - ago), now=NOW) == left


def test_old_failures_do_not_count() -> None:
    young = FailedLogins(6, NOW - FORGOTTEN_AFTER + timedelta(seconds=1))
    assert current_failures(young, now=NOW) == 6
    assert (
        current_failures(FailedLogins(6, NOW - FORGOTTEN_AFTER), now=NOW) == 0
    )


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("unknown", ""),
        ("", ""),
        ("203.0.113.7:80", ""),
    ],
)
def test_the_network_of_one_visitor(address: str, network: str) -> None:
    assert network_of(address) == network
