"""What a poll changes in our memory of a feed: pure, from the old state and
the answer to the new state.

The due time is `cadence`'s; nothing here looks at intervals.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.types.feed import ParsedFeed
from monitor.types.state import FeedState, NotModifiedTrust, PendingMove
from monitor.types.web import FailureKind, Fetched, FetchFailed, NotModified

# a full fetch at least this often checks that 304 answers are true
AUDIT_AFTER = timedelta(days=1)
# changed content behind 304s, seen at this many audits in a row: no longer
# trusted
AUDIT_MISSES = 2
ADOPT_AFTER = timedelta(days=1)
ADOPT_POLLS = 3
# what servers say that cannot take back the validators that they gave
CONDITION_REFUSED = {400, 412, 431}
BLAMELESS = {
    FailureKind.OFFLINE,
    FailureKind.RESTING,
    FailureKind.RATE_LIMITED,
}


def conditional(state: FeedState, *, now: datetime) -> bool:
    """Whether to send validators: not for servers caught lying, and not when
    an audit is due.
    """
    if state.trust.distrust_304 or state.trust.last_full_at is None:
        return False
    return now - state.trust.last_full_at < AUDIT_AFTER


def after_not_modified(
    state: FeedState, answer: NotModified, *, now: datetime
) -> FeedState:
    """304: a success. New validators that came with it are kept (RFC 9111,
    4.3.4).
    """
    return replace(
        state,
        etag=answer.etag or state.etag,
        last_modified=answer.last_modified or state.last_modified,
        trust=replace(state.trust, not_modified=state.trust.not_modified + 1),
        **_recovered(now),
    )


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
    """A body that is a feed. `parsed` is None where its hash says that it did
    not change.

    `hidden_news`: something new in it is older than the last 304, which
    therefore was not true. Validators are taken whole from this answer: one
    that is missing now must not be sent again.
    """
    known = state.body_hash is not None and state.body_hash != body_hash
    lied = known and state.trust.not_modified > 0
    proven = lied and found_new and _same_validators(state, answer)
    misses = (
        state.trust.audit_misses + 1
        if lied and hidden_news and _audited(state, now)
        else 0
    )
    distrust = state.trust.distrust_304 or proven or misses >= AUDIT_MISSES
    return replace(
        state,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=body_hash,
        first_polled_at=state.first_polled_at or now,
        last_new_at=now if found_new else state.last_new_at,
        trust=NotModifiedTrust(
            now, audit_misses=misses, distrust_304=distrust
        ),
        hints=parsed.hints if parsed else state.hints,
        **_recovered(now),
    )


def _same_validators(state: FeedState, answer: Fetched) -> bool:
    """Whether the server gave the validators again that it had given before."""
    validators = (answer.etag, answer.last_modified)
    return any(validators) and validators == (state.etag, state.last_modified)


def after_failure(
    state: FeedState, failure: FetchFailed, *, now: datetime
) -> FeedState:
    """A failure. Hashes and everything learned stay as they were, and
    validators unless the server chokes on them.
    """
    if failure.status in CONDITION_REFUSED:
        state = replace(state, etag=None, last_modified=None)
    was_asked = failure.kind is not FailureKind.RESTING or bool(failure.hops)
    if was_asked:
        state = replace(state, last_attempt_at=now)
    if failure.kind in BLAMELESS:
        return state
    is_gone = failure.kind is FailureKind.GONE
    gone_since = (state.gone_since or now) if is_gone else None
    return replace(state, failures=state.failures + 1, gone_since=gone_since)


def after_move(
    state: FeedState,
    answer: Fetched | NotModified,
    *,
    same_feed: bool,
    now: datetime,
) -> FeedState:
    """Follow a permanent move (RFC 9110, 15.4.2 and 15.4.9) only when every
    hop says so, on several polls over a day.

    A 301 is often a mistake of an hour; the user's file is never rewritten,
    and `url` differs from it visibly.
    """
    is_permanent = bool(answer.hops) and all(
        hop.status in (301, 308) for hop in answer.hops
    )
    if not is_permanent or not same_feed:
        return replace(state, move=PendingMove()) if state.move.url else state
    move = state.move
    if move.url != answer.final_url or move.since is None:
        return replace(
            state, move=PendingMove(answer.final_url, since=now, count=1)
        )
    count = move.count + 1
    if count >= ADOPT_POLLS and now - move.since >= ADOPT_AFTER:
        return replace(state, url=answer.final_url, move=PendingMove())
    return replace(state, move=replace(move, count=count))


def _audited(state: FeedState, now: datetime) -> bool:
    full = state.trust.last_full_at
    return full is not None and now - full >= AUDIT_AFTER


def _recovered(now: datetime) -> dict[str, Any]:
    return {
        "last_attempt_at": now,
        "last_success_at": now,
        "failures": 0,
        "gone_since": None,
        "gone_notified": False,
    }
