"""Authors as names: bylines and declared authors, cleaned and told apart from
agencies, addresses, roles and places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from monitor.extract.elements import headline_of
from monitor.extract.names import MAX_MARK, name_words
from monitor.extract.statements import Structured
from monitor.extract.titles import bare_name, house_names
from monitor.language.bylines import (
    AGENCIES,
    MAX_AUTHORS,
    clean_authors,
    is_desk,
    is_initials,
    is_person,
    is_small_name,
)

BYLINE_TAGS = ("p", "div", "span", "li", "h2", "h3", "em", "strong")
MAX_BYLINE = 120
MAX_SEARCHED = 60  # elements after the headline
NEAR = 25  # elements before the headline, where some systems print the byline
META_AUTHORS = (
    *(
        "author",
        "articleauthor",
        "ogarticleauthor",
        "dccreator",
        "dctermscreator",
        "parselyauthor",
        "sailthruauthor",
    ),
    *(
        "cxenseparseauthor",
        "twittermiscwrittenby",
        "twittermiscverfasstvon",
        "byl",
        "authors",
        "articleauthors",
    ),
)
"""Names of meta elements; only letters and digits count."""
SMALL_BYLINE = re.compile(r"\A(?:von|by)\s[^A-ZÄÖÜ]+\Z")
"""As designers print names: "von karla beispiel". Believed only in an element
marked as author.
"""
REPORTED = re.compile(
    r"\A(?:Es|Aus\s[A-ZÄÖÜ][\w-]+(?:\s[\w-]+)?)\s+berichte[tn]\s+(?P<names>[A-ZÄÖÜ].{2,100})"
)
BRAND_WORDS = 4
# what begins small in a brand's name
BRAND_WORD = re.compile(r"[&+]|\w|\w['’]\w+")
WRITTEN_BY = ("written by", "verfasst von", "geschrieben von", "autor", "von")
"""Labels that share previews put before the author: twitter:label1 and
twitter:data1.
"""
NO_NAME = ("body", "article", "main", "script", "img", "meta", "link")
MARKS = frozenset(
    {
        "author",
        "authors",
        "authorname",
        "byline",
        "autor",
        "autoren",
        "autorin",
        "verfasser",
    }
)
NOT_NAMES = frozenset(
    {
        "box",
        "bio",
        "image",
        "img",
        "avatar",
        "teaser",
        "description",
        "role",
        "info",
        "more",
        "social",
    }
)
INSIDE_OTHER = (
    "ancestor::aside|ancestor::footer|ancestor::nav"
    "|ancestor::*[contains(@class, 'teaser')]"
)


def find_authors(
    tree: HtmlElement,
    structured: Structured,
    *,
    url: str = "",
    signed: Sequence[str] = (),
) -> tuple[str, ...]:
    """Who wrote it: declared persons and agencies, else the printed byline,
    else whatever else the page declares.

    Where nobody is named, initials stand for the author, also those with which
    the text is `signed`; the house itself comes last, even where a template
    declares it to be a person.
    """
    house = house_names(structured, url)
    declared = structured.article.authors
    agencies = [a.name for a in declared if _is_agency(a.name)]
    persons = _named(
        house, clean_authors(a.name for a in declared if a.person)
    )
    if persons:
        return tuple(dict.fromkeys((*persons, *clean_authors(agencies))))
    if agencies:
        return clean_authors(agencies)
    others = (
        *_bylines(tree),
        [a.name for a in structured.microdata.authors],
        *([n] for n in _meta_authors(structured)),
    )
    cleaned = [clean_authors(names) for names in (*others, signed)]
    stated = (
        *(_named(house, names) for names in cleaned),
        *map(_initials, cleaned),
        clean_authors(a.name for a in declared),
        *cleaned,
    )
    return next(filter(None, stated), ())


def _is_agency(name: str) -> bool:
    return not AGENCIES.isdisjoint(clean_authors([name])[:1])


def _named(house: frozenset[str], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are neither the house, nor a desk of it, nor mere initials."""
    return tuple(
        name for name in names if name in AGENCIES or _is_somebody(name, house)
    )


def _is_somebody(name: str, house: frozenset[str]) -> bool:
    return not (bare_name(name) in house or is_desk(name) or is_initials(name))


def _initials(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if is_initials(name))


def _meta_authors(structured: Structured) -> list[str]:
    meta, by_letters = structured.meta, structured.by_letters
    found = [by_letters.get(name, "") for name in META_AUTHORS]
    for number in ("1", "2"):
        label = meta.get(f"twitter:label{number}", "").strip(" :").lower()
        if label in WRITTEN_BY:
            found.append(meta.get(f"twitter:data{number}", ""))
    return found


