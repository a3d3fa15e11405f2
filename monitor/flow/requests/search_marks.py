"""Where the words of a search stand in one article, as its result list marks
them. Pure.

The list shows a snippet; the whole article shows each of its hits.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.errors import QueryError
from monitor.index.compiler.search_box import ExactQuery, read_search
from monitor.index.compiler.search_question import question_of
from monitor.match.topics import match_query
from monitor.types.match import MatchText, Place, Span
from monitor.types.output import SearchRequest

PLACES: tuple[Place, ...] = (
    "title",
    "feed_title",
    "lead",
    "text",
    "feed_text",
)


def search_marks(
    query: str, text: MatchText, *, exact: bool
) -> tuple[Span, ...]:
    """The hits of a query in an article; none where the query cannot be read."""
    if not query.strip():
        return ()
    try:
        read = read_search(SearchRequest(query=query, exact=exact))
    except QueryError:
        return ()
    if isinstance(read, ExactQuery):
        clauses = match_query(read.tree, text) or ()
        return tuple(span for clause in clauses for span in clause.spans)
    find_hits = question_of(read, lambda terms: terms).find_hits
    return tuple(
        Span(place, start, end)
        for place, said in _parts(text)
        for start, end in find_hits(said)
    )


def _parts(text: MatchText) -> Iterator[tuple[Place, str]]:
    for place in PLACES:
        yield place, getattr(text, place)
