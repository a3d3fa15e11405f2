"""The words of a whole text in columns, for those who read whole articles: matcher, index, stories.

What is a word is said in `words`. Ordinary German text, which is almost all there is, is folded and
cut as a whole, one byte for each character, in a fifth of the time. Lines with letters for which
that would be wrong, and words in one of several habits of spelling, go through `words` itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import pairwise

from monitor.language.characters import APOSTROPHES, DASHES, INVISIBLE, LETTER, MARKS
from monitor.language.spellings import ungrouped
from monitor.language.words import Word, count_words, fold, spelled_stretches

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

    __slots__ = ("_find", "_spans", "folded", "joined", "positions", "size")

    def __init__(
        self,
        folded: Sequence[str],
        positions: Sequence[int],
        joined: Sequence[int],
        *,
        size: int,
        find: Callable[[], list[Span]],
    ) -> None:
        """`joined`: the numbers of the joined forms; `size`: how many positions there are,
        addresses included.

        `find` says the spans.
        """
        self.folded, self.positions, self.joined, self.size = folded, positions, joined, size
        self._find = find
        self._spans: list[Span] | None = None

    @property
    def spans(self) -> list[Span]:
        """Where each word stands in the text.

        Found out when first asked for: few articles have a hit.
        """
        if self._spans is None:
            self._spans = self._find()
        return self._spans


def columns(text: str) -> Columns:
    """All words of the text.

    The same text again soon costs nothing; nobody may change what is returned.
    """
    return _columns_cached(text) if len(text) <= _LONGEST_REMEMBERED else _columns(text)


def _columns(text: str) -> Columns:
    plain = _plain_form(text)
    if plain is not None:
        return _of_plain_with_spellings(text, plain)
    lines = text.split("\n")
    if len(lines) == 1:
        return _of_any(text)
    pieces = []
    offset = 0
    for line in lines:
        plain = _plain_form(line)
        pieces.append(
            (offset, _of_any(line) if plain is None else _of_plain_with_spellings(line, plain))
        )
        offset += len(line) + 1
    return _of_pieces(pieces)


def _of_plain_with_spellings(text: str, plain: bytes) -> Columns:
    """All as `_of_plain` but the few words that are written in one of several habits."""
    pieces: list[tuple[int, Columns]] = []
    done = 0
    for stretch in spelled_stretches(text):
        if stretch.start > done:
            pieces.append((done, _of_plain(plain[done : stretch.start])))
        pieces.append((stretch.offset, _of_words(stretch.words, stretch.size)))
        done = stretch.end
    if not pieces:
        return _of_plain(plain)
    pieces.append((done, _of_plain(plain[done:])))
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
        only = _tokens(spaced)
        return Columns(only, range(len(only)), (), size=len(only), find=partial(_spans_of, plain))
    folded: list[str] = []
    positions: list[int] = []
    joined: list[int] = []
    done = size = 0
    for start, end in compounds:
        folded += _tokens(spaced[done:start])
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
        done = end
    folded += _tokens(spaced[done:])
    positions += range(size, len(folded) - len(joined))
    return Columns(
        folded, positions, joined, size=len(folded) - len(joined), find=partial(_spans_of, plain)
    )


def _tokens(spaced: bytes) -> list[str]:
    written = spaced.decode("ascii")
    return (ungrouped(written) if "." in written else written).split()


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
    return _of_words(*count_words(text))


def _of_words(found: list[Word], size: int) -> Columns:
    positions = [word.position for word in found]
    joined = [number for number, (one, other) in enumerate(pairwise(positions), 1) if one == other]
    folded = [word.folded for word in found]
    return Columns(folded, positions, joined, size=size, find=partial(_spans_of_words, found))


def _spans_of_words(found: list[Word]) -> list[Span]:
    return [(word.start, word.end) for word in found]


def _of_pieces(pieces: list[tuple[int, Columns]]) -> Columns:
    """Pieces of a text with their offsets as one: no word and no address reaches over a space or
    the end of a line.
    """
    folded: list[str] = []
    positions: list[int] = []
    joined: list[int] = []
    size = 0
    for _, found in pieces:
        joined += [len(folded) + number for number in found.joined]
        folded += found.folded
        positions += [size + position for position in found.positions] if size else found.positions
        size += found.size
    return Columns(folded, positions, joined, size=size, find=partial(_spans_of_pieces, pieces))


def _spans_of_pieces(pieces: list[tuple[int, Columns]]) -> list[Span]:
    return [
        (offset + start, offset + end) for offset, found in pieces for start, end in found.spans
    ]
