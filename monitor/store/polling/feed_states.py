"""State of the polled feeds: what is listed, what is due, who polls it. How polls
end is written by `poll_ends`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from monitor.store.claims import (
    FREE,
    forgotten_until,
    in_order,
    is_forgotten,
    is_free,
    lease_clock,
)
from monitor.store.tables import facts, feeds
from monitor.types.catalog import Feed
from monitor.types.feed import FeedHints
from monitor.types.state import (
    ASKED_FOR,
    BACKOFF_LIFTED,
    PAUSED,
    RESUMED,
    FeedState,
    NotModifiedTrust,
    PendingMove,
)
from monitor.types.web import FailureKind

PARTS: Mapping[str, Mapping[str, str]] = {
    "trust": {field.name: field.name for field in fields(NotModifiedTrust)},
    "move": {
        field.name: f"moved_{field.name}" for field in fields(PendingMove)
    },
    "hints": {field.name: field.name for field in fields(FeedHints)},
}
"""The columns of the fields of each part of a feed's state."""

OWN_FIELDS = tuple(
    f.name
    for f in fields(FeedState)
    if f.name != "feed_id" and f.name not in PARTS
)
STATE_FIELDS = (
    *OWN_FIELDS,
    *(column for part in PARTS.values() for column in part.values()),
)
STATE_COLUMNS = tuple(feeds.c[name] for name in STATE_FIELDS)
# by the look at all feeds, while a poll may be under way
NOTED_ELSEWHERE = (
    "silent_since",
    "gone_notified",
)
FORGOTTEN_ON_MOVE = (
    "etag",
    "last_modified",
    "body_hash",
    "moved_url",
    "moved_since",
    "gone_since",
    "ttl",
    "update_period",
)
LISTED_FIELDS = (
    "title",
    "outlet",
    "region",
    "country",
    "language",
    "category",
    "priority",
    "license",
    "verify_tls",
)


def sync_feeds(
    connection: Connection,
    listed: Sequence[Feed],
    *,
    now: datetime,
    spread: timedelta,
) -> None:
    """Make the table agree with `feeds.yaml`: new feeds become due over
    `spread`, others keep their times.

    A changed address forgets what belonged to the old one. A paused feed is
    never due. Feeds that are listed no more keep their memory, so that listing
    them again makes nothing new.
    """
    known = select(feeds.c.id, feeds.c.configured, feeds.c.due_reason)
    # All of them, in the order in which rows of feeds are locked everywhere.
    locked = known.order_by(feeds.c.id).with_for_update()
    before = {row.id: row for row in connection.execute(locked)}
    new = [feed for feed in listed if feed.id not in before]
    for number, feed in enumerate(new):
        due = now + spread * number / len(new)
        connection.execute(feeds.insert().values(_first_values(feed, due)))
    for feed in listed:
        if known_row := before.get(feed.id):
            if known_row.configured != feed.address:
                connection.execute(
                    delete(facts).where(facts.c.name == f"moved:{feed.id}")
                )
            values = _renewed_values(feed, known_row, now)
            connection.execute(
                feeds.update().where(feeds.c.id == feed.id).values(values)
            )
    gone = set(before) - {feed.id for feed in listed}
    if gone:
        connection.execute(
            feeds.update().where(feeds.c.id.in_(gone)).values(listed=False)
        )


def _first_values(feed: Feed, due: datetime) -> dict[str, object]:
    values = _snapshot(feed) | {"id": feed.id, "url": feed.url}
    first = {"next_due_at": due, "due_reason": "first poll"}
    return values | first | (_PAUSING if feed.paused else {})


