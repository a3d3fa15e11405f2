"""How the words of two titles, and of two texts, compare. Pure.

The same: but for marks of an edit ("Update", "+++"), for a cut, for a link
behind a teaser ("mehr"). Near: words were added or dropped, or a typo was
mended. Refilled: the frame stayed, but a word or a number in it was exchanged
for a foreign one ("Stau auf der A 2", "Stau auf der A 30"); recounted where
only figures were. The shorter text counts.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from monitor.identify.word_lists import listed
from monitor.language.columns import columns

LONG_TEXT = 12
"""Words, as for copies of a story: what is shorter may be a frame."""
FEWEST_WORDS = 3
"""A shorter text says nothing."""
SHARED = 0.6
"""Part of the shorter text's words that an edit leaves in place."""
TITLE_SHARED = 0.5
MOST_WORDS = 250
"""Words compared of a text; an edit shows in its beginning too."""
CUT_TEXT = 5
"""Words of a beginning that tell: a shorter one begins many texts."""
_TYPO_LENGTH = 5


class Likeness(enum.Enum):
    """How two titles or two texts compare."""

    SAME = "same"
    NEAR = "near"
    RECOUNTED = "recounted"  # only figures differ
    # the frame is the same, what it is filled with is not
    REFILLED = "refilled"
    OTHER = "other"
    UNKNOWN = "unknown"  # one of them says nothing


ALIKE = (Likeness.SAME, Likeness.NEAR)
COMPATIBLE = (*ALIKE, Likeness.UNKNOWN)


@lru_cache(maxsize=4096)
def compare_titles(one: str, other: str) -> Likeness:
    """How two titles compare."""
    return _likeness(title_words(one), title_words(other), TITLE_SHARED)


def compare_texts(one: str, other: str) -> Likeness:
    """How two texts compare; the longer one may go on."""
    short, long = sorted((text_words(one), text_words(other)), key=len)
    if len(short) < FEWEST_WORDS:
        return Likeness.UNKNOWN
    joined, within = "".join(short), "".join(long)
    if joined == within or (
        len(short) >= CUT_TEXT and within.startswith(joined)
    ):
        return Likeness.SAME
    if len(short) >= LONG_TEXT and joined in within:
        return Likeness.SAME
    return _likeness(short[:MOST_WORDS], long[:MOST_WORDS], SHARED)


def is_filled_anew(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether words in the middle of what two texts share were exchanged for
    foreign ones.
    """
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    replaced = [step for step in steps if step[0] == "replace"]
    return any(_is_foreign(one[a:b], other[c:d]) for _, a, b, c, d in replaced)


def _likeness(
    one: Sequence[str], other: Sequence[str], least: float
) -> Likeness:
    if not one or not other:
        return Likeness.UNKNOWN
    if "".join(one) == "".join(other):
        return Likeness.SAME
    short, long = sorted((one, other), key=len)
    return _by_exchanges(short, long, least)


def _by_exchanges(
    short: Sequence[str], long: Sequence[str], least: float
) -> Likeness:
    """By how many words stayed, and by what stands in the place of the others."""
    kept = 0
    foreign: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(
        None, short, long, autojunk=False
    ).get_opcodes():
        if kind == "replace" and _is_foreign(short[a:b], long[c:d]):
            foreign += (*short[a:b], *long[c:d])
        elif kind in ("equal", "replace"):
            kept += b - a
    if kept < least * len(short):
        return Likeness.OTHER
    if not foreign:
        return Likeness.NEAR
    is_figures = all(word[0].isdigit() for word in foreign)
    return Likeness.RECOUNTED if is_figures else Likeness.REFILLED


def _is_foreign(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the exchange says something else: no typo, no ending, no other
    preposition.
    """
    before, after = _telling_letters(old), _telling_letters(new)
    if not before or not after:
        return False
    if any(map(str.isdigit, before + after)):
        return before != after
    return not is_spelled_alike(before, after)


def _telling_letters(words: Sequence[str]) -> str:
    light = listed("function_words")
    return "".join(word for word in words if word not in light)


def is_spelled_alike(one: str, other: str) -> bool:
    """A word that is a part of the other, or a typo of it."""
    return _is_part(one, other) or _is_typo(one, other)


def _is_part(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _TYPO_LENGTH and short in long


def _is_typo(one: str, other: str) -> bool:
    """One letter more, less or another, or two exchanged: "Herfrod"."""
    if (
        min(len(one), len(other)) < _TYPO_LENGTH
        or abs(len(one) - len(other)) > 1
    ):
        return False
    pairs = enumerate(zip(one, other, strict=False))
    start = next((i for i, (a, b) in pairs if a != b), len(one))
    a, b = one[start:], other[start:]
    is_swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return is_swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]


@lru_cache(maxsize=4096)
def title_words(title: str) -> tuple[str, ...]:
    """The words of a title without marks of an edit, unless it has no others."""
    words = glued(columns(title).folded)
    marks = listed("update_marks")
    return tuple(word for word in words if word not in marks) or words


def glued(words: Sequence[str]) -> tuple[str, ...]:
    """A letter and the number behind it are one name: the A 2 is no other
    count of the A 30.

    "A 2" is told as "a", "a2", "2".
    """
    names: list[str] = []
    at = 0
    while at < len(words):
        # Asked here, as next to no word is a single letter.
        size = _size_of_road(words[at : at + 3]) if len(words[at]) == 1 else 1
        names.append(
            words[at] + words[at + size - 1] if size > 1 else words[at]
        )
        at += size
    return tuple(names)


def _size_of_road(words: Sequence[str]) -> int:
    letter, *after = words
    if not letter.isalpha() or not after:
        return 1
    if after[0][0].isdigit():
        return 2
    return 3 if len(after) > 1 and after[0] == letter + after[1] else 1


@lru_cache(maxsize=512)
def text_words(text: str) -> tuple[str, ...]:
    """The words of a text without the link behind it."""
    words = glued(columns(text).folded)
    ends = listed("teaser_ends")
    for size in (4, 3, 2, 1):
        if len(words) > size and " ".join(words[-size:]) in ends:
            return words[:-size]
    return words


def is_ticker(title: str) -> bool:
    starts = tuple(listed("ticker_words"))
    return any(word.startswith(starts) for word in columns(title).folded)
