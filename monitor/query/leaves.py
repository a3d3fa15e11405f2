"""One word, phrase or filter value into a node, or into the one line that says
why not.

Knows no operators.
"""

from __future__ import annotations

import re

from monitor.query.foreign import doubtful_word
from monitor.query.forms import BadWildcard, read_elements
from monitor.query.lexer import Token, unescape
from monitor.query.tree import Filter, FilterField, Node, Phrase
from monitor.types.match import QueryProblem

LOWER_CASE_OPERATORS = frozenset({"and", "or", "not", "und", "oder", "nicht"})

_OPERAND_HINT = "write a word, a phrase or a group in brackets"
_COMPARISON = re.compile(r"[<>=]+|!=|\w+[<>]=?\d")
_REGEX = re.compile(r"/.+/")


def read_leaf(
    token: Token,
    span: tuple[int, int],
    *,
    field: FilterField | None,
    cased: bool,
    slop: Token | None,
) -> tuple[Node | None, QueryProblem | None]:
    """The node for a token of kind word or phrase, and what is wrong or
    doubtful with it.

    Neither a node nor a problem: the token is a sign alone, as in `§ 44b`,
    which is no word in texts either.
    """
    text = unescape(token.text)
    if field:
        return _read_filter(field, token, text)
    if token.kind == "phrase":
        return _read_phrase(token, text, span, cased=cased, slop=slop)
    problem = foreign_form(token, slop)
    if problem and problem.fatal:
        return None, problem
    if not any(letter.isalnum() or letter in "*?" for letter in text):
        return None, None
    elements = read_elements(text, cased=cased)
    if isinstance(elements, BadWildcard):
        return None, _about(token, "E06", elements.message, elements.hint)
    source = f"cs({token.text})" if cased else token.text
    return Phrase(elements, 0, source, span[0], span[1] + cased), problem


def _read_phrase(
    token: Token,
    text: str,
    span: tuple[int, int],
    *,
    cased: bool,
    slop: Token | None,
) -> tuple[Node | None, QueryProblem | None]:
    elements = read_elements(text, quoted=True, cased=cased)
    if isinstance(elements, BadWildcard):
        return None, _about(token, "E06", elements.message, elements.hint)
    source = f'cs("{token.text}")' if cased else f'"{token.text}"'
    offset, length = span
    words_between = slop.number if slop else 0
    return Phrase(
        elements, words_between, source, offset, length + cased
    ), None


def foreign_form(token: Token, slop: Token | None) -> QueryProblem | None:
    """What other tools can and this language cannot, and operators in small
    letters.
    """
    if slop:
        hint = 'write word* for other endings, "a b"~3 for phrases'
        return _about(slop, "E08", "~ stands after phrases only", hint)
    if _COMPARISON.match(token.text):
        hint = "times are chosen beside the query; length and reach are not asked for"
        return _about(
            token, "E04", "comparisons are not part of the language", hint
        )
    if _REGEX.fullmatch(token.text):
        hint = "wildcards are abc*, *abcd and ?"
        return _about(
            token,
            "E06",
            "regular expressions are not part of the language",
            hint,
        )
    if token.text in LOWER_CASE_OPERATORS:
        operator = token.text.upper()
        hint = f'write {operator} for the operator, or "{token.text}" if you mean the word'
        return _about(
            token, "W05", f"{token.text} is searched as a word", hint
        )
    return doubtful_word(token.text, token.offset)


def _read_filter(
    field: FilterField, token: Token, text: str
) -> tuple[Node | None, QueryProblem | None]:
    if text.startswith("*") or not text.strip():
        hint = f"write its beginning, for example {field}:abc*"
        return None, _about(token, "E06", f"{field}: needs a value", hint)
    return Filter(field, text.strip(), token.offset, token.length), None


def missing_operand(after: Token | None, here: Token) -> QueryProblem:
    """Where an operand should begin, `here` begins none; `after` is the
    operator or bracket that wants it.
    """
    if after is None and here.kind == "NEAR":
        hint = (
            "write it between what it joins, for example Kreis NEAR/5 Haushalt"
        )
        return _about(here, "E03", f"nothing stands before {here.text}", hint)
    if after is None and not here.text:
        return _about(
            here, "E03", "there is nothing to search for", _OPERAND_HINT
        )
    if after is None:
        return _about(
            here, "E03", f"nothing stands before {here.text}", _OPERAND_HINT
        )
    if after.kind in ("(", ")"):
        hint = "write a word in them, or remove them"
        return _about(after, "E03", "nothing stands in these brackets", hint)
    return _about(
        after, "E03", f"nothing stands after {after.text}", _OPERAND_HINT
    )


def _about(token: Token, code: str, message: str, hint: str) -> QueryProblem:
    return QueryProblem(
        code, message, token.offset, max(token.length, 1), hint
    )
