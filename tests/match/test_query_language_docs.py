"""docs/abfragesprache.md and its English twin: every example is run, and every
form of another tool is understood or answered as the page says.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from monitor.match.topics import match_query
from monitor.query.parser import ParsedQuery, parse_query
from monitor.query.unparse import query_hash
from monitor.types.match import MatchText

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("abfragesprache.md", "query-language.md")
PLACES = {
    "Titel": "title",
    "Title": "title",
    "Vorspann": "lead",
    "Lead": "lead",
    "Text": "text",
    "Quelle": "source",
    "Source": "source",
    "Sprache": "lang",
    "Language": "lang",
    "Land": "country",
    "Country": "country",
    "Rubrik": "category",
    "Section": "category",
    "Autor": "author",
    "Author": "author",
    "Adresse": "url",
    "Address": "url",
}
LISTS = {"source", "category", "author"}
KINDS = {
    "Suche | trifft | trifft nicht": "examples",
    "query | hits | does not hit": "examples",
    "Suche | gelesen als": "precedence",
    "query | reads as": "precedence",
    "dort | Werkzeug | hier | was geschieht": "theirs",
    "theirs | tool | ours | what happens": "theirs",
}
TOOLS = {
    "Meltwater",
    "LexisNexis",
    "Talkwalker",
    "Brandwatch",
    "Google",
    "Kibana",
}


def rows(page: str, kind: str) -> list[tuple[str, ...]]:
    """The cells of all tables of that kind, without backticks."""
    found, current = [], ""
    for line in (DOCS / page).read_text("utf-8").splitlines():
        cells = line.removeprefix("| ").removesuffix(" |")
        if not line.startswith("|"):
            current = ""
        elif cells in KINDS:
            current = KINDS[cells]
        elif current == kind and not line.startswith("|--"):
            found.append(tuple(cells.split(" | ")))
    return found


def cases(kind: str) -> list[object]:
    return [
        pytest.param(*row, id=f"{page[:2]}-{row[0]}")
        for page in PAGES
        for row in rows(page, kind)
    ]


def code(cell: str) -> str:
    (found,) = re.findall(r"`([^`]+)`", cell)
    return str(found)


def article(cell: str) -> MatchText:
    """`Titel: …; Quelle: …`, or a text alone."""
    parts = dict(re.findall(r"(?:^|; )(\w+): ([^;]+)", cell))
    if not parts or set(parts) - set(PLACES):
        parts = {"Text": cell}
    said = {"title": "", "lead": "", "text": ""} | {
        PLACES[key]: parts[key] for key in parts
    }
    facts: dict[str, Any] = {
        key: (said[key],) if key in LISTS else said[key] for key in said
    }
    return MatchText(**facts)


def hits(query: str, text: MatchText) -> bool:
    tree = parse_query(query).tree
    assert tree, query
    return match_query(tree, text) is not None


def meaning(query: str) -> str:
    tree = parse_query(query).tree
    assert tree, query
    return query_hash(tree)


def doubts(parsed: ParsedQuery) -> list[str]:
    """What is said of a query beyond that words stand side by side or brackets
    were assumed.
    """
    return [
        one.hint or ""
        for one in parsed.problems
        if one.code not in ("W01", "W02", "W04")
    ]


@pytest.mark.parametrize(("query", "hit", "miss"), cases("examples"))
def test_an_example_hits_one_text_and_not_the_other(
    query: str, hit: str, miss: str
) -> None:
    assert hits(code(query), article(hit))
    assert not hits(code(query), article(miss))


@pytest.mark.parametrize(("query", "brackets"), cases("precedence"))
def test_precedence(query: str, brackets: str) -> None:
    assert meaning(code(query)) == meaning(code(brackets))


@pytest.mark.parametrize(("theirs", "tool", "ours", "answer"), cases("theirs"))
def test_a_form_of_another_tool(
    theirs: str, tool: str, ours: str, answer: str
) -> None:
    assert tool
    parsed = parse_query(code(theirs))
    if "`" not in answer:
        assert doubts(parsed) == []
        assert meaning(code(theirs)) == meaning(code(ours))
        return
    assert any(code(answer) in hint for hint in doubts(parsed))
    if ours != "–":
        assert doubts(parse_query(code(ours))) == []


def test_both_pages_have_the_same_rows() -> None:
    for kind in set(KINDS.values()):
        german, english = (
            [row[0] for row in rows(page, kind)] for page in PAGES
        )
        assert german == english
        assert german
    named = {
        tool for row in rows(PAGES[0], "theirs") for tool in row[1].split(", ")
    }
    assert named >= TOOLS
    operators = " ".join(row[0] for row in rows(PAGES[0], "examples"))
    for part in (
        "AND",
        "UND",
        "OR",
        "ODER",
        "NOT",
        "NICHT",
        "-",
        "NEAR/",
        "ONEAR/",
        "ATLEAST/",
    ):
        assert part in operators
    for part in (
        "cs(",
        "~",
        "^",
        "*",
        "?",
        "title:",
        "lead:",
        "text:",
        "source:",
        "lang:",
    ):
        assert part in operators
    for part in ("country:", "author:", "category:", "url:"):
        assert part in operators
