"""Are two articles with nearly the same text one frame that was filled twice? Pure.

"Unwetterwarnung für Bünde" and "Unwetterwarnung für Löhne" are two warnings, though their texts
differ in one word or in none. "Feuer in Halle" and "Brand in Halle" are two headlines of one text.
The rules:

* Two titles are a frame where they share half of the shorter one's words, or where each is hardly
  more than a name. Marks of an edit, rubrics and the outlet's name do not count.
* Telling words are those in capitals, figures, days and months. What the other title says too, as
  a typo, a part of a compound or a synonym, tells nothing.
* What both texts say tells nothing either: an outlet took it from the text for its headline. Two
  warnings of one frame would each name their own place, or none.
* Where each title has a telling word left, the two are different items.
* Two texts differ where a word after "in", "Kreis", "Linie" ... was exchanged for another, and
  neither stands elsewhere in the other text: once for every `WORDS_A_NAME` words.

In doubt these rules say "different": an alert too many is feared less than one too few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.identify.agency import find_agency
from monitor.identify.exchanges import exchanged
from monitor.identify.likeness import is_spelled_alike, title_words
from monitor.identify.title_tags import plain_title, without_prefix
from monitor.identify.word_lists import list_lines, listed
from monitor.language.columns import columns

WORDS_A_NAME = 60
"""A text of this length has one name exchanged, one of twice the length two: fewer are an edit."""
ARTICLE_WORDS = 120
"""A text of this length would name the place it is about; a warning has fewer."""
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
    """What an article says: its title and text as written, and the words of its text, folded."""

    title: str
    text: str
    words: tuple[str, ...]


def are_about_different(one: ArticleWords, other: ArticleWords) -> bool:
    """Whether title or text name another place, number, day, team, ... in the same frame."""
    return have_telling_titles(one, other) or _is_refilled(one, other)


def fill_one_frame(one: ArticleWords, other: ArticleWords) -> bool:
    """Whether nothing but what `are_about_different` finds tells the two apart: a title without any
    name ("Unwetterwarnung") must not bring them into one story.
    """
    titles = _titles(one, other)
    shared = sum(_stands_among(word, titles[1]) for word in titles[0])
    is_strict = shared + 1 >= max(map(len, titles))
    return _is_refilled(one, other) or (is_strict and have_telling_titles(one, other))


def have_telling_titles(one: ArticleWords, other: ArticleWords) -> bool:
    """Whether the titles are one frame with another name in it."""
    if one.title == other.title:
        return False
    titles = _titles(one, other)
    if not (_are_a_frame(*titles) or _are_names_behind_one_word(titles, (one.title, other.title))):
        return False
    bodies = frozenset(one.words), frozenset(other.words)
    told = bodies[0] & bodies[1]
    told |= {_figures()[word] for word in told if word in _figures()}
    mine = _telling(titles[0], one.title, titles[1], told)
    theirs = _telling(titles[1], other.title, titles[0], told)
    return _differ(mine, theirs)


def _titles(one: ArticleWords, other: ArticleWords) -> tuple[tuple[str, ...], tuple[str, ...]]:
    titles = plain_title(one.title), plain_title(other.title)
    if _is_article(one) and _is_article(other):
        # Which region an outlet files an agency's text under says nothing of the text.
        titles = without_prefix(titles[0]), without_prefix(titles[1])
    return _content(titles[0]), _content(titles[1])


def _is_article(subject: ArticleWords) -> bool:
    """By an agency, or so long that it would name the place it is about: no mere warning."""
    return len(subject.words) >= ARTICLE_WORDS or find_agency((), subject.text) is not None


def _content(title: str) -> tuple[str, ...]:
    figures, light = _figures(), listed("function_words")
    words = title_words(title)
    return tuple(figures.get(word, word) for word in words if word not in light)


def _are_a_frame(one: Collection[str], other: Collection[str]) -> bool:
    shared = sum(_stands_among(word, other) for word in one)
    least = min(len(one), len(other))
    return 2 * shared >= least > 0 or max(len(one), len(other)) <= BARE_TITLE


def _are_names_behind_one_word(
    titles: tuple[tuple[str, ...], tuple[str, ...]], written: tuple[str, str]
) -> bool:
    """ "Rückruf: Salami Milano", "Rückruf: Leberwurst Classic"."""
    if titles[0][:1] != titles[1][:1] or max(map(len, titles)) > NAME_WORDS + 1:
        return False
    return all(
        word in _capitals(title) or _has_digit(word)
        for words, title in zip(titles, written, strict=True)
        for word in words
    )


def _telling(
    words: Iterable[str], written: str, other: Collection[str], told: Collection[str]
) -> set[str]:
    """Words of a title that the other title and the common text do not say."""
    capitals = _capitals(written)
    return {
        word
        for word in words
        if (word in capitals or _has_digit(word) or _is_day(word))
        and not _stands_among(word, other)
        and not _is_told(word, told)
    }


def _differ(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Whether both have a number, both a day, or both a name that the other has not."""
    kinds = (str.isdigit, _is_day, _is_name)
    return any(any(map(kind, mine)) and any(map(kind, theirs)) for kind in kinds)


