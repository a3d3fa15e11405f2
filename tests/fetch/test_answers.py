from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.transport.exchange import Answer
from monitor.fetch.transport.response_headers import (
    cache_hints,
    failure_kind,
    http_date,
    readable_location,
    retry_after,
    sendable,
)
from monitor.types.web import CacheHints, FailureKind, Retry

NOW = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)
TEN = "Mon, 05 Oct 2026 10:00:00 GMT"
ELEVEN = "Mon, 05 Oct 2026 11:00:00 GMT"


def given_answer(status: int = 200, *lines: str) -> Answer:
    headers = tuple(
        (name.lower(), value)
        for name, value in (line.split(": ", 1) for line in lines)
    )
    return Answer(status, "", headers)


def check_hints(lines: tuple[str, ...], expected: CacheHints) -> None:
    assert cache_hints(given_answer(200, *lines), NOW) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), CacheHints()),
        (
            ("Cache-Control: max-age=1800",),
            CacheHints(max_age=timedelta(minutes=30)),
        ),
        (
            ("Cache-Control: public, MAX-AGE = 1800",),
            CacheHints(max_age=timedelta(minutes=30)),
        ),
        (
            ('Cache-Control: max-age="60"',),
            CacheHints(max_age=timedelta(seconds=60)),
        ),
        (
            ("Cache-Control: s-maxage=9, max-age=60",),
            CacheHints(max_age=timedelta(seconds=60)),
        ),
        (
            ("Cache-Control: public", "Cache-Control: max-age=60"),
            CacheHints(max_age=timedelta(seconds=60)),
        ),
        (
            ("Cache-Control: max-age=60", "Age: 20"),
            CacheHints(max_age=timedelta(seconds=40)),
        ),
        (
            ("Cache-Control: max-age=60", "Age: 200"),
            CacheHints(max_age=timedelta(0)),
        ),
        (
            ("Cache-Control: max-age=60", "Age: old"),
            CacheHints(max_age=timedelta(seconds=60)),
        ),
        (("Cache-Control: max-age=-1",), CacheHints()),
        (
            ("Cache-Control: max-age=99999999999",),
            CacheHints(max_age=timedelta(days=366)),
        ),
        (("Cache-Control: no-cache, max-age=60",), CacheHints()),
        (("Cache-Control: no-store",), CacheHints()),
        (("Expires: 0", f"Date: {TEN}"), CacheHints(date=NOW)),
        (
            (f"Expires: {ELEVEN}", f"Date: {TEN}"),
            CacheHints(expires=NOW + timedelta(hours=1), date=NOW),
        ),
        (("Date: Thu, 01 Jan 1970 00:00:00 GMT",), CacheHints()),
        (("Date: never",), CacheHints()),
    ],
)
def test_freshness(lines: tuple[str, ...], expected: CacheHints) -> None:
    check_hints(lines, expected)


def check_wait(lines: tuple[str, ...], expected: timedelta | None) -> None:
    assert retry_after(given_answer(429, *lines), NOW) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), None),
        (("Retry-After: 120",), timedelta(seconds=120)),
        (("Retry-After:  120 ",), timedelta(seconds=120)),
        (("Retry-After: 0",), None),
        (("Retry-After: -5",), None),
        (("Retry-After: soon",), None),
        (("Retry-After: 99999999999",), timedelta(days=31)),
        ((f"Retry-After: {ELEVEN}",), timedelta(hours=1)),
        # The server's clock is 50 minutes ahead: what counts is how far ahead
        # of its own Date it points.
        (
            (f"Retry-After: {ELEVEN}", "Date: Mon, 05 Oct 2026 10:50:00 GMT"),
            timedelta(minutes=10),
        ),
        ((f"Retry-After: {TEN}", f"Date: {ELEVEN}"), None),
        (
            (f"Retry-After: {ELEVEN}", "Date: Thu, 01 Jan 1970 00:00:00 GMT"),
            timedelta(hours=1),
        ),
    ],
)
def test_retry_after(
    lines: tuple[str, ...], expected: timedelta | None
) -> None:
    check_wait(lines, expected)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ],
)
def test_all_three_forms_of_a_date(text: str) -> None:
    assert http_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@given(st.text(max_size=60))
