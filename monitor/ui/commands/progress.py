"""The progress of long work, on standard error."""

from __future__ import annotations

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from monitor.ui.context import Session


def progress_bar(session: Session, what: str) -> Progress:
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    # else it would be drawn ten times a second for nobody
    shown = session.err.is_terminal
    return Progress(
        *columns, console=session.err, transient=True, disable=not shown
    )
