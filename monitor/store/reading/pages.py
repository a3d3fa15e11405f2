"""Pages as fetched, kept for a time; what repeats over an outlet's pages;
reservations that sites state.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from datetime import datetime
from struct import iter_unpack, pack
from typing import TYPE_CHECKING

import zstandard
from sqlalchemy import Connection, bindparam, delete, func, select, update

from monitor.store.engine import upsert, upsert_for
from monitor.store.tables import (
    articles,
    entries,
    feeds,
    page_blocks,
    raw_pages,
    tdm_files,
)
from monitor.types.article_state import ReadingState
from monitor.types.state import RawPage

if TYPE_CHECKING:
    from monitor.store.engine import Insert

READABLE = ("article", "short", "paywall")
"""Outcomes of pages that gave a text."""
WINDOW = 200
"""Newest pages of an outlet that are compared: what a redesign left behind is
forgotten after so many.
"""
# of a page once decompressed; what we wrote ourselves is never near it
LARGEST = 64 * 1024 * 1024
RESERVED = "text and data mining is reserved: "
"""How the note of an article begins whose text a publisher's reservation keeps
from us; the reason follows.
"""
NOT_READ = "page not read: "
CLOSED = f"{NOT_READ}robots.txt of "
"""How it begins where the page could not be fetched, and where robots.txt
closes it.
"""
HEADERS = ("tdm-reservation", "tdm-policy", "x-robots-tag", "date")
"""The only headers that the extractor reads."""


# Statements of every page are made once: building one takes longer than
# running it.
_NOTE_FAILURE = (
    update(articles)
    .where(
        articles.c.id == bindparam("article"),
        articles.c.page_outcome.not_in(READABLE),
    )
    .values(page_outcome=bindparam("outcome"))
)


def note_failure(
    connection: Connection, article_id: int, outcome: str
) -> None:
    """Reading the article's page ended so, and gave no text. It does not hide
    that a text was had before.
    """
    failed = {"article": article_id, "outcome": outcome}
    connection.execute(_NOTE_FAILURE, failed)


def add_blocks(
    connection: Connection,
    article_id: int,
    blocks: Sequence[int],
    *,
    outlet: str,
    now: datetime,
) -> None:
    """Note the lines of an article's page, once: later versions of one article
    say nothing about repetition.
    """
    row = {
        "article_id": article_id,
        "outlet": outlet,
        "seen_at": now,
        "blocks": pack(f">{len(blocks)}Q", *blocks),
    }
    connection.execute(_adding_blocks(connection.dialect.name), row)


@functools.cache
def _adding_blocks(dialect: str) -> Insert:
    return upsert_for(dialect, page_blocks).on_conflict_do_nothing()


_BLOCKS_OF = (
    select(page_blocks.c.article_id, page_blocks.c.blocks)
    .where(page_blocks.c.outlet == bindparam("outlet"))
    .order_by(page_blocks.c.seen_at.desc(), page_blocks.c.article_id.desc())
    .limit(WINDOW)
)


def blocks_of(
    connection: Connection, outlet: str
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """(article id, hashes of its lines) of the outlet's newest pages."""
    rows = connection.execute(_BLOCKS_OF, {"outlet": outlet})
    return tuple((row.article_id, unpacked(row.blocks)) for row in rows)


def announced(
    connection: Connection, outlet: str
) -> tuple[tuple[int, str, str], ...]:
    """(entry id, title, summary) of what the outlet's feeds announced last,
    newest first.
    """
    mine = select(feeds.c.id).where(feeds.c.outlet == outlet)
    statement = (
        select(entries.c.id, entries.c.title, entries.c.summary)
        .where(entries.c.feed_id.in_(mine))
        .order_by(entries.c.first_seen_at.desc(), entries.c.id.desc())
        .limit(WINDOW)
    )
    return tuple(
        (row.id, row.title, row.summary)
        for row in connection.execute(statement)
    )


_NEWEST_ANNOUNCED = (
    select(entries.c.id)
    .where(
        entries.c.feed_id.in_(
            select(feeds.c.id).where(feeds.c.outlet == bindparam("outlet"))
        )
    )
    .order_by(entries.c.first_seen_at.desc(), entries.c.id.desc())
    .limit(1)
)


def newest_announced(connection: Connection, outlet: str) -> int:
    """Entry id of what the outlet's feeds announced last; 0 where they
    announced nothing.
    """
    return (
        connection.execute(
            _NEWEST_ANNOUNCED, {"outlet": outlet}
        ).scalar_one_or_none()
        or 0
    )


def unpacked(blocks: bytes) -> tuple[int, ...]:
    """The hashes again."""
    return tuple(number for (number,) in iter_unpack(">Q", blocks))


def prune_blocks(connection: Connection) -> int:
    """Forget the lines of all but each outlet's newest pages."""
    order = (page_blocks.c.seen_at.desc(), page_blocks.c.article_id.desc())
    rank = func.row_number().over(
        partition_by=page_blocks.c.outlet, order_by=order
    )
    ranked = select(page_blocks.c.article_id, rank.label("rank")).subquery()
    old = select(ranked.c.article_id).where(ranked.c.rank > WINDOW)
    return connection.execute(
        delete(page_blocks).where(page_blocks.c.article_id.in_(old))
    ).rowcount


