"""Words that would widen a topic or narrow it, with what they would change.
Pure.

Widening: words that stand beside the hits (`keyness`) are tried; what each
would add is handed in, and counts as near where it says as much of the other
words beside the hits as hits themselves do. That is relevance feedback
(Rocchio 1971) on words that a person can read and judge.

Narrowing: words that stand in hits judged wrong and not in right ones. Knows
no index, no stories.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from monitor.language.keyness import KeyWord, key_words
from monitor.language.stems import stem
from monitor.query.tree import Node, Phrase, walk

MOST_BESIDE = 60
"""Words beside the hits that make up a topic's profile."""

MOST_TRIED = 16
"""Of them, words that are tried."""

NEAR_SHARE = 0.5
"""Of what a word would add, so much must be near: less would spoil the topic.
"""

NEAR_QUANTILE = 0.2
"""An article is near where it says as much of the profile as this share of the
hits at least.
"""

SHORTEST_BEGINNING = 5
"""Letters of a beginning that is suggested with `*`."""

FEWEST_WRONG = 2
"""Wrong hits that a word must stand in before it is said to spoil a topic."""

LIKELY = 3.84
"""G2 that chance reaches once in twenty: judgements are few, and a person
decides.
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a topic's `hits` say beside its own words: stems with their
    weights.
    """

    words: tuple[KeyWord, ...]
    weights: Mapping[str, float]
    hits: tuple[Collection[str], ...]

    def closeness(self, stems: Collection[str], *, without: str) -> float:
        """How much of the profile a text says, for its length. `without` does
        not count.
        """
        if not stems:
            return 0.0
        said = sum(
            self.weights.get(each, 0.0) for each in stems if each != without
        )
        return said / sqrt(len(stems))

    def near(self, *, without: str) -> float:
        """How close a text must be to count as near: as most hits are."""
        said = sorted(
            self.closeness(each, without=without) for each in self.hits
        )
        return said[int(len(said) * NEAR_QUANTILE)] if said else 0.0


def profile_of(
    hits: Sequence[Collection[str]],
    others: Sequence[Collection[str]],
    own: Collection[str],
) -> Profile:
    """The profile of a topic from the stems of its hits and of other stories.
    `own` are the stems of its query: what lacks all of them can still be near.
    """
    telling = [
        word for word in key_words(hits, others) if word.stem not in own
    ]
    words = tuple(telling[:MOST_BESIDE])
    weights = {
        word.stem: _weight(word, len(hits), len(others)) for word in words
    }
    return Profile(words, weights, tuple(hits))


def _weight(word: KeyWord, hits: int, others: int) -> float:
    """How much more often it stands in a hit than elsewhere, as a logarithm,
    times in how many.
    """
    inside = (word.inside + 0.5) / (hits + 1)
    outside = (word.outside + 0.5) / (others + 1)
    return inside * log(inside / outside)


def words_to_try(
    profile: Profile, nouns: Collection[str]
) -> tuple[KeyWord, ...]:
    """The words whose effect is worth finding out: those that stand in many
    hits and hardly elsewhere, so that one alone can stand for the topic.

    Stems of names and nouns come first: verbs come with a subject and do not
    name it.
    """

    def rank(word: KeyWord) -> tuple[bool, float, str]:
        return word.stem not in nouns, -word.g2, word.stem

    return tuple(sorted(profile.words, key=rank)[:MOST_TRIED])


def nouns_among(forms: Mapping[str, Mapping[str, int]]) -> frozenset[str]:
    """The stems that are mostly written with a capital, as German writes names
    and nouns.
    """
    nouns = set()
    for each, written in forms.items():
        usual = max(written, key=written.__getitem__, default="")
        if usual[:1].isupper():
            nouns.add(each)
    return frozenset(nouns)


@dataclass(frozen=True, slots=True)
class Addition:
    """What a word would add: how many articles in all, and the stems of some
    of them by number.
    """

    word: KeyWord
    adds: int
    sample: Mapping[int, Collection[str]]


@dataclass(frozen=True, slots=True)
class Widening:
    """A word that would find more like the hits: addition number `number`. It
    stands beside `beside` of the hits and would add `adds` articles; of those
    looked at, `near` of `sampled` are like hits, `examples` first.
    """

    number: int
    stem: str
    beside: int
    adds: int
    near: int
    sampled: int
    examples: tuple[int, ...]


def widenings(
    profile: Profile, additions: Sequence[Addition]
) -> tuple[Widening, ...]:
    """The words worth adding, the one that brings most first."""
    tried = [
        _widening(profile, number, each)
        for number, each in enumerate(additions)
    ]
    good = [
        each
        for each in tried
        if each.near >= max(1, NEAR_SHARE * each.sampled)
    ]
    return tuple(sorted(good, key=_gain, reverse=True))


def _widening(profile: Profile, number: int, addition: Addition) -> Widening:
    word = addition.word
    least = profile.near(without=word.stem)
    close = []
    for article, stems in addition.sample.items():
        closeness = profile.closeness(stems, without=word.stem)
        if closeness >= least > 0:
            close.append((-closeness, article))
    near = tuple(article for _, article in sorted(close))
    sampled = len(addition.sample)
    return Widening(
        number, word.stem, word.inside, addition.adds, len(near), sampled, near
    )


def _gain(widening: Widening) -> tuple[float, int]:
    """Near articles that it would add, less those that are none."""
    share = widening.near / widening.sampled
    return widening.adds * (share - (1 - share)), widening.beside


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A word that wrong hits have: without it so many wrong and right ones
    would go.
    """

    stem: str
    wrong: int
    right: int
    g2: float


def narrowings(
    wrong: Sequence[Collection[str]],
    right: Sequence[Collection[str]],
    own: Collection[str],
) -> tuple[Narrowing, ...]:
    """The words that tell wrong hits from right ones, each judged story
    counted once: first those that cost no right hit.
    """
    words = key_words(wrong, right, least=FEWEST_WRONG, surest=LIKELY)
    foreign = [word for word in words if word.stem not in own]
    found = [
        Narrowing(word.stem, word.inside, word.outside, word.g2)
        for word in foreign
    ]
    return tuple(
        sorted(
            found,
            key=lambda each: (each.right, -each.wrong, -each.g2, each.stem),
        )
    )


def own_stems(tree: Node) -> frozenset[str]:
    """The stems of a query's own words."""
    stems: set[str] = set()
    for node in walk(tree):
        if isinstance(node, Phrase):
            for element in node.elements:
                stems.update(
                    stem(form.text) for form in element.forms if form.text
                )
    return frozenset(stems)


def as_term(forms: Mapping[str, int]) -> str:
    """How a word is written into a topic: as most texts write it, or as the
    beginning that all its forms share.
    """
    if not forms:
        return ""
    most = max(forms, key=lambda form: (forms[form], form))
    kept = [
        form.casefold()
        for form in forms
        if form[:1].isupper() == most[:1].isupper()
    ]
    shared = 0
    for letters in zip(*kept, strict=False):
        if len(set(letters)) > 1:
            break
        shared += 1
    if len(kept) < 2 or shared < SHORTEST_BEGINNING:
        return most
    return f"{most[:shared]}*"
