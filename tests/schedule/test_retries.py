"""When something is tried again, and when no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.schedule.retries import (
    PAGE_WAITS,
    PageRetry,
    after_page_failure,
    next_index_attempt,
    next_mail_attempt,
)
from monitor.types.web import FailureKind, FetchFailed, Retry

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "retry", "attempts", "age", "have", "expected"),
    [
        (
            FailureKind.SERVER_ERROR,
            Retry.TEMPORARY,
            0,
            MINUTE,
            False,
            PageRetry(NOW + 2 * MINUTE, True, False),
        ),
        (
            FailureKind.SERVER_ERROR,
            Retry.TEMPORARY,
            1,
            6 * MINUTE,
            False,
            PageRetry(NOW + 10 * MINUTE, True, True),
        ),
        (
            FailureKind.SERVER_ERROR,
            Retry.TEMPORARY,
            2,
            HOUR,
            True,
            PageRetry(NOW + HOUR, True, False),
        ),
        (
            FailureKind.SERVER_ERROR,
            Retry.TEMPORARY,
            5,
            HOUR,
            True,
            PageRetry(None, True, False),
        ),
        (
            FailureKind.SERVER_ERROR,
            Retry.TEMPORARY,
            5,
            HOUR,
            False,
            PageRetry(None, True, True),
        ),
        (
            FailureKind.NOT_FOUND,
            Retry.PERMANENT,
            0,
            MINUTE,
            False,
            PageRetry(None, True, True),
        ),
        (
            FailureKind.GONE,
            Retry.PERMANENT,
            0,
            MINUTE,
            True,
            PageRetry(None, True, False),
        ),
        (
            FailureKind.OFFLINE,
            Retry.TEMPORARY,
            0,
            MINUTE,
            False,
            PageRetry(NOW + 2 * MINUTE, False, False),
        ),
        (
            FailureKind.OFFLINE,
            Retry.TEMPORARY,
            9,
            HOUR,
            True,
            PageRetry(NOW + PAGE_WAITS[-1], False, False),
        ),
    ],
)
def test_pages(
    kind: FailureKind,
    retry: Retry,
    attempts: int,
    age: timedelta,
    have: bool,
    expected: PageRetry,
) -> None:
    failure = FetchFailed("http://a.test/", kind, "", retry=retry)
    assert (
        after_page_failure(
            failure,
            attempts=attempts,
            first_seen_at=NOW - age,
            have_text=have,
            now=NOW,
        )
        == expected
    )


def test_a_server_that_names_a_time_is_asked_then() -> None:
    failure = FetchFailed(
        "http://a.test/", FailureKind.RATE_LIMITED, "", retry_at=NOW + 3 * HOUR
    )
    found = after_page_failure(
        failure, attempts=0, first_seen_at=NOW, have_text=False, now=NOW
    )
    assert found == PageRetry(NOW + 3 * HOUR, counts=False, use_summary=True)


def test_index_gives_up_after_a_few_refusals() -> None:
    assert next_index_attempt(0, now=NOW) == NOW + timedelta(seconds=30)
    assert next_index_attempt(3, now=NOW) is None


@pytest.mark.parametrize(
    ("attempts", "age", "expected"),
    [
        (1, MINUTE, MINUTE),
        (2, MINUTE, 2 * MINUTE),
        (20, HOUR, 4 * HOUR),
        (9, 48 * HOUR, None),
        (19, 47 * HOUR, 4 * HOUR),
        # after a week's sleep
        (1, 170 * HOUR, MINUTE),
        (7, 172 * HOUR, 64 * MINUTE),
        (8, 173 * HOUR, None),
    ],
)
def test_mail(
    attempts: int, age: timedelta, expected: timedelta | None
) -> None:
    found = next_mail_attempt(
        attempts, created_at=NOW - age, now=NOW, chance=0.0
    )
    assert found == (None if expected is None else NOW + expected)
    if expected:
        later = next_mail_attempt(
            attempts, created_at=NOW - age, now=NOW, chance=0.99
        )
        assert later is not None
        assert NOW + expected < later < NOW + expected * 1.2
