"""What every command needs: settings, two consoles, the time, and the
database.
"""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.config.environment import load_settings, unused_proxies
from monitor.config.settings import Settings
from monitor.fetch.system_clock import SystemClock
from monitor.ui.failing import BAD_USE
from monitor.ui.machine import plain_cell, to_json
from monitor.ui.new_place import place_is_meant
from monitor.ui.say import Say

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.store.engine import Database

ACCOUNT = ""
"""Whoever sits at the machine has no name here, as on the page without login.
"""
WIDE = 160
"""Columns where the output is a file or a pipe and nobody can tell."""


@dataclass(frozen=True)
class Session:
    """One run of the command line. Results go to `out`, everything else to
    `err`.

    The consoles are made when they are used: a daemon without a terminal does
    without rich.
    """

    settings: Settings

    @cached_property
    def out(self) -> Console:
        """Standard output."""
        from rich.console import Console  # noqa: PLC0415

        return Console(width=self.width, highlight=False)

    @cached_property
    def err(self) -> Console:
        """Standard error."""
        from rich.console import Console  # noqa: PLC0415

        return Console(stderr=True, highlight=False)

    @cached_property
    def clock(self) -> SystemClock:
        """The machine's; that of Postgres once such a database is open, by
        which daemons go.
        """
        return SystemClock()

    @property
    def now(self) -> datetime:
        """The present."""
        return self.clock.now()

    @property
    def say(self) -> Say:
        """The words of this moment."""
        return Say(
            self.settings.language, ZoneInfo(self.settings.timezone), self.now
        )

    @property
    def width(self) -> int:
        """Columns of the results."""
        return shutil.get_terminal_size((WIDE, 24)).columns

    def tell(self, line: str, style: str = "") -> None:
        """A result in words, broken only between words; never read as markup.
        Short ones go to a file or a pipe without rich: loading it is a fifth
        of what `monitor health` costs.
        """
        # some letters take two columns
        fits = 2 * len(line) <= self.width and line.isprintable()
        if fits and not sys.stdout.isatty():
            sys.stdout.write(f"{line}\n")
            return
        self.out.print(line, style=style, markup=False)

    def complain(self, line: str, style: str = "red") -> None:
        """What went wrong, on `err`; plain where that is a file or a pipe."""
        if sys.stderr.isatty():
            self.err.print(line, style=style, markup=False, soft_wrap=True)
        else:
            sys.stderr.write(f"{line}\n")

    def hint(self, line: str) -> None:
        """What to do, on `err`."""
        self.complain(
            self.say("common.hint", hint=self.say.phrase(line)), "yellow"
        )

    def configure_logs(self, *, quiet: bool = False) -> None:
        """Send log lines where the settings say. Imported here: most commands
        write none.

        `quiet`: only warnings, unless a level was asked for.
        """
        from monitor.ui.logs import configure_logs  # noqa: PLC0415

        settings = self.settings
        quiet = quiet and "log_level" not in settings.model_fields_set
        level = "warning" if quiet else settings.log_level
        configure_logs(settings.log_format, level, settings.language)

    def print_json(self, value: object) -> None:
        """One JSON document, never wrapped or coloured."""
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        ascii_only = not encoding.lower().startswith("utf")
        sys.stdout.write(to_json(value, ascii_only=ascii_only) + "\n")

    def print_csv(
        self, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """A table for spreadsheets, in which no cell is a formula."""
        writer = csv.writer(self.out.file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(map(plain_cell, row) for row in rows)

    def hint_at_proxies(self) -> None:
        """Say on `err` where proxies of the environment are not used."""
        if hint := unused_proxies(self.settings):
            self.hint(hint)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database, opened, migrated and closed again. Ends with code 2
        where a new one is not wanted.
        """
        if not place_is_meant(self):
            raise SystemExit(BAD_USE)
        # Imported here: SQLAlchemy is most of the start-up of commands that
        # need no database.
        from monitor.flow.upkeep.membership import follow_database  # noqa: PLC0415
        from monitor.wiring.database import open_database  # noqa: PLC0415

        database = open_database(self.settings)
        try:
            follow_database(database, self.clock.follow)
            yield database
        finally:
            database.close()


def make_session(overrides: Mapping[str, str]) -> Session:
    """Settings with the command line's overrides. Raises ConfigError."""
    return Session(load_settings(overrides=overrides))
