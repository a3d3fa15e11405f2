"""Stories: which articles are copies of one text. Who decides that, and how,
is not known here.

Articles are sorted into stories in one order (`articles.grouped`), whichever
daemon does it, so that each daemon can read what others have sorted since it
looked last.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from monitor.store.desk.judgements import move_judgements
from monitor.store.desk.story_marks import move_marks
from monitor.store.engine import upsert
from monitor.store.tables import alerts, articles, facts, stories

_PLACE = "grouped"


@dataclass(frozen=True, slots=True)
class StoryText:
    """What an article is compared by, and the story that it is in."""

    id: int
    story_id: int
    feed_id: str
    title: str
    lead: str
    text: str
    feed_title: str
    feed_text: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """In which story an article is."""

    id: int
    story_id: int
    first_seen_at: datetime


_COLUMNS = tuple(articles.c[name] for name in StoryText.__slots__)
_ARTICLE = bindparam("article", type_=articles.c.id.type)
# Made once: building a statement takes longer than running it.
_BY_ID = select(*_COLUMNS).where(articles.c.id == _ARTICLE)
_PLACED = (
    select(articles.c.id, articles.c.story_id, articles.c.first_seen_at)
    .where(articles.c.id.in_(bindparam("articles", expanding=True)))
    .order_by(articles.c.id)
)
_BY_ADDRESS = select(*_COLUMNS).where(
    articles.c.url == bindparam("address"),
    articles.c.first_seen_at
    >= bindparam("since", type_=articles.c.first_seen_at.type),
    articles.c.grouped.is_not(None),
)
_MARK_SORTED = (
    update(articles)
    .where(articles.c.id == _ARTICLE)
    .values(grouped=bindparam("place", type_=articles.c.grouped.type))
)
_LAST_PLACE = select(facts.c.value).where(facts.c.name == _PLACE)
_LOCK_PLACE = _LAST_PLACE.with_for_update()
_TAKE_PLACE = (
    update(facts)
    .where(facts.c.name == _PLACE)
    .values(value=bindparam("place"), updated_at=bindparam("now"))
)
_COPIES = select(stories.c.copies).where(
    stories.c.id == bindparam("story", type_=stories.c.id.type)
)


def take_place(connection: Connection, *, now: datetime) -> int:
    """The next place in the order of sorting. Until the transaction ends no
    other daemon sorts.
    """
    taken = connection.execute(_LOCK_PLACE).scalar_one_or_none()
    if taken is None:
        first = {"name": _PLACE, "value": "0", "updated_at": now}
        connection.execute(
            upsert(connection, facts).values(first).on_conflict_do_nothing()
        )
        taken = connection.execute(_LOCK_PLACE).scalar_one()
    place = int(taken) + 1
    connection.execute(_TAKE_PLACE, {"place": str(place), "now": now})
    return place


def last_place(connection: Connection) -> int:
    """The newest place that was given."""
    return int(connection.execute(_LAST_PLACE).scalar_one_or_none() or 0)


def sorted_after(
    connection: Connection,
    place: int,
    *,
    since: datetime,
    after_id: int,
    limit: int,
) -> tuple[StoryText, ...]:
    """Articles sorted after `place` and first seen since then, by rising id
    from `after_id` on.
    """
    wanted = (
        articles.c.grouped > place,
        articles.c.first_seen_at >= since,
        articles.c.id > after_id,
    )
    statement = (
        select(*_COLUMNS).where(*wanted).order_by(articles.c.id).limit(limit)
    )
    return tuple(StoryText(*row) for row in connection.execute(statement))


def story_text(connection: Connection, article_id: int) -> StoryText | None:
    """One article as it is compared now."""
    row = connection.execute(_BY_ID, {"article": article_id}).one_or_none()
    return None if row is None else StoryText(*row)


def placed(
    connection: Connection, article_ids: Collection[int]
) -> tuple[Placed, ...]:
    """These articles' stories, without their texts."""
    if not article_ids:
        return ()
    rows = connection.execute(_PLACED, {"articles": tuple(article_ids)})
    return tuple(Placed(*row) for row in rows)


def at_address(
    connection: Connection, url: str, *, since: datetime
) -> StoryText | None:
    """The article at this normalised address that was sorted already."""
    row = connection.execute(
        _BY_ADDRESS, {"address": url, "since": since}
    ).one_or_none()
    return None if row is None else StoryText(*row)


def mark_sorted(
    connection: Connection, article_id: int, *, place: int
) -> None:
    """The article was compared with all others up to `place`."""
    connection.execute(_MARK_SORTED, {"article": article_id, "place": place})


def stands_alone(connection: Connection, story_id: int) -> bool:
    """Whether the story has one article: only such a one may still move to
    another story.
    """
    copies: int = connection.execute(_COPIES, {"story": story_id}).scalar_one()
    return copies <= 1


def join_story(
    connection: Connection,
    article_id: int,
    *,
    left: int,
    joined: int,
    now: datetime,
) -> tuple[int, ...]:
    """Move an article that stood alone into another story; returns the
    articles of that story, this one included.

    Alerts that it already caused move along, so that the new story is not told
    again. Where the new story was told to the same person too, the old alert
    stays as it is: both were sent, and nothing can undo that.
    """
    connection.execute(
        update(articles)
        .where(articles.c.id == article_id)
        .values(story_id=joined)
    )
    grown = {"copies": stories.c.copies + 1, "last_at": now}
    connection.execute(
        update(stories).where(stories.c.id == joined).values(grown)
    )
    connection.execute(
        update(stories)
        .where(stories.c.id == left)
        .values(copies=stories.c.copies - 1)
    )
    other = alerts.alias()
    told = exists().where(
        other.c.story_id == joined,
        other.c.topic_id == alerts.c.topic_id,
        other.c.recipient == alerts.c.recipient,
    )
    connection.execute(
        update(alerts)
        .where(alerts.c.story_id == left, ~told)
        .values(story_id=joined)
    )
    doubled = (alerts.c.story_id == left, alerts.c.state == "pending")
    connection.execute(
        update(alerts)
        .where(*doubled)
        .values(state="silent", reason="a copy of this story was told")
    )
    move_marks(connection, left=left, joined=joined)
    move_judgements(connection, left=left, joined=joined)
    unused = (
        ~exists().where(alerts.c.story_id == left),
        ~exists().where(articles.c.story_id == left),
    )
    connection.execute(delete(stories).where(stories.c.id == left, *unused))
    return members(connection, joined)


def members(connection: Connection, story_id: int) -> tuple[int, ...]:
    """The articles of one story, in order of arrival."""
    statement = (
        select(articles.c.id)
        .where(articles.c.story_id == story_id)
        .order_by(articles.c.id)
    )
    return tuple(connection.execute(statement).scalars())
