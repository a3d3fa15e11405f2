"""Gendered forms: `Bürger*innen`, `BürgerInnen`, `Kunden/-innen`, `jede*r`.

One word each, with the word for men beside it. Knows no positions and no
queries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monitor.language.characters import (
    APOSTROPHES,
    DASHES,
    GENDER_SIGNS,
    INVISIBLE,
    LETTER,
    MARKS,
)
from monitor.language.spelling_rules import (
    END,
    JOIN,
    SPACE,
    Fold,
    Spellings,
    rules,
    stem_start,
)
from monitor.language.spelling_signs import CAPITAL_INSIDE, at_signs

_UNSEEN_FEW = f"[{INVISIBLE}]{{0,2}}"
_SIGN = (
    rf"{_UNSEEN_FEW}(?:\\?[{GENDER_SIGNS}]|{SPACE}?/(?:{SPACE}?[{DASHES}])?|[{APOSTROPHES}])"
    rf"{_UNSEEN_FEW}"
)
GENDERED = re.compile(
    rf"(?P<sign>{_SIGN})(?P<ending>(?:[iI]nnen|INNEN)(?P<tail>{LETTER}*)|(?:[iI]n|IN)(?!{LETTER}))"
    rf"|[(\[][*:_{DASHES}]?(?P<inside>[iI]nnen|INNEN|[iI]n|IN)[)\]](?P<after>{LETTER}*)"
    rf"|(?P<apart>\(inn\)en|/inn/en)(?!{LETTER})"
)
_ASKED_GENDERED = re.compile(GENDERED.pattern, re.IGNORECASE)
INFLECTED = re.compile(
    rf"(?:\\?[{GENDER_SIGNS}](?P<letter>[ernsm])|/[{DASHES}]?(?P<slashed>[ern])"
    rf"|\([{DASHES}]?(?P<inside>[ern])\))(?!{LETTER}|[{MARKS}])"
)
_ASKED_INFLECTED = re.compile(INFLECTED.pattern, re.IGNORECASE)
BEFORE_SIGN = 5
"""Characters between where a form begins and its last sign: the invisible ones
and spaces of `Kunden / -innen`.
"""

# `LehrerIn`, but not `LinkedIn`
AGENT = ("er", "ist", "ent", "ant", "eur", "or")
# letters before the ending: `Rät:innen`, `Köch:in`, but not `Log:in`
_SHORTEST = {"innen": 3, "in": 4}
# before the ending: these are words for men, or their plurals
_PERSONS = ("er", "e", "en", "ern")
# what `Kollegen/-innen` has before the ending, and `Ärzte/-innen`
_PLURALS = ("en", "e", "n")


def close_gendered(text: str) -> str:
    """A query with each gendered form as one word, in whatever letters it is
    written.

    No character moves.
    """
    pieces = list(text)
    for match in _ASKED_GENDERED.finditer(text):
        stem = text[stem_start(text, match.start()) : match.start()]
        if len(stem) >= _SHORTEST["innen"]:
            _join(pieces, match)
    for match in _ASKED_INFLECTED.finditer(text):
        if _is_inflected(
            text[stem_start(text, match.start()) : match.start()], match
        ):
            _join(pieces, match)
    return "".join(pieces)


def find_gendered(found: Spellings, signs: Sequence[int], fold: Fold) -> None:
    """`Bürger*innen` and the like: one word, and `Bürger` beside it."""
    text = found.text
    pieces: list[str] = []
    for match in at_signs(GENDERED, text, signs, reach=BEFORE_SIGN):
        start = stem_start(text, match.start())
        stem = text[start : match.start()]
        if _is_person(stem, match, fold):
            pieces = pieces or list(text)
            _join(pieces, match)
            alone = not (match["tail"] or match["after"])
            ending = _ending(match)
            for beside in _beside_gendered(fold(stem), ending, alone=alone):
                found.add(
                    start,
                    beside,
                    (match.end if beside.endswith(ending) else match.start)(),
                )
    _with_capital_inside(found, signs, fold)
    _inflected(found, pieces, signs, fold)
    if pieces:
        found.text = "".join(pieces)


def _with_capital_inside(
    found: Spellings, signs: Sequence[int], fold: Fold
) -> None:
    """`BürgerInnen` is one word as it stands; `Bürger` is beside it."""
    text = found.text
    for match in at_signs(CAPITAL_INSIDE, text, signs, reach=0):
        start = stem_start(text, match.start())
        stem = text[start : match.start()]
        ending = "in" if match.group() == "In" else "innen"
        if ending == "innen" or stem.endswith(AGENT):
            for beside in _beside_gendered(
                fold(stem), ending, alone=not match["tail"]
            ):
                found.add(start, beside, match.start())


def _inflected(
    found: Spellings, pieces: list[str], signs: Sequence[int], fold: Fold
) -> None:
    """`jede*r` is jede and jeder, `ein*e` is ein and eine."""
    text = found.text
    for match in at_signs(INFLECTED, text, signs, reach=BEFORE_SIGN):
        start = stem_start(text, match.start())
        stem = text[start : match.start()]
        if _is_inflected(stem, match):
            pieces[:] = pieces or text
            _join(pieces, match)
            found.add(start, fold(stem), match.start())


def _is_inflected(stem: str, match: re.Match[str]) -> bool:
    """Whether the letter is an ending: `eine*n`, `Abgeordnete(r)`, but not
    `km/s`.
    """
    letter = match["letter"] or match["slashed"] or match["inside"]
    if letter in "eE":
        return stem.casefold() in rules().articles
    return len(stem) >= _SHORTEST["in"] and stem[-1] in "eE"


def _is_person(stem: str, match: re.Match[str], fold: Fold) -> bool:
    """Whether a word with such an ending is one for people, not `außen/innen`
    or `Log:in`.
    """
    folded = fold(stem)
    if (
        len(folded) < _SHORTEST[_ending(match)]
        or not folded.isalpha()
        or folded in rules().places
    ):
        return False
    tail = fold(match["tail"] or match["after"] or "")
    if tail.startswith(rules().inner_words):
        return False
    return _is_written_so(stem, match, is_agent=folded.endswith(AGENT))


def _is_written_so(stem: str, match: re.Match[str], *, is_agent: bool) -> bool:
    """Whether capital and small letters are those of a word for people."""
    written = match["ending"] or match["inside"] or ""
    if written.isupper() and not stem.isupper():
        return False
    if match["inside"] and stem[0].islower():
        return False  # `gew(innen)`
    if _ending(match) == "innen":
        return True
    return stem[0].isupper() and (written != "In" or is_agent)


def _ending(match: re.Match[str]) -> str:
    """`innen` or `in`."""
    written = match["ending"] or match["inside"] or "innen"
    return "innen" if written[:3].casefold() == "inn" else "in"


def _beside_gendered(stem: str, ending: str, *, alone: bool) -> Iterator[str]:
    """The words for men, and those for women where the stem is the plural for
    men.

    `Kolleg*innen` is also Kollegen, `Ärzt*in` is also Arzt, `Bäuer*innen` is
    also Bauern, `Kunden/-innen` is also Kundinnen.
    """
    yield stem
    if not alone:
        return
    woman = max(
        (end for end in rules().men if stem.endswith(end)), key=len, default=""
    )
    for man in rules().men.get(woman, ()):
        yield stem.removesuffix(woman) + man
    if not stem.endswith(_PERSONS):
        yield stem + "e"
        yield stem + "en"
    for plural in _PLURALS:
        bare = stem.removesuffix(plural)
        if bare != stem and len(bare) >= _SHORTEST["in"]:
            yield bare + ending


def _join(pieces: list[str], match: re.Match[str]) -> None:
    """Put joining characters where the signs are."""
    start, end = match.span()
    for at in range(start, end):
        if not pieces[at].isalpha():
            pieces[at] = JOIN
    if pieces[end - 1] == JOIN:
        pieces[end - 1] = END