def _renewed_values(
    feed: Feed, before: Any, now: datetime
) -> dict[str, object]:
    values = _snapshot(feed)
    if before.configured != feed.address:
        values |= dict.fromkeys(FORGOTTEN_ON_MOVE) | {
            "url": feed.url,
            "moved_count": 0,
            "failures": 0,
            "next_due_at": now,
            "due_reason": "new address",
            "gone_notified": False,
            "distrust_304": False,
            **FREE,
        }
    if feed.paused:
        values |= _PAUSING
    elif before.due_reason == PAUSED:
        values |= {"next_due_at": now, "due_reason": RESUMED}
    return values


_PAUSING = {
    "next_due_at": None,
    "due_reason": PAUSED,
    "silent_since": None,
    # A poll under way has nothing to say any more: it would set the next one.
    **FREE,
}


def _snapshot(feed: Feed) -> dict[str, object]:
    return {name: getattr(feed, name) for name in LISTED_FIELDS} | {
        "listed": True,
        "configured": feed.address,
    }


def spread_overdue(
    connection: Connection, *, now: datetime, spread: timedelta
) -> int:
    """After a pause: let overdue feeds come evenly over `spread`, longest
    overdue first; returns how many.

    All of them at once would be a burst, and none comes before its time.
    """
    overdue = select(feeds.c.id).where(
        feeds.c.listed, feeds.c.next_due_at <= now
    )
    ids = (
        connection.execute(overdue.order_by(feeds.c.next_due_at, feeds.c.id))
        .scalars()
        .all()
    )
    for feed_id, number in sorted(zip(ids, range(len(ids)), strict=True)):
        due = now + spread * number / len(ids)
        connection.execute(
            feeds.update().where(feeds.c.id == feed_id).values(next_due_at=due)
        )
    return len(ids)


