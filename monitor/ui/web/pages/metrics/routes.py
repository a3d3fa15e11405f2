"""/metrics: what Prometheus reads, beside figures of the process by its
client.

On loopback without a public address anybody of this machine may read it;
elsewhere with a token (`Authorization: Bearer`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Blueprint, Response, abort, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
)
from prometheus_client.exposition import generate_latest

from monitor.errors import StoreError
from monitor.flow.requests.health import check_disk, judge_health, this_place
from monitor.store.running.health_facts import WRITE
from monitor.store.running.metric_facts import metric_facts
from monitor.types.health import HealthCheck
from monitor.ui.web.access import MISDIRECTED, UNAUTHORIZED
from monitor.ui.web.hosts import host_of, is_allowed_host
from monitor.ui.web.pages.metrics.collector import MonitorCollector
from monitor.ui.web.registry import Page
from monitor.ui.web.visitors import VoidToken, visitor_of
from monitor.ui.web.web_kit import WebKit, web_kit

blueprint = Blueprint("metrics", __name__)
page = Page(blueprint)


@blueprint.get("/metrics")
def metrics() -> Response:
    """One moment. A database that is away fails, which Prometheus sees as `up`
    0.
    """
    of = web_kit()
    _let_in(of)
    now = of.clock.now()
    with of.database.read() as connection:
        here = None if of.database.is_sqlite else this_place(of.folder)
        facts = metric_facts(connection, now=now, here=here)
    checks = (
        *judge_health(facts.health, now=now),
        check_disk(of.folder),
        _written(),
    )
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(MonitorCollector(facts, checks, now, _free(of.folder)))
    return Response(
        generate_latest(registry), content_type=CONTENT_TYPE_LATEST
    )


def _let_in(of: WebKit) -> None:
    """A program with a token may name the host as it likes: a container asks
    by its name.
    """
    try:
        visitor = visitor_of(request, of)
    except VoidToken:
        visitor = None
    if visitor is None:
        abort(UNAUTHORIZED, "token")
    by_name = is_allowed_host(host_of(request.host), of.listen, of.public_url)
    if not visitor.program and not by_name:
        abort(MISDIRECTED)


def _written() -> HealthCheck:
    """Whether the database takes writes; asked here, since reading it needs
    none.
    """
    of = web_kit()
    try:
        with of.database.write() as connection:
            connection.exec_driver_sql(WRITE)
    except StoreError as error:
        return HealthCheck("database", False, str(error))
    return HealthCheck("database", True, "")


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