def keep_raw(
    connection: Connection,
    article_id: int,
    pages: Iterable[RawPage],
    *,
    read_with: str,
    now: datetime,
) -> None:
    """Keep an article's pages in place of those kept before."""
    connection.execute(
        delete(raw_pages).where(raw_pages.c.article_id == article_id)
    )
    compressor = zstandard.ZstdCompressor(level=6)
    for page in pages:
        row = {
            "article_id": article_id,
            "part": page.part,
            "fetched_at": now,
            "url": page.url,
            "content_type": page.content_type,
            "body": compressor.compress(page.body),
            "read_with": read_with,
            "headers": [
                [name, value]
                for name, value in page.headers
                if name in HEADERS
            ],
        }
        connection.execute(raw_pages.insert().values(row))


def raw_of(
    connection: Connection, article_id: int
) -> tuple[datetime | None, tuple[RawPage, ...]]:
    """When an article's pages were fetched, and the pages in order; (None, ())
    where none is kept.
    """
    rows = connection.execute(
        select(raw_pages)
        .where(raw_pages.c.article_id == article_id)
        .order_by(raw_pages.c.part)
    ).all()
    decompressor = zstandard.ZstdDecompressor()
    pages = tuple(
        RawPage(
            part=row.part,
            url=row.url,
            content_type=row.content_type,
            headers=tuple((name, value) for name, value in row.headers),
            body=decompressor.decompress(row.body, max_output_size=LARGEST),
        )
        for row in rows
    )
    return (rows[0].fetched_at if rows else None), pages


def to_read_again(
    connection: Connection,
    *,
    read_with: str | None,
    since: datetime | None = None,
    feeds: Sequence[str] = (),
) -> tuple[int, ...]:
    """Articles whose kept pages another rule set than `read_with` read last,
    by rising id; None: all kept ones.
    """
    statement = select(raw_pages.c.article_id).join(
        articles, articles.c.id == raw_pages.c.article_id
    )
    statement = statement.where(raw_pages.c.part == 0)
    if read_with is not None:
        statement = statement.where(raw_pages.c.read_with != read_with)
    if since is not None:
        statement = statement.where(articles.c.first_seen_at >= since)
    if feeds:
        statement = statement.where(articles.c.feed_id.in_(tuple(feeds)))
    return tuple(
        connection.execute(
            statement.order_by(raw_pages.c.article_id)
        ).scalars()
    )


def mark_read(
    connection: Connection, article_ids: Iterable[int], *, read_with: str
) -> None:
    """Note which rule set read the kept pages last; "" asks for another
    reading.
    """
    mine = raw_pages.c.article_id.in_(tuple(article_ids))
    connection.execute(
        update(raw_pages).where(mine).values(read_with=read_with)
    )


def prune_raw(connection: Connection, *, before: datetime, limit: int) -> int:
    """Delete the pages, fetched before then, of up to `limit` articles;
    returns how many.
    """
    r = raw_pages.c
    old = (
        select(r.article_id)
        .where(r.fetched_at < before)
        .order_by(r.fetched_at)
    )
    some = old.limit(limit).subquery()
    mine = (r.article_id.in_(select(some.c.article_id)), r.fetched_at < before)
    return connection.execute(delete(raw_pages).where(*mine)).rowcount


def drop_raw(connection: Connection, article_id: int) -> None:
    """Keep nothing of this article's pages, nor of their lines."""
    connection.execute(
        delete(raw_pages).where(raw_pages.c.article_id == article_id)
    )
    connection.execute(
        delete(page_blocks).where(page_blocks.c.article_id == article_id)
    )


_TDM_FILE = select(tdm_files.c.body, tdm_files.c.until).where(
    tdm_files.c.origin == bindparam("of")
)


def recall_tdm_file(
    connection: Connection, origin: str
) -> tuple[bytes, datetime] | None:
    """The origin's tdmrep.json and until when it counts; an empty one means
    that there is none.
    """
    row = connection.execute(_TDM_FILE, {"of": origin}).one_or_none()
    return None if row is None else (row.body, row.until)


def remember_tdm_file(
    connection: Connection, origin: str, body: bytes, *, until: datetime
) -> None:
    """Keep what an origin's tdmrep.json said."""
    row = {"origin": origin, "body": body, "until": until}
    statement = upsert(connection, tdm_files).values(row)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["origin"], set_=row)
    )


def forget_tdm_files(connection: Connection, *, before: datetime) -> int:
    """Drop files of sites that nobody asked for lately."""
    return connection.execute(
        delete(tdm_files).where(tdm_files.c.until < before)
    ).rowcount


def reserved_since(
    connection: Connection, since: datetime
) -> tuple[tuple[int, str, str], ...]:
    """(article id, feed id, reason) of articles first seen since then whose
    text is reserved, and not just read.
    """
    statement = select(
        articles.c.id, articles.c.feed_id, articles.c.note
    ).where(
        articles.c.first_seen_at >= since,
        articles.c.read_state == ReadingState.DONE.value,
        articles.c.note.startswith(RESERVED, autoescape=True),
    )
    return tuple(
        (row.id, row.feed_id, row.note.removeprefix(RESERVED))
        for row in connection.execute(statement.order_by(articles.c.id))
    )
