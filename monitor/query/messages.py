"""Problems of a query as messages that name the place in the YAML file and
show it.

Knows no parser and no file.
"""

from __future__ import annotations

import unicodedata

from monitor.types.catalog import CatalogProblem, Located
from monitor.types.match import QueryProblem

_WIDEST = 100  # characters of a line that are shown: it must fit a terminal
_BEFORE = 60  # of them before the place


def locate(
    problem: QueryProblem, query: Located, *, topic: str
) -> CatalogProblem:
    """The problem at its place in the file, with the offending line and a
    caret under it.
    """
    place = query.place(problem.offset)
    doing = "cannot read the query" if problem.fatal else "check the query"
    return CatalogProblem(
        place=place,
        message=f'topic "{topic}": {doing} (column {place.column})',
        hint=problem.hint,
        excerpt=_excerpt(problem, query),
        code=problem.code,
        fatal=problem.fatal,
        length=problem.length,
    )


def _excerpt(problem: QueryProblem, query: Located) -> str:
    """The characters that stand on the problem's line of the file, and below
    them the caret with the message.
    """
    if not query.text.strip():
        return f"\n^ {problem.message}"
    offset = min(max(problem.offset, 0), len(query.text) - 1)
    line = query.place(offset).line

    def is_on_line(place: int) -> bool:
        return query.place(place).line == line and query.text[place] != "\n"

    start = end = offset
    while start > 0 and is_on_line(start - 1):
        start -= 1
    while end < len(query.text) and is_on_line(end):
        end += 1
    start = max(start, offset - _BEFORE)
    end = min(end, start + _WIDEST)
    shown = "".join(map(_printable, query.text[start:end]))
    indent = " " * (problem.offset - start)
    carets = "^" * max(1, min(problem.length, end - offset))
    return f"{shown}\n{indent}{carets} {problem.message}"


def _printable(letter: str) -> str:
    """One column for one character: a control character must not move the
    caret or steer the terminal.
    """
    if letter.isspace():
        return " "
    return (
        "\ufffd"
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Mn")
        else letter
    )
