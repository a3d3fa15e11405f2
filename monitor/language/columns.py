"""The words of a whole text in columns, for those who read whole articles: matcher, index, stories.

What is a word is said in `words`. Ordinary German text, which is almost all there is, is folded and
cut as a whole, one byte for each character, in a fifth of the time. What lies between two spaces
and has letters for which that would be wrong, an address, or a word in one of several habits of
spelling goes through `words` itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from monitor.language.characters import APOSTROPHES, DASHES, INVISIBLE, LETTER, MARKS
from monitor.language.spellings import ungrouped
from monitor.language.words import Stretch, careful_stretches, fold, may_hold_address

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
# what folds to two letters stays one until it is cut
_TWO = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß", "th": "þ"}
_SUPERSCRIPTS = "¹²³"  # folded they are digits, but `m²,5` is no number
# stands for all that must be left to `words`; itself a soft hyphen, which must be too
_ODD = "\xad"


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
    is_one = len(folded) == 1 and folded.isascii() and folded.isalnum()
    return folded if is_one else _TWO.get(folded, _ODD)


def _cut_character(character: str) -> str:
    """The same where words are cut: joiners part, superscripts are digits."""
    if character in "-'.,":
        return " "
    return fold(character)[0] if character in _SUPERSCRIPTS else character


_plain_cached = lru_cache(maxsize=4096)(_plain_character)
_LATIN_1 = [chr(code) for code in range(256)]
_PLAIN = "".join(map(_plain_character, _LATIN_1)).encode("latin-1")
_CUT = "".join(map(_cut_character, _LATIN_1)).encode("latin-1")
_WITHIN = f"[a-z0-9{_SUPERSCRIPTS}{''.join(_TWO.values())}]"
# One class in front: the search skips to it.
_INSIDE = re.compile(f"['.,-](?<={_WITHIN}.)(?={_WITHIN})".encode("latin-1"))
_DIGITS = frozenset(b"0123456789")
_ODD_BYTE = _ODD.encode("latin-1")
_IS_ODD = re.compile(_ODD_BYTE)
_ADDRESS_SIGN = re.compile(r"@|://|www\.", re.IGNORECASE)
_MARK = "\x01"  # holds a position of a stretch that is read by `words`: no text in bytes has it
_MARK_AND_SPACE = b"\x01 "
_TOKEN = re.compile(rb"[^ ]+")
_TWO_BYTES = tuple((letter.encode("latin-1"), pair.encode()) for pair, letter in _TWO.items())


class Spans(Protocol):
    """Says where words stand in a text."""

    def span(self, number: int) -> Span:
        """The characters of word `number`."""


class Columns:
    """The words of one text in the order of `words`; the n-th word has the n-th place in every
    column.
    """

    __slots__ = ("folded", "joined", "positions", "size", "span")

    def __init__(
        self,
        folded: Sequence[str],
        positions: Sequence[int],
        joined: Sequence[int],
        *,
        size: int,
        spans: Spans,
    ) -> None:
        """`joined`: the numbers of the joined forms; `size`: how many positions there are,
        addresses included.
        """
        self.folded = folded
        self.positions = positions
        self.joined = joined
        self.size = size
        self.span = spans.span
        """Where a word stands in the text, by its number. Found out when asked: few words hit."""


def columns(text: str) -> Columns:
    """All words of the text.

    The same text again soon costs nothing; nobody may change what is returned.
    """
    if len(text) > _LONGEST_REMEMBERED:
        return _columns(text)
    return _columns_cached(text)


def _columns(text: str) -> Columns:
    plain = _plain_form(text)
    stretches = [each for each in careful_stretches(text, _odd_places(text, plain)) if each.size]
    if not stretches:
        return _of_plain(plain.replace(_ODD_BYTE, b" "))
    held = bytearray(plain)
    for stretch in stretches:
        length = stretch.end - stretch.start
        marks = (_MARK_AND_SPACE * stretch.size)[:length]
        held[stretch.start : stretch.end] = marks.ljust(length)
    return _with_stretches(_of_plain(bytes(held).replace(_ODD_BYTE, b" ")), stretches)


_columns_cached = lru_cache(maxsize=_REMEMBERED)(_columns)


def _plain_form(text: str) -> bytes:
    """The text with a byte for each character, folded, without anything but words, what joins them,
    and `_ODD`.
    """
    written = text
    for old, new in _FREQUENT:
        written = written.replace(old, new)
    try:
        raw = written.encode("latin-1")
    except UnicodeEncodeError:
        raw = _BEYOND.sub(lambda match: _plain_cached(match[0]), written).encode("latin-1")
    return raw.translate(_PLAIN)


def _odd_places(text: str, plain: bytes) -> list[int]:
    """Where characters stand that must be left to `words`, and where addresses may be."""
    places = [match.start() for match in _IS_ODD.finditer(plain)]
    if may_hold_address(text):
        places += [match.start() for match in _ADDRESS_SIGN.finditer(text)]
        places.sort()
    return places


def _of_plain(plain: bytes) -> Columns:
    spaced, compounds = _cut(plain)
    folded = _tokens(spaced[: compounds[0][0]] if compounds else spaced)
    positions: list[int] = []
    joined: list[int] = []
    spans = _PlainSpans(spaced, compounds)
    size = 0
    for (start, end), (following, _) in pairwise((*compounds, (len(spaced), 0))):
        spans.firsts.append(len(folded))
        parts = _tokens(spaced[start:end])
        whole = "".join(parts)
        folded.append(parts[0])
        if _is_worded(whole):
            positions += range(size, len(folded) - len(joined))
            size = len(folded) - len(joined)
            positions.append(size - 1)
            joined.append(len(folded))
            folded.append(whole)
        folded += parts[1:]
        folded += _tokens(spaced[end:following])
    positions += range(size, len(folded) - len(joined))
    return Columns(folded, positions, joined, size=len(folded) - len(joined), spans=spans)


class _PlainSpans:
    """Where words stand in a plain text: found out from one compound to the next."""

    def __init__(self, spaced: bytes, compounds: Sequence[Span]) -> None:
        self._spaced = spaced
        self._compounds = compounds
        self.firsts: list[int] = []
        """The numbers of the words that begin the compounds."""
        self._known: dict[int, list[Span]] = {}

    def span(self, number: int) -> Span:
        """The characters of word `number`."""
        piece = bisect_right(self.firsts, number)
        spans = self._known.get(piece)
        if spans is None:
            spans = self._known[piece] = self._spans_of(piece)
        first = self.firsts[piece - 1] if piece else 0
        return spans[number - first]

    def _spans_of(self, piece: int) -> list[Span]:
        """The spans of compound number `piece`, counted from 1, and what follows it; 0: what stands
        before all.
        """
        following = self._compounds[piece][0] if piece < len(self._compounds) else len(self._spaced)
        start, end = self._compounds[piece - 1] if piece else (0, 0)
        spans = [match.span() for match in _TOKEN.finditer(self._spaced, start, following)]
        if piece and _is_worded(self._spaced[start:end].decode("latin-1")):
            spans.insert(1, (start, end))
        return spans


_SHARED: dict[str, str] = {}
"""Words that are held once for all texts in memory: stories hold hundreds of them. A dictionary
that is emptied at times, as `sys.intern` keeps its strings for ever in some Pythons 3.12.
"""
MOST_SHARED = 100_000


def _tokens(spaced: bytes) -> list[str]:
    if not spaced.isascii():
        for letter, pair in _TWO_BYTES:
            spaced = spaced.replace(letter, pair)
    written = spaced.decode("ascii")
    if len(_SHARED) > MOST_SHARED:
        _SHARED.clear()
    share = _SHARED.setdefault
    words = (ungrouped(written) if "." in written else written).split()
    return [share(word, word) for word in words]


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


def _with_stretches(found: Columns, stretches: Sequence[Stretch]) -> Columns:
    """The words with those of the stretches in the places of the marks that were put there."""
    folded: list[str] = []
    positions: list[int] = []
    joined: list[int] = []
    spans = _SplicedSpans(found, stretches)
    done = 0
    for stretch in stretches:
        first = found.folded.index(_MARK, done)
        _add_range(joined, found.joined, (done, first), shift=len(folded) - done)
        folded += found.folded[done:first]
        positions += found.positions[done:first]
        spans.firsts.append(len(folded))
        base = found.positions[first]
        for word in stretch.words:
            if positions and positions[-1] == base + word.position:
                joined.append(len(folded))
            folded.append(word.folded)
            positions.append(base + word.position)
        done = first + stretch.size
        spans.shifts.append(len(folded) - done)
    _add_range(joined, found.joined, (done, len(found.folded)), shift=len(folded) - done)
    folded += found.folded[done:]
    positions += found.positions[done:]
    return Columns(folded, positions, joined, size=found.size, spans=spans)


class _SplicedSpans:
    """Where words stand in a text in which stretches have words of their own."""

    def __init__(self, found: Columns, stretches: Sequence[Stretch]) -> None:
        self._found = found
        self._stretches = stretches
        self.firsts: list[int] = []
        """The numbers of the first words of the stretches."""
        self.shifts: list[int] = []
        """How much higher the numbers are behind each than they were without its words."""

    def span(self, number: int) -> Span:
        """The characters of word `number`."""
        before = bisect_right(self.firsts, number) - 1
        if before < 0:
            return self._found.span(number)
        stretch = self._stretches[before]
        inside = number - self.firsts[before]
        if inside >= len(stretch.words):
            return self._found.span(number - self.shifts[before])
        word = stretch.words[inside]
        return stretch.offset + word.start, stretch.offset + word.end


def _add_range(
    numbers: list[int], more: Sequence[int], bounds: tuple[int, int], *, shift: int
) -> None:
    """Add those of `more` within the bounds [first, end), each so much higher."""
    first, end = bounds
    kept = more[bisect_left(more, first) : bisect_left(more, end)]
    numbers.extend(number + shift for number in kept)
