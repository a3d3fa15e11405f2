"""Removes the stories that a page prints below its own, as pages without an
end do.

Each has a main headline of its own, in an <article> or in a box named as the
one of the page's own story. The entries of a live ticker are articles, too,
but short and many, or without such a headline. Runs before anything else reads
the page, so that no date or author of another story is taken for the page's.
Knows one tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from lxml.html import HtmlElement

from monitor.extract.continuation import is_sentence
from monitor.extract.headline import chosen_headline
from monitor.extract.prose import text_runs

STORY = 100  # characters of sentences; a teaser's headline stands alone
# from this number on, articles shorter than ENTRY are the entries of one story
ENTRIES = 4
ENTRY = 600  # characters of sentences
# of the entries' sentences; above it the page's own part is a story
INTRODUCTION = 0.25


def drop_other_stories(tree: HtmlElement, stated: Sequence[str]) -> None:
    """Remove what has a main headline of its own and is built as the part with
    the page's is.
    """
    headings = list(tree.iter("h1"))
    if len(headings) < 2:
        return
    headline = chosen_headline(tree, stated)
    if headline is None:
        return
    above = [headline, *headline.iterancestors()]
    parts = [
        _other_part(heading, above)
        for heading in headings
        if heading is not headline
    ]
    pairs = list(filter(None, parts))
    told = {part: _told(part) for part, _ in pairs}
    if _are_entries(told.values(), [own for _, own in pairs]):
        return
    for part, length in told.items():
        if length >= STORY and part.getparent() is not None:
            part.drop_tree()


def _are_entries(lengths: Collection[int], own: Iterable[HtmlElement]) -> bool:
    """True where the parts are short beside each other, and the page's own is
    an introduction.
    """
    if len(lengths) < ENTRIES or max(lengths) >= ENTRY:
        return False
    return max(map(_told, own)) <= INTRODUCTION * sum(lengths)


def _told(part: HtmlElement) -> int:
    return sum(run.length for run in text_runs(part) if is_sentence(run))


def _other_part(
    heading: HtmlElement, above: Sequence[HtmlElement]
) -> tuple[HtmlElement, HtmlElement] | None:
    """The part of the page around another heading, and that around the
    headline, where both are built alike.
    """
    for part in heading.iterancestors():
        parent = part.getparent()
        if parent in above:
            own = above[above.index(parent) - 1]
            are_articles = _has_article(heading, part) and _has_article(
                above[0], own
            )
            return (
                (part, own) if are_articles or _is_alike(part, own) else None
            )
    return None


def _is_alike(part: HtmlElement, own: HtmlElement) -> bool:
    named = part.get("class") and part.get("class") == own.get("class")
    return bool(named) and part.tag == own.tag and own.tag != "h1"


def _has_article(heading: HtmlElement, part: HtmlElement) -> bool:
    """True where a heading stands in an article within a part."""
    article = next(heading.iterancestors("article"), None)
    return article is not None and (
        article is part or part in article.iterancestors()
    )
