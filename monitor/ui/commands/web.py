"""`monitor web`: the web page alone; and the page that `monitor run` serves
beside its work.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from monitor.access.loopback import needs_no_login
from monitor.config.settings import Settings
from monitor.errors import ConfigError
from monitor.fetch.system_clock import SystemClock
from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.requests.watched_catalog import WatchedCatalog
from monitor.flow.upkeep.membership import follow_database
from monitor.match.topics import CompiledTopics
from monitor.ports import Clock
from monitor.schedule.stopping import stopping_on_signals
from monitor.store.engine import Database
from monitor.types.catalog import Catalog
from monitor.ui.context import Session
from monitor.ui.web.mail_links.link_pages import Pages
from monitor.ui.web.server import serving
from monitor.ui.web.visitors import is_closed
from monitor.ui.web.web_kit import LinkKit, WebKit
from monitor.wiring.checker import survey_site
from monitor.wiring.daemon import Running
from monitor.wiring.database import open_database
from monitor.wiring.mail_kit import (
    link_signer,
    mail_identity,
    make_mail_kit,
    masthead_of,
)
from monitor.wiring.search_index import open_index

if TYPE_CHECKING:
    from wsgiref.types import (
        StartResponse,
        WSGIApplication,
        WSGIEnvironment,
    )

Place = tuple[str, int]
log = structlog.get_logger("monitor.web")


class LateApplication:
    """The page, put together for its first visitor: Flask and all pages are
    11 MB that a daemon does without while nobody looks at it.
    """

    def __init__(self, of: WebKit) -> None:
        self._of = of
        self._lock = threading.Lock()
        self._made: WSGIApplication | None = None

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """As any WSGI application. Thread-safe."""
        with self._lock:
            if self._made is None:
                from monitor.ui.web.application import make_application  # noqa: PLC0415

                self._made = make_application(self._of)
        return self._made(environ, start_response)


def serve(session: Session) -> int:
    """The web page until a signal, without a daemon."""
    settings, stop = session.settings, threading.Event()
    if settings.listen is None:
        raise ConfigError(
            "the web page is switched off",
            about="MONITOR_LISTEN",
            hint="set MONITOR_LISTEN to an address of this machine, such as 127.0.0.1:8765",
        )
    from monitor.ui.web.application import make_application  # noqa: PLC0415

    database = open_database(settings)
    clock = SystemClock(1.0, stop)
    try:
        follow_database(database, clock.follow)
        catalog = WatchedCatalog(settings.feeds_file)
        with (
            stopping_on_signals(stop),
            web_page(
                settings, database, clock, catalog, make_application
            ) as place,
        ):
            assert place is not None
            address = page_address(settings, place)
            session.complain(
                session.say("daemon.web_only", address=address), "bold"
            )
            stop.wait()
    finally:
        database.close()
    return 0


@contextlib.contextmanager
def web_page(
    settings: Settings,
    database: Database,
    clock: Clock,
    catalog: WatchedCatalog,
    put_together: Callable[[WebKit], WSGIApplication] = LateApplication,
) -> Iterator[Place | None]:
    """Serve the page while the block runs; gives where it listens, None where
    it is off.
    """
    if settings.listen is None:
        yield None
        return
    index = open_index(settings, writer=False, database=database)
    of = WebKit(
        database=database,
        index=index,
        clock=clock,
        folder=settings.data_dir,
        timezone=settings.timezone,
        language=settings.language,
        public_url=settings.public_url,
        listen=settings.listen,
        mail_links=_mail_links(settings, database, clock),
        catalog=catalog,
        login_header=settings.login_header,
        trusted_proxies=settings.trusted_proxies,
        survey=partial(survey_site, settings),
        masthead=masthead_of(settings),
        mail=_mail_kit(settings, database, clock),
    )
    _warn(of)
    prefix = urlsplit(settings.public_url).path
    with contextlib.ExitStack() as stack:
        stack.callback(index.close)
        yield stack.enter_context(
            serving(put_together(of), settings.listen, prefix=prefix)
        )


@contextlib.contextmanager
def page_beside(
    settings: Settings, running: Running
) -> Iterator[Place | None]:
    """The page beside a daemon, which must not fail for an address that nobody
    chose. It uses what the daemon has compiled of feeds.yaml.

    Alerts go before the page: where the default port is taken, there is no
    page, and a warning.
    """
    chosen = settings.public_url or "listen" in settings.model_fields_set
    catalog = WatchedCatalog(
        settings.feeds_file, loaded=lambda: loaded_by(running)
    )
    with contextlib.ExitStack() as stack:
        try:
            page = web_page(settings, running.database, running.clock, catalog)
            place = stack.enter_context(page)
        except ConfigError as error:
            if chosen:
                raise
            log.warning("no_web_page", reason=str(error), hint=error.hint)
            place = None
        yield place


def loaded_by(running: Running) -> tuple[Catalog, CompiledTopics]:
    """What the daemon has loaded now."""
    loaded = running.live.current
    return loaded.catalog, loaded.topics


def page_address(settings: Settings, place: Place) -> str:
    """Where the page is, as people open it."""
    host = f"[{place[0]}]" if ":" in place[0] else place[0]
    return settings.public_url or f"http://{host}:{place[1]}/"


def _mail_kit(
    settings: Settings, database: Database, clock: Clock
) -> MailKit | None:
    """What mails from the page need; None where no mail is sent."""
    if settings.mail_mode == "off":
        return None
    return make_mail_kit(settings, database, now=clock.now())


def _warn(of: WebKit) -> None:
    """Say at the start why people will be turned away, or what they risk."""
    if needs_no_login(of.listen, of.public_url):
        return
    if is_closed(of):
        log.warning(
            "no_accounts",
            about="web page",
            reason="nobody may open it from elsewhere than this machine",
            hint="monitor users add NAME --role admin",
        )
    if not of.public_url:
        log.warning(
            "no_tls",
            about="web page",
            reason="passwords cross the network readable",
            hint="put a proxy with TLS in front and set MONITOR_PUBLIC_URL",
        )


def _mail_links(
    settings: Settings, database: Database, clock: Clock
) -> LinkKit | None:
    signatures = link_signer(settings, database, now=clock.now())
    if signatures is None:
        return None
    identity = mail_identity(settings)
    contact = identity.answers_to or identity.address
    return LinkKit(
        signatures, Pages(timezone=settings.timezone, contact=contact)
    )
