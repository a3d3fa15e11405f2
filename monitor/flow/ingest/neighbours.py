"""Is a new item of one feed an article that another feed listed? At one
address, the words decide.

Section feeds list the same articles. Feeds of warnings, one for each district,
give all their items the address of one page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from monitor.identify.edits import is_same_page, wording
from monitor.store.polling.entries import Listing, listings
from monitor.store.reading.articles import shares_page
from monitor.types.feed import Verdict


@dataclass(frozen=True, slots=True)
class JoinedItem:
    """A new item, and the key of another feed's article that it announces too."""

    verdict: Verdict
    joins: str | None = None


def place(
    connection: Connection,
    feed_id: str,
    new: Sequence[Verdict],
    *,
    now: datetime,
) -> tuple[JoinedItem, ...]:
    """Each new item with the article that it belongs to; one at a foreign page
    shares that page.
    """
    pages = {
        verdict.identity.page_url
        for verdict in new
        if verdict.identity.page_url
    }
    held: dict[str, list[Listing]] = defaultdict(list)
    for listing in listings(connection, pages):
        held[listing.page].append(listing)
    if not held:
        return tuple(JoinedItem(verdict) for verdict in new)
    placed = []
    joined: set[int] = set()
    for verdict in new:
        one = _place(verdict, feed_id, held, joined, now)
        placed.append(one)
    apart = [
        one.verdict.identity.page_url
        for one in placed
        if one.verdict.shares_page
    ]
    ids = {
        listing.article_id
        for page in apart
        if page
        for listing in held.get(page, ())
    }
    if ids:
        shares_page(connection, ids)
    return tuple(placed)


def _place(
    verdict: Verdict,
    feed_id: str,
    held: Mapping[str, Sequence[Listing]],
    joined: set[int],
    now: datetime,
) -> JoinedItem:
    at_page = held.get(verdict.identity.page_url or "", ())
    if not at_page:
        return JoinedItem(verdict)
    barred = set(joined)
    # `judge_items` has compared it with what its own feed had there
    if verdict.shares_page:
        barred |= {
            listing.article_id
            for listing in at_page
            if listing.feed_id == feed_id
        }
    item = wording(verdict.entry)
    for listing in at_page:
        if listing.article_id in barred:
            continue
        shared = listing.shared or verdict.shares_page
        if is_same_page(listing.wording, item, shared=shared, now=now):
            joined.add(listing.article_id)
            return JoinedItem(verdict, listing.key)
    return JoinedItem(replace(verdict, shares_page=True))
