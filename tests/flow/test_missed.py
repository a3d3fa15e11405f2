"""No item's own words are missed: each title of the replay as a topic, as a
phrase and as words, meets its article.

Real texts stay where they are: only counts are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from monitor.store.tables import entries
from monitor.types.article import Article
from monitor.types.output import SearchRequest
from tests.flow.test_replay import feeds_file
from tests.flow.world import UKRAINE, Life, World, changed
from tests.services.replay import Replay

pytestmark = [pytest.mark.slow, pytest.mark.replay]
WORD = re.compile(r"[^\W_]+(?:[-’'.,&][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic made of an item's title, and the article that it must meet."""

    topic: str
    query: str
    article_id: int


def test_every_item_s_own_words_hit_its_article(
    world: World, replay: Replay, capsys: pytest.CaptureFixture[str]
) -> None:
    replay.release("all")
    world = changed(
        world,
        settings_changed={
            "allowed_networks": replay.network,
            "fetch_min_gap": "0 s",
        },
    )
    text = feeds_file(replay)
    world.write(text)
    with world.life() as life:
        poll_all(life)
        wanted = topics_of_titles(life)
    topics = "".join(
        f"  - {{name: {each.topic}, query: {quoted(each.query)}}}\n"
        for each in wanted
    )
    world.write(text.replace(UKRAINE, topics))
    with world.life() as life:
        life.one_pass()
        found = {article.id: article for article in life.articles()}
        missed = [
            each
            for each in wanted
            if each.topic not in met(found[each.article_id])
        ]
        unfound = [
            each
            for each in wanted
            if each.article_id not in searched(life, each.query)
        ]
    with capsys.disabled():
        with_parts = sum(
            bool(article.content.feed_title or article.content.feed_text)
            for article in found.values()
        )
        extra = sum(
            len(article.content.feed_title) + len(article.content.feed_text)
            for article in found.values()
        )
        whole = sum(
            len(article.content.title)
            + len(article.content.lead)
            + len(article.content.text)
            for article in found.values()
        )
        print(
            f"\n{len(found)} articles, {with_parts} with words of feeds ({extra / whole:.1%} of all"
            " characters)"
        )
        print(
            f"{len(wanted)} topics: {len(missed)} missed by the matcher, {len(unfound)} by the"
            " index"
        )
    assert len(wanted) > 50
    assert (missed, unfound) == ([], [])


def poll_all(life: Life) -> None:
    while states := life.steps.poller.claim(100):
        for state in states:
            life.steps.poller.poll(state)


def topics_of_titles(life: Life) -> list[Wanted]:
    """Two topics for each item that has a title: its words in a row, and all
    of them anywhere.
    """
    with life.database.read() as connection:
        rows = connection.execute(
            select(entries.c.id, entries.c.title, entries.c.article_id)
        ).all()
    wanted = []
    for number, title, article_id in rows:
        if words := WORD.findall(title):
            phrase = '"' + re.sub(r'["„“”»«\\]', " ", title).strip() + '"'
            every = " AND ".join(f'"{word}"' for word in words)
            wanted += [
                Wanted(f"p{number}", phrase, article_id),
                Wanted(f"w{number}", every, article_id),
            ]
    return wanted


def quoted(query: str) -> str:
    return "'" + query.replace("'", "''") + "'"


def met(article: Article) -> set[str]:
    return {hit.topic_id for hit in article.topics}


def searched(life: Life, query: str) -> set[int]:
    return {
        hit.article_id
        for hit in life.index.search(
            SearchRequest(query, exact=True, limit=1000)
        ).hits
    }
