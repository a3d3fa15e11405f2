"""Reads a page's text in `<noscript>` where nothing else holds it.

Some pages carry the whole article only for readers without scripts. Mostly a
`<noscript>` asks for JavaScript, or repeats a picture: that stays unread.
Knows one tree.
"""

from __future__ import annotations

from lxml.html import HtmlElement, document_fromstring

from monitor.extract.elements import is_inside
from monitor.extract.prose import Run, text_of, text_runs

ARTICLE = 200  # characters of prose; an excuse has fewer
EXCUSES = ("javascript", "java script", "cookies", "browser")
EXCUSED = 0.5  # of the prose


def read_noscript(tree: HtmlElement) -> None:
    """Make plain blocks of what is for readers without scripts, where it is
    the only prose.
    """
    hidden = list(tree.iter("noscript"))
    if not hidden:
        return
    held = [element for element in hidden if _has_article(element)]
    if not held or _shown(tree) >= ARTICLE:
        return
    for element in held:
        element.tag = "div"
        for run in text_runs(element):
            if run.block is not element and _is_excuse(run):
                run.block.drop_tree()


def _has_article(element: HtmlElement) -> bool:
    _parse_escaped(element)
    element.tag = "div"  # `text_runs` does not read a <noscript>
    prose = [run for run in text_runs(element) if run.is_prose]
    element.tag = "noscript"
    told = sum(run.length for run in prose)
    excuses = sum(run.length for run in prose if _is_excuse(run))
    return told >= ARTICLE and excuses < EXCUSED * told


def _is_excuse(run: Run) -> bool:
    text = text_of(run.block).lower()
    return any(word in text for word in EXCUSES)


def _parse_escaped(element: HtmlElement) -> None:
    """Markup that a page escaped within a <noscript> becomes elements."""
    text = element.text or ""
    if len(element) or "<p" not in text:
        return
    body = document_fromstring(f"<body>{text}</body>").find("body")
    if body is not None:
        element.text = None
        element.extend(list(body))


def _shown(tree: HtmlElement) -> int:
    prose = [run for run in text_runs(tree) if run.is_prose]
    return sum(
        run.length for run in prose if not _is_within_noscript(run.block)
    )


def _is_within_noscript(block: HtmlElement) -> bool:
    return block.tag == "noscript" or is_inside(block, "noscript")
