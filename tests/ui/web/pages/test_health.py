"""/healthz and /readyz over real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta

from monitor.store.running import recovery
from monitor.types.health import DaemonPlace
from tests.flow.world import World
from tests.ui.web.newsroom import Answer, open_newsroom


def failed(answer: Answer) -> list[str]:
    return [
        check["name"]
        for check in json.loads(answer.text)["checks"]
        if not check["well"]
    ]


def test_probes_are_answered_to_any_name_and_a_daemon_that_hangs_is_told(
    world: World,
) -> None:
    with open_newsroom(world) as room:
        world.clock.advance(timedelta(minutes=5))
        hanging = room.get("/healthz", Host="10.0.0.7:8765")
        assert (hanging.status, failed(hanging)) == (503, ["daemon"])
        now = room.life.world.clock.now()
        with room.life.database.write() as connection:
            recovery.start_daemon(
                connection,
                daemon="d",
                place=DaemonPlace("here", "/data"),
                pid=1,
                version="0",
                now=now,
            )
        for path in ("/healthz", "/readyz"):
            answer = room.get(path, Host="10.0.0.7:8765")
            assert (answer.status, failed(answer)) == (200, [])
