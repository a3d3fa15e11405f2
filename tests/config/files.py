"""Feed files for the tests of this room, and what is expected of broken ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config.catalog import load_catalog
from monitor.errors import CatalogError
from monitor.language.phrases import translated_problem
from monitor.types.catalog import CatalogProblem

Write = Callable[[str | bytes], Path]
ENGLISH = re.compile(
    r"\b(the|is|are|has|write|needs|this|nothing|only|must|may|never|there|and|or|not|with)\b"
)
FEED = "feeds:\n  - id: zdf\n    url: https://www.zdf.de/rss\n"


def problems_of(path: Path) -> tuple[CatalogProblem, ...]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(path)
    problems: tuple[CatalogProblem, ...] = caught.value.problems
    assert all(problem.message in str(caught.value) for problem in problems)
    for problem in problems:
        check_german(problem)
    return problems


def check_german(problem: CatalogProblem) -> None:
    """Message and hint are known in German, too, with the same facts in them."""
    for english in filter(None, (problem.message, problem.hint)):
        german = translated_problem(english, "de")
        assert german != english, english
        assert not ENGLISH.search(without_facts(german)), german


def without_facts(text: str) -> str:
    """The text without what stands in quotes, brackets and addresses."""
    return re.sub(
        r"„[^“]*“|\"[^\"]*\"|'[^']*'|\[[^\]]*\]|https?:\S+", "", text
    )


def check(path: Path, *expected: tuple[int, int, str, str]) -> None:
    """The fatal problems are exactly these: line, column, a part of the
    message, a part of the hint.
    """
    fatal = [problem for problem in problems_of(path) if problem.fatal]
    found = [
        (
            problem.place.line,
            problem.place.column,
            problem.message,
            problem.hint,
        )
        for problem in fatal
    ]
    assert len(found) == len(expected), found
    for (line, column, message, hint), (
        at_line,
        at_column,
        words,
        hint_words,
    ) in zip(found, expected, strict=True):
        assert (line, column) == (at_line, at_column), found
        assert words in message, found
        assert hint_words in hint, found
