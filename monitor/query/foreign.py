"""What other tools write, and this language writes otherwise or not at all:
LexisNexis, Factiva, Meltwater, Brandwatch, Talkwalker, Google, Kibana.

A hint names a form that means the same, or says how ours differs. Knows no
grammar. docs/abfragesprache.md has the table; its tests hold both together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.query.tree import And, Filter, Node, Not, Or, Scope, walk
from monitor.types.match import QueryProblem

HEAD_AND_LEAD = "hlead"
"""LexisNexis' segment of headline and lead. No field of ours: it reads as
either of both.
"""

_FUNCTIONS = {
    HEAD_AND_LEAD: HEAD_AND_LEAD,
    "headline": "title",
    "title": "title",
    "lead": "lead",
    "body": "text",
    "text": "text",
    "publication": "source",
    "source": "source",
    "byline": "author",
    "author": "author",
    "section": "category",
}
_COMMANDS = "allcaps|caps|nocaps|plural|singular"
_CALL = re.compile(
    rf"(?P<name>{'|'.join(_FUNCTIONS)}|{_COMMANDS})(?=\()", re.IGNORECASE
)
# `Text(e)`, `lead(er)` are words with an ending
_WITH_ENDING = re.compile(
    r"(?:text|lead|title|author|plural|singular)\(\w{1,3}\)"
)

_STRETCH = r"s|p|seg|sent|para|sentence|paragraph"
_STRETCHES = re.compile(
    rf"(?i:(?:w|near|pre|onear)?/(?:{_STRETCH}))(?![^\s()\"])|(?:SENTENCE|PARAGRAPH)(?![^\s()\"])"
)
_STRETCH_HINT = (
    "sentences and paragraphs are not counted; NEAR/20 means at most 20 words between,"
    " also across sentences"
)
_NEITHER = (
    "a word away from another cannot be asked for; AND NOT (a NEAR/5 b) leaves out each article"
    " in which they stand together"
)
_CASE_HINT = (
    "cs() compares letters as written: cs({}), or several in (cs(A) OR cs(B))"
)
_FORM_HINT = 'write the forms you mean: ("{}" OR ...)'
_TRUNCATED = re.compile(r"[\w-]+!+")
_SHORTEST_PREFIX = 3
_BEFORE = re.compile(r"\+(\d{1,2})(?=\s+\S)")
_ODD_OPERATORS = frozenset({"XOR", "SAME", "ADJ"})


@dataclass(frozen=True, slots=True)
class Call:
    """`NAME(` of another tool: `field` where one of ours does the same, else
    `problem`.
    """

    length: int
    field: str = ""
    problem: QueryProblem | None = None


def read_call(query: str, offset: int) -> Call | None:
    """The name glued to a bracket here, if another tool gives it a meaning.

    Names in mixed case and short endings are words: `Text(e)`, `lead(er)`.
    """
    found = _CALL.match(query, offset)
    if not found or not (found["name"].isupper() or found["name"].islower()):
        return None
    if _WITH_ENDING.match(query, offset):
        return None
    name = found["name"].casefold()
    if name in _FUNCTIONS:
        return Call(len(name), _FUNCTIONS[name])
    inside = query[found.end() + 1 :].partition(")")[0].strip(' "') or "BILD"
    hint = (_CASE_HINT if "caps" in name else _FORM_HINT).format(inside)
    message = f"{found['name']}( is not part of the language"
    return Call(
        len(name),
        problem=QueryProblem("E04", message, offset, len(name), hint),
    )


def read_stretch(query: str, offset: int) -> QueryProblem | None:
    """An operator here that counts sentences or paragraphs."""
    found = _STRETCHES.match(query, offset)
    if not found:
        return None
    message = f"{found.group()} is not part of the language"
    return QueryProblem(
        "E08", message, offset, len(found.group()), _STRETCH_HINT
    )


def not_near(offset: int, length: int) -> QueryProblem:
    """`a NOT w/5 b`: each word may be there, but not together."""
    return QueryProblem(
        "E07", "NOT cannot stand before NEAR", offset, length, _NEITHER
    )


def ordered_plus(query: str, offset: int) -> QueryProblem | None:
    """`a +5 b` of LexisNexis and Westlaw here, which reads as the number."""
    found = _BEFORE.match(query, offset)
    if not found:
        return None
    number = found[1]
    hint = f'write ONEAR/{number} for "at most {number} words between, in this order"'
    return QueryProblem(
        "W05",
        f"+{number} is searched as the number {number}",
        offset,
        len(number) + 1,
        hint,
    )


def doubtful_word(text: str, offset: int) -> QueryProblem | None:
    """A word that is an operator elsewhere: `Landrat!` in LexisNexis, XOR,
    SAME.
    """
    if _TRUNCATED.fullmatch(text):
        word = text.rstrip("!")
        hint = f'write "{word}" for the word alone'
        if len(word) >= _SHORTEST_PREFIX:
            hint = f'write {word}* for every ending, as ! in LexisNexis, or "{word}" for the word'
        return QueryProblem(
            "W05", f"{text} is searched as {word}", offset, len(text), hint
        )
    if text in _ODD_OPERATORS:
        hint = f'operators are AND, OR, NOT, NEAR/5 and ONEAR/5; write "{text}" for the word'
        return QueryProblem(
            "W05", f"{text} is searched as a word", offset, len(text), hint
        )
    return None


def in_head_or_lead(node: Node) -> Node:
    """Each word, phrase or NEAR in the headline or in the lead: the words of
    an AND may be spread over both.
    """
    match node:
        case And():
            return And(
                tuple(map(in_head_or_lead, node.children)),
                node.offset,
                node.length,
            )
        case Or():
            return Or(
                tuple(map(in_head_or_lead, node.children)),
                node.offset,
                node.length,
            )
        case Not():
            return Not(in_head_or_lead(node.child), node.offset, node.length)
    if any(isinstance(below, Scope | Filter) for below in walk(node)):
        # says itself where it looks, and would double with each level
        return node
    parts = (
        Scope(part, node, node.offset, node.length)
        for part in ("title", "lead")
    )
    return Or(tuple(parts), node.offset, node.length)
