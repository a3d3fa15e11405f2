"""What changed between two versions of a text, paragraph by paragraph and word
by word, for people.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Sort = Literal["same", "added", "removed"]
# of a changed stretch that is compared word by word; comparing is quadratic
MOST_WORDS = 4000
_TOKEN = re.compile(r"\n|[^\S\n]+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that stayed, came or went."""

    sort: Sort
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of either version, in pieces."""

    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """True where anything came or went."""
        return any(piece.sort != "same" for piece in self.pieces)


def changes(old: str, new: str) -> tuple[Paragraph, ...]:
    """Every paragraph of both versions in reading order; one paragraph per
    line of the texts.
    """
    before = old.split("\n") if old else []
    after = new.split("\n") if new else []
    found: list[Paragraph] = []
    for name, i, j, k, m in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if name == "equal":
            found += [
                Paragraph((Piece("same", line),)) for line in before[i:j]
            ]
        else:
            found += _compare("\n".join(before[i:j]), "\n".join(after[k:m]))
    return tuple(found)


def _compare(old: str, new: str) -> list[Paragraph]:
    """A changed stretch; where little of it stayed, the whole of it went and
    came: that is easier to read.
    """
    before = _TOKEN.findall(old)
    after = _TOKEN.findall(new)
    is_short = len(before) + len(after) <= MOST_WORDS
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if not before or not after or not is_short or matcher.ratio() < 0.5:
        return _whole(old, "removed") + _whole(new, "added")
    pieces: list[Piece] = []
    for name, i, j, k, m in matcher.get_opcodes():
        left, came = "".join(before[i:j]), "".join(after[k:m])
        if name == "equal":
            pieces.append(Piece("same", left))
            continue
        pieces.append(Piece("removed", left))
        pieces.append(Piece("added", came))
    return [Paragraph(tuple(line)) for line in _lines(pieces)]


def _whole(text: str, sort: Sort) -> list[Paragraph]:
    return [
        Paragraph((Piece(sort, line),)) for line in text.split("\n") if line
    ]


def _lines(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The same pieces, a list for each paragraph."""
    line: list[Piece] = []
    for piece in pieces:
        for number, text in enumerate(piece.text.split("\n")):
            if number:
                yield line
                line = []
            if text:
                line.append(Piece(piece.sort, text))
    if line:
        yield line
