"""standstill(operator): we stood still, and what came meanwhile is read > one
notice, in compose's transaction.

Recipients see it in their catch-up digests; whoever runs Monitor hears of it
even if nothing was found.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import MailKit
from monitor.notify.mail.compose_mail import compose_notice
from monitor.store.alerting import deliveries
from monitor.store.running import outage
from monitor.types.mail import SOURCES, NoticeMail

log = structlog.get_logger("monitor.health")


class StandstillTeller:
    """Tells the operator once, as the module's first line says."""

    def __init__(self, mail: MailKit) -> None:
        """Without an operator in `mail` it is logged only."""
        self._kit = mail

    def tell(self, connection: Connection, *, now: datetime) -> None:
        """Make the notice of the outage that is being caught up with; without
        one, nothing.
        """
        over = outage.current_outage(connection)
        if over is None:
            return
        articles = outage.came_since(connection, over)
        log.warning(
            "standstill", since=over.since, until=over.until, articles=articles
        )
        operator = self._kit.operator
        if operator is None:
            return
        links = self._kit.links.of_list(SOURCES, operator)
        mail = NoticeMail(
            "catch_up",
            now,
            since=over.since,
            until=over.until,
            articles=articles,
            links=links,
        )
        keys = (
            "notice",
            "catch_up",
            over.since.isoformat(),
            over.until.isoformat(),
        )
        letter = self._kit.letter(operator, keys, now=now)
        email = compose_notice(mail, letter, templates=self._kit.templates)
        deliveries.add_delivery(
            connection, email, kind="notice", topic_id=None, now=now
        )
