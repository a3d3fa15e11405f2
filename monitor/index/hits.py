"""Finds the words of an original text that made it a hit, as character spans for highlights.

Splitting a whole article into words to mark three of them would cost more than the search. So a regular expression
first finds the places where such a word may begin, and only what stands there, up to the next spaces, is split. Knows
folded words; knows no queries and no engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from monitor.index.highlight import FindHits
from monitor.language.words import words

_MOST_BEGINNINGS = 12  # beyond them almost every word may be one, and splitting the whole text is faster
_MAY_BE_ANYTHING = r"\x80-\U0010ffff"  # folding turns many letters into ASCII: these are looked at, not reasoned about
_JOINERS = "'\\-"  # O'Neill is also oneill
_SPACE = re.compile(r"\s")
_BACK = 200  # characters before a place in which the space before its word is sought


def hits_finder(beginnings: Iterable[str] | None, is_hit: Callable[[str], bool]) -> FindHits:
    """Finds every word whose folded form `is_hit`. Such a form, or its stem, must begin like one of `beginnings`.

    None: it may begin with anything. A joined form counts only where none of its parts does.
    """
    known: dict[str, bool] = {}
    pairs = None if beginnings is None else {beginning[:2] for beginning in beginnings}
    candidates = _candidates(pairs) if pairs else None

    def find(text: str) -> tuple[tuple[int, int], ...]:
        spans: list[tuple[int, int]] = []
        for offset, piece in _pieces(text, candidates) if candidates else ((0, text),):
            for folded, start, end, _ in words(piece):
                hit = known.get(folded)
                if hit is None:
                    hit = known[folded] = is_hit(folded)
                if hit and (not spans or offset + start >= spans[-1][1]):
                    spans.append((offset + start, offset + end))
        return tuple(spans)

    return (lambda _: ()) if pairs == set() else find


def _candidates(pairs: set[str]) -> re.Pattern[str] | None:
    """Matches where a word with one of these first two letters may begin; None where that would not save anything."""
    if len(pairs) > _MOST_BEGINNINGS or not all(pair.isascii() for pair in pairs):
        return None
    firsts = "".join(_both_cases(pair[0]) for pair in pairs)
    starts = "|".join(
        _both_case_class(pair[0]) + (f"[{_both_cases(pair[1])}eE{_JOINERS}{_MAY_BE_ANYTHING}]" if pair[1:] else "")
        for pair in pairs
    )
    # The class comes first, for the engine skips to it; the two conditions then look at few places. An e may follow
    # the first letter because a stem has lost the e of ae, oe, ue; ß and the like stand for two letters themselves.
    return re.compile(f"[{firsts}{_MAY_BE_ANYTHING}](?<![^\\W_].)(?<=(?=[{_MAY_BE_ANYTHING}]|{starts}).)", re.DOTALL)


def _pieces(text: str, candidates: re.Pattern[str]) -> Iterable[tuple[int, str]]:
    """The runs without a space that hold a candidate, with their offsets. Words never reach over a space."""
    done = 0
    while found := candidates.search(text, done):
        start = found.start()
        while start > done and start > found.start() - _BACK and not text[start - 1].isspace():
            start -= 1
        space = _SPACE.search(text, found.end())
        done = space.start() if space else len(text)
        yield start, text[start:done]


def _both_case_class(letter: str) -> str:
    return f"[{_both_cases(letter)}]"


def _both_cases(letter: str) -> str:
    return re.escape(letter) + (re.escape(letter.upper()) if letter != letter.upper() else "")
