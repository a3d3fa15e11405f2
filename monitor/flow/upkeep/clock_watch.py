"""Notices that the machine's clock was set, and puts right what that would
have put off.

Set back: nothing that is stored may lie in the future, or feeds, mails and
reports would wait until that comes. Set forward, or woken from sleep: what
came meanwhile is caught up with as after a standstill, and for an hour nothing
is deleted, in case the clock is wrong. Real time comes from a second clock
that nobody sets. Several daemons go by the clock of their Postgres
(`membership`); where that one is set back, one of them mends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from monitor.ports import Clock
from monitor.schedule.pacing import CATCH_UP_AFTER, digest_time
from monitor.store.engine import Database
from monitor.store.running import clock_mending, operations, outage, recovery
from monitor.types.catalog import Topic

log = structlog.get_logger("monitor.daemon")
NOTICED = timedelta(minutes=1)
"""Time servers correct by less."""
SETTLED = 3600.0
"""Seconds after a leap forward in which a wrong clock is usually put right."""


class ClockWatch:
    """Compares the machine's clock with real time. `look` is called by one
    thread.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        topics: Callable[[], Sequence[Topic]],
        forget_waits: Callable[[], None] = lambda: None,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """`forget_waits` drops what is remembered beside the database: how
        long servers wait. `leads` says whether this daemon mends for all:
        twice done, waits would end early.
        """
        self._database, self._clock, self._leads = database, clock, leads
        self._topics, self._forget_waits = topics, forget_waits
        self._now, self._seconds = clock.now(), clock.seconds()
        self._leapt_at: float | None = None

    def begin(self) -> None:
        """At the start: whether the clock was set back since somebody ran
        here.
        """
        with self._database.read() as connection:
            last = recovery.last_alive(connection)
        if last is not None and last - self._now > NOTICED:
            self._set_back(last - self._now, self._now)

    def look(self) -> None:
        """Whether the clock was set since the last look. What fails is done at
        the next one.
        """
        now, seconds = self._clock.now(), self._clock.seconds()
        leap = now - self._now - timedelta(seconds=seconds - self._seconds)
        if leap < -NOTICED:
            self._set_back(-leap, now)
        elif leap > NOTICED:
            self._leapt(leap, now)
        self._now, self._seconds = now, seconds

    def is_settled(self) -> bool:
        """False for an hour after a leap forward: whether the clock is right
        is not sure.
        """
        return (
            self._leapt_at is None
            or self._clock.seconds() - self._leapt_at > SETTLED
        )

    def _set_back(self, ahead: timedelta, now: datetime) -> None:
        self._leapt_at = None
        log.warning(
            "clock", outcome="set_back", seconds=round(ahead.total_seconds())
        )
        if self._leads():
            self._mend(ahead, now)
        self._forget_waits()

    def _mend(self, ahead: timedelta, now: datetime) -> None:
        with self._database.write() as connection:
            for topic in self._topics():
                digest_at = digest_time(topic.schedule, now=now)
                clock_mending.bring_alerts_forward(
                    connection, topic.id, digest_at=digest_at, now=now
                )
        clock_mending.mend(self._database, now=now, ahead=ahead)
        self._note(now, -ahead)

    def _leapt(self, leap: timedelta, now: datetime) -> None:
        self._leapt_at = self._clock.seconds()
        log.warning(
            "clock", outcome="leapt_ahead", seconds=round(leap.total_seconds())
        )
        with self._database.write() as connection:
            outage.note_outage(
                connection, self._now, now=now, longer_than=CATCH_UP_AFTER
            )
        self._note(now, leap)

    def _note(self, now: datetime, by: timedelta) -> None:
        value = f"{now.isoformat()} {round(by.total_seconds())}"
        with self._database.write() as connection:
            operations.set_fact(
                connection, operations.CLOCK_SET, value, now=now
            )
