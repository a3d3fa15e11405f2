"""Does the daemon do its work? Facts of the database and the disk, judged by
bounds. Cheap enough to be asked every minute: loads no SQLAlchemy.
"""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import StoreError
from monitor.store.running.health_facts import (
    WRITE,
    Ask,
    health_facts,
    shared_present,
)
from monitor.types.health import (
    ALIVE_WITHIN,
    DaemonPlace,
    HealthCheck,
    HealthFacts,
)

POLL_LATE = timedelta(minutes=30)
READ_LATE = timedelta(minutes=60)  # pages of a busy outlet take turns
MATCH_LATE = timedelta(minutes=10)
# a server away is tried again for days; people should know
MAIL_LATE = timedelta(minutes=30)
INDEX_LATE = timedelta(minutes=30)
UNANSWERED = timedelta(hours=3)
"""No feed answered for so long: the network or a proxy, not the publishers."""

QUIET_HOURS = 3
DAYS_BEFORE, DAYS_KNOWN = 7, 3
USUAL_NEWS = 10
"""Nothing new in so many hours is unusual where the same hours of the days
before brought this much in the middle, and at least some of those days are
known. Nights and small installations stay quiet.
"""

LEAST_FREE = 500 * 2**20  # bytes
LEAST_SHARE = 0.03


def this_place(folder: Path) -> DaemonPlace:
    """Where a daemon with this data folder runs, as it says at its start and
    is asked for later.
    """
    return DaemonPlace(os.uname().nodename, str(folder.resolve()))


def check_health(
    asking: AbstractContextManager[Ask],
    *,
    folder: Path,
    now: datetime,
    shared: bool,
    overview: bool = False,
) -> tuple[HealthCheck, ...]:
    """Every check. Never raises for a database or a disk that is away: that is
    an answer.

    `shared`: several daemons may share the database, so that the one of this
    host and data folder is asked about, and its clock is the one that counts.
    `overview`: as in `judge_health`.
    """
    try:
        with asking as ask:
            ask(WRITE)
            now = shared_present(ask) if shared else now
            facts = health_facts(ask, this_place(folder) if shared else None)
    except StoreError as error:
        return (
            HealthCheck("database", False, str(error)[:300], live=True),
            check_disk(folder),
        )
    written = HealthCheck(
        "database", True, "answers and takes writes", live=True
    )
    return (
        written,
        *judge_health(facts, now=now, overview=overview),
        check_disk(folder),
    )


def judge_health(
    facts: HealthFacts, *, now: datetime, overview: bool = False
) -> tuple[HealthCheck, ...]:
    """The facts held against the bounds. Pure.

    `overview`: all daemons together are asked about. One that was stopped is
    no fault, and late is then what was late when it stopped. Where none ever
    ran at this place, another one answers.
    """
    if not overview:
        return _judge(facts, now, _liveness(facts, now))
    if facts.alive_at is None:
        facts = replace(facts, alive_at=facts.others_alive_at)
    daemon = _liveness(facts, now)
    if facts.stopped_at is None:
        return _judge(facts, now, daemon)
    others_work = (
        facts.others_alive_at is not None
        and now - facts.others_alive_at < ALIVE_WITHIN
    )
    return _judge(
        facts,
        now if others_work else facts.stopped_at,
        replace(daemon, well=True),
    )


def _judge(
    facts: HealthFacts, now: datetime, daemon: HealthCheck
) -> tuple[HealthCheck, ...]:
    return (
        daemon,
        _ticks(facts, now),
        _answers(facts, now),
        _news(facts, now),
        _work("polls", facts.poll_due_at, POLL_LATE, now),
        _work("pages", facts.read_due_at, READ_LATE, now),
        _work("matching", facts.unmatched_since, MATCH_LATE, now),
        _mail(facts, now),
        _index(facts, now),
    )


def is_well(checks: tuple[HealthCheck, ...], *, live: bool = False) -> bool:
    """Whether nothing is wrong; with `live`, whether the daemon works at all."""
    return all(check.well for check in checks if check.live or not live)


