"""find(query): index > untold articles > match > stories for a scheduled press
review.

The index names what a query may find; the matcher that alerts decides. What
comes into the index late is in the next issue, as what the schedule has not
told yet is a list and no stretch of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from monitor.flow.alerting.match_text import match_text
from monitor.flow.press_review.review_query import query_of
from monitor.match.topics import ComparedQueries
from monitor.ports import Index
from monitor.query.tree import Node
from monitor.query.unparse import unparse
from monitor.store.desk import review_schedules
from monitor.store.desk.review_schedules import Progress, UntoldStory
from monitor.store.reading import article_views
from monitor.types.catalog import ScheduledReview
from monitor.types.output import SearchRequest

BATCH = 200


def find_untold(
    index: Index,
    connection: Connection,
    review: ScheduledReview,
    progress: Progress,
    *,
    full: int,
    limit: int,
) -> tuple[UntoldStory, ...]:
    """Stories that the review's query finds and that no issue of it has.
    Raises IndexingError.
    """
    tree, _problems = query_of(review)
    if tree is None:
        return ()
    earliest = review_schedules.earliest_news(
        connection, review.id, progress, full=full
    )
    possible = _possible(
        index, tree, since=earliest - review_schedules.LOOK_BACK, limit=limit
    )
    untold = review_schedules.untold_articles(
        connection, review.id, possible, earliest
    )
    asked = ComparedQueries([tree])
    found = []
    for start in range(0, len(untold), BATCH):
        articles = article_views.get_articles(
            connection, untold[start : start + BATCH]
        )
        found += [
            each.id for each in articles if asked.ask(match_text(each))[0]
        ]
    return review_schedules.reviewed_stories(connection, found)


def _possible(
    index: Index, tree: Node, *, since: datetime, limit: int
) -> Sequence[int]:
    request = SearchRequest(
        query=unparse(tree),
        exact=True,
        unverified=True,
        since=since,
        sort="newest",
        limit=limit,
        marked=False,
    )
    return [hit.article_id for hit in index.search(request).hits]
