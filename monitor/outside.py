"""Opens what lies outside, as the settings choose it: database, index, mail server, web, child processes."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.config.settings import Settings
from monitor.errors import IndexingError, StoreError
from monitor.extract.pool import ExtractPool
from monitor.fetch.client import HttpClient, open_client
from monitor.fetch.politeness import Gate
from monitor.fetch.webhook import Webhook
from monitor.flow import reindex
from monitor.flow.channels import ATOM, WEBHOOK
from monitor.flow.chosen import ChosenIndex, ChosenOperations
from monitor.flow.gather import ParseDocument
from monitor.index import connection
from monitor.index.connection import Access
from monitor.index.elastic import ElasticIndex
from monitor.index.embedded import EmbeddedIndex
from monitor.index.operations import OperationsIndex
from monitor.kibana.discover import discover_link
from monitor.match.topics import match_query
from monitor.notify.atom_files import AtomFiles
from monitor.notify.files import FileMailer
from monitor.notify.links import WishLinks
from monitor.notify.smtp import SmtpMailer
from monitor.parse.pool import ParsePool
from monitor.parse.worker import parse_document
from monitor.ports import Clock, Http, Index, Mailer
from monitor.store import operations
from monitor.store.engine import Database
from monitor.types.catalog import Recipient
from monitor.types.mail import MailIdentity
from monitor.types.page import ExtractOutcome, PageTask
from monitor.types.web import OriginRecord

PAGES_PER_WORKER = 500
"""After so many pages a child process is replaced: what its libraries leak stays small."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Where the outside world begins. Tests hand in others."""

    http: Http
    extract: Callable[[PageTask], ExtractOutcome]
    index: Index
    mailer: Mailer
    domain_of: Callable[[str], str]
    ready_in: Callable[[str], float]
    operations: Callable[[], OperationsIndex | None] | None = None  # where the engine that is chosen now has one
    parse: ParseDocument = parse_document


def open_database(settings: Settings) -> Database:
    """The database, migrated. Raises StoreError."""
    database = Database(settings.database_address)
    database.migrate()
    return database


def open_index(settings: Settings, *, writer: bool, database: Database | None = None) -> Index:
    """The search index, not yet prepared: the engine of the settings, or the one that was chosen last.

    Which one that is, a daemon asks at every tick: over its `database`, if it gives it.
    """
    if settings.index != "auto":
        return open_engine(settings, settings.index, writer=writer)
    return ChosenIndex(
        lambda: engine_in_use(settings, database), lambda engine: open_engine(settings, engine, writer=writer)
    )


def engine_in_use(settings: Settings, database: Database | None = None) -> str:
    """The engine of the settings, or the one that `monitor index switch` chose last."""
    if settings.index != "auto":
        return settings.index
    opened = database or Database(settings.database_address)
    try:
        with opened.read() as connection:
            return reindex.chosen_engine(connection)
    except StoreError:  # nothing was ever stored here
        return "embedded"
    finally:
        if database is None:
            opened.close()


def open_engine(settings: Settings, engine: str, *, writer: bool) -> Index:
    """One engine by its name. Raises IndexingError for settings that it cannot be reached with."""
    if engine == "embedded":
        return EmbeddedIndex(settings.data_dir / "index", writer=writer, verify=match_query)
    if not settings.elasticsearch_urls:
        hint = "set MONITOR_ELASTICSEARCH_URLS, for instance to https://es:9200"
        raise IndexingError("no address of Elasticsearch is set", hint=hint)
    return ElasticIndex(_access(settings), settings.elasticsearch_index, writer=writer, verify=match_query)


def open_operations(settings: Settings, database: Database) -> ChosenOperations | None:
    """Where the records of running go, as long as the engine in use has a place for them; None where it never can."""
    if not settings.elasticsearch_urls:
        return None
    return ChosenOperations(
        lambda: engine_in_use(settings, database) == "elasticsearch",
        lambda: OperationsIndex(connection.open_client(_access(settings)), settings.elasticsearch_index),
    )


def _access(settings: Settings) -> Access:
    return Access(
        settings.elasticsearch_urls,
        ca_file=settings.elasticsearch_ca_file,
        fingerprint=settings.elasticsearch_fingerprint,
        user=settings.elasticsearch_user,
        password=settings.elasticsearch_password.get_secret_value(),
        api_key=settings.elasticsearch_api_key.get_secret_value(),
    )


def open_mailer(settings: Settings) -> Mailer:
    """The way out for mail."""
    if settings.mail_mode == "smtp":
        return open_smtp(settings)
    return FileMailer(settings.data_dir / "outbox")


