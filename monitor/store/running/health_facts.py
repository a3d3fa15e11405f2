"""What is read to say whether a daemon does its work: a handful of oldest and
newest times.

The statements are plain SQL that SQLite and Postgres both understand, so that
`monitor health` asks them through the driver alone: loading SQLAlchemy takes
longer than everything else it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.types.health import DaemonPlace, HealthFacts

Ask = Callable[[str], Sequence[Sequence[Any]]]
"""Runs a statement in an open transaction and returns its rows."""

WRITE = "UPDATE facts SET value = value WHERE name = ''"
"""Changes nothing, and fails where the database cannot be written."""

_PRESENT = "SELECT clock_timestamp()"
"""Of Postgres: by it go all daemons that share it."""
_FACTS = """
SELECT
  (SELECT count(*) FROM feeds WHERE listed),
  (SELECT max(last_attempt_at) FROM feeds WHERE listed),
  (SELECT max(last_success_at) FROM feeds WHERE listed),
  (SELECT min(next_due_at) FROM feeds WHERE listed),
  (SELECT min(read_due_at) FROM articles WHERE read_state = 'due'),
  (SELECT min(first_seen_at) FROM articles WHERE matched_topic_set IS NULL AND version > 0),
  (SELECT min(created_at) FROM deliveries WHERE state IN ('pending', 'unknown', 'sending')),
  (SELECT count(*) FROM deliveries WHERE state = 'dead'),
  (SELECT min(enqueued_at) FROM index_queue),
  (SELECT value FROM facts WHERE name = 'index_filled_to'),
  (SELECT value FROM facts WHERE name = 'index_filled_beside'),
  (SELECT value FROM facts WHERE name = 'index_trouble')
"""
_DAEMONS = """
SELECT host, folder, alive_at, stopped_at, late_ticks FROM (
  SELECT host, folder, alive_at, stopped_at, late_ticks,
    row_number() OVER (PARTITION BY host, folder ORDER BY started_at DESC, id) AS place
  FROM daemons
) AS started WHERE place = 1
"""
"""The last that was started at each place: what became of those before it says
nothing.
"""
_UNFILLED = """
SELECT first_seen_at FROM articles WHERE version > 0 AND id > {after} ORDER BY id LIMIT 1
"""
_NEWS = """
SELECT hour, items FROM outcomes WHERE step = 'poll' AND outcome = 'new'
ORDER BY hour DESC LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class _Daemon:
    """The last that was started at one place."""

    place: DaemonPlace
    alive_at: datetime
    stopped_at: datetime | None
    late_ticks: Mapping[str, datetime]


def shared_present(ask: Ask) -> datetime:
    """The present by the clock of the Postgres that is asked, whatever this
    machine's says.
    """
    return _known_time(ask(_PRESENT)[0][0])


def health_facts(ask: Ask, here: DaemonPlace | None = None) -> HealthFacts:
    """The facts of this moment. Each is answered by an index.

    `here`: the daemon of this place is asked about; None: whichever gave the
    newest sign of life. News are those of 200 hours: a week and a day.
    """
    row = ask(_FACTS)[0]
    (
        feeds,
        polled,
        answered,
        poll_due,
        read_due,
        unmatched,
        unsent,
        dead,
        queued,
    ) = row[:9]
    filled_to, beside, trouble = row[9:]
    daemons = _daemons(ask)
    asked = [one for one in daemons if here is None or one.place == here]
    daemon = max(asked, key=lambda one: one.alive_at, default=None)
    running = [
        one.alive_at
        for one in daemons
        if one != daemon and one.stopped_at is None
    ]
    waiting = [
        time
        for time in (_time(queued), _unfilled(ask, filled_to, beside))
        if time
    ]
    return HealthFacts(
        alive_at=daemon.alive_at if daemon else None,
        stopped_at=daemon.stopped_at if daemon else None,
        others_alive_at=max(running, default=None),
        late_ticks=daemon.late_ticks if daemon else {},
        feeds=feeds,
        polled_at=_time(polled),
        answered_at=_time(answered),
        poll_due_at=_time(poll_due),
        read_due_at=_time(read_due),
        unmatched_since=_time(unmatched),
        unsent_since=_time(unsent),
        mails_given_up=dead,
        index_complete_until=min(waiting, default=None),
        index_trouble=trouble or "",
        news={_known_time(hour): items for hour, items in ask(_NEWS)},
    )


def _daemons(ask: Ask) -> list[_Daemon]:
    return [
        _Daemon(
            DaemonPlace(host, folder),
            _known_time(alive_at),
            _time(stopped_at),
            _late(late),
        )
        for host, folder, alive_at, stopped_at, late in ask(_DAEMONS)
    ]


def _late(ticks: str) -> dict[str, datetime]:
    pairs = (each.partition("=") for each in ticks.split())
    return {name: _known_time(since) for name, _, since in pairs}


def _unfilled(
    ask: Ask, filled_to: str | None, beside: str | None
) -> datetime | None:
    """When the first article was seen that an index being filled still lacks."""
    if not filled_to or beside == "yes":
        return None
    found = ask(_UNFILLED.format(after=int(filled_to)))
    return _time(found[0][0]) if found else None


def _time(value: datetime | str | None) -> datetime | None:
    return None if value is None else _known_time(value)


def _known_time(value: datetime | str) -> datetime:
    """Postgres gives times, SQLite its text without a zone, which is UTC."""
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (
        time.replace(tzinfo=UTC)
        if time.tzinfo is None
        else time.astimezone(UTC)
    )
