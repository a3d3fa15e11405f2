"""`monitor kibana` and `monitor init` as a person types them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from monitor.config.starter import starter_file
from monitor.kibana.objects import build_objects
from tests.flow.world import World
from tests.kibana.stand_in import StandIn, stand_in
from tests.ui.conftest import Command


@pytest.fixture
def kibana() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


def test_build_writes_importable_files(
    command: Command, catalog: World
) -> None:
    ended = command("kibana", "build", "objects")
    assert ended.code == 0
    lines = [
        line
        for path in (catalog.folder / "objects").iterdir()
        for line in path.read_text("utf-8").splitlines()
    ]
    assert {json.loads(line)["type"] for line in lines} == {
        "index-pattern",
        "search",
        "dashboard",
    }
    assert "monitor-topic-ukraine" in {
        json.loads(line)["id"] for line in lines
    }


def test_install_sends_everything(
    command: Command,
    catalog: World,
    kibana: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONITOR_KIBANA_URL", kibana.url)
    kibana.basic("monitor", "secret")
    monkeypatch.setenv("MONITOR_ELASTICSEARCH_USER", "monitor")
    monkeypatch.setenv("MONITOR_ELASTICSEARCH_PASSWORD", "secret")
    ended = command("kibana", "install", "--space", "presse")
    assert (ended.code, ended.err) == (0, "")
    assert "/s/presse" in ended.out
    assert ("search", "presse-monitor-topic-ukraine") in kibana.spaces[
        "presse"
    ]


def test_kibanas_own_account_goes_before_elasticsearchs(
    command: Command,
    catalog: World,
    kibana: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONITOR_KIBANA_URL", kibana.url)
    monkeypatch.setenv("MONITOR_ELASTICSEARCH_USER", "monitor")
    monkeypatch.setenv("MONITOR_ELASTICSEARCH_PASSWORD", "secret")
    monkeypatch.setenv("MONITOR_KIBANA_API_KEY", "key==")
    kibana.authorization = "ApiKey key=="
    assert command("kibana", "install").code == 0


def test_a_dry_run_sends_nothing(
    command: Command,
    catalog: World,
    kibana: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONITOR_KIBANA_URL", kibana.url)
    ended = command("kibana", "install", "--dry-run")
    assert ended.code == 0
    assert "monitor-coverage" in ended.out
    assert "nothing was sent" in ended.out
    assert kibana.imports == 0


def old_search(kibana: StandIn) -> tuple[str, str]:
    """A saved search of a topic that has left feeds.yaml."""
    for one in build_objects((("klima", "Klima"),), index="monitor"):
        kibana.spaces["default"][one["type"], one["id"]] = one
    return "search", "monitor-topic-klima"


def test_searches_of_topics_that_are_gone_are_named_and_go_on_demand(
    command: Command,
    catalog: World,
    kibana: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONITOR_KIBANA_URL", kibana.url)
    left = old_search(kibana)
    assert "--prune` removes it" in command("kibana", "install").out
    assert left in kibana.spaces["default"]
    assert (
        "would be removed"
        in command("kibana", "install", "--prune", "--dry-run").out
    )
    assert left in kibana.spaces["default"]
    ended = command("kibana", "install", "--prune")
    assert (
        ended.code,
        "monitor-topic-klima (Thema: Klima): removed" in ended.out,
    ) == (0, True)
    assert left not in kibana.spaces["default"]
    assert ("search", "monitor-topic-ukraine") in kibana.spaces["default"]


def test_an_account_that_may_not_look_installs_all_the_same(
    command: Command,
    catalog: World,
    kibana: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONITOR_KIBANA_URL", kibana.url)
    kibana.may_read = False
    ended = command("kibana", "install")
    assert ended.code == 0
    assert "could not be seen" in ended.out
    assert command("kibana", "install", "--prune").code == 2


def test_without_an_address_the_setting_is_named(
    command: Command, catalog: World
) -> None:
    ended = command("kibana", "install")
    assert ended.code == 2
    assert "MONITOR_KIBANA_URL" in ended.err


def test_what_kibana_says_reaches_the_person(
    command: Command,
    catalog: World,
    kibana: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONITOR_KIBANA_URL", kibana.url)
    kibana.may_write = False
    ended = command("kibana", "install")
    assert ended.code == 2
    assert "403" in ended.err
    assert "hint" in ended.err


def test_init_writes_a_file_that_check_accepts(
    command: Command, world: World
) -> None:
    (world.folder / "feeds.yaml").unlink(missing_ok=True)
    assert "monitor init" in command("check").err + command("check").out
    assert command("init").code == 0
    assert (
        world.folder / "feeds.yaml"
    ).read_bytes() == starter_file().read_bytes()
    assert command("check").code == 0


def test_init_replaces_nothing(command: Command, catalog: World) -> None:
    before = (catalog.folder / "feeds.yaml").read_bytes()
    ended = command("init")
    assert ended.code == 2
    assert "is there already" in ended.err
    assert (catalog.folder / "feeds.yaml").read_bytes() == before