def open_smtp(settings: Settings) -> SmtpMailer:
    """The mail server, not yet spoken to."""
    return SmtpMailer(
        settings.smtp_host,
        settings.smtp_port_in_use,
        encryption="none" if settings.smtp_security == "off" else settings.smtp_security,
        user=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        ca_file=settings.smtp_ca_file,
        helo=mail_identity(settings).domain,
    )


def open_channels(settings: Settings) -> dict[str, Mailer]:
    """The ways out besides mail that are switched on, by name."""
    ways: dict[str, Mailer] = {}
    if settings.webhook_url:
        ways[WEBHOOK] = Webhook(settings.webhook_url, settings.webhook_secret.get_secret_value())
    if settings.atom:
        ways[ATOM] = AtomFiles(settings.data_dir / "atom")
    return ways


def open_http(settings: Settings, clock: Clock, database: Database | None) -> HttpClient:
    """The way to the web: polite, within limits. With a database it remembers what origins asked."""

    def recall(origin: str) -> OriginRecord | None:
        if database is None:
            return None
        with database.read() as connection:
            return operations.recall_origin(connection, origin)

    def remember(record: OriginRecord) -> None:
        if database is not None:
            with database.write() as connection:
                operations.remember_origin(connection, record)

    return open_client(
        clock,
        contact=settings.contact,
        gate=Gate(clock, gap=settings.fetch_min_gap.total_seconds()),
        allowed_networks=settings.allowed_networks,
        proxy=settings.proxy.get_secret_value() or None,
        extra_ca_file=settings.fetch_ca_file,
        recall=recall,
        remember=remember,
    )


def search_link(settings: Settings, database: Database) -> Callable[..., str | None] | None:
    """Where readers of mails search: in Kibana, if there is one and the articles are then where it can see them."""
    if not settings.kibana_url:
        return None

    def link(topic: str, *, since: datetime, until: datetime) -> str | None:
        if engine_in_use(settings, database) != "elasticsearch":
            return None
        return discover_link(settings.kibana_url, topic, space=settings.kibana_space, since=since, until=until)

    return link


def wish_links(settings: Settings, database: Database, *, now: datetime) -> WishLinks | None:
    """The links for pausing and unsubscribing; None without a public address.

    The key is the setting's, else one that is made once and kept in the database: all daemons there share it.
    """
    if not settings.public_url:
        return None
    secret = settings.link_secret.get_secret_value()
    if not secret:
        with database.write() as connection:
            made = secrets.token_urlsafe(32)
            secret = operations.keep_fact(connection, operations.LINK_KEY, made, now=now)
    return WishLinks(settings.public_url, secret)


def mail_identity(settings: Settings) -> MailIdentity:
    """Who sends."""
    return MailIdentity(
        address=settings.sender_address,
        name=settings.mail_from.partition("<")[0].strip() if "<" in settings.mail_from else "Monitor",
        envelope_from=settings.envelope_from or None,
        answers_to=settings.unsubscribe_address or None,
        timezone=settings.timezone,
    )


def operator_of(settings: Settings) -> Recipient | None:
    """Who is told about sources; None where nobody is named or no mail is made."""
    if not settings.operator or settings.mail_mode == "off":
        return None
    return Recipient(settings.operator, language=settings.language)


@contextlib.contextmanager
def open_pool(settings: Settings) -> Iterator[ExtractPool]:
    """The child processes that read pages; ended at the end."""
    pool = ExtractPool(
        workers=settings.extract_workers,
        deadline_seconds=settings.extract_deadline.total_seconds(),
        memory_bytes=settings.extract_memory,
        pages_per_worker=PAGES_PER_WORKER,
    )
    try:
        yield pool
    finally:
        pool.close()


@contextlib.contextmanager
def open_parser(settings: Settings) -> Iterator[ParsePool]:
    """What parses feeds, with its child processes; ended at the end."""
    pool = ParsePool(
        children=settings.parse_workers,
        deadline_seconds=settings.extract_deadline.total_seconds(),
        memory_bytes=settings.extract_memory,
    )
    try:
        yield pool
    finally:
        pool.close()


@contextlib.contextmanager
def open_outside(settings: Settings, clock: Clock, database: Database) -> Iterator[Outside]:
    """The real outside world, as the settings choose it; closed at the end."""
    with contextlib.ExitStack() as stack:
        http = open_http(settings, clock, database)
        pool = stack.enter_context(open_pool(settings))
        parser = stack.enter_context(open_parser(settings))
        index = open_index(settings, writer=True, database=database)
        stack.callback(index.close)
        mailer = open_mailer(settings)
        stack.callback(mailer.close)
        records = open_operations(settings, database)
        if records is not None:
            stack.callback(records.close)
        yield Outside(http, pool.extract, index, mailer, http.gate.domain_of, http.gate.ready_in, records, parser.parse)
