"""suggest(draft): index > store > words that stand beside its hits > what each
would add.

Nothing is changed: each suggestion is a draft that a person may take. Counted
are stories, by their first article, so that a report that forty papers print
is one witness and not forty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from monitor.errors import IndexingError
from monitor.flow.alerting.match_text import match_text
from monitor.flow.requests.draft_changes import widened
from monitor.flow.requests.topic_draft import TopicDraft, draft_topic
from monitor.flow.requests.topic_figures import Moment
from monitor.flow.requests.topic_narrowing import (
    NOTHING_LEARNT,
    Exclusions,
    whole_text,
)
from monitor.flow.requests.topic_preview import PreviewHit
from monitor.flow.requests.topic_trial import (
    DAYS,
    GoesOn,
    Outdated,
    possible_articles,
)
from monitor.language.keyness import KeyWord, stems_of, written_forms
from monitor.match.suggestions import (
    Addition,
    Profile,
    Widening,
    as_term,
    nouns_among,
    own_stems,
    profile_of,
    widenings,
    words_to_try,
)
from monitor.match.topics import ComparedQueries, whole_query
from monitor.ports import Index
from monitor.query.tree import And, Node, Not
from monitor.store.engine import Database
from monitor.store.reading import article_views
from monitor.types.article import Article
from monitor.types.catalog import Catalog, Topic

HITS_READ = 150
OTHERS_READ = 400
"""Other stories that say how often a word stands anyway."""

ADDED_READ = 16
"""Of the articles that a word would add: enough to see whether they are like
the hits.
"""

FEWEST_HITS = 3
"""Stories; from fewer nothing can be learnt."""

MOST_SHOWN = 6
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word and the draft with it. It stands beside `beside` of the stories
    found and would add `adds` articles in 30 days (`at_most`: nobody counted
    exactly). Of those looked at, `near` of `sampled` are like the ones found.
    """

    term: str
    draft: TopicDraft
    beside: int
    adds: int
    at_most: bool
    near: int
    sampled: int
    examples: tuple[PreviewHit, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What could be tried. `hits`: stories that were learnt from."""

    hits: int
    widen: tuple[Suggestion, ...]
    narrow: Exclusions = NOTHING_LEARNT
    index_away: bool = False
    too_slow: bool = False


@dataclass(frozen=True, slots=True)
class _Tried:
    """A word as it is written, the draft with it, and what it adds."""

    term: str
    draft: TopicDraft
    word: KeyWord
    adds: int
    at_most: bool
    added: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where suggestions are found out."""

    index: Index
    connection: Connection
    catalog: Catalog
    base: Topic | None
    at: Moment
    goes_on: GoesOn

    def tree_of(self, draft: TopicDraft) -> Node | None:
        return whole_query(draft_topic(draft, self.catalog, self.base))[0]


def suggest_wider(
    index: Index,
    database: Database,
    draft: TopicDraft,
    *,
    catalog: Catalog,
    base: Topic | None,
    at: Moment,
    goes_on: GoesOn,
) -> Suggestions:
    """Words that would find more of the same. Raises Outdated."""
    with database.read() as connection:
        desk = _Desk(index, connection, catalog, base, at, goes_on)
        tree = desk.tree_of(draft)
        if tree is None:
            return Suggestions(0, ())
        try:
            return _wider(desk, draft, tree)
        except IndexingError:
            return Suggestions(0, (), index_away=True)


def _wider(desk: _Desk, draft: TopicDraft, tree: Node) -> Suggestions:
    found = possible_articles(desk.index, tree, at=desk.at, limit=HITS_READ)
    query = ComparedQueries([tree])
    possible = article_views.get_articles(desk.connection, found.article_ids)
    hits = _stories(
        each for each in possible if query.ask(match_text(each))[0]
    )
    if len(hits) < FEWEST_HITS:
        return Suggestions(len(hits), ())
    since = desk.at.now - timedelta(days=DAYS)
    newest = article_views.newest_ids(
        desk.connection, since=since, limit=OTHERS_READ
    )
    stored = article_views.get_articles(desk.connection, newest)
    others = _stories(
        each for each in stored if not query.ask(match_text(each))[0]
    )
    profile = profile_of(
        [_stems(each) for each in hits],
        [_stems(each) for each in others],
        own_stems(tree),
    )
    tried = list(_try_words(desk, draft, tree, profile, hits))
    return Suggestions(len(hits), tuple(_ranked(profile, tried)))


def _try_words(
    desk: _Desk,
    draft: TopicDraft,
    tree: Node,
    profile: Profile,
    hits: Sequence[Article],
) -> Iterator[_Tried]:
    """Each word at each place of the draft where it makes sense, with what it
    would add.
    """
    forms = written_forms(
        [word.stem for word in profile.words], map(whole_text, hits)
    )
    for word in words_to_try(profile, nouns_among(forms)):
        if not desk.goes_on():
            raise Outdated
        term = as_term(forms[word.stem])
        for wider in widened(draft, term) if term else ():
            new = desk.tree_of(wider)
            if new is not None:
                yield _try_word(
                    desk, tree, new, _Tried(term, wider, word, 0, False, ())
                )


def _try_word(desk: _Desk, tree: Node, wider: Node, tried: _Tried) -> _Tried:
    more = And((wider, Not(tree)))
    found = possible_articles(desk.index, more, at=desk.at, limit=ADDED_READ)
    query = ComparedQueries([more])
    articles = article_views.get_articles(desk.connection, found.article_ids)
    added = _stories(
        each for each in articles if query.ask(match_text(each))[0]
    )
    return replace(
        tried, adds=found.possible, at_most=found.at_most, added=added
    )


def _ranked(profile: Profile, tried: Sequence[_Tried]) -> Iterator[Suggestion]:
    """The best place of each word, the word that brings most first."""
    additions = [
        Addition(
            each.word,
            each.adds,
            {article.id: _stems(article) for article in each.added},
        )
        for each in tried
    ]
    best: dict[str, Widening] = {}
    for found in widenings(profile, additions):
        best.setdefault(found.stem, found)
    for found in list(best.values())[:MOST_SHOWN]:
        yield _suggestion(tried[found.number], found)


def _suggestion(tried: _Tried, found: Widening) -> Suggestion:
    articles = {article.id: article for article in tried.added}
    return Suggestion(
        term=tried.term,
        draft=tried.draft,
        beside=found.beside,
        adds=tried.adds,
        at_most=tried.at_most,
        near=found.near,
        sampled=found.sampled,
        examples=tuple(
            _found(articles[number]) for number in found.examples[:EXAMPLES]
        ),
    )


def _stories(articles: Iterable[Article]) -> tuple[Article, ...]:
    """One article of each story."""
    first: dict[int, Article] = {}
    for article in articles:
        first.setdefault(article.story_id or -article.id, article)
    return tuple(first.values())


def _stems(article: Article) -> Collection[str]:
    return stems_of(whole_text(article))


def _found(article: Article) -> PreviewHit:
    return PreviewHit(
        article.id,
        article.provenance.first_seen_at,
        article.provenance.outlet,
        article.content.title,
        article.url,
    )
