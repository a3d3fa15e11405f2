"""What `status` and `quarantine` show people, on a terminal of any width."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.types.overview import (
    GOOD,
    DaemonLine,
    FeedLine,
    Pipeline,
    ReducedFeed,
    UnreadableOutlet,
    WaitLine,
)
from monitor.types.state import QuarantineItem
from monitor.ui.columns import Column, Row, make_table
from monitor.ui.say import Say

MOST_WAITS_SHOWN = 20
STEPS = ("poll", "read", "match", "publish", "deliver")
DETAIL = 24
"""A column of sentences is no narrower than this."""


def shown_table(
    say: Say,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    width: int,
    below: Sequence[str] = (),
) -> Group:
    """A table with its title, lines below it, and the names of columns that
    had no room.
    """
    if not rows:
        return Group(Text(title), *map(Text, below))
    table, left = make_table(title, columns, rows, width=width)
    lines = [Text(line) for line in below]
    if left:
        lines.append(
            Text(say("common.no_room", columns=", ".join(left)), style="dim")
        )
    return Group(table, *lines)


def feeds_table(
    feeds: Sequence[FeedLine], say: Say, *, width: int
) -> RenderableType:
    """Every feed: last success, last new item, next and why, errors."""
    columns = (
        Column(say("status.feed")),
        Column(say("status.last_success"), rank=4, right=True),
        Column(say("status.last_new"), rank=3, right=True),
        Column(say("status.articles"), rank=2, right=True),
        Column(say("status.next"), rank=1, right=True),
        Column(say("status.why_then"), rank=5, least=16),
        Column(say("status.state"), least=16),
    )
    rows = [
        Row(
            (
                feed.feed_id,
                say.distance(feed.last_success_at),
                say.distance(feed.last_new_at),
                say.number(feed.articles),
                say.distance(feed.next_due_at),
                say.phrase(feed.due_reason),
                feed_remarks(feed, say),
            )
        )
        for feed in feeds
    ]
    return shown_table(
        say, say.count("common.feeds", len(feeds)), columns, rows, width=width
    )


def feed_remarks(feed: FeedLine, say: Say) -> Text:
    """The last outcome, and everything about this feed that a person should
    know.
    """
    good = feed.last_outcome in (None, *GOOD)
    outcome = (
        say.outcome(feed.last_outcome)
        if feed.last_outcome
        else say("status.not_polled")
    )
    text = Text(outcome, style="" if good else "red")
    if feed.failures:
        text.append(f" ×{feed.failures}", style="red")
    if feed.last_detail and not good:
        text.append(f" {say.phrase(feed.last_detail)}")
    silence = "status.silent" if feed.last_success_at else "status.never_read"
    for shown, remark in (
        (feed.gone_since, say("status.gone")),
        (feed.silent_since, say(silence)),
        (feed.distrust_304, say("status.distrust")),
        (not feed.verify_tls, say("status.no_tls")),
        (feed.moved_url, say("status.moves", address=feed.moved_url)),
        (
            feed.url and feed.url != feed.configured,
            say("status.asked_at", address=feed.url),
        ),
    ):
        if shown:
            text.append(f" · {remark}", style="yellow")
    return text


def unreadable_table(
    outlets: Sequence[UnreadableOutlet],
    say: Say,
    *,
    days: int,
    width: int,
    limit: int = 20,
) -> RenderableType:
    """Outlets whose pages could not be read, the worst first."""
    columns = (
        Column(say("status.outlet"), least=12),
        Column(say("status.not_readable")),
        Column(say("status.mostly"), least=16),
    )
    rows = [
        Row(
            (
                line.outlet,
                say("status.of", part=line.unreadable, whole=line.pages),
                say.outcome(line.reason),
            ),
            "red" if line.is_mostly else "",
        )
        for line in outlets[:limit]
    ]
    left = len(outlets) - limit
    below = [say.count("status.more_outlets", left)] if left > 0 else []
    title = say("status.unreadable", days=days)
    return shown_table(say, title, columns, rows, width=width, below=below)


def reduced_table(
    feeds: Sequence[ReducedFeed], say: Say, *, width: int
) -> RenderableType:
    """Whose articles are title and summary only, and who wants it so."""
    columns = (
        Column(say("status.feed")),
        Column(say("status.outlet"), rank=2, least=12),
        Column(say("status.articles"), rank=1),
        Column(say("status.because_of"), least=DETAIL),
    )
    rows = [
        Row(
            (
                feed.feed_id,
                feed.outlet,
                say("status.of", part=feed.reduced, whole=feed.articles),
                say.phrase(feed.reason),
            )
        )
        for feed in feeds
    ]
    return shown_table(say, say("status.reduced"), columns, rows, width=width)


def waits_table(
    waits: Sequence[WaitLine], say: Say, *, width: int
) -> RenderableType:
    """Which addresses and origins are not asked now, and who said so."""
    columns = (
        Column(say("status.address"), least=DETAIL),
        Column(say("status.until")),
        Column(say("status.because"), least=16),
    )
    rows = [
        Row((wait.address, say.moment(wait.until), say.phrase(wait.reason)))
        for wait in waits[:MOST_WAITS_SHOWN]
    ]
    left = len(waits) - MOST_WAITS_SHOWN
    below = [say("common.and_more", n=say.number(left))] if left > 0 else []
    return shown_table(
        say, say("status.waits"), columns, rows, width=width, below=below
    )


def pipeline_table(line: Pipeline, say: Say, *, width: int) -> RenderableType:
    """What waits and what ended how, step by step."""
    columns = (
        Column(say("status.step")),
        Column(say("status.waiting"), right=True),
        Column(say("status.ended"), least=DETAIL),
    )
    outcomes, mails = dict(line.outcomes), dict(line.mails)
    waiting = {
        "read": line.to_read,
        "match": line.to_match,
        "publish": line.to_index,
        "deliver": mails.get("pending", 0) + mails.get("sending", 0),
    }
    rows = [
        Row(
            (
                say.outcome(step),
                say.number(waiting[step]) if step in waiting else "",
                say.outcomes(outcomes[step]) if step in outcomes else "",
            )
        )
        for step in STEPS
    ]
    complete = line.index_complete_until
    when = say.moment(complete) if complete else say("time.now")
    facts = (
        say.count("common.articles", line.articles),
        say("status.index_complete", when=when),
        say("status.alerts", counts=say.outcomes(line.alerts)),
        say("status.mails", counts=say.outcomes(line.mails)),
        say("status.quarantined", n=say.number(line.quarantined)),
    )
    title = say("status.pipeline")
    return shown_table(
        say, title, columns, rows, width=width, below=[" · ".join(facts)]
    )


def daemon_line(daemons: Sequence[DaemonLine], say: Say) -> Text:
    """Whether somebody runs; of several daemons each that does."""
    if not daemons:
        return Text(say("daemon.never"), style="yellow")
    living = [
        say(
            "daemon.running",
            pid=one.pid,
            host=one.host,
            since=say.distance(one.started_at),
        )
        for one in daemons
        if one.runs(say.now)
    ]
    if living:
        return Text("\n".join(living), "green")
    last = max(daemons, key=lambda one: one.started_at)
    how = "daemon.stopped" if last.stopped_at else "daemon.gone"
    return Text(say(how, when=say.distance(last.alive_at)), style="red")


def quarantine_table(
    items: Sequence[QuarantineItem], say: Say, *, width: int
) -> RenderableType:
    """The quarantine."""
    columns = (
        Column(say("quarantine.id"), right=True),
        Column(say("quarantine.since"), rank=2),
        Column(say("quarantine.step"), rank=3),
        Column(say("quarantine.about"), rank=1),
        Column(say("quarantine.reason"), least=12),
        Column(say("quarantine.detail"), rank=4, least=DETAIL),
    )
    rows = [
        Row(
            (
                str(item.id),
                say.moment(item.created_at),
                say.outcome(item.step),
                _subject(item.subject, say),
                say.outcome(item.reason),
                say.phrase(item.detail),
            )
        )
        for item in items
    ]
    return shown_table(
        say,
        say.count("quarantine.title", len(items)),
        columns,
        rows,
        width=width,
    )


def _subject(subject: str, say: Say) -> str:
    """`article:12` in words."""
    kind, _, number = subject.partition(":")
    return (
        say(f"quarantine.{kind}", id=number)
        if kind in ("article", "delivery")
        else subject
    )
