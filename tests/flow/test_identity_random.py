"""Random publishers against a reference model: each of their stories is one
article, whatever they do to its title, text, guid, address and place in the
feed.

The model keeps to what decision 0011 promises: one thing at a time is changed
of an item, and words of different stories have nothing in common.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from monitor.store.tables import articles, entries, entry_keys, stories
from tests.fakes import DictHttp
from tests.flow.test_identity import HOUR, MINUTE, PAGE, WEEK, Notice
from tests.flow.world import Life, World, feeds_yaml

pytestmark = pytest.mark.slow  # hundreds of polls
SITE = "http://dienst.test/"
FEEDS = {"erster": f"{SITE}eins", "zweiter": f"{SITE}zwei"}
GAPS = (20 * MINUTE, 3 * HOUR, 50 * HOUR)
EDITS = ("typo", "update", "sentence")
STEPS = (
    "article",
    "warning",
    *EDITS,
    "reorder",
    "drop",
    "list again",
    "guid",
    "relaunch",
    "use link again",
    "second feed",
)
_documents = count()


def words(number: int, size: int) -> list[str]:
    """Words that no other number has."""
    chance = random.Random(number)
    return [
        "".join(
            chance.choice("bdfgklmnprstvwz") + chance.choice("aeiou")
            for _ in range(4)
        )
        for _ in range(size)
    ]


@dataclass
class Story:
    """What the publisher says of one story now."""

    number: int
    notice: Notice
    shared: bool
    listed: bool = True
    gone: bool = False  # its address belongs to another story now
    in_second: bool = False
    edits: int = 0

    @property
    def mark(self) -> str:
        return words(self.number, 4)[3]


@dataclass
class Publisher:
    """The reference: what is in the feeds, and which stories there have been."""

    life: Life
    http: DictHttp
    stories: list[Story] = field(default_factory=list)
    links: Iterator[int] = field(default_factory=count)
    relaunched: bool = False

    def act(self, step: str, pick: int) -> None:
        getattr(self, "do_" + step.replace(" ", "_"), self.do_edit)(step, pick)

    def do_article(self, step: str, pick: int) -> None:
        self.publish(
            f"{SITE}artikel/{next(self.links)}.html", pick, shared=False
        )

    def do_warning(self, step: str, pick: int) -> None:
        self.publish(PAGE, pick, shared=True)

    def publish(self, link: str, pick: int, *, shared: bool) -> None:
        number = len(self.stories)
        said = words(number, 20)
        guid = (None, link, f"guid-{number}")[pick % 3]
        time = self.life.world.clock.now().replace(second=7) - 5 * MINUTE
        notice = Notice(
            " ".join(said[:3]).title(), " ".join(said[3:]), link, guid, time
        )
        self.stories.insert(0, Story(number, notice, shared))

    def do_edit(self, step: str, pick: int) -> None:
        story = self.one(pick, listed=True)
        if story is None or story.edits > 3:
            return
        title, text = story.notice.title, story.notice.text
        if step == "typo":
            title = title[:2] + title[3] + title[2] + title[4:]
        elif step == "update" and "Update" not in title:
            title = f"Update: {title}"
        else:
            text += ". " + " ".join(
                words(1000 * (story.number + 1) + story.edits, 4)
            )
        story.notice = replace(story.notice, title=title, text=text)
        story.edits += 1

    def do_reorder(self, step: str, pick: int) -> None:
        random.Random(pick).shuffle(self.stories)

    def do_drop(self, step: str, pick: int) -> None:
        if story := self.one(pick, listed=True):
            story.listed = False

    def do_list_again(self, step: str, pick: int) -> None:
        if story := self.one(pick, listed=False):
            story.listed = True

    def do_guid(self, step: str, pick: int) -> None:
        story = self.one(pick, listed=True, shared=False)
        if story and (story.notice.guid or "").startswith("guid"):
            story.notice = replace(
                story.notice, guid=f"guid-{story.number}-{next(self.links)}"
            )

    def do_relaunch(self, step: str, pick: int) -> None:
        self.relaunched = True
        for story in self.stories:
            if story.shared or story.gone:
                continue
            link = f"{SITE}neu/{next(self.links)}"
            guid = (None, link, f"guid-neu-{link}")[pick % 3]
            story.notice = replace(story.notice, link=link, guid=guid)

    def do_use_link_again(self, step: str, pick: int) -> None:
        story = self.one(pick, listed=True, shared=False)
        if story is None or story.notice.link is None:
            return
        story.listed, story.gone = False, True
        self.life.world.clock.advance(3 * WEEK)
        self.publish(story.notice.link, pick, shared=False)

    def do_second_feed(self, step: str, pick: int) -> None:
        story = self.one(pick, listed=True, shared=False)
        if story and not self.relaunched:  # a limit that decision 0011 names
            story.in_second = True

    def one(
        self, pick: int, *, listed: bool, shared: bool | None = None
    ) -> Story | None:
        some = [s for s in self.stories if s.listed is listed and not s.gone]
        some = [s for s in some if shared is None or s.shared is shared]
        return (
            sorted(some, key=lambda s: s.number)[pick % len(some)]
            if some
            else None
        )

    def poll(self, after: timedelta) -> None:
        listed = [story for story in self.stories if story.listed]
        second = [story for story in listed if story.in_second]
        for address, some in zip(
            FEEDS.values(), (listed, second), strict=True
        ):
            items = "".join(story.notice.xml() for story in some)
            channel = f"<channel><title>Dienst</title><link>{SITE}</link>{items}</channel>"
            document = f"<rss version='2.0'>{channel}</rss><!-- {next(_documents)} -->"
            self.http.pages[address] = document.encode()
        self.life.world.clock.advance(after)
        while states := self.life.steps.poller.claim(10):
            for state in states:
                self.life.steps.poller.poll(state)

    def check(self) -> None:
        """Each story is one article, new once, and as its publisher says it
        now.
        """
        columns = (
            entries.c.feed_id,
            entries.c.article_id,
            entries.c.title,
            entries.c.summary,
        )
        with self.life.database.read() as connection:
            rows = connection.execute(select(*columns)).all()
            found = connection.execute(select(articles.c.id)).scalars().all()
        for story in self.stories:
            first = [
                row
                for row in rows
                if story.mark in row.summary and row.feed_id == "erster"
            ]
            second = [
                row
                for row in rows
                if story.mark in row.summary and row not in first
            ]
            assert len(first) == 1, (story, first)
            assert len(second) <= 1, (story, second)
            assert {row.article_id for row in second} <= {
                first[0].article_id
            }, story
            if story.listed:
                said = (story.notice.title, story.notice.text)
                assert (first[0].title, first[0].summary) == said
        assert len(found) == len(self.stories)


@pytest.fixture
def life(world: World) -> Iterator[Life]:
    world.http = DictHttp()
    rows = (
        f"{{id: {i}, title: {i}, url: '{a}', fulltext: false}}"
        for i, a in FEEDS.items()
    )
    world.write(feeds_yaml(*rows))
    with world.life() as one:
        yield one


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(STEPS), st.integers(0, 20), st.sampled_from(GAPS)
        ),
        min_size=3,
        max_size=14,
    )
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
def test_each_story_of_a_publisher_is_one_article(
    life: Life, steps: list[tuple[str, int, timedelta]]
) -> None:
    with life.database.write() as connection:
        for table in (entry_keys, entries, articles, stories):
            connection.execute(delete(table))
    assert isinstance(life.world.http, DictHttp)
    publisher = Publisher(life, life.world.http)
    publisher.do_article("article", 0)
    publisher.do_article("article", 2)
    publisher.do_warning("warning", 1)
    publisher.poll(HOUR)
    for step, pick, gap in steps:
        publisher.act(step, pick)
        publisher.poll(gap)
        publisher.check()
