"""look(feeds): what became of each source > notices to the operator, one
transaction: what was told, and the mails.

Whether a feed is silent is `schedule.silence`'s; how a notice looks is
`notify`'s. Judged at a feed's last poll, never at the present: after an outage
of ours nobody is silent before having been asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from monitor.config.source import cover_credentials
from monitor.flow.alerting.mail_content import MailKit
from monitor.notify.mail.compose_mail import compose_notice
from monitor.ports import Clock
from monitor.schedule.cadence import GONE_AFTER
from monitor.schedule.silence import (
    NO_ANSWER,
    SHORTEST,
    WINDOW,
    Silence,
    no_answer,
    no_news,
)
from monitor.store.alerting import deliveries
from monitor.store.engine import Database
from monitor.store.running import feed_health
from monitor.types.catalog import Feed
from monitor.types.mail import SOURCES, FeedNotice, NoticeKind, NoticeMail
from monitor.types.overview import FeedHealth

log = structlog.get_logger("monitor.health")
Finding = tuple[NoticeKind, FeedHealth, FeedNotice]
NOT_ITS_FAULT = {"offline", "gone"}
"""Outcomes of a last poll that say nothing about the feed's silence, or say it
elsewhere.
"""
TOLD_TO_WAIT = {"rate_limited", "resting"}
"""Outcomes that are no failures of the feed; for days they mean all the same
that nothing of it is read.
"""


class Watcher:
    """Looks at all feeds and tells the operator, each thing once, in one mail
    per kind.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        feed_of: Callable[[str], Feed | None],
        mail: MailKit,
    ) -> None:
        """Without an operator in `mail`, what happens is logged and shown in
        status only.
        """
        self._database, self._clock, self._feed_of = database, clock, feed_of
        self._kit = mail
        self._judged: dict[str, tuple[datetime, datetime]] = {}

    def look(self) -> int:
        """Judge every feed that was polled since the last look; returns how
        many things were told.
        """
        with self._database.read() as connection:
            lines = feed_health.feed_health(connection)
            fresh = [
                line
                for line in lines
                if self._judged.get(line.feed_id) != _last_poll(line)
            ]
            found = [
                finding
                for line in fresh
                for finding in self._judge(connection, line)
            ]
        told = self._tell(found) if found else 0
        self._judged = {line.feed_id: _last_poll(line) for line in lines}
        return told

    def _judge(
        self, connection: Connection, line: FeedHealth
    ) -> Iterator[Finding]:
        feed = self._feed_of(line.feed_id)
        if feed is None:
            return
        if line.url not in (None, feed.url):
            told = feed_health.moved_told(connection, feed.id)
            before = feed.url or told
            if line.url != told and before:
                moved = _notice(
                    feed, line, moved_from=before, moved_to=line.url or ""
                )
                yield "moved", line, moved
        if (
            line.gone_since is not None
            and line.last_attempt_at - line.gone_since >= GONE_AFTER
        ):
            if not line.gone_notified:
                yield "gone", line, _notice(feed, line, since=line.gone_since)
            return
        yield from _changes(feed, line, self._silence(connection, feed, line))

    def _silence(
        self, connection: Connection, feed: Feed, line: FeedHealth
    ) -> Silence | None:
        as_of = line.last_attempt_at
        if line.last_outcome in NOT_ITS_FAULT:
            return None
        if line.last_outcome in TOLD_TO_WAIT:
            return _kept_waiting(connection, line)
        if line.failures:
            first = (
                line.last_success_at
                or feed_health.first_poll(connection, feed.id)
                or as_of
            )
            return (
                Silence(first)
                if no_answer(since=first, failures=line.failures, as_of=as_of)
                else None
            )
        if line.last_new_at is None or as_of - line.last_new_at < SHORTEST:
            return None  # the usual case, without reading a single item
        found = feed_health.arrivals(
            connection, feed.id, since=line.last_new_at - WINDOW
        )
        return no_news(found, zone=feed.timezone, as_of=as_of)

    def _tell(self, found: Sequence[Finding]) -> int:
        now = self._clock.now()
        told: dict[NoticeKind, list[FeedNotice]] = defaultdict(list)
        with self._database.write() as connection:
            for kind, line, notice in found:
                if _mark(connection, kind, line, notice, now=now):
                    told[kind].append(notice)
                    log.warning(
                        "feed",
                        feed=line.feed_id,
                        outcome=kind,
                        address=notice.moved_to or notice.url,
                        since=notice.since.isoformat(timespec="seconds")
                        if notice.since
                        else None,
                    )
            for kind, notices in told.items():
                self._mail(connection, NoticeMail(kind, now, tuple(notices)))
        return sum(len(notices) for notices in told.values())

    def _mail(self, connection: Connection, mail: NoticeMail) -> None:
        operator = self._kit.operator
        if operator is None:
            return
        keys = (
            "notice",
            mail.kind,
            mail.as_of.isoformat(),
            *(notice.url for notice in mail.feeds),
        )
        letter = self._kit.letter(operator, keys, now=mail.as_of)
        mail = replace(mail, links=self._kit.links.of_list(SOURCES, operator))
        email = compose_notice(mail, letter, templates=self._kit.templates)
        deliveries.add_delivery(
            connection, email, kind="notice", topic_id=None, now=mail.as_of
        )


