"""report(day): once a day, what was read and sent, to the operator: silence
must not look like "nothing happened".
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.requests.judgements import precision_since
from monitor.flow.upkeep.radar_watch import radar_lines
from monitor.flow.upkeep.sweep import NOTE
from monitor.language.phrases import outcome_label
from monitor.notify.mail.compose_mail import compose_daily_report
from monitor.ports import Clock
from monitor.schedule.wall_clock import first_instant
from monitor.store.alerting import deliveries, missing_matches
from monitor.store.alerting.stored_matches import topic_names
from monitor.store.engine import Database
from monitor.store.radar.radar_subjects import uncovered_since
from monitor.store.running import operations, overview
from monitor.types.catalog import Recipient
from monitor.types.mail import DAILY_REPORT, DailyReportMail

log = structlog.get_logger("monitor.alert")
_DONE = "daily_report"
LATE = timedelta(hours=1)
MOST_SUBJECTS = 10
MOST_OUTLETS = 10
"""Of unreadable outlets in one report; `monitor status` has them all."""
MOST_JUDGED = 8
"""Topics whose judgements one report names."""
WORDS = {
    "de": {
        "repaired": "Nächtliche Prüfung: {n} fehlende Treffer gefunden und nachgetragen",
        "overdue": (
            "Nächtliche Prüfung: {n} Artikel warteten länger als eine Stunde auf den Abgleich mit"
            " den Themen"
        ),
        "unreadable": "{outlet}: von {pages} Seiten {unreadable} nicht lesbar (meist {reason})",
        "judged": "Urteile der Leser: {judged}",
        "fit": "{topic}: {right} von {n} passen",
        "aside": (
            "{n} Vorgänge sind zurückgestellt und warten auf einen Menschen (monitor quarantine)"
        ),
    },
    "en": {
        "repaired": "Nightly check: {n} missing matches were found and added",
        "overdue": "Nightly check: {n} articles had waited for more than an hour to be matched",
        "unreadable": "{outlet}: {unreadable} of {pages} pages not readable (mostly {reason})",
        "judged": "What readers judged: {judged}",
        "fit": "{topic}: {right} of {n} fit",
        "aside": "{n} items are set aside and wait for a person (monitor quarantine)",
    },
}


class Reporter:
    """Sends the daily report, in the order that the module's first line says."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        mail: MailKit,
        at: time | None,
    ) -> None:
        """`at` is local to the identity's time zone; without it, or without an
        operator, nothing is sent.
        """
        self._database, self._clock = database, clock
        self._kit, self._operator, self._at = mail, mail.operator, at
        self._zone = ZoneInfo(mail.identity.timezone)

    def report(self) -> bool:
        """Make the daily report if it is due; a daemon that stood still for
        days makes one.
        """
        if self._operator is None or self._at is None:
            return False
        now = self._clock.now()
        due = self._last_due(now)
        with self._database.write() as connection:
            done = operations.get_fact(connection, _DONE)
            if done is not None and datetime.fromisoformat(done) >= due:
                return False
            operations.set_fact(connection, _DONE, now.isoformat(), now=now)
            # the first one comes when there is a day to speak of
            if done is None:
                return False
            mail = self._mail(
                connection,
                self._operator,
                since=datetime.fromisoformat(done),
                until=now,
            )
            keys = ("daily_report", self._operator.address, due.isoformat())
            letter = self._kit.letter(self._operator, keys, now=now)
            email = compose_daily_report(
                mail, letter, templates=self._kit.templates
            )
            deliveries.add_delivery(
                connection, email, kind="daily_report", topic_id=None, now=now
            )
        log.info(
            "daily_report",
            to=self._operator.address,
            articles=mail.articles,
            failed=len(mail.failed),
        )
        return True

    def _last_due(self, now: datetime) -> datetime:
        assert self._at is not None
        today = now.astimezone(self._zone).date()
        days = [today + timedelta(days=ahead) for ahead in (-1, 0, 1)]
        dues = [
            first_instant(datetime.combine(day, self._at), self._zone)
            for day in days
        ]
        return max(due for due in dues if due <= now).astimezone(self._zone)

    def _mail(
        self,
        connection: Connection,
        operator: Recipient,
        *,
        since: datetime,
        until: datetime,
    ) -> DailyReportMail:
        figures = missing_matches.day_figures(connection, since, until)
        return DailyReportMail(
            since=since,
            until=until,
            feeds=figures.feeds,
            feeds_answered=figures.feeds_answered,
            articles=figures.articles,
            matches=figures.matches,
            mails=figures.mails,
            silent=missing_matches.silent_feeds(connection),
            failed=missing_matches.failed_deliveries(
                connection, since=since, late=until - LATE
            ),
            notes=(
                *_notes(connection, operator.language),
                *unreadable_notes(connection, operator.language, since=since),
                *judged_notes(connection, operator.language, since=since),
            ),
            radar=radar_lines(
                connection, uncovered_since(connection, since)[:MOST_SUBJECTS]
            ),
            place="MONITOR_DAILY_REPORT=off",
            links=self._kit.links.of_list(DAILY_REPORT, operator),
        )


def _notes(connection: Connection, language: str) -> tuple[str, ...]:
    words = WORDS["de" if language == "de" else "en"]
    repaired, overdue = (
        operations.get_fact(connection, NOTE) or "0 0"
    ).split()
    counts = {
        "repaired": int(repaired),
        "overdue": int(overdue),
        "aside": operations.count_quarantined(connection),
    }
    return tuple(words[name].format(n=n) for name, n in counts.items() if n)


def unreadable_notes(
    connection: Connection, language: str, *, since: datetime
) -> tuple[str, ...]:
    """A line for each outlet whose pages mostly could not be read, the worst
    first.
    """
    spoken: Literal["de", "en"] = "de" if language == "de" else "en"
    words = WORDS[spoken]["unreadable"]
    lines = [
        line
        for line in overview.unreadable_outlets(connection, since=since)
        if line.is_mostly
    ]
    return tuple(
        words.format(
            outlet=line.outlet,
            pages=line.pages,
            unreadable=line.unreadable,
            reason=outcome_label(line.reason, spoken),
        )
        for line in lines[:MOST_OUTLETS]
    )


def judged_notes(
    connection: Connection, language: str, *, since: datetime
) -> tuple[str, ...]:
    """What readers judged, in one line: how many stories of which topics fit."""
    words = WORDS["de" if language == "de" else "en"]
    names = topic_names(connection)
    judged = precision_since(connection, since)
    most = sorted(
        judged, key=lambda topic_id: (-judged[topic_id].judged, topic_id)
    )
    said = [
        words["fit"].format(
            topic=names.get(each, each),
            right=judged[each].right,
            n=judged[each].judged,
        )
        for each in most[:MOST_JUDGED]
    ]
    if not said:
        return ()
    more = " …" if len(most) > MOST_JUDGED else ""
    return (words["judged"].format(judged="; ".join(said) + more),)
