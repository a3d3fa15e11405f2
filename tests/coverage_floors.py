"""A pytest plugin of scripts/check: prints coverage per room and fails the run
where a room is under its floor.

The floors are in pyproject.toml under `tool.monitor.coverage`: the name of a
room, or `total`; `other` is for rooms that are not named.
"""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).parents[1]
_PASSED, _FAILED = 0, 1


def percent(data: coverage.Coverage, files: str) -> float | None:
    """How much of the matching files was run, lines and branches; None where
    there is nothing to measure.
    """
    try:
        return data.report(include=[files], file=io.StringIO())
    except coverage.exceptions.NoDataError:
        return None


def measured() -> dict[str, float]:
    """Percent per room, and `total`."""
    data = coverage.Coverage(
        data_file=str(ROOT / ".coverage"),
        config_file=str(ROOT / "pyproject.toml"),
    )
    data.load()
    places = {
        path.name: f"{path}/*"
        for path in sorted((ROOT / "monitor").iterdir())
        if (path / "__init__.py").exists()
    }
    found = {
        room: percent(data, files)
        for room, files in {**places, "total": f"{ROOT}/monitor/*"}.items()
    }
    return {room: value for room, value in found.items() if value is not None}


class Floors:
    """Compares once, after pytest-cov has put the workers' data together."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.under = False

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int
    ) -> None:
        """A run that passed fails here where coverage is too low."""
        if exitstatus != _PASSED:
            return
        floors = tomllib.loads(
            (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        )["tool"]["monitor"]["coverage"]
        for room, value in measured().items():
            floor = floors.get(room, floors["other"])
            low = value < floor
            self.under = self.under or low
            self.lines.append(
                f"{room:<12}{value:7.2f} %   floor {floor:3} %{'   TOO LOW' if low else ''}"
            )
        if self.under:
            session.exitstatus = _FAILED

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        """The table, above pytest's closing line."""
        if self.lines:
            terminalreporter.section("coverage (lines and branches)")
            for line in self.lines:
                terminalreporter.write_line(line)
        if self.under:
            terminalreporter.write_line(
                "Failed: under the floor. What was not run: .venv/bin/coverage report -m",
                red=True,
            )


def pytest_configure(config: pytest.Config) -> None:
    """Only in the process that collects the workers' results."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Floors())
