"""A whole monitor on a folder, driven step by step: real database, web client
and index, a clock that a test sets.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from monitor.config.settings import Settings
from monitor.extract.pool import ExtractPool
from monitor.flow.pipeline import Steps
from monitor.flow.reload import ReloadedCatalog
from monitor.ports import Http, Index, Mailer
from monitor.store.engine import Database
from monitor.store.reading import article_views
from monitor.store.running import operations
from monitor.store.tables import alerts, articles, entries
from monitor.types.article import Article
from monitor.types.output import SearchRequest
from monitor.types.page import ExtractOutcome, PageTask
from monitor.wiring.database import open_database
from monitor.wiring.fetch_kit import open_http
from monitor.wiring.live_catalog import open_catalog
from monitor.wiring.mail_kit import open_mailer
from monitor.wiring.outside import Outside
from monitor.wiring.registration import take_over
from monitor.wiring.search_index import open_index
from monitor.wiring.steps import build_steps
from tests.fakes import SetClock
from tests.store.conftest import lay_migrated, migrated

PEOPLE = ("anna@example.org", "bert@example.org")
FILLER = (
    "Der Rat der Stadt hat am Dienstagabend lange über den Haushalt für das kommende Jahr beraten. "
    "Nach drei Stunden stimmten die Abgeordneten mit großer Mehrheit zu, sagte eine Sprecherin. "
)
HEAD = """defaults: {min_interval: 10 min, max_interval: 10 min, initial: all}
recipients:
  - {name: anna, email: anna@example.org}
  - {name: bert, email: bert@example.org}
"""
UKRAINE = "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna, bert]}\n"


@dataclass(frozen=True)
class Item:
    """One item of a feed; `key` names its page and its guid."""

    key: str
    title: str
    summary: str = "Kurz gesagt."
    date: str = "Mon, 02 Jun 2025 07:00:00 GMT"


def rss(base: str, *items: Item) -> str:
    """An RSS document that lists `items`, their pages under `base`."""
    listed = "".join(
        f"<item><guid isPermaLink='false'>{item.key}</guid><title>{escape(item.title)}</title>"
        f"<link>{base}{item.key}</link><description>{escape(item.summary)}</description>"
        f"<pubDate>{item.date}</pubDate></item>"
        for item in items
    )
    return (
        "<rss"
        f" version='2.0'><channel><title>Zeitung</title><link>{base}</link>{listed}</channel></rss>"
    )


def page(title: str, body: str = "") -> str:
    """An article page with enough text to be one."""
    text = "".join(
        f"<p>{paragraph}</p>"
        for paragraph in (body, FILLER * 2, FILLER * 3, FILLER * 2)
        if paragraph
    )
    return (
        f"<html lang='de'><head><title>{escape(title)}</title></head>"
        f"<body><article><h1>{escape(title)}</h1>{text}</article></body></html>"
    )


def feeds_yaml(*feeds: str, topics: str = UKRAINE, head: str = HEAD) -> str:
    """A file with these feeds, each a YAML flow mapping."""
    return f"{head}topics:\n{topics}feeds:\n" + "".join(
        f"  - {feed}\n" for feed in feeds
    )


@dataclass
class World:
    """One life of the program: open it, step through it, drop it. The folder
    outlives it.
    """

    folder: Path
    extract: Callable[[PageTask], ExtractOutcome]
    clock: SetClock = field(default_factory=SetClock)
    http: Http | None = None
    index: Index | None = None
    mailer: Mailer | None = None
    settings_changed: dict[str, Any] = field(default_factory=dict)
    prepare: Callable[[Database], None] = lambda database: None

    @property
    def settings(self) -> Settings:
        chosen: dict[str, Any] = {
            "data_dir": self.folder / "data",
            "feeds_file": self.folder / "feeds.yaml",
            "allowed_networks": ("127.0.0.0/8",),
            "fetch_min_gap": timedelta(0),
        }
        return Settings(**(chosen | self.settings_changed))

    def write(self, text: str) -> None:
        """Replace feeds.yaml."""
        (self.folder / "feeds.yaml").write_text(text, encoding="utf-8")

    @contextlib.contextmanager
    def life(self) -> Iterator[Life]:
        """The program from its start to its end, which need not be a good one."""
        if not self.settings.database_url.get_secret_value():
            lay_migrated(self.settings.data_dir / "monitor.sqlite3")
        database = open_database(self.settings)
        index = self.index or open_index(self.settings, writer=True)
        try:
            self.prepare(database)
            http = self.http or open_http(self.settings, self.clock, database)
            mailer = self.mailer or open_mailer(self.settings)
            outside = Outside(
                http,
                self.extract,
                index,
                mailer,
                lambda url: "here",
                lambda domain: 0.0,
            )
            daemon = take_over(database, clock=self.clock)
            live = open_catalog(
                self.settings, database, self.clock, spread=timedelta(0)
            )
            steps = build_steps(
                self.settings,
                outside,
                database=database,
                live=live,
                clock=self.clock,
                daemon=daemon,
            )
            yield Life(self, database, live, steps, index)
        finally:
            index.close()
            database.close()

    def mails(self) -> list[EmailMessage]:
        """Every mail in the outbox folder, by recipient and time."""
        files = sorted((self.folder / "data" / "outbox").glob("*.eml"))
        read = [
            BytesParser(policy=policy.default).parsebytes(file.read_bytes())
            for file in files
        ]
        return sorted(
            read, key=lambda mail: (mail["To"], mail["Date"].datetime)
        )


@dataclass
class Life:
    """What runs between a start and an end."""

    world: World
    database: Database
    live: ReloadedCatalog
    steps: Steps
    index: Index

    def one_pass(self, *, after: timedelta = timedelta(0)) -> None:
        """Everything that is due, step after step in the order in which a
        story travels.
        """
        self.world.clock.advance(after)
        while states := self.steps.poller.claim(100):
            for state in states:
                self.steps.poller.poll(state)
        while tasks := self.steps.reader.claim(100):
            for task in tasks:
                self.steps.reader.read(task)
        while self.steps.alerter.match():
            pass
        self.steps.composer.compose()
        self.steps.press_reviewer.issue_due()
        while self.steps.deliverer.deliver():
            pass
        while self.steps.publisher.publish():
            pass

    def articles(self) -> tuple[Article, ...]:
        with self.database.read() as connection:
            ids = connection.execute(select(articles.c.id)).scalars().all()
            return article_views.get_articles(connection, ids)

    def found(self, query: str) -> list[str]:
        """Titles that a search finds, in order of the alphabet."""
        return sorted(
            hit.title.text
            for hit in self.index.search(
                SearchRequest(query=query, limit=1000)
            ).hits
        )

    def outcomes(self) -> dict[str, dict[str, int]]:
        with self.database.read() as connection:
            day = self.world.clock.now().date() - timedelta(days=400)
            return {
                step: dict(ended)
                for step, ended in operations.outcomes_since(
                    connection, day
                ).items()
            }

    def aside(self) -> list[tuple[str, str, str]]:
        """(step, subject, reason) of each item in quarantine."""
        with self.database.read() as connection:
            return [
                (item.step, item.subject, item.reason)
                for item in operations.list_quarantine(connection)
            ]

    def alerts(self) -> list[tuple[str, str, str]]:
        """(topic, recipient, state) of each alert."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(alerts.c.topic_id, alerts.c.recipient, alerts.c.state)
            )
            return sorted(
                (row.topic_id, row.recipient, row.state) for row in rows
            )

    def entry_count(self) -> int:
        with self.database.read() as connection:
            return connection.execute(
                select(func.count()).select_from(entries)
            ).scalar_one()


