"""How the text of the search box is read: words, or words joined by operators,
or a topic query.

Operators of the query language are read where they are clearly meant; words
that stand between them are looked for in all their forms, as without
operators. Distances, counts and exact spellings are decided by the matcher,
which knows no stems: a query with one of them is read as a topic's query.
Knows the tree and the fields; knows no engine.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.errors import QueryError
from monitor.index.compiler.free_text import (
    LONGEST_QUERY,
    MOST_TERMS,
    Term,
    parse_free_text,
)
from monitor.index.compiler.hit_terms import find_forms_of, find_hits_of
from monitor.index.compiler.query_bounds import IndexFields, compile_tree
from monitor.index.compiler.search_plan import (
    Neighbours,
    Nothing,
    Plan,
    Weighted,
    all_of,
    any_of,
    but_not,
)
from monitor.index.compiler.stemmed_terms import compile_terms
from monitor.index.highlight import FindHits, Spans
from monitor.index.prepared_article import BOOSTS, PARTS
from monitor.language.stems import stem
from monitor.query.fields import is_field
from monitor.query.habits import doubts_in_words
from monitor.query.lexer import Token, normalise_quotes, read_tokens
from monitor.query.parser import parse_query
from monitor.query.tree import (
    And,
    AtLeast,
    Boost,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
    children,
)
from monitor.query.unparse import unparse
from monitor.types.match import QueryProblem
from monitor.types.output import SearchRequest, Understood

REMEMBERED = 256
"""Queries: one page of results asks the index several times, and people page
through.
"""

_BETWEEN = frozenset({"AND", "OR"})
_ALWAYS = frozenset({"NEAR", "ATLEAST", "cs"})
_BAR = "|"  # in a pasted headline it stands before the outlet's name
# "Land: Hessen" is a text; land:Hessen is a field
_ENDS_A_WORD = re.compile(r":\s")
_INNER_WILDCARD = re.compile(r"\*+\w|\w\?\w")
# a minus is understood among words, too
_EXCLUDING = frozenset({"NOT", "NICHT"})
_NO_BRACKETS = str.maketrans("()", "  ")
_ENGLISH = {"AND": "", "UND": "", "ODER": "OR", "NICHT": "NOT"}


@dataclass(frozen=True, slots=True)
class FreeQuery:
    """Words, all of which must hold. `is_empty`: something was typed, but no
    word.
    """

    plan: Plan
    terms: tuple[Term, ...]
    understood: Understood
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class JoinedQuery:
    """Words in all their forms, joined by operators. `terms` are the wanted
    ones, for ranking.
    """

    plan: Plan
    terms: tuple[Term, ...]
    tree: Node
    understood: Understood


@dataclass(frozen=True, slots=True)
class ExactQuery:
    """A topic's query: words exactly as written."""

    tree: Node
    understood: Understood


SearchQuery = FreeQuery | JoinedQuery | ExactQuery


def read_search(request: SearchRequest) -> SearchQuery:
    """How the request's text is read. Raises QueryError where operators make
    no sense.
    """
    if len(request.query) > LONGEST_QUERY:
        return _read(request.query, exact=request.exact)
    return read_query(request.query, exact=request.exact)


def _read(query: str, *, exact: bool) -> SearchQuery:
    if exact and query.strip():
        tree, doubts = _parse(query)
        return ExactQuery(
            tree, Understood("exact", _said(tree, query), doubts=doubts)
        )
    if not uses_operators(query):
        return _free(query)
    tree, doubts = _parse(query)
    plan = compile_joined(tree)
    if plan is None:
        return ExactQuery(
            tree, Understood("exact", unparse(tree), doubts=doubts)
        )
    terms = tuple(itertools.chain(*map(_terms, _wanted(tree))))
    return JoinedQuery(
        plan,
        terms,
        tree,
        Understood("joined", _said(tree, query), doubts=doubts),
    )


read_query = lru_cache(maxsize=REMEMBERED)(_read)
"""As `read_search`, for texts of which people type several."""


def compile_joined(node: Node) -> Plan | None:
    """The plan of one part of a `JoinedQuery`."""
    return _compile(node, PARTS)


def uses_operators(query: str) -> bool:
    """Whether operators of the query language are clearly meant, and not just
    signs of a text.
    """
    query = normalise_quotes(query)
    tokens, _ = read_tokens(query)
    if len(tokens) > MOST_TERMS * 10:
        return False  # a text that was pasted, not a question
    words = tokens[:-1]
    joined = any(
        token.kind in _BETWEEN and token.text != _BAR for token in words[1:]
    )
    return joined or any(_is_clear(token, query) for token in words)


def box_marks(query: JoinedQuery) -> FindHits:
    """Finds the wanted words in all their forms, and those that fit its
    wildcards.
    """
    leaves = [leaf for leaf in _wanted(query.tree) if not _terms(leaf)]
    finders = [
        find_hits_of(query.terms),
        *(find_forms_of(leaf) for leaf in leaves),
    ]
    return lambda text: _united(finder(text) for finder in finders)


