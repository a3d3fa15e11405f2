"""A text with the hits of all topics and of a search: each marked once,
numbered in order of reading, so that a list of hits can lead to each. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.types.match import MatchText, Place, Span

PLACES: tuple[Place, ...] = (
    "title",
    "feed_title",
    "lead",
    "text",
    "feed_text",
)
"""In order of reading."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; `number` counts the hits, None where it is none."""

    text: str
    number: int | None = None


Line = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that was looked for, under the name that people know, and
    where it stands.
    """

    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """What was looked for, and the numbers of its hits."""

    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The parts of an article by place, a tuple of lines each, and the jumps
    to its hits.
    """

    parts: Mapping[Place, tuple[Line, ...]]
    jumps: tuple[Jump, ...]


def mark_text(text: MatchText, asked: Sequence[Asked]) -> MarkedText:
    """The text with the hits of everything that was asked. Hits that overlap
    are one.
    """
    spans: dict[Place, list[Span]] = defaultdict(list)
    for each in asked:
        for span in each.spans:
            spans[span.part].append(span)
    parts: dict[Place, tuple[Line, ...]] = {}
    numbered: dict[Place, list[tuple[int, int, int]]] = {}
    number = 1
    for place in PLACES:
        said = getattr(text, place)
        hits = [
            (start, end)
            for start, end in _united(spans[place])
            if end <= len(said)
        ]
        numbered[place] = [
            (*hit, number + offset) for offset, hit in enumerate(hits)
        ]
        parts[place] = _lines(said, numbered[place])
        number += len(hits)
    jumps = (Jump(each.name, _numbers(each.spans, numbered)) for each in asked)
    return MarkedText(parts, tuple(jump for jump in jumps if jump.numbers))


def _united(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap as one."""
    united: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if united and span.start < united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], span.end))
        elif span.end > span.start:
            united.append((span.start, span.end))
    return united


def _lines(
    said: str, hits: Sequence[tuple[int, int, int]]
) -> tuple[Line, ...]:
    """The paragraphs, cut at their hits. A hit over the end of one goes on in
    the next.
    """
    lines: list[Line] = []
    begin = 0
    for line in said.split("\n"):
        end = begin + len(line)
        inside = [hit for hit in hits if hit[0] < end and hit[1] > begin]
        if line.strip():
            lines.append(_segments(said, begin, end, inside))
        begin = end + 1
    return tuple(lines)


def _segments(
    said: str, begin: int, end: int, hits: Sequence[tuple[int, int, int]]
) -> Line:
    segments: list[Segment] = []
    done = begin
    for start, stop, number in hits:
        first, last = max(start, begin), min(stop, end)
        if first > done:
            segments.append(Segment(said[done:first]))
        segments.append(Segment(said[first:last], number))
        done = last
    if done < end:
        segments.append(Segment(said[done:end]))
    return tuple(segments)


def _numbers(
    spans: Iterable[Span],
    numbered: Mapping[Place, Sequence[tuple[int, int, int]]],
) -> tuple[int, ...]:
    """The numbers of the marks that these spans lie in."""
    found = {
        number
        for span in spans
        for start, end, number in numbered[span.part]
        if start <= span.start < end
    }
    return tuple(sorted(found))
