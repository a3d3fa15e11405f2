"""The query of a scheduled press review as it is read. Pure."""

from __future__ import annotations

from dataclasses import replace

from monitor.match.topics import whole_query
from monitor.query.tree import Node
from monitor.types.catalog import CatalogProblem, ScheduledReview, Topic


def query_of(
    review: ScheduledReview,
) -> tuple[Node | None, tuple[CatalogProblem, ...]]:
    """What the review looks for, and what is wrong with it; no tree for one
    that has topics.
    """
    if review.query is None:
        return None, ()
    tree, problems = whole_query(
        Topic(review.id, review.name, query=review.query)
    )
    return tree, tuple(
        replace(each, message=_about_review(each.message)) for each in problems
    )


def _about_review(message: str) -> str:
    return message.replace("topic ", "press review ", 1)