def _is_clear(token: Token, query: str) -> bool:
    if token.kind == "NOT":
        return token.text in _EXCLUDING
    if token.kind == "field":
        return is_field(token.text) and not _ENDS_A_WORD.match(
            query, token.offset + token.length
        )
    if token.kind == "slop":
        return (
            query[token.offset - 1 : token.offset] == '"'
            and token.text[1:].isdecimal()
        )
    return token.kind in _ALWAYS or (
        token.kind == "word" and _INNER_WILDCARD.search(token.text) is not None
    )


def _free(query: str) -> FreeQuery:
    terms = parse_free_text(query)
    typed = len(query.split())
    dropped = typed - MOST_TERMS if len(terms) == MOST_TERMS else 0
    doubts = () if dropped else doubts_in_words(query)
    is_empty = bool(query.strip()) and not terms
    return FreeQuery(
        Nothing() if is_empty else compile_terms(terms),
        terms,
        Understood("words", dropped=max(dropped, 0), doubts=doubts),
        is_empty,
    )


def _parse(query: str) -> tuple[Node, tuple[QueryProblem, ...]]:
    parsed = parse_query(query)
    if parsed.tree is None:
        raise QueryError(query, problems=parsed.problems)
    # That words side by side mean AND is what a search box always means.
    return parsed.tree, tuple(
        each for each in parsed.problems if each.code == "W05"
    )


def _said(tree: Node, query: str) -> str:
    """The query as read, or "" where that is what was typed."""
    read = unparse(tree)
    more_brackets = read.count("(") > query.count("(")
    return (
        read
        if more_brackets or _without_habits(read) != _without_habits(query)
        else ""
    )


def _without_habits(query: str) -> str:
    """The query without what may be typed or left out: spaces, brackets, AND,
    English operators.
    """
    words = normalise_quotes(query).translate(_NO_BRACKETS).split()
    return "".join(_ENGLISH.get(word, word) for word in words)


def _compile(node: Node, parts: IndexFields) -> Plan | None:  # noqa: PLR0911 - one per node
    """The plan of words in all their forms; None where only the matcher can
    decide.
    """
    match node:
        case And():
            return _united_plan(node.children, parts, all_of)
        case Or():
            return _united_plan(node.children, parts, any_of)
        case Not():
            child = _compile(node.child, parts)
            return None if child is None else but_not(child)
        case Boost():
            child = _compile(node.child, parts)
            return (
                None if child is None else Weighted(child, float(node.factor))
            )
        case Scope():
            return (
                _compile(node.child, (node.part,))
                if node.part in parts
                else Nothing()
            )
        case Near():
            return _near(node, parts)
        case Phrase() | AtLeast() | Filter():
            return _leaf(node, parts)


def _united_plan(
    nodes: tuple[Node, ...],
    parts: IndexFields,
    united: Callable[[list[Plan]], Plan],
) -> Plan | None:
    plans = [_compile(node, parts) for node in nodes]
    found = [plan for plan in plans if plan is not None]
    return united(found) if len(found) == len(plans) else None


def _leaf(node: Node, parts: IndexFields) -> Plan | None:
    if terms := _terms(node):
        return compile_terms(terms, parts)
    bounds = compile_tree(node, parts)
    return bounds.possible if bounds.exact else None


def _terms(node: Node) -> tuple[Term, ...]:
    """What the search box makes of a word or phrase; () where wildcards or
    spellings are asked.
    """
    if not isinstance(node, Phrase) or node.slop:
        return ()
    forms = [form for element in node.elements for form in element.forms]
    if not forms or any(
        form.open_start or form.plain or "?" in form.text for form in forms
    ):
        return ()
    if any(form.open_end for form in forms) and len(forms) > 1:
        return ()
    return parse_free_text(node.source)


def _near(node: Near, parts: IndexFields) -> Plan | None:
    """Both words in any order: what the engine's phrase with slop finds
    exactly.
    """
    left, right = _terms(node.left), _terms(node.right)
    single = [term.words[0] for term in (*left, *right) if term.kind == "word"]
    if (
        node.ordered
        or len(single) != len(left) + len(right)
        or len(single) != 2
    ):
        return None
    one, other = map(stem, single)
    if one == other:
        return None
    return any_of(
        [
            Weighted(
                Neighbours(f"{part}_stems", order, node.distance), BOOSTS[part]
            )
            for part in parts
            for order in ((one, other), (other, one))
        ]
    )


def _wanted(node: Node) -> Iterator[Node]:
    """The leaves that are not under a NOT."""
    if isinstance(node, Not | Filter):
        return
    if isinstance(node, Phrase):
        yield node
    for child in children(node):
        yield from _wanted(child)


def _united(found: Iterable[Spans]) -> Spans:
    """All spans in order; of two that overlap the first."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(itertools.chain(*found)):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans
