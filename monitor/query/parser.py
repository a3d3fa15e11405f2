"""Tokens into the tree, with everything that is wrong or doubtful. Knows the
grammar; knows no articles.

Recursive descent, one method for each level of the grammar, NOT > NEAR > AND >
OR. After an error it goes on reading, so that one run names them all; then
there is no tree.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.query.fields import PARTS, field_hint, filter_named
from monitor.query.foreign import HEAD_AND_LEAD, in_head_or_lead
from monitor.query.leaves import (
    LOWER_CASE_OPERATORS,
    missing_operand,
    read_leaf,
)
from monitor.query.lexer import Kind, Token, normalise_quotes, read_tokens
from monitor.query.lints import (
    adjacency_hint,
    by_place,
    cut_for_message,
    lint_tree,
)
from monitor.query.tree import (
    And,
    AtLeast,
    Boost,
    FilterField,
    Near,
    Node,
    Not,
    Or,
    Scope,
    all_filters,
    has_hits,
    only_excludes,
    walk,
)
from monitor.query.unparse import unparse
from monitor.types.match import QueryProblem

# characters: more than any person writes, little enough to read at once
_LONGEST = 200_000
_DEEPEST = 50  # brackets: far within the interpreter's stack
_MOST_NEARS = 4  # in one chain: each more multiplies the places to compare
_NO_NEAR = "both sides take words, phrases and OR groups; put AND, NOT and filters outside"
_OPERAND: frozenset[Kind] = frozenset(
    {"word", "phrase", "(", "NOT", "ATLEAST", "cs", "field", "boost", "slop"}
)
_ATOM: frozenset[Kind] = _OPERAND - {"NOT", "field", "boost", "slop"}


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as read.

    `tree` is None where at least one problem is an error. Problems stand in
    order of place.
    """

    tree: Node | None
    problems: tuple[QueryProblem, ...] = ()


def parse_query(text: str) -> ParsedQuery:
    """Read one query of the full language. Never raises, whatever the text."""
    if len(text) > _LONGEST:
        message = f"the query is longer than {_LONGEST} characters"
        return ParsedQuery(
            None,
            (
                QueryProblem(
                    "E08", message, _LONGEST, 1, "make several topics of it"
                ),
            ),
        )
    return _Parser(normalise_quotes(text)).parse()


def _nothing_required(tree: Node | None) -> list[QueryProblem]:
    """The error of a query that asks for nothing, or only leaves out."""
    if tree is None:
        message = "there is nothing to search for"
        hint = "write a word or a phrase"
        return [QueryProblem("E03", message, 0, 1, hint)]
    bad = only_excludes(tree)
    if bad is None:
        return []
    hint = "add what the articles must contain: Kreis NOT Sport"
    return [
        QueryProblem("E05", "this only excludes", bad.offset, bad.length, hint)
    ]


class _Parser:
    """Where we are in one query's tokens, and what was found wrong so far."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens, self.problems = read_tokens(query)
        self.index = 0
        self.depth = 0
        self.filter: FilterField | None = None
        # then brackets stay open, too
        self.cut_short = any(
            problem.code == "E01" for problem in self.problems
        )

    def parse(self) -> ParsedQuery:
        node = self._or(None)
        while self._kind() != "end":
            bracket = self._next()
            self._complain(
                "E02",
                "this bracket closes nothing",
                bracket,
                "remove it, or add the opening bracket before",
            )
            if self._kind() not in ("end", ")"):
                self._or(bracket)  # what is wrong behind it is said, too
        errors = [
            problem for problem in self.problems if problem.fatal
        ] or _nothing_required(node)
        if errors or node is None:
            # Doubts about a query that is not understood would only hide the
            # errors.
            return ParsedQuery(None, by_place(errors))
        return ParsedQuery(node, by_place([*self.problems, *lint_tree(node)]))

    def _kind(self) -> Kind:
        return self.tokens[self.index].kind

    def _next(self) -> Token:
        token = self.tokens[self.index]
        self.index += token.kind != "end"
        return token

    def _complain(
        self, code: str, message: str, token: Token, hint: str
    ) -> None:
        self.problems.append(
            QueryProblem(
                code, message, token.offset, max(token.length, 1), hint
            )
        )

    def _since(self, start: Token) -> tuple[int, int]:
        """Offset and length of what was read since `start`."""
        last = self.tokens[max(self.index - 1, 0)]
        return start.offset, max(last.offset + last.length - start.offset, 1)

    def _or(self, after: Token | None) -> Node | None:
        start = self.tokens[self.index]
        alternatives: list[Node] = []
        mixed = False
        while True:
            several, node = self._and(after)
            mixed |= several
            alternatives.extend([node] if node else [])
            if self._kind() != "OR":
                break
            after = self._next()
        if len(alternatives) < 2:
            return alternatives[0] if alternatives else None
        offset, length = self._since(start)
        tree = Or(tuple(alternatives), offset, length)
        if mixed:
            hint = f"set the brackets you mean; this reads as {cut_for_message(unparse(tree))}"
            self.problems.append(
                QueryProblem(
                    "W02", "AND and OR on one level", offset, length, hint
                )
            )
        return tree

    def _and(self, after: Token | None) -> tuple[bool, Node | None]:
        start = self.tokens[self.index]
        first = self._not(after)
        nodes = [first] if first else []
        warned = False
        while True:
            before, here = self.tokens[self.index - 1], self.tokens[self.index]
            if here.kind == "AND":
                node = self._not(self._next())
            elif here.kind in _OPERAND:
                node = self._not(None)
                if (
                    not warned
                    and nodes
                    and node
                    and self._doubtful(before, here, nodes[-1], node)
                ):
                    self._complain(
                        "W01",
                        "words side by side mean AND",
                        here,
                        adjacency_hint(nodes[-1], node),
                    )
                    warned = True
            else:
                break
            nodes.extend([node] if node else [])
        if len(nodes) < 2:
            return False, nodes[0] if nodes else None
        return True, And(tuple(nodes), *self._since(start))

    @staticmethod
    def _doubtful(before: Token, here: Token, left: Node, right: Node) -> bool:
        """Whether people who put these side by side may have meant something
        else than AND.
        """
        clear = any(
            isinstance(node, Not) or all_filters(node)
            for node in (left, right)
        )
        return (
            not clear and not {before.text, here.text} & LOWER_CASE_OPERATORS
        )

    def _not(self, after: Token | None) -> Node | None:
        start = self.tokens[self.index]
        negated = False
        while self._kind() == "NOT":
            after = self._next()
            negated = not negated
        node = self._near(after)
        return Not(node, *self._since(start)) if node and negated else node

    def _near(self, after: Token | None) -> Node | None:
        start = self.tokens[self.index]
        left = self._unit(after)
        nears = _nears(left)
        while self._kind() == "NEAR":
            operator = self._next()
            excluded = self._kind() == "NOT"
            while self._kind() == "NOT":
                self._next()
            right = self._unit(operator)
            nears += 1 + _nears(right)
            if excluded or not all(
                has_hits(side) for side in (left, right) if side
            ):
                message = (
                    f"{operator.text} cannot reach across AND, NOT or a filter"
                )
                self._complain("E07", message, operator, _NO_NEAR)
            elif nears > _MOST_NEARS:
                self._complain(
                    "E07",
                    "too many NEAR in one chain",
                    operator,
                    f"at most {_MOST_NEARS}; join some by AND",
                )
            elif left and right:
                left = Near(
                    left,
                    right,
                    operator.number,
                    operator.ordered,
                    *self._since(start),
                )
                continue
            left = left or right
        return left

    def _unit(self, after: Token | None) -> Node | None:
        start = self.tokens[self.index]
        if start.kind not in _OPERAND:
            self.problems.append(missing_operand(after, start))
            return None
        if start.kind == "field":
            node = self._field(self._next())
        elif start.kind in ("boost", "slop"):
            self._complain(
                "E08",
                f"{start.text} stands after nothing",
                self._next(),
                "write it right after what it belongs to",
            )
            return None
        else:
            node = self._atom()
        if self._kind() == "boost":
            factor = self._next().number
            node = Boost(node, factor, *self._since(start)) if node else None
        return node

    def _field(self, name: Token) -> Node | None:
        field = name.text.casefold()
        outer, self.filter = self.filter, filter_named(field)
        part = next((known for known in PARTS if known == field), None)
        if self.filter is None and part is None and field != HEAD_AND_LEAD:
            self._complain(
                "E04",
                f"there is no field {name.text}:",
                name,
                field_hint(name.text),
            )
        if self._kind() in _ATOM:
            node = self._atom()
        else:
            self._complain(
                "E03",
                f"nothing stands after {name.text}:",
                name,
                "write a word, a phrase or a group right after it",
            )
            node = None
        self.filter = outer
        if node and field == HEAD_AND_LEAD:
            return in_head_or_lead(node)
        return Scope(part, node, *self._since(name)) if node and part else node

    def _atom(self) -> Node | None:
        token = self._next()
        match token.kind:
            case "(":
                return self._group(token)
            case "ATLEAST":
                return self._at_least(token)
            case "cs":
                return self._cased(token)
            case _:
                return self._leaf(token, token)

    def _group(self, opening: Token) -> Node | None:
        if not self._deeper(opening):
            return None
        node = self._or(opening)
        self.depth -= 1
        if self._kind() == ")":
            self._next()
        elif not self.cut_short:
            self._complain(
                "E02",
                "this bracket is never closed",
                opening,
                "add a closing )",
            )
        return node

    def _deeper(self, opening: Token) -> bool:
        """One level down; beyond the last level the rest is not read."""
        self.depth += 1
        if self.depth <= _DEEPEST:
            return True
        self._complain(
            "E02",
            "the brackets are nested too deeply",
            opening,
            f"at most {_DEEPEST} levels",
        )
        self.cut_short = True
        self.index = len(self.tokens) - 1
        return False

    def _at_least(self, operator: Token) -> Node | None:
        if not self._deeper(operator):
            return None
        node = self._unit(operator)
        self.depth -= 1
        if node and not has_hits(node):
            hint = "it takes a word, a phrase, an OR group or NEAR"
            self._complain(
                "E07",
                f"{operator.text} cannot count across AND, NOT or a filter",
                operator,
                hint,
            )
            return None
        return (
            AtLeast(operator.number, node, *self._since(operator))
            if node
            else None
        )

    def _cased(self, operator: Token) -> Node | None:
        self._next()
        if self._kind() not in ("word", "phrase"):
            self.problems.append(missing_operand(operator, operator))
            return None
        node = self._leaf(operator, self._next(), cased=True)
        if self._kind() == ")":
            self._next()
            return node
        self._complain(
            "E02",
            "cs( takes one word or one phrase",
            operator,
            'for example cs(BILD) or cs("DIE ZEIT")',
        )
        while self._kind() != "end" and self._next().kind != ")":
            pass
        return None

    def _leaf(
        self, start: Token, token: Token, *, cased: bool = False
    ) -> Node | None:
        slop = self._next() if self._kind() == "slop" else None
        node, problem = read_leaf(
            token,
            self._since(start),
            field=self.filter,
            cased=cased,
            slop=slop,
        )
        if problem:
            self.problems.append(problem)
        return node


def _nears(node: Node | None) -> int:
    return sum(isinstance(below, Near) for below in walk(node)) if node else 0
