"""Articles as pages to read: which are due, which are claimed, and what came
of a reading.

Their texts and versions: `text_versions`.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Row,
    Update,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from monitor.language.item_boilerplate import bare_text, bare_title
from monitor.store.claims import (
    FREE,
    forgotten_until,
    in_order,
    is_forgotten,
    is_free,
    lease_clock,
)
from monitor.store.reading.article_states import (
    IS_DUE,
    check_event,
    may_happen,
)
from monitor.store.tables import articles, entries, feeds
from monitor.types.article_state import READING, ArticleEvent, ReadingState
from monitor.types.feed import ONLY_UPDATED
from monitor.types.state import ReadTask


def doc_id(url: str) -> str:
    """The document id of an article in every index: derived from its key, so
    that a repeat overwrites.
    """
    return hashlib.sha256(url.encode()).hexdigest()[:32]


def shares_page(connection: Connection, article_ids: Collection[int]) -> None:
    """Other items have come under the address of these articles: their page is
    no longer read as theirs.
    """
    mine = (articles.c.id.in_(tuple(article_ids)), articles.c.link.is_(None))
    values = {"link": articles.c.url}
    own = ~articles.c.url.startswith("entry:", autoescape=True)
    apart = update(articles).where(in_order(articles, *mine, own))
    connection.execute(apart.values(values))


def read_again(
    connection: Connection, article_id: int, *, not_before: datetime
) -> None:
    """Let a changed article be fetched again."""
    connection.execute(
        update(articles)
        .where(articles.c.id == article_id)
        .values(
            read_state=ReadingState.DUE.value,
            read_due_at=not_before,
            read_attempts=0,
        )
    )


def read_now(
    connection: Connection, feed_ids: Collection[str], *, now: datetime
) -> int:
    """Let what waits of these feeds be read at the next tick; returns how many
    pages that are.
    """
    waiting = (
        articles.c.feed_id.in_(tuple(feed_ids)),
        IS_DUE,
        articles.c.read_due_at > now,
    )
    statement = update(articles).where(in_order(articles, *waiting))
    return connection.execute(statement.values(read_due_at=now)).rowcount


def last_reading(
    connection: Connection, article_id: int
) -> tuple[datetime | None, int]:
    """When the article's page last gave a text, and how many readings since
    then in a row found nothing new.
    """
    columns = (articles.c.last_read_at, articles.c.idle_reads)
    row = connection.execute(
        select(*columns).where(articles.c.id == article_id)
    ).one()
    return row.last_read_at, row.idle_reads


# Made once, as the other statements here: building one takes longer than
# running it.
_THIS = articles.c.id == bindparam("article")
_NOTE_READING = (
    update(articles)
    .where(_THIS)
    .values(last_read_at=bindparam("now"), page_outcome=bindparam("outcome"))
)
_FOUND_NEW = _NOTE_READING.values(idle_reads=0)
_FOUND_NOTHING = _NOTE_READING.values(idle_reads=articles.c.idle_reads + 1)


def note_reading(
    connection: Connection,
    article_id: int,
    *,
    outcome: str,
    found_new: bool,
    now: datetime,
) -> None:
    """The page gave a text; `found_new` says whether it had changed since the
    reading before. `outcome`: one of `pages.READABLE`.
    """
    statement = _FOUND_NEW if found_new else _FOUND_NOTHING
    noted = {"article": article_id, "outcome": outcome, "now": now}
    connection.execute(statement, noted)


def claim_reads(
    connection: Connection,
    *,
    now: datetime,
    lease: timedelta,
    daemon: str,
    limit: int,
    per_host: int,
    leave: Collection[int] = (),
) -> tuple[ReadTask, ...]:
    """Take up to `limit` due articles, at most `per_host` of one registered
    domain, and lease them.

    The bound per domain keeps one outlet's flood from holding up all others.
    `leave` names articles that this process still works on; others that are
    leased to `daemon` were forgotten by it.
    """
    clock = lease_clock(connection, now)
    taken = {
        "now": now,
        "clock": clock,
        "until": clock + lease,
        "forgotten": forgotten_until(clock, lease),
        "daemon": daemon,
        "most": limit,
        "per_host": per_host,
        "leave": tuple(leave),
    }
    ids = connection.execute(_CLAIM, taken).scalars().all()
    return read_tasks(connection, sorted(ids))


def _claim() -> ReturningUpdate[Any]:
    time = articles.c.claimed_until.type
    unheld = articles.c.id.not_in(bindparam("leave", expanding=True))
    forgotten = is_forgotten(
        articles, bindparam("daemon"), bindparam("forgotten", type_=time)
    )
    free = or_(
        is_free(articles, bindparam("clock", type_=time)),
        and_(unheld, forgotten),
    )
    due = (
        IS_DUE,
        articles.c.read_due_at
        <= bindparam("now", type_=articles.c.read_due_at.type),
        free,
        unheld,
    )
    # A domain whose pages this daemon already holds gets no more until they
    # are done.
    held = (
        select(articles.c.host, func.count().label("n"))
        .where(IS_DUE, not_(free))
        .group_by(articles.c.host)
        .subquery()
    )
    rank = func.row_number().over(
        partition_by=articles.c.host,
        order_by=(articles.c.read_due_at, articles.c.id),
    )
    ranked = (
        select(
            articles.c.id,
            articles.c.host,
            articles.c.read_due_at,
            rank.label("rank"),
        )
        .where(*due)
        .subquery()
    )
    per_host = bindparam("per_host", type_=Integer)
    picked = (
        select(ranked.c.id)
        .outerjoin(held, held.c.host == ranked.c.host)
        .where(ranked.c.rank + func.coalesce(held.c.n, 0) <= per_host)
        .order_by(ranked.c.rank, ranked.c.read_due_at, ranked.c.id)
        .limit(bindparam("most", type_=Integer))
    )
    return (
        update(articles)
        .where(articles.c.id.in_(picked.scalar_subquery()), *due)
        .values(
            claimed_until=bindparam("until", type_=time),
            claimed_by=bindparam("daemon"),
        )
        .returning(articles.c.id)
    )


_CLAIM = _claim()

_OF_ARTICLE = (
    "id",
    "url",
    "link",
    "host",
    "feed_id",
    "read_attempts",
    "version",
    "first_seen_at",
    "title",
    "authors",
    "image_url",
    "language",
    "published_at",
    "published_source",
    "kind",
    "note",
    "read_due_at",
)
_OF_ENTRY = (
    "article_id",
    "title",
    "summary",
    "content",
    "authors",
    "categories",
    "image_url",
    "published_at",
    "published_reason",
    "updated_at",
)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TO_READ = (
    select(*[*(articles.c[name] for name in _OF_ARTICLE), feeds.c.outlet])
    .join(feeds, feeds.c.id == articles.c.feed_id)
    .where(articles.c.id.in_(_IDS))
    .order_by(articles.c.id)
)
_NEWEST_FIRST = func.row_number().over(
    partition_by=entries.c.article_id, order_by=entries.c.last_seen_at.desc()
)
_ANNOUNCING = (
    select(
        *(entries.c[name] for name in _OF_ENTRY), _NEWEST_FIRST.label("place")
    )
    .where(entries.c.article_id.in_(_IDS))
    .subquery()
)
_NEWEST_ENTRY = select(_ANNOUNCING).where(_ANNOUNCING.c.place == 1)


def read_task(connection: Connection, article_id: int) -> ReadTask:
    """What reading one article needs: its address and what its newest entry
    says.
    """
    (task,) = read_tasks(connection, (article_id,))
    return task


def read_tasks(
    connection: Connection, article_ids: Collection[int]
) -> tuple[ReadTask, ...]:
    """What reading these articles needs, in order of id."""
    if not article_ids:
        return ()
    ids = {"ids": tuple(article_ids)}
    newest = {
        entry.article_id: entry
        for entry in connection.execute(_NEWEST_ENTRY, ids)
    }
    rows = connection.execute(_TO_READ, ids)
    return tuple(_task(article, newest.get(article.id)) for article in rows)


def _task(article: Row[Any], entry: Row[Any] | None) -> ReadTask:
    only_updated = bool(
        entry and entry.published_reason.endswith(ONLY_UPDATED)
    )
    return ReadTask(
        article_id=article.id,
        url=None
        if article.link or article.url.startswith("entry:")
        else article.url,
        host=article.host,
        feed_id=article.feed_id,
        attempts=article.read_attempts,
        version=article.version,
        first_seen_at=article.first_seen_at,
        title=bare_title(
            entry.title if entry else article.title, article.outlet
        ),
        summary=bare_text(entry.summary, entry.title) if entry else "",
        content=bare_text(entry.content, entry.title) if entry else "",
        authors=tuple(entry.authors if entry else article.authors),
        categories=tuple(entry.categories) if entry else (),
        image_url=entry.image_url if entry else article.image_url,
        language=article.language,
        feed_date=_feed_date(entry, article, only_updated=only_updated),
        only_updated=only_updated,
        feed_updated=entry.updated_at if entry else None,
        outlet=article.outlet,
        kind=article.kind,
        note=article.note,
        due_at=article.read_due_at,
    )


def _feed_date(
    entry: Row[Any] | None, article: Row[Any], *, only_updated: bool
) -> datetime | None:
    """The feed's date. One of the last change moves with each: the first that
    was seen stays.
    """
    if entry is None or entry.published_at is None:
        return None
    stated: datetime = entry.published_at
    known: datetime = article.published_at
    return (
        min(stated, known)
        if only_updated and article.published_source == "feed"
        else stated
    )


def read_done(
    connection: Connection, article_id: int, *, due_at: datetime | None = None
) -> None:
    """Nothing more to fetch. `due_at` here and below: when it was due as it
    was claimed.

    An article that is due at another time now changed while it was read: it
    stays due, so that the change is read too.
    """
    _end_reading(connection, article_id, due_at, ArticleEvent.READ, {})


def read_later(
    connection: Connection,
    article_id: int,
    *,
    at: datetime,
    counts: bool,
    due_at: datetime | None = None,
) -> None:
    """Try again at `at`; `counts` says whether this attempt was the page's own
    failure.
    """
    values = {"again_at": at, "counted": int(counts)}
    _end_reading(
        connection, article_id, due_at, ArticleEvent.READING_POSTPONED, values
    )


def give_up_reading(
    connection: Connection, article_id: int, *, due_at: datetime | None = None
) -> None:
    """Never again by itself; the quarantine says why."""
    _end_reading(
        connection, article_id, due_at, ArticleEvent.READING_GIVEN_UP, {}
    )


_GIVE_BACK = update(articles).where(_THIS).values(FREE)
_ENDS: Mapping[ArticleEvent, Mapping[str, object]] = {
    ArticleEvent.READ: {"read_due_at": None, "read_attempts": 0},
    ArticleEvent.READING_POSTPONED: {
        "read_due_at": bindparam("again_at"),
        "read_attempts": articles.c.read_attempts
        + bindparam("counted", type_=Integer),
    },
    ArticleEvent.READING_GIVEN_UP: {"read_due_at": None},
}
"""What the end of a reading changes, besides the lease and the state."""


@functools.cache
def _ending(event: ArticleEvent, *, unchanged: bool) -> Update:
    """The statement that ends a reading; `unchanged`: only where it is due as
    it was before.
    """
    values = {
        **_ENDS[event],
        **FREE,
        "read_state": READING[event].target.value,
    }
    statement = update(articles).where(_THIS, may_happen(event)).values(values)
    as_before = articles.c.read_due_at == bindparam("due_at")
    return statement.where(as_before) if unchanged else statement


def _end_reading(
    connection: Connection,
    article_id: int,
    due_at: datetime | None,
    event: ArticleEvent,
    values: Mapping[str, object],
) -> None:
    """Let the reading end so; raises IllegalTransition where the article was
    not due.
    """
    mine = {"article": article_id}
    ended = _ending(event, unchanged=due_at is not None)
    due = {} if due_at is None else {"due_at": due_at}
    if not connection.execute(ended, {**mine, **due, **values}).rowcount:
        connection.execute(_GIVE_BACK, mine)
        check_event(connection, article_id, event)