def test_no_date_raises(text: str) -> None:
    read = http_date(text)
    assert read is None or read.tzinfo is not None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["cache-control", "age", "expires", "date", "retry-after"]
            ),
            st.text(max_size=40),
        )
    )
)
def test_no_header_raises(headers: list[tuple[str, str]]) -> None:
    answer = Answer(200, "", tuple(headers))
    hints = cache_hints(answer, NOW)
    assert hints.max_age is None or hints.max_age >= timedelta(0)
    wait = retry_after(answer, NOW)
    assert wait is None or timedelta(0) < wait <= timedelta(days=31)


@pytest.mark.parametrize(
    ("status", "lines", "expected"),
    [
        (400, (), (FailureKind.NOT_FOUND, Retry.PERMANENT)),
        (401, (), (FailureKind.UNAUTHORIZED, Retry.PERMANENT)),
        (403, (), (FailureKind.UNAUTHORIZED, Retry.TEMPORARY)),
        (404, (), (FailureKind.NOT_FOUND, Retry.PERMANENT)),
        (407, (), (FailureKind.UNAUTHORIZED, Retry.PERMANENT)),
        (402, (), (FailureKind.UNAUTHORIZED, Retry.PERMANENT)),
        (
            405,
            ("X-Amzn-Waf-Action: captcha",),
            (FailureKind.UNAUTHORIZED, Retry.TEMPORARY),
        ),
        (
            503,
            ("CF-Mitigated: challenge",),
            (FailureKind.UNAUTHORIZED, Retry.TEMPORARY),
        ),
        (
            429,
            ("CF-Mitigated: challenge",),
            (FailureKind.RATE_LIMITED, Retry.TEMPORARY),
        ),
        (
            404,
            ("X-Sucuri-Block: 1",),
            (FailureKind.NOT_FOUND, Retry.PERMANENT),
        ),
        (408, (), (FailureKind.TIMEOUT, Retry.TEMPORARY)),
        (410, (), (FailureKind.GONE, Retry.PERMANENT)),
        (418, (), (FailureKind.NOT_FOUND, Retry.PERMANENT)),
        (429, (), (FailureKind.RATE_LIMITED, Retry.TEMPORARY)),
        (451, (), (FailureKind.UNAUTHORIZED, Retry.PERMANENT)),
        (500, (), (FailureKind.SERVER_ERROR, Retry.TEMPORARY)),
        (503, (), (FailureKind.SERVER_ERROR, Retry.TEMPORARY)),
        (
            503,
            ("Retry-After: 60",),
            (FailureKind.RATE_LIMITED, Retry.TEMPORARY),
        ),
        (599, (), (FailureKind.SERVER_ERROR, Retry.TEMPORARY)),
        (300, (), (FailureKind.REDIRECTS, Retry.PERMANENT)),
    ],
)
def test_what_a_status_counts_as(
    status: int, lines: tuple[str, ...], expected: tuple[FailureKind, Retry]
) -> None:
    assert failure_kind(given_answer(status, *lines)) == expected


def test_only_validators_that_can_be_sent_unchanged_are_sent() -> None:
    for fine in ('"abc"', 'W/"x y"', "unquoted", '"\xe4\xff"', TEN):
        assert sendable(fine) == fine
    for broken in (None, "", " padded", '"a"\r\nX: y', '"€"', "tab\x00"):
        assert sendable(broken) is None


def test_raw_utf8_in_a_location_is_read_as_meant() -> None:
    assert readable_location("/käse".encode().decode("latin-1")) == "/käse"
    assert readable_location("/k\xe4se") == "/k\xe4se"
