"""A press office's page on loopback, over feeds and articles that a test makes
up.
"""

from __future__ import annotations

import http.client
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import delete

from monitor.flow.requests.watched_catalog import WatchedCatalog
from monitor.ports import Index
from monitor.store.engine import Database
from monitor.store.running.overview import daemon_lines
from monitor.store.running.recovery import note_alive
from monitor.store.tables import daemons
from monitor.ui.web.application import make_application
from monitor.ui.web.server import serving
from monitor.ui.web.web_kit import WebKit
from tests.fakes import DictHttp
from tests.flow.world import HEAD, Item, Life, World, feeds_yaml, rss

LOOPBACK = ("127.0.0.1", 0)
PAPERS = {
    "weserbote": ("Weserbote", "owl"),
    "tageblatt": ("Löhner Tageblatt", "owl"),
    "kuestenfunk": ("Küstenfunk", "nord"),
}
TOPICS = """  - {name: Haushalt, any: ['Haushalt*'], recipients: [anna]}
  - {name: Stadt Löhne, any: ['Löhne'], recipients: [anna]}
"""


class CompiledTemplates(BytecodeCache):
    """Compiled once per process, not once for each page on loopback."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = CompiledTemplates()


def application(kit: WebKit) -> Flask:
    """The page as the program makes it."""
    made = make_application(kit)
    made.jinja_env.bytecode_cache = _COMPILED
    return made


@dataclass(frozen=True)
class Answer:
    """One answer of the page."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def title(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.DOTALL)
        return unescape(found[1]).strip() if found else ""

    @property
    def hits(self) -> list[str]:
        """Titles of the hits, without marks, in their order."""
        found = re.findall(
            r"<h[34]><a [^>]*>(.*?)</a></h[34]>", self.text, re.DOTALL
        )
        return [unescape(re.sub(r"</?mark>", "", title)) for title in found]

    def link(self, words: str) -> str:
        """Where the first link with these words leads."""
        found = re.search(
            rf'<a [^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*?{words}',
            self.text,
            re.DOTALL,
        )
        assert found, f"no link says {words}"
        return unescape(found[1])

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Newsroom:
    """A running page, and the monitor behind it."""

    life: Life
    port: int
    items: dict[str, list[Item]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask(
            "GET",
            path,
            headers={k.replace("_", "-"): v for k, v in headers.items()},
        )

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] = {},
    ) -> Answer:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30
        )
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            return Answer(
                answer.status, dict(answer.getheaders()), answer.read()
            )
        finally:
            connection.close()

    def add(
        self, paper: str, title: str, body: str = "", *, hours_ago: float = 1
    ) -> None:
        """One more article; it is there after the next pass."""
        key = f"artikel-{sum(map(len, self.items.values())) + 1}"
        when = self.life.world.clock.now() - timedelta(hours=hours_ago)
        item = Item(
            key,
            title,
            summary=body[:150] or "Kurz gesagt.",
            date=format_datetime(when),
        )
        self.items.setdefault(paper, []).insert(0, item)
        http = self.life.world.http
        assert isinstance(http, DictHttp)
        base = f"http://{paper}.test/"
        http.pages[base + key] = story_page(title, body).encode()
        http.pages[f"{base}feed"] = rss(base, *self.items[paper]).encode()

    def change(self, paper: str, title: str, body: str) -> None:
        """The paper edits an article, and says so in its feed."""
        items = self.items[paper]
        place = next(n for n, item in enumerate(items) if item.title == title)
        items[place] = replace(items[place], summary=body[:150])
        http = self.life.world.http
        assert isinstance(http, DictHttp)
        base = f"http://{paper}.test/"
        http.pages[base + items[place].key] = story_page(title, body).encode()
        http.pages[f"{base}feed"] = rss(base, *items).encode()

    def read(self) -> None:
        """Let the monitor read what was added."""
        self.life.one_pass(after=timedelta(minutes=61))
        now = self.life.world.clock.now()
        with self.life.database.write() as connection:
            for daemon in daemon_lines(connection, limit=1):
                note_alive(connection, daemon.id, now=now)


