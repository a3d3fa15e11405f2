"""Are two articles with nearly the same text one frame that was filled twice?
Pure.

"Unwetterwarnung für Bünde" and "Unwetterwarnung für Löhne" are two warnings,
though their texts differ in one word or in none. "Feuer in Halle" and "Brand
in Halle" are two headlines of one text. The rules:

* Two titles are a frame where they share half of the shorter one's words, or
  where each is hardly more than a name. Marks of an edit, rubrics and the
  outlet's name do not count.
* Telling words are those in capitals, figures, days and months. What the other
  title says too, as a typo, a part of a compound or a synonym, tells nothing.
* What both texts say tells nothing either: an outlet took it from the text for
  its headline. Two warnings of one frame would each name their own place, or
  none.
* Where each title has a telling word left, the two are different items.
* Two texts differ where a word after "in", "Kreis", "Linie" ... was exchanged
  for another, and neither stands elsewhere in the other text: once for every
  `WORDS_A_NAME` words.

In doubt these rules say "different": an alert too many is feared less than one
too few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.identify.agency import find_agency
from monitor.identify.exchanges import Exchange, exchanged
from monitor.identify.likeness import is_spelled_alike, title_words
from monitor.identify.title_tags import plain_title, without_prefix
from monitor.identify.word_lists import list_lines, listed
from monitor.language.columns import columns

WORDS_A_NAME = 60
"""A text of this length has one name exchanged, one of twice the length two:
fewer are an edit.
"""
ARTICLE_WORDS = 120
"""A text of this length would name the place it is about; a warning has fewer.
"""
BARE_TITLE = 2
"""Words of a title that is hardly more than a name."""
NAME_WORDS = 3
"""Words of the longest name behind a colon."""
LONG_NAME = 8
"""Letters of a word in which one wrong letter is a typo."""
_COMPOUND = 5  # letters of a word that may stand within another one

_ADJECTIVE_ENDS = ("", "e", "er", "es", "en", "em")

_CAPITALISED = re.compile(r"(?<![^\W_])[^\W\d_a-zäöüß]\w*")


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """What an article says: its title and text as written, and the words of
    its text, folded.
    """

    title: str
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Title:
    """A title as written, and its words without rubrics, marks and function
    words.
    """

    written: str
    words: tuple[str, ...]


def are_about_different(one: ArticleWords, other: ArticleWords) -> bool:
    """Whether title or text name another place, number, day, team, ... in the
    same frame.
    """
    return have_telling_titles(one, other) or _is_refilled(one, other)


def fill_one_frame(one: ArticleWords, other: ArticleWords) -> bool:
    """Whether nothing but what `are_about_different` finds tells the two
    apart: a title without any name ("Unwetterwarnung") must not bring them
    into one story.
    """
    if _is_refilled(one, other):
        return True
    mine, theirs = _titles(one, other)
    longest = max(len(mine.words), len(theirs.words))
    is_strict = _count_shared(mine, theirs) + 1 >= longest
    return is_strict and have_telling_titles(one, other)


def have_telling_titles(one: ArticleWords, other: ArticleWords) -> bool:
    """Whether the titles are one frame with another name in it."""
    if one.title == other.title:
        return False
    mine, theirs = _titles(one, other)
    if not (
        _are_a_frame(mine, theirs) or _are_names_behind_one_word(mine, theirs)
    ):
        return False
    told = set(one.words).intersection(other.words)
    told.update(
        [figure for word, figure in _figures().items() if word in told]
    )
    return _differ(_telling(mine, theirs, told), _telling(theirs, mine, told))


def _titles(one: ArticleWords, other: ArticleWords) -> tuple[_Title, _Title]:
    mine, theirs = plain_title(one.title), plain_title(other.title)
    if _is_article(one) and _is_article(other):
        # Which region an outlet files an agency's text under says nothing of
        # the text.
        mine, theirs = without_prefix(mine), without_prefix(theirs)
    return _Title(one.title, _content(mine)), _Title(
        other.title, _content(theirs)
    )


def _is_article(subject: ArticleWords) -> bool:
    """By an agency, or so long that it would name the place it is about: no
    mere warning.
    """
    return (
        len(subject.words) >= ARTICLE_WORDS
        or find_agency((), subject.text) is not None
    )


def _content(title: str) -> tuple[str, ...]:
    figures, light = _figures(), listed("function_words")
    words = title_words(title)
    return tuple(
        figures.get(word, word) for word in words if word not in light
    )


def _are_a_frame(one: _Title, other: _Title) -> bool:
    shortest, longest = sorted((len(one.words), len(other.words)))
    return (
        longest <= BARE_TITLE or 2 * _count_shared(one, other) >= shortest > 0
    )


def _count_shared(one: _Title, other: _Title) -> int:
    return sum(_stands_among(word, other.words) for word in one.words)


def _are_names_behind_one_word(one: _Title, other: _Title) -> bool:
    """ "Rückruf: Salami Milano", "Rückruf: Leberwurst Classic"."""
    if one.words[:1] != other.words[:1]:
        return False
    return _is_mere_name(one) and _is_mere_name(other)


def _is_mere_name(title: _Title) -> bool:
    if len(title.words) > NAME_WORDS + 1:
        return False
    return len(_naming(title.words, title.written)) == len(title.words)


def _telling(title: _Title, other: _Title, told: Collection[str]) -> list[str]:
    """Words of a title that the other title and the common text do not say."""
    days = filter(_is_day, title.words)
    telling = (*_naming(title.words, title.written), *days)
    unshared = [
        word for word in telling if not _stands_among(word, other.words)
    ]
    return [word for word in unshared if not _is_told(word, told)]


def _naming(words: Sequence[str], written: str) -> list[str]:
    """Those of `words` that are written with a capital or a digit."""
    capitals = _capitals(written)
    return [word for word in words if word in capitals or _has_digit(word)]


def _differ(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Whether both have a number, both a day, or both a name that the other
    has not.
    """
    return any(
        _both_have(kind, mine, theirs)
        for kind in (str.isdigit, _is_day, _is_name)
    )


