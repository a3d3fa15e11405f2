"""A network that is away is said once, and so is a resolver that knows no name
any more.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from monitor.flow.ingest.poll_log import NetworkLog
from monitor.types.state import PollRecord

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)


def heard(*polls: tuple[str, str]) -> list[str]:
    """What is logged of polls, each a feed and an outcome: `poll:FEED` or the
    name of an event.
    """
    network = NetworkLog()
    with capture_logs() as lines:
        for feed, outcome in polls:
            due = NOW + timedelta(minutes=10)
            network.heard(
                PollRecord(
                    feed, NOW, 0.1, outcome, due, "why", detail="no address"
                )
            )
    return [
        f"poll:{line['feed']}"
        if line["event"] == "poll"
        else str(line["event"])
        for line in lines
    ]


def feeds(outcome: str, count: int, start: int = 0) -> list[tuple[str, str]]:
    return [(f"f{number}", outcome) for number in range(start, start + count)]


@pytest.mark.parametrize(
    ("polls", "expected"),
    [
        (feeds("offline", 105), ["no_network"]),
        (feeds("dns", 105), ["poll:f0", "poll:f1", "poll:f2", "no_network"]),
        (feeds("dns", 3), ["poll:f0", "poll:f1", "poll:f2"]),
        (feeds("dns", 1) * 9, ["poll:f0"] * 9),
        ([*feeds("offline", 1), *feeds("dns", 9)], ["no_network"]),
        (
            [*feeds("dns", 9), *feeds("offline", 9)],
            ["poll:f0", "poll:f1", "poll:f2", "no_network"],
        ),
        (
            [*feeds("dns", 2), *feeds("new", 1), *feeds("dns", 2)],
            ["poll:f0", "poll:f1", "poll:f0", "poll:f0", "poll:f1"],
        ),
        (
            [*feeds("dns", 8), *feeds("new", 1), *feeds("dns", 1, start=5)],
            [
                "poll:f0",
                "poll:f1",
                "poll:f2",
                "no_network",
                "network_back",
                "poll:f0",
                "poll:f5",
            ],
        ),
        (
            [*feeds("dns", 9), *feeds("dns", 9)],
            ["poll:f0", "poll:f1", "poll:f2", "no_network"],
        ),
        (feeds("not_found", 5), [f"poll:f{number}" for number in range(5)]),
        (
            [*feeds("dns", 3), *feeds("timeout", 1), *feeds("dns", 1)],
            ["poll:f0", "poll:f1", "poll:f2", "poll:f0", "poll:f0"],
        ),
    ],
)
def test_what_is_logged(
    polls: list[tuple[str, str]], expected: list[str]
) -> None:
    assert heard(*polls) == expected
