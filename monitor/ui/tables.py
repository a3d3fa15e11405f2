"""Tables and lines for people, on a terminal of any width.

Times are shown in the configured zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.types.output import Highlight, Hit, SearchPage, SearchRequest, Understood
from monitor.types.overview import (
    DaemonLine,
    FeedLine,
    Pipeline,
    ReducedFeed,
    UnreadableOutlet,
    WaitLine,
)
from monitor.types.state import Article, SetAside

MOST_WAITS_SHOWN = 20
GOOD = {"new", "changed", "unchanged", "not_modified"}


def moment(when: datetime | None, zone: str, *, now: datetime) -> str:
    """A short time: the clock for today, day and clock otherwise, the year where it is another; "–"
    for none.
    """
    if when is None:
        return "–"
    local, today = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%d.%m. %H:%M}" if local.year == today.year else f"{local:%d.%m.%Y %H:%M}"


def distance(when: datetime | None, *, now: datetime) -> str:
    """How far off: "in 4 min", "3 h ago", "now"."""
    if when is None:
        return "–"
    seconds = (when - now).total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if abs(seconds) >= size:
            return (
                f"in {seconds / size:.0f} {unit}"
                if seconds > 0
                else f"{-seconds / size:.0f} {unit} ago"
            )
    return "now"


def feeds_table(feeds: Sequence[FeedLine], *, now: datetime) -> Table:
    """Every feed: last success, last new item, next and why, errors."""
    table = Table(title=f"{len(feeds)} feeds", title_justify="left", pad_edge=False)
    for name, right in (
        ("feed", False),
        ("last success", True),
        ("last new", True),
        ("articles", True),
        ("next", True),
        ("why then", False),
        ("state", False),
    ):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for feed in feeds:
        table.add_row(
            feed.feed_id,
            distance(feed.last_success_at, now=now),
            distance(feed.last_new_at, now=now),
            str(feed.articles),
            distance(feed.next_due_at, now=now),
            feed.due_reason,
            feed_state(feed),
        )
    return table


def feed_state(feed: FeedLine) -> Text:
    """The last outcome, and everything about this feed that a person should know."""
    outcome = feed.last_outcome or "not polled yet"
    good = feed.last_outcome is None or feed.last_outcome in GOOD
    text = Text(outcome, style="" if good else "red")
    if feed.failures:
        text.append(f" ×{feed.failures}", style="red")
    if feed.last_detail and not good:
        text.append(f" {feed.last_detail}")
    for shown, remark in (
        (feed.gone_since, "gone (410)"),
        (feed.silent_since, _silence(feed)),
        (feed.distrust_304, "its 304 answers are not believed"),
        (not feed.verify_tls, "TLS certificate not checked"),
        (feed.moved_url, f"moves to {feed.moved_url}"),
        (feed.url and feed.url != feed.configured, f"asked at {feed.url}"),
    ):
        if shown:
            text.append(f" · {remark}", style="yellow")
    return text


def _silence(feed: FeedLine) -> str:
    return "silent for longer than usual" if feed.last_success_at else "never read yet"


def unreadable_table(outlets: Sequence[UnreadableOutlet], *, days: int, limit: int = 20) -> Table:
    """Outlets whose pages could not be read, the worst first."""
    title = f"pages not readable, last {days} days"
    table = Table(title=title, title_justify="left", pad_edge=False)
    for name in ("outlet", "not readable", "mostly because"):
        table.add_column(name, overflow="fold")
    for line in outlets[:limit]:
        style = "red" if line.is_mostly else ""
        table.add_row(line.outlet, f"{line.unreadable} of {line.pages}", line.reason, style=style)
    if len(outlets) > limit:
        table.caption = f"and {len(outlets) - limit} more outlets: monitor status --json"
    return table


def reduced_table(feeds: Sequence[ReducedFeed]) -> Table:
    """Whose articles are title and summary only, and who wants it so."""
    table = Table(
        title="title and summary only, last 7 days (docs/recht.md)",
        title_justify="left",
        pad_edge=False,
    )
    for name in ("feed", "outlet", "articles", "because of"):
        table.add_column(name, overflow="fold")
    for feed in feeds:
        table.add_row(feed.feed_id, feed.outlet, f"{feed.reduced} of {feed.articles}", feed.reason)
    return table


def waits_table(waits: Sequence[WaitLine], zone: str, *, now: datetime) -> Table:
    """Which addresses and origins are not asked now, and who said so."""
    title = "servers asked to wait; `monitor retry --feed ID` asks nevertheless"
    table = Table(title=title, title_justify="left", pad_edge=False)
    for name in ("address", "until", "because"):
        table.add_column(name, overflow="fold")
    for wait in waits[:MOST_WAITS_SHOWN]:
        table.add_row(wait.address, moment(wait.until, zone, now=now), wait.reason)
    if len(waits) > MOST_WAITS_SHOWN:
        table.caption = f"and {len(waits) - MOST_WAITS_SHOWN} more (--json shows all)"
    return table


def pipeline_table(line: Pipeline, zone: str, *, now: datetime) -> Table:
    """What waits and what ended how, step by step."""
    table = Table(title="pipeline", title_justify="left", pad_edge=False)
    table.add_column("step")
    table.add_column("waiting", justify="right")
    table.add_column("ended since yesterday (UTC)", overflow="fold")
    outcomes = dict(line.outcomes)
    mails = dict(line.mails)
    waiting = {
        "poll": "",
        "read": str(line.to_read),
        "match": str(line.to_match),
        "publish": str(line.to_index),
        "deliver": str(mails.get("pending", 0) + mails.get("sending", 0)),
    }
    for step, items in waiting.items():
        table.add_row(
            step, items, ", ".join(f"{name} {count}" for name, count in outcomes.get(step, ()))
        )
    complete = (
        moment(line.index_complete_until, zone, now=now) if line.index_complete_until else "now"
    )
    table.caption = (
        f"{line.articles} articles · index complete up to {complete} · alerts:"
        f" {_pairs(line.alerts)} · mails: {_pairs(line.mails)} · set aside: {line.set_aside}"
    )
    table.caption_justify = "left"
    return table


def daemon_line(daemons: Sequence[DaemonLine], *, now: datetime) -> Text:
    """Whether somebody runs."""
    if not daemons:
        return Text("no daemon has run here yet: start one with `monitor run`", style="yellow")
    last = daemons[0]
    alive = last.stopped_at is None and now - last.beat_at < timedelta(minutes=2)
    if alive:
        return Text(
            f"running: process {last.pid} on {last.host} since"
            f" {distance(last.started_at, now=now)}",
            "green",
        )
    how = "stopped" if last.stopped_at else "gone without a clean stop"
    return Text(
        f"not running: the last daemon {how} {distance(last.beat_at, now=now)}", style="red"
    )


def marked(text: Highlight, style: str = "bold yellow", *, plain: bool = False) -> Text:
    """A text with its hits marked, by `*` around them where the output has no colours."""
    shown = Text()
    done = 0
    for start, end in text.marks:
        shown.append(text.text[done:start])
        hit = text.text[start:end]
        shown.append(f"*{hit}*" if plain else hit, style=style)
        done = end
    return shown.append(text.text[done:])


def understood_line(understood: Understood) -> Text | None:
    """How the query was read, where that is not just what was typed."""
    said: list[str] = []
    if understood.reading == "exact" and understood.query:
        said.append(f"read as a topic's query, words exactly as written: {understood.query}")
    elif understood.query:
        said.append(f"read as: {understood.query}")
    if understood.dropped:
        said.append(f"too long: the last {understood.dropped} words were not searched for")
    said += [f"{doubt.message}; {doubt.hint}" for doubt in understood.doubts]
    return Text("\n".join(said), style="yellow") if said else None


def hits_view(
    page: SearchPage, zone: str, *, now: datetime, request: SearchRequest, plain: bool = False
) -> Group:
    """Found articles, one block each. `plain`: for an output without colours."""
    count = "1 article" if page.total == 1 else f"{page.total} articles"
    first, last = request.offset + 1, request.offset + len(page.hits)
    shown = f", {first} to {last} shown" if page.hits and len(page.hits) < page.total else ""
    blocks: list[RenderableType] = [
        Text(f"{count}{shown} in {page.seconds * 1000:.0f} ms", style="dim")
    ]
    for number, hit in enumerate(page.hits, start=1):
        blocks += [Text(), *_hit_block(number, hit, zone, now=now, plain=plain)]
    return Group(*blocks)


def _hit_block(number: int, hit: Hit, zone: str, *, now: datetime, plain: bool) -> list[Text]:
    facts = [hit.outlet, moment(hit.published_at, zone, now=now), f"article {hit.article_id}"]
    facts += [f"topics: {', '.join(hit.topics)}"] if hit.topics else []
    facts += [f"{hit.copies} copies"] if hit.copies > 1 else []
    facts += ["summary only"] if hit.summary_only else []
    title = marked(hit.title, "bold reverse", plain=plain)
    if not hit.title.marks:
        title.stylize("bold")
    return [
        Text(f"{number}. ").append_text(title),
        Text(" · ".join(facts), style="dim"),
        marked(hit.snippet, plain=plain),
        Text(hit.url, style="blue"),
    ]


def article_view(article: Article, zone: str, *, now: datetime) -> Group:
    """One article with its provenance."""
    facts = Table.grid(padding=(0, 2))
    rows = (
        ("outlet", f"{article.outlet} ({', '.join(article.feeds)})"),
        ("address", article.url),
        ("published", f"{moment(article.published_at, zone, now=now)} ({_why(article)})"),
        ("page's date", moment(article.page_date, zone, now=now) if article.page_date else ""),
        (
            "modified",
            (
                f"{moment(article.modified_at, zone, now=now)} (from {article.modified_source})"
                if article.modified_at
                else ""
            ),
        ),
        ("found", moment(article.first_seen_at, zone, now=now)),
        ("authors", ", ".join(article.authors)),
        ("agency", article.agency or ""),
        ("cites", ", ".join(article.cites)),
        ("section", article.section or ""),
        ("language", article.language),
        ("kind", " – ".join(part for part in (article.kind, article.note) if part)),
        ("text", _extent(article)),
        ("canonical", article.canonical_url or ""),
        ("image", article.image_url or ""),
        (
            "version",
            (
                f"{article.version} (monitor versions {article.id})"
                if article.version > 1
                else str(article.version)
            ),
        ),
        ("title of page", article.page_title),
        ("title in feed", " | ".join(article.feed_title.split("\n"))),
        (
            "topics",
            ", ".join(f"{t.topic} ×{t.hits} (title {t.title_hits})" for t in article.topics),
        ),
        ("story", f"{article.story_id} ({article.copies} articles)"),
    )
    for name, value in rows:
        if value:
            facts.add_row(Text(name, style="dim"), value)
    body = (
        Text(article.title, style="bold"),
        facts,
        Text(),
        Text(article.lead, style="italic"),
        article.text,
    )
    return Group(*body, *_from_feeds(article))


def _from_feeds(article: Article) -> tuple[Text, ...]:
    """What feeds say beyond the page."""
    if not article.feed_text:
        return ()
    return Text(), Text("text in the feed (Text im Feed)", style="dim"), Text(article.feed_text)


def _why(article: Article) -> str:
    return f"from {article.published_source}" + (
        f": {article.published_reason}" if article.published_reason else ""
    )


def _extent(article: Article) -> str:
    pages = f" from {article.parts} pages" if article.parts > 1 else ""
    return f"{article.word_count} words{pages}, quality {article.quality:.2f}"


def aside_table(items: Sequence[SetAside], zone: str, *, now: datetime) -> Table:
    """The quarantine."""
    table = Table(title=f"{len(items)} set aside", title_justify="left", pad_edge=False)
    for name in ("id", "since", "step", "about", "reason", "detail"):
        table.add_column(name, overflow="fold")
    for item in items:
        since = moment(item.created_at, zone, now=now)
        table.add_row(str(item.id), since, item.step, item.subject, item.reason, item.detail)
    return table


def _pairs(pairs: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in pairs) or "none"
