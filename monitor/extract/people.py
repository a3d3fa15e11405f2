"""Authors as names: bylines and declared authors, cleaned and told apart from agencies, addresses and places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.extract.structured import Structured

MAX_AUTHORS = 12
MAX_NAME = 60
MAX_BYLINE = 120
MAX_SEARCHED = 60  # elements after the headline
META_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "cxenseparse:author")
BYLINE_XPATH = (
    "//*[@rel='author' or @itemprop='author' or contains(@class, 'author-name') or contains(@class, 'authorname')"
    " or contains(@class, 'author__name') or contains(@class, 'byline') or contains(@class, 'article-author')]"
)
INSIDE_OTHER = "ancestor::aside|ancestor::footer|ancestor::nav|ancestor::*[contains(@class, 'teaser')]"
PREFIX = re.compile(
    r"\A(?:(?:ein\s+)?(?:gast)?(?:beitrag|kommentar|analyse|bericht|interview|reportage|kolumne|text|artikel)\s*(?:von|:)"
    r"|redaktion\s*:|autor(?:in|en|:innen)?\s*:|text\s*:|von|vom|by|aus|für|protokoll\s*:|von\s*:)\s+",
    re.IGNORECASE,
)
SPLIT = re.compile(r"\s*(?:[,;|/•·]|\s(?:und|and|&|sowie|mit)\s)\s*", re.IGNORECASE)
ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*", re.IGNORECASE)
NOISE = re.compile(r"https?:|www\.|@|[<>{}=\d]|\.(?:de|com|html?|php)/", re.IGNORECASE)
AGENCIES = {
    "dpa": "dpa",
    "deutsche presse-agentur": "dpa",
    "dpa-infocom": "dpa",
    "afp": "AFP",
    "agence france-presse": "AFP",
    "ap": "AP",
    "associated press": "AP",
    "reuters": "Reuters",
    "sid": "SID",
    "sport-informations-dienst": "SID",
    "epd": "epd",
    "kna": "KNA",
    "apa": "APA",
    "sda": "SDA",
    "keystone-sda": "SDA",
    "dts": "dts",
    "dts nachrichtenagentur": "dts",
}
HOUSE_NAMES = ("og:site_name", "application-name", "publisher", "article:publisher", "dc.publisher", "twitter:site")
HOUSE_WORDS = re.compile(
    r"\A(?:der|die|das)\s+|\b(?:redaktion|nachrichten|news|online|onlineredaktion|digital)\b|\.(?:de|com|net|at|ch|info)\b",
    re.IGNORECASE,
)
NOBODY = frozenset(
    {"admin", "administrator", "redaktion", "red", "red.", "redakteur", "autor", "author", "unknown", "gast", "none"}
)


def clean_authors(declared: Iterable[str]) -> tuple[str, ...]:
    """Names in order, each once. "Von", roles, addresses and nobodies are dropped; an agency has one spelling."""
    names: dict[str, str] = {}
    for text in declared:
        people = [_name(part) for part in SPLIT.split(_unprefixed(ADDRESS.sub(" ", text)))]
        several = any(" " in name for name in people)
        for name in people:
            # "Von Eva Beispiel, Lille": a single word after a full name is the place, unless it is an agency.
            place = several and " " not in name and name not in AGENCIES.values()
            if name and not place:
                names.setdefault(name.casefold(), name)
    return tuple(names.values())[:MAX_AUTHORS]


def _unprefixed(text: str) -> str:
    text = " ".join(text.split())
    while (shorter := PREFIX.sub("", text)) != text:
        text = shorter
    return text


def _name(part: str) -> str:
    """One cleaned name, or "" where it is none."""
    name = re.sub(r"\s*\([^)]*\)", "", _unprefixed(part)).strip(" \t-–—:.*|")
    if not name or len(name) > MAX_NAME or NOISE.search(name) or name.casefold() in NOBODY:
        return ""
    agency = AGENCIES.get(name.casefold()) or AGENCIES.get(name.casefold().split("-")[0] if "-" in name else "")
    return agency or (name if any(c.isalpha() for c in name) else "")


def find_authors(tree: HtmlElement, structured: Structured, url: str = "") -> tuple[str, ...]:
    """Who wrote it: declared persons and agencies, else the printed byline, else whatever else the page declares.

    The house itself is taken only where nobody else is named, even where a template declares it to be a person.
    """
    house = _house(structured, url)
    declared = structured.article.authors
    agencies = [a.name for a in declared if a.name.strip().casefold() in AGENCIES]
    persons = _not_of(house, clean_authors(a.name for a in declared if a.person))
    if persons:
        return tuple(dict.fromkeys((*persons, *clean_authors(agencies))))
    if agencies:
        return clean_authors(agencies)
    for names in (_byline(tree), [a.name for a in structured.microdata.authors], _meta_authors(structured)):
        found = _not_of(house, clean_authors(names))
        if found:
            return found
    return clean_authors(a.name for a in declared)


def _house(structured: Structured, url: str) -> frozenset[str]:
    """What the site calls itself, as `_bare` has it."""
    host = re.sub(r"\A(?:www|m|amp)\.", "", urlsplit(url).hostname or "")
    stated = (structured.meta.get(name, "") for name in HOUSE_NAMES)
    return frozenset(bare for name in (*stated, host.rpartition(".")[0]) if (bare := _bare(name)))


def _not_of(house: frozenset[str], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if _bare(name) not in house)


def _bare(name: str) -> str:
    """Letters and digits only, without the words that houses add to their names: "n-tv NACHRICHTEN" is "ntv.de"."""
    return re.sub(r"[\W_]", "", HOUSE_WORDS.sub("", name)).casefold()


def _meta_authors(structured: Structured) -> list[str]:
    return [structured.first_meta(name) for name in META_AUTHORS]


def _byline(tree: HtmlElement) -> list[str]:
    """Names printed near the headline: links marked as author, or a short line "Von Eva Beispiel"."""
    marked = tree.xpath(BYLINE_XPATH)[:MAX_AUTHORS]
    names = [text for e in marked if not e.xpath(INSIDE_OTHER) and 3 < len(text := _visible(e)) <= MAX_BYLINE]
    if names:
        return names
    headline = next(tree.iter("h1"), None)
    following = (
        [] if headline is None else headline.xpath("following::*[self::p or self::div or self::span or self::li]")
    )
    for element in following[:MAX_SEARCHED]:
        text = _visible(element)
        if len(text) <= MAX_BYLINE and re.match(r"(?:Von|von|VON|By)\s*:?\s+[A-ZÄÖÜ]", text):
            return [text]
    return []


def _visible(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
