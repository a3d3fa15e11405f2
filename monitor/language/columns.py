"""The words of a whole text in columns, for those who read whole articles: matcher, index, stories.

What is a word is said in `words`. Ordinary German text, which is almost all there is, is folded and
cut as a whole, one byte for each character, in a fifth of the time. Lines with letters or signs for
which that would be wrong go through `words` itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from monitor.language.characters import APOSTROPHES, DASHES, INVISIBLE, LETTER, MARKS
from monitor.language.spellings import lines_with_spellings
from monitor.language.words import count_words, fold

Span = tuple[int, int]
"""Characters [start, end)."""

# texts, some 70 kB each: stories, matcher and index read an article shortly after each other
_REMEMBERED = 128
_LONGEST_REMEMBERED = 20_000  # characters

# What every second text has beyond Latin-1. Replacing these costs less than looking for all that
# may be there.
_FREQUENT = (
    ("\u2013", "-"),
    ("\u201e", " "),
    ("\u201c", " "),
    ("\u201d", " "),
    ("\u2019", "'"),
    ("\u2018", "'"),
    ("\u201a", " "),
    ("\u2026", " "),
    ("\u20ac", " "),
)
_BEYOND = re.compile("[^\x00-\xff]")

_is_letter = re.compile(LETTER).fullmatch
_is_inside = re.compile(f"[{MARKS}{INVISIBLE}]").fullmatch
_JOINERS = (("-", re.compile(f"[{DASHES}]")), ("'", re.compile(f"[{APOSTROPHES}]")))
_NUMERIC = ".,"  # part of a word between digits
_TWO = {
    "ae": "ä",
    "oe": "ö",
    "ue": "ü",
    "ss": "ß",
    "th": "þ",
}  # what folds to two letters stays one until it is cut
_SUPERSCRIPTS = "¹²³"  # folded they are digits, but `m²,5` is no number
_ODD = (
    "\xad"  # stands for all that must be left to `words`; itself a soft hyphen, which must be too
)


def _plain_character(character: str) -> str:
    """One Latin-1 character for any other: folded, a joiner, a space for what separates,
    or `_ODD`.
    """
    for joiner, such in _JOINERS:
        if such.match(character):
            return joiner
    if _is_inside(character):
        return _ODD
    if character in _NUMERIC or character in _SUPERSCRIPTS:
        return character
    if not _is_letter(character):
        return " "
    folded = fold(character)
    if folded.isdigit() and not character.isdecimal():
        return _ODD
    return (
        folded
        if len(folded) == 1 and folded.isascii() and folded.isalnum()
        else _TWO.get(folded, _ODD)
    )


_plain_cached = lru_cache(maxsize=4096)(_plain_character)
_PLAIN = "".join(map(_plain_character, map(chr, range(256)))).encode("latin-1")
_CUT = bytes(
    ord(" ")
    if chr(byte) in "-'.,"
    else ord(fold(chr(byte))[0])
    if chr(byte) in _SUPERSCRIPTS
    else byte
    for byte in range(256)
)
_INSIDE = re.compile(  # one class in front: the search skips to it
    "['.,-](?<=[LETTERS].)(?=[LETTERS])".replace(
        "LETTERS", f"a-z0-9{_SUPERSCRIPTS}{''.join(_TWO.values())}"
    ).encode("latin-1")
)
_DIGITS = frozenset(b"0123456789")
_TOKEN = re.compile(rb"[^ ]+")
_TWO_BYTES = tuple((letter.encode("latin-1"), pair.encode()) for pair, letter in _TWO.items())


class Columns:
    """The words of one text in the order of `words`; the n-th word has the n-th place in every
    column.
    """

    __slots__ = ("_plain", "_spans", "folded", "joined", "positions", "size")

    def __init__(
        self,
        folded: Sequence[str],
        positions: Sequence[int],
        joined: Sequence[int],
        *,
        size: int,
        where: list[Span] | bytes,
    ) -> None:
        """`joined`: the numbers of the joined forms; `size`: how many positions there are,
        addresses included.

        `where` is the spans, or the plain form of the text, in which they can be found.
        """
        self.folded, self.positions, self.joined, self.size = folded, positions, joined, size
        self._plain = where if isinstance(where, bytes) else b""
        self._spans = None if isinstance(where, bytes) else where

    @property
    def spans(self) -> list[Span]:
        """Where each word stands in the text.

        Found out when first asked for: few articles have a hit.
        """
        if self._spans is None:
            self._spans = _spans_of(self._plain)
        return self._spans


def columns(text: str) -> Columns:
    """All words of the text.

    The same text again soon costs nothing; nobody may change what is returned.
    """
    return _columns_cached(text) if len(text) <= _LONGEST_REMEMBERED else _columns(text)


def _columns(text: str) -> Columns:
    habits = lines_with_spellings(text)
    if not habits:
        return _of_ordinary(text)
    pieces: list[tuple[int, Columns]] = []
    done = 0
    for start, end in habits:
        if start > done:
            pieces.append((done, _of_ordinary(text[done:start])))
        pieces.append((start, _of_any(text[start:end])))
        done = end
    if done < len(text):
        pieces.append((done, _of_ordinary(text[done:])))
    return pieces[0][1] if len(pieces) == 1 else _of_pieces(pieces)


def _of_ordinary(text: str) -> Columns:
    """The words of lines without habits of spelling."""
    plain = _plain_form(text)
    if plain is not None:
        return _of_plain(plain)
    lines = text.splitlines(keepends=True)
    if len(lines) <= 1:
        return _of_any(text)
    pieces = []
    offset = 0
    for line in lines:
        plain = _plain_form(line)
        pieces.append((offset, _of_any(line) if plain is None else _of_plain(plain)))
        offset += len(line)
    return _of_pieces(pieces)


_columns_cached = lru_cache(maxsize=_REMEMBERED)(_columns)


def _plain_form(text: str) -> bytes | None:
    """The text with a byte for each character, folded, without anything but words and what joins
    them. None: odd.
    """
    if "@" in text or "://" in text:
        return None
    written = text
    for old, new in _FREQUENT:
        written = written.replace(old, new)
    try:
        raw = written.encode("latin-1")
    except UnicodeEncodeError:
        raw = _BEYOND.sub(lambda match: _plain_cached(match[0]), written).encode("latin-1")
    plain = raw.translate(_PLAIN)
    return None if b"\xad" in plain or b"www." in plain else plain


def _of_plain(plain: bytes) -> Columns:
    spelled = plain
    for letter, pair in _TWO_BYTES:
        spelled = spelled.replace(letter, pair)
    spaced, compounds = _cut(spelled)
    if not compounds:
        only = spaced.decode("ascii").split()
        return Columns(only, range(len(only)), (), size=len(only), where=plain)
    folded: list[str] = []
    positions: list[int] = []
    joined: list[int] = []
    done = size = 0
    for start, end in compounds:
        folded += spaced[done:start].decode("ascii").split()
        parts = spaced[start:end].decode("ascii").split()
        whole = "".join(parts)
        folded.append(parts[0])
        if _is_worded(whole):
            positions += range(size, len(folded) - len(joined))
            size = len(folded) - len(joined)
            positions.append(size - 1)
            joined.append(len(folded))
            folded.append(whole)
        folded += parts[1:]
        done = end
    folded += spaced[done:].decode("ascii").split()
    positions += range(size, len(folded) - len(joined))
    return Columns(folded, positions, joined, size=len(folded) - len(joined), where=plain)


def _cut(plain: bytes) -> tuple[bytes, list[Span]]:
    """The same with spaces between words and between parts of compounds, and where
    compounds stand.
    """
    spaced = bytearray(plain.translate(_CUT))
    compounds: list[Span] = []
    joints = []
    for match in _INSIDE.finditer(plain):
        at = match.start()
        if plain[at] not in b".,":
            joints.append(at)
        elif plain[at - 1] in _DIGITS and plain[at + 1] in _DIGITS:
            spaced[at] = plain[at]
    start, end = 0, -1
    for joint in joints:
        if joint != end:
            if end > 0:
                compounds.append((start, end))
            start = spaced.rfind(b" ", 0, joint) + 1
        end = spaced.find(b" ", joint + 1)
        end = end if end > 0 else len(spaced)
    if joints:
        compounds.append((start, end))
    return bytes(spaced), compounds


def _is_worded(compound: str) -> bool:
    """Whether it has a letter: `10-15` has no joined form. Folded letters are all small."""
    return compound.islower()


def _spans_of(plain: bytes) -> list[Span]:
    spaced, compounds = _cut(plain)
    apart = [match.span() for match in _TOKEN.finditer(spaced)]
    spans: list[Span] = []
    done = 0
    for start, end in compounds:
        if _is_worded(plain[start:end].decode("latin-1")):
            first = bisect_right(
                apart, (start, end), lo=done
            )  # what begins there is shorter, so it comes before
            spans += apart[done:first]
            spans.append((start, end))
            done = first
    return spans + apart[done:]


def _of_any(text: str) -> Columns:
    found, size = count_words(text)
    positions = [word.position for word in found]
    joined = [number for number, (one, other) in enumerate(pairwise(positions), 1) if one == other]
    return Columns(
        [w.folded for w in found],
        positions,
        joined,
        size=size,
        where=[(w.start, w.end) for w in found],
    )


def _of_pieces(pieces: Iterable[tuple[int, Columns]]) -> Columns:
    """Pieces of a text with their offsets as one: no word and no address reaches over the end of a
    line.
    """
    folded: list[str] = []
    positions: list[int] = []
    joined: list[int] = []
    spans: list[Span] = []
    size = 0
    for offset, found in pieces:
        joined += [len(folded) + number for number in found.joined]
        folded += found.folded
        positions += [size + position for position in found.positions]
        spans += [(offset + start, offset + end) for start, end in found.spans]
        size += found.size
    return Columns(folded, positions, joined, size=size, where=spans)
