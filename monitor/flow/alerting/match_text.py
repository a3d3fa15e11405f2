"""A stored article as the matcher reads it. Pure; a module of its own, so that a command that only
matches loads nothing of the daemon.
"""

from __future__ import annotations

from monitor.types.match import MatchText
from monitor.types.state import Article


def match_text(article: Article) -> MatchText:
    """What the matcher looks at, and what filters compare."""
    return MatchText(
        title=article.own_title,
        lead=article.lead,
        text=article.text,
        feed_title=article.feed_title,
        feed_text=article.feed_text,
        source=(*(article.feeds or (article.feed_id,)), article.outlet),
        lang=article.language,
        country=article.country,
        category=tuple(c for c in (article.section, *article.categories) if c),
        author=article.authors,
        url=article.url,
    )
