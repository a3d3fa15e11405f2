"""A query into tokens with their places.

Reads other tools' spellings of the same operators; knows no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Literal, NamedTuple

from monitor.language.spellings import spelled_across
from monitor.query.fields import FILTERS, PARTS
from monitor.query.foreign import (
    not_near,
    ordered_plus,
    read_call,
    read_stretch,
)
from monitor.types.match import QueryProblem

Kind = Literal[
    "word",
    "phrase",
    "(",
    ")",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "ATLEAST",
    "cs",
    "field",
    "boost",
    "slop",
    "end",
]

# NEAR and "a b"~n: further apart, words no longer belong together
MOST_WORDS_BETWEEN = 20
MOST_COUNTED = 1000
MOST_BOOST = 100
DEFAULT_DISTANCE = 4

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_OPERATORS: dict[str, Kind] = {
    "AND": "AND",
    "UND": "AND",
    "&&": "AND",
    "OR": "OR",
    "ODER": "OR",
    "||": "OR",
    "|": "OR",
}
_OPERATORS |= {"NOT": "NOT", "NICHT": "NOT", "ANDNOT": "NOT", "BUTNOT": "NOT"}
_MINUS = "-\u2010\u2011\u2012\u2013\u2212"

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_ENDS = r"(?![^\s()\"])"
# w/5 and pre/5 are Cision's and Nexis', NEAR/5f is Brandwatch's, NEAR5 and
# ADJ5 are Factiva's, /5 is Nexis' and Westlaw's, AROUND(3) is Google's.
_PROXIMITY = re.compile(
    rf"(?i:(?P<slashed>onear|near|pre|w)/)(?P<number>[^\s()\"]*){_ENDS}"
    rf"|(?P<call>(?i:around)|ONEAR|NEAR)\(\s*(?P<called>\d+)\s*\){_ENDS}"
    rf"|(?P<alone>ONEAR|NEAR)(?:\s*/\s*(?P<apart>\d+))?{_ENDS}"
    rf"|(?i:(?P<glued>onear|near|adj)(?P<digits>\d+f?)){_ENDS}"
    rf"|(?P<bare>/)(?P<count>\d+)(?=[\s(\"])"
)
_ORDERED = frozenset({"onear", "pre", "adj"})
_COUNTED = re.compile(
    r"(?i:atleast)/([^\s()\":]*)|ATLEAST\s+(\d+)(?=[\s(])|(ATLEAST)(?![^\s()\"])"
    rf"|(?i:atleast)(\d+){_ENDS}|(?i:atl)(\d+)(?=\()"
)
_CASED = re.compile(r"(?i:cs)(?=\()")
_FIELD = re.compile(r"(@?[^\W\d][\w.@]*):(?!//)\s*")
_FEMALE = re.compile(r"(?i:innen\w*|in(?!\w)|(?<=e:)[rnsm](?!\w))")
_FILTER_VALUE = re.compile(r"[^\s()\"]+")
_NUMBER = re.compile(r"[~^][^\s()\"]*")
_RANGE = re.compile(r"\[[^\]\[]*\]|\{[^{}]*\}")
_PLAIN_WORD = re.compile(r"[a-zäöüß]{2,}(?=[\s)]|\Z)")
"""A word that is nothing else: operators have capitals, digits, signs or a
bracket behind them.
"""
_WORD = re.compile(r"(?:\\.|[^\s()\"\\^~|]|\\\Z)+|\|\|?", re.DOTALL)
_ANY_FIELD = re.compile(r"\*:\s*(?=[\w\"(])")  # Kibana's
_PHRASE = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
# Their opening halves are no apostrophes, so nothing else can be meant; 'a b'
# and ‘a b’ may be.
_SINGLE_QUOTED = re.compile('‚([^"‚‘]+)‘(?!\\w)|›([^"›‹]+)‹|‹([^"›‹]+)›')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Token(NamedTuple):
    """One token. `text` is the word, the phrase without quotes, the field's
    name; `number` stands after / ~ ^.
    """

    kind: Kind
    text: str
    offset: int
    length: int
    number: int = 0
    ordered: bool = False


def normalise_quotes(text: str) -> str:
    """The query with every double quote straight. No character moves."""
    return text.translate(_QUOTES)


def unescape(text: str) -> str:
    r"""The text that `\"` and the like stand for."""
    return _ESCAPE.sub(r"\1", text)


def read_tokens(query: str) -> tuple[list[Token], list[QueryProblem]]:
    """All tokens, the last of kind `end`, and what could not be read.

    `query` has straight quotes.
    """
    lexer = _Lexer(query)
    while lexer.position < len(query):
        lexer.step()
    lexer.add("end", "", 0)
    return _without_not_near(lexer.tokens, lexer.problems), lexer.problems


def _without_not_near(
    tokens: list[Token], problems: list[QueryProblem]
) -> list[Token]:
    """The tokens without a NOT before NEAR, which is complained of."""
    if not any(token.kind == "NEAR" for token in tokens):
        return tokens
    kept: list[Token] = []
    for token, following in pairwise([*tokens, tokens[-1]]):
        # In small letters it is a word, but for `not w/5`, as LexisNexis
        # writes it.
        excludes = token.kind == "NOT" or (
            token.text == "not" and not following.text.isupper()
        )
        if following.kind == "NEAR" and excludes and kept:
            length = following.offset + following.length - token.offset
            problems.append(not_near(token.offset, length))
        else:
            kept.append(token)
    return kept


class _Lexer:
    """Where we are in one query, and what was read so far."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.position = 0
        self.tokens: list[Token] = []
        self.problems: list[QueryProblem] = []
        self._readers: dict[str, Callable[[], None]] = {
            '"': self._phrase,
            "~": self._number,
            "^": self._number,
        }
        self._readers |= {"[": self._range, "{": self._range}

    def step(self) -> None:
        """Read one token, or skip what separates tokens."""
        space = _SPACE.match(self.query, self.position)
        if space:
            self.position = space.end()
            return
        plain = _PLAIN_WORD.match(self.query, self.position)
        if plain:
            self._add_word(plain)
            return
        letter = self.query[self.position]
        single = _SINGLE_QUOTED.match(self.query, self.position)
        if single:
            self.add(
                "phrase", single[single.lastindex or 0], len(single.group())
            )
        elif letter in "()":
            self.add("(" if letter == "(" else ")", letter, 1)
        elif letter in self._readers:
            self._readers[letter]()
        elif not self._special(letter):
            self._word()

    def _special(self, letter: str) -> bool:
        readers = (self._operator, self._call, self._field)
        return self._prefix(letter) or any(read() for read in readers)

    def add(
        self,
        kind: Kind,
        text: str,
        length: int,
        number: int = 0,
        *,
        ordered: bool = False,
    ) -> None:
        self.tokens.append(
            Token(kind, text, self.position, length, number, ordered)
        )
        self.position += length

    def _complain(
        self, code: str, message: str, length: int, hint: str
    ) -> None:
        self.problems.append(
            QueryProblem(code, message, self.position, length, hint)
        )

    def _phrase(self) -> None:
        found = _PHRASE.match(self.query, self.position)
        if found:
            self.add("phrase", found.group(1), len(found.group()))
            return
        self._complain(
            "E01",
            "this quote is never closed",
            1,
            r"add a closing " + r'" or escape it as \"',
        )
        self.add(
            "phrase",
            self.query[self.position + 1 :],
            len(self.query) - self.position,
        )

    def _number(self) -> None:
        found = _NUMBER.match(self.query, self.position)
        assert found
        raw = found.group()
        if raw[0] == "~":
            self.add(
                "slop",
                raw,
                len(raw),
                self._read_number(raw, raw[1:], (0, MOST_WORDS_BETWEEN)),
            )
        else:
            self.add(
                "boost",
                raw,
                len(raw),
                self._read_number(raw, raw[1:], (1, MOST_BOOST)),
            )

    def _range(self) -> None:
        found = _RANGE.match(self.query, self.position)
        length = len(found.group()) if found else 1
        hint = "write ( ); ranges are not part of the language"
        inside = found.group()[1:-1].strip() if found else ""
        if (
            inside
            and found
            and found.group()[0] == "{"
            and " TO " not in inside
        ):
            # Brandwatch's { }
            hint = f'cs("{inside}") compares letters as written, ( ) groups'
        self._complain("E02", "only round brackets group", length, hint)
        self.add("word", "", length)

    def _prefix(self, letter: str) -> bool:
        """`-word` and `!word` exclude; `+word` means the word itself. Only at
        the start of a word.
        """
        following = self.query[self.position + 1 : self.position + 2]
        starts = following.isalnum() or following in ('"', "(", "*")
        if letter == "+" and starts:
            doubt = (
                ordered_plus(self.query, self.position)
                if self.tokens
                else None
            )
            self.problems += [doubt] if doubt else []
            self.position += 1
            return True
        if (letter == "!" or letter in _MINUS) and starts and following:
            self.add("NOT", letter, 1)
            return True
        any_field = _ANY_FIELD.match(self.query, self.position)
        if any_field:
            self.position = any_field.end()
        return any_field is not None

    def _operator(self) -> bool:
        if self._stretch() or self._near() or self._counted():
            return True
        if _CASED.match(self.query, self.position):
            self.add("cs", "cs", 2)
            return True
        return False

    def _stretch(self) -> bool:
        """`w/s`, `/p`, `SENTENCE`: read as NEAR, so that what follows is read,
        too.
        """
        problem = (
            read_stretch(self.query, self.position) if self.tokens else None
        )
        if problem is None:
            return False
        self.problems.append(problem)
        raw = self.query[self.position : self.position + problem.length]
        self.add("NEAR", raw, len(raw), DEFAULT_DISTANCE)
        return True

    def _near(self) -> bool:
        found = _PROXIMITY.match(self.query, self.position)
        if not found or (found["bare"] and not self.tokens):
            return False
        raw = found.group()
        name = (
            found["slashed"]
            or found["call"]
            or found["alone"]
            or found["glued"]
            or ""
        )
        number = found["number"] if found["slashed"] else None
        number = number if number is not None else found[found.lastindex or 0]
        if found["alone"]:
            number = found["apart"] or str(DEFAULT_DISTANCE)
        ordered = number[-1:] in ("f", "F") or name.casefold() in _ORDERED
        distance = self._read_number(
            raw,
            number.rstrip("fF"),
            (0, MOST_WORDS_BETWEEN),
            instead=DEFAULT_DISTANCE,
        )
        self.add("NEAR", raw, len(raw), distance, ordered=ordered)
        return True

    def _counted(self) -> bool:
        found = _COUNTED.match(self.query, self.position)
        if not found:
            return False
        digits = found[1] or found[2] or found[4] or found[5] or ""
        number = self._read_number(
            found.group(), digits, (1, MOST_COUNTED), instead=1
        )
        self.add("ATLEAST", found.group(), len(found.group()), number)
        return True

    def _call(self) -> bool:
        """`HLEAD(`, `title(`, `ALLCAPS(`."""
        call = read_call(self.query, self.position)
        if call is None:
            return False
        if call.problem:
            self.problems.append(call.problem)
            self.position += call.length
        else:
            self.add("field", call.field, call.length)
        return True

    def _read_number(
        self,
        raw: str,
        digits: str,
        bounds: tuple[int, int],
        *,
        instead: int | None = None,
    ) -> int:
        low, high = bounds
        if (
            digits.isascii()
            and digits.isdigit()
            and len(digits) < 10
            and low <= int(digits) <= high
        ):
            return int(digits)
        self._complain(
            "E08",
            f"{raw} needs a whole number from {low} to {high}",
            len(raw),
            _number_hint(raw, digits),
        )
        return low if instead is None else instead

    def _field(self) -> bool:
        found = _FIELD.match(self.query, self.position)
        if not found:
            return False
        name = found.group(1)
        gendered = _FEMALE.match(self.query, found.start() + len(name) + 1)
        if gendered and name.casefold() not in (*PARTS, *FILTERS):
            return False  # `Bürger:innen` and `jede:r` are words
        self.add("field", name, len(name))
        self.position = found.end()
        value = (
            _FILTER_VALUE.match(self.query, self.position)
            if name.casefold() in FILTERS
            else None
        )
        if value:
            self.add("word", value.group(), len(value.group()))
        return True

    def _word(self) -> None:
        found = _WORD.match(self.query, self.position)
        assert found  # whatever cannot stand in a word was read above
        self._add_word(found)

    def _add_word(self, found: re.Match[str]) -> None:
        raw = found.group()
        if raw not in _OPERATORS:
            raw = self.query[
                self.position : spelled_across(
                    self.query, self.position, found.end()
                )
            ]
        self.add(_OPERATORS.get(raw, "word"), raw, len(raw))


def _number_hint(raw: str, digits: str) -> str:
    if raw.startswith("^"):
        return "for example ^2"
    wide = digits.isdecimal() and int(digits[:9]) > MOST_WORDS_BETWEEN
    if raw.startswith("~"):
        further = "; further apart, put AND between the words" if wide else ""
        return f'for example "Kreis Herford"~3{further}'
    if raw.casefold().startswith("atl"):
        return "for example ATLEAST/3"
    ordered = raw.casefold().startswith(tuple(_ORDERED)) or raw[-1:] in (
        "f",
        "F",
    )
    name = "ONEAR" if ordered else "NEAR"
    if wide:
        return f"{name}/{MOST_WORDS_BETWEEN} is the widest; AND takes the whole article"
    return f"for example {name}/3"
