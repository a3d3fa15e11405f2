"""A monitor that has mailed its links, and its web page on a real port."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from monitor.extract.pool import ExtractPool
from monitor.ui.web.mail_links.link_pages import Pages
from monitor.ui.web.server import serving
from monitor.ui.web.web_kit import LinkKit, WebKit
from monitor.wiring.mail_kit import link_signer
from tests.flow.test_alerts import MINUTE, Papers
from tests.flow.world import Life, World
from tests.services.browser import chromium
from tests.ui.web.newsroom import Newsroom, application, filled_newsroom

PUBLIC = "https://presse.example.org/monitor"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Said:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def title(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return found[1] if found else ""


@dataclass
class Visitor:
    """Whoever calls the page, over the proxy's prefix."""

    port: int
    prefix: str = "/monitor"

    def ask(
        self,
        method: str,
        link: str,
        body: bytes = b"",
        *,
        kind: str = FORM,
        headers: Mapping[str, str] = {},
    ) -> Said:
        """One request for a link of a mail, or for a path."""
        path = link.removeprefix(PUBLIC)
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30
        )
        try:
            sent = {"Content-Type": kind, **headers} if body else dict(headers)
            connection.request(method, self.prefix + path, body or None, sent)
            answer = connection.getresponse()
            return Said(
                answer.status,
                dict(answer.getheaders()),
                answer.read().decode(),
            )
        finally:
            connection.close()

    def get(self, link: str) -> Said:
        return self.ask("GET", link)

    def post(self, link: str, **form: str) -> Said:
        return self.ask(
            "POST",
            link,
            urlencode(
                {name.rstrip("_"): value for name, value in form.items()}
            ).encode(),
        )

    def one_click(self, link: str) -> Said:
        """The button of a mail program."""
        return self.ask("POST", link, b"List-Unsubscribe=One-Click")


@dataclass
class Office:
    """A life with papers to read, mails with links, and the page that the
    links lead to.
    """

    world: World
    life: Life
    papers: Papers
    visitor: Visitor
    told: int = field(default=0)

    def news(self) -> list[EmailMessage]:
        """Let one more story appear; the mails that this makes."""
        before = {mail["Message-ID"] for mail in self.world.mails()}
        self.told += 1
        self.papers.add(
            "eins", f"nachricht-{self.told}", f"Ukraine, Nachricht {self.told}"
        )
        self.life.one_pass(after=61 * MINUTE)
        return [
            mail
            for mail in self.world.mails()
            if mail["Message-ID"] not in before
        ]

    def link(self, action: str, person: str = "anna@example.org") -> str:
        """The link in that person's newest mail."""
        mail = [
            mail
            for mail in self.world.mails()
            if mail["To"].addresses[0].addr_spec == person
        ][-1]
        part = mail.get_body(("plain",))
        assert part is not None
        found = re.search(rf"<({PUBLIC}/{action}/[^>]+)>", part.get_content())
        assert found, part.get_content()
        return found[1]


@contextmanager
def opened(world: World, *, prefix: str = "/monitor") -> Iterator[Office]:
    world.settings_changed = {"public_url": PUBLIC, **world.settings_changed}
    papers = Papers(world)
    with world.life() as life:
        links = link_signer(
            world.settings, life.database, now=world.clock.now()
        )
        assert links is not None
        pages = Pages(timezone="Europe/Berlin", contact="monitor@example.org")
        parts = WebKit(
            database=life.database,
            index=life.index,
            clock=world.clock,
            timezone="Europe/Berlin",
            language="de",
            public_url=PUBLIC,
            mail_links=LinkKit(links, pages),
        )
        site = application(parts)
        with serving(site, ("127.0.0.1", 0), prefix="/monitor") as (_, port):
            office = Office(world, life, papers, Visitor(port, prefix))
            life.one_pass()
            office.news()
            yield office


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    with opened(world) as made:
        yield made


@pytest.fixture(scope="session")
def newsroom(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    """The page on loopback over articles of three papers, for tests that only
    read.
    """
    with filled_newsroom(
        World(tmp_path_factory.mktemp("newsroom"), pool.extract)
    ) as room:
        yield room


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched
