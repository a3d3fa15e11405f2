"""Habits of writing one word: gendered forms, `B 239`, `K 14n`, `§ 44 b`, `12
000`, `Kreis- und Stadtverwaltung`, `Hauptstr.`, `Hbf`.

Says where in a text such a habit is, and which words stand there for those who
look for another way to write them. Every rule looks at one line only. Knows no
positions and no queries; `words` puts the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from monitor.language.spelling_signs import Habit, Signs, at_signs

_THREE_DIGITS = re.compile(r"\.(?=\d{3}(?!\d))")  # in all that is grouped
_GROUPED = re.compile(
    r"([1-9](?<![\d.,].)\d{0,2}(?:\.\d{3})+)(?![\d.])", re.DOTALL
)
SPACED = re.compile(
    rf"(?<![\w.,/+{DASHES}])(?<!\d{SPACE})(?<!\){SPACE})"
    rf"[1-9]\d{{0,2}}(?:(?:{SPACE}\d{{3}})+|(?:[{THOUSANDS}]\d{{3}})+)"
    rf"(?:,\d+)?(?![\w{THOUSANDS}]|[.,:/]\d|{SPACE}\d|[{DASHES}]\d)"
)
SECTION = re.compile(
    rf"(?:§{SPACE}?|(?<!\w)(?:Art\.|Artikel|Paragra(?:ph|f)){SPACE})"
    rf"(?P<section>\d{{1,4}}){SPACE}(?P<letter>[a-z])(?![\w.)])"
)
# characters between where a rule's words begin and its sign, at most
NUMBER_REACH = 4
SPACED_REACH = 2
SECTION_REACH = len("Paragraph 1234")
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
) -> list[tuple[int, int, dict[Habit, list[int]]]]:
    """The lines [start, end) that hold signs of such habits or one of the
    `others`, in order, each with its signs, whose places count from its start.
    """
    found: list[tuple[int, Habit | None]] = [
        *signs,
        *((place, None) for place in others),
    ]
    lines: list[tuple[int, int, dict[Habit, list[int]]]] = []
    start = done = 0
    for place, habit in sorted(found, key=itemgetter(0)):
        if place >= done:
            start = text.rfind("\n", done, place) + 1 or done
            done = text.find("\n", place) + 1 or len(text)
            lines.append((start, done, {}))
        if habit is not None:
            lines[-1][2].setdefault(habit, []).append(place - start)
    return lines


def read_spellings(text: str, fold: Fold, signs: Signs) -> Spellings:
    """What a text holds of the habits whose signs are given."""
    found = Spellings(text)
    if signs:
        for habit, rule in _RULES:
            if habit in signs:
                rule(found, signs[habit], fold)
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
    if not _THREE_DIGITS.search(folded):
        return folded
    return _GROUPED.sub(lambda match: match[1].replace(".", ""), folded)


def _numbers(found: Spellings, signs: Sequence[int], fold: Fold) -> None:
    """`B 239` is also B239."""
    numbered = rules().numbered
    for match in at_signs(numbered, found.text, signs, reach=NUMBER_REACH):
        number = "number" if match["number"] else "first"
        found.add(
            match.start(),
            fold(match["letter"] + match[number]),
            match.end(number),
        )


def _thousands(found: Spellings, signs: Sequence[int], _: Fold) -> None:
    """`12 000` is also 12000."""
    for match in at_signs(SPACED, found.text, signs, reach=SPACED_REACH):
        found.add(
            match.start(), _NOT_DIGITS.sub("", match.group()), match.end()
        )


def _sections(found: Spellings, signs: Sequence[int], _: Fold) -> None:
    """`§ 44 b` is also 44b."""
    for match in at_signs(SECTION, found.text, signs, reach=SECTION_REACH):
        whole = match["section"] + match["letter"]
        found.add(match.start("section"), whole, match.end("letter"))


def _streets(found: Spellings, _: Sequence[int], fold: Fold) -> None:
    """`Hauptstr.` is Hauptstraße, with or without the point."""
    for pattern in (_STREET, _STREET_ALONE):
        for match in pattern.finditer(found.text):
            found.instead[match.start()] = fold(match.group()) + "asse"


def _abbreviations(found: Spellings, signs: Sequence[int], fold: Fold) -> None:
    """Those that only a full stop tells from other words: `St.` is Sankt,
    `Marktpl.` Marktplatz.
    """
    for full_stop in signs:
        _abbreviation(found, full_stop, fold)


def _short_ends(found: Spellings, signs: Sequence[int], fold: Fold) -> None:
    """Those without a full stop: `Hbf`, `St Pauli`."""
    for sign in signs:
        _abbreviation(found, sign + 2, fold)


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


def _open_first(found: Spellings, signs: Sequence[int], fold: Fold) -> None:
    """`Kreis- und Stadtverwaltung` has Kreisverwaltung beside `Kreis`."""
    text = found.text
    for hyphen in signs:
        match = rules().open_first.match(text, stem_start(text, hyphen))
        if not match or match.end() != hyphen:
            continue
        for tail in _tails(match["first"], match["last"], fold):
            found.add(
                match.start(), fold(match["first"]) + tail, match.end("first")
            )


def _open_second(found: Spellings, _: Sequence[int], fold: Fold) -> None:
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


_RULES: tuple[
    tuple[Habit, Callable[[Spellings, Sequence[int], Fold], None]], ...
] = (
    ("gendered", find_gendered),
    ("number", _numbers),
    ("thousands", _thousands),
    ("section", _sections),
    ("street", _streets),
    ("open first", _open_first),
    ("open second", _open_second),
    ("short", _abbreviations),
    ("short end", _short_ends),
)