def _is_day(word: str) -> bool:
    return word in _groups()


def _is_name(word: str) -> bool:
    return not (word.isdigit() or _is_day(word) or word in _light_words())


def _stands_among(word: str, others: Collection[str]) -> bool:
    """Whether others say this word too: as it is, misspelled, in a compound,
    by a synonym.
    """
    if word in others:
        return True
    if _has_digit(word) or _is_day(word):
        return False
    names = [other for other in others if not _has_digit(other)]
    return any(
        _is_spelled_alike(word, name) or _are_synonyms(word, name)
        for name in names
    )


def _is_spelled_alike(one: str, other: str) -> bool:
    """One letter for another makes another place of a short name: Hagen,
    Haren.
    """
    is_short = min(len(one), len(other)) < LONG_NAME and len(one) == len(other)
    if is_short and sorted(one) != sorted(other):
        return False
    return is_spelled_alike(one, other)


def _is_told(word: str, told: Collection[str]) -> bool:
    if word in told:
        return True
    if _has_digit(word) or _is_day(word):
        return False
    if word in _synonyms() and any(
        _are_synonyms(word, other) for other in told
    ):
        return True
    return len(word) >= _COMPOUND and any(word in other for other in told)


def _are_synonyms(one: str, other: str) -> bool:
    groups = _synonyms()
    return (
        one in groups
        and other in groups
        and not groups[one].isdisjoint(groups[other])
    )


def _is_refilled(one: ArticleWords, other: ArticleWords) -> bool:
    """Whether names or numbers in the frame of two texts were exchanged."""
    mine, theirs = set(one.words), set(other.words)
    if mine <= theirs or theirs <= mine:  # one is the other one, cut
        return False
    short, long = sorted((one, other), key=lambda subject: len(subject.words))
    exchanges = exchanged(short.words, long.words)
    names = sum(
        _is_another_name(exchange, short, long) for exchange in exchanges
    )
    return names > 0 and names * WORDS_A_NAME >= len(short.words)


def _is_another_name(
    exchange: Exchange, short: ArticleWords, long: ArticleWords
) -> bool:
    mine = _foreign_names(exchange.old, short, exchange.new, long)
    theirs = _foreign_names(exchange.new, long, exchange.old, short)
    if not mine or not theirs:
        return False
    if _both_have(_is_identifier, mine, theirs) or exchange.before in listed(
        "before_names"
    ):
        return True
    if exchange.before:
        return _both_have(_ends_as_name, mine, theirs)
    # "Bünde. Wegen Bauarbeiten ..."; an agency's dateline is no name of a
    # frame.
    return not (find_agency((), short.text) or find_agency((), long.text))


def _both_have(
    is_such: Callable[[str], bool], one: Iterable[str], other: Iterable[str]
) -> bool:
    return any(map(is_such, one)) and any(map(is_such, other))


def _foreign_names(
    words: Sequence[str],
    own: ArticleWords,
    in_their_place: Sequence[str],
    other: ArticleWords,
) -> list[str]:
    """Those of `words` that name something, and that the other text does not
    say.
    """
    said = frozenset(other.words)
    names = [name for name in _naming(words, own.text) if name not in said]
    return [name for name in names if not _stands_among(name, in_their_place)]


def _ends_as_name(word: str) -> bool:
    return word.endswith(tuple(listed("name_endings")))


def _is_identifier(word: str) -> bool:
    """A letter and a number: a road, a train line."""
    return _has_digit(word) and not word.isdigit() and word[0].isalpha()


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


@lru_cache(maxsize=256)
def _capitals(text: str) -> frozenset[str]:
    """The words that are written with a capital, folded."""
    return frozenset(columns(" ".join(_CAPITALISED.findall(text))).folded)


@lru_cache
def _light_words() -> frozenset[str]:
    return frozenset(
        word + end
        for word in list_lines("light_words")
        for end in _ADJECTIVE_ENDS
    )


@lru_cache
def _groups() -> frozenset[str]:
    return frozenset(" ".join(list_lines("telling_words")).split())


@lru_cache
def _synonyms() -> dict[str, frozenset[int]]:
    """For each word the groups that it is in."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(list_lines("synonyms")):
        for word in line.split():
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


@lru_cache
def _figures() -> dict[str, str]:
    return dict(line.split() for line in list_lines("number_words"))
