"""The log of polls: one line each, but one for all while our own network is down."""

from __future__ import annotations

import structlog

from monitor.types.state import PollRecord
from monitor.types.web import FailureKind

log = structlog.get_logger("monitor.poll")
NO_NETWORK = "no network, or a proxy? MONITOR_PROXY names one"


class NetworkLog:
    """Logs each poll; while our own network is down, that once instead of each feed. Threads may
    say it twice, which hurts nobody.
    """

    def __init__(self) -> None:
        self._down = False

    def heard(self, record: PollRecord) -> None:
        """The poll's one outcome line, or a line that the network went or came back."""
        down, was_down = record.outcome == FailureKind.OFFLINE.value, self._down
        self._down = down
        if down and was_down:
            return
        if down:
            log.warning("no_network", outcome="offline", detail=record.detail, hint=NO_NETWORK)
            return
        if was_down:
            log.info("network_back", outcome="online")
        log_poll(record)


def log_poll(record: PollRecord) -> None:
    """The poll's one outcome line."""
    facts = {
        "feed": record.feed_id,
        "outcome": record.outcome,
        "status": record.status,
        "items": record.items or None,
        "new": record.new_items or None,
        "changed": record.changed_items or None,
        "ms": round(record.seconds * 1000),
        "next": record.next_due_at.isoformat(timespec="seconds"),
        "why": record.due_reason,
        "detail": record.detail or None,
    }
    well = record.outcome in ("new", "changed", "unchanged", "not_modified")
    (log.info if well else log.warning)(
        "poll", **{name: value for name, value in facts.items() if value is not None}
    )
