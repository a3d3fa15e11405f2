"""The command line: `monitor COMMAND`. Every command has --help; those that
show something have --json.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

import monitor
from monitor.errors import MonitorError
from monitor.ui.cli import (
    accounts,
    database,
    feeds,
    index,
    kibana,
    mail,
    review,
    topics,
)
from monitor.ui.cli.options import ArticleNumber, Json, TopicName
from monitor.ui.cli.spoken import Commands, asked_for_help, misuse
from monitor.ui.encoding import readable, speak_plainly
from monitor.ui.failing import fail

HELP = """Watches news feeds, finds the topics you track, and mails you alerts.

Feeds, topics and recipients stand in feeds.yaml; everything else has a default and can be set with
MONITOR_… variables (docs/settings.md). Start with `monitor check`, then `monitor run`.
"""
Sort = Literal["relevance", "newest", "oldest"]
GROUPS = {
    "kibana": kibana.commands,
    "topic": topics.commands,
    "mail": mail.commands,
    "recipients": mail.recipients,
    "review": review.commands,
    "index": index.commands,
    "db": database.commands,
    "feeds": feeds.commands,
    "users": accounts.users,
    "tokens": accounts.tokens,
}


def _with_groups(whole: Commands) -> Commands:
    for name, group in GROUPS.items():
        whole.add_typer(group, name=name)
    return whole


app = _with_groups(Commands(HELP))


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {monitor.__version__}")
        raise typer.Exit


@app.callback()
def options(  # noqa: PLR0917 - typer makes options of arguments
    context: typer.Context,
    feeds: Annotated[
        Path | None, typer.Option("--feeds", help="The feeds.yaml to use.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help="Folder of database, index and mail files."
        ),
    ] = None,
    log_format: Annotated[
        str | None, typer.Option(help="Log lines as text or json.")
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(help="debug, info, warning or error.")
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback answers and ends
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the version.",
        ),
    ] = False,
) -> None:
    """Options that come before the command override the settings of the same
    name.
    """
    overrides = {
        "feeds_file": feeds,
        "data_dir": data,
        "log_format": log_format,
        "log_level": log_level,
    }
    context.obj = {
        name: str(value)
        for name, value in overrides.items()
        if value is not None
    }


@app.runs("running.run")
def _run(
    context: typer.Context,
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help="One full pass, then a summary; exit 1 if anything failed.",
        ),
    ] = False,
    speed: Annotated[
        float,
        typer.Option(
            min=0.1,
            max=10000,
            help="For rehearsals: let the clock run N times faster, waits included.",
        ),
    ] = 1.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --once: the summary as JSON.")
    ] = False,
) -> None:
    """Poll feeds, read articles, match topics, send alerts: for ever, or once."""


@app.runs("web.serve")
def _web(context: typer.Context) -> None:
    """Serve the web page alone, beside a daemon that runs elsewhere with
    MONITOR_LISTEN=off.
    """


@app.runs("demo.demo")
def _demo(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where it keeps its data; a demo's own is emptied."),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=5, max=3600, help="End after this, whatever is told."
        ),
    ] = None,
) -> None:
    """Watch a made-up newsroom publish and the mails come: two minutes, no
    network needed.
    """


@app.runs("starter.write_starter")
def _init(context: typer.Context) -> None:
    """Write a feeds.yaml to start with; one that is there stays."""


@app.runs("checking.check")
def _check(
    context: typer.Context,
    online: Annotated[
        bool,
        typer.Option(
            "--online", help="Also fetch every feed once, and its newest page."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check settings and feeds.yaml: every problem with file, line and a hint.

    Exit 1 if something is wrong.
    """


@app.runs("status.status")
def _status(context: typer.Context, as_json: Json = False) -> None:
    """Feeds and pipeline at a glance.

    Last success, next poll and why, what waits, what was set aside. Exit 1 if
    something is wrong.
    """


Values = list[str] | None


