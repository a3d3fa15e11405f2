"""Lets the matcher decide where an engine cannot: which articles it has to
read, and what it says of them.

Knows how an article is stored and what the matcher looks at; the matcher
itself is handed in, and so are the articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from monitor.errors import IndexingError
from monitor.index.compiler import search_plan
from monitor.index.compiler.query_bounds import QueryBounds
from monitor.query.tree import Node
from monitor.types.match import ClauseHits, MatchText

Verify: TypeAlias = Callable[[Node, MatchText], tuple[ClauseHits, ...] | None]
"""The matcher that alerts use: what hit, or None where the query does not
match. Filters alone match without hits.
"""

READ = (
    "doc_id",
    "title",
    "page_title",
    "feed_title",
    "lead",
    "text",
    "feed_text",
    "feeds",
    "feed_id",
    "outlet",
    "language",
    "country",
    "section",
    "categories",
    "authors",
    "url",
)
"""The fields that `stored_match_text` and `confirm` read."""

# articles read for one search: about half a minute of work
MOST_VERIFIED = 20_000


@dataclass(frozen=True, slots=True)
class Verification:
    """The matcher, where there is one, and how many articles one search may
    give it to read.
    """

    verify: Verify | None = None
    most: int = MOST_VERIFIED


def doubtful(
    bounds: QueryBounds, filters: Sequence[search_plan.Plan]
) -> search_plan.Plan:
    """The articles, of the filtered, on which the matcher has to decide."""
    return search_plan.All((_beyond(bounds), *filters), (bounds.sure,))


def _beyond(bounds: QueryBounds) -> search_plan.Plan:
    """What is possible, without the alternatives that are sure: engines need
    not look for those twice.
    """
    if not isinstance(bounds.possible, search_plan.Any):
        return bounds.possible
    sure = (
        bounds.sure,
        *(
            bounds.sure.children
            if isinstance(bounds.sure, search_plan.Any)
            else ()
        ),
    )
    rest = [child for child in bounds.possible.children if child not in sure]
    return search_plan.any_of(rest) if rest else search_plan.Nothing()


def verified(
    bounds: QueryBounds, confirmed: Sequence[str]
) -> search_plan.Plan:
    """Just the articles that match: what is sure, and of the doubtful those
    with the `confirmed` ids.
    """
    wanted = search_plan.Any(
        (bounds.sure, search_plan.OneOf("doc_id", tuple(confirmed)))
    )
    return search_plan.All((bounds.possible, search_plan.Unranked(wanted)))


def confirm(
    sources: Iterable[dict[str, Any]],
    tree: Node,
    *,
    count: int,
    verification: Verification,
) -> list[str]:
    """The ids of those of the `count` doubtful articles that match. Raises
    IndexingError where it would read too many.

    `sources` are not looked at before it is clear that they may be read.
    """
    if not count:
        return []
    if verification.verify is None:
        raise IndexingError(
            "this query needs the matcher, which was not given to the index"
        )
    if count > verification.most:
        raise IndexingError(
            f"{count} articles would have to be read for this query",
            hint=(
                f"narrow it to {verification.most}: a shorter time, an outlet, or one more word"
                " with AND"
            ),
        )
    return [
        source["doc_id"]
        for source in sources
        if verification.verify(tree, stored_match_text(source)) is not None
    ]


def stored_match_text(source: dict[str, Any]) -> MatchText:
    """What the matcher looks at, from an article as it is stored in the index."""
    return MatchText(
        title=source.get("page_title") or source.get("title", ""),
        lead=source.get("lead", ""),
        text=source.get("text", ""),
        feed_title=source.get("feed_title", ""),
        feed_text=source.get("feed_text", ""),
        source=(
            *(source.get("feeds") or (source["feed_id"],)),
            source["outlet"],
        ),
        lang=source.get("language", ""),
        country=source.get("country", ""),
        category=tuple(
            value
            for value in (source.get("section"), *source.get("categories", ()))
            if value
        ),
        author=tuple(source.get("authors", ())),
        url=source["url"],
    )
