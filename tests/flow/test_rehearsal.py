"""What `topic test` says that a topic would have sent is what it did send."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.flow.requests.topic_preview import preview_query
from monitor.query.parser import parse_query
from tests.flow.test_alerts import HOUR, MINUTE, Papers, to_anna
from tests.flow.world import World

pytestmark = pytest.mark.slow

SPIKE = (
    "  - {name: Ukraine, any: ['Ukraine*'], mode: spike, recipients: [anna]}\n"
)


def test_spikes_of_three_weeks_are_counted_as_they_were_told(
    world: World,
) -> None:
    """Bursts on three days, one before anything can be usual, one of them
    every week; the last too small.
    """
    bursts = {3: 12, 11: 12, 18: 14, 20: 4}
    papers = Papers(world, topics=SPIKE)
    began = world.clock.now()
    with world.life() as life:
        life.one_pass()
        for day in range(22):
            papers.add("eins", f"t{day}", f"Ukraine, Tag {day}")
            life.one_pass(after=12 * HOUR)
            for number in range(bursts.get(day, 0)):
                papers.add(
                    "eins",
                    f"b{day}-{number}",
                    f"Ukraine meldet Explosion {day} im Hafen {number}",
                )
            life.one_pass(after=HOUR)
            life.one_pass(after=20 * MINUTE)  # the daemon looks again
            life.one_pass(after=10 * HOUR + 40 * MINUTE)
        tree = parse_query("Ukraine*").tree
        assert tree is not None
        (topic,) = life.live.current.catalog.topics
        with life.database.read() as connection:
            found = preview_query(
                connection,
                tree,
                topic=topic,
                since=began - timedelta(days=1),
                timezone="Europe/Berlin",
            )
    sent = len(to_anna(world))
    assert [count.mails for count in found.mails] == [sent]
    assert sent == 2
