"""Finds an article's standfirst (Vorspann): the paragraph between headline and text, printed or only described.

Knows the page's tree and what it says of itself; knows nothing of how the text was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from monitor.extract.furniture import WORD, link_share
from monitor.extract.lines import fold, is_label
from monitor.extract.structured import Structured

TOKENS = frozenset(
    {
        *("lead", "lede", "intro", "introduction", "standfirst", "vorspann", "subline", "subheadline", "subtitle"),
        *("dek", "deck", "summary", "abstract", "anlauf", "excerpt", "teaser", "leadtext", "teasertext", "introtext"),
    }
)
SHORTEST = 40
LONGEST = 900
AFTER_HEADLINE = 60  # elements; a standfirst stands close to its headline
RELATED = 0.35  # of the long words of a description must occur in the article: a site's slogan does not
CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*(?:mehr|weiterlesen)?\W*\Z", re.IGNORECASE)


def printed_lead(tree: HtmlElement) -> str:
    """The standfirst as it stands on the page, or "". To be asked before furniture is pruned: "teaser" is its name too."""
    headline = next(tree.iter("h1"), None)
    if headline is None:
        return ""
    following = headline.xpath("following::*[self::p or self::div or self::h2 or self::span or self::section]")
    for element in following[:AFTER_HEADLINE]:
        if next(element.iterancestors("aside", "nav", "figure", "footer", "li"), None) is not None:
            continue
        text = " ".join(element.text_content().replace("\xad", "").split())
        named = element.get("itemprop") in ("description", "alternativeHeadline") or _named(element)
        if named and SHORTEST <= len(text) <= LONGEST and link_share(element) < 0.3 and not is_label(text):
            return text
    return ""


def described_lead(structured: Structured) -> tuple[str, ...]:
    """What the page gives as its description, most trusted first, without what was cut off in the middle."""
    found = (
        structured.article.description,
        structured.first_meta("og:description"),
        structured.first_meta("description", "dc.description", "twitter:description"),
        structured.microdata.description,
    )
    texts = (" ".join(text.replace("\xad", "").split()) for text in found)
    return tuple(dict.fromkeys(t for t in texts if SHORTEST <= len(t) <= LONGEST and not CUT.search(t)))


def split_lead(lines: Sequence[str], printed: str, described: Sequence[str]) -> tuple[str, list[str]]:
    """(lead, lines without it). A lead that the text already says is not said twice."""
    whole = fold(" ".join(lines))
    if printed:
        folded = fold(printed)
        if lines and folded == fold(lines[0]):
            return printed, list(lines[1:])
        if folded not in whole:
            return printed, [line for line in lines if fold(line) not in folded or len(line) < SHORTEST]
        return "", list(lines)
    for text in described:
        if fold(text) not in whole and _is_related(text, whole):
            return (text, list(lines)) if not _is_told(text, whole) else ("", list(lines))
    return "", list(lines)


def _named(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('data-testid') or ''}".split()
    return any(word.lower() in TOKENS for name in names for word in (name, *WORD.findall(name)))


def _is_related(text: str, whole: str) -> bool:
    words = {word for word in fold(text).split() if len(word) > 3}
    known = set(whole.split())
    return not known or sum(word in known for word in words) >= RELATED * len(words)


def _is_told(text: str, whole: str) -> bool:
    """True where nearly every run of four words stands in the text: a description copied from its first sentences."""
    words = fold(text).split()
    runs = [" ".join(words[i : i + 4]) for i in range(len(words) - 3)]
    return bool(runs) and sum(run in whole for run in runs) >= 0.7 * len(runs)