@app.runs("health.health")
def _health(
    context: typer.Context,
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="Only whether it works at all: what a restart can mend.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Say whether the daemon does its work: for containers, cron and people.

    Exit 1 if something is late, stuck or full.
    """


@app.runs("doctor.doctor")
def _doctor(
    context: typer.Context,
    offline: Annotated[
        bool,
        typer.Option(
            "--offline", help="Ask neither feeds' servers nor the mail server."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Find out what is wrong with this machine, and say what mends it. Changes
    nothing.

    Clock, disk, rights, database, index, DNS, connections, TLS, mail. Exit 1
    if something is wrong.
    """


@app.runs("search.find")
def _search(  # noqa: PLR0917  # typer makes options of arguments
    context: typer.Context,
    query: Annotated[
        Values,
        typer.Argument(
            help="Words, all of them wanted, in any form; OR, AND, NOT (ODER, UND, NICHT), quotes,"
            " word*, title:…, NEAR/5 are understood. Empty: everything.",
            show_default=False,
        ),
    ] = None,
    topic: Annotated[
        Values, typer.Option(help="Only this topic, by name or id.")
    ] = None,
    outlet: Annotated[Values, typer.Option(help="Only this outlet.")] = None,
    feed: Annotated[
        Values, typer.Option(help="Only this feed, by title or id.")
    ] = None,
    cites: Annotated[
        Values, typer.Option(help="Only what names this outlet as source.")
    ] = None,
    region: Annotated[
        Values, typer.Option(help="Only feeds of this region.")
    ] = None,
    lang: Annotated[
        Values, typer.Option(help="Only this language: de, en.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Not older than: 24h, 7d, gestern, 01.11.2026."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="Not newer than: the same; a day counts whole."),
    ] = None,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact", help="Read the query as a topic's: words as written."
        ),
    ] = False,
    sort: Annotated[
        Sort | None,
        typer.Option(help="Best first, unless there are no words."),
    ] = None,
    newest: Annotated[
        bool, typer.Option("--newest", help="The same as --sort newest.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, help="How many to show.")
    ] = 10,
    page: Annotated[
        int, typer.Option(min=1, max=1000, help="Which page of so many.")
    ] = 1,
    open_hit: Annotated[
        int | None,
        typer.Option(
            "--open", min=1, help="Open this hit of the list in the browser."
        ),
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="One line per article.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Search what was read: German inflection, umlauts either way, hits
    marked.

    Options that narrow can be given several times. Exit 1 if nothing is found,
    2 if the query cannot be read.
    """


@app.runs("show.show")
def _show(
    context: typer.Context,
    article: ArticleNumber,
    why: Annotated[
        bool,
        typer.Option("--why", help="Also why it alerted, or why it did not."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show one article: text, dates and where they come from, topics, story."""


@app.runs("radar.show")
def _radar(context: typer.Context, as_json: Json = False) -> None:
    """List what many suddenly write about and no topic covers.

    Exit 1 if nothing rises.
    """


@app.runs("report.show")
def _report(  # noqa: PLR0917  # typer makes options of arguments
    context: typer.Context,
    name: TopicName,
    since: Annotated[
        str, typer.Option(help="First day: 30d, gestern, 01.11.2026.")
    ] = "30d",
    until: Annotated[
        str | None, typer.Option(help="Last day: the same; it counts whole.")
    ] = None,
    beside: Annotated[
        Values, typer.Option(help="Compare with this topic.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Report on a topic: volume, outlets, regions, shares, who was first, who
    cites whom.
    """


@app.runs("quarantine.list_items")
def _quarantine(context: typer.Context, as_json: Json = False) -> None:
    """List what was set aside because it can never succeed by itself, with the
    reason.
    """


@app.runs("quarantine.retry")
def _retry(
    context: typer.Context,
    items: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids, as `quarantine` lists them, or titles or ids of feeds."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything that was set aside.")
    ] = False,
    feed: Annotated[
        list[str] | None,
        typer.Option(
            help="Poll this feed at the next tick, by title or id (repeatable)."
        ),
    ] = None,
) -> None:
    """Try again: items of the quarantine, or a feed now instead of later."""


@app.runs("history.versions")
def _versions(
    context: typer.Context,
    article: ArticleNumber,
    whole: Annotated[
        bool, typer.Option("--whole", help="Show unchanged paragraphs, too.")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="One JSON document: versions and what changed."
        ),
    ] = False,
) -> None:
    """Show how an article changed: every version we read, word by word against
    the one before.
    """


@app.runs("history.reextract")
def _reextract(
    context: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(
            help="Only articles found since: 24h, 7d, or 2026-11-01."
        ),
    ] = None,
    feed: Annotated[
        list[str] | None,
        typer.Option(
            help="Only articles of this feed, by title or id (repeatable)."
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Also pages that this version of the extractor has read already.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The counts as one JSON document.")
    ] = False,
) -> None:
    """Read kept pages again with today's extractor.

    Alerts nobody; may be stopped and started again at any time. Pages are kept
    only if MONITOR_RAW_PAGES_RETENTION is set. A running daemon brings the
    index up to date.
    """


@app.runs("keeping.backup")
def _backup(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="The file to write; it must not be there yet."),
    ],
    with_secrets: Annotated[
        bool,
        typer.Option(
            "--with-secrets", help="Also passwords and keys of the settings."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Save a running installation in one file: database, feeds.yaml, settings.

    The search index is left out; it is built again from the database.
    """


@app.runs("keeping.restore_backup")
def _restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file of `monitor backup`.")],
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Only read it all and say whether it is sound."
        ),
    ] = False,
) -> None:
    """Fill an empty installation from a backup; what is there is never
    overwritten.

    The next `monitor run` builds the search index from the database.
    """


@functools.cache
def command_tree() -> Any:
    """All commands, as typer's parser wants them."""
    return typer.main.get_command(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point; `arguments` default to those of the process.

    Exit codes: 0 well, 1 something was found wrong, 2 wrong use or
    configuration.
    """
    speak_plainly(sys.stdout, sys.stderr)
    given: Sequence[str] = ()
    try:
        given = readable(sys.argv[1:]) if arguments is None else arguments
        raise SystemExit(
            command_tree().main(
                asked_for_help(given),
                prog_name="monitor",
                standalone_mode=False,
            )
        )
    except typer.TyperException as error:
        fail(misuse(error, command_tree(), given))
    except typer.Abort:
        raise SystemExit(1) from None
    except MonitorError as error:
        fail(error)
    except OSError as error:
        if error.filename is None:
            # no file of the user's: a fault of ours, which should show its
            # place
            raise
        fail(MonitorError(f"{error.filename}: {error.strerror}"))
