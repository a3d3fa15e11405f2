"""`monitor index`: where the search index stands, build it anew, prune it,
change the engine.
"""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.ui.cli.options import Json, Wait
from monitor.ui.cli.spoken import Commands

commands = Commands("The search index: state, rebuilding, pruning, engine.")


@commands.runs("index.index_status")
def _status(context: typer.Context, as_json: Json = False) -> None:
    """Engine, documents, how far the index is complete, and what is wrong with
    it.

    Exit 1 if something is.
    """


@commands.runs("index.reindex")
def _reindex(context: typer.Context, wait: Wait = True) -> None:
    """Build the index anew from the database, beside the old one; alerts and
    searches go on.

    Ctrl-C loses nothing.
    """


@commands.runs("index.prune_index")
def _prune(
    context: typer.Context,
    older_than: Annotated[
        str,
        typer.Option(
            help="First seen before: 400d, 52w, or 2025-01-01. Whole months go."
        ),
    ],
) -> None:
    """Take old months out of the index for good; the database keeps its
    articles.
    """


@commands.runs("index.switch")
def _switch(
    context: typer.Context,
    engine: Annotated[str, typer.Argument(help="embedded or elasticsearch.")],
    wait: Wait = True,
) -> None:
    """Change the engine: the new index is filled from the database.

    Nothing is lost, no alert is repeated.
    """
