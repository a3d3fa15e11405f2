"""`monitor topic test`, `topic explain` and `topic judgements`: what a query
means, what it finds, how many mails it would send, and what readers say of its
hits.
"""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.ui.cli.options import Json, TopicName
from monitor.ui.cli.spoken import Commands

Since = Annotated[
    str,
    typer.Option(help="Articles first seen since: 24h, 30d, or 2026-11-01."),
]
commands = Commands("Try out topics and queries on what is stored.")


@commands.runs("topics.show_trial", name="test")
def _try_topic(
    context: typer.Context,
    name: TopicName,
    since: Since = "30d",
    as_json: Json = False,
) -> None:
    """Try a topic of feeds.yaml on stored articles: tree, hits by clause and
    day, titles, number of mails.
    """


@commands.runs("topics.explain")
def _explain(
    context: typer.Context,
    query: Annotated[
        list[str],
        typer.Argument(help="A query, as it would stand in feeds.yaml."),
    ],
    since: Since = "30d",
    as_json: Json = False,
) -> None:
    """Read a query without any file: its tree, what is doubtful about it, and
    what it finds.
    """


@commands.runs("judgements.show")
def _judgements(
    context: typer.Context,
    name: TopicName,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="One line per judgement.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what readers say of a topic's hits: its precision, what would
    narrow it, each judgement.
    """
