"""Judgements on both databases: the newest word of a person counts, and goes
along with its story and its topic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.store.alerting.topic_renames import rename_topic
from monitor.store.desk.judgements import (
    hits_in_stories,
    judgeable_hit,
    judgements_by,
    judgements_of_topic,
    judgements_since,
    move_judgements,
    prune_judgements,
    save_judgement,
    take_back_judgement,
)
from monitor.store.engine import Database
from monitor.types.judgement import Judgement
from tests.store.builders import add_article, add_match, list_feeds, read
from tests.store.test_stories import NOW, story_of

DAY = timedelta(days=1)
TOPIC = "ukraine"


@pytest.fixture
def hits(database: Database) -> tuple[Judgement, Judgement]:
    """Two articles that met the topic, judged by nobody yet."""
    made = []
    with database.write() as connection:
        list_feeds(connection, now=NOW)
        for key in ("a", "b"):
            article_id = add_article(connection, key, now=NOW)
            read(connection, article_id, now=NOW)
            add_match(connection, article_id, now=NOW)
            made.append(article_id)
    one, two = (
        Judgement(
            TOPIC,
            story_of(database, number),
            "anna",
            number,
            True,
            "page",
            NOW,
        )
        for number in made
    )
    return one, two


def test_the_newest_word_counts(
    database: Database, hits: tuple[Judgement, Judgement]
) -> None:
    one, two = hits
    changed = replace(one, is_right=False, source="mail", judged_at=NOW + DAY)
    with database.write() as connection:
        for each in (
            one,
            two,
            changed,
            changed,
            replace(one, person="bert@example.org"),
        ):
            save_judgement(connection, each)
        assert judgements_of_topic(connection, TOPIC, since=NOW) == (
            changed,
            two,
            replace(one, person="bert@example.org"),
        )
        assert judgements_by(connection, "anna", [one.story_id]) == (changed,)
        assert judgements_by(connection, "anna", []) == ()
        assert judgements_since(connection, NOW + DAY) == (changed,)
        assert judgements_of_topic(connection, "haushalt", since=NOW) == ()


def test_it_can_be_taken_back_by_that_person_only(
    database: Database, hits: tuple[Judgement, Judgement]
) -> None:
    one, two = hits
    with database.write() as connection:
        for each in (one, two):
            save_judgement(connection, each)
        take_back_judgement(connection, TOPIC, one.story_id, "bert")
        take_back_judgement(connection, "haushalt", one.story_id, "anna")
        assert len(judgements_since(connection, NOW)) == 2
        take_back_judgement(connection, TOPIC, one.story_id, "anna")
        take_back_judgement(connection, TOPIC, one.story_id, "anna")
        assert judgements_since(connection, NOW) == (two,)


def test_only_hits_can_be_judged(
    database: Database, hits: tuple[Judgement, Judgement]
) -> None:
    one, _ = hits
    with database.read() as connection:
        found = judgeable_hit(connection, TOPIC, one.article_id)
        assert found is not None
        assert (found.story_id, found.found_at) == (one.story_id, NOW)
        assert judgeable_hit(connection, "haushalt", one.article_id) is None
        assert judgeable_hit(connection, TOPIC, one.article_id + 99) is None


def test_judgements_go_along_when_stories_become_one(
    database: Database, hits: tuple[Judgement, Judgement]
) -> None:
    one, two = hits
    bert = replace(one, person="bert", is_right=False)
    with database.write() as connection:
        for each in (one, bert, replace(two, is_right=False)):
            save_judgement(connection, each)
        move_judgements(connection, left=one.story_id, joined=two.story_id)
        moved = judgements_by(connection, "bert", [two.story_id])
        assert [(each.article_id, each.is_right) for each in moved] == [
            (one.article_id, False)
        ]
        mine = judgements_by(connection, "anna", [two.story_id])
        assert [(each.article_id, each.is_right) for each in mine] == [
            (two.article_id, False)
        ]


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [(0, 1, "second"), (1, 0, "first"), (0, 0, "second")],
)
def test_who_judged_both_stories_counts_once(
    database: Database,
    hits: tuple[Judgement, Judgement],
    first: int,
    second: int,
    stays: str,
) -> None:
    """`first` is about the story that goes into the other one; the later word
    holds.
    """
    one, two = hits
    said = {
        "first": replace(one, judged_at=NOW + first * DAY, is_right=False),
        "second": replace(two, judged_at=NOW + second * DAY, is_right=True),
    }
    bert = replace(two, person="bert")
    other_topic = replace(two, topic_id="haushalt")
    with database.write() as connection:
        for each in (*said.values(), bert, other_topic):
            save_judgement(connection, each)
        move_judgements(connection, left=one.story_id, joined=two.story_id)
        kept = judgements_since(connection, NOW)
        assert {each.story_id for each in kept} == {two.story_id}
        expected = replace(said[stays], story_id=two.story_id)
        assert set(kept) == {expected, bert, other_topic}


def test_judgements_go_along_with_a_renamed_topic(
    database: Database, hits: tuple[Judgement, Judgement]
) -> None:
    one, _ = hits
    with database.write() as connection:
        save_judgement(connection, one)
        rename_topic(connection, TOPIC, "krieg", now=NOW)
        assert judgements_since(connection, NOW) == (
            replace(one, topic_id="krieg"),
        )


def test_they_are_forgotten_after_their_time(
    database: Database, hits: tuple[Judgement, Judgement]
) -> None:
    one, two = hits
    with database.write() as connection:
        save_judgement(connection, one)
        save_judgement(connection, replace(two, judged_at=NOW + DAY))
        assert prune_judgements(connection, before=NOW + DAY) == 1
        assert [
            each.story_id for each in judgements_since(connection, NOW)
        ] == [two.story_id]


def test_the_hits_of_a_story_are_those_of_the_topic(
    database: Database, hits: tuple[Judgement, Judgement]
) -> None:
    one, two = hits
    with database.read() as connection:
        ids = [one.story_id, two.story_id]
        assert hits_in_stories(connection, TOPIC, ids) == {
            one.story_id: (one.article_id,),
            two.story_id: (two.article_id,),
        }
        assert hits_in_stories(connection, "haushalt", ids) == {}
