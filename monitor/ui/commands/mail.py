"""`monitor mail preview`, `mail check` and `mail test`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime

from monitor.config.address_notation import mail_address, meant_address
from monitor.config.notation import Unreadable
from monitor.errors import ConfigError
from monitor.flow.catalog_file import read_catalog
from monitor.flow.requests.mail_preview import MailPreview, preview_mails
from monitor.notify.mail.compose_mail import compose_notice
from monitor.notify.transport.eml_files import FileMailer
from monitor.types.catalog import Recipient
from monitor.types.mail import NoticeMail
from monitor.types.output import SendState
from monitor.ui.catalog_names import find_topic, known_addresses, named_address
from monitor.ui.commands.times import since as read_since
from monitor.ui.context import Session
from monitor.ui.say import Say
from monitor.wiring.mail_kit import make_mail_kit, open_mailer, open_smtp


def preview(session: Session, topic: str, since: str, as_json: bool) -> int:
    """Write the mails that this topic would send as .eml files into
    data/preview.

    Sends nothing, opens nothing.
    """
    settings = session.settings
    chosen = find_topic(session, topic)
    _, topics = read_catalog(settings.feeds_file)
    start = read_since(since, zone=settings.timezone, now=session.now)
    with session.database() as database:
        kit = make_mail_kit(settings, database, now=session.now)
        with database.read() as connection:
            found = preview_mails(
                connection,
                chosen,
                topics,
                mail=kit,
                since=start,
                now=session.now,
            )
    writer = FileMailer(settings.data_dir / "preview")
    written = [
        {
            "recipient": email.recipient,
            "subject": email.subject,
            "file": writer.send(email).reply,
        }
        for email in found.emails
    ]
    if as_json:
        session.print_json(written)
    else:
        for mail in written:
            session.tell(
                f"{mail['recipient']}: {mail['subject']}\n  {mail['file']}"
            )
        session.tell(_summary(found, session.say, start))
    return 0 if written else 1


def _summary(found: MailPreview, say: Say, start: datetime) -> str:
    since = say.moment(start)
    if not found.stories:
        return say("mail.nothing", since=since)
    stories = say.count("common.stories", found.stories)
    alerting = say.number(found.would_alert)
    line = say("mail.stories", stories=stories, since=since, alerting=alerting)
    lines = [line if found.emails else f"{line}; {say('mail.no_recipients')}"]
    for reason, articles in found.silent:
        lines.append(
            say.count("mail.would_not", articles, reason=say.phrase(reason))
        )
    return "\n".join(lines)


def check_mail_server(
    session: Session, recipient: str | None, as_json: bool
) -> int:
    """Speak to the mail server up to the message itself and show its answers.

    Sends no mail. Exit 1 if it refuses.
    """
    settings = session.settings
    if not settings.smtp_host:
        problem = "no mail server is set"
        if settings.mail_mode == "file":
            problem += f"; mails go into {settings.data_dir / 'outbox'}"
        raise ConfigError(
            problem, hint="set MONITOR_MAIL_MODE=smtp and MONITOR_SMTP_HOST"
        )
    recipient = _address(session, recipient) if recipient else None
    mailer = open_smtp(settings)
    sender = settings.envelope_from or settings.sender_address
    told = mailer.check(sender, recipient or sender)
    well = not any(
        question == "failed" or answer[:1] in "45" for question, answer in told
    )
    if as_json:
        answers = [
            {"asked": question, "answer": answer} for question, answer in told
        ]
        session.print_json({"well": well, "answers": answers})
    else:
        _tell_answers(session, told)
        session.tell(session.say("mail.well" if well else "mail.unwell"))
    return 0 if well else 1


def _tell_answers(session: Session, told: Iterable[tuple[str, str]]) -> None:
    phrase = session.say.phrase
    for question, answer in told:
        session.tell(f"{phrase(question)}: {phrase(answer)}")


def send_test(session: Session, address: str, lang: str, as_json: bool) -> int:
    """Send one test mail the way alerts go. Exit 1 if it was not taken."""
    settings, now = session.settings, session.now
    address = _address(session, address)
    with session.database() as database:
        kit = make_mail_kit(settings, database, now=now)
    letter = kit.letter(
        Recipient(address, language=lang),
        ("test", address, now.isoformat()),
        now=now,
    )
    email = compose_notice(
        NoticeMail("test", as_of=now), letter, templates=kit.templates
    )
    with closing(open_mailer(settings)) as mailer:
        result = mailer.send(email)
    sent = result.state is SendState.SENT
    if as_json:
        session.print_json(
            {"sent": sent, "state": result.state.value, "reply": result.reply}
        )
    elif sent:
        written = settings.mail_mode == "file"
        shown = {"file": result.reply} if written else {"reply": result.reply}
        line = session.say(
            "mail.written" if written else "mail.taken", **shown
        )
        session.out.print(line, markup=False, soft_wrap=True)
    else:
        state = session.say.outcome(result.state.value)
        session.complain(
            session.say("mail.not_sent", state=state, reply=result.reply)
        )
        session.hint(session.say("mail.check_hint", address=address))
    return 0 if sent else 1


def _address(session: Session, typed: str) -> str:
    """A mail address, or that of a person of feeds.yaml by name. Raises
    ConfigError.
    """
    if "@" not in typed and not meant_address(typed):
        return named_address(typed, known_addresses(session))
    try:
        return mail_address(typed)
    except Unreadable as error:
        raise ConfigError(str(error), hint=error.hint) from error
