"""Where one part of a German compound may end and the next begin. Knows
syllables; knows no dictionary and no texts.

A part has a vowel, begins with consonants with which German words begin, and
is not merely an ending. What is left is few: `Stadtverwaltung` is read as
stadt + verwaltung and as stadtver + waltung.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_VOWEL = re.compile("[aeiouy]")
_BEGINNING = re.compile(
    r"(?:[bcdfghjklmnprstvwz]|qu|sch[lmnrw]?|str?|sp[rl]?|pf[lr]?|b[lr]|dr|f[lr]|g[lnr]|k[lnrw]|p[lr]|ph|tr|th|wr"
    r"|zw|ch[rl]?|ps|s[klmn])?[aeiouy]"
)
_NO_END = re.compile(
    r".*(?:[cjqvw]|[^aeiouyrlnmtsdhgkpfbxz]|[bdgkpt][rl]|[^aeiouc]h|[^aeiouylnrst]s[ct])"
)
_ONE_SOUND = frozenset(
    {"ae", "oe", "ue", "ei", "ai", "au", "eu", "ie", "aa", "ee", "oo"}
)
_ONE_LETTER_UNG = re.compile(
    r"(?:[bcdfghklmnprstwz]|ch|ck|st|sch)ung(?:en|s)?"
)
_SHORTEST_TAIL = 3


def splits(
    word: str, endings: frozenset[str], short_heads: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """The ways in which a folded compound may be two parts.

    `endings` are no second parts; `short_heads` are the first parts of two
    letters.
    """
    if not (word.isascii() and word.isalpha()):
        return
    for at in range(2, len(word) - _SHORTEST_TAIL + 1):
        head, tail = word[:at], word[at:]
        if (
            _is_head(head, short_heads)
            and _is_tail(tail, endings)
            and head[-1] + tail[0] not in _ONE_SOUND
        ):
            if (
                head[-1] in "cs"
                and tail.startswith(("ch", "h"))
                and not tail.startswith("ha")
            ):
                continue
            yield head, tail


def _is_head(head: str, short_heads: frozenset[str]) -> bool:
    if len(head) == 2:
        return head in short_heads
    return _VOWEL.search(head) is not None and not _NO_END.fullmatch(head)


def _is_tail(tail: str, endings: frozenset[str]) -> bool:
    if tail in endings or _ONE_LETTER_UNG.fullmatch(tail):
        return False
    return _BEGINNING.match(tail) is not None