def story_page(title: str, body: str) -> str:
    """A page whose text is its own, so that no two of them are one story."""
    words = title.split()
    said = [
        f"Zu {word} sagte eine Sprecherin am Abend mehr." for word in words * 4
    ]
    paragraphs = [
        body,
        *(" ".join(said[n : n + 4]) for n in range(0, len(said), 4)),
    ]
    text = "".join(
        f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph
    )
    return (
        f"<html lang='de'><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


@contextmanager
def open_newsroom(
    world: World,
    *,
    index: Index | None = None,
    topics: str = TOPICS,
    feeds: Sequence[str] = (),
    kept: Kept | None = None,
    **of: Any,
) -> Iterator[Newsroom]:
    """A page over empty feeds, and others as `feeds` writes them. `index`
    stands in for that of the monitor; `kept` is what it begins with; `of`
    changes parts.
    """
    rows = [
        f"{{id: {key}, title: {name}, region: {region}, url: 'http://{key}.test/feed'}}"
        for key, (name, region) in PAPERS.items()
    ]
    world.write(feeds_yaml(*rows, *feeds, topics=topics, head=HEAD))
    http = DictHttp()
    world.http = http
    for key in PAPERS:
        http.pages[f"http://{key}.test/feed"] = rss(
            f"http://{key}.test/"
        ).encode()
    if kept is not None:
        kept.lay(world)
    with world.life() as life:
        parts = WebKit(
            database=life.database,
            index=index or life.index,
            clock=world.clock,
            timezone="Europe/Berlin",
            language="de",
            catalog=WatchedCatalog(world.settings.feeds_file),
            **of,
        )
        with serving(application(parts), LOOPBACK) as (_, port):
            room = Newsroom(life, port)
            if kept is None:
                life.one_pass()
            else:
                room.items = {
                    paper: list(items) for paper, items in kept.items.items()
                }
                http.pages.update(kept.pages)
            yield room


Fill = Callable[[Newsroom], object]


@dataclass(frozen=True)
class Kept:
    """A newsroom that was filled once in this process: its files, and what its
    papers had.
    """

    folder: Path
    now: datetime
    items: Mapping[str, Sequence[Item]]
    pages: Mapping[str, Any]

    def lay(self, world: World) -> None:
        """Put a copy of the files there, at the moment when they were kept."""
        shutil.copytree(self.folder, world.settings.data_dir)
        world.clock.advance(self.now - world.clock.now())


_KEPT: dict[Fill, Kept] = {}


def _fill_once(world: World, fill: Fill) -> Kept:
    """Reading a handful of pages takes half a second; copying what they became
    a hundredth.
    """
    if fill not in _KEPT:
        # beside the folders of tests, gone with them
        folder = mkdtemp(dir=world.folder.parent)
        first = World(Path(folder), world.extract)
        with open_newsroom(first) as room:
            fill(room)
        database = Database(first.settings.database_address)
        with closing(database), database.write() as connection:
            # who begins with a copy is the first
            connection.execute(delete(daemons))
        assert isinstance(first.http, DictHttp)
        data, now = first.settings.data_dir, first.clock.now()
        _KEPT[fill] = Kept(data, now, room.items, first.http.pages)
    return _KEPT[fill]


@contextmanager
def newsroom_filled_by(
    fill: Fill, world: World, **of: Any
) -> Iterator[Newsroom]:
    """A page over what `fill` made: a copy, where only parts of the page
    differ.
    """
    lived = world.settings.data_dir.exists()
    if lived or world.settings_changed or {"topics", "feeds"} & of.keys():
        with open_newsroom(world, **of) as room:
            fill(room)
            yield room
        return
    with open_newsroom(world, kept=_fill_once(world, fill), **of) as room:
        yield room


STORIES: Sequence[tuple[str, str, str, float]] = (
    (
        "weserbote",
        "Löhner Rat beschließt Haushalt für das kommende Jahr",
        "Der Rat der Stadt Löhne hat den Haushalt mit großer Mehrheit beschlossen. Die Steuern bleiben, wie sie sind, der Neubau der Bücherei wird um ein Jahr verschoben.",
        2,
    ),
    (
        "tageblatt",
        "Bücherei in Löhne: Neubau kommt ein Jahr später",
        "Der Neubau der Bücherei am Findeisenplatz beginnt erst im übernächsten Jahr. Das sagte die Kämmerin am Abend im Rat der Stadt Löhne.",
        3.5,
    ),
    (
        "kuestenfunk",
        "Sturmflut: Fähren nach Neuwerk fallen aus",
        "Der Deutsche Wetterdienst warnt vor einer Sturmflut an der Nordsee. Die Fähren fallen bis Donnerstag aus.",
        5,
    ),
    (
        "weserbote",
        "Werrebrücke bis Freitag gesperrt",
        "Die Werrebrücke wird bis Freitag für Lastwagen gesperrt. Der Verkehr wird über die Bünder Straße umgeleitet, teilte der Kreis mit.",
        7,
    ),
    (
        "tageblatt",
        "Kreis Herford sucht Ehrenamtliche für den Winterdienst am Bahnhof",
        "Wer im Winter helfen möchte, kann sich im Kreishaus melden. Der Kreis stellt Jacken und heißen Tee.",
        20,
    ),
    (
        "kuestenfunk",
        "Haushaltssperre in Cuxhaven aufgehoben",
        "Die Stadt Cuxhaven hat ihre Haushaltssperre nach drei Monaten aufgehoben.",
        30,
    ),
    (
        "weserbote",
        "Handballer gewinnen Derby in letzter Sekunde",
        "Vor 1.200 Zuschauern trafen die Gastgeber in der letzten Sekunde zum 29:28.",
        50,
    ),
)
"""Made-up reports: paper, title, text, hours ago."""


@contextmanager
def filled_newsroom(world: World, **of: Any) -> Iterator[Newsroom]:
    """A page over STORIES."""
    with newsroom_filled_by(publish_stories, world, **of) as room:
        yield room


def publish_stories(room: Newsroom) -> None:
    """STORIES appear and are read."""
    for paper, title, text, hours_ago in STORIES:
        room.add(paper, title, text, hours_ago=hours_ago)
    room.read()
