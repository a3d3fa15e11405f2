"""What can be said of compose.yaml, Dockerfile and unit without an engine that
runs them.
"""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.config.environment import load_settings
from monitor.config.settings import Settings
from monitor.schedule.stopping import LAST_WORDS, NAP, NAPS
from monitor.ui.cli.main import app

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = YAML(typ="safe").load(
    (DEPLOY / "compose.yaml").read_text("utf-8")
)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT = {
    name for name, service in SERVICES.items() if service["restart"] == "no"
}
NAMES = {f"MONITOR_{name.upper()}" for name in Settings.model_fields}
UNIT = (DEPLOY / "systemd" / "monitor.service").read_text("utf-8")
DEFAULTS = (DEPLOY / "defaults.env").read_text("utf-8")
README = (DEPLOY / "README.md").read_text("utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")


def known(name: str) -> bool:
    return name in NAMES or name.removesuffix("_FILE") in NAMES


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_bounded_and_watched(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"], (
        "a service without a limit can take the machine down"
    )
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service["logging"]["options"]["max-size"], "logs fill disks"
    # its own check stands in the Dockerfile
    if name not in ONE_SHOT | {"monitor"}:
        assert service["healthcheck"]["test"]
    assert name in ONE_SHOT or service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_has_a_version(name: str) -> None:
    image = SERVICES[name]["image"]
    assert image.startswith("monitor:") or re.search(
        r":\$\{\w+:-v?\d", image
    ), image


def test_what_is_used_is_declared() -> None:
    for kind in ("secrets", "networks"):
        used = {
            one
            for service in SERVICES.values()
            for one in service.get(kind, ())
        }
        assert used == set(COMPOSE[kind]), kind
    mounts = {
        mount.split(":")[0]
        for service in SERVICES.values()
        for mount in service.get("volumes", ())
    }
    assert {mount for mount in mounts if re.fullmatch(r"\w+", mount)} == set(
        COMPOSE["volumes"]
    )
    waited_for = {
        (other, how["condition"])
        for one in SERVICES.values()
        for other, how in one.get("depends_on", {}).items()
    }
    for other, condition in waited_for:
        assert (condition == "service_completed_successfully") == (
            other in ONE_SHOT
        )


def test_databases_have_no_way_out_and_nothing_listens_on_the_world() -> None:
    assert COMPOSE["networks"]["inner"]["internal"] is True
    for name in ("elasticsearch", "postgres"):
        assert SERVICES[name]["networks"] == ["inner"]
        assert "ports" not in SERVICES[name]
    for service in SERVICES.values():
        assert all("127.0.0.1" in port for port in service.get("ports", ()))


def test_no_secret_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|DATABASE_URL", name):
                assert name.endswith("_FILE"), name
                assert str(value).startswith("/run/secrets/"), name
                assert str(value).rpartition("/")[2] in service["secrets"], (
                    name
                )


def test_every_variable_is_a_setting() -> None:
    told = [
        name
        for service in SERVICES.values()
        for name in service.get("environment", {})
    ]
    told += re.findall(r"\b(MONITOR_[A-Z_]+)=", UNIT + DOCKERFILE + DEFAULTS)
    ours = {name for name in told if name.startswith("MONITOR_")}
    assert len(ours) > 15
    assert {name for name in ours if not known(name)} == set()


def test_every_variable_of_the_page_is_a_setting_or_composes_own() -> None:
    named = set(re.findall(r"`(MONITOR_[A-Z_]+[A-Z])\b", README))
    assert len(named) > 10
    assert {name for name in named if not known(name)} == set()
    # An unknown MONITOR_ name stops the program, and .env reaches the
    # container whole.
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    used = set(re.findall(r"\$\{(\w+)", text))
    assert not {
        name
        for name in used
        if name.startswith("MONITOR_") and not known(name)
    }
    tables = {name for name in used if name != "IMAGE_VERSION"}
    assert {name for name in tables if f"`{name}`" not in README} == set()


@pytest.mark.parametrize("name", ["monitor", "dashboards"])
def test_one_file_of_settings_reaches_the_containers(name: str) -> None:
    first, second = SERVICES[name]["env_file"]
    assert first == "defaults.env"
    assert second == {"path": ".env", "required": False}
    # What stands in the service itself cannot be set in .env: Kibana's address
    # comes from there, and the dashboards go to it as its administrator.
    own = set(SERVICES[name]["environment"])
    at_kibana = {
        "MONITOR_KIBANA_URL",
        "MONITOR_KIBANA_USER",
        "MONITOR_KIBANA_PASSWORD_FILE",
    }
    assert own <= (
        at_kibana if name == "dashboards" else {"MONITOR_KIBANA_URL"}
    )
    assert (
        "${MONITOR_KIBANA_URL:-"
        in SERVICES["monitor"]["environment"]["MONITOR_KIBANA_URL"]
    )


@pytest.mark.parametrize("name", ["monitor", "dashboards"])
def test_every_secret_file_of_the_settings_is_mounted(name: str) -> None:
    files = re.findall(
        r"^MONITOR_\w+_FILE=/run/secrets/(\w+)$", DEFAULTS, re.MULTILINE
    )
    assert len(files) == 2
    assert set(files) <= set(SERVICES[name]["secrets"])
    assert not re.search(
        r"^MONITOR_\w*(PASSWORD|SECRET|KEY|DATABASE_URL)=",
        DEFAULTS,
        re.MULTILINE,
    )


