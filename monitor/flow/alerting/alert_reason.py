"""Why an article that a topic met alerts nobody, in one place: matching,
previews and `show --why` ask here. Pure.
"""

from __future__ import annotations

from monitor.store.alerting.alerts import FIRST_ITEMS
from monitor.types.article import Article

UNSUBSCRIBED = "unsubscribed"
TOLD = "already told"
COPY = "a copy of a story that alerts"


def silent_reason(article: Article, *, unsubscribed: bool = False) -> str:
    """Why this article's alert for one recipient is silent; "" where they are
    told.
    """
    if article.state.silent:
        return FIRST_ITEMS
    return UNSUBSCRIBED if unsubscribed else article.state.quiet


def preview_reason(
    article: Article, *, first_of_story: int | None, told: bool
) -> str:
    """Why this article would not alert now, whoever the recipient; "" where it
    would.

    `first_of_story` is the article that would tell its story, None where
    nothing of it would.
    """
    silent = silent_reason(article)
    if silent:
        return silent
    if told:
        return TOLD
    return "" if first_of_story == article.id else COPY
