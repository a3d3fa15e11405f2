"""What is wrong with a query that was typed: the query, a caret under the place, the fix."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from monitor.errors import QueryError
from monitor.query.messages import locate
from monitor.types.catalog import Located


def typed(query: str) -> Located:
    """A query that stands in no file: one line, its first column 1."""
    return Located(query, "query", tuple((1, column) for column in range(1, len(query) + 2)))


def show_problems(console: Console, error: QueryError) -> None:
    """Every problem of the query, each at its place."""
    for problem in error.problems:
        shown = locate(problem, typed(error.query), topic="")
        console.print(Text(f"cannot read the query (column {shown.place.column})", style="red"))
        console.print(Text(shown.excerpt), soft_wrap=True)
        if shown.hint:
            console.print(Text(f"hint: {shown.hint}", style="yellow"), soft_wrap=True)
