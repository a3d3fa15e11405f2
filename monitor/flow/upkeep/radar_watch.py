"""watch(): new articles > their terms > days that are over, counted > what
rises > mail.

A tick of the leader. What it has not read yet is what lacks a row, so that it
may stop anywhere; a database that has articles of the last weeks is caught up
with, the newest day first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.requests.local_days import day_start, last_days
from monitor.flow.upkeep.radar_look import (
    BASELINE_DAYS,
    DAY,
    RadarPlace,
    look_for_subjects,
)
from monitor.notify.mail.compose_mail import compose_notice
from monitor.ports import Clock
from monitor.radar.day_counts import count_day, count_stories, pack
from monitor.radar.routine import is_routine
from monitor.radar.terms import terms_of
from monitor.store.alerting import deliveries, subscriptions
from monitor.store.engine import Database
from monitor.store.radar import radar_days, radar_subjects, radar_terms
from monitor.store.radar.radar_terms import Unread
from monitor.store.reading import article_views
from monitor.store.running import operations
from monitor.types.article import Article
from monitor.types.catalog import Recipient
from monitor.types.mail import RADAR, NoticeMail, RadarLine
from monitor.types.radar import Finding, RadarSubject

log = structlog.get_logger("monitor.radar")
LOOKED_AT = "radar_looked_at"
"""The fact that says when the radar was looked at last."""

BATCH = 200
AT_ONCE = 2_000
"""Articles read in one tick: about a second's work."""

READY = timedelta(hours=6)
"""After its end, a day is counted: by then its late pages are read."""

BETWEEN = timedelta(minutes=10)
REMEMBERED = timedelta(days=3)
"""A subject that rises again within this time is the same one, and told once.
"""

KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class RadarAlerts:
    """Who is told of each new subject at once."""

    mail: MailKit
    recipients: tuple[Recipient, ...] = ()


