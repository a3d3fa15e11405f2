"""refused(feeds.yaml, templates): what was written cannot be used > one notice
to the operator, in the transaction that notes it.

Alerts go on by the file as it was before, and mails with our own templates, so
nothing is missing; but the editor who waits for a new topic must hear that it
is not watched.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from monitor.errors import ConfigError
from monitor.flow.alerting.mail_content import MailKit
from monitor.notify.mail.compose_mail import compose_notice
from monitor.store.alerting import deliveries
from monitor.types.mail import SOURCES, FileNotice, NoticeMail


def tell_refusal(
    connection: Connection, error: ConfigError, *, kit: MailKit, now: datetime
) -> None:
    """Make the notice; without an operator, nothing."""
    found = [
        problem for problem in getattr(error, "problems", ()) if problem.fatal
    ]
    problems = tuple(
        FileNotice(
            f"{one.place.file}:{one.place.line}:{one.place.column}",
            one.message,
            one.hint,
        )
        for one in found
    ) or (
        FileNotice(error.about or "feeds.yaml", str(error), error.hint or ""),
    )
    tell_problems(connection, "config", problems, kit=kit, now=now)


def tell_problems(
    connection: Connection,
    kind: Literal["config", "templates"],
    problems: tuple[FileNotice, ...],
    *,
    kit: MailKit,
    now: datetime,
) -> None:
    """One notice with these problems; without an operator, nothing."""
    operator = kit.operator
    if operator is None:
        return
    links = kit.links.of_list(SOURCES, operator)
    mail = NoticeMail(kind, now, problems=problems, links=links)
    letter = kit.letter(operator, ("notice", kind, now.isoformat()), now=now)
    email = compose_notice(mail, letter, templates=kit.templates)
    deliveries.add_delivery(
        connection, email, kind="notice", topic_id=None, now=now
    )
