"""A draft with one word more: as an alternative, or as an exclusion. Pure.

The author's text stays as it is; what is added stands behind it or in
brackets.
"""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.flow.requests.topic_draft import TopicDraft
from monitor.query.parser import parse_query
from monitor.query.simple import compile_simple
from monitor.query.tree import And, Filter, Node, Not, Or, Phrase
from monitor.query.unparse import unparse

_BARE = re.compile(r"[\w*-]+")
_MOST_PLACES = 2
"""Operands of an AND to which a word is added in turn."""


def in_query(term: str) -> str:
    """A word or phrase as it stands in a query."""
    return term if _BARE.fullmatch(term) else f'"{term}"'


def widened(draft: TopicDraft, term: str) -> tuple[TopicDraft, ...]:
    """The draft with the word as one alternative more, at each place where
    that makes sense.
    """
    if draft.level == "query":
        return tuple(
            replace(draft, query=text)
            for text in widened_query(draft.query, term)
        )
    if draft.any:
        return (replace(draft, any=(*draft.any, term)),)
    if len(draft.all) == 1:
        return (replace(draft, any=(*draft.all, term), all=()),)
    return ()


def widened_query(query: str, term: str) -> tuple[str, ...]:
    """The query with the word as an alternative to the whole, or to operands
    of its AND.
    """
    tree = parse_query(query).tree
    if tree is None:
        return ()
    if not isinstance(tree, And):
        return (_beside(query, tree, in_query(term)),)
    operands = [
        each for each in tree.children if not isinstance(each, Not | Filter)
    ]
    return tuple(
        _inside(query, each, in_query(term))
        for each in operands[:_MOST_PLACES]
    )


def _beside(query: str, tree: Node, term: str) -> str:
    whole = query.strip()
    return (
        f"{whole} OR {term}"
        if isinstance(tree, Or | Phrase)
        else f"({whole}) OR {term}"
    )


def _inside(query: str, operand: Node, term: str) -> str:
    start, end = operand.offset, operand.offset + operand.length
    said = query[start:end]
    new = (
        f"{said} OR {term}"
        if isinstance(operand, Or)
        else f"({said} OR {term})"
    )
    return f"{query[:start]}{new}{query[end:]}"


def narrowed(draft: TopicDraft, term: str) -> TopicDraft:
    """The draft without the articles that have the word."""
    if draft.level == "words":
        return replace(draft, none=(*draft.none, term))
    return replace(draft, query=narrowed_query(draft.query, term))


def narrowed_query(query: str, term: str) -> str:
    """The query with the word excluded."""
    return _excluding(query, exclusion_of(term))


def _excluding(query: str, exclusion: str) -> str:
    whole = query.strip()
    said = f"({whole})" if isinstance(parse_query(query).tree, Or) else whole
    return f"{said} AND {exclusion}"


def exclusion_of(term: str) -> str:
    """What excludes a word."""
    return f"NOT {in_query(term)}"


def exclusion_of_outlet(outlet: str) -> str:
    """What excludes an outlet's articles."""
    return f'NOT source:"{outlet}"'


def without_outlet(draft: TopicDraft, outlet: str) -> TopicDraft | None:
    """The draft without an outlet's articles; None where it cannot be written.

    Word lists know no outlets, so they become the query that they mean.
    """
    query = draft.query if draft.level == "query" else _as_query(draft)
    if not query or '"' in outlet or "\\" in outlet:
        return None
    changed = _excluding(query, exclusion_of_outlet(outlet))
    return replace(
        draft, level="query", query=changed, any=(), all=(), none=()
    )


def _as_query(draft: TopicDraft) -> str:
    tree = compile_simple(draft.any, draft.all, draft.none).tree
    return unparse(tree) if tree is not None else ""
