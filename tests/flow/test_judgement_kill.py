"""kill -9 at random moments while people judge hits: what was answered is kept, once."""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pytest

from monitor.store.desk.judgements import judgements_since
from monitor.store.engine import Database
from monitor.store.reading.article_views import get_articles
from monitor.types.judgement import Judgement
from tests.flow.program import Daemon
from tests.flow.world import PEOPLE, Item, World, body, feeds_yaml, page, rss
from tests.services import free_port
from tests.services.web import Answer, Site

pytestmark = pytest.mark.slow
KILLS = 6
SEED = 20261128
REHEARSAL = 300.0
TOPICS = "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna, bert]}\n"
STORIES = 8
KNOCK = 0.05  # seconds until a refused connection is tried again
Key = tuple[str, str]


class Readers:
    """People who press a button until they are told that it was kept, and then another one."""

    def __init__(self, port: int, links: dict[Key, str]) -> None:
        self.port, self.links = port, links
        self.pressed: dict[Key, str] = {}
        self.answered: dict[Key, str] = {}
        self.stop = threading.Event()
        self.dice = random.Random(SEED)

    def press(self) -> None:
        """Until told to stop."""
        while not self.stop.is_set():
            key = self.dice.choice(sorted(self.links))
            said = self.dice.choice(("right", "wrong"))
            self.pressed[key] = said
            self.answered.pop(key, None)
            while not self.stop.is_set():
                if self._sent(self.links[key], said):
                    self.answered[key] = said
                    break
                self.stop.wait(KNOCK)

    def settle(self) -> None:
        """What was not answered before the stop is pressed once more."""
        for key in self.pressed.keys() - self.answered.keys():
            assert self._sent(self.links[key], self.pressed[key])

    def _sent(self, path: str, said: str) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, urlencode({"said": said}), kind)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def links_of(world: World, public: str) -> dict[Key, str]:
    """The link of each story in each person's mail."""
    found: dict[Key, str] = {}
    for mail in world.mails():
        person = str(mail["To"].addresses[0].addr_spec)
        for block in body(mail).split("-" * 60)[1:]:
            story = re.search(r"Meldung (\d+) zur", re.sub(r"\*", "", block))
            link = re.search(rf"<{public}(/judge/[^>]+/right)>", block)
            if story and link:
                found[person, story[1]] = link[1]
    return found


def kept(world: World) -> dict[Key, str]:
    """What the database has, by person and story; each only once."""
    long_ago = datetime.now(UTC) - timedelta(days=3650)
    database = Database(world.settings.database_address)
    with closing(database), database.read() as connection:
        said = judgements_since(connection, long_ago)
        titles = {each.id: each.title for each in get_articles(connection, ids_of(said))}
    counted = Counter((each.topic_id, each.story_id, each.person) for each in said)
    assert not counted or max(counted.values()) == 1
    numbers = {number: title.split()[1] for number, title in titles.items()}
    return {
        (each.person, numbers[each.article_id]): "right" if each.is_right else "wrong"
        for each in said
    }


def ids_of(said: tuple[Judgement, ...]) -> set[int]:
    return {each.article_id for each in said}


def test_killed_while_people_judge(world: World, site: Site) -> None:
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    env = {"MONITOR_PUBLIC_URL": public, "MONITOR_LISTEN": f"127.0.0.1:{port}"}
    items = [Item(f"a{n}", f"Meldung {n} zur Ukraine aus Ort {n * 7919}") for n in range(STORIES)]
    for item in items:
        words = " ".join(f"{item.key}x{n}" for n in range(120))
        site.put(f"/{item.key}", page(item.title, f"{item.title}. {words}."))
    listed = rss(site.url("/"), *reversed(items)).encode()
    site.put("/eins", Answer(listed, content_type="application/rss+xml"))
    feed = f"{{id: eins, title: Eins, url: '{site.url('/eins')}'}}"
    world.write(feeds_yaml(feed, topics=TOPICS))
    daemon = Daemon.start(world.folder, speed=REHEARSAL, env=env)
    daemon.until(lambda: len(links_of(world, public)) == STORIES * len(PEOPLE), seconds=60)
    mails = len(world.mails())
    readers = Readers(port, links_of(world, public))
    people = threading.Thread(target=readers.press)
    people.start()
    dice = random.Random(SEED)
    try:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.3, 2.0))  # the moment is the test
            daemon.kill()
            daemon = Daemon.start(world.folder, env=env)
            daemon.until(lambda: answers(port), seconds=60)
    finally:
        readers.stop.set()
        people.join()
    try:
        assert len(readers.answered) > KILLS
        found = kept(world)
        assert {key: found.get(key) for key in readers.answered} == readers.answered
        readers.settle()
        assert kept(world) == readers.pressed
        assert len(world.mails()) == mails
    finally:
        daemon.end()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
