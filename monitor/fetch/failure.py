"""How a request breaks off inside this room: one exception, which the client
turns into a `FetchFailed` value.
"""

from __future__ import annotations

from datetime import datetime

from monitor.types.web import FailureKind, Retry

_LONGEST_DETAIL = 300


class RequestFailed(Exception):
    """Leaves this room only as a value.

    `detail` is one line for people and holds no credentials.
    """

    def __init__(
        self,
        kind: FailureKind,
        detail: str,
        *,
        retry: Retry = Retry.TEMPORARY,
        status: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        self.kind = kind
        self.detail = log_line(detail)
        self.retry = retry
        self.status = status
        self.retry_at = retry_at
        # True: no request was sent, because there was no connection to
        # send it on
        self.unreached = False
        super().__init__(self.detail)


def log_line(text: str) -> str:
    """`text` fit for a log line: no controls, no line breaks, not longer than
    a person reads.
    """
    clean = " ".join(
        "".join(c if c.isprintable() else " " for c in text).split()
    )
    return (
        clean
        if len(clean) <= _LONGEST_DETAIL
        else clean[: _LONGEST_DETAIL - 1] + "…"
    )
