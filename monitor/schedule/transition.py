"""What a poll changes in our memory of a feed: pure, from the old state and the answer to the new
state.

The due time is `cadence`'s; nothing here looks at intervals.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.types.feed import ParsedFeed
from monitor.types.state import FeedState
from monitor.types.web import FailureKind, Fetched, FetchFailed, NotModified

AUDIT_AFTER = timedelta(days=1)  # a full fetch at least this often checks that 304 answers are true
AUDIT_MISSES = (
    2  # changed content behind 304s, seen at this many audits in a row: no longer trusted
)
ADOPT_AFTER = timedelta(days=1)
ADOPT_POLLS = 3
CONDITION_REFUSED = {
    400,
    412,
    431,
}  # what servers say that cannot take back the validators that they gave
BLAMELESS = {FailureKind.OFFLINE, FailureKind.RESTING, FailureKind.RATE_LIMITED}


def conditional(state: FeedState, *, now: datetime) -> bool:
    """Whether to send validators: not for servers caught lying, and not when an audit is due."""
    if state.distrust_304 or state.last_full_at is None:
        return False
    return now - state.last_full_at < AUDIT_AFTER


def after_not_modified(state: FeedState, answer: NotModified, *, now: datetime) -> FeedState:
    """304: a success. New validators that came with it are kept (RFC 9111, 4.3.4)."""
    state = replace(
        state,
        etag=answer.etag or state.etag,
        last_modified=answer.last_modified or state.last_modified,
        not_modified=state.not_modified + 1,
    )
    return _recovered(state, now)


def after_body(
    state: FeedState,
    answer: Fetched,
    *,
    parsed: ParsedFeed | None,
    body_hash: str,
    found_new: bool,
    now: datetime,
    hidden_news: bool = False,
) -> FeedState:
    """A body that is a feed. `parsed` is None where its hash says that it did not change.

    `hidden_news`: something new in it is older than the last 304, which therefore was not true.
    Validators are taken whole from this answer: one that is missing now must not be sent again.
    """
    changed = body_hash != state.body_hash
    lied = changed and state.not_modified > 0 and state.body_hash is not None
    same_validators = (answer.etag, answer.last_modified) == (state.etag, state.last_modified)
    proven = (
        lied and found_new and same_validators and (answer.etag or answer.last_modified) is not None
    )
    misses = state.audit_misses + 1 if lied and hidden_news and _audited(state, now) else 0
    state = replace(
        state,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=body_hash,
        last_full_at=now,
        first_polled_at=state.first_polled_at or now,
        last_new_at=now if found_new else state.last_new_at,
        not_modified=0,
        audit_misses=misses,
        distrust_304=state.distrust_304 or proven or misses >= AUDIT_MISSES,
    )
    if parsed is not None:
        state = replace(
            state,
            ttl=parsed.ttl,
            update_period=parsed.update_period,
            skip_hours=parsed.skip_hours,
            skip_days=parsed.skip_days,
        )
    return _recovered(state, now)


def after_failure(state: FeedState, failure: FetchFailed, *, now: datetime) -> FeedState:
    """A failure. Hashes and everything learned stay as they were, and validators unless the server
    chokes on them.
    """
    if failure.status in CONDITION_REFUSED:
        state = replace(state, etag=None, last_modified=None)
    blameless = failure.kind in BLAMELESS
    gone = failure.kind is FailureKind.GONE
    return replace(
        state,
        last_attempt_at=state.last_attempt_at
        if failure.kind is FailureKind.RESTING and not failure.hops
        else now,
        failures=state.failures if blameless else state.failures + 1,
        gone_since=(state.gone_since or now) if gone else state.gone_since if blameless else None,
    )


def after_move(
    state: FeedState, answer: Fetched | NotModified, *, same_feed: bool, now: datetime
) -> FeedState:
    """Follow a permanent move (RFC 9110, 15.4.2 and 15.4.9) only when every hop says so, on several
    polls over a day.

    A 301 is often a mistake of an hour; the user's file is never rewritten, and `url` differs from
    it visibly.
    """
    permanent = bool(answer.hops) and all(hop.status in (301, 308) for hop in answer.hops)
    if not permanent or not same_feed:
        return replace(state, moved_url=None, moved_since=None, moved_count=0)
    if state.moved_url != answer.final_url or state.moved_since is None:
        return replace(state, moved_url=answer.final_url, moved_since=now, moved_count=1)
    state = replace(state, moved_count=state.moved_count + 1)
    if (
        state.moved_count >= ADOPT_POLLS
        and state.moved_since
        and now - state.moved_since >= ADOPT_AFTER
    ):
        return replace(state, url=answer.final_url, moved_url=None, moved_since=None, moved_count=0)
    return state


def _audited(state: FeedState, now: datetime) -> bool:
    return state.last_full_at is not None and now - state.last_full_at >= AUDIT_AFTER


def _recovered(state: FeedState, now: datetime) -> FeedState:
    return replace(
        state,
        last_attempt_at=now,
        last_success_at=now,
        failures=0,
        gone_since=None,
        gone_notified=False,
    )