def _claiming() -> ReturningUpdate[Any]:
    """Made once: building it would take longer than running it."""
    time = feeds.c.claimed_until.type
    forgotten = is_forgotten(
        feeds, bindparam("daemon"), bindparam("forgotten", type_=time)
    )
    free = or_(is_free(feeds, bindparam("clock", type_=time)), forgotten)
    due = (
        select(feeds.c.id)
        .where(
            feeds.c.listed,
            feeds.c.next_due_at
            <= bindparam("now", type_=feeds.c.next_due_at.type),
            free,
            feeds.c.id.not_in(bindparam("leave", expanding=True)),
        )
        .order_by(feeds.c.next_due_at, feeds.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    leasing = update(feeds).values(
        claimed_until=bindparam("until"), claimed_by=bindparam("daemon")
    )
    return leasing.where(feeds.c.id.in_(due), free).returning(
        feeds.c.id, *STATE_COLUMNS
    )


_CLAIM = _claiming()


def claim_due(
    connection: Connection,
    *,
    now: datetime,
    lease: timedelta,
    daemon: str,
    limit: int,
    leave: Collection[str] = (),
) -> tuple[FeedState, ...]:
    """Take up to `limit` due feeds, longest overdue first, and lease them for
    `lease`.

    A lease keeps other daemons and later ticks away; a crash lets it run out.
    `leave` names feeds that this process still works on; others that are
    leased to `daemon` were forgotten by it.
    """
    clock = lease_clock(connection, now)
    values = {
        "now": now,
        "clock": clock,
        "until": clock + lease,
        "forgotten": forgotten_until(clock, lease),
        "daemon": daemon,
        "leave": list(leave),
        "most": limit,
    }
    claimed = map(_state, connection.execute(_CLAIM, values))
    return tuple(
        sorted(
            claimed,
            key=lambda state: (state.next_due_at or now, state.feed_id),
        )
    )


def feed_state(connection: Connection, feed_id: str) -> FeedState | None:
    """What is remembered of one feed; None where it is unknown."""
    row = connection.execute(
        select(feeds.c.id, *STATE_COLUMNS).where(feeds.c.id == feed_id)
    ).one_or_none()
    return None if row is None else _state(row)


_HELD = (
    select(feeds.c.id)
    .where(
        feeds.c.id == bindparam("feed"),
        feeds.c.claimed_by == bindparam("daemon"),
    )
    .with_for_update()
)


def held_by(connection: Connection, daemon: str, feed_id: str) -> bool:
    """Whether `daemon` has leased the feed and nobody took it; it stays its
    own until the transaction ends.

    Who polled for longer than a lease, or an address that was edited
    meanwhile, has nothing to say any more.
    """
    held = connection.execute(_HELD, {"feed": feed_id, "daemon": daemon})
    return held.one_or_none() is not None


def release_feed(
    connection: Connection,
    feed_id: str,
    *,
    daemon: str,
    due_at: datetime | None = None,
) -> None:
    """End the lease of a feed that was not polled; it stays due, or is due at
    `due_at`.
    """
    mine = (feeds.c.id == feed_id, feeds.c.claimed_by == daemon)
    values = FREE if due_at is None else FREE | {"next_due_at": due_at}
    connection.execute(update(feeds).where(*mine).values(values))


def listed_states(connection: Connection) -> tuple[FeedState, ...]:
    """What is remembered of every feed that is listed now."""
    return tuple(
        map(
            _state,
            connection.execute(
                select(feeds.c.id, *STATE_COLUMNS).where(feeds.c.listed)
            ),
        )
    )


def set_due(
    connection: Connection, feed_id: str, *, at: datetime, reason: str
) -> None:
    """Move a feed's next poll."""
    connection.execute(
        feeds.update()
        .where(feeds.c.id == feed_id)
        .values(next_due_at=at, due_reason=reason)
    )


def make_due(
    connection: Connection, feed_ids: Collection[str], *, now: datetime
) -> int:
    """Let these feeds be polled at the next tick; returns how many are listed."""
    wanted = (
        feeds.c.id.in_(tuple(feed_ids)),
        feeds.c.listed,
        feeds.c.due_reason != PAUSED,
    )
    statement = feeds.update().where(in_order(feeds, *wanted))
    return connection.execute(
        statement.values(next_due_at=now, due_reason=ASKED_FOR)
    ).rowcount


def end_backoff(connection: Connection, origin: str, *, now: datetime) -> int:
    """Let feeds be polled now that were kept waiting by a rest of this origin,
    which is over before its time; returns how many. A wait of their own
    address stays.
    """
    waiting = (
        feeds.c.listed,
        feeds.c.last_outcome == FailureKind.RESTING.value,
        feeds.c.last_detail.startswith(
            f"{origin} rests until ", autoescape=True
        ),
        feeds.c.next_due_at > now,
    )
    statement = feeds.update().where(in_order(feeds, *waiting))
    over = {
        "next_due_at": now,
        "due_reason": BACKOFF_LIFTED,
        "last_detail": BACKOFF_LIFTED,
    }
    return connection.execute(statement.values(over)).rowcount


def count_due(connection: Connection, *, now: datetime) -> int:
    """How many listed feeds are due and not leased."""
    free = is_free(feeds, lease_clock(connection, now))
    statement = select(func.count()).where(
        and_(feeds.c.listed, feeds.c.next_due_at <= now, free)
    )
    return connection.execute(statement).scalar_one()


def feed_ids(connection: Connection) -> tuple[str, ...]:
    """Every feed that was ever listed."""
    return tuple(
        connection.execute(select(feeds.c.id).order_by(feeds.c.id)).scalars()
    )


def _state(row: Row[Any]) -> FeedState:
    feed_id, *columns = tuple(row)
    values: dict[str, Any] = dict(zip(STATE_FIELDS, columns, strict=True))
    for name in ("skip_hours", "skip_days"):
        values[name] = tuple(values[name] or ())

    def part(name: str) -> dict[str, Any]:
        return {
            field: values.pop(column) for field, column in PARTS[name].items()
        }

    trust, move, hints = part("trust"), part("move"), part("hints")
    return FeedState(
        feed_id,
        **values,
        trust=NotModifiedTrust(**trust),
        move=PendingMove(**move),
        hints=FeedHints(**hints),
    )
