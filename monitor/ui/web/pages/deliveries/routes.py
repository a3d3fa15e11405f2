"""/zustellungen, its exports, and one mail as it was sent."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request, url_for

from monitor.flow.requests.mail_log import (
    MailLog,
    MailView,
    read_mail_log,
    read_mail_view,
)
from monitor.types.overview import DeliveryLine
from monitor.ui.web.export_answer import TAG, Export, export_answer
from monitor.ui.web.exports import FORMATS, Cell, ExportColumn, FeedEntry
from monitor.ui.web.labels import label
from monitor.ui.web.list_pages import ROWS
from monitor.ui.web.pages.deliveries.delivery_list import (
    STATES,
    DeliveryParameters,
    to_question,
)
from monitor.ui.web.parameters import LARGEST_NUMBER, read_parameters
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import current_language
from monitor.ui.web.wording import gettext as _

MOST_EXPORTED = 1_000  # mails in one file
MOST_IN_FEED = 100

blueprint = Blueprint("deliveries", __name__)
page = Page(
    blueprint,
    NavEntry("Zustellungen", "deliveries.show", order=50),
    role="admin",
)


@blueprint.app_template_filter("label")
def labelled(word: str, kind: str) -> str:
    """A fixed word of the database, in the language of this request."""
    return label(kind, word, current_language())


@blueprint.get("/zustellungen")
def show() -> str:
    """Mails, newest first; on the first page also what waits, and who wants
    none.
    """
    asked = read_parameters(DeliveryParameters, request.args)
    mail_log = find_mails(asked)
    address = asked.address(url_for("deliveries.show"))
    counts = dict(mail_log.counts)
    return render_template(
        "deliveries/page.html",
        asked=asked,
        log=mail_log,
        rows=ROWS,
        states=[(state, counts[state]) for state in STATES if state in counts],
        address=address,
        further=str(address.having("before", str(mail_log.before)))
        if mail_log.before
        else "",
        exports={
            kind: str(address.at(url_for("deliveries.export", kind=kind)))
            for kind in FORMATS
        },
    )


@blueprint.get("/zustellungen.<any(csv, json, atom):kind>")
def export(kind: str) -> Response:
    """The first mails of the same list, to take along."""
    asked = read_parameters(DeliveryParameters, request.args)
    mail_log = find_mails(
        asked, limit=MOST_IN_FEED if kind == "atom" else MOST_EXPORTED
    )
    return export_answer(
        kind,
        Export(
            file="zustellungen",
            title=_("Zustellungen"),
            address=str(asked.address(url_for("deliveries.show"))),
            columns=_columns(),
            rows=[_row(mail) for mail in mail_log.mails],
            entries=[_entry(mail) for mail in mail_log.mails],
        ),
    )


@blueprint.get("/zustellungen/<int:mail>")
def show_mail(mail: int) -> str:
    """One mail: what became of it, and its words."""
    return render_template("deliveries/mail.html", view=find_mail(mail))


def find_mails(
    asked: DeliveryParameters, *, limit: int | None = None
) -> MailLog:
    """The mails that the address asks for, for the page, its exports and the
    API.
    """
    of = web_kit()
    return read_mail_log(
        of.database, to_question(asked, limit=limit), now=of.clock.now()
    )


def find_mail(mail: int) -> MailView:
    """The mail of this number; there is none: 404."""
    found = (
        read_mail_view(web_kit().database, mail)
        if mail <= LARGEST_NUMBER
        else None
    )
    return found or abort(404)


def _columns() -> tuple[ExportColumn, ...]:
    return (
        ExportColumn("mail", _("Nummer")),
        ExportColumn("created_at", _("Verfasst")),
        ExportColumn("state", _("Zustand")),
        ExportColumn("recipient", _("Empfänger")),
        ExportColumn("topic", _("Thema")),
        ExportColumn("kind", _("Art")),
        ExportColumn("subject", _("Betreff")),
        ExportColumn("attempts", _("Versuche")),
        ExportColumn("sent_at", _("Zugestellt")),
        ExportColumn("reply", _("Antwort des Servers")),
    )


def _row(mail: DeliveryLine) -> tuple[Cell, ...]:
    return (
        mail.id,
        mail.created_at,
        mail.state,
        mail.recipient,
        mail.topic_id,
        mail.kind,
        mail.subject,
        mail.attempts,
        mail.sent_at,
        mail.reply,
    )


def _entry(mail: DeliveryLine) -> FeedEntry:
    """A new entry whenever the state changes, so that a feed reader tells of
    it.
    """
    state = labelled(mail.state, "mail")
    key = f"{TAG}mail/{mail.id}/{mail.state}"
    said = f"{state}. {mail.reply}".strip()
    updated = mail.sent_at or mail.created_at
    return FeedEntry(
        key, f"{mail.subject} ({state})", "", mail.recipient, updated, said
    )
