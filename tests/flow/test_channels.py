"""Alerts as signed JSON and as Atom feeds, through the same outbox as mail."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import feedparser
import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from monitor.store.tables import alerts, articles, deliveries, matches
from tests.flow.test_alerts import AGENCY, MINUTE, Papers
from tests.flow.world import UKRAINE, Life, World, feeds_yaml

SECRET = "ein langer geheimer Text"


@dataclass
class Receiver:
    """What was posted, and what is answered next; 200 after that, 0 hangs up."""

    url: str
    answers: list[int] = field(default_factory=list)
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def stories(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.posted]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.posted.append((dict(self.headers), body))
            status = found.answers.pop(0) if found.answers else 200
            if status:
                self.send_response(status)
                self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hook?a=1")
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}
    )
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def hooked(world: World, receiver: Receiver) -> None:
    world.settings_changed = {
        "webhook_url": receiver.url,
        "webhook_secret": SecretStr(SECRET),
        "mail_mode": "off",
    }


def states(life: Life) -> list[tuple[str, str]]:
    with life.database.read() as connection:
        rows = connection.execute(
            select(deliveries.c.channel, deliveries.c.state).order_by(
                deliveries.c.id
            )
        )
        return [(row.channel, row.state) for row in rows]


def test_each_alert_is_posted_once_and_signed(
    world: World, receiver: Receiver
) -> None:
    hooked(world, receiver)
    papers = Papers(world, "eins", "zwei")
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Gast aus der Ukraine", AGENCY)
        life.one_pass(after=11 * MINUTE)
        papers.add("zwei", "a", "Ukraine: Gast in Berlin", AGENCY)
        papers.add("zwei", "b", "Ukraine, zweites Thema")
        life.one_pass(after=11 * MINUTE)
        assert states(life) == [("webhook", "sent")] * 2
    titles = [story["story"]["title"] for story in receiver.stories()]
    assert titles == ["Gast aus der Ukraine", "Ukraine, zweites Thema"]
    headers, body = receiver.posted[0]
    assert (
        headers["Monitor-Signature"]
        == f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"
    )
    assert json.loads(body)["id"] == headers["Monitor-Delivery"]
    assert world.mails() == []


def test_a_webhook_has_the_states_and_retries_of_mail(
    world: World, receiver: Receiver
) -> None:
    hooked(world, receiver)
    receiver.answers = [503, 0, 200, 410]
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine eins")
        life.one_pass(after=11 * MINUTE)
        assert states(life) == [("webhook", "pending")]
        life.one_pass(after=2 * MINUTE)
        assert states(life) == [("webhook", "unknown")]
        life.one_pass(after=16 * MINUTE)
        assert states(life) == [("webhook", "sent")]
        papers.add("eins", "b", "Ukraine zwei")
        life.one_pass(after=11 * MINUTE)
        assert states(life)[1] == ("webhook", "dead")
    ids = [headers["Monitor-Delivery"] for headers, _ in receiver.posted]
    assert (len(set(ids)), ids[0], ids[1]) == (2, ids[1], ids[2])


def test_nobody_listening_is_temporary(world: World) -> None:
    world.settings_changed = {
        "webhook_url": "http://127.0.0.1:1/",
        "webhook_secret": SecretStr(SECRET),
    }
    papers = Papers(world)
    papers.add("eins", "a", "Ukraine eins")
    with world.life() as life:
        life.one_pass()
        assert sorted(states(life)) == [
            ("mail", "sent"),
            ("mail", "sent"),
            ("webhook", "pending"),
        ]


@pytest.mark.slow
def test_an_atom_feed_holds_the_newest_stories(world: World) -> None:
    world.settings_changed = {"atom": True}
    papers = Papers(world)
    papers.add("eins", "a", "Ukraine & <b>eins</b>")
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "b", "Ukraine zwei")
        life.one_pass(after=timedelta(hours=1))
        path = world.folder / "data" / "atom" / "ukraine.xml"
        feed = feedparser.parse(path.read_bytes())
        assert not feed.bozo
        assert [entry.title for entry in feed.entries] == [
            "Ukraine zwei",
            "Ukraine & <b>eins</b>",
        ]
        assert feed.entries[0].link == "http://eins.test/b"
        assert len({entry.id for entry in feed.entries}) == 2
    assert len(world.mails()) == 4


@pytest.mark.slow
def test_what_is_found_late_reaches_channels_too(
    world: World, receiver: Receiver
) -> None:
    """A verdict that was lost and is repaired at night, and old articles that
    a changed topic asks for.
    """
    hooked(world, receiver)
    world.settings_changed |= {"atom": True}
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        life.steps.sweeper.nightly()
        papers.add("eins", "a", "Ukraine eins")
        life.one_pass(after=11 * MINUTE)
        papers.add("eins", "b", "Ukraine zwei, dazu Herford")
        life.one_pass(after=11 * MINUTE)
        # a verdict goes missing, with its alerts
        with life.database.write() as connection:
            lost = select(articles.c.id).where(
                articles.c.title.contains("zwei")
            )
            for table in (alerts, matches):
                connection.execute(
                    update(table)
                    .where(table.c.article_id.in_(lost))
                    .values(topic_id="weg")
                )
        world.clock.advance(timedelta(days=1))
        assert life.steps.sweeper.nightly() == 1
        topics = "  - {name: Herford, any: [Herford], backfill: digest, recipients: [anna]}\n"
        world.write(
            feeds_yaml(
                "{id: eins, title: Eins, url: 'http://eins.test/feed'}",
                topics=UKRAINE + topics,
            )
        )
        assert life.live.reload()
        life.one_pass()
        while life.steps.sweeper.sweep():
            pass
        life.one_pass()
    told = [
        (story["topic"]["id"], story["story"]["title"])
        for story in receiver.stories()
    ]
    two = "Ukraine zwei, dazu Herford"
    assert told == [
        ("ukraine", "Ukraine eins"),
        ("ukraine", two),
        ("ukraine", two),
        ("herford", two),
    ]
    assert len({story["id"] for story in receiver.stories()}) == len(told)
    feed = feedparser.parse(
        (world.folder / "data" / "atom" / "herford.xml").read_bytes()
    )
    assert [entry.title for entry in feed.entries] == [two]
