"""Lets the matcher decide where the engine cannot: reads the articles that may match, and asks.

Knows how an article lies in the index and what the matcher looks at; the matcher itself is handed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import tantivy

from monitor.errors import IndexingError
from monitor.index.exact import Bounds
from monitor.query.tree import Node
from monitor.types.match import ClauseHits, MatchText

Verify: TypeAlias = Callable[[Node, MatchText], tuple[ClauseHits, ...] | None]
"""The matcher that alerts use: what hit, or None where the query does not match. Filters alone match without hits."""

MOST_VERIFIED = 20_000  # articles read for one search: about half a minute of work


@dataclass(frozen=True, slots=True)
class Verification:
    """The matcher, where there is one, and how many articles one search may give it to read."""

    verify: Verify | None = None
    most: int = MOST_VERIFIED


Must, Should, MustNot = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
Query = tantivy.Query


def verified_query(
    searcher: tantivy.Searcher,
    schema: tantivy.Schema,
    tree: Node,
    *,
    bounds: Bounds,
    filters: Sequence[tantivy.Query],
    verification: Verification,
) -> tantivy.Query:
    """A query for just the articles, of the filtered, that match. Raises IndexingError where it would read too many."""
    if bounds.exact:
        return bounds.possible
    doubtful = Query.boolean_query(
        [(Must, bounds.possible), (MustNot, bounds.sure), *((Must, each) for each in filters)]
    )
    confirmed = _confirmed(searcher, doubtful, tree, verification)
    wanted = Query.boolean_query([(Should, bounds.sure), (Should, Query.term_set_query(schema, "doc_id", confirmed))])
    return Query.boolean_query([(Must, bounds.possible), (Must, Query.const_score_query(wanted, 0.0))])


def _confirmed(
    searcher: tantivy.Searcher, doubtful: tantivy.Query, tree: Node, verification: Verification
) -> list[str]:
    """The ids of those of the doubtful articles that match."""
    result: Any = searcher.search(doubtful, limit=1, count=True)
    if not result.count:
        return []
    if verification.verify is None:
        raise IndexingError("this query needs the matcher, which was not given to the index")
    if result.count > verification.most:
        raise IndexingError(
            f"{result.count} articles would have to be read for this query",
            hint=f"narrow it to {verification.most}: a shorter time, an outlet, or one more word with AND",
        )
    found = searcher.search(doubtful, limit=int(result.count), count=False, order_by_field="article_id").hits
    sources = (json.loads(searcher.doc(address)["source"][0]) for _, address in found)
    return [source["doc_id"] for source in sources if verification.verify(tree, match_text(source)) is not None]


def match_text(source: dict[str, Any]) -> MatchText:
    """What the matcher looks at, from an article as it is stored in the index."""
    return MatchText(
        title=source.get("title", ""),
        lead=source.get("lead", ""),
        text=source.get("text", ""),
        source=(*(source.get("feeds") or (source["feed_id"],)), source["outlet"]),
        lang=source.get("language", ""),
        country=source.get("country", ""),
        category=tuple(value for value in (source.get("section"), *source.get("categories", ())) if value),
        author=tuple(source.get("authors", ())),
        url=source["url"],
    )