def _bylines(tree: HtmlElement) -> Iterator[list[str]]:
    """Names printed near the headline, best first: marked as author, or a
    short line "Von Eva Beispiel"; then names marked as author further down, as
    in the box below the text.
    """
    headline = headline_of(tree)
    below = (
        []
        if headline is None
        else headline.xpath("following::*")[:MAX_SEARCHED]
    )
    above = [] if headline is None else headline.xpath("preceding::*")[-NEAR:]
    near = {*below[: _text_start(below)], *above}
    marked = [
        e for e in tree.iter() if _is_marked(e) and not e.xpath(INSIDE_OTHER)
    ]
    yield _persons(e for e in marked if e in near)
    texts = (_visible(e) for e in below if e.tag in BYLINE_TAGS)
    bylines = (_printed(text) for text in texts if len(text) <= MAX_BYLINE)
    byline = next(filter(None, bylines), "")
    if byline:
        yield [byline]
    yield _persons(e for e in marked if e not in near)


def _text_start(below: Sequence[HtmlElement]) -> int | None:
    """Where the second long paragraph is: a standfirst comes first, then the
    byline, then the text.
    """
    long = [
        n
        for n, e in enumerate(below)
        if e.tag == "p" and len(_visible(e)) > MAX_BYLINE
    ]
    return long[1] if len(long) > 1 else None


def _is_marked(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in NO_NAME:
        return False
    if "author" in (element.get("rel"), element.get("itemprop")):
        return True
    names = element.get("class") or ""
    if not names or len(names) > MAX_MARK:
        return False
    words = {word for name in names.split() for word in name_words(name)}
    return not MARKS.isdisjoint(words) and NOT_NAMES.isdisjoint(words)


def _persons(elements: Iterable[HtmlElement]) -> list[str]:
    """Texts of marked elements that name somebody; what stands around a time
    or a role is left away.
    """
    names = []
    for element in elements:
        text = _visible(element)
        if 3 < len(text) <= MAX_BYLINE:
            names.append(_printed(text) or text)
    return [name for name in names if _names_somebody(name)][:MAX_AUTHORS]


def _names_somebody(byline: str) -> bool:
    found = clean_authors([byline])
    is_small = SMALL_BYLINE.match(byline) and all(map(is_small_name, found))
    return bool(is_small) or all(map(_is_plausible, found))


def _is_plausible(name: str) -> bool:
    known = (
        name in AGENCIES
        or is_person(name)
        or is_initials(name)
        or is_desk(name)
    )
    return known or _is_brand(name)


def _is_brand(name: str) -> bool:
    """True for "Mac & i" and "c't Magazin": few words, none of them one of a
    sentence.
    """
    words = name.split()
    if not 1 < len(words) <= BRAND_WORDS or not any(
        word[0].isupper() for word in words
    ):
        return False
    return all(
        word[0].isupper() or BRAND_WORD.fullmatch(word) for word in words
    )


def _printed(text: str) -> str:
    """The part of a short line that names authors: "01.11.2026, 16:40 Uhr -
    Von Eva Beispiel", "Kommentar von X".
    """
    found = re.search(
        r"(?:\A|[|–·•-]\s+|\d,?\s+|Uhr,?\s+|\A(?:Ein\w?\s+)?(?:Gast)?(?:[Kk]ommentar|[Bb]eitrag|[Aa]nalyse|[Ee]ssay|[Gg]losse|"
        r"[Ii]nterview|[Rr]eportage|[Bb]ericht)\s+)(?:Von|von|VON|By)\s*:?\s+(?P<names>[^\W\d_a-zäöüß].{2,100})",
        text,
    )
    found = found or REPORTED.match(text)
    if not found:
        return ""
    return re.split(
        r"\s*(?:\d|[|·•]|\s[–-]\s|\b(?:Stand|Aktualisiert|Veröffentlicht)\b)",
        found["names"],
    )[0].strip()


def _visible(element: HtmlElement) -> str:
    """The text as a reader sees it: a stroke where elements meet without a
    blank, as a name and a role often do.
    """
    parts: list[str] = []
    for piece in element.itertext():
        if not isinstance(piece, str) or not piece:
            continue
        if parts and _is_glued(parts[-1][-1], piece):
            parts.append("|")
        parts.append(piece)
    return " ".join("".join(parts).split())


def _is_glued(before: str, piece: str) -> bool:
    """True for a letter and a text that do not belong together: "Beispiel",
    "Redakteur".
    """
    if not before.isalpha() or not piece[0].isalpha():
        return False
    return (
        "@" in piece.split(maxsplit=1)[0]
        if piece[0].islower()
        else before.islower()
    )
