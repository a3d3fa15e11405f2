"""What every command needs: settings, two consoles, the time, and the database."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console

from monitor.config.environment import load_settings, unused_proxies
from monitor.config.settings import Settings
from monitor.ui.machine import to_json

if TYPE_CHECKING:
    from monitor.store.engine import Database

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

    def configure_logs(self) -> None:
        """Send log lines where the settings say. Imported here: most commands write none."""
        from monitor.ui.logs import configure_logs  # noqa: PLC0415

        configure_logs(self.settings.log_format, self.settings.log_level)

    def print_json(self, value: object) -> None:
        """One JSON document, never wrapped or coloured."""
        encoding = getattr(self.out.file, "encoding", None) or "utf-8"
        ascii_only = not encoding.lower().startswith("utf")
        self.out.file.write(to_json(value, ascii_only=ascii_only) + "\n")

    def hint_at_proxies(self) -> None:
        """Say on `err` where proxies of the environment are not used."""
        if hint := unused_proxies(self.settings):
            self.err.print(f"hint: {hint}", style="yellow", markup=False, soft_wrap=True)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database, opened, migrated and closed again."""
        # Imported here: SQLAlchemy is most of the start-up of commands that need no database.
        from monitor.wiring.database import open_database  # noqa: PLC0415

        database = open_database(self.settings)
        try:
            yield database
        finally:
            database.close()


def make_session(overrides: Mapping[str, str]) -> Session:
    """Settings with the command line's overrides. Raises ConfigError."""
    settings = load_settings(overrides=overrides)
    wide = None if sys.stdout.isatty() else WIDE
    return Session(
        settings, Console(width=wide, highlight=False), Console(stderr=True, highlight=False)
    )
