"""As much of Kibana's query language as people type and our panels use, read
twice: as a search for the engine, and as plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TOKEN = re.compile(r'\s*("[^"]*"|<=|>=|[():<>]|[^\s():<>"]+)')
WORDS = ("and", "or", "not")
COMPARED = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
SPECIAL = re.compile(r'[+\-=&|><!(){}\[\]^"~*?:\\/]')
"""What Kibana escapes around its own wildcard, which is `*` alone."""
Tree = tuple[Any, ...]


def parse(text: str) -> Tree:
    """A tree of ("and" | "or", left, right), ("not", inner), ("is", field,
    value) with ("phrase", field, value) for one in quotes, ("has", field),
    ("range", field, how, value), ("all",). The field of words without one is
    None.
    """
    tokens = TOKEN.findall(text)
    assert "".join(tokens).replace(" ", "") == text.replace(" ", ""), (
        f"not all of {text!r} was read"
    )
    if not tokens:
        return ("all",)
    tree, rest = _chain(tokens, None, "or")
    assert not rest, f"left over: {rest}"
    return tree


def _chain(
    tokens: list[str], field: str | None, word: str
) -> tuple[Tree, list[str]]:
    """Parts joined by `word`; `and` binds closer than `or`."""
    tree, tokens = _part(tokens, field, word)
    while tokens and tokens[0].lower() == word:
        right, tokens = _part(tokens[1:], field, word)
        tree = (word, tree, right)
    return tree, tokens


def _part(
    tokens: list[str], field: str | None, word: str
) -> tuple[Tree, list[str]]:
    return (
        _chain(tokens, field, "and") if word == "or" else _one(tokens, field)
    )


def _one(tokens: list[str], field: str | None) -> tuple[Tree, list[str]]:
    head, rest = tokens[0], tokens[1:]
    if head.lower() == "not":
        inner, rest = _one(rest, field)
        return ("not", inner), rest
    if head == "(":
        inner, rest = _chain(rest, field, "or")
        assert rest[0] == ")"
        return inner, rest[1:]
    if field is None and rest and rest[0] == ":":
        return _one(rest[1:], head)
    if field is None and rest and rest[0] in COMPARED:
        return ("range", head, COMPARED[rest[0]], rest[1].strip('"')), rest[2:]
    return _value(tokens, field)


def _value(tokens: list[str], field: str | None) -> tuple[Tree, list[str]]:
    """Words without quotes are one value up to the next operator."""
    if tokens[0].startswith('"'):
        return ("phrase", field, tokens[0].strip('"')), tokens[1:]
    size = next(
        (
            n
            for n, one in enumerate(tokens)
            if one.lower() in WORDS or one[0] in '()"'
        ),
        len(tokens),
    )
    assert size, f"no value: {tokens}"
    value = " ".join(tokens[:size])
    return (("has", field) if value == "*" else ("is", field, value)), tokens[
        size:
    ]


def fields(tree: Tree) -> set[str]:
    """The fields that a tree names."""
    if tree[0] in ("is", "phrase", "has", "range"):
        return {tree[1]} - {None}
    return set().union(
        *(fields(part) for part in tree[1:] if isinstance(part, tuple))
    )


def to_query(tree: Tree) -> dict[str, Any]:
    """As Kibana's `toElasticsearchQuery` makes it."""
    match tree:
        case ("all",):
            return {"match_all": {}}
        case ("has", field):
            return {"exists": {"field": field}}
        case ("range", field, how, value):
            return {"range": {field: {how: value}}}
        case ("is", field, value) if "*" in value:
            escaped = "*".join(
                SPECIAL.sub(r"\\\g<0>", part) for part in value.split("*")
            )
            return {
                "query_string": {"query": escaped}
                | ({"fields": [field]} if field else {})
            }
        case ("is" | "phrase" as how, None, value):
            kind = "phrase" if how == "phrase" else "best_fields"
            return {
                "multi_match": {"type": kind, "query": value, "lenient": True}
            }
        case ("is", field, value):
            return {"match": {field: value}}
        case ("phrase", field, value):
            return {"match_phrase": {field: value}}
        case ("not", inner):
            return {"bool": {"must_not": [to_query(inner)]}}
        case ("and", left, right):
            return {"bool": {"filter": [to_query(left), to_query(right)]}}
    return {
        "bool": {
            "should": [to_query(part) for part in tree[1:]],
            "minimum_should_match": 1,
        }
    }


def holds(tree: Tree, document: Mapping[str, Any]) -> bool:
    """Whether a document is one of those; for values compared as a whole."""
    match tree:
        case ("all",):
            return True
        case ("has", field):
            return document.get(field) not in (None, ())
        case ("is" | "phrase", field, value):
            found = document.get(field)
            return value in [
                str(one)
                for one in (found if isinstance(found, tuple) else (found,))
            ]
        case ("not", inner):
            return not holds(inner, document)
        case ("and", left, right):
            return holds(left, document) and holds(right, document)
    return any(holds(part, document) for part in tree[1:])
