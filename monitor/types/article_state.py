"""Where an article is on its way: its state of reading, of matching and of
indexing, and what may change each of them.

Pure. `store` keeps the states in columns and in the index queue, and changes
them by these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar


class ReadingState(StrEnum):
    """Of its page. The values are those of the column."""

    DUE = "due"
    DONE = "done"
    QUARANTINED = "quarantined"


class MatchingState(StrEnum):
    """Of its current version. Kept as its number, 0 for none, and the topic
    set it was matched with, null for none.
    """

    WITHOUT_TEXT = "without text"
    PENDING = "pending"
    MATCHED = "matched"


class IndexingState(StrEnum):
    """Of its document in the search index. Kept as a row of the index queue,
    while it is queued.
    """

    SETTLED = "settled"  # written, refused, or there was nothing to write yet
    QUEUED = "queued"


class ArticleEvent(StrEnum):
    """What changes a state."""

    READ = "read"
    READING_POSTPONED = "reading postponed"
    READING_GIVEN_UP = "reading given up"
    READING_ASKED_FOR = "reading asked for"
    VERSION_ADDED = "version added"
    MATCHED = "matched"
    MATCHING_ASKED_FOR = "matching asked for"
    CHANGED = "changed"
    INDEXED = "indexed"
    INDEXING_POSTPONED = "indexing postponed"
    INDEXING_GIVEN_UP = "indexing given up"


class IllegalTransition(ValueError):
    """An event that cannot happen to an article in that state: our own
    mistake.
    """


State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[State]):
    """The states in which an event may happen, and the state that it leads to."""

    sources: frozenset[State]
    target: State


def _of(*sources: State, to: State) -> Transition[State]:
    return Transition(frozenset(sources), to)


_EVENT = ArticleEvent
READING: Mapping[ArticleEvent, Transition[ReadingState]] = {
    _EVENT.READ: _of(ReadingState.DUE, to=ReadingState.DONE),
    _EVENT.READING_POSTPONED: _of(ReadingState.DUE, to=ReadingState.DUE),
    _EVENT.READING_GIVEN_UP: _of(
        ReadingState.DUE, to=ReadingState.QUARANTINED
    ),
    _EVENT.READING_ASKED_FOR: _of(*ReadingState, to=ReadingState.DUE),
}
MATCHING: Mapping[ArticleEvent, Transition[MatchingState]] = {
    _EVENT.VERSION_ADDED: _of(*MatchingState, to=MatchingState.PENDING),
    # A matched article is matched again with the topics that came after it.
    _EVENT.MATCHED: _of(
        MatchingState.PENDING, MatchingState.MATCHED, to=MatchingState.MATCHED
    ),
    _EVENT.MATCHING_ASKED_FOR: _of(
        MatchingState.PENDING, MatchingState.MATCHED, to=MatchingState.PENDING
    ),
}
INDEXING: Mapping[ArticleEvent, Transition[IndexingState]] = {
    _EVENT.CHANGED: _of(*IndexingState, to=IndexingState.QUEUED),
    _EVENT.INDEXED: _of(IndexingState.QUEUED, to=IndexingState.SETTLED),
    _EVENT.INDEXING_POSTPONED: _of(
        IndexingState.QUEUED, to=IndexingState.QUEUED
    ),
    _EVENT.INDEXING_GIVEN_UP: _of(
        IndexingState.QUEUED, to=IndexingState.SETTLED
    ),
}


@dataclass(frozen=True, slots=True)
class ArticleState:
    """The state of one article. A new one is due to be read, and has no text."""

    reading: ReadingState = ReadingState.DUE
    matching: MatchingState = MatchingState.WITHOUT_TEXT
    indexing: IndexingState = IndexingState.SETTLED

    def after(self, event: ArticleEvent) -> ArticleState:
        """The state after `event`; raises IllegalTransition where it cannot
        happen.
        """
        return ArticleState(
            reading=_next(READING, self.reading, event),
            matching=_next(MATCHING, self.matching, event),
            indexing=_next(INDEXING, self.indexing, event),
        )


def _next(
    table: Mapping[ArticleEvent, Transition[State]],
    state: State,
    event: ArticleEvent,
) -> State:
    transition = table.get(event)
    if transition is None:  # an event of another step
        return state
    if state not in transition.sources:
        raise IllegalTransition(
            f"{event} cannot happen to an article that is {state}"
        )
    return transition.target


def matching_state(*, version: int, topic_set: int | None) -> MatchingState:
    """The state that the two columns stand for."""
    if version == 0:
        return MatchingState.WITHOUT_TEXT
    return (
        MatchingState.PENDING if topic_set is None else MatchingState.MATCHED
    )