def test_any_setting_of_env_stands_above_the_defaults() -> None:
    """As Compose reads the files: of a name in both, the later one's value,
    empty ones unset.
    """
    mine = "MONITOR_INDEX=embedded\nMONITOR_ELASTICSEARCH_PASSWORD_FILE=\nMONITOR_DATABASE_URL_FILE="
    lines = [
        line.split("=", 1)
        for line in (DEFAULTS + mine).splitlines()
        if line[:1] != "#"
    ]
    settings = load_settings(dict(lines))
    assert settings.index == "embedded"
    assert settings.smtp_host == "mail"
    assert settings.listen == ("0.0.0.0", 8765)


@pytest.mark.parametrize("name", ["monitor", "dashboards"])
def test_feeds_are_mounted_as_a_folder(name: str) -> None:
    (mount,) = (
        one for one in SERVICES[name]["volumes"] if "/etc/monitor" in one
    )
    assert "feeds.yaml" not in mount
    assert mount.endswith(":ro") == (name == "dashboards")


@pytest.mark.parametrize(
    "setting", ["", "FEEDS_FOLDER=mine\n", "FEEDS_FILE=old/feeds.yaml\n"]
)
def test_start_puts_feeds_into_a_folder_once(
    tmp_path: Path, setting: str
) -> None:
    deploy = tmp_path / "deploy"
    (deploy / "old").mkdir(parents=True)
    shutil.copy(DEPLOY / "start", deploy / "start")
    (tmp_path / "feeds.yaml").write_text("shipped")
    (deploy / "old" / "feeds.yaml").write_text("old")
    (deploy / ".env").write_text(setting)
    subprocess.run([deploy / "start", "--secrets"], check=True)
    made = deploy / ("mine" if "FOLDER" in setting else "feeds") / "feeds.yaml"
    assert made.read_text() == ("old" if "FILE" in setting else "shipped")
    made.write_text("edited")
    subprocess.run([deploy / "start", "--secrets"], check=True)
    assert made.read_text() == "edited"


def test_commands_exist() -> None:
    commands = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    groups = {group.name for group in app.registered_groups}
    assert SERVICES["dashboards"]["command"][0] in groups
    assert {"run", "status"} <= commands
    assert re.search(r'^CMD \["run"\]$', DOCKERFILE, re.MULTILINE)
    assert "ExecStart=/opt/monitor/bin/monitor run\n" in UNIT


def test_the_image_is_built_apart_pinned_and_runs_as_nobody() -> None:
    stages = re.findall(
        r"^FROM (\S+)(?: AS (\w+))?$", DOCKERFILE, re.MULTILINE
    )
    assert len(stages) == 2
    assert all(re.search(r":\d+\.\d+", image) for image, _ in stages)
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d+:\d+$", final, re.MULTILINE)
    assert "pip" not in final
    assert "--constraint constraints.txt" in DOCKERFILE
    for line in (
        (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    ):
        if line.startswith("!"):
            assert (DEPLOY.parent / line[1:]).exists(), line


def test_whoever_stops_it_waits_for_its_last_words() -> None:
    unit = (DEPLOY / "systemd" / "monitor.service").read_text("utf-8")
    given = re.search(r"^TimeoutStopSec=(\d+)s$", unit, re.MULTILINE)
    assert given is not None
    compose = COMPOSE["services"]["monitor"]["stop_grace_period"]
    for seconds in (given[1], compose.removesuffix("s")):
        assert int(seconds) > NAP * NAPS + LAST_WORDS


def test_the_unit_is_hardened() -> None:
    parser = configparser.RawConfigParser(
        strict=False, delimiters=("=",), comment_prefixes=("#",)
    )
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT)
    service = dict(parser["Service"])
    for name in (
        "NoNewPrivileges",
        "PrivateTmp",
        "PrivateDevices",
        "ProtectHome",
        "MemoryDenyWriteExecute",
        "DynamicUser",
    ):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["MemoryMax"]


@pytest.mark.external_service
def test_systemd_finds_nothing_to_complain_about(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "monitor.service"
    unit.write_text(UNIT.replace("/opt/monitor/bin/monitor run", "/bin/true"))
    checked = subprocess.run(
        [tool, "verify", unit], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    scored = subprocess.run(
        [tool, "security", "--offline=true", "--threshold=20", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stdout[-300:]


@pytest.mark.parametrize("name", ["start", "accounts.sh"])
def test_scripts_are_well_formed_and_can_be_run(name: str) -> None:
    path = DEPLOY / name
    assert path.stat().st_mode & 0o111
    shell = (
        path.read_text("utf-8")
        .splitlines()[0]
        .removeprefix("#!")
        .rpartition("/")[2]
    )
    assert subprocess.run([shell, "-n", path], check=False).returncode == 0


def test_start_makes_every_secret_once(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "start", tmp_path / "start")
    for _ in range(2):
        subprocess.run([tmp_path / "start", "--secrets"], check=True)
        files = {
            path.name: path.read_text()
            for path in (tmp_path / "secrets").iterdir()
        }
        assert set(files) == set(COMPOSE["secrets"])
        assert (
            len(
                {
                    value
                    for name, value in files.items()
                    if name != "database_url"
                }
            )
            == len(files) - 1
        )
        assert (
            files["database_url"]
            == f"postgresql+psycopg://monitor:{files['postgres_password']}@postgres/monitor"
        )
        assert all(len(value) >= 32 for value in files.values())
    again = {
        path.name: path.read_text()
        for path in (tmp_path / "secrets").iterdir()
    }
    assert again == files
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
