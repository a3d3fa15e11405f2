"""kill -9 at random moments while people work: they judge hits by the links of
mails and on the page, put together press reviews, issue and send them, and the
radar counts.

What was answered is kept, and nothing is there twice.
"""

from __future__ import annotations

import http.client
import random
import re
import socket
import threading
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from monitor.radar.day_counts import count_day, pack
from monitor.store.desk import review_archive
from monitor.store.desk.judgements import judgements_since
from monitor.store.engine import Database
from monitor.store.radar.radar_days import save_day
from monitor.store.reading.article_views import get_articles
from monitor.store.tables import radar_subjects, radar_terms
from monitor.types.judgement import Judgement
from tests.flow.program import MANY_LIVES, PATIENCE, Daemon
from tests.flow.world import PEOPLE, Item, World, body, feeds_yaml, page, rss
from tests.services import free_port
from tests.services.web import Answer, Site
from tests.store.conftest import lay_migrated

pytestmark = [pytest.mark.slow, MANY_LIVES]
KILLS = 6
SEED = 20261128
REHEARSAL = 300.0  # times faster: the radar looks every two seconds
TOPICS = "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna, bert]}\n"
STORIES = 8
SYLLABLES = (
    "ba",
    "cho",
    "du",
    "fe",
    "gi",
    "ho",
    "ka",
    "lu",
    "mo",
    "ne",
    "pi",
    "ru",
    "se",
    "to",
)
KNOCK = 0.05  # seconds until a refused connection is tried again
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RISES = "Elwira Brandkamp"
PAGE = "page"  # who judges on the page: it asks nobody for a name on loopback
Key = tuple[str, str]


class Visitor:
    """Somebody with a browser, who tries again when nobody answers."""

    def __init__(self, port: int, stop: threading.Event) -> None:
        self.port, self.stop = port, stop

    def ask(
        self, method: str, path: str, **form: object
    ) -> tuple[int, str, str] | None:
        """Status, where it leads to, and the text; None where the answer never
        came.
        """
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30
        )
        try:
            connection.request(
                method, path, urlencode(form, doseq=True) or None, FORM
            )
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, answer.headers.get("Location", ""), text
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's forms, once it is there."""
        while not self.stop.is_set():
            shown = self.ask("GET", path)
            if shown and shown[0] == 200:
                return dict(
                    re.findall(
                        r'name="(csrf|revision|day)"[^>]* value="([^"]*)"',
                        shown[2],
                    )
                )
            self.stop.wait(KNOCK)
        return {}


class Readers(Visitor):
    """People who press a button until they are told that it was kept, and then
    another one.
    """

    def __init__(
        self, port: int, stop: threading.Event, links: dict[Key, str]
    ) -> None:
        super().__init__(port, stop)
        self.links = links
        self.pressed: dict[Key, str] = {}
        self.answered: dict[Key, str] = {}
        self.dice = random.Random(SEED)
        self.csrf = self.form("/suche").get("csrf", "")

    def work(self) -> None:
        """Until told to stop."""
        while not self.stop.is_set():
            key = self.dice.choice(sorted(self.links))
            said = self.dice.choice(("right", "wrong"))
            self.pressed[key] = said
            self.answered.pop(key, None)
            while not self.stop.is_set():
                if self.sent(key):
                    self.answered[key] = said
                    break
                self.stop.wait(KNOCK)

    def sent(self, key: Key) -> bool:
        """Whether the answer came."""
        answer = self.ask(
            "POST", self.links[key], said=self.pressed[key], csrf=self.csrf
        )
        return answer is not None and answer[0] in (200, 303)


