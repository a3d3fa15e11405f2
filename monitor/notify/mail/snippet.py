"""The piece of an article that shows why it matched: one sentence, or at most
200 characters of it. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain
from operator import itemgetter
from typing import Protocol

from monitor.language.hygiene import one_line
from monitor.notify.mail.sentences import sentence_bounds
from monitor.types.catalog import Snippet
from monitor.types.match import ClauseHits, Match, Place, Span
from monitor.types.output import Highlight

SHORT = 200  # characters; § 87g UrhG leaves links and very short extracts free
LONGEST_SENTENCE = 600  # a page without full stops is no sentence
_ELLIPSIS = "…"
_NOTHING = Highlight("", ())
_NO_HIT = (0, 0)  # clauses, hits
# how far a cut may move to fall between two words: further than the
# longest of German law
_WORD_SEARCH = 70


class TextParts(Protocol):
    """Whatever has the parts of an article: `Content` and `MatchText` do."""

    @property
    def own_title(self) -> str: ...
    @property
    def feed_title(self) -> str: ...
    @property
    def lead(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def feed_text(self) -> str: ...


def snippet_for(article: TextParts, match: Match, mode: Snippet) -> Highlight:
    """The sentence that hit, with the words as marks; a title only where
    nothing else hit, the page's before a feed's.

    Of several sentences the one that meets the most clauses wins, then the
    most hits, then the first (lead, text, text of the feed). `short` cuts it
    to 200 characters around the hits. Spans beyond the text are ignored.
    """
    if mode == "none":
        return _NOTHING
    limit = SHORT if mode == "short" else LONGEST_SENTENCE
    found = (
        _best_sentence(article.lead, "lead", match),
        _best_sentence(article.text, "text", match),
        _best_sentence(article.feed_text, "feed_text", match),
    )
    rank, best = max(found, key=itemgetter(0))
    return shorten(
        best if rank > _NO_HIT else _title_of(article, match), limit
    )


def feed_title_for(
    article: TextParts, match: Match, mode: Snippet
) -> Highlight:
    """The first of a feed's titles that hit, with its marks; nothing where
    none did.
    """
    best = _best_line(article.feed_title, match) if mode != "none" else None
    return shorten(_tidy(best), SHORT) if best else _NOTHING


def _title_of(article: TextParts, match: Match) -> Highlight:
    """The title that hit; nothing where none did."""
    title = article.own_title
    marks = _marks(_spans(match, "title"), 0, len(title))
    if marks:
        return _tidy(Highlight(title, marks))
    best = _best_line(article.feed_title, match)
    return _tidy(best) if best else _NOTHING


def _best_line(titles: str, match: Match) -> Highlight | None:
    """The first of a feed's titles, one a line, that hit."""
    spans = _spans(match, "feed_title")
    start = 0
    for line in titles.split("\n"):
        marks = _marks(spans, start, start + len(line))
        if marks:
            return Highlight(line, marks)
        start += len(line) + 1
    return None


def shorten(snippet: Highlight, limit: int) -> Highlight:
    """At most `limit` characters around as many marks as fit, cut between
    words, with an ellipsis at each cut.
    """
    text, marks = snippet.text, snippet.marks
    if len(text) <= limit:
        return snippet
    room = limit - 2 * len(_ELLIPSIS)
    first, last = _densest(marks, room) if marks else (0, 0)
    start = max(0, min((first + last - room) // 2, len(text) - room))
    end = min(len(text), start + room)
    start, end = _between_words(text, start, end, keep=(first, last))
    before = _ELLIPSIS if start > 0 else ""
    after = _ELLIPSIS if end < len(text) else ""
    shift = len(before) - start
    seen = [
        (max(s, start), min(e, end)) for s, e in marks if s < end and e > start
    ]
    kept = tuple((s + shift, e + shift) for s, e in seen)
    return Highlight(before + text[start:end] + after, kept)


def _spans(match: Match, part: Place) -> list[Span]:
    return list(
        chain.from_iterable(
            _clause_spans(clause, part) for clause in match.clauses
        )
    )


def _clause_spans(clause: ClauseHits, part: Place) -> list[Span]:
    spans = [span for span in clause.spans if span.part == part]
    return [span for span in spans if 0 <= span.start < span.end]


def _marks(
    spans: Iterable[Span], start: int, end: int
) -> tuple[tuple[int, int], ...]:
    """The spans that begin between two places of a text, as marks in what
    stands there.
    """
    inside = [span for span in spans if start <= span.start < end]
    return _merged(
        (span.start - start, min(span.end, end) - start) for span in inside
    )


def _rank(
    clauses: Iterable[list[int]], start: int, end: int
) -> tuple[int, int]:
    """How many clauses hit between two places, and how often."""
    counts = [
        bisect_left(starts, end) - bisect_left(starts, start)
        for starts in clauses
    ]
    return sum(map(bool, counts)), sum(counts)


def _best_sentence(
    text: str, part: Place, match: Match
) -> tuple[tuple[int, int], Highlight]:
    """The sentence of one part with the most clauses, then hits, and that rank
    before it.
    """
    hits = _spans(match, part)
    if not hits:
        return _NO_HIT, _NOTHING
    clauses = [
        sorted(s.start for s in _clause_spans(clause, part))
        for clause in match.clauses
    ]
    ranked = [
        (_rank(clauses, start, end), start, end)
        for start, end in sentence_bounds(text)
    ]
    rank, start, end = max(ranked, key=itemgetter(0), default=(_NO_HIT, 0, 0))
    return rank, _tidy(Highlight(text[start:end], _marks(hits, start, end)))


def _merged(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _tidy(snippet: Highlight) -> Highlight:
    """The same as one visible line: what `one_line` removes is gone, white
    space is single, marks move along.
    """
    if one_line(snippet.text, len(snippet.text)) == snippet.text:
        return snippet
    places: list[int] = []
    kept: list[str] = []
    for character in snippet.text:
        places.append(len(kept))
        shown = one_line(character)
        if shown:
            kept.append(shown[0])
        elif character.isspace() and kept and kept[-1] != " ":
            kept.append(" ")
    places.append(len(kept))
    moved = ((places[s], places[e]) for s, e in snippet.marks)
    return Highlight("".join(kept), tuple((s, e) for s, e in moved if s < e))


def _densest(marks: tuple[tuple[int, int], ...], room: int) -> tuple[int, int]:
    """The run of marks that holds the most of them within `room`; the first
    such.
    """
    best = (1, marks[0][0], min(marks[0][1], marks[0][0] + room))
    behind = 0  # the first mark that no longer fits
    for i, (start, _) in enumerate(marks):
        while behind < len(marks) and marks[behind][1] - start <= room:
            behind += 1
        if behind - i > best[0]:
            best = (behind - i, start, marks[behind - 1][1])
    return best[1], best[2]


def _between_words(
    text: str, start: int, end: int, *, keep: tuple[int, int]
) -> tuple[int, int]:
    """The same piece, a little smaller, so that no word is cut; what is in
    `keep` stays.
    """
    if start > 0:
        gap = text.find(" ", start - 1, min(start + _WORD_SEARCH, keep[0]))
        start = gap + 1 if gap >= 0 else start
    if end < len(text):
        gap = text.rfind(" ", max(end - _WORD_SEARCH, keep[1]), end + 1)
        end = gap if gap >= 0 else end
    return start, end
