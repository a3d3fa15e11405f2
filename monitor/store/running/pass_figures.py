"""What one pass brought, so that it can be said why no mail came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.store.reading.article_states import IS_DUE
from monitor.store.tables import alerts, articles, deliveries
from monitor.types.overview import PassFigures

MAIL_KINDS = ("immediate", "collected", "digest", "spike")
"""Kinds of mail that tell of articles; notices and reports do not."""


def pass_figures(connection: Connection, *, since: datetime) -> PassFigures:
    """What was found, and what became of it, since a pass began."""
    mails = select(func.count()).where(
        deliveries.c.created_at >= since, deliveries.c.kind.in_(MAIL_KINDS)
    )
    new = select(func.count()).where(articles.c.first_seen_at >= since)
    unread = select(func.count()).where(IS_DUE, articles.c.version == 0)
    made = select(alerts.c.state, alerts.c.reason, alerts.c.due_at)
    latest = (
        made.where(alerts.c.created_at >= since)
        .order_by(alerts.c.id.desc())
        .limit(1)
    )
    alert = connection.execute(latest).one_or_none()
    return PassFigures(
        mails=connection.execute(mails).scalar_one(),
        new=connection.execute(new).scalar_one(),
        first_items=connection.execute(
            new.where(articles.c.silent)
        ).scalar_one(),
        unread=connection.execute(unread).scalar_one(),
        alert_state=alert.state if alert else "",
        alert_reason=alert.reason if alert else "",
        alert_due_at=alert.due_at if alert else None,
    )
