"""What other tools would read as an operator in a text that is searched as
plain words.

A search box cannot refuse a text; it can say what it did not do. Knows no
engine.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.query.leaves import LOWER_CASE_OPERATORS, foreign_form
from monitor.query.lexer import Token, normalise_quotes, read_tokens
from monitor.types.match import QueryProblem

_CALLS_AND_SIGNS = frozenset({"E04", "W05"})
"""Codes of `ALLCAPS(` and `+5`; the others are faults of a query, which plain
words cannot have.
"""
_SHORT = 3
"""Words. An exclamation mark at the end of more is that of a headline, not
LexisNexis' wildcard.
"""


def doubts_in_words(query: str) -> tuple[QueryProblem, ...]:
    """What in these words has a meaning elsewhere, and how it is written here."""
    straight = normalise_quotes(query)
    tokens, problems = read_tokens(straight)
    found = [problem for problem in problems if _is_foreign(problem, straight)]
    found += _doubtful(tokens[:-1])
    return tuple(sorted(found, key=lambda problem: problem.offset))


def _is_foreign(problem: QueryProblem, query: str) -> bool:
    """Square brackets are in many headlines, curly ones are Brandwatch's."""
    is_curly = problem.code == "E02" and query[problem.offset] == "{"
    return is_curly or problem.code in _CALLS_AND_SIGNS


def _doubtful(tokens: list[Token]) -> Iterator[QueryProblem]:
    last = len(tokens) - 1
    for place, token in enumerate(tokens):
        if token.kind != "word":
            continue
        following = tokens[min(place + 1, last)]
        slop = following if following.kind == "slop" else None
        problem = foreign_form(token, slop)
        if problem and not _is_prose(token, place, last):
            yield problem


def _is_prose(token: Token, place: int, last: int) -> bool:
    """An "or" that joins nothing, or the mark at the end of a sentence."""
    if token.text in LOWER_CASE_OPERATORS:
        return place in (0, last)
    return token.text.endswith("!") and place == last and last >= _SHORT
