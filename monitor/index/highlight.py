"""What a result list shows of a text: a short piece around the hits, with the
hits marked.

Marks are characters of the original text. Pure; knows neither queries nor the
engine: `is_hit` says which words count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from monitor.types.output import Highlight

WINDOW = 200  # characters of a snippet: two lines of a result list
LONGEST_TITLE = 300  # some feeds put the whole article into the title
# characters of a text that are looked at: hits after some twenty pages do not
# make a better snippet
SCANNED = 50_000
COMPARED = 1000  # hits among which the best place is sought
LONGEST_WORD = 30  # how far a cut moves to reach a word boundary
ELLIPSIS = "…"
# but for spaces, which are what it is replaced by
_WHITE = re.compile(r"[^\S ]")

Spans = Sequence[tuple[int, int]]
FindHits = Callable[[str], Spans]
"""The hits in a text: [start, end) in order, not overlapping."""


def find_nothing(_text: str) -> Spans:
    """For a list that shows no marks: looking for them costs a millisecond for
    each article.
    """
    return ()


def highlight_title(title: str, find_hits: FindHits) -> Highlight:
    """The title with its hits marked; cut only where it is absurdly long."""
    return _cut(
        title,
        find_hits(title[:LONGEST_TITLE]),
        0,
        min(len(title), LONGEST_TITLE),
    )


def highlight_text(parts: Sequence[str], find_hits: FindHits) -> Highlight:
    """The best piece of the first part that has a hit, else the beginning of
    the first part that has text.
    """
    shown = next(filter(None, parts), "")
    for part in () if find_hits is find_nothing else parts:
        spans = find_hits(part[:SCANNED])[:COMPARED]
        if spans:
            start, end = _window(part, spans)
            return _cut(part, spans, start, end)
    return _cut(shown, (), 0, _boundary_before(shown, WINDOW))


def _window(text: str, spans: Spans) -> tuple[int, int]:
    """The WINDOW of characters with the most hits (different words first, then
    early), moved to word boundaries.
    """
    best_first, best_last, best_score = 0, 0, (0, 0)
    last = 0
    for first, (start, _) in enumerate(spans):
        last = max(last, first)
        while last + 1 < len(spans) and spans[last + 1][1] - start <= WINDOW:
            last += 1
        inside = spans[first : last + 1]
        score = (len({text[a:b].casefold() for a, b in inside}), len(inside))
        if score > best_score:
            best_first, best_last, best_score = first, last, score
    start, end = spans[best_first][0], spans[best_last][1]
    spare = max(0, WINDOW - (end - start))
    # A third of the spare room before the hits, the rest after: people read
    # on.
    start = max(0, start - spare // 3)
    end = min(
        max(end, _boundary_before(text, max(end, start + WINDOW))),
        start + 2 * WINDOW,
    )
    return min(_boundary_after(text, start), spans[best_first][0]), end


def _boundary_after(text: str, place: int) -> int:
    """`place`, or the start of the next word where `place` is inside one."""
    if place <= 0:
        return 0
    for offset in range(place, min(place + LONGEST_WORD, len(text))):
        if text[offset - 1].isspace():
            return offset
    return place


def _boundary_before(text: str, place: int) -> int:
    """`place`, or the end of the word before it where `place` is inside one."""
    if place >= len(text):
        return len(text)
    for offset in range(place, max(place - LONGEST_WORD, 0), -1):
        if text[offset].isspace():
            return offset
    return place


def _has_signs(text: str) -> bool:
    return bool(text) and not text.isspace()


def _cut(text: str, spans: Spans, start: int, end: int) -> Highlight:
    """text[start:end] on one line, with an ellipsis where something is
    missing, and its marks moved along.
    """
    before = ELLIPSIS if start and _has_signs(text[:start]) else ""
    after = (
        ELLIPSIS
        if end < len(text) and _has_signs(text[end : end + SCANNED])
        else ""
    )
    piece = text[start:end]
    # of all white space only the space itself is printable
    if not piece.isprintable():
        piece = _WHITE.sub(" ", piece)
    shown = f"{before}{piece}{after}"
    if not spans:
        return Highlight(shown, ())
    shift = len(before) - start
    return Highlight(
        shown,
        tuple(
            (a + shift, b + shift) for a, b in spans if a >= start and b <= end
        ),
    )
