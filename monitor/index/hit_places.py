"""Finds the words of an original text that made it a hit, as character spans
for highlights.

Splitting a whole article into words to mark three of them would cost more than
the search. So a regular expression first finds the places where such a word
may begin or end, and only what stands between two spaces around such a place
is split. Knows folded words; knows no queries and no engine.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitor.index.highlight import FindHits
from monitor.language.cut_text import plain_form
from monitor.language.spelling_signs import find_signs
from monitor.language.words import Word, words, words_as_written

# beyond them almost every word may be one, and splitting the whole text is
# faster
_MOST_PLACES = 12
FoundWord = tuple[str, int, int]
"""(folded, start, end): a word of a text that may be a hit."""
Choose = Callable[[str, Sequence[FoundWord]], Iterable[FoundWord]]
"""Of the words of a text, in order, those that are a hit where they stand."""
# folding turns many letters into ASCII: these are looked at, not reasoned
# about
_MAY_BE_ANYTHING = r"\x80-\U0010ffff"
_JOINERS = "'.\\s\\-"  # O'Neill is also oneill, B 239 is b239, 1.000 is 1000


@dataclass(frozen=True, slots=True)
class Places:
    """Letters by which hits are known: each begins or ends with one of these,
    or has one of them somewhere.

    Beginnings may also be those of stems. Only two letters of each are used.
    """

    beginnings: Iterable[str] = ()
    endings: Iterable[str] = ()
    parts: Iterable[str] = ()


def hits_finder(
    places: Places | None,
    is_hit: Callable[[str], bool],
    choose: Choose | None = None,
) -> FindHits:
    """Finds every word whose folded form `is_hit`, all of which are at
    `places`. None: they may be any words. `choose`: which of them count.

    A joined form counts only where none of its parts does.
    """
    known: dict[str, bool] = {}
    nowhere = False
    candidates = None
    if places is not None:
        beginnings = {beginning[:2] for beginning in places.beginnings}
        endings = {ending[-2:] for ending in places.endings}
        parts = {part[:2] for part in places.parts}
        nowhere = not (beginnings or endings or parts)
        candidates = (
            None if nowhere else _candidates(beginnings, endings, parts)
        )

    def find(text: str) -> tuple[tuple[int, int], ...]:
        hits: list[FoundWord] = []
        for offset, found in (
            _pieces(text, candidates) if candidates else ((0, words(text)),)
        ):
            for folded, start, end, _ in found:
                hit = known.get(folded)
                if hit is None:
                    hit = known[folded] = is_hit(folded)
                if hit and (not hits or offset + start >= hits[-1][2]):
                    hits.append((folded, offset + start, offset + end))
        chosen = choose(text, hits) if choose else hits
        return tuple((start, end) for _, start, end in chosen)

    return (lambda _: ()) if nowhere else find


def _candidates(
    beginnings: set[str], endings: set[str], parts: set[str]
) -> re.Pattern[str] | None:
    """Matches a character at which a word with these letters may begin or end,
    or which may be the first of a part.

    None where that would not save anything.
    """
    pairs = beginnings | endings | parts
    if len(beginnings) + len(endings) + len(parts) > _MOST_PLACES or not all(
        map(str.isascii, pairs)
    ):
        return None
    one = "".join(
        _both_cases(pair[0]) for pair in beginnings | parts
    ) + "".join(_both_cases(p[-1]) for p in endings)
    conditions = []
    if beginnings:
        conditions.append(f"(?<![^\\W_].){_at_start_of(beginnings)}")
    if endings:
        conditions.append(
            f"(?![^\\W_])(?:(?<=[{_MAY_BE_ANYTHING}])|{'|'.join(map(_at_end_of, endings))})"
        )
    if parts:
        conditions.append(_at_start_of(parts))
    # The class comes first, for the engine skips to it; the conditions then
    # look at few places.
    return re.compile(
        f"[{one}{_MAY_BE_ANYTHING}](?:{'|'.join(conditions)})", re.DOTALL
    )


def _at_start_of(pairs: set[str]) -> str:
    """Holds behind a character that, with the next one, may be one of `pairs`."""
    # An e may follow the first letter because a stem has lost the e of ae, oe,
    # ue; ß and the like stand for two letters themselves.
    starts = "|".join(
        f"[{_both_cases(pair[0])}]"
        + (
            f"[{_both_cases(pair[1])}eE{_JOINERS}{_MAY_BE_ANYTHING}]"
            if pair[1:]
            else ""
        )
        for pair in pairs
    )
    return f"(?<=(?=[{_MAY_BE_ANYTHING}]|{starts}).)"


def _at_end_of(pair: str) -> str:
    """Holds behind a character that, with the one before, may be `pair`."""
    before = (
        f"[{_both_cases(pair[0])}{_JOINERS}{_MAY_BE_ANYTHING}]"
        if pair[1:]
        else ""
    )
    return f"(?<={before}[{_both_cases(pair[-1])}])"


def _pieces(
    text: str, candidates: re.Pattern[str]
) -> Iterable[tuple[int, list[Word]]]:
    """The words around each candidate, and those of lines with a habit of
    spelling, with the offsets of these pieces.

    `Hbf` begins and ends otherwise than the word for which it stands. No word
    reaches over the end of a line, nor, where nothing is spelled otherwise,
    over a space.
    """
    signs = sorted(at for at, _ in find_signs(text, plain_form(text)))
    offset = 0
    for line in text.splitlines(keepends=True):
        end = offset + len(line)
        if bisect_left(signs, offset) < bisect_left(signs, end):
            yield offset, words(line)
        else:
            for start, piece in _around(line, candidates):
                yield offset + start, words_as_written(piece)
        offset = end


def _around(
    line: str, candidates: re.Pattern[str]
) -> Iterable[tuple[int, str]]:
    """What stands between two spaces and has a candidate, with its offset."""
    end = 0
    while match := candidates.search(line, end):
        start = line.rfind(" ", end, match.end()) + 1 or end
        end = line.find(" ", match.end())
        if end < 0:
            end = len(line)
        yield start, line[start:end]


def _both_cases(letter: str) -> str:
    return re.escape(letter) + (
        re.escape(letter.upper()) if letter != letter.upper() else ""
    )
