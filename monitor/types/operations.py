"""What those who run the monitor look at: one record per thing that happened.
Made by `store`, read by `index`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RecordKind = Literal["poll", "article", "delivery", "outcome", "feed"]


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """One poll, found article, mail, count of the ledger, or the present state
    of a feed.

    `key` is derived from ours, so a repeat replaces. What a kind does not know
    is None. The fields are the public names of the operations index.
    """

    key: str
    kind: RecordKind
    at: datetime
    feed_id: str | None = None
    outlet: str | None = None
    step: str | None = None  # of a ledger count: poll, read, publish, ...
    outcome: str | None = None  # of a poll or step; a mail's state
    status: int | None = None  # HTTP status
    seconds: float | None = None
    bytes: int | None = None
    items: int | None = None
    new_items: int | None = None
    changed_items: int | None = None
    detail: str | None = None
    last_success_at: datetime | None = None
    age_hours: float | None = None  # since the last success
    failures: int | None = None  # in a row
    articles_day: int | None = None  # new in the last 24 hours
    articles_usual: float | None = None  # median of the whole days before
    found_after_minutes: float | None = None  # from publication to first sight
    mail: str | None = None  # immediate, digest, spike, daily_report, notice
    topic_id: str | None = None
    attempts: int | None = None
