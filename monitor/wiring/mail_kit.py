"""Everything that mail needs: who sends, the way out, the links in it, and the
channels beside it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from monitor.access.loopback import needs_no_login
from monitor.config.settings import Settings
from monitor.fetch.transport.proxy_route import read_proxy_route
from monitor.fetch.webhook import Webhook
from monitor.flow.alerting.mail_content import MailKit, MailLinks
from monitor.flow.alerting.webhook_atom import ATOM, WEBHOOK
from monitor.flow.press_review.review_content import Masthead
from monitor.flow.requests.login import somebody_may
from monitor.kibana.discover import discover_link
from monitor.notify.mail.templates_render import Templates
from monitor.notify.signed_links import LinkSigner
from monitor.notify.transport.atom_files import AtomFiles
from monitor.notify.transport.eml_files import FileMailer
from monitor.notify.transport.smtp import SmtpMailer
from monitor.ports import Mailer
from monitor.store.engine import Database
from monitor.store.files import private_folder
from monitor.store.running import operations
from monitor.types.catalog import Recipient
from monitor.types.mail import MailIdentity
from monitor.wiring.search_index import engine_in_use


def open_mailer(settings: Settings) -> Mailer:
    """The way out for mail."""
    if settings.mail_mode == "smtp":
        return open_smtp(settings)
    private_folder(settings.data_dir)
    return FileMailer(settings.data_dir / "outbox")


def open_smtp(settings: Settings) -> SmtpMailer:
    """The mail server, not yet spoken to."""
    return SmtpMailer(
        settings.smtp_host,
        settings.smtp_port_in_use,
        encryption="none"
        if settings.smtp_security == "off"
        else settings.smtp_security,
        user=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        ca_file=settings.smtp_ca_file,
        helo=mail_identity(settings).domain,
    )


def open_channels(settings: Settings) -> dict[str, Mailer]:
    """The ways out besides mail that are switched on, by name."""
    ways: dict[str, Mailer] = {}
    if settings.webhook_url:
        ways[WEBHOOK] = open_webhook(settings)
    if settings.atom:
        private_folder(settings.data_dir)
        ways[ATOM] = AtomFiles(settings.data_dir / "atom")
    return ways


def open_webhook(settings: Settings) -> Webhook:
    """The address that alerts are posted to, outside through the proxy."""
    route = read_proxy_route(
        settings.proxy.get_secret_value() or None,
        no_proxy=settings.no_proxy,
        allowed_networks=settings.allowed_networks,
    )
    return Webhook(
        settings.webhook_url,
        settings.webhook_secret.get_secret_value(),
        route=route,
        extra_ca_file=settings.fetch_ca_file,
    )


def search_link(
    settings: Settings, database: Database
) -> Callable[..., str | None] | None:
    """Where readers of mails see all hits: on our page, if they can log in
    there; else in Kibana, if there is one and the articles are then where it
    can see them.
    """
    if not settings.kibana_url and not settings.public_url:
        return None

    def link(topic: str, *, since: datetime, until: datetime) -> str | None:
        if _people_can_open_page(settings, database):
            return page_link(settings, topic, since=since, until=until)
        if (
            not settings.kibana_url
            or engine_in_use(settings, database) != "elasticsearch"
        ):
            return None
        return discover_link(
            settings.kibana_url,
            topic,
            space=settings.kibana_space,
            since=since,
            until=until,
        )

    return link


def place_link(
    settings: Settings, database: Database, place: str
) -> Callable[[], str] | None:
    """Where readers of mails see one thing of a kind (`artikel/`): on our
    page, if they can open it.
    """
    if not settings.public_url:
        return None

    def link() -> str:
        can_open = _people_can_open_page(settings, database)
        return f"{settings.public_url.rstrip('/')}/{place}" if can_open else ""

    return link


def _people_can_open_page(settings: Settings, database: Database) -> bool:
    """Whether they can log in, or need no login; asked for each mail: accounts
    come and go.
    """
    if not settings.public_url:
        return False
    # another process on this machine
    listen = settings.listen or ("127.0.0.1", 0)
    open_to_all = needs_no_login(listen, settings.public_url)
    return open_to_all or bool(settings.login_header) or somebody_may(database)


def page_link(
    settings: Settings, topic: str, *, since: datetime, until: datetime
) -> str:
    """The topic's hits on our page; its addresses know whole local days."""
    zone = ZoneInfo(settings.timezone)
    days = {"since": since, "until": until}
    asked = {"topic": topic} | {
        name: moment.astimezone(zone).date().isoformat()
        for name, moment in days.items()
    }
    return f"{settings.public_url.rstrip('/')}/suche?{urlencode(asked)}"


def link_signer(
    settings: Settings, database: Database, *, now: datetime
) -> LinkSigner | None:
    """The links for pausing and unsubscribing; None without a public address.

    The key is the setting's, else one that is made once and kept in the
    database: all daemons there share it.
    """
    if not settings.public_url:
        return None
    secret = settings.link_secret.get_secret_value()
    if not secret:
        with database.write() as connection:
            made = secrets.token_urlsafe(32)
            secret = operations.keep_fact(
                connection, operations.LINK_KEY, made, now=now
            )
    return LinkSigner(settings.public_url, secret)


def mail_identity(settings: Settings) -> MailIdentity:
    """Who sends."""
    return MailIdentity(
        address=settings.sender_address,
        name=settings.mail_from.partition("<")[0].strip()
        if "<" in settings.mail_from
        else "Monitor",
        envelope_from=settings.envelope_from or None,
        answers_to=settings.unsubscribe_address or None,
        timezone=settings.timezone,
    )


def masthead_of(settings: Settings) -> Masthead:
    """What is the same on every press review."""
    return Masthead(
        office=settings.press_review_office,
        logo=settings.press_review_logo,
        language=settings.language,
        timezone=settings.timezone,
    )


def operator_of(settings: Settings) -> Recipient | None:
    """Who is told about sources; None where nobody is named or no mail is
    made.
    """
    if not settings.operator or settings.mail_mode == "off":
        return None
    return Recipient(settings.operator, language=settings.language)


def make_mail_kit(
    settings: Settings, database: Database, *, now: datetime
) -> MailKit:
    """What every mail of this installation needs."""
    links = MailLinks(
        search_link(settings, database),
        place_link(settings, database, "artikel/"),
        link_signer(settings, database, now=now),
        place_link(settings, database, "pressespiegel/ausgaben/"),
    )
    return MailKit(
        mail_identity(settings),
        Templates(settings.templates_dir),
        links,
        operator_of(settings),
    )
