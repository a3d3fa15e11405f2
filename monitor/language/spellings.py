"""Habits of writing one word: gendered forms, `B 239`, `12 000`, `Kreis- und Stadtverwaltung`,
`Hauptstr.`.

Says where in a text such a habit is, and which words stand there for those who look for another way
to write them. Every rule looks at one line only. Knows no positions and no queries; `words` puts
the two together.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from monitor.language.characters import (
    APOSTROPHES,
    DASHES,
    GENDER_SIGNS,
    HYPHENS,
    LETTER,
    MARKS,
    SPACES,
)
from monitor.language.compounds import splits

Fold = Callable[[str], str]

_JOIN = "\u00ad"  # a soft hyphen: `words` takes what it joins for one word
_END = "\ufe0f"  # an invisible mark: takes the place of a bracket that ends a word
_LONGEST = 60  # letters of a part; so that no rule reads a hostile text twice
_ONLY_LETTERS = r"[^\W\d_]"
_ALPHANUMERIC = re.compile(f"(?:{LETTER}|[{MARKS}])+")

_SIGN = rf"(?:[{GENDER_SIGNS}]|/[{DASHES}]?|[{APOSTROPHES}])"
_GENDERED = re.compile(
    rf"(?P<sign>{_SIGN})(?P<ending>(?:innen|INNEN)(?P<tail>{LETTER}*)|(?:in|IN)(?!{LETTER}))"
    rf"|(?P<open>\()(?P<inside>innen|INNEN|in|IN)\)(?P<after>{LETTER}*)"
)
_ASKED_GENDERED = re.compile(_GENDERED.pattern, re.IGNORECASE)
_CAPITAL_INSIDE = re.compile(rf"In(?<=[a-zß-ü]In)(?:nen{LETTER}*|(?!{LETTER}))")
_AGENT = ("er", "ist", "ent", "ant", "eur", "or")  # `LehrerIn`, but not `LinkedIn`
_SHORTEST = {
    "innen": 3,
    "in": 4,
}  # letters before the ending: `Rät:innen`, `Köch:in`, but not `Log:in`

_GROUPED = re.compile(r"([1-9](?<![\d.,].)\d{0,2}(?:\.\d{3})+)(?![\d.])", re.DOTALL)
_SPACED = re.compile(
    rf"(?<![\w.,/+{DASHES}])(?<!\d[{SPACES}])(?<!\)[{SPACES}])"
    rf"[1-9]\d{{0,2}}(?:(?:[{SPACES}]\d{{3}})+|(?:[{APOSTROPHES}]\d{{3}})+)"
    rf"(?:,\d+)?(?![\w{APOSTROPHES}]|[.,:/]\d|[{SPACES}]\d|[{DASHES}]\d)"
)
_LETTER_AND_NUMBER = re.compile(rf"(?<![\w.&{APOSTROPHES}{DASHES}])[a-z](?=[{SPACES}]\d)")
_ACROSS = re.compile(  # what stands in a query without quotes and yet is one word
    rf"[^\W\d_][{SPACES}]\d{{1,4}}(?![\w.,]|[{SPACES}]\d{{3}}(?!\w))"
    rf"|[1-9]\d{{0,2}}(?:[{SPACES}]\d{{3}})+(?:,\d+)?(?![\w.,])"
    rf"|{_ONLY_LETTERS}{{3,{_LONGEST}}}\((?:innen|in)\){_ONLY_LETTERS}*",
    re.IGNORECASE,
)
_NOT_DIGITS = re.compile(f"[{SPACES}{APOSTROPHES}]")

_STREET = re.compile(
    rf"(?<!{LETTER}){_ONLY_LETTERS}{{6,{_LONGEST}}}(?<=[sS]tr|STR)(?![{MARKS}]|{LETTER})"
)
_STREET_ALONE = re.compile(rf"(?<![\w.])(?:[sS]tr(?=\.)|(?<=[{DASHES}])[sS]tr(?!{LETTER}))")

# What most texts lack is looked for first: a sign of a habit is one character with something before
# or behind it.
_SIGNS = {
    "gendered": (
        rf"{GENDER_SIGNS}{APOSTROPHES}{DASHES}/(",
        rf"(?:in|IN)(?:nen|NEN|\)|(?!{LETTER}))",
    ),
    "number": (
        "0-9",
        rf"(?:(?<=[A-ZÄÖÜ][{SPACES}{DASHES}].)|(?=[{SPACES}{APOSTROPHES}][0-9]{{3}}))",
    ),
    "open first": (HYPHENS, rf"(?=[{SPACES},/])(?<=\w.)"),
    "open second": (HYPHENS, rf"(?=\w)(?<=[{SPACES}/,].)"),
}
_IS = {name: re.compile(f"[{signs}]{around}") for name, (signs, around) in _SIGNS.items()}
_IS_STREET = (  # fixed letters in front, which the search skips to: one pattern for both cannot
    re.compile(r"tr(?![^\W_])(?<=[sS]tr)"),
    re.compile(r"STR(?![^\W_])"),
)
_IS_ANY = re.compile(  # a class in front, so that the search skips to it
    f"[{''.join(signs for signs, _ in _SIGNS.values())}]"
    f"(?:{'|'.join(f'(?<=[{signs}]){around}' for signs, around in _SIGNS.values())})"
)


@dataclass(slots=True)
class Spellings:
    """What a text holds of such habits. Offsets are those of the text as given.

    `text` has the same length, with the signs of gendered forms replaced by what joins their two
    sides to one word.
    """

    text: str
    instead: dict[int, str] = field(default_factory=dict)
    """The folded form of the part that begins there, where it is another than its letters say."""

    beside: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    """Folded words that stand beside the one that begins there, each with its end."""

    def add(self, start: int, folded: str, end: int) -> None:
        """Let a word stand beside the one at `start`."""
        self.beside.setdefault(start, []).append((folded, end))

    def stretches(self, others: Iterable[int]) -> Iterator[tuple[int, int]]:
        """What lies between two spaces and has such a word or one of the `others` in it, in order.

        Neighbours are one stretch.
        """
        start, end = 0, -1
        for place in sorted({*self.instead, *self.beside, *others}):
            if place < end:
                continue
            first = self.text.rfind(" ", 0, place) + 1
            if first > end + 1:
                if end >= 0:
                    yield start, end
                start = first
            end = self.text.find(" ", place)
            end = end if end >= 0 else len(self.text)
        if end >= 0:
            yield start, end


@dataclass(frozen=True, slots=True)
class _Rules:
    """The word lists, and the patterns that hold some of them."""

    places: frozenset[str]
    inner_words: tuple[str, ...]
    endings: frozenset[str]
    short_heads: frozenset[str]
    numbered: re.Pattern[str]
    open_first: re.Pattern[str]
    open_second: re.Pattern[str]


def lines_with_spellings(text: str, others: Iterable[int] = ()) -> list[tuple[int, int]]:
    """The lines [start, end) that may hold such a habit or hold one of the `others`, in order.

    All other lines surely hold none.
    """
    signs = (_IS_ANY, *_IS_STREET, _CAPITAL_INSIDE)
    places = [match.start() for sign in signs for match in sign.finditer(text)]
    lines: list[tuple[int, int]] = []
    done = 0
    for place in sorted((*places, *others)):
        if place < done:
            continue
        start = max(done, text.rfind("\n", done, place) + 1)
        done = text.find("\n", place) + 1 or len(text)
        lines.append((start, done))
    return lines


def read_spellings(text: str, fold: Fold) -> Spellings | None:
    """The habits in a text; None where there are none."""
    found = Spellings(text)
    habits = [habit for signs, habit in _HABITS if any(sign.search(text) for sign in signs)]
    for habit in habits:
        habit(found, fold)
    return found if habits else None


def close_gendered(text: str) -> str:
    """A query with each gendered form as one word, in whatever letters it is written.

    No character moves.
    """
    pieces = list(text)
    for match in _ASKED_GENDERED.finditer(text):
        stem = text[_stem_start(text, match.start()) : match.start()]
        if len(stem) >= _SHORTEST["innen"]:
            _join(pieces, match)
    return "".join(pieces)


def spelled_across(query: str, start: int, end: int) -> int:
    """Where the word from `start` to `end` of a query really ends: `B 239` and `Bürger(innen)` are
    one each.
    """
    whole = _ACROSS.match(query, start)
    return max(end, whole.end()) if whole else end


def name_letters(text: str) -> str:
    """A query with single letters before a number in capitals: people who look for `b 239` mean
    B239.
    """
    return _LETTER_AND_NUMBER.sub(lambda match: match.group().upper(), text)


def ungrouped(folded: str) -> str:
    """The number without the points between its thousands: 12.000 is 12000; 12,5 and 1.10.2024
    stay.
    """
    return _GROUPED.sub(lambda match: match[1].replace(".", ""), folded)


@cache
def _rules() -> _Rules:
    source = resources.files("monitor.language") / "data" / "spellings.toml"
    lists: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    units, months = "|".join(lists["units"]), "|".join(lists["months"])
    connectors = "|".join(map(re.escape, sorted(lists["connectors"], key=len, reverse=True)))
    dash, space, hyphen = f"[{DASHES}]", f"[{SPACES}]", f"[{HYPHENS}]"
    between = (
        rf"(?:{space}?[,/]{space}?(?:(?:{connectors}){space})?|{space}(?:{connectors}){space})"
    )
    part = rf"{LETTER}{{1,{_LONGEST}}}"
    tail = rf"[^\W\d_]{{3,{_LONGEST}}}"
    not_an_amount = (
        rf"(?![\w/]*\d|\w|[.,:]\d|{space}?(?:{units})(?!{LETTER})|{dash}\d"
        rf"|[{SPACES}{APOSTROPHES}]\d{{3}}(?!\d)|\.{space}?(?:{months}))"
    )
    return _Rules(
        places=frozenset(lists["places"]),
        inner_words=tuple(lists["inner_words"]),
        endings=frozenset(lists["endings"]),
        short_heads=frozenset(lists["short_heads"]),
        numbered=re.compile(
            rf"(?<![\w.&{APOSTROPHES}{DASHES}])(?P<letter>[A-ZÄÖÜ])"
            rf"(?:{space}(?P<number>\d{{1,4}})(?i:{not_an_amount})|{dash}(?P<first>\d{{1,4}})(?={dash}[^\W\d_]))"
        ),
        open_first=re.compile(
            rf"(?P<first>{part})(?={hyphen}{between}(?:{part}{hyphen}{between}){{0,4}}"
            rf"(?P<last>{part}(?:{hyphen}{part})*))"
        ),
        open_second=re.compile(
            rf"(?<!{LETTER})(?P<first>{part}(?:{hyphen}{part})*)"
            rf"(?P<seconds>(?:{between}{hyphen}{tail}(?!{LETTER}|{dash})){{1,4}})"
        ),
    )


def _gendered(found: Spellings, fold: Fold) -> None:
    """`Bürger*innen` and the like: one word, and `Bürger` beside it."""
    text = found.text
    pieces: list[str] | None = None
    for match in _GENDERED.finditer(text):
        start = _stem_start(text, match.start())
        if _is_person(text[start : match.start()], match, fold):
            pieces = pieces or list(text)
            _join(pieces, match)
            found.add(start, fold(text[start : match.start()]), match.start())
    for match in _CAPITAL_INSIDE.finditer(text):
        start = _stem_start(text, match.start())
        stem = text[start : match.start()]
        if match.group() != "In" or stem.endswith(_AGENT):
            found.add(start, fold(stem), match.start())
    if pieces:
        found.text = "".join(pieces)


def _stem_start(text: str, end: int) -> int:
    """Where the word begins that ends there."""
    start = end
    while start > 0 and end - start < _LONGEST and _ALPHANUMERIC.fullmatch(text[start - 1]):
        start -= 1
    return start


def _is_person(stem: str, match: re.Match[str], fold: Fold) -> bool:
    """Whether a word with such an ending is one for people, not `außen/innen` or `Log:in`."""
    ending = match["ending"] or match["inside"]
    name = "innen" if ending[:3].casefold() == "inn" else "in"
    folded = fold(stem)
    if len(stem) < _SHORTEST[name] or not folded.isalpha() or folded in _rules().places:
        return False
    if ending.isupper() != stem.isupper() or (name == "in" and not stem[0].isupper()):
        return False
    tail = fold(match["tail"] or match["after"] or "")
    return not tail.startswith(_rules().inner_words)


def _join(pieces: list[str], match: re.Match[str]) -> None:
    """Put joining characters where the signs are."""
    if match["sign"]:
        for at in range(*match.span("sign")):
            pieces[at] = _JOIN
        return
    pieces[match.start("open")] = _JOIN
    pieces[match.end("inside")] = _JOIN if match["after"] else _END


def _numbers(found: Spellings, fold: Fold) -> None:
    """`B 239` is also B239, `12 000` is also 12000."""
    for match in _rules().numbered.finditer(found.text):
        number = "number" if match["number"] else "first"
        found.add(match.start(), fold(match["letter"]) + match[number], match.end(number))
    for match in _SPACED.finditer(found.text):
        found.add(match.start(), _NOT_DIGITS.sub("", match.group()), match.end())


def _streets(found: Spellings, fold: Fold) -> None:
    """`Hauptstr.` is Hauptstraße, with or without the point."""
    for pattern in (_STREET, _STREET_ALONE):
        for match in pattern.finditer(found.text):
            found.instead[match.start()] = fold(match.group()) + "asse"


def _open_first(found: Spellings, fold: Fold) -> None:
    """`Kreis- und Stadtverwaltung` has Kreisverwaltung beside `Kreis`."""
    text = found.text
    for hyphen in _IS["open first"].finditer(text):
        match = _rules().open_first.match(text, _stem_start(text, hyphen.start()))
        if not match or match.end() != hyphen.start():
            continue
        for tail in _tails(match["first"], match["last"], fold):
            found.add(match.start(), fold(match["first"]) + tail, match.end("first"))


def _open_second(found: Spellings, fold: Fold) -> None:
    """`Stadtverwaltung und -rat` has Stadtrat beside `rat`."""
    for match in _rules().open_second.finditer(found.text):
        heads = tuple(_heads(match["first"], fold))
        for second in re.finditer(rf"(?<=[{HYPHENS}]){_ONLY_LETTERS}+", match["seconds"]):
            if second.group().islower() or len(heads) == 1:
                for head in heads:
                    start = match.start("seconds") + second.start()
                    found.add(start, head + fold(second.group()), start + len(second.group()))


def _tails(first: str, last: str, fold: Fold) -> Iterator[str]:
    """The second parts that `last` may share with `first`."""
    parts = re.split(f"[{HYPHENS}]", last)
    if len(parts) > 1:
        yield "".join(map(fold, parts[1:]))
    elif (
        first[0].isupper() == last[0].isupper()
    ):  # `Kreis- und städtische` is a noun and an adjective
        yield from (tail for _, tail in splits(fold(last), _rules().endings, _rules().short_heads))


def _heads(first: str, fold: Fold) -> Iterable[str]:
    """The first parts that `first` may share with what follows."""
    parts = re.split(f"[{HYPHENS}]", first)
    if len(parts) > 1:
        return ("".join(map(fold, parts[:-1])),)
    return [head for head, _ in splits(fold(first), _rules().endings, _rules().short_heads)]


_HABITS: tuple[tuple[tuple[re.Pattern[str], ...], Callable[[Spellings, Fold], None]], ...] = (
    ((_IS["gendered"], _CAPITAL_INSIDE), _gendered),
    ((_IS["number"],), _numbers),
    (_IS_STREET, _streets),
    ((_IS["open first"],), _open_first),
    ((_IS["open second"],), _open_second),
)
"""The rules, each with the patterns of which one is found wherever it has something to do."""
