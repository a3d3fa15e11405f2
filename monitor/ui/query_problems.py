"""What is wrong with a query or a file: its place, a caret under it, the fix,
in words people read.

The rooms say it in English; here it is said in the language of the command
line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from monitor.config.catalog import MOST_PRINTED
from monitor.errors import CatalogError
from monitor.query.messages import locate
from monitor.types.catalog import CatalogProblem, Located
from monitor.types.match import QueryProblem
from monitor.ui.say import Say

_CARET_LINE = re.compile(r"( *\^+ )(.+)")


def typed(query: str) -> Located:
    """A query that stands in no file: one line, its first column 1."""
    return Located(
        query,
        "query",
        tuple((1, column) for column in range(1, len(query) + 2)),
    )


def said_problem(problem: QueryProblem, say: Say) -> QueryProblem:
    """The problem in the language of the command line."""
    return replace(
        problem,
        message=say.phrase(problem.message),
        hint=say.phrase(problem.hint),
    )


def said_in_file(problem: CatalogProblem, say: Say) -> str:
    """A problem of a file, ready to print, as far as its words are known."""
    shown = replace(
        problem,
        message=say.problem(problem.message),
        hint="",
        excerpt="\n".join(
            _excerpt_line(line, say) for line in problem.excerpt.splitlines()
        ),
    )
    hint = (
        say("common.hint", hint=say.phrase(problem.hint))
        if problem.hint
        else ""
    )
    return f"{shown}\n  {hint}" if hint else str(shown)


def said_catalog_error(error: CatalogError, say: Say) -> str:
    """All problems of a file that cannot be used."""
    title = say.phrase(str(error).split("\n", 1)[0])
    shown = [
        said_in_file(problem, say) for problem in error.problems[:MOST_PRINTED]
    ]
    left = len(error.problems) - MOST_PRINTED
    more = [say.phrase(f"… and {left} more")] if left > 0 else []
    return "\n\n".join([title, *shown, *more])


def _excerpt_line(line: str, say: Say) -> str:
    """The words behind a caret are the message of a query's problem."""
    found = _CARET_LINE.fullmatch(line)
    return found[1] + say.phrase(found[2]) if found else line


def show_problems(
    console: Console, query: str, problems: Sequence[QueryProblem], say: Say
) -> None:
    """Every problem of the query, each at its place."""
    for problem in problems:
        shown = locate(said_problem(problem, say), typed(query), topic="")
        key = "query.unreadable" if problem.fatal else "query.doubtful"
        style = "red" if problem.fatal else "yellow"
        console.print(Text(say(key, column=shown.place.column), style=style))
        console.print(Text(shown.excerpt), soft_wrap=True)
        if shown.hint:
            hint = say("common.hint", hint=shown.hint)
            console.print(Text(hint, style="yellow"), soft_wrap=True)
