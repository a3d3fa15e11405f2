"""`monitor db`: the database as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.ui.cli.spoken import Commands

commands = Commands("The database as a whole: move it to Postgres.")


@commands.runs("keeping.move")
def _move(
    context: typer.Context,
    source: Annotated[
        Path | None,
        typer.Option(help="SQLite file; else the one in the data folder."),
    ] = None,
) -> None:
    """Copy the SQLite database into the empty Postgres of
    MONITOR_DATABASE_URL, all or nothing.

    The daemon must be stopped. The old file stays as it is.
    """


@commands.callback()
def group() -> None:
    """Keep `move` a command of its own, however few there are."""
