"""`monitor feeds`: find a site's feeds, add them to the file, look at how they
were polled, exchange lists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.ui.cli.options import Json
from monitor.ui.cli.spoken import Commands

Address = Annotated[
    str, typer.Argument(help="Address of a site, a feed or a news sitemap.")
]

commands = Commands("Find, add, list and exchange feeds.")


@commands.runs("feeds.find_at_site")
def _find(context: typer.Context, url: Address, as_json: Json = False) -> None:
    """Look for the feeds of a site and show what each would bring. Exit 1
    where there is none.
    """


@commands.runs("feeds.add")
def _add(  # noqa: PLR0917  # typer makes options of arguments
    context: typer.Context,
    url: Address,
    feed_id: Annotated[
        str | None,
        typer.Option("--id", help="Its id; made of its title otherwise."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="Its name; as the feed says otherwise.")
    ] = None,
    outlet: Annotated[
        str | None, typer.Option(help="The house behind it.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="national, a Land or a region.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(help="Free text, for instance politik.")
    ] = None,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Take the address as it is, unasked."),
    ] = False,
) -> None:
    """Add a feed to feeds.yaml, behind the others; comments and order stay.

    Of a site, its best feed is taken.
    """


@commands.runs("feeds.list_feeds", name="list")
def _list_feeds(context: typer.Context, as_json: Json = False) -> None:
    """Feeds of the file: id, outlet, address, how often they are asked."""


@commands.runs("feeds.history")
def _history(
    context: typer.Context,
    feed: Annotated[str, typer.Argument(help="Name or id of a feed.")],
    limit: Annotated[
        int, typer.Option(min=1, max=1000, help="How many to show.")
    ] = 20,
    as_json: Json = False,
) -> None:
    """A feed's last polls: outcome, status, bytes, time, items, and when next
    and why.
    """


@commands.runs("feeds.import_list", name="import")
def _import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
) -> None:
    """Add the feeds of an OPML file: its folders become region and category.

    What is listed already is left alone.
    """


@commands.runs("feeds.export_list", name="export")
def _export_list(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(help="Where to write; standard output otherwise."),
    ] = None,
) -> None:
    """Write the feeds as OPML, for other readers: a folder for each region, in
    it one for each category.
    """
