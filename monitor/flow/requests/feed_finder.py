"""find(address): the feeds of a site and what each would bring, for a person
to choose from. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.flow.ingest.retrieve import Gatherer
from monitor.types.catalog import Feed
from monitor.types.feed import NotAFeed, ParsedFeed
from monitor.types.web import FetchFailed

LATEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LatestItem:
    """One of the newest items that a feed lists."""

    title: str
    published: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed. `outcome` is ok, not_a_feed, or the kind
    of failure.
    """

    url: str
    outcome: str
    title: str = ""
    format: str = ""
    items: int = 0
    newest: datetime | None = None
    language: str | None = None
    detail: str = ""
    latest: tuple[LatestItem, ...] = ()

    @property
    def ok(self) -> bool:
        """True for a feed that brings something."""
        return self.outcome == "ok"


def find_candidates(url: str, *, gatherer: Gatherer) -> Iterator[Candidate]:
    """Each candidate as soon as it was asked, the site's own order."""
    for found, answer, parsed in gatherer.survey(
        Feed("find", url, url, site=url)
    ):
        if isinstance(answer, FetchFailed):
            yield Candidate(found, answer.kind.value, detail=answer.detail)
        elif parsed is None or isinstance(parsed, NotAFeed):
            yield Candidate(
                found, "not_a_feed", detail=parsed.detail if parsed else ""
            )
        else:
            dates = [
                entry.published.parsed
                for entry in parsed.entries
                if entry.published.parsed
            ]
            problems = "; ".join(
                problem.detail for problem in parsed.problems[:2]
            )
            yield Candidate(
                answer.final_url if answer.moved_permanently else found,
                "ok" if parsed.entries or parsed.sitemaps else "empty",
                title=parsed.title,
                format=parsed.format,
                items=len(parsed.entries),
                newest=max(dates, default=None),
                language=parsed.language,
                detail=problems
                or (
                    f"an index of {len(parsed.sitemaps)} sitemaps"
                    if parsed.sitemaps
                    else ""
                ),
                latest=_latest(parsed),
            )


def _latest(parsed: ParsedFeed) -> tuple[LatestItem, ...]:
    items = (
        LatestItem(each.title, each.published.parsed, each.url or "")
        for each in parsed.entries
    )
    oldest = datetime.min.replace(tzinfo=UTC)
    newest = sorted(
        items, key=lambda item: item.published or oldest, reverse=True
    )
    return tuple(newest[:LATEST_SHOWN])
