"""The way of an alert on a real Postgres: stories, digests after an outage,
changed topics, subscriptions, the daily report.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.extract.pool import ExtractPool
from tests.flow.test_alerts import AGENCY, DAY, MINUTE, Papers, to_anna, want
from tests.flow.world import World

pytestmark = pytest.mark.slow


@pytest.mark.external_service
def test_copies_outage_and_changes(
    tmp_path: Path, pool: ExtractPool, address: str
) -> None:
    world = World(tmp_path, pool.extract)
    world.settings_changed = {
        "database_url": SecretStr(address),
        "operator": "op@example.org",
    }
    papers = Papers(world, "eins", "zwei")
    with world.life() as life:
        life.one_pass()
        for paper in papers.names:
            papers.add(
                paper, "a", f"{paper.title()}: Gast aus der Ukraine", AGENCY
            )
            life.one_pass(after=12 * MINUTE)
        assert len(to_anna(world)) == 1
        assert len({article.story_id for article in life.articles()}) == 1
        assert life.steps.sweeper.sweep() == 0
        life.steps.reporter.report()
        life.steps.sweeper.nightly()
    for number in range(5):
        papers.add("eins", f"b{number}", f"Nachricht {number} zur Ukraine")
    world.clock.advance(3 * DAY)
    with world.life() as life:
        for _ in range(3):
            life.one_pass(after=MINUTE)
        assert len(to_anna(world)) == 2
        want(life, "anna@example.org", "unsubscribed")
        papers.add("zwei", "c", "Ukraine zum Schluss")
        life.one_pass(after=timedelta(hours=1))
        assert len(to_anna(world)) == 2
        assert life.steps.reporter.report()
        assert life.steps.sweeper.nightly() == 0
