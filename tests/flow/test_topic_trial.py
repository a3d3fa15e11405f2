"""A trial by way of the index finds what the plain preview of all stored
articles finds, for the draft and for each of its variants.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.extract.pool import ExtractPool
from monitor.flow.requests.topic_draft import TopicDraft, draft_topic
from monitor.flow.requests.topic_figures import Moment
from monitor.flow.requests.topic_preview import preview_query
from monitor.flow.requests.topic_trial import (
    READ_AT_ONCE,
    Outdated,
    TopicTrial,
    try_draft,
)
from monitor.match.topics import whole_query
from monitor.match.variants import variants_of
from monitor.query.tree import Node
from monitor.types.catalog import Catalog, Topic
from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, filled_newsroom

QUERIES = (
    "Haushalt*",
    "Stadt AND Haushalt*",
    "(Haushalt* OR Bücherei OR Fähren) AND NOT Cuxhaven",
    "Stadt NEAR/2 Löhne",
    "Löhne NEAR/3 Rat AND NOT Steuern",
    "ATLEAST/2 Haushalt*",
    "title:(Haushalt* OR Bücherei)",
    "title:Haushalt* AND Stadt AND NOT (Mehrheit OR Monaten)",
    "cs(Rat) AND Kreis*",
    "*sperre",
    "Stadt AND source:kuestenfunk",
    '"letzter Sekunde" OR "teilte der Kreis mit"',
    "Quastenflosser",
    "Sprecherin AND NOT Löhne",
)


@pytest.fixture(scope="module")
def room(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    with filled_newsroom(
        World(tmp_path_factory.mktemp("trial"), pool.extract)
    ) as made:
        yield made


def topic_of(query: str) -> tuple[Topic, Node]:
    topic = draft_topic(
        TopicDraft("Entwurf", "query", query=query), Catalog(), None
    )
    tree, _problems = whole_query(topic)
    assert tree is not None
    return topic, tree


def tried(room: Newsroom, query: str) -> TopicTrial:
    topic, tree = topic_of(query)
    at = Moment(room.life.world.clock.now(), "Europe/Berlin")
    index, database = room.life.index, room.life.database
    return try_draft(index, database, topic, tree, at=at, goes_on=lambda: True)


def plain_hits(room: Newsroom, tree: Node) -> int:
    since = room.life.world.clock.now() - timedelta(days=30)
    with room.life.database.read() as connection:
        found = preview_query(
            connection, tree, topic=None, since=since, timezone="Europe/Berlin"
        )
    return found.hits


@pytest.mark.parametrize("query", QUERIES)
def test_a_trial_counts_as_the_matcher_does(
    room: Newsroom, query: str
) -> None:
    trial = tried(room, query)
    assert not trial.estimated
    assert trial.hits == plain_hits(room, topic_of(query)[1])
    assert sum(count for _, count in trial.days) == trial.hits
    assert len(trial.days) == 30
    assert trial.told.stories <= trial.hits


@pytest.mark.parametrize("query", QUERIES)
def test_each_effect_is_that_of_the_query_without_the_part(
    room: Newsroom, query: str
) -> None:
    variants = variants_of(topic_of(query)[1], most=12)
    effects = tried(room, query).effects
    assert [effect.part for effect in effects] == [
        variant.part for variant in variants
    ]
    for effect, variant in zip(effects, variants, strict=True):
        plain = plain_hits(room, variant.tree)
        assert effect.without == plain or (
            effect.rough and effect.without >= plain
        ), effect


def test_nobody_reads_on_for_nobody(room: Newsroom) -> None:
    topic, tree = topic_of("Haushalt*")
    at = Moment(room.life.world.clock.now(), "Europe/Berlin")
    with pytest.raises(Outdated):
        try_draft(
            room.life.index,
            room.life.database,
            topic,
            tree,
            at=at,
            goes_on=lambda: False,
        )
    assert READ_AT_ONCE < 100, "it is asked several times in one answer"
