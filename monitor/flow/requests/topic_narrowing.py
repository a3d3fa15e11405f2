"""What would take wrong hits away from a topic, and what it really would take
away. Pure.

Counted are stories. One is gone where the changed query meets none of its hits
any more: a copy that is still met would still alert.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from monitor.flow.alerting.match_text import match_text
from monitor.flow.requests.draft_changes import (
    exclusion_of,
    exclusion_of_outlet,
    narrowed,
    without_outlet,
)
from monitor.flow.requests.topic_draft import TopicDraft, draft_topic
from monitor.language.keyness import key_words, stems_of, written_forms
from monitor.match.suggestions import (
    FEWEST_WRONG,
    LIKELY,
    as_term,
    narrowings,
    own_stems,
)
from monitor.match.topics import ComparedQueries, whole_query
from monitor.query.tree import Node
from monitor.types.article import Article
from monitor.types.catalog import Catalog, Topic

MOST_TRIED = 40
MOST_SHOWN = 6
ExclusionKind = Literal["word", "outlet"]
KINDS: tuple[ExclusionKind, ...] = ("word", "outlet")


@dataclass(frozen=True, slots=True)
class JudgedStory:
    """A story that people judged, by the hit that they saw, and the story's
    other hits.
    """

    article: Article
    right: bool
    others: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A word or an outlet that wrong stories have, and the draft without it.

    `in_wrong` and `in_right`: judged stories that have it, `g2` how little
    that is by chance. `wrong` and `right`: stories that would go, by the real
    matcher.
    """

    kind: ExclusionKind
    term: str
    draft: TopicDraft
    in_wrong: int
    in_right: int
    g2: float
    wrong: int = 0
    right: int = 0

    @property
    def without(self) -> str:
        """What is added to the query."""
        return (
            exclusion_of(self.term)
            if self.kind == "word"
            else exclusion_of_outlet(self.term)
        )


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What would narrow a topic. Learnt from so many stories that its query
    meets as it is.
    """

    wrong: int = 0
    right: int = 0
    found: tuple[Exclusion, ...] = ()


NOTHING_LEARNT = Exclusions()


def still_met(
    tree: Node, judged: Sequence[JudgedStory]
) -> tuple[JudgedStory, ...]:
    """The stories that the query meets as it is now."""
    gone = _gone([tree], judged)[0]
    return tuple(
        each for number, each in enumerate(judged) if number not in gone
    )


def suggest_narrower(
    draft: TopicDraft,
    judged: Sequence[JudgedStory],
    *,
    catalog: Catalog,
    base: Topic | None,
) -> Exclusions:
    """What takes away more wrong stories than right ones, the best first."""
    tree = whole_query(draft_topic(draft, catalog, base))[0]
    if tree is None:
        return NOTHING_LEARNT
    return narrow_met(
        draft, tree, still_met(tree, judged), catalog=catalog, base=base
    )


def narrow_met(
    draft: TopicDraft,
    tree: Node,
    met: Sequence[JudgedStory],
    *,
    catalog: Catalog,
    base: Topic | None,
) -> Exclusions:
    """The same of stories that the draft, read as `tree`, is known to meet."""
    tried = [*_words(draft, tree, met), *_outlets(draft, met)]
    trees = [
        whole_query(draft_topic(each.draft, catalog, base))[0]
        for each in tried
    ]
    readable = [
        (each, changed)
        for each, changed in zip(tried, trees, strict=True)
        if changed
    ]
    gone = _gone([changed for _, changed in readable], met)
    counted = [
        _counted(each, [met[number] for number in numbers])
        for (each, _), numbers in zip(readable, gone, strict=True)
    ]
    right = sum(each.right for each in met)
    return Exclusions(len(met) - right, right, tuple(_best(counted)))


def _best(counted: Sequence[Exclusion]) -> Iterator[Exclusion]:
    """Of words and of outlets the ones that cost least and bring most."""
    worth = [each for each in counted if each.wrong > each.right]
    ranked = sorted(worth, key=lambda each: (each.right, -each.wrong))
    for kind in KINDS:
        yield from [each for each in ranked if each.kind == kind][:MOST_SHOWN]


def _words(
    draft: TopicDraft, tree: Node, judged: Sequence[JudgedStory]
) -> list[Exclusion]:
    """The words to try. Of those that part the stories equally well, names and
    nouns first: these say what a text is about.
    """
    wrong, right = _parted(judged)
    found = narrowings(_stems(wrong), _stems(right), own_stems(tree))[
        :MOST_TRIED
    ]
    forms = written_forms(
        [each.stem for each in found], map(whole_text, wrong)
    )
    tried = [
        Exclusion(
            "word",
            term,
            narrowed(draft, term),
            each.wrong,
            each.right,
            each.g2,
        )
        for each in found
        if (term := as_term(forms[each.stem]))
    ]
    return sorted(tried, key=_telling)


def _telling(each: Exclusion) -> tuple[int, int, bool]:
    return each.in_right, -each.in_wrong, not each.term[:1].isupper()


def _outlets(
    draft: TopicDraft, judged: Sequence[JudgedStory]
) -> list[Exclusion]:
    wrong, right = (
        [{each.provenance.outlet} for each in articles]
        for articles in _parted(judged)
    )
    found = key_words(wrong, right, least=FEWEST_WRONG, surest=LIKELY)
    changed = ((each, without_outlet(draft, each.stem)) for each in found)
    return [
        Exclusion(
            "outlet", each.stem, without, each.inside, each.outside, each.g2
        )
        for each, without in changed
        if without is not None
    ]


def _parted(
    judged: Sequence[JudgedStory],
) -> tuple[list[Article], list[Article]]:
    """The wrong hits and the right ones."""
    wrong = [each.article for each in judged if not each.right]
    return wrong, [each.article for each in judged if each.right]


def _counted(each: Exclusion, gone: Sequence[JudgedStory]) -> Exclusion:
    right = sum(story.right for story in gone)
    return replace(each, wrong=len(gone) - right, right=right)


def _gone(
    trees: Sequence[Node], judged: Sequence[JudgedStory]
) -> list[Collection[int]]:
    """For each query the numbers of the stories that it does not meet."""
    asked = ComparedQueries(trees)
    gone: list[set[int]] = [set() for _ in trees]
    for number, story in enumerate(judged):
        for query, is_met in zip(
            gone, _met(asked, story, len(trees)), strict=True
        ):
            if not is_met:
                query.add(number)
    return list(gone)


def _met(
    asked: ComparedQueries, story: JudgedStory, queries: int
) -> list[bool]:
    """Which of the queries meet any hit of the story."""
    met = [False] * queries
    for article in (story.article, *story.others):
        met = [
            one or two
            for one, two in zip(
                met, asked.ask(match_text(article)), strict=True
            )
        ]
        if all(met):
            break
    return met


def _stems(articles: Iterable[Article]) -> list[Collection[str]]:
    return [stems_of(whole_text(article)) for article in articles]


def whole_text(article: Article) -> str:
    """All that can be learnt from."""
    return "\n".join(
        (
            article.content.title,
            article.content.lead,
            article.content.text,
            article.content.feed_text,
        )
    )
