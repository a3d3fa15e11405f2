"""Whether a daemon does its work. `monitor health` loads little else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What tells whether a daemon works: when each kind of work was last done, and the oldest that
    waits. None: never, or nothing waits.
    """

    alive_at: datetime | None = None
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
    daemons: int = 0


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One question and its answer. `live`: a daemon that fails it does not work at all."""

    name: str
    well: bool
    detail: str
    live: bool = False