class Editor(Visitor):
    """One who puts together a press review, issues it and sends it, and then
    another one.

    When no answer comes, the draft is looked at: it says whether it was
    issued.
    """

    def __init__(
        self, port: int, stop: threading.Event, articles: list[int]
    ) -> None:
        super().__init__(port, stop)
        self.articles = articles
        # drafts and their issues, as they were answered
        self.issued: dict[int, int] = {}
        self.sent: set[int] = set()

    def work(self) -> None:
        """Until told to stop."""
        while not self.stop.is_set():
            csrf = self.form("/pressespiegel").get("csrf", "")
            begun = self.until(
                "/pressespiegel/aufnehmen", csrf=csrf, article=self.articles
            )
            if not begun:
                return
            draft = int(begun.rpartition("/")[2])
            issue = self.issue(draft)
            if not issue:
                return
            self.issued[draft] = issue
            path = f"/pressespiegel/ausgaben/{issue}/senden"
            if self.until(path, csrf=csrf, recipient=PEOPLE, format="html"):
                self.sent.add(issue)

    def until(self, path: str, **form: object) -> str:
        """Press until there is an answer; where it leads to."""
        while not self.stop.is_set():
            answer = self.ask("POST", path, **form)
            if answer and answer[0] == 303:
                return answer[1]
            self.stop.wait(KNOCK)
        return ""

    def issue(self, draft: int) -> int:
        """The number of the draft's issue."""
        while not self.stop.is_set():
            shown = self.ask("GET", f"/pressespiegel/{draft}")
            known = (
                re.search(r"/pressespiegel/ausgaben/(\d+)", shown[2])
                if shown
                else None
            )
            if known:
                return int(known[1])
            if shown:
                fields = self.form(f"/pressespiegel/{draft}") | {
                    "title": f"Lage {draft}"
                }
                answer = self.ask(
                    "POST", f"/pressespiegel/{draft}", do="issue", **fields
                )
                if answer and answer[0] == 303:
                    return int(answer[1].rpartition("/")[2])
            self.stop.wait(KNOCK)
        return 0


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


def judged(world: World) -> dict[Key, str]:
    """What the database has, by person and story; each only once."""
    long_ago = datetime.now(UTC) - timedelta(days=3650)
    database = Database(world.settings.database_address)
    with closing(database), database.read() as connection:
        said = judgements_since(connection, long_ago)
        titles = {
            each.id: each.content.title
            for each in get_articles(connection, ids_of(said))
        }
    counted = Counter(
        (each.topic_id, each.story_id, each.person) for each in said
    )
    assert not counted or max(counted.values()) == 1
    numbers = {number: title.split()[1] for number, title in titles.items()}
    return {
        (each.person or PAGE, numbers[each.article_id]): "right"
        if each.is_right
        else "wrong"
        for each in said
    }


def ids_of(said: tuple[Judgement, ...]) -> set[int]:
    return {each.article_id for each in said}


def own_words(key: str) -> str:
    """Words that stand in no other text: what shares its sentences is one
    story.
    """
    chance = Random(key)
    return " ".join("".join(chance.sample(SYLLABLES, 3)) for _ in range(300))


def publish(site: Site) -> str:
    """Three papers: what the topic finds stands in one of them, what rises in
    all.
    """
    today = format_datetime(datetime.now(UTC))
    told = [
        Item(
            f"a{n}", f"Meldung {n} zur Ukraine aus Ort {n * 7919}", date=today
        )
        for n in range(STORIES)
    ]
    rises = [
        Item(f"r{n}", f"{RISES} spricht zum {n}. Mal", date=today)
        for n in range(6)
    ]
    for item in (*told, *rises):
        site.put(
            f"/{item.key}",
            page(item.title, f"{item.title}. {own_words(item.key)}."),
        )
    feeds = []
    for number, paper in enumerate(("eins", "zwei", "drei")):
        items = (
            [*reversed(told), *rises[:2]]
            if not number
            else rises[2 * number : 2 * number + 2]
        )
        listed = rss(site.url("/"), *items).encode()
        site.put(
            f"/{paper}", Answer(listed, content_type="application/rss+xml")
        )
        feeds.append(
            f"{{id: {paper}, title: {paper.title()}, url: '{site.url('/' + paper)}'}}"
        )
    return feeds_yaml(*feeds, topics=TOPICS)


def know_usual_days(world: World) -> None:
    """Two weeks in which nobody wrote of what rises."""
    lay_migrated(world.settings.data_dir / "monitor.sqlite3")
    database = Database(world.settings.database_address)
    today = datetime.now(UTC).date()
    with closing(database), database.write() as connection:
        for ago in range(2, 16):
            day = today - timedelta(days=ago)
            save_day(
                connection,
                day,
                stories=200,
                counts=pack(count_day(day, 200, {"rat": 60})),
            )


def articles_of(world: World) -> dict[str, int]:
    """The topic's stories, by the number in their titles."""
    database = Database(world.settings.database_address)
    with closing(database), database.read() as connection:
        found = get_articles(connection, range(1, 40))
    return {
        each.content.title.split()[1]: each.id
        for each in found
        if each.content.title.startswith("Meldung")
    }


