"""Habits of writing one word: gendered forms, `B 239`, `K 14n`, `§ 44 b`, `12
000`, `Kreis- und Stadtverwaltung`, `Hauptstr.`, `Hbf`.

Says where in a text such a habit is, and which words stand there for those who
look for another way to write them. Every rule looks at one line only. Knows no
positions and no queries; `words` puts the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from operator import itemgetter

from monitor.language.characters import (
    DASHES,
    HYPHENS,
    LETTER,
    MARKS,
    OPEN_HYPHENS,
    SPACES,
    THOUSANDS,
)
from monitor.language.compounds import splits
from monitor.language.gendered import AGENT, find_gendered
from monitor.language.spelling_rules import (
    JOIN,
    LONGEST,
    ONLY_LETTERS,
    SPACE,
    Fold,
    Spellings,
    rules,
    stem_start,
)
from monitor.language.spelling_signs import SIGNS, Habit

_GROUPED = re.compile(
    r"([1-9](?<![\d.,].)\d{0,2}(?:\.\d{3})+)(?![\d.])", re.DOTALL
)
_SPACED = re.compile(
    rf"(?<![\w.,/+{DASHES}])(?<!\d{SPACE})(?<!\){SPACE})"
    rf"[1-9]\d{{0,2}}(?:(?:{SPACE}\d{{3}})+|(?:[{THOUSANDS}]\d{{3}})+)"
    rf"(?:,\d+)?(?![\w{THOUSANDS}]|[.,:/]\d|{SPACE}\d|[{DASHES}]\d)"
)
_SECTION = re.compile(
    rf"(?:§{SPACE}?|(?<!\w)(?:Art\.|Artikel|Paragra(?:ph|f)){SPACE})"
    rf"(?P<section>\d{{1,4}}){SPACE}(?P<letter>[a-z])(?![\w.)])"
)
_SECOND = re.compile(rf"(?<=[{OPEN_HYPHENS}]){ONLY_LETTERS}+")
_NOT_DIGITS = re.compile(f"[{SPACES}{THOUSANDS}]")

_STREET = re.compile(
    rf"(?<!{LETTER}){ONLY_LETTERS}{{6,{LONGEST}}}(?<=[sS]tr|STR)(?![{MARKS}]|{LETTER})"
)
_SHORTEST_PLACE = 5  # letters of `Domplatz` as `Dompl.`
_COUNTED = re.compile(rf"\d{SPACE}")  # `5 St.` are pieces, not a saint
_STREET_ALONE = re.compile(
    rf"(?<![\w.])(?:[sS]tr(?=[.:])|(?<=[{DASHES}])[sS]tr(?!{LETTER}))"
)


def lines_with_spellings(
    text: str, signs: Iterable[tuple[int, Habit]], others: Iterable[int]
) -> list[tuple[int, int, set[Habit]]]:
    """The lines [start, end) that hold signs of such habits or one of the
    `others`, in order, each with the habits.
    """
    found: list[tuple[int, Habit | None]] = [
        *signs,
        *((place, None) for place in others),
    ]
    lines: list[tuple[int, int, set[Habit]]] = []
    done = 0
    for place, habit in sorted(found, key=itemgetter(0)):
        if place >= done:
            start = text.rfind("\n", done, place) + 1 or done
            done = text.find("\n", place) + 1 or len(text)
            lines.append((start, done, set()))
        if habit is not None:
            lines[-1][2].add(habit)
    return lines


def read_spellings(
    text: str, fold: Fold, habits: Collection[Habit]
) -> Spellings:
    """What a text holds of these habits."""
    found = Spellings(text)
    for habit, rule in _RULES:
        if habit in habits:
            rule(found, fold)
    return found


def spelled_across(query: str, start: int, end: int) -> int:
    """Where the word from `start` to `end` of a query really ends: `B 239` and
    `Bürger(innen)` are one each.
    """
    whole = rules().across.match(query, start)
    return max(end, whole.end()) if whole else end


def name_letters(text: str) -> str:
    """A query with single letters before a number in capitals: people who look
    for `b 239` mean B239.
    """
    return rules().small_letters.sub(lambda match: match.group().upper(), text)


def ungrouped(folded: str) -> str:
    """The number without the points between its thousands: 12.000 is 12000;
    12,5 and 1.10.2024 stay.
    """
    return _GROUPED.sub(lambda match: match[1].replace(".", ""), folded)


def _numbers(found: Spellings, fold: Fold) -> None:
    """`B 239` is also B239, `§ 44 b` is also 44b, `12 000` is also 12000."""
    for match in rules().numbered.finditer(found.text):
        number = "number" if match["number"] else "first"
        found.add(
            match.start(),
            fold(match["letter"] + match[number]),
            match.end(number),
        )
    for match in _SPACED.finditer(found.text):
        found.add(
            match.start(), _NOT_DIGITS.sub("", match.group()), match.end()
        )
    for match in _SECTION.finditer(found.text):
        whole = match["section"] + match["letter"]
        found.add(match.start("section"), whole, match.end("letter"))


def _streets(found: Spellings, fold: Fold) -> None:
    """`Hauptstr.` is Hauptstraße, with or without the point."""
    for pattern in (_STREET, _STREET_ALONE):
        for match in pattern.finditer(found.text):
            found.instead[match.start()] = fold(match.group()) + "asse"


def _abbreviations(found: Spellings, fold: Fold) -> None:
    """Those that only a full stop tells from other words: `St.` is Sankt,
    `Marktpl.` Marktplatz.
    """
    for match in SIGNS["short"][0].finditer(found.text):
        _abbreviation(found, match.start(), fold)


def _short_ends(found: Spellings, fold: Fold) -> None:
    """Those without a full stop: `Hbf`, `St Pauli`."""
    for sign in SIGNS["short end"]:
        for match in sign.finditer(found.text):
            end = match.end() - match.group().endswith(" ")
            _abbreviation(found, end, fold)


def _abbreviation(found: Spellings, end: int, fold: Fold) -> None:
    """`Hbf` is Hauptbahnhof, and `hbf` stands beside."""
    start = stem_start(found.text, end)
    folded = fold(found.text[start:end])
    full = rules().abbreviations.get(folded)
    if folded.endswith("pl") and len(folded) >= _SHORTEST_PLACE:
        full = folded + "atz"
    if full and not _COUNTED.fullmatch(found.text, max(0, start - 2), start):
        found.instead[start] = full
        found.add(start, folded, end)


def _open_first(found: Spellings, fold: Fold) -> None:
    """`Kreis- und Stadtverwaltung` has Kreisverwaltung beside `Kreis`."""
    text = found.text
    for hyphen in SIGNS["open first"][0].finditer(text):
        match = rules().open_first.match(
            text, stem_start(text, hyphen.start())
        )
        if not match or match.end() != hyphen.start():
            continue
        for tail in _tails(match["first"], match["last"], fold):
            found.add(
                match.start(), fold(match["first"]) + tail, match.end("first")
            )


def _open_second(found: Spellings, fold: Fold) -> None:
    """`Stadtverwaltung und -rat` has Stadtrat beside `rat`."""
    for match in rules().open_second.finditer(found.text):
        heads = _heads(match["first"], fold)
        for second in _SECOND.finditer(found.text, *match.span("seconds")):
            tail = second.group()
            if tail.islower() or len(heads) == 1:
                for head in heads:
                    found.add(second.start(), head + fold(tail), second.end())


def _tails(first: str, last: str, fold: Fold) -> Iterator[str]:
    """The second parts that `last` may share with `first`."""
    _first, *after = re.split(f"[{HYPHENS}]", last)
    if after:
        yield "".join(map(fold, after))
        return
    folded = fold(last)
    woman = folded.removesuffix("innen")
    if (
        woman != folded
        and woman.endswith(AGENT)
        and fold(first).endswith(AGENT)
    ):
        yield "innen"  # `Lehrer- und Schülerinnen`
    if first[0].isupper() != last[0].isupper():
        return  # `Kreis- und städtische` is a noun and an adjective
    for whole in dict.fromkeys((folded, woman if JOIN in last else folded)):
        for _, tail in splits(whole, rules().endings, rules().short_heads):
            yield tail


def _heads(first: str, fold: Fold) -> list[str]:
    """The first parts that `first` may share with what follows."""
    *before, _last = re.split(f"[{HYPHENS}]", first)
    if before:
        return ["".join(map(fold, before))]
    return [
        head
        for head, _ in splits(
            fold(first), rules().endings, rules().short_heads
        )
    ]


_RULES: tuple[tuple[Habit, Callable[[Spellings, Fold], None]], ...] = (
    ("gendered", find_gendered),
    ("number", _numbers),
    ("street", _streets),
    ("open first", _open_first),
    ("open second", _open_second),
    ("short", _abbreviations),
    ("short end", _short_ends),
)
