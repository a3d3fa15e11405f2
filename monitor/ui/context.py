"""What every command needs: settings, two consoles, the time, and one way to fail."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from rich.console import Console

from monitor.config.environment import load_settings
from monitor.config.settings import Settings
from monitor.outside import open_database
from monitor.store.engine import Database
from monitor.ui.logs import configure_logs
from monitor.ui.machine import to_json

BAD_USE = 2
WIDE = 160
"""Columns where the output is a file or a pipe and nobody can tell."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the command line. Results go to `out`, everything else to `err`."""

    settings: Settings
    out: Console
    err: Console

    @property
    def now(self) -> datetime:
        """The present."""
        return datetime.now(UTC)

    def print_json(self, value: object) -> None:
        """One JSON document, never wrapped or coloured."""
        self.out.file.write(to_json(value) + "\n")

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database, opened, migrated and closed again."""
        database = open_database(self.settings)
        try:
            yield database
        finally:
            database.close()


def make_session(overrides: Mapping[str, str]) -> Session:
    """Settings with the command line's overrides. Raises ConfigError."""
    settings = load_settings(overrides=overrides)
    configure_logs(settings.log_format, settings.log_level)
    wide = None if sys.stdout.isatty() else WIDE
    return Session(settings, Console(width=wide, highlight=False), Console(stderr=True, highlight=False))


def fail(message: str, *, hint: str | None = None) -> NoReturn:
    """Say what is wrong and what to do, and end with code 2."""
    console = Console(stderr=True, highlight=False)
    console.print("error:", style="bold red", end=" ")
    console.print(message, markup=False, soft_wrap=True)  # a caret stands under its letter
    if hint:
        console.print(f"hint: {hint}", markup=False, style="yellow", soft_wrap=True)
    raise SystemExit(BAD_USE)
