"""kill -9 at random moments while press reviews are made and mailed: each
story stands in exactly one issue, each issue reaches each reader exactly once.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing

import pytest

from monitor.store.desk import review_archive
from monitor.store.engine import Database
from tests.flow.program import MANY_LIVES, PATIENCE, Daemon, ShortLives
from tests.flow.world import PEOPLE, Item, World, body, feeds_yaml, page, rss
from tests.services.web import Answer, Site

pytestmark = [pytest.mark.slow, MANY_LIVES]
KILLS = 3
# times faster: ten minutes between issues become two seconds
REHEARSAL = 300.0
SEED = 20261128
TOPICS = """  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna]}
press_reviews:
  - {name: Lage, schedule: '*/10 * * * *', recipients: [anna, bert]}
"""


def test_killed_while_press_reviews_are_made(world: World, site: Site) -> None:
    # Each text is its own: else they would be copies of one story, which is
    # told once.
    items = [
        Item(f"a{n}", f"Meldung {n} zur Ukraine aus Ort {n * 7919}")
        for n in range(4 * KILLS)
    ]
    for item in items:
        words = " ".join(f"{item.key}x{n}" for n in range(120))
        site.put(f"/{item.key}", page(item.title, f"{item.title}. {words}."))

    def release(count: int) -> None:
        listed = rss(site.url("/"), *reversed(items[:count])).encode()
        site.put("/eins", Answer(listed, content_type="application/rss+xml"))

    release(0)
    feed = f"{{id: eins, title: Eins, url: '{site.url('/eins')}'}}"
    world.write(feeds_yaml(feed, topics=TOPICS))
    lives = ShortLives(
        world.folder, random.Random(SEED), (0.3, 3.0), REHEARSAL
    )
    lives.killed(KILLS, before=lambda life: release(4 * life))
    release(len(items))
    daemon = Daemon.start(world.folder, speed=REHEARSAL)
    expected = {(person, item.key): 1 for item in items for person in PEOPLE}
    try:
        daemon.until(lambda: told(world, site) == expected, seconds=PATIENCE)
    finally:
        daemon.end()
    assert told(world, site) == expected
    assert archived(world, site) == {item.key: 1 for item in items}
    sent = [(mail["To"], mail["Message-ID"]) for mail in reviews(world)]
    assert len(set(sent)) == len(sent)
    assert all(
        next(mail.iter_attachments()).get_content()[:4] == b"%PDF"
        for mail in reviews(world)
    )


def reviews(world: World) -> list:  # type: ignore[type-arg]
    return [
        mail for mail in world.mails() if "[Pressespiegel]" in mail["Subject"]
    ]


def told(world: World, site: Site) -> dict[tuple[str, str], int]:
    """How many press reviews to each person name each article."""
    counted: Counter[tuple[str, str]] = Counter()
    for mail in reviews(world):
        person = str(mail["To"].addresses[0].addr_spec)
        lines = (line.strip() for line in body(mail).splitlines())
        keys = (
            line.removeprefix(site.url("/"))
            for line in lines
            if line.startswith(site.url("/"))
        )
        counted.update((person, key) for key in keys)
    return dict(counted)


def archived(world: World, site: Site) -> dict[str, int]:
    """How many issues of the archive have each article."""
    database = Database(world.settings.database_address)
    counted: Counter[str] = Counter()
    with closing(database), database.read() as connection:
        for issue in review_archive.list_issues(connection, limit=1000):
            entries = review_archive.issue_entries(connection, issue.id)
            assert issue.stories == len(entries)
            counted.update(
                entry.url.removeprefix(site.url("/")) for entry in entries
            )
            for line in review_archive.issue_files(connection, issue.id):
                assert (
                    review_archive.read_file(connection, issue.id, line.format)
                    is not None
                )
    return dict(counted)
