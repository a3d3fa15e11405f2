"""Whether a daemon does its work. `monitor health` loads little else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

ALIVE_WITHIN = timedelta(minutes=2)
"""A daemon gives a sign of life every 30 s; one that is later than this hangs,
is stopped, or is dead.
"""


@dataclass(frozen=True, slots=True)
class DaemonPlace:
    """Where a daemon runs: the name of its host, which for a container is its
    own, and its data folder.
    """

    host: str
    folder: str


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What tells whether a daemon works: when each kind of work was last done,
    and the oldest that waits. None: never, or nothing waits.
    """

    alive_at: datetime | None = None
    """The last sign of life of the daemon that is asked about; None: it never
    ran.
    """
    stopped_at: datetime | None = None
    """When it stopped by itself, as a signal or the end of `run --once` wants
    it.
    """
    others_alive_at: datetime | None = None
    """The newest sign of life of those that run at other places."""
    late_ticks: Mapping[str, datetime] = field(default_factory=dict)
    """What of the daemon runs for too long, and since when."""
    feeds: int = 0
    polled_at: datetime | None = None
    answered_at: datetime | None = None
    poll_due_at: datetime | None = None
    read_due_at: datetime | None = None
    unmatched_since: datetime | None = None
    unsent_since: datetime | None = None
    mails_given_up: int = 0
    index_complete_until: datetime | None = None
    index_trouble: str = ""
    news: Mapping[datetime, int] = field(default_factory=dict)
    """Polls that brought something new, by the beginning of the hour."""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One question and its answer. `live`: a daemon that fails it does not
    work at all.
    """

    name: str
    well: bool
    detail: str
    live: bool = False
