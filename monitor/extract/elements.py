"""Questions about the elements of a page's tree that most rules ask. Knows no
rule.
"""

from __future__ import annotations

from lxml.html import HtmlElement


def holds(element: HtmlElement, *tags: str) -> bool:
    """True where an element is one of these, or has one in it."""
    return next(element.iter(*tags), None) is not None


def is_inside(element: HtmlElement, *tags: str) -> bool:
    """True where one of these is around an element."""
    return next(element.iterancestors(*tags), None) is not None


def headline_of(tree: HtmlElement) -> HtmlElement | None:
    """The first main heading; `settle_headline` makes it the only one."""
    return next(tree.iter("h1"), None)


def holders_of(element: HtmlElement | None) -> frozenset[HtmlElement]:
    """All elements around one; none where there is none."""
    return (
        frozenset() if element is None else frozenset(element.iterancestors())
    )