def changed(world: World, **values: Any) -> World:
    """The same folder and clock with other parts; settings that are not named
    stay.
    """
    if "settings_changed" in values:
        values["settings_changed"] = (
            world.settings_changed | values["settings_changed"]
        )
    return replace(world, **values)


def recipients(mails: Sequence[EmailMessage]) -> list[str]:
    return sorted(str(mail["To"].addresses[0].addr_spec) for mail in mails)


def body(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def told(mails: Collection[EmailMessage], words: str) -> dict[str, int]:
    """How many mails to each recipient contain `words`."""
    found: dict[str, int] = {}
    for mail in mails:
        # hits are marked with asterisks
        if words in body(mail).replace("*", ""):
            person = str(mail["To"].addresses[0].addr_spec)
            found[person] = found.get(person, 0) + 1
    return found


@pytest.fixture(scope="session")
def pool() -> Iterator[ExtractPool]:
    """Child processes shared by the tests of one worker: their start is the
    slow part.
    """
    made = ExtractPool(
        workers=1,
        deadline_seconds=60,
        memory_bytes=10**9,
        pages_per_worker=500,
    )
    yield made
    made.close()


@pytest.fixture
def world(tmp_path: Path, pool: ExtractPool) -> World:
    return World(tmp_path, pool.extract)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.external_service),
    ]
)
def world_on_each(
    request: pytest.FixtureRequest, world: World
) -> Iterator[World]:
    """The world on each kind of database."""
    if request.param == "sqlite":
        yield world
        return
    server = request.getfixturevalue("postgres")
    name = server.create(server.template("monitor", migrated))
    yield replace(
        world, settings_changed={"database_url": SecretStr(server.url(name))}
    )
    server.drop(name)
