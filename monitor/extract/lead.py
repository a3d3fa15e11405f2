"""Finds an article's standfirst (Vorspann): the paragraph between headline and
text, printed or only described.

Knows the page's tree and what it says of itself; knows nothing of how the text
was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from monitor.extract.elements import headline_of, is_inside
from monitor.extract.lines import (
    SENTENCE_END,
    is_headline,
    is_label,
    letters_of,
    share_of,
)
from monitor.extract.names import WORD, class_names, named_boilerplate
from monitor.extract.prose import link_share, printed_text
from monitor.extract.statements import Structured

BLOCKS = ("p", "div", "h2", "h3", "section", "ul", "table")
FOLLOWING = "following::*[self::p or self::div or self::h2 or self::h3 or self::section]"
SHORTEST = 40
LONGEST = 900
AFTER_HEADLINE = 60  # elements; a standfirst stands close to its headline
MAX_LINKS = 0.3
UNENDED_WORDS = 12
TOLD = 0.65  # of a description's long words
# of the long words of a description must occur in the article: a site's
# slogan does not
RELATED = 0.35
CUT = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*(?:mehr|weiterlesen)?\W*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph below the headline. `is_first`: only labels stand before it;
    `opens_text`: the text begins with it.
    """

    element: HtmlElement
    text: str
    is_first: bool
    opens_text: bool


def printed_lead(
    tree: HtmlElement,
    lines: Sequence[str],
    *,
    titles: Sequence[str],
    described: Sequence[str],
) -> str:
    """The standfirst printed between the headline and the text's first line;
    "" where there is none.

    `tree` is pruned. What resembles the page's description wins, then what its
    class calls a standfirst; an unnamed paragraph counts only directly below
    the headline, for further down it may be a caption.
    """
    headline = headline_of(tree)
    if headline is None:
        return ""
    start = letters_of(lines[0])[:60] if lines else ""
    paragraphs = list(_paragraphs(headline, start))
    fitting = [
        each for each in paragraphs if _fits(each.text, each.element, titles)
    ]
    above = [
        each
        for each in fitting
        if not each.opens_text and not _is_caption(each.element)
    ]
    for each in above:
        if _resembles(each.text, described):
            return each.text
    if not paragraphs or not paragraphs[-1].opens_text:
        return ""
    return _marked_or_first(fitting, above)


def _marked_or_first(
    fitting: Sequence[_Paragraph], above: Sequence[_Paragraph]
) -> str:
    for each in fitting:
        if _is_marked(each.element, each.text):
            return each.text
    for each in above:
        if each.is_first and each.text.endswith(SENTENCE_END):
            return each.text
    return ""


def _paragraphs(headline: HtmlElement, start: str) -> Iterator[_Paragraph]:
    """What stands below a headline, as far as the text's first line."""
    is_first = True
    for element in headline.xpath(FOLLOWING)[:AFTER_HEADLINE]:
        holds_blocks = next(element.iterdescendants(*BLOCKS), None) is not None
        if holds_blocks or is_inside(element, "li", "aside"):
            continue
        text = printed_text(element)
        opens_text = bool(start) and letters_of(text).startswith(start)
        yield _Paragraph(element, text, is_first, opens_text)
        if opens_text:
            return
        is_first = is_first and (not text or is_label(text))


def _resembles(text: str, described: Sequence[str]) -> bool:
    start = letters_of(text)
    return any(_is_told(each, start) for each in described)


def _is_marked(element: HtmlElement, text: str) -> bool:
    """Named a standfirst, itself or through the box around it that holds
    nothing else.
    """
    parent = element.getparent()
    if (
        parent is not None
        and printed_text(parent) == text
        and _is_named_so(parent)
    ):
        return True
    return _is_named_so(element)


def _is_named_so(element: HtmlElement) -> bool:
    if element.get("itemprop") in ("description", "alternativeHeadline"):
        return True
    return _named(element)


def _fits(text: str, element: HtmlElement, titles: Sequence[str]) -> bool:
    if (
        not SHORTEST <= len(text) <= LONGEST
        or link_share(element) >= MAX_LINKS
    ):
        return False
    return not is_label(text) and not is_headline(text, titles)


def _is_caption(element: HtmlElement) -> bool:
    around = (element, *element.iterancestors("div", "p", "section"))
    return any(named_boilerplate(e) and not _named(e) for e in around)


def described_lead(structured: Structured) -> tuple[str, ...]:
    """What the page gives as its description, most trusted first, without what
    was cut off in the middle.
    """
    found = (
        structured.first_meta("og:description"),
        structured.first_meta(
            "description", "dc.description", "twitter:description"
        ),
        # at some houses the caption of the first picture
        structured.article.description,
        structured.microdata.description,
    )
    texts = (" ".join(text.replace("\xad", "").split()) for text in found)
    return tuple(dict.fromkeys(text for text in texts if _is_sentence(text)))


def _is_sentence(text: str) -> bool:
    """False for what was cut off, and for what a template says of every page."""
    if (
        not SHORTEST <= len(text) <= LONGEST
        or CUT.search(text)
        or is_label(text)
    ):
        return False
    return text.endswith(SENTENCE_END) or len(text.split()) >= UNENDED_WORDS


def split_lead(
    lines: Sequence[str], printed: str, described: Sequence[str]
) -> tuple[str, list[str]]:
    """(lead, lines without it). A lead that the text already says is not said
    twice.
    """
    if printed:
        return _split_printed(lines, printed)
    whole = letters_of(" ".join(lines))
    start = letters_of(" ".join(lines[:3]))
    lead = next((text for text in described if _is_related(text, whole)), "")
    is_said = letters_of(lead) in whole or _is_told(lead, start)
    return "" if is_said else lead, list(lines)


def _split_printed(
    lines: Sequence[str], printed: str
) -> tuple[str, list[str]]:
    folded = letters_of(printed)
    if lines and folded == letters_of(lines[0]):
        return printed, list(lines[1:])
    if folded in letters_of(" ".join(lines)):
        return "", list(lines)
    kept = [
        line
        for line in lines
        if letters_of(line) not in folded or len(line) < SHORTEST
    ]
    return printed, kept


def _named(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('data-testid') or ''}"
    words = (*names.split(), *WORD.findall(names))
    return not class_names().standfirst.isdisjoint(map(str.lower, words))


def _is_related(text: str, whole: str) -> bool:
    return (
        not whole or share_of(_long_words(text), set(whole.split())) >= RELATED
    )


def _is_told(text: str, start: str) -> bool:
    """True where the article's first lines say nearly the same: a description
    made from them.
    """
    words = _long_words(text)
    return bool(words) and share_of(words, set(start.split())) >= TOLD


def _long_words(text: str) -> set[str]:
    return {word for word in letters_of(text).split() if len(word) > 3}
