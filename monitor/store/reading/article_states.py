"""The states of `monitor.types.article_state`, as conditions on columns and as
what a row says.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, exists, select

from monitor.store.tables import articles, index_queue
from monitor.types.article_state import (
    READING,
    ArticleEvent,
    ArticleState,
    IndexingState,
    ReadingState,
    matching_state,
)

HAS_TEXT: ColumnElement[bool] = articles.c.version > 0
IS_UNMATCHED = and_(articles.c.matched_topic_set.is_(None), HAS_TEXT)
IS_DUE = articles.c.read_state == ReadingState.DUE.value


def may_happen(event: ArticleEvent) -> ColumnElement[bool]:
    """Whether an article is in a state of reading in which `event` may happen."""
    return articles.c.read_state.in_(
        sorted(state.value for state in READING[event].sources)
    )


def article_state(
    connection: Connection, article_id: int
) -> ArticleState | None:
    """Where the article is on its way; None for an unknown one."""
    queued = exists().where(index_queue.c.article_id == articles.c.id)
    columns = (
        articles.c.read_state,
        articles.c.version,
        articles.c.matched_topic_set,
    )
    statement = select(*columns, queued.label("queued")).where(
        articles.c.id == article_id
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    return ArticleState(
        reading=ReadingState(row.read_state),
        matching=matching_state(
            version=row.version, topic_set=row.matched_topic_set
        ),
        indexing=IndexingState.QUEUED if row.queued else IndexingState.SETTLED,
    )


def check_event(
    connection: Connection, article_id: int, event: ArticleEvent
) -> None:
    """Raises IllegalTransition where `event` cannot happen to the article; an
    unknown one may be told anything.
    """
    if state := article_state(connection, article_id):
        state.after(event)
