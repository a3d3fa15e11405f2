"""docs/commands.md shows every command and option in the program's own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from monitor.ui.cli.main import app
from tests.ui.conftest import Command

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
COMMANDS: dict[str, Any] = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def rows(command: Any) -> list[str]:
    """The table that the page must hold for one command, without its head."""
    shown = []
    for parameter in command.params:
        if "--help" in parameter.opts:
            continue
        name = (
            parameter.opts[0]
            if parameter.param_type_name == "option"
            else parameter.name.upper()
        )
        default = (
            ""
            if parameter.default in (None, False, "")
            else str(parameter.default)
        )
        shown.append(f"| `{name}` | {default} | {parameter.help} |")
    return shown


def section(heading: str) -> list[str]:
    text = (
        PAGE.read_text(encoding="utf-8")
        .split(f"\n## {heading}\n", 1)[1]
        .split("\n## ", 1)[0]
    )
    return text.strip().splitlines()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_documented(name: str) -> None:
    lines = section(f"monitor {name}")
    told, _, _ = COMMANDS[name].help.partition("\n\n")
    assert lines[0] == " ".join(told.split())
    assert [line for line in lines if line.startswith("| `")] == rows(
        COMMANDS[name]
    )


def test_common_options_are_documented() -> None:
    group = typer.main.get_command(app)
    assert [
        line
        for line in section("Before the command")
        if line.startswith("| `")
    ] == rows(group)


def test_nothing_else_is_documented() -> None:
    headings = [
        line.removeprefix("## ")
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line[:3] == "## "
    ]
    assert headings == [
        "Before the command",
        *(f"monitor {name}" for name in COMMANDS),
        "Exit codes",
    ]


@pytest.mark.parametrize(
    "name",
    [[], *([name] for name in COMMANDS)],
    ids=lambda words: " ".join(words) or "itself",
)
def test_help_of_every_command(name: list[str], command: Command) -> None:
    ended = command(*name, "--help")
    assert ended.code == 0
    assert "Usage" in ended.out
