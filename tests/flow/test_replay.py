"""The whole program on real feeds and pages that appear over time, restarted
and killed on the way.

Real texts stay where they are: only addresses, counts and kinds are looked at
here.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from monitor.config.settings import Settings
from monitor.store.engine import Database
from monitor.store.reading.article_views import articles_since
from monitor.types.article import Article
from monitor.types.output import SearchRequest
from monitor.wiring.search_index import open_index
from tests.fakes import SetClock
from tests.flow.program import (
    ENDS_WITHIN,
    MANY_LIVES,
    PATIENCE,
    Daemon,
    ShortLives,
)
from tests.flow.world import HEAD, PEOPLE, UKRAINE, World, body
from tests.services.replay import Replay

pytestmark = [pytest.mark.slow, pytest.mark.replay, MANY_LIVES]
SEED = 52
REHEARSAL = 200.0
LIVES = ("kill", "end", "kill", "end", "kill")
ONE_STORY = ("herford-aktuell", "/politik/treffen-putin-trump.html")
COPY = ("herford-portal", "/politik/treffen-putin-trump.html")
MADE_UP = {
    ONE_STORY,
    ("radioherford", "/nachrichten/kreis-herford/detailansicht/konvoi.html"),
}
"""Pages about the topic beside those of the publishers; the copy is told as
part of its story.
"""
LOCAL = {"radioherford", "herford-aktuell", "herford-portal"}


def test_every_article_arrives_and_is_told_once(
    world: World, replay: Replay
) -> None:
    world.write(feeds_file(replay))
    env = {
        "MONITOR_ALLOWED_NETWORKS": replay.network,
        "MONITOR_FETCH_MIN_GAP": "0.1 s",
    }
    lives = ShortLives(
        world.folder, random.Random(SEED), (0.5, 4.0), REHEARSAL, env
    )
    lives.live(
        len(LIVES),
        before=lambda life: replay.release("+6") if life else None,
        end=end_a_life,
    )
    replay.release("all")
    expected = published(replay)
    matching = {
        key
        for key in expected
        if expected[key] in about(replay, "in_title_or_text")
    } | MADE_UP
    alerts = {(person, key): 1 for person in PEOPLE for key in matching}
    daemon = Daemon.start(world.folder, speed=REHEARSAL * 10, env=env)
    places = {row["address"]: host for host, row in replay.hosts().items()}
    try:
        daemon.until(
            lambda: stored(world.settings, places).keys() >= expected.keys(),
            seconds=PATIENCE,
        )
        daemon.until(
            lambda: told(world, places).keys() >= alerts.keys(),
            seconds=PATIENCE,
        )
        daemon.until(
            lambda: (
                searchable(world.settings)
                >= len(stored(world.settings, places))
            ),
            seconds=PATIENCE,
        )
    finally:
        seconds = daemon.end()
    assert seconds < ENDS_WITHIN
    assert daemon.process.returncode == 0
    check_articles(world.settings, replay, places, expected)
    assert told(world, places) == alerts, (
        "a key too many is a false alarm, a count above one a repetition"
    )


def end_a_life(number: int, daemon: Daemon) -> None:
    if LIVES[number] == "kill":
        daemon.kill()
        return
    assert daemon.end() < ENDS_WITHIN
    assert daemon.process.returncode == 0


def check_articles(
    settings: Settings,
    replay: Replay,
    places: dict[str, str],
    expected: dict[tuple[str, str], str],
) -> None:
    """Each expected article is there once, with text unless its publisher
    reserves that, and is found by its title.
    """
    reserved = set(replay.manifest()["tdm_real_pages"])
    found = stored(settings, places)
    assert {host for host, _ in found} == {
        host for host, _ in expected
    } | LOCAL
    without = [
        key
        for key, name in expected.items()
        if found[key].content.kind == "summary" and name not in reserved
    ]
    assert without == []
    assert [key for key in found if not found[key].content.text] == []
    index = open_index(settings, writer=False)
    with closing(index):
        index.prepare()
        for key, article in found.items():
            hits = index.search(
                SearchRequest(query=article.content.title, limit=100)
            ).hits
            assert article.id in {hit.article_id for hit in hits}, key


def feeds_file(replay: Replay) -> str:
    feeds = []
    for host, row in replay.hosts().items():
        root = f"http://{row['address']}:{replay.port}"
        if host == "radioherford":
            feeds.append(
                {"id": host, "title": "Radio Herford", "site": f"{root}/"}
            )
        elif row["kind"] == "publisher" or host in LOCAL:
            feeds.append(
                {"id": host, "title": row["name"], "url": root + row["feed"]}
            )
    return (
        HEAD
        + "topics:\n"
        + UKRAINE
        + "feeds:\n"
        + "".join(f"  - {json.dumps(feed)}\n" for feed in feeds)
    )


def published(replay: Replay) -> dict[tuple[str, str], str]:
    """(host, path) of every article of the publishers, with its name in the
    replay.
    """
    return {
        (
            publisher["host"],
            urlsplit(article["path"]).path.removeprefix(
                f"/host/{publisher['host']}"
            ),
        ): article["id"]
        for publisher in replay.manifest()["publishers"]
        for article in publisher["articles"]
    }


def about(replay: Replay, where: str) -> set[str]:
    return set(replay.manifest()["keywords"]["Ukraine"][where])


def key_of(url: str, places: dict[str, str]) -> tuple[str, str]:
    parts = urlsplit(url)
    return places.get(parts.hostname or "", ""), parts.path


def stored(
    settings: Settings, places: dict[str, str]
) -> dict[tuple[str, str], Article]:
    """Every readable article by (host, path)."""
    database = Database(settings.database_address)
    with closing(database), database.read() as connection:
        found = articles_since(
            connection, since=SetClock().now(), after_id=0, limit=10_000
        )
    by_key = {key_of(article.url, places): article for article in found}
    assert len(by_key) == len(found), "no page is stored twice"
    return by_key


def searchable(settings: Settings) -> int:
    index = open_index(settings, writer=False)
    with closing(index):
        index.prepare()
        return index.count()


def told(
    world: World, places: dict[str, str]
) -> dict[tuple[str, tuple[str, str]], int]:
    """How many mails to each person name each story."""
    counted: Counter[tuple[str, tuple[str, str]]] = Counter()
    for mail in world.mails():
        person = str(mail["To"].addresses[0].addr_spec)
        named = {
            key_of(word, places)
            for word in body(mail).split()
            if word.startswith("http")
        }
        counted.update(
            (person, key)
            for key in {ONE_STORY if key == COPY else key for key in named}
        )
    return dict(counted)
