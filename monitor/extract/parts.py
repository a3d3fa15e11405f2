"""Articles that stand on several pages: which link leads to the next page, and
how the pages become one text.

`rel=next` alone proves nothing: many sites mean the next article by it. So the
next page's address must be this page's address with the next number, which
also keeps the numbers rising and the chain from running in circles. Downloads
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.html import HtmlElement

from monitor.extract.lines import letters_of, share_of, triples
from monitor.extract.prose import text_of
from monitor.extract.site import is_one_site
from monitor.types.page import Extracted

# of a line's word triples stand in the pages before: it was told already
REPEATED = 0.9
LINKS = 3000  # links of a page that are looked at

_NUMBERED = re.compile(
    r"\A(?P<stem>.*?)(?P<mark>[/_,.-](?:seite|page|s|p)?[/_=-]?)(?P<number>\d{1,2})/?(?:\.\w{3,5})?\Z",
    re.IGNORECASE,
)
_PAGE_KEYS = frozenset(
    {"page", "seite", "p", "s", "pg", "paged", "seitenr", "pagenumber"}
)
_LABEL = re.compile(
    r"""\A\W*(?:\d{1,2} | (?:zur\s+)?nächsten?\s+seite | next(?:\s+page)? | page\s+\d{1,2}
    | weiter(?:lesen)?(?:\s+auf)?(?:\s+der)?(?:\s+nächsten)?(?:\s+seite)?(?:\s+\d{1,2})?
    | seite\s+\d{1,2}(?:\s*[:–-].{1,80})?
    )\W*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
_SERIES = re.compile(
    r"(?:teil|part|folge|episode|tag|woche|runde|band|staffel|kapitel)\Z",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|kommentar|forum|diskussion", re.IGNORECASE)


def find_next(tree: HtmlElement, url: str) -> str | None:
    """The address of the page on which this article goes on, or None. Always
    on the same site.
    """
    for stated in _candidates(tree):
        try:
            address, _, place = urljoin(url, stated.strip()).partition("#")
            if (
                not _COMMENTS.search(place)
                and is_one_site(address, url)
                and is_next(address, url)
            ):
                return address
        except ValueError:  # an address that nobody can read leads nowhere
            continue
    return None


def _candidates(tree: HtmlElement) -> Iterator[str]:
    """What the page declares first, then links that look like a pager's."""
    links = list(tree.iter("link", "a"))[:LINKS]
    for link in links:
        if "next" in link.get("rel", "").lower().split() and link.get("href"):
            yield link.get("href", "")
    for link in links:
        address = link.get("href", "")
        if link.tag == "a" and _DIGIT.search(address) and _is_pager(link):
            yield address


def _is_pager(link: HtmlElement) -> bool:
    return _LABEL.match(text_of(link)) is not None


def is_next(address: str, url: str) -> bool:
    """True where `address` is `url` with the next page number: ?page=2,
    /seite-2, -2.html, /2.
    """
    here, there = urlsplit(url), urlsplit(address)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        return False
    if _bare(here.path) == _bare(there.path):
        return _is_next_in_query(
            dict(parse_qsl(here.query)), dict(parse_qsl(there.query))
        )
    number = _NUMBERED.match(there.path)
    if number is None or _SERIES.search(number["stem"]):
        return False
    before = _NUMBERED.match(here.path)
    stems = (_bare(number["stem"]), number["mark"].lower())
    if (
        before is not None
        and (_bare(before["stem"]), before["mark"].lower()) == stems
    ):
        return _follows(before["number"], number["number"])
    return _bare(here.path) == stems[0] and int(number["number"]) == 2


def _is_next_in_query(
    here: Mapping[str, str], there: Mapping[str, str]
) -> bool:
    changed = [key for key, value in there.items() if value != here.get(key)]
    keys = [key for key in changed if key.lower() in _PAGE_KEYS]
    return len(keys) == 1 and _follows(here.get(keys[0], "1"), there[keys[0]])


def _bare(path: str) -> str:
    """A path without its ending: what two pages of one article have in common."""
    return re.sub(r"\.\w{3,5}\Z", "", path.rstrip("/"))


def _follows(one: str, other: str) -> bool:
    if not (
        one.isdecimal()
        and other.isdecimal()
        and len(one) <= 2
        and len(other) <= 2
    ):
        return False
    return int(other) == int(one) + 1 or (one == "0" and other == "1")


def join(parts: Sequence[Extracted]) -> Extracted:
    """One article of its pages in order: the first one's facts, everybody's
    text, nothing told twice.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    lines = _joined_lines(first, parts[1:])
    kinds = [part.kind for part in parts]
    kind = next(
        (kind for kind in ("paywall", "article") if kind in kinds), first.kind
    )
    credit_lines = chain.from_iterable(part.credits for part in parts)
    blocks = chain.from_iterable(part.blocks for part in parts)
    return replace(
        first,
        kind=kind,
        text="\n".join(lines),
        word_count=len(letters_of(" ".join((first.lead, *lines))).split()),
        quality=min(part.quality for part in parts),
        credits=tuple(dict.fromkeys(credit_lines)),
        blocks=tuple(dict.fromkeys(blocks)),
        next_url=None,
        parts=len(parts),
    )


def _joined_lines(first: Extracted, further: Sequence[Extracted]) -> list[str]:
    lines = first.text.splitlines()
    told = set(map(letters_of, (first.title, first.lead, *lines)))
    known = set(_all_triples([first.lead, *lines]))
    for part in further:
        said = filter(None, (part.lead, *part.text.splitlines()))
        new = [line for line in said if not _is_told(line, told, known)]
        lines += new
        told.update(map(letters_of, new))
        known.update(_all_triples(new))
    return lines


def _is_told(line: str, told: set[str], known: set[str]) -> bool:
    own = triples(line)
    return letters_of(line) in told or (
        bool(own) and share_of(own, known) >= REPEATED
    )


def _all_triples(lines: Iterable[str]) -> Iterator[str]:
    return chain.from_iterable(map(triples, lines))
