"""`monitor review`: press reviews, their drafts and the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from monitor.ui.cli.options import Json
from monitor.ui.cli.spoken import Commands

Format = Literal["pdf", "docx", "html"]
commands = Commands("Press reviews: list, issue, export.")


@commands.runs("review.list_all", name="list")
def _list_all(context: typer.Context, as_json: Json = False) -> None:
    """List drafts, and what was issued."""


@commands.runs("review.issue_review")
def _issue(
    context: typer.Context,
    draft: Annotated[
        int,
        typer.Argument(help="Number of a draft, as `review list` shows it."),
    ],
) -> None:
    """Put a draft into the archive as it is; the same state of it is issued
    once.
    """


@commands.runs("review.export")
def _export(
    context: typer.Context,
    number: Annotated[
        int,
        typer.Argument(help="Number of an issue, as `review list` shows it."),
    ],
    wanted: Annotated[
        Format, typer.Option("--format", help="Which of its files.")
    ] = "pdf",
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="Where to write it. Default: its own name, here."
        ),
    ] = None,
) -> None:
    """Write a file of an issue, byte for byte as it was issued; nothing is
    overwritten.
    """
