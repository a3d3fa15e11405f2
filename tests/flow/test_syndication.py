"""Agency copies of the replay, on real texts: which pages are one story,
against what its manifest says.
"""

from __future__ import annotations

from itertools import combinations
from urllib.parse import urlsplit

import pytest

from tests.flow.world import World, feeds_yaml
from tests.services.replay import Replay

pytestmark = pytest.mark.replay
FEWEST_FOUND = 0.95


@pytest.mark.slow
def test_copies_are_one_story_and_a_quoted_sentence_is_none(
    world: World, replay: Replay
) -> None:
    replay.release("all")
    hosts = {
        name: row
        for name, row in replay.hosts().items()
        if name.startswith("syndi-")
    }
    rows = [
        f"{{id: {name}, title: {name}, url: '{replay.url(name, '/feed.rss')}'}}"
        for name in hosts
    ]
    world.write(feeds_yaml(*rows))
    world.settings_changed = {"allowed_networks": (replay.network,)}
    with world.life() as life:
        life.one_pass()
        found = life.articles()
    names = {row["address"]: name for name, row in hosts.items()}
    stories = {
        (
            names[urlsplit(a.url).hostname or ""],
            urlsplit(a.url).path,
        ): a.story_id
        for a in found
    }
    groups = replay.manifest()["syndication"]
    truth, told = set(), set()
    for group in groups:
        members = [
            (place(member["path"]), member["same_story"])
            for member in group["members"]
        ]
        truth |= {
            frozenset((a, b))
            for (a, one), (b, other) in combinations(members, 2)
            if one and other
        }
    for one, other in combinations(stories, 2):
        if stories[one] == stories[other]:
            told.add(frozenset((one, other)))
    assert told <= truth, "two that are not one story"
    assert len(told & truth) >= FEWEST_FOUND * len(truth), sorted(
        map(sorted, truth - told)
    )


def place(path: str) -> tuple[str, str]:
    """Host and path of `/host/NAME/PATH`."""
    _, _, name, rest = path.split("/", 3)
    return name, f"/{rest}"
