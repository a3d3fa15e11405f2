"""After an outage the operator hears of it, once, and whether or not anything
was found.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from monitor.store.tables import deliveries
from tests.flow.test_alerts import DAY, HOUR, MINUTE, Papers
from tests.flow.world import Life, World, body

OPERATOR = "chef@example.org"


def notices(life: Life) -> list[str]:
    with life.database.read() as connection:
        mine = (
            select(deliveries.c.subject)
            .where(deliveries.c.kind == "notice")
            .order_by(deliveries.c.id)
        )
        return list(connection.execute(mine).scalars())


@pytest.mark.slow
@pytest.mark.parametrize("operator", [OPERATOR, ""])
def test_three_days_standing_still_are_told_once_when_all_is_read(
    world: World, operator: str
) -> None:
    world.settings_changed = {"operator": operator}
    papers = Papers(world)
    papers.add("eins", "a", "Etwas ganz anderes")
    with world.life() as life:
        life.one_pass()
    for number in range(7):
        papers.add("eins", f"e{number}", f"Nachricht {number} aus dem Rat")
    world.clock.advance(3 * DAY)
    with world.life() as life:
        life.steps.composer.compose()  # nothing is read yet
        assert notices(life) == []
        for _ in range(5):
            life.one_pass(after=MINUTE)
        told = (
            ["[Monitor] Nach Stillstand nachgeholt: 7 Artikel"]
            if operator
            else []
        )
        assert notices(life) == told
        life.one_pass(after=HOUR)
        assert notices(life) == told
    mails = [mail for mail in world.mails() if OPERATOR in mail["To"]]
    assert len(mails) == len(told)
    assert all(
        "2. Juni 2025" in body(mail) and "5. Juni 2025" in body(mail)
        for mail in mails
    )


def test_a_short_stop_is_nothing_to_tell(world: World) -> None:
    world.settings_changed = {"operator": OPERATOR}
    Papers(world)
    with world.life() as life:
        life.one_pass()
    world.clock.advance(HOUR)
    with world.life() as life:
        life.one_pass()
        assert notices(life) == []
