"""Authors as names: bylines and declared authors, cleaned and told apart from agencies, addresses, roles and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.extract.names import WORD
from monitor.extract.structured import Structured

MAX_AUTHORS = 12
MAX_NAME = 60
MAX_BYLINE = 120
MAX_SEARCHED = 60  # elements after the headline
NEAR = 25  # elements before the headline, where some systems print the byline
META_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "cxenseparse:author")
MARKS = frozenset({"author", "authors", "authorname", "byline", "autor", "autoren", "autorin", "verfasser"})
NOT_NAMES = frozenset(
    {"box", "bio", "image", "img", "avatar", "teaser", "description", "role", "info", "more", "social"}
)
INSIDE_OTHER = "ancestor::aside|ancestor::footer|ancestor::nav|ancestor::*[contains(@class, 'teaser')]"
PREFIX = re.compile(
    r"\A(?:(?:ein\s+|eine\s+)?(?:gast)?(?:beitrag|kommentar|analyse|bericht|interview|reportage|kolumne|text|artikel|essay"
    r"|glosse|meinung|kritik|rezension|porträt)\s*(?:von|:)"
    r"|redaktion\s*:|autor(?:in|en|:innen)?\s*:|text\s*:|von|vom|by|aus|für|protokoll\s*:|von\s*:"
    r"|(?:unser\w*\s+)?(?:redakteur|reporter|korrespondent|mitarbeiter|volontär)(?:in)?)\s+",
    re.IGNORECASE,
)
SPLIT = re.compile(r"\s*(?:[,;|/•·+]|\s(?:und|and|&|sowie|mit|in)\s)\s*", re.IGNORECASE)
ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*", re.IGNORECASE)
NOISE = re.compile(r"https?:|www\.|@|[<>{}=\d]|\.(?:de|com|html?|php)/", re.IGNORECASE)
OTHER_WORK = re.compile(
    r"\A(?:fotos?|bild(?:er)?|grafik(?:en)?|illustration(?:en)?|video|kamera|schnitt|mitarbeit|übersetzung)\b|"
    r"\((?:fotos?|bild(?:er)?|grafik(?:en)?|illustration(?:en)?|video)\)",
    re.IGNORECASE,
)
SURNAME_FIRST = re.compile(r"\A([A-ZÄÖÜ][\w-]+),\s([A-ZÄÖÜ][\w-]+)\Z")
PERSON = re.compile(
    r"(?:(?:Dr|Prof|med|phil|Dipl)\.\s?(?:-?\w+\.\s)?)*[A-ZÄÖÜÉÀ][\w.’'-]*(?:\s(?:von|vom|zu|zur|de|del|della|di|da|van|den|der|ten|el|al|bin|[A-ZÄÖÜÉÀ][\w.’'-]*)){1,5}"
)
INITIALS = re.compile(r"[a-zäöü]{2,4}|[A-ZÄÖÜ]{2,3}")
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
COMPANY = re.compile(r"\s+(?:gmbh|ag|e\.\s?v\.)\W*\Z", re.IGNORECASE)
HOUSE_NAMES = ("og:site_name", "application-name", "publisher", "article:publisher", "dc.publisher", "twitter:site")
HOUSE_WORDS = re.compile(
    r"\A(?:der|die|das)\s+|\b(?:redaktion|nachrichten|news|online|onlineredaktion|digital)\b|\.(?:de|com|net|at|ch|info)\b",
    re.IGNORECASE,
)
DESK = re.compile(r"redaktion|newsroom|newsdesk|\bteam\b|\b(?:gmbh|verlag|webmaster)\b", re.IGNORECASE)
NOBODY = frozenset(
    {"admin", "administrator", "redaktion", "red", "red.", "redakteur", "autor", "author", "unknown", "gast", "none"}
)


def clean_authors(declared: Iterable[str]) -> tuple[str, ...]:
    """Names in order, each once. "Von", roles, addresses and nobodies are dropped; an agency has one spelling."""
    names: dict[str, str] = {}
    for text in declared:
        people = [_name(part) for part in SPLIT.split(_forename_first(_unprefixed(ADDRESS.sub(" ", text))))]
        several = any(" " in name for name in people)
        agency = any(name in AGENCIES.values() for name in people)
        for name in people:
            # "Von Eva Beispiel, Lille": a single word after a full name is the place, unless it is an agency.
            place = several and " " not in name and name not in AGENCIES.values()
            if name and not place and not (agency and INITIALS.fullmatch(name) and name not in AGENCIES.values()):
                names.setdefault(name.casefold(), name)
    return tuple(names.values())[:MAX_AUTHORS]


def _forename_first(text: str) -> str:
    found = SURNAME_FIRST.match(text)
    return f"{found[2]} {found[1]}" if found and found[2].casefold() not in AGENCIES else text


def _unprefixed(text: str) -> str:
    text = " ".join(text.split())
    while (shorter := PREFIX.sub("", text)) != text:
        text = shorter
    return text


def _name(part: str) -> str:
    """One cleaned name, or "" where it is none."""
    bare = "" if OTHER_WORK.search(part) else re.sub(r"\s*\([^)]*\)", "", _unprefixed(part))
    name = COMPANY.sub("", bare or part.strip(" ()")).strip(" \t-–—:.*|()") if not OTHER_WORK.search(part) else ""
    if not name or len(name) > MAX_NAME or NOISE.search(name) or name.casefold() in NOBODY:
        return ""
    agency = AGENCIES.get(name.casefold()) or AGENCIES.get(name.casefold().split("-")[0] if "-" in name else "")
    return agency or (name if any(c.isalpha() for c in name) else "")


def find_authors(
    tree: HtmlElement, structured: Structured, *, url: str = "", signed: Sequence[str] = ()
) -> tuple[str, ...]:
    """Who wrote it: declared persons and agencies, else the printed byline, else whatever else the page declares.

    Where nobody is named, initials stand for the author, also those with which the text is `signed`; the house itself
    comes last, even where a template declares it to be a person.
    """
    house = _house(structured, url)
    declared = structured.article.authors
    agencies = [a.name for a in declared if clean_authors([a.name]) and clean_authors([a.name])[0] in AGENCIES.values()]
    persons = _named(house, clean_authors(a.name for a in declared if a.person))
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
    for names in (*(_named(house, names) for names in cleaned), *(_initials(names) for names in cleaned)):
        if names:
            return names
    return clean_authors(a.name for a in declared) or next((names for names in cleaned if names), ())


def _house(structured: Structured, url: str) -> frozenset[str]:
    """What the site calls itself, as `_bare` has it."""
    host = re.sub(r"\A(?:www|m|amp)\.", "", urlsplit(url).hostname or "")
    stated = (structured.meta.get(name, "") for name in HOUSE_NAMES)
    return frozenset(bare for name in (*stated, host.rpartition(".")[0]) if (bare := _bare(name)))


def _named(house: frozenset[str], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are neither the house, nor a desk of it, nor mere initials."""
    return tuple(
        name
        for name in names
        if name in AGENCIES.values() or not (_bare(name) in house or DESK.search(name) or INITIALS.fullmatch(name))
    )


