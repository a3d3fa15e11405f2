"""/metrics over real HTTP: who may read it, what is in it, and that everything
in deploy/ that names a figure finds it there.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.access.secret_keys import key_hash, make_token
from monitor.store.accounts import api_tokens
from monitor.store.running import operations
from monitor.store.running.overview import daemon_lines
from monitor.store.running.recovery import note_alive
from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, filled_newsroom, open_newsroom

ROOT = Path(__file__).parents[4]
RULES = ROOT / "deploy" / "prometheus" / "monitor_rules.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "monitor.json"
OTHERS = {"up"}
"""Metrics that Prometheus makes itself."""


def samples(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Values by metric and labels, read by the official parser."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(
                sample.labels[name] for name in sorted(sample.labels)
            )
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def named(expression: str) -> set[str]:
    """Names of metrics in a PromQL expression: what is neither label, string
    nor function.
    """
    bare = re.sub(
        r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(by|ignoring)\s*(\([^)]*\))?',
        " ",
        expression,
    )
    return set(re.findall(r"\b(?:monitor|process|up)\w*\b", bare))


def test_figures_of_a_newsroom(world: World) -> None:
    with filled_newsroom(world) as room:
        answer = room.get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        found = samples(answer.text)
        assert found["monitor_feeds"][("listed",)] == 3
        assert found["monitor_items_total"][("new", "poll")] == 3
        assert found["monitor_waiting"][("matching",)] == 0
        assert found["monitor_check_well"][("database",)] == 1
        assert found["monitor_database_bytes"][()] > 100_000
        assert found["process_resident_memory_bytes"][()] > 10_000_000
        now = world.clock.now()
        with room.life.database.write() as connection:
            add = operations.add_to_quarantine
            add(
                connection,
                step="read",
                subject="a:1",
                reason="x",
                detail="y",
                now=now,
            )
        world.clock.advance(timedelta(hours=1))
        found = samples(room.get("/metrics").text)
        assert found["monitor_quarantined"][()] == 1
        assert found["monitor_check_well"][("ticks",)] == 1
        assert "monitor_late_tick_seconds" not in found
        with room.life.database.write() as connection:
            (line,) = daemon_lines(connection)
            late = {"mail": world.clock.now() - timedelta(minutes=7)}
            note_alive(connection, line.id, now=now, late=late)
        found = samples(room.get("/metrics").text)
        assert found["monitor_check_well"][("ticks",)] == 0
        assert found["monitor_late_tick_seconds"] == {("mail",): 420}
        assert found["monitor_check_well"][("daemon",)] == 0
        assert found["monitor_oldest_waiting_seconds"][("polls",)] > 1800


def test_it_is_cheap(world: World) -> None:
    with filled_newsroom(world) as room:
        room.get("/metrics")
        statements: list[str] = []
        from sqlalchemy import event  # noqa: PLC0415

        def note(*told: object) -> None:
            statements.append(str(told[2]))

        event.listen(room.life.database.engine, "before_cursor_execute", note)
        room.get("/metrics")
        assert 0 < len(statements) < 25
        scans = []
        with room.life.database.read() as connection:
            for statement in statements:
                if (
                    "articles" in statement
                    and "?" not in statement
                    and "PLAN" not in statement
                ):
                    plan = connection.exec_driver_sql(
                        f"EXPLAIN QUERY PLAN {statement}"
                    ).all()
                    scans += [
                        row[3] for row in plan if row[3] == "SCAN articles"
                    ]
        assert scans == [], "each figure comes from an index"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.test"}, 421),
        ({"X-Forwarded-For": "10.1.2.3"}, 401),
        ({"Authorization": "Bearer mon_nonsense"}, 401),
    ],
)
def test_who_may_read_it_on_loopback(
    world: World, headers: dict[str, str], status: int
) -> None:
    with open_newsroom(world) as room:
        assert room.get("/metrics", **headers).status == status


def given(room: Newsroom) -> str:
    token = make_token()
    with room.life.database.write() as connection:
        now = room.life.world.clock.now()
        api_tokens.add_token(
            connection,
            "prom",
            token_hash=key_hash(token),
            role="reader",
            expires_at=None,
            now=now,
        )
    return token


def test_elsewhere_only_with_a_token_under_any_name(world: World) -> None:
    with open_newsroom(world, public_url="https://presse.example.org") as room:
        assert room.get("/metrics").status == 401
        shown = {
            "Authorization": f"Bearer {given(room)}",
            "Host": "monitor:8765",
        }
        assert room.get("/metrics", **shown).status == 200
        assert room.get("/", **shown).status != 200, "a token opens no page"


def test_dashboard_and_rules_name_figures_that_exist(world: World) -> None:
    with filled_newsroom(world) as room:
        there = set(samples(room.get("/metrics").text)) | OTHERS
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    expressions = [
        target["expr"]
        for panel in dashboard["panels"]
        for target in panel["targets"]
    ]
    rules = re.findall(
        r"^ +expr: (.*)$", RULES.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rules) > 5
    wanted = set().union(*map(named, expressions + rules))
    assert len(wanted) > 10
    assert wanted - there == set()
    ours = {name for name in there if name.startswith("monitor_")}
    assert ours - wanted == set(), (
        "and the dashboard or a rule shows each of ours"
    )


def test_a_name_that_nobody_exports_is_noticed() -> None:
    assert named(
        'sum by (x) (rate(monitor_lost_total{a="monitor_b"}[1h]))'
    ) == {"monitor_lost_total"}


def test_promtool_reads_the_rules() -> None:
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("promtool is not installed")
    for command, file in (
        ("rules", RULES),
        ("config", RULES.with_name("prometheus.yml")),
    ):
        extra = ["--syntax-only"] if command == "config" else []
        done = subprocess.run(
            [tool, "check", command, *extra, file],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
