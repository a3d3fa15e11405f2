"""Articles as others see them: with their feed's facts, their topics and their
story.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Row,
    Select,
    bindparam,
    func,
    select,
)

from monitor.store.alerting.current_matches import OF_CURRENT_TOPIC
from monitor.store.reading.article_states import HAS_TEXT, IS_UNMATCHED
from monitor.store.tables import (
    article_versions,
    articles,
    entries,
    feeds,
    matches,
    stories,
    topic_versions,
)
from monitor.types.article import (
    Article,
    ArticleVersion,
    Content,
    CurrentState,
    Provenance,
    TopicHits,
)

SHOWN = func.coalesce(articles.c.link, articles.c.url).label("url")
"""The address that people see: that of the page, also where other items share
it.
"""
FEED_FACTS = ("outlet", "country", "region", "priority", "license")
_LISTS = ("authors", "cites")
_CONTENT = tuple(
    name for name in Content.__slots__ if name not in (*_LISTS, "categories")
)
_PROVENANCE = tuple(
    name for name in Provenance.__slots__ if name not in (*FEED_FACTS, "feeds")
)
_COLUMNS = (
    *("id", "doc_id", "version", "story_id"),
    *_LISTS,
    *_CONTENT,
    *_PROVENANCE,
    *CurrentState.__slots__,
)


def _query() -> Select[tuple[object, ...]]:
    columns = [SHOWN, *(articles.c[name] for name in _COLUMNS)]
    from_feed = [feeds.c[name] for name in FEED_FACTS]
    joined = articles.join(feeds, feeds.c.id == articles.c.feed_id).join(
        stories, stories.c.id == articles.c.story_id
    )
    return select(*columns, *from_feed, stories.c.copies).select_from(joined)


# Made once: building one takes longer than running it.
_ANY = _query()
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_BY_ID = _ANY.where(articles.c.id.in_(_IDS)).order_by(articles.c.id)
_UNMATCHED = (
    _ANY.where(IS_UNMATCHED)
    .order_by(articles.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=articles, skip_locked=True)
)
_HITS = (
    select(
        matches.c.article_id,
        matches.c.topic_id,
        topic_versions.c.name,
        matches.c.hits,
        matches.c.title_hits,
    )
    .join(topic_versions, OF_CURRENT_TOPIC)
    .where(matches.c.article_id.in_(_IDS))
    .order_by(matches.c.id)
)
_OF_FEEDS = select(
    entries.c.article_id, entries.c.feed_id, entries.c.categories
).where(entries.c.article_id.in_(_IDS))


def get_articles(
    connection: Connection, ids: Collection[int]
) -> tuple[Article, ...]:
    """The articles with these ids, in order of id; unknown ids are left out."""
    return _articles(
        connection, connection.execute(_BY_ID, {"ids": tuple(ids)}).all()
    )


def unmatched_articles(
    connection: Connection, *, limit: int
) -> tuple[Article, ...]:
    """Articles whose current version is not matched yet, oldest first.

    Locks them against other daemons.
    """
    return _articles(
        connection, connection.execute(_UNMATCHED, {"most": limit}).all()
    )


def articles_since(
    connection: Connection, *, since: datetime, after_id: int, limit: int
) -> tuple[Article, ...]:
    """Readable articles first seen since then, by rising id: for previews,
    sweeps and rebuilding.
    """
    statement = _ANY.where(
        HAS_TEXT, articles.c.first_seen_at >= since, articles.c.id > after_id
    )
    return _articles(
        connection,
        connection.execute(
            statement.order_by(articles.c.id).limit(limit)
        ).all(),
    )


def newest_since(
    connection: Connection, since: datetime, *, most: int
) -> datetime | None:
    """When the `most`-newest of the readable articles since then was first
    seen; None where there are fewer.
    """
    readable = (HAS_TEXT, articles.c.first_seen_at >= since)
    newest = select(articles.c.first_seen_at).where(*readable)
    newest = (
        newest.order_by(articles.c.first_seen_at.desc())
        .offset(most - 1)
        .limit(1)
    )
    return connection.execute(newest).scalar_one_or_none()


def newest_ids(
    connection: Connection, *, since: datetime, limit: int
) -> tuple[int, ...]:
    """The newest readable articles first seen since then."""
    readable = (HAS_TEXT, articles.c.first_seen_at >= since)
    newest = select(articles.c.id).where(*readable)
    newest = newest.order_by(articles.c.first_seen_at.desc()).limit(limit)
    return tuple(connection.execute(newest).scalars())


def outlets_of_stories(
    connection: Connection, story_ids: Collection[int]
) -> dict[int, tuple[tuple[int, str, str], ...]]:
    """(article id, outlet, url) of every article of each story, in order of
    arrival.
    """
    statement = (
        select(articles.c.story_id, articles.c.id, feeds.c.outlet, SHOWN)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(articles.c.story_id.in_(tuple(story_ids)))
        .order_by(articles.c.id)
    )
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for story_id, article_id, outlet, url in connection.execute(statement):
        found[story_id].append((article_id, outlet, url))
    return {story_id: tuple(rows) for story_id, rows in found.items()}


def versions_of(
    connection: Connection, article_id: int
) -> tuple[ArticleVersion, ...]:
    """All versions of one article, oldest first."""
    table = article_versions.c
    columns = [table[name] for name in ArticleVersion.__slots__]
    statement = (
        select(*columns)
        .where(table.article_id == article_id)
        .order_by(table.version)
    )
    return tuple(
        ArticleVersion(**row._mapping) for row in connection.execute(statement)
    )


def version_before(
    connection: Connection, article: Article
) -> ArticleVersion | None:
    """What the article said when it was matched last; None where it never was,
    and where that is kept no more.
    """
    table = article_versions.c
    columns = [table[name] for name in ArticleVersion.__slots__]
    matched = (
        select(articles.c.matched_version)
        .where(articles.c.id == article.id)
        .scalar_subquery()
    )
    mine = (
        table.article_id == article.id,
        table.version == matched,
        table.version < article.version,
    )
    row = connection.execute(select(*columns).where(*mine)).one_or_none()
    return ArticleVersion(*row) if row else None


def _articles(
    connection: Connection, rows: Sequence[Row[tuple[object, ...]]]
) -> tuple[Article, ...]:
    ids = {"ids": tuple(row.id for row in rows)}
    topics: dict[int, list[TopicHits]] = defaultdict(list)
    for article_id, topic_id, name, n, title_hits in connection.execute(
        _HITS, ids
    ):
        topics[article_id].append(TopicHits(topic_id, name, n, title_hits))
    listed: dict[int, set[str]] = defaultdict(set)
    categories: dict[int, dict[str, None]] = defaultdict(dict)
    for article_id, feed_id, names in connection.execute(_OF_FEEDS, ids):
        listed[article_id].add(feed_id)
        categories[article_id].update(dict.fromkeys(names))
    return tuple(
        Article(
            row.id,
            row.url,
            row.doc_id,
            content=_content(row, tuple(categories[row.id])),
            provenance=_provenance(row, tuple(sorted(listed[row.id]))),
            state=CurrentState(
                *(row._mapping[name] for name in CurrentState.__slots__)
            ),
            version=row.version,
            story_id=row.story_id,
            copies=row.copies,
            topics=tuple(topics[row.id]),
        )
        for row in rows
    )


def _content(row: Row[Any], categories: tuple[str, ...]) -> Content:
    said = {name: row._mapping[name] for name in _CONTENT}
    return Content(
        **said,
        authors=tuple(row.authors),
        cites=tuple(row.cites),
        categories=categories,
    )


def _provenance(row: Row[Any], listed: tuple[str, ...]) -> Provenance:
    facts = {name: row._mapping[name] for name in (*_PROVENANCE, *FEED_FACTS)}
    return Provenance(**facts, feeds=listed)
