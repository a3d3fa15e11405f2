"""kill -9 at random moments, on the real program with real parts: nothing
lost, nobody told twice.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing

import pytest

from monitor.config.settings import Settings
from monitor.store.engine import Database
from monitor.store.reading.article_views import articles_since
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
from tests.flow.world import PEOPLE, Item, World, body, feeds_yaml, page, rss
from tests.services.web import Answer, Site

pytestmark = [pytest.mark.slow, MANY_LIVES]

KILLS = 6
# times faster: ten minutes between polls become three seconds
REHEARSAL = 200.0
SEED = 20250602


def test_killed_again_and_again(world: World, site: Site) -> None:
    items = [Item(f"a{n}", f"Meldung {n} zur Ukraine") for n in range(28)]
    for item in items:
        site.put(f"/{item.key}", page(item.title))

    def release(count: int) -> None:
        for number, path in enumerate(("/eins", "/zwei")):
            mine = items[:count][number::2]
            site.put(
                path,
                Answer(
                    rss(site.url("/"), *reversed(mine)).encode(),
                    content_type="application/rss+xml",
                ),
            )

    world.write(
        feeds_yaml(
            f"{{id: eins, title: Eins, url: '{site.url('/eins')}'}}",
            f"{{id: zwei, title: Zwei, url: '{site.url('/zwei')}'}}",
        )
    )
    lives = ShortLives(
        world.folder, random.Random(SEED), (0.05, 2.5), REHEARSAL
    )
    lives.killed(KILLS, before=lambda life: release(4 * (life + 1)))
    release(len(items))
    daemon = Daemon.start(world.folder, speed=REHEARSAL * 10)
    expected = {(person, item.key): 1 for item in items for person in PEOPLE}
    try:
        daemon.until(
            lambda: (
                told(world, site) == expected
                and found(world.settings) == len(items)
            ),
            seconds=PATIENCE,
        )
    finally:
        seconds = daemon.end()
    assert seconds < ENDS_WITHIN
    assert daemon.process.returncode == 0
    assert told(world, site) == expected
    database = Database(world.settings.database_address)
    with closing(database), database.read() as connection:
        long_ago = SetClock().now()
        stored = articles_since(
            connection, since=long_ago, after_id=0, limit=1000
        )
    assert sorted(a.content.title for a in stored) == sorted(
        item.title for item in items
    )
    assert {a.content.kind for a in stored} == {"article"}
    assert all("mit großer Mehrheit" in a.content.text for a in stored)


def told(world: World, site: Site) -> dict[tuple[str, str], int]:
    """How many mails to each person name each article."""
    counted: Counter[tuple[str, str]] = Counter()
    for mail in world.mails():
        lines = set(body(mail).splitlines())
        person = str(mail["To"].addresses[0].addr_spec)
        keys = (
            line.removeprefix(site.url("/"))
            for line in lines
            if line.startswith(site.url("/"))
        )
        counted.update((person, key) for key in keys)
    return dict(counted)


def found(settings: Settings) -> int:
    """How many articles a search finds for a word of each page's last
    paragraph.
    """
    index = open_index(settings, writer=False)
    with closing(index):
        index.prepare()
        return index.search(
            SearchRequest(query="Haushalt Ukraine", limit=1000)
        ).total