def _is_day(word: str) -> bool:
    return word in _groups()


def _is_name(word: str) -> bool:
    return not (word.isdigit() or _is_day(word) or word in _light_words())


def _stands_among(word: str, others: Collection[str]) -> bool:
    """Whether others say this word too: as it is, misspelled, in a compound, by a synonym."""
    if word in others:
        return True
    if _has_digit(word) or _is_day(word):
        return False
    return any(
        _is_spelled_alike(word, other) or _are_synonyms(word, other)
        for other in others
        if not _has_digit(other)
    )


def _is_spelled_alike(one: str, other: str) -> bool:
    """One letter for another makes another place of a short name: Hagen, Haren."""
    is_short = min(len(one), len(other)) < LONG_NAME and len(one) == len(other)
    if is_short and sorted(one) != sorted(other):
        return False
    return is_spelled_alike(one, other)


def _is_told(word: str, told: Collection[str]) -> bool:
    if word in told:
        return True
    if _has_digit(word) or _is_day(word):
        return False
    if word in _synonyms() and any(_are_synonyms(word, other) for other in told):
        return True
    return len(word) >= _COMPOUND and any(word in other for other in told)


def _are_synonyms(one: str, other: str) -> bool:
    return not _synonyms().get(one, frozenset()).isdisjoint(_synonyms().get(other, frozenset()))


def _is_refilled(one: ArticleWords, other: ArticleWords) -> bool:
    """Whether names or numbers in the frame of two texts were exchanged."""
    mine, theirs = set(one.words), set(other.words)
    if mine <= theirs or theirs <= mine:  # one is the other one, cut
        return False
    short, long = sorted((one, other), key=lambda subject: len(subject.words))
    names = sum(
        _is_another_name(old, new, before, (short, long))
        for old, new, before in exchanged(short.words, long.words)
    )
    return names > 0 and names * WORDS_A_NAME >= len(short.words)


def _is_another_name(
    old: Sequence[str], new: Sequence[str], before: str, subjects: tuple[ArticleWords, ArticleWords]
) -> bool:
    short, long = subjects
    mine = _names(old, new, short, long)
    theirs = _names(new, old, long, short)
    if not mine or not theirs:
        return False
    if _both_have(_is_identifier, mine, theirs) or before in listed("before_names"):
        return True
    if not before:  # "Bünde. Wegen Bauarbeiten ..."; an agency's dateline is no name of a frame
        return not (find_agency((), short.text) or find_agency((), long.text))
    endings = tuple(listed("name_endings"))
    return _both_have(lambda word: word.endswith(endings), mine, theirs)


def _both_have(is_such: Callable[[str], bool], one: Iterable[str], other: Iterable[str]) -> bool:
    return any(map(is_such, one)) and any(map(is_such, other))


def _names(
    words: Sequence[str], others: Sequence[str], own: ArticleWords, other: ArticleWords
) -> list[str]:
    """Those of `words` that name something, and that the other text does not say."""
    capitals = _capitals(own.text)
    said = frozenset(other.words)
    return [
        word
        for word in words
        if (word in capitals or _has_digit(word))
        and word not in said
        and not _stands_among(word, others)
    ]


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
    return frozenset(word + end for word in list_lines("light_words") for end in _ADJECTIVE_ENDS)


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
