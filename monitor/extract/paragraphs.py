"""Makes paragraphs of loose text that only line breaks divide, as old and home-made systems print
it.

What follows counts and weighs paragraphs; the extractor even loses the first lines of such a text.
Knows one tree.
"""

from __future__ import annotations

from lxml.html import Element, HtmlElement

from monitor.extract.prose import INLINE, PROSE

HOLDERS = ("section", "article", "main", "td", "center", "blockquote")
WITHIN = (*INLINE, "a", "sub", "sup", "q", "cite", "code", "ins", "del")


def wrap_loose(tree: HtmlElement) -> None:
    """Put each run of loose text between line breaks into a <p>, where there is enough of it to be
    a text.
    """
    for holder in list(tree.iter(*HOLDERS)):
        breaks = holder.find("br") is not None
        if breaks and _loose(holder) >= PROSE:
            _wrap(holder)


def _loose(holder: HtmlElement) -> int:
    runs = (holder.text or "", *(child.tail or "" for child in holder))
    return sum(len(" ".join(run.split())) for run in runs)


def _wrap(holder: HtmlElement) -> None:
    children = list(holder)
    paragraph = _paragraph(holder.text)
    holder.text = None
    for child in children:
        holder.remove(child)
    for child in children:
        if child.tag in WITHIN:
            paragraph.append(child)
            continue
        tail, child.tail = child.tail, None
        _add(holder, paragraph)
        if child.tag != "br":
            holder.append(child)
        paragraph = _paragraph(tail)
    _add(holder, paragraph)


def _paragraph(text: str | None) -> HtmlElement:
    paragraph = Element("p")
    paragraph.text = text
    return paragraph


def _add(holder: HtmlElement, paragraph: HtmlElement) -> None:
    if paragraph.text_content().strip():
        holder.append(paragraph)
