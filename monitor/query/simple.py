"""A topic's lists `any`, `all` and `none` into the same tree.

An item is a word or a phrase, without operators.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.query.foreign import doubtful_word
from monitor.query.forms import BadWildcard, read_elements
from monitor.query.leaves import LOWER_CASE_OPERATORS
from monitor.query.lexer import normalise_quotes
from monitor.query.lints import by_place, lint_tree
from monitor.query.parser import ParsedQuery, parse_query
from monitor.query.tree import And, Node, Not, Or, Phrase
from monitor.types.match import QueryProblem

_BARE = re.compile(r"[\w*?-]*[\w*?]")
_NO_OPERATOR = re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]{2,}")
"""Words that need not be parsed to know that they are words: operators are
written in capitals.
"""
_LANGUAGE = re.compile(
    r"\b(?:AND|OR|NOT|UND|ODER|NICHT|O?NEAR\d*)\b|(?i:\b(?:near|atleast|w|pre)/\d"
    r"|(?<=\S)\s(?:oder|or)\s(?=\S)|^(?:title|lead|text|source):|\b(?:around|hlead|headline|atl(?:east)?\d+)\()"
)


@dataclass(frozen=True, slots=True)
class SimpleQuery:
    """The three lists as read.

    `problems` pairs each problem with the list it is in and the item's place
    there.
    """

    tree: Node | None
    problems: tuple[tuple[str, int, QueryProblem], ...] = ()


def parse_item(text: str) -> ParsedQuery:
    """One item: a word, wildcards allowed, or a phrase; quotes around it
    change nothing.
    """
    start = len(text) - len(text.lstrip())
    quoted = normalise_quotes(text.strip())
    inner = (
        quoted[1:-1]
        if len(quoted) > 1 and quoted[0] == quoted[-1] == '"'
        else quoted
    )
    length = max(len(quoted), 1)
    if not inner.strip():
        hint = "write a word or a phrase"
        problem = QueryProblem(
            "E03", "this item is empty", start, length, hint
        )
        return ParsedQuery(None, (problem,))
    elements = read_elements(inner, quoted=" " in inner)
    if isinstance(elements, BadWildcard):
        problem = QueryProblem(
            "E06", elements.message, start, length, elements.hint
        )
        return ParsedQuery(None, (problem,))
    node = Phrase(elements, 0, _source(inner), start, length)
    problems = list(lint_tree(node))
    if inner == quoted:
        doubt = doubtful_word(inner, start)
        if doubt:
            problems.append(doubt)
        if _LANGUAGE.search(inner):
            message = "an item is words only, so this is searched as it stands"
            hint = "operators and fields work under query:"
            problems.append(QueryProblem("W06", message, start, length, hint))
    return ParsedQuery(node, by_place(problems))


def compile_simple(
    any_of: Sequence[str], all_of: Sequence[str], none_of: Sequence[str]
) -> SimpleQuery:
    """At least one of `any_of`, each of `all_of`, none of `none_of`; an empty
    list asks nothing.
    """
    problems: list[tuple[str, int, QueryProblem]] = []
    nodes: dict[str, list[Node]] = {"any": [], "all": [], "none": []}
    for name, items in (("any", any_of), ("all", all_of), ("none", none_of)):
        for index, item in enumerate(items):
            parsed = parse_item(item)
            problems.extend(
                (name, index, problem) for problem in parsed.problems
            )
            if parsed.tree:
                nodes[name].append(parsed.tree)
    if any(problem.fatal for _, _, problem in problems):
        return SimpleQuery(None, tuple(problems))
    required = [_one_of(nodes["any"])] if nodes["any"] else []
    required += nodes["all"]
    if not required:
        problem = _nothing_required(only_excludes=bool(nodes["none"]))
        return SimpleQuery(None, (*problems, ("none", 0, problem)))
    required += map(Not, nodes["none"])
    tree = required[0] if len(required) == 1 else And(tuple(required))
    return SimpleQuery(tree, tuple(problems))


def _nothing_required(*, only_excludes: bool) -> QueryProblem:
    hint = "add any: or all: with what the articles must contain"
    if only_excludes:
        return QueryProblem("E05", "this only excludes", 0, 1, hint)
    return QueryProblem("E03", "there is nothing to search for", 0, 1, hint)


def _one_of(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


def _source(inner: str) -> str:
    """The item as the full language would write it."""
    plain = (
        _BARE.fullmatch(inner)
        and inner[0] != "-"
        and inner not in LOWER_CASE_OPERATORS
    )
    if plain and (
        _NO_OPERATOR.fullmatch(inner) or parse_query(inner).tree is not None
    ):
        return inner
    return '"' + inner.replace("\\", "\\\\").replace('"', '\\"') + '"'
