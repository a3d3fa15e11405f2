"""How polls ended: the feed's new state and the end of its lease, and the poll in
the feed's history, which is read and pruned here, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import Boolean, Connection, and_, bindparam, select

from monitor.store.claims import FREE
from monitor.store.polling.feed_states import (
    NOTED_ELSEWHERE,
    OWN_FIELDS,
    PARTS,
)
from monitor.store.tables import feeds, polls
from monitor.types.state import FeedState, PollRecord

# what only a document tells
TAUGHT_BY_BODY = {"body_hash", "first_polled_at", "last_new_at", "hints"}
_RECORDED = tuple(field.name for field in fields(PollRecord))


class _Saving:
    """The statement that writes a feed's state, and its values."""

    def __init__(self, *, own: Iterable[str], parts: Iterable[str]) -> None:
        """`own` are fields of the state, `parts` those with fields of their
        own.
        """
        self._own = tuple(name for name in own if name not in NOTED_ELSEWHERE)
        self._own_values = attrgetter(*self._own)
        self._parts = [
            (attrgetter(part), attrgetter(*PARTS[part]), PARTS[part])
            for part in parts
        ]
        columns = (
            *self._own,
            *(name for *_, held in self._parts for name in held.values()),
            "last_outcome",
            "last_detail",
        )
        still_gone = bindparam("still_gone", type_=Boolean)
        self.statement = (
            feeds.update()
            .where(feeds.c.id == bindparam("of_feed"))
            .values({name: bindparam(name) for name in columns})
            .values(FREE)
            .values(gone_notified=and_(feeds.c.gone_notified, still_gone))
        )

    def values(self, state: FeedState, record: PollRecord) -> dict[str, Any]:
        """Its values."""
        own = zip(self._own, self._own_values(state), strict=True)
        values: dict[str, Any] = dict(own)
        for part_of, values_of, columns in self._parts:
            held = values_of(part_of(state))
            values.update(zip(columns.values(), held, strict=True))
        for name in ("skip_hours", "skip_days"):
            if name in values:
                values[name] = list(values[name]) or None
        values["of_feed"] = state.feed_id
        values["last_outcome"] = record.outcome
        values["last_detail"] = record.detail
        values["still_gone"] = state.gone_since is not None
        return values


_SAVING = _Saving(own=OWN_FIELDS, parts=PARTS)
_SAVING_WITHOUT_BODY = _Saving(
    own=(name for name in OWN_FIELDS if name not in TAUGHT_BY_BODY),
    parts=(name for name in PARTS if name not in TAUGHT_BY_BODY),
)
_SAVE_HELD = _SAVING_WITHOUT_BODY.statement.where(
    feeds.c.claimed_by == bindparam("of_daemon")
)
_ADD_POLL = polls.insert()


def save_poll(
    connection: Connection, state: FeedState, record: PollRecord
) -> None:
    """Write the feed's new state, add the poll to its history, and end the
    lease.
    """
    save_polls(connection, ((state, record),))


def save_polls(
    connection: Connection, ended: Sequence[tuple[FeedState, PollRecord]]
) -> None:
    """The same for polls of several feeds, each feed once, in as few
    statements as for one.
    """
    connection.execute(
        _SAVING.statement,
        [_SAVING.values(state, record) for state, record in ended],
    )
    connection.execute(_ADD_POLL, [_history(record) for _, record in ended])


def save_held(
    connection: Connection,
    ended: Sequence[tuple[FeedState, PollRecord]],
    *,
    daemon: str,
) -> bool:
    """The same for polls that brought no document, where `daemon` has leased
    all of these feeds. Where it has not, this says False, and the transaction
    must be rolled back.

    One statement instead of asking first: most polls bring nothing, and it is
    a tenth of them.
    """
    of_daemon = {"of_daemon": daemon}
    # Rows of feeds are locked in the order of their ids everywhere.
    ordered = sorted(ended, key=lambda pair: pair[0].feed_id)
    rows = [
        _SAVING_WITHOUT_BODY.values(state, record) | of_daemon
        for state, record in ordered
    ]
    if connection.execute(_SAVE_HELD, rows).rowcount < len(rows):
        return False
    connection.execute(_ADD_POLL, [_history(record) for _, record in ended])
    return True


_record_values = attrgetter(*_RECORDED)


def _history(record: PollRecord) -> dict[str, object]:
    kept = zip(_RECORDED, _record_values(record), strict=True)
    row: dict[str, object] = dict(kept)
    row["seconds"] = timedelta(seconds=record.seconds)
    return row


def polls_of(
    connection: Connection, feed_id: str, *, limit: int
) -> tuple[PollRecord, ...]:
    """The feed's last polls, newest first."""
    columns = [polls.c[f.name] for f in fields(PollRecord)]
    statement = (
        select(*columns)
        .where(polls.c.feed_id == feed_id)
        .order_by(polls.c.started_at.desc())
        .limit(limit)
    )
    rows = (dict(row._mapping) for row in connection.execute(statement))
    return tuple(
        PollRecord(**row | {"seconds": row["seconds"].total_seconds()})
        for row in rows
    )


def prune_polls(
    connection: Connection,
    feed_id: str,
    *,
    before: datetime,
    keep: int,
    limit: int,
) -> int:
    """Drop up to `limit` polls of a feed that started before then, never its
    newest `keep`; returns how many went.
    """
    mine = select(polls.c.id).where(polls.c.feed_id == feed_id)
    newest = mine.order_by(polls.c.started_at.desc()).limit(keep).subquery()
    old = mine.where(
        polls.c.started_at < before, polls.c.id.not_in(select(newest.c.id))
    )
    some = old.order_by(polls.c.started_at).limit(limit).subquery()
    return connection.execute(
        polls.delete().where(polls.c.id.in_(select(some.c.id)))
    ).rowcount
