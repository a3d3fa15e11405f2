"""What the headers and the status of an answer mean: freshness, waiting times,
kinds of failure.

Pure: the present is passed in, so that a server's clock can be compared with
ours. Knows no connection.
"""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime, timedelta

from monitor.fetch.transport.exchange import Answer
from monitor.types.web import CacheHints, FailureKind, Retry

REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_WAIT = timedelta(days=31)
_LONGEST_AGE = timedelta(days=366)
# a server clock further off than this is broken, and no clock
_YEARS_AROUND = timedelta(days=3653)
# with these no check is under way, whoever passes them on
_PLAINLY = frozenset({200, 203, 301, 304, 308, 404, 410})
_DIGITS = re.compile(r"[0-9]+")
_MOST_DIGITS = 12  # a longer count of seconds is beyond any limit of ours
_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;]+)))?')
_SENDABLE = re.compile(
    r"[\x21-\x7e\x80-\xff]+(?:[ \t]+[\x21-\x7e\x80-\xff]+)*"
)

_KINDS = {
    401: (FailureKind.UNAUTHORIZED, Retry.PERMANENT),
    402: (FailureKind.UNAUTHORIZED, Retry.PERMANENT),
    # large sites answer so when they mean "slow down"
    403: (
        FailureKind.UNAUTHORIZED,
        Retry.TEMPORARY,
    ),
    407: (FailureKind.UNAUTHORIZED, Retry.PERMANENT),
    408: (FailureKind.TIMEOUT, Retry.TEMPORARY),
    410: (FailureKind.GONE, Retry.PERMANENT),
    425: (FailureKind.SERVER_ERROR, Retry.TEMPORARY),
    429: (FailureKind.RATE_LIMITED, Retry.TEMPORARY),
    451: (FailureKind.UNAUTHORIZED, Retry.PERMANENT),
}

# Header and value (or its beginning) by which a service says that it wants to
# see a browser work first.
_BROWSER_CHECKS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-sucuri-block", "", "Sucuri"),
)


def http_date(text: str | None) -> datetime | None:
    """An HTTP date in any of its three forms, aware, UTC; None where it is
    none.
    """
    if not text:
        return None
    try:
        read = email.utils.parsedate_to_datetime(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(
            UTC
        )
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def server_date(answer: Answer, now: datetime) -> datetime | None:
    """The server's own clock, None where it is absent or absurd."""
    date = http_date(answer.header("date"))
    return (
        date if date is not None and abs(date - now) < _YEARS_AROUND else None
    )


def cache_hints(answer: Answer, now: datetime) -> CacheHints:
    """Freshness as the server states it.

    `expires` is on the server's clock, to be compared with `date`.
    """
    directives: dict[str, str] = {}
    for name, quoted, bare in _DIRECTIVE.findall(
        answer.joined("cache-control")
    ):
        directives.setdefault(name.lower(), quoted or bare)
    max_age = (
        _seconds(directives.get("max-age"))
        if "no-cache" not in directives
        else None
    )
    if max_age is not None:
        max_age = max(
            max_age - (_seconds(answer.header("age")) or timedelta(0)),
            timedelta(0),
        )
    return CacheHints(
        max_age=max_age,
        expires=http_date(answer.header("expires")),
        date=server_date(answer, now),
    )


def _seconds(text: str | None) -> timedelta | None:
    """A count of seconds in a header; None where it is none, capped at a year."""
    digits = (text or "").strip()
    if not _DIGITS.fullmatch(digits):
        return None
    if len(digits) > _MOST_DIGITS:
        return _LONGEST_AGE
    return min(timedelta(seconds=int(digits)), _LONGEST_AGE)


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """How long Retry-After asks us to wait; None where it says nothing usable
    or nothing ahead.

    A date is taken relative to the answer's own Date, because the server's
    clock may be wrong.
    """
    asked = answer.header("retry-after")
    wait = _seconds(asked)
    if wait is None:
        date = http_date(asked)
        if date is None:
            return None
        wait = date - (server_date(answer, now) or now)
    return min(wait, LONGEST_WAIT) if wait > timedelta(0) else None


def failure_kind(answer: Answer) -> tuple[FailureKind, Retry]:
    """What a status other than 2xx, 304 and a followed redirect is counted as;
    a browser check, whatever its status.
    """
    if answer.status in _KINDS or browser_check(answer):
        return _KINDS.get(answer.status, _KINDS[403])
    if answer.status == 503 and answer.header("retry-after") is not None:
        return FailureKind.RATE_LIMITED, Retry.TEMPORARY
    if answer.status >= 500:
        return FailureKind.SERVER_ERROR, Retry.TEMPORARY
    if answer.status >= 400:
        return FailureKind.NOT_FOUND, Retry.PERMANENT
    if answer.status >= 300:
        return FailureKind.REDIRECTS, Retry.PERMANENT
    return FailureKind.PROTOCOL, Retry.TEMPORARY


def browser_check(answer: Answer) -> str | None:
    """Whose check for browsers stands between us and the server; None where
    there is none.
    """
    for name, value, whose in _BROWSER_CHECKS:
        said = answer.header(name)
        if (
            said is not None
            and said.lower().startswith(value)
            and answer.status not in _PLAINLY
        ):
            return whose
    return None


def sendable(validator: str | None) -> str | None:
    """`validator` if it can be sent back byte for byte, else None: better no
    condition than another one.
    """
    return validator if validator and _SENDABLE.fullmatch(validator) else None


def readable_location(location: str) -> str:
    """A Location as meant: servers write raw UTF-8 there, which arrives as
    latin-1.
    """
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
