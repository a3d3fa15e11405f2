"""/healthz: the loop turns and the database can be written. /readyz: and
nothing is late.

Answered without login and to any name: a probe asks by address. It says what
is late, and nothing of what is read.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from monitor.flow.requests.health import check_health, is_well
from monitor.store.running.asking import ask_database
from monitor.ui.web.registry import Page
from monitor.ui.web.web_kit import web_kit

blueprint = Blueprint("health", __name__)
page = Page(blueprint)

UNAVAILABLE = 503


@blueprint.get("/healthz")
def healthz() -> Response:
    """503 where the daemon does not work at all: a supervisor may start it
    anew.
    """
    return _answer(live=True)


@blueprint.get("/readyz")
def readyz() -> Response:
    """503 where something is late or stuck: a person should look."""
    return _answer(live=False)


def _answer(*, live: bool) -> Response:
    of = web_kit()
    checks = check_health(
        ask_database(of.database),
        folder=of.folder,
        now=of.clock.now(),
        shared=not of.database.is_sqlite,
    )
    shown = [
        {"name": check.name, "well": check.well, "detail": check.detail}
        for check in checks
        if check.live or not live
    ]
    well = is_well(checks, live=live)
    answer = jsonify({"well": well, "checks": shown})
    answer.status_code = 200 if well else UNAVAILABLE
    return answer
