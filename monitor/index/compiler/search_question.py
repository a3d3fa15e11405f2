"""A request as a question to any engine, and what an engine found as a hit.

Knows queries and hits; knows no engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.index.compiler.free_text import Term
from monitor.index.compiler.hit_terms import find_hits_of
from monitor.index.compiler.query_bounds import compile_tree
from monitor.index.compiler.search_box import FreeQuery, JoinedQuery, box_marks
from monitor.index.compiler.search_plan import Plan
from monitor.index.highlight import (
    FindHits,
    find_nothing,
    highlight_text,
    highlight_title,
)
from monitor.query.tree import Node
from monitor.types.output import Hit

SHOWN = (
    "doc_id",
    "article_id",
    "title",
    "text",
    "lead",
    "feed_text",
    "feed_title",
    "page_title",
    "url",
    "outlet",
    "feed_id",
    "published_at",
    "first_seen_at",
    "topics",
    "story_id",
    "copies",
    "summary_only",
)
"""The fields that `to_hit` reads."""

IN_SNIPPET = ("text", "lead", "feed_text", "feed_title", "page_title")
"""Of these the first with a hit is shown, else the first with a text."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to find, whether it has words to rank by, and what to mark in the
    hits.

    `at_most`: not all of it need match.
    """

    plan: Plan
    ranked: bool
    find_hits: FindHits
    at_most: bool = False


def possible_question(tree: Node) -> Question:
    """All that an engine alone holds possible for a topic's query, without
    marks.
    """
    bounds = compile_tree(tree)
    return Question(
        bounds.possible, True, find_nothing, at_most=not bounds.exact
    )


def question_of(
    query: FreeQuery | JoinedQuery,
    telling: Callable[[tuple[Term, ...]], tuple[Term, ...]],
    *,
    marked: bool = True,
) -> Question:
    """Words in all their forms.

    `telling` chooses the terms worth marking; it may ask the engine. Not
    `marked`: nobody looks for them.
    """
    if isinstance(query, JoinedQuery):
        return Question(
            query.plan,
            bool(query.terms),
            box_marks(query) if marked else find_nothing,
        )
    if query.is_empty:
        return Question(query.plan, False, find_nothing)
    shown = tuple(term for term in query.terms if not term.excluded)
    find_hits = find_hits_of(telling(shown)) if marked else find_nothing
    return Question(query.plan, bool(shown), find_hits)


def to_hit(source: dict[str, Any], score: float, find_hits: FindHits) -> Hit:
    """One found article, from what is stored of it."""
    return Hit(
        doc_id=source["doc_id"],
        article_id=source["article_id"],
        score=score,
        title=highlight_title(source.get("title", ""), find_hits),
        snippet=highlight_text(
            [source[place] for place in IN_SNIPPET if place in source],
            find_hits,
        ),
        url=source["url"],
        outlet=source["outlet"],
        feed_id=source["feed_id"],
        published_at=datetime.fromisoformat(source["published_at"]),
        first_seen_at=datetime.fromisoformat(source["first_seen_at"]),
        topics=tuple(source.get("topics", ())),
        story_id=source.get("story_id"),
        copies=source.get("copies", 1),
        summary_only=source.get("summary_only", False),
    )
