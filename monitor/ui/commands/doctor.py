"""`monitor doctor`: what is wrong with this machine, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from urllib.parse import urlsplit

from monitor.errors import CatalogError, IndexingError, StoreError
from monitor.fetch.system_clock import SystemClock
from monitor.flow.catalog_file import read_catalog
from monitor.flow.requests import doctor as judging
from monitor.flow.requests.doctor import DoctorFinding
from monitor.flow.requests.health import check_disk
from monitor.store.files import is_missing
from monitor.store.running.asking import ask_driver
from monitor.store.running.health_facts import WRITE, health_facts
from monitor.types.web import FetchOutcome
from monitor.ui.commands.health import UNWELL
from monitor.ui.context import Session
from monitor.wiring.fetch_kit import limits_for, open_http
from monitor.wiring.mail_kit import open_smtp
from monitor.wiring.search_index import open_index

SERVERS = 5
"""So many of the feeds' servers are asked, each once."""


def doctor(session: Session, *, offline: bool, as_json: bool) -> int:
    """Everything that was looked at; 1 where something is wrong. Changes
    nothing.
    """
    findings = list(_all(session, offline=offline))
    well = all(finding.well for finding in findings)
    if as_json:
        session.print_json({"well": well, "findings": findings})
    else:
        for finding in findings:
            _show(session, finding)
        bad = sum(not finding.well for finding in findings)
        say = session.say
        session.tell(
            say.count("doctor.all_unwell", bad)
            if bad
            else say("doctor.all_well"),
            "bold",
        )
    return 0 if well else UNWELL


def _all(session: Session, *, offline: bool) -> Iterator[DoctorFinding]:
    settings = session.settings
    yield judging.judge_rights(settings.data_dir, settings.feeds_file)
    room = (
        "make room, or set MONITOR_DATA_DIR to another disk;"
        " docs/operations.md says what is kept"
    )
    yield judging.from_check(
        check_disk(judging.nearest_folder(settings.data_dir)), room
    )
    database, last_alive = _database(session)
    yield database
    yield _index(session)
    outcomes = [] if offline else _ask_servers(session)
    yield judging.judge_clock(session.now, outcomes, last_alive)
    if not offline:
        yield from judging.judge_network(
            outcomes, proxy=bool(settings.proxy.get_secret_value())
        )
        yield _mail(session)


def _database(session: Session) -> tuple[DoctorFinding, datetime | None]:
    """The database, and the newest sign of life of a daemon that has not
    stopped.
    """
    settings = session.settings
    file = settings.data_dir / "monitor.sqlite3"
    if not settings.database_url.get_secret_value() and is_missing(file):
        return DoctorFinding(
            "database", True, "nothing has run here yet"
        ), None
    try:
        with ask_driver(settings.database_address) as ask:
            ask(WRITE)
            alive = health_facts(ask).alive_at
    except StoreError as error:
        fix = "is it running, is MONITOR_DATABASE_URL right, is the disk full or read-only?"
        return DoctorFinding(
            "database", False, str(error)[:300], error.hint or fix
        ), None
    return DoctorFinding("database", True, "answers and takes writes"), alive


def _index(session: Session) -> DoctorFinding:
    folder = session.settings.data_dir / "index"
    if session.settings.index != "elasticsearch" and is_missing(folder):
        return DoctorFinding("index", True, "nothing has run here yet")
    try:
        index = open_index(session.settings, writer=False)
        try:
            index.prepare()
            return DoctorFinding("index", True, f"{index.count()} documents")
        finally:
            index.close()
    except (IndexingError, StoreError) as error:
        return DoctorFinding("index", False, str(error), error.hint or "")


def _ask_servers(session: Session) -> list[FetchOutcome]:
    """What some feeds' servers say, each asked once, side by side."""
    settings = session.settings
    try:
        catalog, _ = read_catalog(settings.feeds_file)
    except CatalogError:
        return []  # `monitor check` says more about the file
    by_host = {
        urlsplit(feed.url).hostname: feed for feed in catalog.feeds if feed.url
    }
    http = open_http(settings, SystemClock(), None)
    limits = limits_for(settings, settings.feed_max_size)
    with ThreadPoolExecutor(SERVERS) as threads:
        asked = [
            threads.submit(
                http.get,
                feed.url or "",
                limits=limits,
                verify_tls=feed.verify_tls,
                listed=True,
            )
            for feed in list(by_host.values())[:SERVERS]
        ]
        return [answer.result() for answer in asked]


def _mail(session: Session) -> DoctorFinding:
    settings = session.settings
    if settings.mail_mode != "smtp":
        return DoctorFinding("mail", True, "no mail server is set")
    sender = settings.envelope_from or settings.sender_address
    told = open_smtp(settings).check(sender, sender)
    refused = [
        answer
        for question, answer in told
        if question == "failed" or answer[:1] in "45"
    ]
    if refused:
        return DoctorFinding(
            "mail",
            False,
            refused[0],
            "`monitor mail check` shows the whole exchange",
        )
    return DoctorFinding(
        "mail", True, "the mail server takes mails of this sender"
    )


def _show(session: Session, finding: DoctorFinding) -> None:
    say = session.say
    mark = say("health.well" if finding.well else "health.unwell")
    line = f"{mark:<6}{say(f'doctor.{finding.name}')}: {say.phrase(finding.detail)}"
    session.tell(line, "" if finding.well else "red")
    if finding.fix:
        session.tell(
            "      " + say("doctor.fix", fix=say.phrase(finding.fix)), "yellow"
        )
