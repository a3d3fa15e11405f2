"""What a poll changes in our memory of a feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.schedule.transition import (
    after_body,
    after_failure,
    after_move,
    after_not_modified,
    conditional,
)
from monitor.types.feed import ParsedFeed
from monitor.types.state import FeedState, NotModifiedTrust
from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    Hop,
    NotModified,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL, NEW_URL = "https://a.test/feed", "https://b.test/feed"
KNOWN = FeedState(
    "a",
    URL,
    etag='"1"',
    last_modified="Mon",
    body_hash="h1",
    first_polled_at=NOW - 9 * DAY,
    last_success_at=NOW - HOUR,
    trust=NotModifiedTrust(NOW - HOUR),
    failures=3,
    gone_since=NOW - HOUR,
)


def body(
    state: FeedState,
    *,
    etag: str | None = '"2"',
    digest: str = "h2",
    new: bool = True,
    hidden: bool = True,
) -> FeedState:
    answer = Fetched(URL, URL, 200, b"", etag=etag)
    parsed = ParsedFeed("rss20")
    return after_body(
        state,
        answer,
        parsed=parsed,
        body_hash=digest,
        found_new=new,
        hidden_news=hidden,
        now=NOW,
    )


def test_a_body_brings_its_own_validators_whole() -> None:
    state = body(KNOWN)
    assert (state.etag, state.last_modified, state.body_hash) == (
        '"2"',
        None,
        "h2",
    )
    assert (
        state.failures,
        state.gone_since,
        state.last_new_at,
        state.trust.last_full_at,
    ) == (
        0,
        None,
        NOW,
        NOW,
    )
    assert state.first_polled_at == KNOWN.first_polled_at


def test_validators_are_saved_also_when_nothing_changed() -> None:
    state = body(KNOWN, digest="h1", new=False)
    assert (state.etag, state.last_new_at) == ('"2"', KNOWN.last_new_at)


def test_not_modified_keeps_validators_that_did_not_come() -> None:
    state = after_not_modified(
        KNOWN, NotModified(URL, URL, etag='"3"'), now=NOW
    )
    assert (
        state.etag,
        state.last_modified,
        state.failures,
        state.trust.not_modified,
    ) == (
        '"3"',
        "Mon",
        0,
        1,
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (KNOWN, True),
        (replace(KNOWN, trust=NotModifiedTrust()), False),
        # the daily audit
        (replace(KNOWN, trust=NotModifiedTrust(NOW - DAY)), False),
        (
            replace(
                KNOWN, trust=NotModifiedTrust(NOW - HOUR, distrust_304=True)
            ),
            False,
        ),
    ],
)
def test_when_validators_are_sent(state: FeedState, expected: bool) -> None:
    assert conditional(state, now=NOW) is expected


def test_the_same_validators_over_another_body_prove_a_lie() -> None:
    audited = replace(
        KNOWN, trust=NotModifiedTrust(NOW - DAY, 9), last_modified=None
    )
    assert body(audited, etag='"1"').trust.distrust_304
    assert not body(audited, etag='"2"').trust.distrust_304
    assert not body(
        replace(audited, trust=NotModifiedTrust(NOW - DAY)), etag='"1"'
    ).trust.distrust_304


def test_two_audits_with_news_behind_304_are_a_lie_too() -> None:
    state = replace(KNOWN, trust=NotModifiedTrust(NOW - DAY, 9))
    state = body(state, etag='"2"')
    assert not state.trust.distrust_304
    trust = replace(state.trust, last_full_at=NOW - DAY, not_modified=9)
    state = body(replace(state, trust=trust), etag='"3"', digest="h3")
    assert state.trust.distrust_304


def test_what_appeared_after_the_last_304_is_no_lie() -> None:
    state = replace(KNOWN, trust=NotModifiedTrust(NOW - DAY, 9, 1))
    assert body(state, hidden=False).trust.audit_misses == 0


def test_the_same_validators_over_the_same_items_are_no_lie() -> None:
    """A time stamp in the document changes at every request; the server
    rightly says that nothing else did.
    """
    audited = replace(
        KNOWN, trust=NotModifiedTrust(NOW - DAY, 9), last_modified=None
    )
    assert not body(audited, etag='"1"', new=False).trust.distrust_304


def test_failures_change_nothing_that_was_learned() -> None:
    state = after_failure(
        KNOWN, FetchFailed(URL, FailureKind.SERVER_ERROR, ""), now=NOW
    )
    assert (state.etag, state.body_hash, state.failures, state.gone_since) == (
        '"1"',
        "h1",
        4,
        None,
    )
    blameless = after_failure(
        KNOWN, FetchFailed(URL, FailureKind.OFFLINE, ""), now=NOW
    )
    assert (blameless.failures, blameless.gone_since) == (3, KNOWN.gone_since)
    resting = after_failure(
        KNOWN, FetchFailed(URL, FailureKind.RESTING, ""), now=NOW
    )
    assert resting.last_attempt_at == KNOWN.last_attempt_at
    led_on = after_failure(
        KNOWN,
        FetchFailed(URL, FailureKind.RESTING, "", hops=(Hop(URL, 302),)),
        now=NOW,
    )
    assert led_on.last_attempt_at == NOW


@pytest.mark.parametrize(
    ("status", "kept"),
    [(400, None), (412, None), (431, None), (500, '"1"'), (None, '"1"')],
)
def test_a_server_that_chokes_on_its_own_validators_gets_none(
    status: int | None, kept: str | None
) -> None:
    failed = FetchFailed("u", FailureKind.NOT_FOUND, "nein", status=status)
    assert after_failure(KNOWN, failed, now=NOW).etag == kept


def test_gone_counts_from_the_first_410() -> None:
    first = after_failure(
        replace(KNOWN, gone_since=None),
        FetchFailed(URL, FailureKind.GONE, ""),
        now=NOW,
    )
    assert first.gone_since == NOW
    assert (
        after_failure(
            first, FetchFailed(URL, FailureKind.GONE, ""), now=NOW + DAY
        ).gone_since
        == NOW
    )


def moved(
    state: FeedState, *statuses: int, now: datetime = NOW, same: bool = True
) -> FeedState:
    hops = tuple(Hop(URL, status) for status in statuses)
    return after_move(
        state,
        Fetched(URL, NEW_URL, 200, b"", hops=hops),
        same_feed=same,
        now=now,
    )


def test_a_permanent_move_is_adopted_after_several_polls_over_a_day() -> None:
    state = moved(moved(KNOWN, 301), 308, now=NOW + HOUR)
    assert (state.url, state.move.url, state.move.count) == (URL, NEW_URL, 2)
    assert moved(state, 301, now=NOW + 2 * HOUR).url == URL
    assert moved(state, 301, now=NOW + DAY).url == NEW_URL


@pytest.mark.parametrize("statuses", [(), (302,), (301, 302)])
def test_other_answers_forget_a_move(statuses: tuple[int, ...]) -> None:
    state = moved(moved(KNOWN, 301), *statuses)
    assert (state.move.url, state.move.count) == (None, 0)


def test_another_feed_behind_the_move_is_not_adopted() -> None:
    state = moved(moved(KNOWN, 301), 301, now=NOW + 2 * DAY, same=False)
    assert (state.url, state.move.url) == (URL, None)
