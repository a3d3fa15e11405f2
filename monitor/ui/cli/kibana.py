"""`monitor kibana build` and `install`: the dashboards as files, and into a
running Kibana.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.ui.cli.spoken import Commands

Space = Annotated[
    str | None,
    typer.Option(help="Kibana space; default: MONITOR_KIBANA_SPACE."),
]
commands = Commands("Dashboards and saved searches for Kibana.")


@commands.runs("kibana.build_files")
def _build(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(help="Where to write the .ndjson files.")
    ] = Path("deploy/kibana"),
    space: Space = None,
) -> None:
    """Write the objects as files, one per kind.

    Kibana's own import page takes them too, data views first.
    """


@commands.runs("kibana.install_objects")
def _install(
    context: typer.Context,
    space: Space = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show what would be sent where, and change nothing.",
        ),
    ] = False,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Remove the saved searches of topics that have left feeds.yaml.",
        ),
    ] = False,
) -> None:
    """Put data views, dashboards and one saved search per topic into Kibana;
    again changes nothing.
    """
