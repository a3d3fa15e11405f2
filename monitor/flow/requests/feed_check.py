"""check(feed): fetch > parse, nothing stored: what a feed would bring, before
the daemon runs.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.flow.ingest.reservations import RightsCheck
from monitor.flow.ingest.retrieve import Gatherer
from monitor.schedule.dispatch import Dispatcher, Job
from monitor.types.catalog import Feed
from monitor.types.feed import ParsedFeed
from monitor.types.state import FeedState
from monitor.types.web import FetchFailed, NotModified


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """One feed, asked once."""

    feed_id: str
    address: str
    ok: bool
    outcome: str
    detail: str = ""
    format: str = ""
    items: int = 0
    newest: datetime | None = None
    final_url: str = ""
    seconds: float = 0.0
    # why its articles would be title and summary only; "" where they have
    # their texts
    reduced: str = ""


def check_feed(
    feed: Feed, *, gatherer: Gatherer, rights: RightsCheck | None = None
) -> FeedCheck:
    """Fetch and parse one feed, or discover it where only its site is given;
    with `rights` its newest page, too.
    """
    found = gatherer.gather(feed, FeedState(feed.id, feed.url), validate=False)
    if isinstance(found, NotModified):
        return FeedCheck(
            feed.id,
            feed.address,
            False,
            "protocol",
            "304 to an unconditional request",
        )
    if isinstance(found, FetchFailed):
        outcome = found.kind.value
        return FeedCheck(
            feed.id,
            feed.address,
            False,
            outcome,
            found.detail,
            final_url=found.final_url,
        )
    parsed, answer = found.parsed, found.answer
    assert parsed is not None
    dates = [
        entry.published.parsed
        for entry in parsed.entries
        if entry.published.parsed
    ]
    return FeedCheck(
        feed.id,
        feed.address,
        True,
        "ok",
        "; ".join(problem.detail for problem in parsed.problems[:2]),
        format=parsed.format,
        items=len(parsed.entries),
        newest=max(dates, default=None),
        final_url=answer.final_url,
        seconds=answer.seconds,
        reduced=rights.reason(feed, _newest_page(parsed)) if rights else "",
    )


def _newest_page(parsed: ParsedFeed) -> str | None:
    """The page of the newest item that has one."""
    oldest = datetime.min.replace(tzinfo=UTC)
    linked = [entry for entry in parsed.entries if entry.url]
    return (
        max(linked, key=lambda entry: entry.published.parsed or oldest).url
        if linked
        else None
    )


def check_feeds(
    feeds: Sequence[Feed],
    *,
    gatherer: Gatherer,
    rights: RightsCheck,
    dispatcher: Dispatcher,
    domain_of: Callable[[str], str],
    progress: Callable[[int], None],
) -> tuple[FeedCheck, ...]:
    """Every feed once, domain by domain; `progress` is told how many are done."""
    found: dict[str, FeedCheck] = {}
    lock = threading.Lock()

    def one(feed: Feed) -> None:
        check = check_feed(feed, gatherer=gatherer, rights=rights)
        with lock:
            found[feed.id] = check

    waiting = list(feeds)
    while waiting or not dispatcher.idle():
        while waiting and dispatcher.room():
            feed = waiting.pop(0)
            dispatcher.submit(
                Job(
                    feed.id,
                    domain_of(feed.address),
                    functools.partial(one, feed),
                )
            )
        dispatcher.wait_for_change(0.5)
        progress(len(found))
    broken = FeedCheck("", "", False, "broken", "see the log")
    return tuple(found.get(feed.id, broken) for feed in feeds)
