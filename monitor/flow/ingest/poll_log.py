"""The log of polls: one line each, but one for all while our own network is
down.
"""

from __future__ import annotations

import structlog

from monitor.types.state import PollRecord
from monitor.types.web import FailureKind

log = structlog.get_logger("monitor.poll")
NO_NETWORK = "no network, or a proxy? MONITOR_PROXY names one"


FEW = 3
"""So many feeds in a row may have a name that nobody knows; where more do, it
is our resolver. It says so of every name where it reaches no other.
"""


class NetworkLog:
    """Logs each poll; while our own network is down, that once instead of each
    feed. Threads may say it twice, which hurts nobody.
    """

    def __init__(self) -> None:
        self._down = False
        self._unknown: set[str] = set()

    def heard(self, record: PollRecord) -> None:
        """The poll's one outcome line, or a line that the network went or came
        back.
        """
        was_down, self._down = self._down, self._is_down(record)
        if self._down and was_down:
            return
        if self._down:
            log.warning(
                "no_network",
                outcome="offline",
                detail=record.detail,
                hint=NO_NETWORK,
            )
            return
        if was_down:
            log.info("network_back", outcome="online")
        log_poll(record)

    def _is_down(self, record: PollRecord) -> bool:
        if record.outcome == FailureKind.OFFLINE.value:
            return True
        if record.outcome != FailureKind.DNS.value:
            self._unknown = set()
            return False
        self._unknown |= {record.feed_id}
        return self._down or len(self._unknown) > FEW


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
        "poll",
        **{name: value for name, value in facts.items() if value is not None},
    )
