"""Two daemons see an edit of feeds.yaml one after the other: what only one of
them knows is not taken for removed by the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from monitor.extract.pool import ExtractPool
from monitor.flow.reload import is_newest
from monitor.store.tables import deliveries, feeds
from tests.flow.world import (
    HEAD,
    Item,
    Life,
    World,
    feeds_yaml,
    page,
    recipients,
    rss,
)
from tests.services.web import Answer, Site

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
ITEM = Item("krieg", "Neue Gespräche über die Ukraine")
OTHER_TOPIC = "  - {name: Fußball, any: [Fußball], recipients: [anna]}\n"
SOON = timedelta(seconds=10)


@pytest.fixture
def two(
    tmp_path: Path, pool: ExtractPool, address: str, site: Site
) -> Iterator[tuple[Life, Life]]:
    """Two daemons with a topic that nothing meets; the same file, and one
    outbox.
    """
    world = World(tmp_path, pool.extract)
    world.settings_changed = {"database_url": SecretStr(address)}
    document = rss(site.url("/"), ITEM).encode()
    site.put("/rss", Answer(document, content_type="application/rss+xml"))
    site.put(f"/{ITEM.key}", page(ITEM.title))
    write(world, site, OTHER_TOPIC)
    with ExitStack() as stack:
        yield (
            stack.enter_context(world.life()),
            stack.enter_context(world.life()),
        )


def write(
    world: World, site: Site, topics: str, *, head: str = HEAD, more: str = ""
) -> None:
    listed = [f"{{id: eins, title: Eins, url: '{site.url('/rss')}'}}"]
    if more:
        listed.append(
            f"{{id: {more}, title: Zwei, url: '{site.url('/zwei')}'}}"
        )
    world.write(feeds_yaml(*listed, topics=topics, head=head))


def add_topic(life: Life, site: Site, *people: str) -> None:
    """An edit that only this daemon has seen."""
    topic = f"  - {{name: Ukraine, any: ['Ukraine*'], recipients: [{', '.join(people)}]}}\n"
    write(life.world, site, OTHER_TOPIC + topic)
    assert life.live.reload()


def find(life: Life) -> None:
    """Poll, read and match, by this daemon."""
    for state in life.steps.poller.claim(9):
        life.steps.poller.poll(state)
    for task in life.steps.reader.claim(9):
        life.steps.reader.read(task)
    assert life.steps.alerter.match()


def test_a_topic_that_only_the_other_one_knows_is_not_removed(
    two: tuple[Life, Life], site: Site
) -> None:
    informed, behind = two
    add_topic(informed, site, "anna", "bert")
    find(informed)
    behind.steps.composer.compose()
    assert {state for _, _, state in behind.alerts()} == {"pending"}
    informed.steps.composer.compose()
    assert behind.steps.deliverer.deliver() == 1
    assert behind.world.mails() == []
    states = mail_states(informed)
    assert states == ["pending", "pending"]
    informed.world.clock.advance(SOON)
    while informed.steps.deliverer.deliver():
        pass
    assert recipients(informed.world.mails()) == [
        "anna@example.org",
        "bert@example.org",
    ]


def test_a_person_that_only_the_other_one_knows_is_not_removed(
    two: tuple[Life, Life], site: Site
) -> None:
    first, second = two
    add_topic(first, site, "anna")
    assert second.live.reload()
    add_topic(first, site, "anna", "bert")
    find(first)
    second.steps.composer.compose()
    assert ("ukraine", "bert@example.org", "pending") in second.alerts()
    assert second.live.reload()
    second.steps.composer.compose()
    while second.steps.deliverer.deliver():
        pass
    assert recipients(second.world.mails()) == [
        "anna@example.org",
        "bert@example.org",
    ]


def test_what_was_removed_is_removed_by_who_knows(
    two: tuple[Life, Life], site: Site
) -> None:
    informed, behind = two
    add_topic(informed, site, "anna", "bert")
    find(informed)
    write(informed.world, site, OTHER_TOPIC)
    assert informed.live.reload()
    informed.steps.composer.compose()
    assert {state for _, _, state in informed.alerts()} == {"silent"}
    assert mail_states(behind) == []


def test_a_feed_that_only_the_other_one_knows_is_given_back(
    two: tuple[Life, Life], site: Site
) -> None:
    informed, behind = two
    write(informed.world, site, OTHER_TOPIC, more="zwei")
    assert informed.live.reload()
    states = behind.steps.poller.claim(9)
    assert "zwei" in {state.feed_id for state in states}
    for state in states:
        behind.steps.poller.poll(state)
    with informed.database.read() as connection:
        holders = (
            connection.execute(select(feeds.c.claimed_by)).scalars().all()
        )
    assert set(holders) == {None}
    assert "zwei" in {
        state.feed_id for state in informed.steps.poller.claim(9)
    }


def test_who_has_the_newest_file(two: tuple[Life, Life], site: Site) -> None:
    first, second = two

    def newest() -> list[bool]:
        with first.database.read() as connection:
            return [is_newest(connection, life.live.current) for life in two]

    assert newest() == [True, True]
    add_topic(first, site, "anna")
    assert newest() == [True, False]
    assert second.live.reload()
    assert newest() == [True, True]
    add_topic(second, site, "anna", "bert")
    assert newest() == [False, True]


def mail_states(life: Life) -> list[str]:
    with life.database.read() as connection:
        return list(connection.execute(select(deliveries.c.state)).scalars())
