"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[
    bool, typer.Option("--json", help="One JSON document instead of tables.")
]
Wait = Annotated[
    bool,
    typer.Option(
        help="Show the progress until it is done; it goes on without, too."
    ),
]
TopicName = Annotated[
    str, typer.Argument(help="Name or id of a topic in feeds.yaml.")
]
ArticleNumber = Annotated[
    int, typer.Argument(help="Article number, as `search` shows it.")
]
