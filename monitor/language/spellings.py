"""Habits of writing one word: gendered forms, `B 239`, `K 14n`, `§ 44 b`, `12 000`, `Kreis- und
Stadtverwaltung`, `Hauptstr.`, `Hbf`.

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
    INVISIBLE,
    LETTER,
    MARKS,
    OPEN_HYPHENS,
    SPACES,
    THOUSANDS,
)
from monitor.language.compounds import splits

Fold = Callable[[str], str]

_JOIN = "\u00ad"  # a soft hyphen: `words` takes what it joins for one word
_END = "\ufe0f"  # an invisible mark: takes the place of a bracket that ends a word
_LONGEST = 60  # letters of a part; so that no rule reads a hostile text twice
_ONLY_LETTERS = r"[^\W\d_]"
_INSIDE_WORD = re.compile(f"(?:{LETTER}|[{MARKS}{INVISIBLE}])+")
_UNSEEN = re.compile(f"[{MARKS}{INVISIBLE}]*")

_SPACE = f"[{SPACES}]"
_UNSEEN_FEW = f"[{INVISIBLE}]{{0,2}}"
_SIGN = (
    rf"{_UNSEEN_FEW}(?:\\?[{GENDER_SIGNS}]|{_SPACE}?/(?:{_SPACE}?[{DASHES}])?|[{APOSTROPHES}])"
    rf"{_UNSEEN_FEW}"
)
_GENDERED = re.compile(
    rf"(?P<sign>{_SIGN})(?P<ending>(?:[iI]nnen|INNEN)(?P<tail>{LETTER}*)|(?:[iI]n|IN)(?!{LETTER}))"
    rf"|[(\[][*:_{DASHES}]?(?P<inside>[iI]nnen|INNEN|[iI]n|IN)[)\]](?P<after>{LETTER}*)"
    rf"|(?P<apart>\(inn\)en|/inn/en)(?!{LETTER})"
)
_ASKED_GENDERED = re.compile(_GENDERED.pattern, re.IGNORECASE)
_CAPITAL_INSIDE = re.compile(rf"In(?<=[a-zß-ü]In)(?:nen(?P<tail>{LETTER}*)|(?!{LETTER}))")
_INFLECTED = re.compile(
    rf"(?:\\?[{GENDER_SIGNS}](?P<letter>[ernsm])|/[{DASHES}]?(?P<slashed>[ern])"
    rf"|\([{DASHES}]?(?P<inside>[ern])\))(?!{LETTER}|[{MARKS}])"
)
_ASKED_INFLECTED = re.compile(_INFLECTED.pattern, re.IGNORECASE)
_AGENT = ("er", "ist", "ent", "ant", "eur", "or")  # `LehrerIn`, but not `LinkedIn`
_SHORTEST = {
    "innen": 3,
    "in": 4,
}  # letters before the ending: `Rät:innen`, `Köch:in`, but not `Log:in`
_PERSONS = ("er", "e", "en", "ern")  # before the ending: these are words for men, or their plurals
_PLURALS = ("en", "e", "n")  # what `Kollegen/-innen` has before the ending, and `Ärzte/-innen`

_GROUPED = re.compile(r"([1-9](?<![\d.,].)\d{0,2}(?:\.\d{3})+)(?![\d.])", re.DOTALL)
_SPACED = re.compile(
    rf"(?<![\w.,/+{DASHES}])(?<!\d{_SPACE})(?<!\){_SPACE})"
    rf"[1-9]\d{{0,2}}(?:(?:{_SPACE}\d{{3}})+|(?:[{THOUSANDS}]\d{{3}})+)"
    rf"(?:,\d+)?(?![\w{THOUSANDS}]|[.,:/]\d|{_SPACE}\d|[{DASHES}]\d)"
)
_SUFFIX = "(?:[a-fnxA-FNX]|neo|ceo)"  # `K 14n`, `F 35A`, `A 320neo`; but `C 5m` is a measure
_SECTION = re.compile(
    rf"(?:§{_SPACE}?|(?<!\w)(?:Art\.|Artikel|Paragra(?:ph|f)){_SPACE})"
    rf"(?P<section>\d{{1,4}}){_SPACE}(?P<letter>[a-z])(?![\w.)])"
)
_NOT_DIGITS = re.compile(f"[{SPACES}{THOUSANDS}]")

_STREET = re.compile(
    rf"(?<!{LETTER}){_ONLY_LETTERS}{{6,{_LONGEST}}}(?<=[sS]tr|STR)(?![{MARKS}]|{LETTER})"
)
_SHORTEST_PLACE = 5  # letters of `Domplatz` as `Dompl.`
_COUNTED = re.compile(rf"\d{_SPACE}")  # `5 St.` are pieces, not a saint
_STREET_ALONE = re.compile(rf"(?<![\w.])(?:[sS]tr(?=[.:])|(?<=[{DASHES}])[sS]tr(?!{LETTER}))")

# What most texts lack is looked for first: a sign of a habit is one character with something before
# or behind it.
_SIGNS = {
    "gendered": (
        rf"{GENDER_SIGNS}{APOSTROPHES}{DASHES}/(\[",
        rf"(?:(?=[{INVISIBLE}]{{0,2}}[iI][nN](?:[nN]|[)\]]|(?!{LETTER})))"
        rf"|(?=[ernsm](?!{LETTER}))(?<![{APOSTROPHES}])(?<!\w[{DASHES}]))",
    ),
    "number": (
        "0-9",
        rf"(?:(?<=[A-ZÄÖÜu][{SPACES}{DASHES}].)|(?=[{SPACES}{THOUSANDS}][0-9]{{3}})"
        rf"|(?={_SPACE}[a-z](?!\w)))",
    ),
    "open first": (OPEN_HYPHENS, rf"(?=[{SPACES},/])(?<=\w.)"),
    "open second": (OPEN_HYPHENS, rf"(?=\w)(?<=[{SPACES}/,].)"),
    "short": (
        ".",
        r"(?:(?<=[sS]t.)(?<![^\W_]...)|(?<=ST.)(?<![^\W_]...)|(?<=rof.)|(?<=pl.))",
    ),
}
_IS = {name: re.compile(f"[{signs}]{around}") for name, (signs, around) in _SIGNS.items()}
_IS_STREET = (  # fixed letters in front, which the search skips to: one pattern for both cannot
    re.compile(r"tr(?![^\W_])(?<=[sS]tr)"),
    re.compile(r"STR(?![^\W_])"),
)
_IS_SHORT = tuple(  # abbreviations without a full stop; a plain search comes first
    (letters, re.compile(letters + behind))
    for letters, behind in (
        *((letters, rf"(?!{LETTER}|[{MARKS}])") for letters in ("bf", "hf", "gm")),
        ("St ", r"(?<![^\W_]...)(?=[A-ZÄÖÜ])"),
    )
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
    articles: frozenset[str]
    men: dict[str, str]
    abbreviations: dict[str, str]
    across: re.Pattern[str]
    small_letters: re.Pattern[str]
    numbered: re.Pattern[str]
    open_first: re.Pattern[str]
    open_second: re.Pattern[str]


def lines_with_spellings(text: str, others: Iterable[int] = ()) -> list[tuple[int, int]]:
    """The lines [start, end) that may hold such a habit or hold one of the `others`, in order.

    All other lines surely hold none.
    """
    signs = (_IS_ANY, *_IS_STREET, _CAPITAL_INSIDE)
    places = [match.start() for sign in signs for match in sign.finditer(text)]
    places += [match.start() for match in _short_ends(text)]
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
    for match in _short_ends(text):
        _abbreviation(found, match.end() - match.group().endswith(" "), fold)
    return found if habits or found.instead else None


def _short_ends(text: str) -> Iterator[re.Match[str]]:
    """Where abbreviations without a full stop end: `Hbf`, `St Pauli`."""
    for letters, pattern in _IS_SHORT:
        if letters in text:
            yield from pattern.finditer(text)


def close_gendered(text: str) -> str:
    """A query with each gendered form as one word, in whatever letters it is written.

    No character moves.
    """
    pieces = list(text)
    for match in _ASKED_GENDERED.finditer(text):
        stem = text[_stem_start(text, match.start()) : match.start()]
        if len(stem) >= _SHORTEST["innen"]:
            _join(pieces, match)
    for match in _ASKED_INFLECTED.finditer(text):
        if _is_inflected(text[_stem_start(text, match.start()) : match.start()], match):
            _join(pieces, match)
    return "".join(pieces)


def spelled_across(query: str, start: int, end: int) -> int:
    """Where the word from `start` to `end` of a query really ends: `B 239` and `Bürger(innen)` are
    one each.
    """
    whole = _rules().across.match(query, start)
    return max(end, whole.end()) if whole else end


def name_letters(text: str) -> str:
    """A query with single letters before a number in capitals: people who look for `b 239` mean
    B239.
    """
    return _rules().small_letters.sub(lambda match: match.group().upper(), text)


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
    prefixes = "|".join(sorted({*lists["prefixes"], *map(str.upper, lists["prefixes"])}, key=_size))
    dash, hyphen, opened = f"[{DASHES}]", f"[{HYPHENS}]", f"[{OPEN_HYPHENS}]"
    between = (
        rf"(?:{_SPACE}?[,/]{_SPACE}?(?:(?:{connectors}){_SPACE})?|{_SPACE}(?:{connectors}){_SPACE})"
    )
    part = rf"(?:{LETTER}|[{INVISIBLE}]){{1,{_LONGEST}}}"
    tail = rf"[^\W\d_]{{3,{_LONGEST}}}"
    not_an_amount = (
        rf"(?![\w/]*\d|\w|[.,:]\d|{_SPACE}?(?:{units})(?!{LETTER})|{dash}\d"
        rf"|[{SPACES}{THOUSANDS}]\d{{3}}(?!\d)|\.{_SPACE}?(?:{months}))"
    )
    return _Rules(
        places=frozenset(lists["places"]),
        inner_words=tuple(lists["inner_words"]),
        endings=frozenset(lists["endings"]),
        short_heads=frozenset(lists["short_heads"]),
        articles=frozenset(lists["articles"]),
        men=dict(lists["men"]),
        abbreviations=dict(lists["abbreviations"]),
        across=re.compile(  # what stands in a query without quotes and yet is one word
            rf"(?:[^\W\d_]|{prefixes}){_SPACE}\d{{1,4}}{_SUFFIX}?(?![\w.,]|{_SPACE}\d{{3}}(?!\w))"
            rf"|§{{1,2}}{_SPACE}?\d{{1,4}}{_SPACE}[a-z](?![\w.)])"
            rf"|[1-9]\d{{0,2}}(?:{_SPACE}\d{{3}})+(?:,\d+)?(?![\w.,])"
            rf"|{_ONLY_LETTERS}{{3,{_LONGEST}}}(?:[(\[][*:_{DASHES}]?(?:innen|in)[)\]]{_ONLY_LETTERS}*"
            rf"|\(inn\)en|\([{DASHES}]?[ern]\)|{_SPACE}?/{_SPACE}?[{DASHES}](?:innen|in)(?!\w))",
            re.IGNORECASE,
        ),
        small_letters=re.compile(
            rf"(?<![\w.&{APOSTROPHES}{DASHES}])(?:[a-z]|{prefixes.lower()})(?={_SPACE}\d)"
        ),
        numbered=re.compile(
            rf"(?<![\w.&{APOSTROPHES}{DASHES}])(?P<letter>[A-ZÄÖÜ]|{prefixes})"
            rf"(?:{_SPACE}(?P<number>\d{{1,4}}(?:{_SUFFIX}(?!\w))?)(?i:{not_an_amount})"
            rf"|{dash}(?P<first>\d{{1,4}}{_SUFFIX}?)(?={dash}[^\W\d_]))"
        ),
        open_first=re.compile(
            rf"(?P<first>{part})(?={opened}{between}(?:{part}{opened}{between}){{0,4}}"
            rf"(?P<last>{part}(?:{hyphen}{part})*))"
        ),
        open_second=re.compile(
            rf"(?<!{LETTER})(?P<first>{part}(?:{hyphen}{part})*)"
            rf"(?P<seconds>(?:{between}{opened}{tail}(?!{LETTER}|{dash})){{1,4}})"
        ),
    )


def _size(word: str) -> int:
    """The longest first."""
    return -len(word)


def _gendered(found: Spellings, fold: Fold) -> None:
    """`Bürger*innen` and the like: one word, and `Bürger` beside it."""
    text = found.text
    pieces: list[str] = []
    for match in _GENDERED.finditer(text):
        start = _stem_start(text, match.start())
        stem = text[start : match.start()]
        if _is_person(stem, match, fold):
            pieces = pieces or list(text)
            _join(pieces, match)
            alone = not (match["tail"] or match["after"])
            ending = _ending(match)
            for beside in _beside_gendered(fold(stem), ending, alone=alone):
                found.add(start, beside, (match.end if beside.endswith(ending) else match.start)())
    for match in _CAPITAL_INSIDE.finditer(text):
        start = _stem_start(text, match.start())
        stem = text[start : match.start()]
        if match.group() != "In" or stem.endswith(_AGENT):
            ending = "in" if match.group() == "In" else "innen"
            for beside in _beside_gendered(fold(stem), ending, alone=not match["tail"]):
                found.add(start, beside, match.start())
    _inflected(found, pieces, fold)
    if pieces:
        found.text = "".join(pieces)


def _inflected(found: Spellings, pieces: list[str], fold: Fold) -> None:
    """`jede*r` is jede and jeder, `ein*e` is ein and eine."""
    text = found.text
    for match in _INFLECTED.finditer(text):
        start = _stem_start(text, match.start())
        stem = text[start : match.start()]
        if _is_inflected(stem, match):
            pieces[:] = pieces or text
            _join(pieces, match)
            found.add(start, fold(stem), match.start())


def _is_inflected(stem: str, match: re.Match[str]) -> bool:
    """Whether the letter is an ending: `eine*n`, `Abgeordnete(r)`, but not `km/s`."""
    letter = match["letter"] or match["slashed"] or match["inside"]
    if letter in "eE":
        return stem.casefold() in _rules().articles
    return len(stem) >= _SHORTEST["in"] and stem[-1] in "eE"


def _stem_start(text: str, end: int) -> int:
    """Where the word begins that ends there."""
    start = end
    while start > 0 and end - start < _LONGEST and _INSIDE_WORD.fullmatch(text[start - 1]):
        start -= 1
    unseen = _UNSEEN.match(text, start, end)
    return unseen.end() if unseen else start


def _is_person(stem: str, match: re.Match[str], fold: Fold) -> bool:
    """Whether a word with such an ending is one for people, not `außen/innen` or `Log:in`."""
    name = _ending(match)
    folded = fold(stem)
    if len(folded) < _SHORTEST[name] or not folded.isalpha() or folded in _rules().places:
        return False
    written = match["ending"] or match["inside"] or ""
    if written.isupper() and not stem.isupper():
        return False
    if match["inside"] and stem[0].islower():
        return False  # `gew(innen)`
    if name == "in" and (
        not stem[0].isupper() or (written == "In" and not folded.endswith(_AGENT))
    ):
        return False
    tail = fold(match["tail"] or match["after"] or "")
    return not tail.startswith(_rules().inner_words)


def _ending(match: re.Match[str]) -> str:
    """`innen` or `in`."""
    written = match["ending"] or match["inside"] or "innen"
    return "innen" if written[:3].casefold() == "inn" else "in"


def _beside_gendered(stem: str, ending: str, *, alone: bool) -> Iterator[str]:
    """The words for men, and those for women where the stem is the plural for men.

    `Kolleg*innen` is also Kollegen, `Ärzt*in` is also Arzt, `Kunden/-innen` is also Kundinnen.
    """
    yield stem
    if not alone:
        return
    men = next((woman for woman in _rules().men if stem.endswith(woman)), None)
    if men:
        yield stem.removesuffix(men) + _rules().men[men]
    if not stem.endswith(_PERSONS):
        yield stem + "e"
        yield stem + "en"
    for plural in _PLURALS:
        bare = stem.removesuffix(plural)
        if bare != stem and len(bare) >= _SHORTEST["in"]:
            yield bare + ending


def _join(pieces: list[str], match: re.Match[str]) -> None:
    """Put joining characters where the signs are."""
    start, end = match.span()
    for at in range(start, end):
        if not pieces[at].isalpha():
            pieces[at] = _JOIN
    if pieces[end - 1] == _JOIN:
        pieces[end - 1] = _END


def _numbers(found: Spellings, fold: Fold) -> None:
    """`B 239` is also B239, `§ 44 b` is also 44b, `12 000` is also 12000."""
    for match in _rules().numbered.finditer(found.text):
        number = "number" if match["number"] else "first"
        found.add(match.start(), fold(match["letter"] + match[number]), match.end(number))
    for match in _SPACED.finditer(found.text):
        found.add(match.start(), _NOT_DIGITS.sub("", match.group()), match.end())
    for match in _SECTION.finditer(found.text):
        whole = match["section"] + match["letter"]
        found.add(match.start("section"), whole, match.end("letter"))


def _streets(found: Spellings, fold: Fold) -> None:
    """`Hauptstr.` is Hauptstraße, with or without the point."""
    for pattern in (_STREET, _STREET_ALONE):
        for match in pattern.finditer(found.text):
            found.instead[match.start()] = fold(match.group()) + "asse"


def _abbreviations(found: Spellings, fold: Fold) -> None:
    """Those that only a full stop tells from other words: `St.` is Sankt, `Marktpl.` Marktplatz."""
    for match in _IS["short"].finditer(found.text):
        _abbreviation(found, match.start(), fold)


def _abbreviation(found: Spellings, end: int, fold: Fold) -> None:
    """`Hbf` is Hauptbahnhof, and `hbf` stands beside."""
    start = _stem_start(found.text, end)
    folded = fold(found.text[start:end])
    full = _rules().abbreviations.get(folded)
    if folded.endswith("pl") and len(folded) >= _SHORTEST_PLACE:
        full = folded + "atz"
    if full and not _COUNTED.fullmatch(found.text, max(0, start - 2), start):
        found.instead[start] = full
        found.add(start, folded, end)


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
        for second in re.finditer(rf"(?<=[{OPEN_HYPHENS}]){_ONLY_LETTERS}+", match["seconds"]):
            if second.group().islower() or len(heads) == 1:
                for head in heads:
                    start = match.start("seconds") + second.start()
                    found.add(start, head + fold(second.group()), start + len(second.group()))


def _tails(first: str, last: str, fold: Fold) -> Iterator[str]:
    """The second parts that `last` may share with `first`."""
    parts = re.split(f"[{HYPHENS}]", last)
    if len(parts) > 1:
        yield "".join(map(fold, parts[1:]))
        return
    folded = fold(last)
    woman = folded.removesuffix("innen")
    if woman != folded and woman.endswith(_AGENT) and fold(first).endswith(_AGENT):
        yield "innen"  # `Lehrer- und Schülerinnen`
    if first[0].isupper() != last[0].isupper():
        return  # `Kreis- und städtische` is a noun and an adjective
    for whole in dict.fromkeys((folded, woman if _JOIN in last else folded)):
        for _, tail in splits(whole, _rules().endings, _rules().short_heads):
            yield tail


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
    ((_IS["short"],), _abbreviations),
)
"""The rules, each with the patterns of which one is found wherever it has something to do."""
