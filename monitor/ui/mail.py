"""`monitor mail preview` and `mail check`; `monitor recipients`: who gets what, and who wants none."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from monitor.errors import ConfigError
from monitor.flow.live import read_catalog
from monitor.flow.preview import preview_mails
from monitor.flow.views import MailLinks
from monitor.flow.wish import say
from monitor.notify.files import FileMailer
from monitor.notify.render import Templates
from monitor.outside import mail_identity, open_smtp, search_link, wish_links
from monitor.store import wishes
from monitor.types.state import Wish, WishKind
from monitor.ui.context import Session
from monitor.ui.search import since as read_since
from monitor.ui.topics import Json, find_topic
from monitor.ui.until import until as read_until

commands = typer.Typer(help="See mails before they are sent, and ask the mail server.", no_args_is_help=True)
people = typer.Typer(help="Who gets mail: list, pause, resume, unsubscribe.", no_args_is_help=True)
Address = Annotated[str, typer.Argument(help="Mail address of a recipient.")]
OneTopic = Annotated[str | None, typer.Option("--topic", help="Only this topic. Default: everything.")]
SAID_BY = "command line"


def register(app: typer.Typer) -> typer.Typer:
    """The command line with these commands added."""
    app.add_typer(commands, name="mail")
    app.add_typer(people, name="recipients")
    return app


@commands.command(name="preview")
def preview_command(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="Name or id of a topic in feeds.yaml.")],
    since: Annotated[str, typer.Option(help="What was first seen since: 24h, 7d, or 2026-11-01.")] = "24h",
    as_json: Json = False,
) -> None:
    """Write the mails that this topic would send as .eml files into data/preview. Sends nothing, opens nothing."""
    session: Session = context.obj
    settings = session.settings
    chosen = find_topic(session, topic)
    _, topics = read_catalog(settings.feeds_file)
    start = read_since(since, zone=settings.timezone, now=session.now)
    with session.database() as database:
        links = MailLinks(search_link(settings, database), wish_links(settings, database, now=session.now))
        with database.read() as connection:
            emails = preview_mails(
                connection, chosen, topics, identity=mail_identity(settings),
                templates=Templates(settings.templates_dir), links=links, since=start, now=session.now,
            )  # fmt: skip
    writer = FileMailer(settings.data_dir / "preview")
    written = [
        {"recipient": email.recipient, "subject": email.subject, "file": writer.send(email).reply} for email in emails
    ]
    if as_json:
        session.print_json(written)
    else:
        for mail in written:
            session.out.print(f"{mail['recipient']}: {mail['subject']}\n  {mail['file']}", markup=False)
        if not written:
            session.out.print(f"nothing of the last {since} matches, or the topic has no recipients")
    raise typer.Exit(0 if written else 1)


@commands.command(name="check")
def check_command(
    context: typer.Context,
    recipient: Annotated[str | None, typer.Argument(help="Whom to ask about. Default: the sender.")] = None,
    as_json: Json = False,
) -> None:
    """Speak to the mail server up to the message itself and show its answers. Sends no mail. Exit 1 if it refuses."""
    session: Session = context.obj
    settings = session.settings
    if not settings.smtp_host:
        raise ConfigError(
            f"no mail server is set; mails go into {settings.data_dir / 'outbox'}"
            if settings.mail_mode == "file"
            else "no mail server is set",
            hint="set MONITOR_MAIL_MODE=smtp and MONITOR_SMTP_HOST",
        )
    mailer = open_smtp(settings)
    sender = settings.envelope_from or settings.sender_address
    told = mailer.check(sender, recipient or sender)
    well = not any(question == "failed" or answer[:1] in "45" for question, answer in told)
    if as_json:
        session.print_json({"well": well, "answers": [{"asked": q, "answer": a} for q, a in told]})
    else:
        for question, answer in told:
            session.out.print(f"{question}: {answer}", markup=False, highlight=False)
        session.out.print("the server would take mail" if well else "the server takes no mail so")
    raise typer.Exit(0 if well else 1)


@people.command(name="list")
def list_command(context: typer.Context, as_json: Json = False) -> None:
    """Everybody in feeds.yaml with topics and modes, and what they said about getting mail."""
    session: Session = context.obj
    catalog, _ = read_catalog(session.settings.feeds_file)
    topics: dict[str, list[str]] = {}
    for topic in catalog.topics:
        for recipient in topic.recipients:
            topics.setdefault(recipient.address, []).append(f"{topic.name} ({recipient.mode or topic.mode})")
    with session.database() as database, database.read() as connection:
        said = wishes.current_wishes(connection)
    addresses = [*topics, *sorted({w.recipient for w in said} - {address.lower() for address in topics})]
    rows = [
        {"address": a, "topics": topics.get(a, []), "wishes": [w for w in said if w.recipient == a.lower()]}
        for a in addresses
    ]
    if as_json:
        session.print_json(rows)
        return
    table = Table("address", "topics", "said", box=None)
    for address in addresses:
        mine = [_worded(wish) for wish in said if wish.recipient == address.lower() and wish.wish != "active"]
        table.add_row(address, "\n".join(topics.get(address, [])), "\n".join(mine))
    session.out.print(table)


@people.command(name="pause")
def pause_command(
    context: typer.Context,
    address: Address,
    until: Annotated[str | None, typer.Option(help="End: 3d, 2w, or a day. Default: until resumed.")] = None,
    topic: OneTopic = None,
) -> None:
    """Hold this person's mail; when the pause ends, what waited comes as one digest."""
    session: Session = context.obj
    end = read_until(until, zone=session.settings.timezone, now=session.now) if until else None
    _say(session, address, "paused", topic=topic, end=end)


@people.command(name="resume")
def resume_command(context: typer.Context, address: Address, topic: OneTopic = None) -> None:
    """End a pause, or undo an unsubscription."""
    _say(context.obj, address, "active", topic=topic)


@people.command(name="unsubscribe")
def unsubscribe_command(context: typer.Context, address: Address, topic: OneTopic = None) -> None:
    """Send this person nothing more, not even what waits already. It is recorded and can be undone with resume."""
    _say(context.obj, address, "unsubscribed", topic=topic)


def _say(session: Session, address: str, wish: WishKind, *, topic: str | None, end: datetime | None = None) -> None:
    catalog, _ = read_catalog(session.settings.feeds_file)
    known = {r.address.lower() for t in catalog.topics for r in t.recipients}
    known.update(r.address.lower() for r in catalog.recipients)
    if session.settings.operator:
        known.add(session.settings.operator.lower())
    topic_id = find_topic(session, topic).id if topic else None
    now = session.now
    with session.database() as database, database.write() as connection:
        known.update(w.recipient for w in wishes.current_wishes(connection))
        if address.lower() not in known:
            raise ConfigError(f"{address} is no recipient", hint="see monitor recipients list")
        say(connection, address, wish, topic_id=topic_id, until=end, said_by=SAID_BY, now=now)
        (said,) = (w for w in wishes.current_wishes(connection, address) if w.topic_id == topic_id)
    session.out.print(f"{address}: {_worded(said)}", markup=False, highlight=False)


def _worded(wish: Wish) -> str:
    about = f" {wish.topic_id}" if wish.topic_id else ""
    end = f" until {wish.until.isoformat(timespec='minutes')}" if wish.until else ""
    return f"{wish.wish}{about}{end} (since {wish.created_at.isoformat(timespec='minutes')}, {wish.said_by})"