def _liveness(facts: HealthFacts, now: datetime) -> HealthCheck:
    if facts.alive_at is None:
        return HealthCheck("daemon", False, "none has run here", live=True)
    if facts.stopped_at is not None:
        detail = f"it was stopped {_ago(now - facts.stopped_at)} ago"
        return HealthCheck("daemon", False, detail, live=True)
    silent = now - facts.alive_at
    detail = f"last sign of life {_ago(silent)} ago"
    return HealthCheck("daemon", silent < ALIVE_WITHIN, detail, live=True)


def _ticks(facts: HealthFacts, now: datetime) -> HealthCheck:
    """A tick that runs on and on waits for something that does not come."""
    if not facts.late_ticks:
        return HealthCheck("ticks", True, "none runs for too long")
    name, since = min(facts.late_ticks.items(), key=lambda late: late[1])
    return HealthCheck("ticks", False, f"{name} runs for {_ago(now - since)}")


def _answers(facts: HealthFacts, now: datetime) -> HealthCheck:
    if not facts.feeds or facts.polled_at is None:
        return HealthCheck("answers", True, "no feed was asked yet")
    if facts.answered_at is None:
        return HealthCheck("answers", False, "no feed has ever answered")
    since = now - facts.answered_at
    return HealthCheck(
        "answers", since < UNANSWERED, f"a feed answered {_ago(since)} ago"
    )


def _news(facts: HealthFacts, now: datetime) -> HealthCheck:
    """Feeds may answer and bring nothing: a stale cache before all of them, a
    broken parser.
    """
    latest = now.replace(minute=0, second=0, microsecond=0)
    hours = [latest - timedelta(hours=n) for n in range(QUIET_HOURS)]
    found = _news_in(facts, hours)
    earlier = [
        _news_in(facts, [hour - timedelta(days=day) for hour in hours])
        for day in range(1, DAYS_BEFORE + 1)
    ]
    first = min(facts.news, default=now)
    known = [
        count
        for day, count in enumerate(earlier, 1)
        if first <= now - timedelta(days=day)
    ]
    usual = sorted(known)[len(known) // 2] if len(known) >= DAYS_KNOWN else 0
    quiet = found == 0 and usual >= USUAL_NEWS
    detail = f"{found} polls with news in {QUIET_HOURS} hours, usually {usual}"
    return HealthCheck("news", not quiet, detail)


def _news_in(facts: HealthFacts, hours: list[datetime]) -> int:
    return sum(facts.news.get(hour, 0) for hour in hours)


def _work(
    name: str, oldest: datetime | None, bound: timedelta, now: datetime
) -> HealthCheck:
    late = now - oldest if oldest is not None else timedelta(0)
    if late <= timedelta(0):
        return HealthCheck(name, True, "nothing is late")
    return HealthCheck(
        name, late < bound, f"the oldest waits for {_ago(late)}"
    )


def _mail(facts: HealthFacts, now: datetime) -> HealthCheck:
    waiting = _work("mail", facts.unsent_since, MAIL_LATE, now)
    if facts.mails_given_up:
        return HealthCheck(
            "mail", False, f"{facts.mails_given_up} mails were given up"
        )
    return waiting


def _index(facts: HealthFacts, now: datetime) -> HealthCheck:
    behind = _work("index", facts.index_complete_until, INDEX_LATE, now)
    if facts.index_trouble:
        return HealthCheck("index", False, facts.index_trouble)
    return behind


def check_disk(folder: Path) -> HealthCheck:
    """Whether there is room left where the data is."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        return HealthCheck(
            "disk", False, f"{folder}: {error.strerror or error}"
        )
    least = min(LEAST_FREE, usage.total * LEAST_SHARE)
    return HealthCheck(
        "disk", usage.free > least, f"{usage.free / 2**30:.1f} GiB free"
    )


def _ago(span: timedelta) -> str:
    seconds = max(span.total_seconds(), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