def test_killed_while_people_work(world: World, site: Site) -> None:
    port, stop = free_port(), threading.Event()
    public = f"http://127.0.0.1:{port}"
    env = {
        "MONITOR_PUBLIC_URL": public,
        "MONITOR_LISTEN": f"127.0.0.1:{port}",
        "MONITOR_RADAR_RECIPIENTS": PEOPLE[0],
    }
    world.write(publish(site))
    know_usual_days(world)
    daemon = Daemon.start(world.folder, speed=REHEARSAL, env=env)
    daemon.until(
        lambda: len(links_of(world, public)) == STORIES * len(PEOPLE),
        seconds=PATIENCE,
    )
    told = alerts(world)
    articles = articles_of(world)
    on_page = {
        (PAGE, story): f"/themen/ukraine/urteile/{n}"
        for story, n in articles.items()
    }
    readers = Readers(port, stop, links_of(world, public) | on_page)
    editor = Editor(port, stop, sorted(articles.values())[:3])
    people = [threading.Thread(target=each.work) for each in (readers, editor)]
    for each in people:
        each.start()
    dice = Random(SEED)
    try:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.3, 2.0))  # the moment is the test
            daemon.kill()
            daemon = Daemon.start(world.folder, speed=REHEARSAL, env=env)
            daemon.until(lambda: answers(port), seconds=PATIENCE)
        daemon.until(
            lambda: len(editor.sent) > 1 and bool(radar_mails(world)),
            seconds=PATIENCE,
        )
    finally:
        stop.set()
        for each in people:
            each.join()
    try:
        judgements_are_kept_once(world, readers)
        daemon.until(
            lambda: sent_reviews(world) >= wanted_reviews(world, editor),
            seconds=PATIENCE,
        )
        reviews_are_kept_once(world, editor)
        assert alerts(world) == told
        the_radar_told_once(world)
    finally:
        daemon.end()


def judgements_are_kept_once(world: World, readers: Readers) -> None:
    assert len(readers.answered) > KILLS
    found = judged(world)
    assert {
        key: found.get(key) for key in readers.answered
    } == readers.answered
    assert all(
        readers.sent(key)
        for key in readers.pressed.keys() - readers.answered.keys()
    )
    assert judged(world) == readers.pressed
    assert {PAGE, *PEOPLE} == {person for person, _ in readers.pressed}


def reviews_are_kept_once(world: World, editor: Editor) -> None:
    """Each draft has one issue, whole; each that was sent came to each reader
    once.
    """
    database = Database(world.settings.database_address)
    with closing(database), database.read() as connection:
        issues = review_archive.list_issues(connection, limit=1000)
        for issue in issues:
            entries = review_archive.issue_entries(connection, issue.id)
            assert [each.article_id for each in entries] == editor.articles
            files = review_archive.issue_files(connection, issue.id)
            assert {each.format for each in files} == {"html", "pdf", "docx"}
            for each in files:
                assert review_archive.read_file(
                    connection, issue.id, each.format
                )
    drafts = [issue.draft_id for issue in issues]
    assert len(set(drafts)) == len(drafts)
    numbers = {issue.draft_id: issue.id for issue in issues}
    assert {
        draft: numbers.get(draft) for draft in editor.issued
    } == editor.issued
    assert set(sent_reviews(world).values()) == {1}


def wanted_reviews(world: World, editor: Editor) -> Counter[Key]:
    titles = {issue: f"Lage {draft}" for draft, issue in editor.issued.items()}
    return Counter(
        (titles[issue], person) for issue in editor.sent for person in PEOPLE
    )


def sent_reviews(world: World) -> Counter[Key]:
    """How often each press review came to each person."""
    counted: Counter[Key] = Counter()
    for mail in world.mails():
        title = re.search(r"\[Pressespiegel\] (Lage \d+):", mail["Subject"])
        if title:
            counted[title[1], str(mail["To"].addresses[0].addr_spec)] += 1
    return counted


def alerts(world: World) -> list[str]:
    return sorted(
        mail["Message-ID"]
        for mail in world.mails()
        if "[Ukraine]" in mail["Subject"]
    )


def radar_mails(world: World) -> list[str]:
    """The mails that name what rises."""
    return [
        mail["Subject"]
        for mail in world.mails()
        if RISES in f"{mail['Subject']} {body(mail)}"
    ]


def the_radar_told_once(world: World) -> None:
    database = Database(world.settings.database_address)
    with closing(database), database.read() as connection:
        read = (
            connection.execute(select(radar_terms.c.article_id))
            .scalars()
            .all()
        )
        subjects = (
            connection.execute(select(radar_subjects.c.told_at))
            .scalars()
            .all()
        )
    assert len(read) == STORIES + 6, "each article is counted once"
    assert subjects
    assert all(subjects)
    assert len(radar_mails(world)) == 1


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
