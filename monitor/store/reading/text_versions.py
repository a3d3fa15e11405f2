"""What articles say: a text is kept as a version where it changed; feeds add
what a page lacks.

Setting a text makes the article due for matching. When a page is read:
`articles`.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    select,
    update,
)

from monitor.store.reading.feed_parts import (
    FeedParts,
    PageSaid,
    feed_items,
    feed_parts,
    own_title,
)
from monitor.store.tables import article_versions, articles
from monitor.types.state import ReadResult

OF_FEED = "feed"  # the extractor of versions that come from a feed alone
MOST_VERSIONS = 100
"""Of one article: the first and the newest are kept. A live ticker of two days
has more, and each is a whole text.
"""


def text_hash(title: str, lead: str, text: str, *of_feeds: str) -> str:
    """Equal hashes mean: nothing that a reader would notice has changed.
    `of_feeds` count where there are any.
    """
    parts = (
        (title, lead, text, *of_feeds)
        if any(of_feeds)
        else (title, lead, text)
    )
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


# Statements are made once: building one takes longer than running it.
_THIS = articles.c.id == bindparam("article", type_=articles.c.id.type)
_UPDATE = update(articles).where(_THIS)
_BEFORE = (
    select(
        *(
            articles.c[name]
            for name in (
                "version",
                "title",
                "page_title",
                "page_title_at",
                "lead",
                "text",
                "feed_text",
                "kind",
                "quiet",
                "matched_topic_set",
                "text_deleted_at",
            )
        )
    )
    .where(_THIS)
    .with_for_update()
)
_ADD = article_versions.insert()
_RESULT = (
    "lead",
    "text",
    "section",
    "language",
    "image_url",
    "kind",
    "note",
    "agency",
)
_EXTRACTION = ("canonical_url", "parts", "word_count", "quality")


def save_version(
    connection: Connection,
    article_id: int,
    result: ReadResult,
    *,
    now: datetime,
    quiet: str = "",
) -> bool:
    """Make `result` the current version, to be matched; returns False where it
    says what the current one said.

    Facts such as authors and dates are brought up to date in both cases.
    `quiet`: why this version alerts nobody. What feeds say beyond `result` is
    kept with it.
    """
    before = _before(connection, article_id)
    page = PageSaid(
        result.title, result.lead, result.text, _title_at(before, result, now)
    )
    parts = feed_parts(
        feed_items(connection, article_id), page, kept_text=before.feed_text
    )
    said = _Said(parts, page, result.kind, result.extraction.extractor)
    values = {name: getattr(result, name) for name in _RESULT} | asdict(
        result.dates
    )
    values |= {name: getattr(result.extraction, name) for name in _EXTRACTION}
    values |= {
        "authors": list(result.authors),
        "cites": list(result.cites),
        "text_deleted_at": None,
        "page_title_at": page.title_at,
    }
    version = _add_version(
        connection, article_id, before, said, now=now, quiet=quiet
    )
    connection.execute(_UPDATE, values | version | {"article": article_id})
    return bool(version)


def renew_feed_parts(
    connection: Connection, article_id: int, *, now: datetime, quiet: str = ""
) -> bool:
    """Bring what feeds say of an article that was read up to date, whatever
    its page says when it is read again.

    Returns whether that made a new version, to be matched. A version that
    waits to be matched is not made quiet.
    """
    before = _before(connection, article_id)
    page = PageSaid(
        own_title(before), before.lead, before.text, before.page_title_at
    )
    parts = feed_parts(
        feed_items(connection, article_id), page, kept_text=before.feed_text
    )
    if before.text_deleted_at is not None:
        parts = replace(parts, feed_text="")
    if before.matched_topic_set is None:
        quiet = before.quiet
    version = _add_version(
        connection,
        article_id,
        before,
        _Said(parts, page, before.kind, OF_FEED),
        now=now,
        quiet=quiet,
    )
    if version:
        connection.execute(_UPDATE, version | {"article": article_id})
    return bool(version)


@dataclass(frozen=True, slots=True)
class _Said:
    """All that a version says."""

    parts: FeedParts
    page: PageSaid
    kind: str
    extractor: str

    @property
    def digest(self) -> str:
        parts, page = self.parts, self.page
        return text_hash(
            parts.title,
            page.lead,
            page.text,
            parts.page_title,
            parts.feed_title,
            parts.feed_text,
        )


def _before(connection: Connection, article_id: int) -> Row[Any]:
    return connection.execute(_BEFORE, {"article": article_id}).one()


def _title_at(
    before: Row[Any], result: ReadResult, now: datetime
) -> datetime | None:
    """When the page was first read with this title; None where it was not
    read.
    """
    if result.kind == "summary":
        return None
    known: datetime | None = before.page_title_at
    return (
        known
        if known is not None and own_title(before) == result.title
        else now
    )


def _is_version(
    article_id: int, version: int
) -> tuple[ColumnElement[bool], ...]:
    return (
        article_versions.c.article_id == article_id,
        article_versions.c.version == version,
    )


def _add_version(
    connection: Connection,
    article_id: int,
    before: Row[Any],
    said: _Said,
    *,
    now: datetime,
    quiet: str,
) -> dict[str, Any]:
    """Add a version, unless it says what the one before said; returns what
    makes it the article's, by column.
    """
    known = _current(connection, article_id, before.version)
    if known and known.text_hash == said.digest:
        return {}
    number = before.version + 1
    if (
        known
        and known.extractor == OF_FEED
        and before.kind != "summary"
        and before.matched_topic_set is None
    ):
        # The page follows its feed's edit within minutes: together they are
        # one change.
        number = before.version
        connection.execute(
            delete(article_versions).where(*_is_version(article_id, number))
        )
    parts = asdict(said.parts)
    version = {
        "article_id": article_id,
        "version": number,
        "created_at": now,
        "text_hash": said.digest,
        "lead": said.page.lead,
        "text": said.page.text,
        "kind": said.kind,
        "extractor": said.extractor,
    }
    connection.execute(_ADD, version | parts)
    if number > MOST_VERSIONS:
        _drop_versions(connection, article_id, newest=number)
    return parts | {
        "version": number,
        "matched_topic_set": None,
        "quiet": quiet,
    }


def _current(
    connection: Connection, article_id: int, version: int
) -> Row[Any] | None:
    """Hash and extractor of the version that counts now; none before the
    first.
    """
    if version == 0:
        return None
    columns = [article_versions.c.text_hash, article_versions.c.extractor]
    statement: Select[Any] = select(*columns).where(
        *_is_version(article_id, version)
    )
    return connection.execute(statement).one_or_none()


def _drop_versions(
    connection: Connection, article_id: int, *, newest: int
) -> None:
    numbers = (
        article_versions.c.version > 1,
        article_versions.c.version <= newest - MOST_VERSIONS + 1,
    )
    connection.execute(
        delete(article_versions).where(
            article_versions.c.article_id == article_id, *numbers
        )
    )
