"""A stored article as the matcher reads it. Pure; a module of its own, so that
a command that only matches loads nothing of the daemon.
"""

from __future__ import annotations

from monitor.types.article import Article
from monitor.types.match import MatchText


def match_text(article: Article) -> MatchText:
    """What the matcher looks at, and what filters compare."""
    return MatchText(
        title=article.content.own_title,
        lead=article.content.lead,
        text=article.content.text,
        feed_title=article.content.feed_title,
        feed_text=article.content.feed_text,
        source=(
            *(article.provenance.feeds or (article.provenance.feed_id,)),
            article.provenance.outlet,
        ),
        lang=article.content.language,
        country=article.provenance.country,
        category=tuple(
            c
            for c in (article.content.section, *article.content.categories)
            if c
        ),
        author=article.content.authors,
        url=article.url,
    )
