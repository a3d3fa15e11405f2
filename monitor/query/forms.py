"""A word or phrase of a query into the folded forms that are looked for.

Knows no operators and no texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.language.gendered import close_gendered
from monitor.language.spellings import name_letters
from monitor.language.words import Word, asked_parts, joined_form, plain, words
from monitor.query.tree import ANY_LETTER, Element, Form

# letters that no language writes: they carry * and ? through the splitting
# into words
_STAR = "\ua7f7"
_MARK = "\ua78f"
_PUNCTUATION = re.compile(r"(?<![^\W_])\?|\?(?![^\W_])")
_STAND_INS = str.maketrans({"*": _STAR, "?": _MARK})
_SHORTEST_PREFIX = 3
# German compounds put the head last, so short endings stand in every text
_SHORTEST_SUFFIX = 4
# each may stand for one folded letter or two, so every further one doubles the
# ways to compare
_MOST_MARKS = 8
_CACHED_TEXTS = 1 << 16  # topics share most of their words
# a hostile query's endless phrase must not fill the cache
_LONGEST_CACHED = 64


@dataclass(frozen=True, slots=True)
class BadWildcard:
    """Why a wildcard cannot be used, and what to write instead."""

    message: str
    hint: str


def read_elements(
    text: str, *, quoted: bool = False, cased: bool = False
) -> tuple[Element, ...] | BadWildcard:
    """The words of `text`.

    In quotes a `?` that ends a word is punctuation, as in a headline, not a
    wildcard.
    """
    read = _read_cached if len(text) <= _LONGEST_CACHED else _read
    return read(text, quoted, cased)


def _read(
    text: str, quoted: bool, cased: bool
) -> tuple[Element, ...] | BadWildcard:
    marked = close_gendered(text.replace(_STAR, " ").replace(_MARK, " "))
    if not cased:
        marked = name_letters(marked)
    if quoted:
        marked = _PUNCTUATION.sub(" ", marked)
    marked = marked.translate(_STAND_INS)
    elements: list[Element] = []
    for compound in _compounds(words(marked)):
        found = _elements(marked, compound, cased=cased)
        if isinstance(found, BadWildcard):
            return found
        elements += found
    return tuple(elements)


_read_cached = lru_cache(maxsize=_CACHED_TEXTS)(_read)


def _compounds(found: list[Word]) -> Iterator[list[Word]]:
    """Words by compound: those whose characters overlap."""
    end = -1
    compound: list[Word] = []
    for word in found:
        if compound and word.start >= end:
            yield compound
            compound = []
        compound.append(word)
        end = max(end, word.end)
    if compound:
        yield compound


def _elements(
    marked: str, compound: list[Word], *, cased: bool
) -> list[Element] | BadWildcard:
    def form_of(word: Word) -> Form:
        spelling = plain(marked[word.start : word.end]) if cased else ""
        return _form(word.folded, spelling)

    parts = asked_parts(compound)
    whole = parts[0] if len(parts) == 1 else joined_form(compound)
    forms = tuple(map(form_of, parts))
    if whole is None:
        return [Element((form,)) for form in forms]
    bad = _bad_wildcard(plain(marked[whole.start : whole.end]))
    if bad:
        return bad
    # `*-Krieg`: the star part names no word of its own
    if len(forms) == 1 or not all(form.text for form in forms):
        return [Element((form_of(whole),))]
    return [Element(forms, form_of(whole))]


def _form(folded: str, spelling: str) -> Form:
    return Form(
        folded.strip(_STAR).replace(_MARK, ANY_LETTER),
        open_start=folded.startswith(_STAR),
        open_end=folded.endswith(_STAR),
        plain=spelling.strip(_STAR).replace(_MARK, ANY_LETTER),
    )


def _bad_wildcard(written: str) -> BadWildcard | None:
    core = written.strip(_STAR)
    shown = core.replace(_STAR, "*").replace(_MARK, "?")
    if not core or _STAR in core:
        return _misplaced_star(shown)
    letters = len(core.replace(_MARK, ""))
    if written.startswith(_STAR) and letters < _SHORTEST_SUFFIX:
        hint = (
            f"an ending needs at least {_SHORTEST_SUFFIX} letters after the *"
        )
        return BadWildcard(f"*{shown} is too short", hint)
    if written.endswith(_STAR) and letters < _SHORTEST_PREFIX:
        hint = f"a beginning needs at least {_SHORTEST_PREFIX} letters before the *"
        return BadWildcard(f"{shown}* is too short", hint)
    if core.count(_MARK) > _MOST_MARKS:
        return BadWildcard(
            f"{shown} holds too many ?", f"at most {_MOST_MARKS} in one word"
        )
    if not letters:
        return BadWildcard(
            f"{shown} holds no letter", "write at least one letter beside ?"
        )
    return None


def _misplaced_star(shown: str) -> BadWildcard:
    if not shown:
        hint = 'leave it out; "Kreis Herford"~1 allows one word between'
        return BadWildcard("* alone stands for no word", hint)
    head = shown.partition("*")[0]
    hint = "write the words themselves, joined by OR"
    if len(head.replace("?", "")) >= _SHORTEST_PREFIX:
        hint += f"; {head}* finds all that begin so"
    return BadWildcard(
        "* may only stand at the start or the end of a word", hint
    )
