"""What `status` shows: feeds and the pipeline at a glance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from monitor.store.alerting.alerts import count_alerts
from monitor.store.alerting.deliveries import count_deliveries
from monitor.store.alerting.stored_matches import count_unmatched
from monitor.store.indexing.index_queue import complete_until, waiting
from monitor.store.reading.pages import CLOSED, NOT_READ, READABLE, RESERVED
from monitor.store.running.operations import (
    CLOCK_SET,
    CONFIG_TROUBLE,
    INDEX_TROUBLE,
    TEMPLATE_TROUBLE,
    count_quarantined,
    get_fact,
    outcomes_since,
)
from monitor.store.tables import articles, daemons, feeds
from monitor.types.article_state import ReadingState
from monitor.types.health import ALIVE_WITHIN
from monitor.types.overview import (
    DaemonLine,
    FeedLine,
    Pipeline,
    ReducedFeed,
    UnreadableOutlet,
)

MOST_DAEMONS = 50


def feed_lines(
    connection: Connection, *, feed_id: str | None = None, counted: bool = True
) -> tuple[FeedLine, ...]:
    """Every listed feed, or only this one, in order of priority and id.

    `counted`: with the number of its articles, for which each of them is
    looked at in an index.
    """
    columns = [
        feeds.c.id.label("feed_id"),
        *(
            feeds.c[n]
            for n in FeedLine.__slots__
            if n not in ("feed_id", "articles")
        ),
    ]
    listed = (
        select(*columns)
        .where(feeds.c.listed)
        .order_by(feeds.c.priority, feeds.c.id)
    )
    if feed_id is not None:
        listed = listed.where(feeds.c.id == feed_id)
    if not counted:
        return tuple(
            FeedLine(**row._mapping, articles=0)
            for row in connection.execute(listed)
        )
    by_feed = select(articles.c.feed_id, func.count().label("n")).group_by(
        articles.c.feed_id
    )
    if feed_id is not None:
        by_feed = by_feed.where(articles.c.feed_id == feed_id)
    of_feed = by_feed.subquery()
    number = func.coalesce(of_feed.c.n, 0).label("articles")
    statement = listed.add_columns(number).outerjoin(
        of_feed, of_feed.c.feed_id == feeds.c.id
    )
    return tuple(
        FeedLine(**row._mapping) for row in connection.execute(statement)
    )


def reduced_feeds(
    connection: Connection, *, since: datetime, feed_id: str | None = None
) -> tuple[ReducedFeed, ...]:
    """Listed feeds, or only this one, of whose articles since then some have
    no text because of a reservation or of robots.txt.
    """
    wanted = [articles.c.first_seen_at >= since]
    if feed_id is not None:
        wanted.append(articles.c.feed_id == feed_id)
    # Counted from one index alone; the notes stand behind long texts, so only
    # few rows are read. min(): each group has one feed, and Postgres does not
    # see it.
    counted = (
        select(func.min(articles.c.feed_id), func.count())
        .where(*wanted)
        .group_by(articles.c.feed_id.concat(""))
    )
    of_feed = {
        feed_id: int(items) for feed_id, items in connection.execute(counted)
    }
    reduced = or_(
        *(
            articles.c.note.startswith(note, autoescape=True)
            for note in (RESERVED, CLOSED)
        )
    )
    statement = (
        select(articles.c.feed_id, articles.c.note)
        .where(*wanted, reduced)
        .order_by(articles.c.first_seen_at, articles.c.id)
    )
    notes: dict[str, list[str]] = defaultdict(list)
    for of_feed_id, note in connection.execute(statement):
        notes[of_feed_id].append(note)
    listed = (
        select(feeds.c.id, feeds.c.outlet)
        .where(feeds.c.listed)
        .order_by(feeds.c.id)
    )
    return tuple(
        ReducedFeed(
            feed_id, outlet, len(found), of_feed[feed_id], _reason(found[-1])
        )
        for feed_id, outlet in connection.execute(listed)
        if (found := notes.get(feed_id))
    )


def _reason(note: str) -> str:
    return note.removeprefix(RESERVED).removeprefix(NOT_READ)


def unreadable_outlets(
    connection: Connection, *, since: datetime
) -> tuple[UnreadableOutlet, ...]:
    """Outlets of whose pages since then some could not be read, the worst
    first; counted from one index alone.
    """
    statement = (
        select(feeds.c.outlet, articles.c.page_outcome, func.count())
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(
            articles.c.first_seen_at >= since, articles.c.page_outcome != ""
        )
        .group_by(feeds.c.outlet, articles.c.page_outcome)
    )
    ended: dict[str, dict[str, int]] = {}
    for outlet, outcome, items in connection.execute(statement):
        ended.setdefault(outlet, {})[outcome] = int(items)
    lines = [
        _unreadable_line(outlet, outcomes)
        for outlet, outcomes in ended.items()
    ]
    return tuple(
        sorted(
            (line for line in lines if line.unreadable),
            key=_badness,
            reverse=True,
        )
    )


def _unreadable_line(
    outlet: str, outcomes: Mapping[str, int]
) -> UnreadableOutlet:
    failed = {
        outcome: items
        for outcome, items in outcomes.items()
        if outcome not in READABLE
    }
    reason = max(
        failed, key=lambda outcome: (failed[outcome], outcome), default=""
    )
    return UnreadableOutlet(
        outlet, sum(outcomes.values()), sum(failed.values()), reason
    )


def _badness(line: UnreadableOutlet) -> tuple[float, str]:
    """Share times number: 31 of 40 are worse than 1 of 1, and than 31 of
    1,000.
    """
    return line.unreadable * line.share, line.outlet


def pipeline(connection: Connection, *, now: datetime) -> Pipeline:
    """Waiting, done and in quarantine at each step, and what ended how today
    and yesterday.
    """
    by_read = select(articles.c.read_state, func.count()).group_by(
        articles.c.read_state
    )
    reads = {state: int(items) for state, items in connection.execute(by_read)}
    by_kind = select(articles.c.kind, func.count()).group_by(articles.c.kind)
    mails, alerts = count_deliveries(connection), count_alerts(connection)
    return Pipeline(
        articles=sum(reads.values()),
        to_read=reads.get(ReadingState.DUE, 0),
        to_match=count_unmatched(connection),
        to_index=waiting(connection),
        index_complete_until=complete_until(connection),
        index_trouble=get_fact(connection, INDEX_TROUBLE) or "",
        config_trouble=get_fact(connection, CONFIG_TROUBLE) or "",
        template_trouble=get_fact(connection, TEMPLATE_TROUBLE) or "",
        clock_set=get_fact(connection, CLOCK_SET) or "",
        kinds=tuple(
            (kind, int(items)) for kind, items in connection.execute(by_kind)
        ),
        alerts=tuple(sorted(alerts.items())),
        mails=tuple(sorted(mails.items())),
        quarantined=count_quarantined(connection),
        outcomes=tuple(
            (step, tuple(ended.items()))
            for step, ended in outcomes_since(
                connection, (now - timedelta(days=1)).date()
            ).items()
        ),
    )


def daemon_lines(
    connection: Connection, *, limit: int = 5
) -> tuple[DaemonLine, ...]:
    """Those that seem to run, then the others, each newest first.

    Of several daemons the newest may be the only one that stopped.
    """
    columns = [daemons.c[name] for name in DaemonLine.__slots__]
    statement = (
        select(*columns)
        .order_by(daemons.c.started_at.desc())
        .limit(MOST_DAEMONS)
    )
    lines = [
        DaemonLine(**row._mapping) for row in connection.execute(statement)
    ]
    if not lines:
        return ()
    gone_before = max(line.alive_at for line in lines) - ALIVE_WITHIN

    def seems_gone(line: DaemonLine) -> bool:
        return line.stopped_at is not None or line.alive_at < gone_before

    return tuple(sorted(lines, key=seems_gone)[:limit])
