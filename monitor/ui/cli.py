"""The command line: `monitor COMMAND`. Every command has --help; those that show something have --json."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Annotated

import typer

from monitor.errors import CatalogError, MonitorError
from monitor.ui import feeds, history, index, kibana, mail, operate, search, starter, topics
from monitor.ui.context import Session, fail, make_session

HELP = """Watches news feeds, finds the topics you track, and mails you alerts.

Feeds, topics and recipients stand in feeds.yaml; everything else has a default and can be set with MONITOR_…
variables (docs/settings.md). Start with `monitor check`, then `monitor run`.
"""
app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def options(
    context: typer.Context,
    feeds: Annotated[Path | None, typer.Option("--feeds", help="The feeds.yaml to use.")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Folder of database, index and mail files.")] = None,
    log_format: Annotated[str | None, typer.Option(help="Log lines as text or json.")] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
) -> None:
    """Options that come before the command override the settings of the same name."""
    overrides = {"feeds_file": feeds, "data_dir": data, "log_format": log_format, "log_level": log_level}
    context.obj = make_session({name: str(value) for name, value in overrides.items() if value is not None})


Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of tables.")]


@app.command()
def run(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="One full pass, then a summary; exit 1 if anything failed.")
    ] = False,
    speed: Annotated[
        float,
        typer.Option(min=0.1, max=10000, help="For rehearsals: let the clock run N times faster, waits included."),
    ] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="With --once: the summary as JSON.")] = False,
) -> None:
    """Poll feeds, read articles, match topics, send alerts: for ever, or once."""
    if once and speed != 1.0:
        raise typer.BadParameter("a single pass waits for nothing; leave out --speed or --once", param_hint="--speed")
    if as_json and not once:
        raise typer.BadParameter("only a single pass has a summary; add --once", param_hint="--json")
    session: Session = context.obj
    raise typer.Exit(operate.run_once(session, as_json=as_json) if once else operate.run_forever(session, speed=speed))


@app.command()
def init(context: typer.Context) -> None:
    """Write a feeds.yaml to start with; one that is there stays."""
    raise typer.Exit(starter.write_starter(context.obj))


@app.command()
def check(
    context: typer.Context,
    online: Annotated[bool, typer.Option("--online", help="Also fetch every feed once, and its newest page.")] = False,
    as_json: Json = False,
) -> None:
    """Check settings and feeds.yaml: every problem with file, line and a hint. Exit 1 if something is wrong."""
    raise typer.Exit(operate.check(context.obj, online=online, as_json=as_json))


@app.command()
def status(context: typer.Context, as_json: Json = False) -> None:
    """Feeds and pipeline at a glance: last success, next poll and why, what waits, what was set aside."""
    raise typer.Exit(operate.status(context.obj, as_json=as_json))


@app.command(name="search")
def search_command(  # noqa: PLR0917  # typer makes options of arguments
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words; German inflection is understood. Empty: everything.")] = "",
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic (repeatable).")] = None,
    outlet: Annotated[list[str] | None, typer.Option(help="Only this outlet (repeatable).")] = None,
    feed: Annotated[list[str] | None, typer.Option(help="Only this feed id (repeatable).")] = None,
    cites: Annotated[list[str] | None, typer.Option(help="Only what names this outlet as source (repeatable).")] = None,
    since: Annotated[str | None, typer.Option(help="Not older than: 24h, 7d, or 2026-11-01.")] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Read the query as a topic query: no stemming.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first instead of best first.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 10,
    as_json: Json = False,
) -> None:
    """Search what was read: German stemming, umlauts either way, hits marked. Exit 1 if nothing is found."""
    wanted = search.Wanted(
        query=query, topics=tuple(topic or ()), outlets=tuple(outlet or ()), feeds=tuple(feed or ()),
        cites=tuple(cites or ()), since=since, exact=exact, newest=newest or not query, limit=limit,
    )  # fmt: skip
    raise typer.Exit(search.find(context.obj, wanted, as_json=as_json))


@app.command()
def show(
    context: typer.Context,
    article: Annotated[int, typer.Argument(help="Article number, as `search` shows it.")],
    as_json: Json = False,
) -> None:
    """Show one article: text, dates and where they come from, topics, story."""
    raise typer.Exit(search.show(context.obj, article, as_json=as_json))


@app.command()
def quarantine(context: typer.Context, as_json: Json = False) -> None:
    """List what was set aside because it can never succeed by itself, with the reason."""
    raise typer.Exit(operate.quarantine(context.obj, as_json=as_json))


@app.command()
def retry(
    context: typer.Context,
    items: Annotated[list[int] | None, typer.Argument(help="Ids, as `quarantine` lists them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that was set aside.")] = False,
    feed: Annotated[list[str] | None, typer.Option(help="Poll this feed at the next tick (repeatable).")] = None,
) -> None:
    """Try again: items of the quarantine, or a feed now instead of later."""
    raise typer.Exit(operate.retry(context.obj, tuple(items or ()), everything=everything, feeds=tuple(feed or ())))


OTHERS = (kibana, topics, mail, index, feeds, history)
"""Modules with commands of their own; each adds them with `register`."""
app = reduce(lambda whole, module: module.register(whole), OTHERS, app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point; `arguments` default to those of the process.

    Exit codes: 0 well, 1 something was found wrong, 2 wrong use or configuration.
    """
    try:
        app(args=arguments, prog_name="monitor")
    except CatalogError as error:
        fail(str(error))
    except MonitorError as error:
        fail(str(error), hint=error.hint)
