"""The tree as text again, every bracket shown, and its normal form for
comparing queries.

Knows no articles.
"""

from __future__ import annotations

import hashlib
import re

from monitor.language.words import fold
from monitor.query.lexer import read_tokens
from monitor.query.tree import (
    And,
    AtLeast,
    Boost,
    Element,
    Filter,
    Form,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
)

_MAY_BE_OPERATOR = re.compile(r"\A[^\s\"(]*[/\d][^\s\"(]*\Z|\A[A-Z]+\Z")
_BARE_VALUE = re.compile(r"[^\s()\"\\^~]+")
# part of every hash: raised when the same tree starts to match differently
_MEANING = "1"


def unparse(node: Node) -> str:  # noqa: PLR0911 - one for each kind of node
    """The query in one line with the brackets that were assumed.

    Reading it again gives an equal tree.
    """
    match node:
        case Phrase():
            return f"{node.source}~{node.slop}" if node.slop else node.source
        case Filter():
            return f"{node.name}:{_value(node.value)}"
        case Scope():
            return f"{node.part}:{_atom(node.child)}"
        case Boost():
            child = (
                unparse(node.child)
                if isinstance(node.child, Scope)
                else _atom(node.child)
            )
            return f"{child}^{node.factor}"
        case Not():
            return f"NOT {_bracketed(node.child)}"
        case AtLeast():
            return f"ATLEAST/{node.count} {_atom(node.child)}"
        case Near():
            return _near(node)
        case And():
            return " AND ".join(map(_bracketed, node.children))
        case Or():
            return " OR ".join(map(_bracketed, node.children))


def _as_word(node: Phrase) -> str:
    """A word beside others. With a stroke there it may look like an operator
    (`a|adj3|b`), which it would be with spaces.
    """
    written = unparse(node)
    if _MAY_BE_OPERATOR.search(written) is None:
        return written
    token = read_tokens(f"beside {written} beside")[0][1]
    return written if token.kind == "word" else f"\\{written}"


def _near(node: Near) -> str:
    operator = "ONEAR" if node.ordered else "NEAR"
    left = _bracketed(node.left)
    right = _bracketed(node.right)
    if isinstance(node.right, Near):
        right = f"({right})"
    return f"{left} {operator}/{node.distance} {right}"


def query_hash(node: Node) -> str:
    """16 hex digits that say what the query finds: its normal form."""
    return hashlib.sha256(
        f"{_MEANING} {normal_form(node)}".encode()
    ).hexdigest()[:16]


def _bracketed(node: Node) -> str:
    if isinstance(node, And | Or):
        return f"({unparse(node)})"
    return _as_word(node) if isinstance(node, Phrase) else unparse(node)


def _atom(node: Node) -> str:
    return _as_word(node) if isinstance(node, Phrase) else f"({unparse(node)})"


def _value(value: str) -> str:
    if _BARE_VALUE.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def normal_form(node: Node) -> str:  # noqa: PLR0911 - one for each kind of node
    """What the query finds: spacing, brackets, boosts and the order of lists
    do not count.
    """
    match node:
        case Phrase():
            elements = ",".join(map(_normal_element, node.elements))
            return f"phrase({node.slop},{elements})"
        case Filter():
            return f"filter({node.name},{fold(node.value)!r})"
        case Scope():
            return f"{node.part}({normal_form(node.child)})"
        case Boost():
            return normal_form(node.child)
        case Not():
            return f"not({normal_form(node.child)})"
        case AtLeast():
            return f"atleast({node.count},{normal_form(node.child)})"
        case Near():
            return _normal_near(node)
        case And():
            return _normal_set("and", _flat(node, And))
        case Or():
            return _normal_set("or", _flat(node, Or))


def _normal_near(node: Near) -> str:
    sides = [normal_form(node.left), normal_form(node.right)]
    both = ",".join(sides if node.ordered else sorted(sides))
    return f"near({node.distance},{node.ordered},{both})"


def _flat(node: Node, kind: type[And | Or]) -> set[str]:
    while isinstance(node, Boost):
        node = node.child
    if isinstance(node, kind):
        return {
            normal for child in node.children for normal in _flat(child, kind)
        }
    return {normal_form(node)}


def _normal_set(name: str, members: set[str]) -> str:
    listed = ",".join(sorted(members))
    return listed if len(members) == 1 else f"{name}({listed})"


def _normal_element(element: Element) -> str:
    forms = "+".join(map(_normal_form, element.forms))
    if element.joined is None:
        return forms
    return f"{forms}|{_normal_form(element.joined)}"


def _normal_form(form: Form) -> str:
    spelling = f"={form.plain}" if form.plain else ""
    return f"{'*' * form.open_start}{form.text}{'*' * form.open_end}{spelling}"