def _last_poll(line: FeedHealth) -> tuple[datetime, datetime]:
    """Tells one poll from the next; where its server rests, nothing is
    attempted, but the due time moves.
    """
    return line.last_attempt_at, line.next_due_at


def _kept_waiting(connection: Connection, line: FeedHealth) -> Silence | None:
    """The silence of a feed whose server puts us off again and again, or for
    more than a day at once. One that was never read is not silent by its first
    answer: it has no usual.
    """
    polls, last = feed_health.asked_in_vain(
        connection, line.feed_id, since=line.last_success_at
    )
    as_of = last or line.last_attempt_at
    since = (
        line.last_success_at
        or feed_health.first_poll(connection, line.feed_id)
        or as_of
    )
    put_off = (
        line.last_success_at is not None
        and line.next_due_at - as_of >= NO_ANSWER
    )
    return (
        Silence(since)
        if put_off or no_answer(since=since, failures=polls, as_of=as_of)
        else None
    )


def _mark(
    connection: Connection,
    kind: NoticeKind,
    line: FeedHealth,
    notice: FeedNotice,
    *,
    now: datetime,
) -> bool:
    """Note what is being told; False where it was told before."""
    match kind:
        case "silent":
            return feed_health.mark_silent(
                connection, line.feed_id, since=notice.since or now
            )
        case "recovered":
            return feed_health.mark_recovered(connection, line.feed_id)
        case "gone":
            return feed_health.mark_gone(connection, line.feed_id)
        case _:
            return feed_health.mark_moved(
                connection, line.feed_id, line.url or "", now=now
            )


def _changes(
    feed: Feed, line: FeedHealth, silence: Silence | None
) -> Iterator[Finding]:
    """That a feed fell silent, or is no longer."""
    waits = line.last_outcome in TOLD_TO_WAIT
    if silence is None:
        answered = line.last_success_at == line.last_attempt_at and not waits
        if line.silent_since is not None and answered:
            yield (
                "recovered",
                line,
                _notice(feed, line, since=line.silent_since),
            )
    elif line.silent_since is None:
        reason = line.last_detail or "" if line.failures or waits else ""
        told = _notice(
            feed, line, since=silence.since, usual=silence.usual, reason=reason
        )
        yield "silent", line, told


def _notice(
    feed: Feed,
    line: FeedHealth,
    *,
    since: datetime | None = None,
    usual: timedelta | None = None,
    reason: str = "",
    moved_from: str = "",
    moved_to: str = "",
) -> FeedNotice:
    return FeedNotice(
        title=feed.title,
        outlet=feed.outlet,
        url=cover_credentials(moved_from or line.url or feed.address),
        since=since,
        usual=usual,
        reason=reason,
        moved_to=cover_credentials(moved_to),
        place=f"{feed.place.file}:{feed.place.line}" if feed.place else "",
    )