class RadarWatch:
    """Keeps the counts and looks at them. May be called at any time and again."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        place: RadarPlace,
        alerts: RadarAlerts,
    ) -> None:
        self._database, self._clock = database, clock
        self._place, self._alerts = place, alerts

    def watch(self) -> int:
        """Read what is new and look, if it is time; returns how many articles
        were read.
        """
        now = self._clock.now()
        read = self._catch_up(now)
        with self._database.read() as connection:
            looked = operations.get_fact(connection, LOOKED_AT)
        if read < AT_ONCE and (
            looked is None or now - datetime.fromisoformat(looked) >= BETWEEN
        ):
            self._look(now)
        return read

    def _catch_up(self, now: datetime) -> int:
        days = last_days(BASELINE_DAYS + 2, zone=self._place.zone, now=now)
        with self._database.read() as connection:
            counted = radar_days.counted_days(connection, since=days[0])
        read = 0
        for day in reversed([day for day in days if day not in counted]):
            read += self._read_day(day, AT_ONCE - read)
            if read >= AT_ONCE:
                break
            if self._span(day)[1] + READY <= now:
                self._count_day(day, now=now)
        return read

    def _span(self, day: date) -> tuple[datetime, datetime]:
        return day_start(day, self._place.zone), day_start(
            day + DAY, self._place.zone
        )

    def _read_day(self, day: date, most: int) -> int:
        """A batch per transaction: writers of live articles wait for none of
        them long.
        """
        since, until = self._span(day)
        read = 0
        while read < most:
            with self._database.read() as connection:
                batch = radar_terms.unread_articles(
                    connection, since, until, limit=BATCH
                )
                sections = radar_terms.categories_of(
                    connection, [each.id for each in batch]
                )
            rows = [
                (
                    each.id,
                    each.seen_at,
                    _terms(each, sections.get(each.id, ())),
                )
                for each in batch
            ]
            with self._database.write() as connection:
                radar_terms.save_terms(connection, rows)
            read += len(batch)
            if len(batch) < BATCH:
                break
        return read

    def _count_day(self, day: date, *, now: datetime) -> None:
        since, until = self._span(day)
        with self._database.read() as connection:
            found = radar_terms.story_terms(connection, since, until)
            stories, counts = count_stories(found)
        packed = pack(count_day(day, stories, counts))
        first = (
            now.astimezone(ZoneInfo(self._place.zone)).date()
            - (BASELINE_DAYS + 2) * DAY
        )
        with self._database.write() as connection:
            radar_days.save_day(
                connection, day, stories=stories, counts=packed
            )
            radar_days.drop_days(connection, before=first)
            if until < now - DAY:
                radar_terms.drop_terms(connection, since, until)
        if stories:
            log.info(
                "radar",
                outcome="day_counted",
                day=day.isoformat(),
                stories=stories,
            )

    def _look(self, now: datetime) -> None:
        yesterday = self._span(
            (now - DAY).astimezone(ZoneInfo(self._place.zone)).date()
        )[0]
        with self._database.read() as connection:
            findings = look_for_subjects(connection, self._place, now=now)
            known = radar_subjects.subjects_since(connection, now - REMEMBERED)
        paired = [
            (finding, known_subject(finding, known)) for finding in findings
        ]
        with self._database.write() as connection:
            for finding, before in paired:
                if before is None:
                    radar_subjects.add_subject(connection, finding, now=now)
                else:
                    radar_subjects.renew_subject(
                        connection, before.id, finding, now=now
                    )
            radar_terms.drop_terms(connection, now - KEPT, yesterday)
            radar_subjects.drop_subjects(connection, before=now - KEPT)
            operations.set_fact(
                connection, LOOKED_AT, now.isoformat(), now=now
            )
            self._tell(connection, now)
        new = sum(before is None for _, before in paired)
        log.info("radar", outcome="looked", subjects=len(findings), new=new)

    def _tell(self, connection: Connection, now: datetime) -> None:
        """Each subject once, in the transaction that remembers it."""
        if not self._alerts.recipients:
            return
        new = radar_subjects.untold_since(connection, now - DAY)
        for recipient in self._alerts.recipients if new else ():
            if (
                subscriptions.refusal(
                    connection, recipient.address, RADAR, now=now
                )
                is None
            ):
                self._mail(connection, recipient, new, now=now)
        for subject in new:
            radar_subjects.mark_told(connection, subject.id, now=now)

    def _mail(
        self,
        connection: Connection,
        recipient: Recipient,
        subjects: Sequence[RadarSubject],
        *,
        now: datetime,
    ) -> None:
        kit = self._alerts.mail
        keys = (
            RADAR,
            recipient.address,
            *(str(subject.id) for subject in subjects),
        )
        letter = kit.letter(recipient, keys, now=now)
        mail = NoticeMail(
            "radar", now, radar=radar_lines(connection, subjects)
        )
        mail = replace(mail, links=kit.links.of_list(RADAR, recipient))
        email = compose_notice(mail, letter, templates=kit.templates)
        deliveries.add_delivery(
            connection, email, kind="radar", topic_id=None, now=now
        )


def radar_lines(
    connection: Connection, subjects: Sequence[RadarSubject]
) -> tuple[RadarLine, ...]:
    """The subjects as a mail lists them, each with its newest article."""
    newest = [each.finding.articles[-1] for each in subjects]
    articles = {
        each.id: each
        for each in article_views.get_articles(connection, newest)
    }
    return tuple(
        _line(each, articles.get(each.finding.articles[-1]))
        for each in subjects
    )


def _line(subject: RadarSubject, article: Article | None) -> RadarLine:
    found = subject.finding
    title, url = (article.content.title, article.url) if article else ("", "")
    return RadarLine(
        found.label, len(found.stories), found.outlets, title, url
    )


def known_subject(
    finding: Finding, known: Sequence[RadarSubject]
) -> RadarSubject | None:
    """The same subject at an earlier look: half of the stories of one are in
    the other, or it has the same leading term.
    """
    mine = set(finding.stories)
    for subject in known:
        theirs = set(subject.finding.stories)
        shared = len(mine & theirs)
        leading = subject.finding.terms[0].written == finding.terms[0].written
        if leading or shared * 2 >= min(len(mine), len(theirs)):
            return subject
    return None


def _terms(article: Unread, categories: Sequence[str]) -> str:
    sections = (article.section or "", *categories)
    if not article.is_news or is_routine(article.title, sections):
        return ""
    return "\n".join(
        sorted(terms_of(article.title, article.lead, article.text))
    )
