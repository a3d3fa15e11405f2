"""Makes paragraphs of loose text that only line breaks divide, as old and
home-made systems print it.

What follows counts and weighs paragraphs; the extractor even loses the first
lines of such a text. Knows one tree.
"""

from __future__ import annotations

from itertools import takewhile

from lxml.html import Element, HtmlElement

from monitor.extract.prose import INLINE, PROSE, text_content

HOLDERS = (
    "body",
    "section",
    "article",
    "main",
    "td",
    "center",
    "blockquote",
    "font",
)
WITHIN = (*INLINE, "a", "sub", "sup", "q", "cite", "code", "ins", "del")


def wrap_loose(tree: HtmlElement) -> None:
    """Put each run of loose text between line breaks into a <p>, where there
    is enough of it to be a text.
    """
    for holder in list(tree.iter(*HOLDERS)):
        if _is_broken(holder) and _loose(holder) >= PROSE:
            _wrap(holder)
    for holder in list(tree.iter("div")):
        if holder.find("p") is not None and _opening(holder) >= PROSE:
            _wrap(holder)


def _is_broken(holder: HtmlElement) -> bool:
    """True where line breaks divide the text, or paragraphs follow a first one
    without a tag.
    """
    return holder.find("br") is not None or holder.find("p") is not None


def _opening(holder: HtmlElement) -> int:
    """Characters before the first block: a lead in <strong>, or in no element
    at all.
    """
    inline = takewhile(lambda child: child.tag in WITHIN, holder)
    pieces = (
        holder.text or "",
        *(f"{text_content(child)}{child.tail or ''}" for child in inline),
    )
    return sum(len(" ".join(piece.split())) for piece in pieces)


def _loose(holder: HtmlElement) -> int:
    """Characters in no block and no link."""
    inline = (child for child in holder if child.tag in INLINE)
    texts = (text_content(child) for child in inline)
    pieces = (
        holder.text or "",
        *(child.tail or "" for child in holder),
        *texts,
    )
    return sum(len(" ".join(piece.split())) for piece in pieces)


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
    if text_content(paragraph).strip():
        holder.append(paragraph)
