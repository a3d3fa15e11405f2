"""As much of Kibana's query language as our panels use, read twice: as a search for the engine, and
as plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TOKEN = re.compile(r'\s*("[^"]*"|[()]|[\w.-]+|\*|:)')
Tree = tuple[Any, ...]


def parse(text: str) -> Tree:
    """A tree of ("and" | "or", left, right), ("not", inner), ("is", field, value), ("has", field),
    ("all",).
    """
    tokens = TOKEN.findall(text)
    assert "".join(tokens).replace(" ", "") == text.replace(" ", ""), (
        f"not all of {text!r} was read"
    )
    if not tokens:
        return ("all",)
    tree, rest = _either(tokens, None)
    assert not rest, f"left over: {rest}"
    return tree


def _either(tokens: list[str], field: str | None) -> tuple[Tree, list[str]]:
    tree, tokens = _one(tokens, field)
    while tokens and tokens[0] in ("and", "or"):
        word = tokens[0]
        right, tokens = _one(tokens[1:], field)
        tree = (word, tree, right)
    return tree, tokens


def _one(tokens: list[str], field: str | None) -> tuple[Tree, list[str]]:
    head, rest = tokens[0], tokens[1:]
    if head == "not":
        inner, rest = _one(rest, field)
        return ("not", inner), rest
    if head == "(":
        inner, rest = _either(rest, field)
        assert rest[0] == ")"
        return inner, rest[1:]
    if field is None:
        assert rest[0] == ":", f"{head} names a field"
        return _one(rest[1:], head)
    return (("has", field) if head == "*" else ("is", field, head.strip('"'))), rest


def fields(tree: Tree) -> set[str]:
    """The fields that a tree names."""
    if tree[0] in ("is", "has"):
        return {tree[1]}
    return set().union(*(fields(part) for part in tree[1:] if isinstance(part, tuple)))


def to_query(tree: Tree) -> dict[str, Any]:
    """As Kibana's `toElasticsearchQuery` makes it."""
    match tree:
        case ("all",):
            return {"match_all": {}}
        case ("has", field):
            return {"exists": {"field": field}}
        case ("is", field, value):
            return {"match": {field: value}}
        case ("not", inner):
            return {"bool": {"must_not": [to_query(inner)]}}
        case ("and", left, right):
            return {"bool": {"filter": [to_query(left), to_query(right)]}}
    return {"bool": {"should": [to_query(part) for part in tree[1:]], "minimum_should_match": 1}}


def holds(tree: Tree, document: Mapping[str, Any]) -> bool:
    """Whether a document is one of those."""
    match tree:
        case ("all",):
            return True
        case ("has", field):
            return document.get(field) not in (None, ())
        case ("is", field, value):
            found = document.get(field)
            return value in [str(one) for one in (found if isinstance(found, tuple) else (found,))]
        case ("not", inner):
            return not holds(inner, document)
        case ("and", left, right):
            return holds(left, document) and holds(right, document)
    return any(holds(part, document) for part in tree[1:])
