"""A draft with one word more: as an alternative, or as an exclusion. Pure.

The author's text stays as it is; what is added stands behind it or in brackets.
"""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.flow.requests.topic_draft import TopicDraft
from monitor.query.parser import parse_query
from monitor.query.tree import And, Filter, Node, Not, Or, Phrase

_BARE = re.compile(r"[\w*-]+")
_MOST_PLACES = 2
"""Operands of an AND to which a word is added in turn."""


def in_query(term: str) -> str:
    """A word or phrase as it stands in a query."""
    return term if _BARE.fullmatch(term) else f'"{term}"'


def widened(draft: TopicDraft, term: str) -> tuple[TopicDraft, ...]:
    """The draft with the word as one alternative more, at each place where that makes sense."""
    if draft.level == "query":
        return tuple(replace(draft, query=text) for text in widened_query(draft.query, term))
    if draft.any:
        return (replace(draft, any=(*draft.any, term)),)
    if len(draft.all) == 1:
        return (replace(draft, any=(*draft.all, term), all=()),)
    return ()


def widened_query(query: str, term: str) -> tuple[str, ...]:
    """The query with the word as an alternative to the whole, or to operands of its AND."""
    tree = parse_query(query).tree
    if tree is None:
        return ()
    if not isinstance(tree, And):
        return (_beside(query, tree, in_query(term)),)
    operands = [each for each in tree.children if not isinstance(each, Not | Filter)]
    return tuple(_inside(query, each, in_query(term)) for each in operands[:_MOST_PLACES])


def _beside(query: str, tree: Node, term: str) -> str:
    whole = query.strip()
    return f"{whole} OR {term}" if isinstance(tree, Or | Phrase) else f"({whole}) OR {term}"


def _inside(query: str, operand: Node, term: str) -> str:
    start, end = operand.offset, operand.offset + operand.length
    said = query[start:end]
    new = f"{said} OR {term}" if isinstance(operand, Or) else f"({said} OR {term})"
    return f"{query[:start]}{new}{query[end:]}"


def narrowed(draft: TopicDraft, term: str) -> TopicDraft:
    """The draft without the articles that have the word."""
    if draft.level == "words":
        return replace(draft, none=(*draft.none, term))
    return replace(draft, query=narrowed_query(draft.query, term))


def narrowed_query(query: str, term: str) -> str:
    """The query with the word excluded."""
    tree, whole = parse_query(query).tree, query.strip()
    said = f"({whole})" if isinstance(tree, Or) else whole
    return f"{said} AND NOT {in_query(term)}"