def _initials(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if INITIALS.fullmatch(name))


def _bare(name: str) -> str:
    """Letters and digits only, without the words that houses add to their names: "n-tv NACHRICHTEN" is "ntv.de"."""
    return re.sub(r"[\W_]", "", HOUSE_WORDS.sub("", name)).casefold()


def _meta_authors(structured: Structured) -> list[str]:
    return [structured.first_meta(name) for name in META_AUTHORS]


def _bylines(tree: HtmlElement) -> Iterator[list[str]]:
    """Names printed near the headline, best first: marked as author, or a short line "Von Eva Beispiel"; then names
    marked as author further down, as in the box below the text.
    """
    headline = next(tree.iter("h1"), None)
    below = [] if headline is None else headline.xpath("following::*")[:MAX_SEARCHED]
    above = [] if headline is None else headline.xpath("preceding::*")[-NEAR:]
    prose = [place for place, e in enumerate(below) if e.tag == "p" and len(_visible(e)) > MAX_BYLINE]
    near = {*below[: prose[1] if len(prose) > 1 else None], *above}  # a standfirst, then the byline, then the text
    marked = [e for e in tree.iter() if _is_marked(e) and not e.xpath(INSIDE_OTHER)]
    yield _persons(e for e in marked if e in near)
    for element in below:
        text = _visible(element) if element.tag in ("p", "div", "span", "li", "h2", "h3", "em", "strong") else ""
        byline = _printed(text) if len(text) <= MAX_BYLINE else ""
        if byline:
            yield [byline]
            break
    yield _persons(e for e in marked if e not in near)


def _is_marked(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in ("body", "article", "main", "script", "img", "meta", "link"):
        return False
    if "author" in (element.get("rel"), element.get("itemprop")):
        return True
    words = {word.lower() for name in (element.get("class") or "").split() for word in WORD.findall(name)}
    return not MARKS.isdisjoint(words) and NOT_NAMES.isdisjoint(words)


def _persons(elements: Iterable[HtmlElement]) -> list[str]:
    """Texts of marked elements that name somebody; what stands around a time or a role is left away."""
    names = []
    for element in elements:
        text = _visible(element)
        if 3 < len(text) <= MAX_BYLINE:
            names.append(_printed(text) or text)
    return [name for name in names if all(map(_is_plausible, clean_authors([name])))][:MAX_AUTHORS]


def _is_plausible(name: str) -> bool:
    return bool(name in AGENCIES.values() or PERSON.fullmatch(name) or INITIALS.fullmatch(name) or DESK.search(name))


def _printed(text: str) -> str:
    """The part of a short line that names authors: "01.11.2026, 16:40 Uhr - Von Eva Beispiel", "Kommentar von X"."""
    found = re.search(
        r"(?:\A|[|–·•-]\s+|\d,?\s+|Uhr,?\s+|\A(?:Ein\w?\s+)?(?:Gast)?(?:[Kk]ommentar|[Bb]eitrag|[Aa]nalyse|[Ee]ssay|[Gg]losse|"
        r"[Ii]nterview|[Rr]eportage|[Bb]ericht)\s+)(?:Von|von|VON|By)\s*:?\s+(?P<names>[A-ZÄÖÜ].{2,100})",
        text,
    )
    if not found:
        return ""
    return re.split(r"\s*(?:\d|[|·•]|\s[–-]\s|\b(?:Stand|Aktualisiert|Veröffentlicht)\b)", found["names"])[0].strip()


def _visible(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
