"""A whole text cut at its words: what all who read whole articles begin with.

What is a word is said in `words`. Ordinary German text, which is almost all
there is, is folded and cut as a whole, one byte for each character. What lies
between two spaces and has letters for which that would be wrong, an address,
or a word in one of several habits of spelling goes through `words` itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import AnyStr, NamedTuple

from monitor.language.characters import (
    APOSTROPHES,
    DASHES,
    INVISIBLE,
    LETTER,
    MARKS,
)
from monitor.language.spelling_signs import (
    ODD,
    SIGN,
    SIGN_CHARACTERS,
    find_signs,
)
from monitor.language.spellings import ungrouped
from monitor.language.words import (
    Stretch,
    careful_stretches,
    fold,
)

Span = tuple[int, int]
"""Characters [start, end)."""

# texts: stories, matcher and index read an article shortly after each other
_REMEMBERED = 128
LONGEST_REMEMBERED = 20_000  # characters

# What every second text has beyond Latin-1. Replacing these costs less than
# looking for all that may be there.
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
_JOINERS = (
    ("-", re.compile(f"[{DASHES}]")),
    ("'", re.compile(f"[{APOSTROPHES}]")),
)
_NUMERIC = ".,"  # part of a word between digits
_TWO = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß", "th": "þ"}
_SUPERSCRIPTS = "¹²³"  # folded they are digits, but `m²,5` is no number


def _plain_character(character: str) -> str:
    """One Latin-1 character for any other: folded, a joiner, a space or `SIGN`
    for what separates, or `ODD` for what must be left to `words`.
    """
    for joiner, such in _JOINERS:
        if such.match(character):
            return joiner
    if _is_inside(character):
        return ODD
    if character in _NUMERIC or character in _SUPERSCRIPTS:
        return character
    if not _is_letter(character):
        return SIGN if character in SIGN_CHARACTERS else " "
    folded = fold(character)
    if folded.isdigit() and not character.isdecimal():
        return ODD
    is_one = len(folded) == 1 and folded.isascii() and folded.isalnum()
    return folded if is_one else _TWO.get(folded, ODD)


def _cut_character(character: str) -> str:
    """The same where words are cut: joiners part, superscripts are digits."""
    if character in f"-'.,{SIGN}":
        return " "
    return fold(character)[0] if character in _SUPERSCRIPTS else character


_plain_cached = lru_cache(maxsize=4096)(_plain_character)
_LATIN_1 = [chr(code) for code in range(256)]
_PLAIN = "".join(map(_plain_character, _LATIN_1)).encode("latin-1")
_CUT = "".join(map(_cut_character, _LATIN_1)).encode("latin-1")
_WITHIN = f"[a-z0-9{_SUPERSCRIPTS}{''.join(_TWO.values())}]"
_KINDS = "".join(
    "-" if each in "-'.," else "a" if re.match(_WITHIN, each) else " "
    for each in _LATIN_1
).encode("latin-1")
"""Letters and digits, what joins them, and all else: a joint is then three
fixed bytes, which a plain search finds in half the time of a pattern.
"""
_JOINT = b"a-a"
_DIGITS = frozenset(b"0123456789")
_ODD_BYTE = ODD.encode("latin-1")
_ODD_SIGNS = (_ODD_BYTE, b"www.")
_ADDRESS_MARKS = ("@", "://")
# holds a position of a stretch that is read by `words`: no text in bytes has
# it
MARK = "\x01"
_MARK_AND_SPACE = b"\x01 "
_TWO_BYTES = tuple(
    (letter.encode("latin-1"), pair.encode()) for pair, letter in _TWO.items()
)


class RunningWords(NamedTuple):
    """The words of a text in order, one for each position, and apart from them
    what stands beside them: joined forms, and other spellings of a word.

    A position that an address takes has the word "". `careful`: some were read
    by `words`.
    """

    words: list[str]
    joined: list[str]
    careful: bool


def running(text: str) -> RunningWords:
    """The words of `columns` at a third of its cost, for those who do not ask
    where they stand.
    """
    spaced, compounds, stretches = cut_text(text)
    joined = [
        (start, "".join(split_words(spaced[start:end])))
        for start, end in compounds
    ]
    words: list[str] = []
    done = 0
    for stretch in stretches:
        words += split_words(spaced[done : stretch.start])
        done = stretch.end
        placed, beside = _in_order(stretch)
        words += placed
        joined += [(stretch.start, word) for word in beside]
    words += split_words(spaced[done:])
    if stretches:
        joined.sort(key=itemgetter(0))
    return RunningWords(words, [whole for _, whole in joined], bool(stretches))


def _in_order(stretch: Stretch) -> tuple[list[str], list[str]]:
    """The first word of each position, and the others."""
    placed, beside = [""] * stretch.size, []
    last = -1
    for word in stretch.words:
        if word.position == last:
            beside.append(word.folded)
        else:
            last = word.position
            placed[last] = word.folded
    return placed, beside


class CutText(NamedTuple):
    """A text with spaces between words and between parts of compounds; where
    compounds stand; and the stretches that `words` has read, which have a mark
    for each of their positions.
    """

    spaced: bytes
    compounds: list[Span]
    stretches: list[Stretch]


def cut_text(text: str) -> CutText:
    """What all ways to read a text begin with; the same text again soon costs
    nothing.
    """
    if len(text) > LONGEST_REMEMBERED:
        return _cut_text(text)
    return _cached(text)


def _cut_text(text: str) -> CutText:
    plain = plain_form(text)
    stretches = [
        each
        for each in careful_stretches(
            text, find_signs(text, plain), _odd_places(text, plain)
        )
        if each.size
    ]
    if stretches:
        held = bytearray(plain)
        for stretch in stretches:
            length = stretch.end - stretch.start
            marks = (_MARK_AND_SPACE * stretch.size)[:length]
            held[stretch.start : stretch.end] = marks.ljust(length)
        plain = bytes(held)
    spaced, compounds = _cut(plain.replace(_ODD_BYTE, b" "))
    return CutText(spaced, compounds, stretches)


_cached = lru_cache(maxsize=_REMEMBERED)(_cut_text)


def plain_form(text: str) -> bytes:
    """The text with a byte for each character, folded, without anything but
    words, what joins them, and `ODD`.
    """
    written = text
    for old, new in _FREQUENT:
        written = written.replace(old, new)
    try:
        raw = written.encode("latin-1")
    except UnicodeEncodeError:
        raw = _BEYOND.sub(
            lambda match: _plain_cached(match[0]), written
        ).encode("latin-1")
    return raw.translate(_PLAIN)


def _odd_places(text: str, plain: bytes) -> list[int]:
    """Where characters stand that must be left to `words`, and where addresses
    may be.
    """
    # The plain form is in small letters: `www.` in any is looked for there.
    places: list[int] = []
    for sign in _ODD_SIGNS:
        if sign in plain:
            places += _each(sign, plain)
    for mark in _ADDRESS_MARKS:
        if mark in text:
            places += _each(mark, text)
    places.sort()
    return places


def _each(sign: AnyStr, text: AnyStr) -> Iterator[int]:
    """Where the sign stands."""
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def split_words(spaced: bytes) -> list[str]:
    """The words between spaces."""
    if not spaced.isascii():
        for letter, pair in _TWO_BYTES:
            spaced = spaced.replace(letter, pair)
    written = spaced.decode("ascii")
    return (ungrouped(written) if "." in written else written).split()


def _cut(plain: bytes) -> tuple[bytes, list[Span]]:
    """The same with spaces between words and between parts of compounds, and
    where compounds with a letter stand: `10-15` has no joined form.
    """
    spaced = bytearray(plain.translate(_CUT))
    compounds: list[Span] = []
    joints = []
    kinds = plain.translate(_KINDS)
    at = kinds.find(_JOINT) + 1
    while at:
        if plain[at] not in b".,":
            joints.append(at)
        elif plain[at - 1] in _DIGITS and plain[at + 1] in _DIGITS:
            spaced[at] = plain[at]
        at = kinds.find(_JOINT, at + 1) + 1
    start, end = 0, -1
    for joint in joints:
        if joint != end:
            start = spaced.rfind(b" ", 0, joint) + 1
        else:
            compounds.pop()
        following = spaced.find(b" ", joint + 1)
        end = following if following > 0 else len(spaced)
        compounds.append((start, end))
    # Folded letters are all small: in small letters means with a letter.
    worded = [
        (start, end)
        for start, end in compounds
        if spaced[start:end].decode("latin-1").islower()
    ]
    return bytes(spaced), worded
