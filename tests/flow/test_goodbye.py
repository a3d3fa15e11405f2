"""A daemon that ends notes it in the database, which may be away just then."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.wiring.daemon import Running, open_monitor
from tests.flow.world import World, feeds_yaml


def lose_daemons(running: Running) -> None:
    with running.database.write() as connection:
        connection.execute(text("ALTER TABLE daemons RENAME TO elsewhere"))


def test_one_that_was_asked_to_end_has_done_so(world: World) -> None:
    world.write(
        feeds_yaml("{id: blatt, outlet: Blatt, url: 'http://127.0.0.1:9/'}")
    )
    with open_monitor(world.settings) as running:
        lose_daemons(running)
        running.stop.set()


def test_one_that_ends_by_itself_tells_what_it_could_not_note(
    world: World,
) -> None:
    world.write(
        feeds_yaml("{id: blatt, outlet: Blatt, url: 'http://127.0.0.1:9/'}")
    )
    with pytest.raises(StoreError), open_monitor(world.settings) as running:
        lose_daemons(running)
