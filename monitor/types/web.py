"""What the network answered.

Made by `fetch`, read by `parse`, `extract`, `schedule.cadence` and `flow`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar


class Retry(enum.Enum):
    """What a failure says about trying again. Decided by data, in one place."""

    TEMPORARY = "temporary"  # try again later, with growing distance
    PERMANENT = "permanent"  # asking again soon is pointless
    # the content itself breaks us: set aside, a person may retry
    POISONED = "poisoned"


class FailureKind(enum.Enum):
    """The fixed set of ways in which a request fails; each is stored and
    counted under its value.
    """

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"  # broken or truncated HTTP
    TOO_LARGE = "too_large"
    # gzip, br or zstd broken, or its ratio or nesting beyond limits
    DECODING = "decoding"
    REDIRECTS = "redirects"  # loop, too many, or without a usable target
    # scheme, port or network that we do not talk to
    REFUSED_ADDRESS = "refused_address"
    ROBOTS = "robots"  # robots.txt disallows it, or could not be read
    UNAUTHORIZED = "unauthorized"  # 401, 403, 407, 451
    NOT_FOUND = "not_found"  # 404 and other 4xx
    GONE = "gone"  # 410
    RATE_LIMITED = "rate_limited"  # 429, and 503 with Retry-After
    SERVER_ERROR = "server_error"  # 5xx
    OFFLINE = "offline"  # our own network is down: not the feed's fault
    NOT_A_FEED = "not_a_feed"  # an answer came, but no feed
    BROKEN = "broken"  # our own code broke on it; the log has the trace
    # this address, or its origin, asked us to wait; nothing was sent
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class CacheHints:
    """Freshness headers, already parsed.

    `date` is the server's own clock; None where absent or absurd.
    """

    max_age: timedelta | None = None  # max-age minus Age, never negative
    expires: datetime | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way: from `url` with `status` to the next."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete 2xx answer. `body` is decoded content; validators are kept
    byte for byte.

    `flaw` says what was wrong with the transport of a document that is
    complete by its own end; such an answer has no validators.
    """

    url: str
    final_url: str
    status: int
    body: bytes
    content_type: str = ""  # the header as sent
    etag: str | None = None
    last_modified: str | None = None
    cache: CacheHints = CacheHints()
    hops: tuple[Hop, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # lower-case names, in order
    wire_bytes: int = 0
    seconds: float = 0.0
    flaw: str = ""

    @property
    def moved_permanently(self) -> bool:
        """True where at least one redirect happened and every hop was 301 or
        308.
        """
        return bool(self.hops) and all(
            hop.status in (301, 308) for hop in self.hops
        )


@dataclass(frozen=True, slots=True)
class NotModified:
    """304. New validators may have come with it; None means: keep the old ones."""

    url: str
    final_url: str
    etag: str | None = None
    last_modified: str | None = None
    cache: CacheHints = CacheHints()
    hops: tuple[Hop, ...] = ()
    seconds: float = 0.0
    status: ClassVar[int] = 304
    wire_bytes: ClassVar[int] = 0


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """No usable answer. `detail` is one line for people, credentials masked."""

    url: str
    kind: FailureKind
    detail: str
    retry: Retry = Retry.TEMPORARY
    status: int | None = None
    retry_at: datetime | None = None  # from Retry-After, on our clock
    final_url: str = ""
    hops: tuple[Hop, ...] = ()
    wire_bytes: int = 0
    seconds: float = 0.0


FetchOutcome = Fetched | NotModified | FetchFailed


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request, redirects included.

    Bytes; seconds of real time, never of a rehearsal clock.
    """

    total_seconds: float = 30.0
    connect_seconds: float = 10.0
    wire_bytes: int = 10 * 1024 * 1024
    decoded_bytes: int = 20 * 1024 * 1024
    ratio: int = 200  # decoded / wire, judged above 1 MiB decoded
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class AddressWait:
    """A wait that one address asked for (429, 503). `times`: how often in a
    row.
    """

    until: datetime
    times: int
    reason: str


@dataclass(frozen=True, slots=True)
class OriginRecord:
    """What we remember of one origin (scheme://host:port) over restarts: its
    robots.txt, its rest, and which of its addresses wait.
    """

    origin: str
    robots_status: int | None = None
    robots_body: bytes = b""
    robots_until: datetime | None = None
    backoff_until: datetime | None = None
    backoff_reason: str = ""
    waits: Mapping[str, AddressWait] = field(default_factory=dict)
