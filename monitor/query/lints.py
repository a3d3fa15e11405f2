"""What is allowed in a query, but rarely meant.

Works on the tree; the lints about spelling are the parser's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.query.tree import (
    And,
    Element,
    Filter,
    Form,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
    children,
)
from monitor.query.unparse import normal_form, unparse
from monitor.types.match import Part, QueryProblem

_MOST_PROBLEMS = 50
_WIDE = 10  # words between: further apart they rarely belong together

# Beginnings with which at least one word in a hundred of German news starts.
_COMMON_PREFIX = re.compile(
    r"abg|ang|anf|ank|ans|auf|aus|auss|bei|ber|bes|bet|beg|bek|bun|bund|dar|das|deu|deut|"
    r"die|ein|eine|ent|erk|ers|fra|frei|fue|ges|gem|gel|geb|gen|gro|gros|hau|haupt|her|hin|"
    r"int|inter|jah|jahr|kom|kon|lan|land|leb|man|mit|nac|nach|neu|nor|pol|poli|pro|sch|schu|"
    r"sei|sein|sta|stad|stadt|ste|str|sti|tei|tra|ueb|uebe|ueber|und|unt|unte|unter|ver|verb|verg|"
    r"verl|vers|vert|vor|war|was|wei|wer|wie|wir|zur|zus"
)
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z0-9]+)*")
_COUNTRY = re.compile(r"[a-z]{2}")


def lint_tree(tree: Node) -> Iterator[QueryProblem]:
    """W03 common prefix, W04 wide NEAR, W06 never matches, W07 duplicate; in
    the author's order.
    """
    stack: list[tuple[Node, Part | None]] = [(tree, None)]
    while stack:
        node, part = stack.pop()
        match node:
            case Phrase():
                yield from _lint_phrase(node)
            case Near() if node.distance > _WIDE:
                hint = f"beyond {_WIDE} words AND is usually meant"
                yield _about(
                    node,
                    "W04",
                    f"{node.distance} words between are many",
                    hint,
                )
            case Filter():
                yield from _lint_filter(node)
            case Scope():
                if part not in (None, node.part):
                    message = f"{node.part}: inside {part}: can never match"
                    yield _about(node, "W06", message, "remove one of the two")
                part = node.part
            case And() | Or():
                yield from _lint_list(node)
        stack.extend((child, part) for child in reversed(children(node)))


def _lint_phrase(node: Phrase) -> Iterator[QueryProblem]:
    if not node.elements:
        hint = "only words are searched; for a web address write url:"
        yield _about(node, "W06", f"{node.source} can never match", hint)
    match node.elements:
        # In a phrase its neighbours make it rare.
        case [Element(forms=[Form(open_start=False, open_end=True) as form])]:
            if _COMMON_PREFIX.fullmatch(form.text):
                message = f"very many words begin with {form.text}"
                yield _about(
                    node,
                    "W03",
                    message,
                    "write more letters, or the words themselves",
                )


def _lint_filter(node: Filter) -> Iterator[QueryProblem]:
    value = node.value.casefold()
    if node.name == "lang" and not _LANGUAGE.fullmatch(value):
        hint = "write the two-letter ISO code, such as lang:de"
        yield _about(node, "W06", f"lang:{node.value} can never match", hint)
    if node.name == "country" and not _COUNTRY.fullmatch(value):
        hint = "write the two-letter ISO code, such as country:de"
        yield _about(
            node, "W06", f"country:{node.value} can never match", hint
        )


def _lint_list(node: And | Or) -> Iterator[QueryProblem]:
    seen: dict[str, Node] = {}
    for child in node.children:
        meaning = normal_form(child)
        if meaning in seen:
            hint = f"it says the same as {cut_for_message(unparse(seen[meaning]))}"
            yield _about(child, "W07", "this stands here twice", hint)
        seen.setdefault(meaning, child)
    if isinstance(node, Or):
        return
    for child in node.children:
        if isinstance(child, Not) and normal_form(child.child) in seen:
            yield _about(
                child,
                "W06",
                "this can never match",
                "the same is required and excluded",
            )


def _about(node: Node, code: str, message: str, hint: str) -> QueryProblem:
    return QueryProblem(code, message, node.offset, node.length, hint)


def adjacency_hint(left: Node, right: Node) -> str:
    """What to write instead of two operands side by side."""
    if not isinstance(left, Phrase) or not isinstance(right, Phrase):
        return "put AND between"
    first = unparse(left).strip('"')
    second = unparse(right).strip('"')
    phrase = cut_for_message(f"{first} {second}")
    return f'write "{phrase}" for the phrase, or put AND between'


def by_place(problems: list[QueryProblem]) -> tuple[QueryProblem, ...]:
    """By place, one for each code and place, errors kept before warnings where
    there are too many.
    """
    unique: dict[tuple[str, int], QueryProblem] = {}
    for problem in problems:
        unique.setdefault((problem.code, problem.offset), problem)
    gravest = sorted(
        unique.values(),
        key=lambda problem: (not problem.fatal, problem.offset),
    )
    kept = gravest[:_MOST_PROBLEMS]
    return tuple(
        sorted(kept, key=lambda problem: (problem.offset, problem.code))
    )


def cut_for_message(text: str, most: int = 120) -> str:
    """The text, cut with an ellipsis where it is too long for one line of a
    message.
    """
    return text if len(text) <= most else text[: most - 1] + "…"
