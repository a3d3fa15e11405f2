"""Takes the site's name and other chrome off a page's title: "A2 gesperrt | NW.de" is "A2
gesperrt".

What is chrome is told by the names of the house, by the feed's title and by the printed headline. A
tail that none of them tells of is content ("Herford - Löhne: A2 gesperrt") and stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from monitor.extract.lines import fold
from monitor.extract.structured import Structured

HOUSE_NAMES = (
    "og:site_name",
    "application-name",
    "publisher",
    "article:publisher",
    "dc.publisher",
    "twitter:site",
)
HOUSE_WORDS = re.compile(
    r"\A(?:der|die|das)\s+|\b(?:redaktion|nachrichten|news|online|onlineredaktion|digital)\b|\.(?:de|com|net|at|ch|info)\b",
    re.IGNORECASE,
)
SEPARATOR = re.compile(r"(\s+(?:[-–—•·»«>]|::)\s+|\s*\|\s*)")
STRONG = ("|", "::", "»", "•")  # between parts of a page's title, hardly ever within a headline
DOMAIN_FIRST = re.compile(r"\A[\w-]+\.(?:de|com|net|at|ch|info|org):\s+", re.IGNORECASE)


def house_names(structured: Structured, url: str) -> frozenset[str]:
    """What the site calls itself, as `bare_name` has it."""
    host = re.sub(r"\A(?:www|m|amp)\.", "", urlsplit(url).hostname or "")
    stated = (structured.meta.get(name, "") for name in HOUSE_NAMES)
    return frozenset(
        bare for name in (*stated, host.rpartition(".")[0]) if (bare := bare_name(name))
    )


def bare_name(name: str) -> str:
    """Letters and digits only, without the words that houses add to their names: "n-tv NACHRICHTEN"
    is "ntv.de".
    """
    return re.sub(r"[\W_]", "", HOUSE_WORDS.sub("", name)).casefold()


def without_site(
    title: str, houses: Collection[str], *, feed: str = "", headlines: Sequence[str] = ()
) -> str:
    """The title without the house's name at its ends, unless the feed's title has it too."""
    title = " ".join(title.replace("\xad", "").split())
    if not title or fold(title) == fold(feed):
        return title
    pieces = SEPARATOR.split(title)
    if told := _told(pieces, (feed, *headlines)):
        return told
    while len(pieces) > 2 and _is_house(pieces[-1], houses) and fold(pieces[-1]) not in fold(feed):
        pieces = pieces[:-2]
    while len(pieces) > 2 and pieces[1].strip() in STRONG and _is_house(pieces[0], houses):
        pieces = pieces[2:]
    rest = "".join(pieces)
    domain = DOMAIN_FIRST.match(rest)
    if domain and _is_house(domain[0].rstrip(": "), houses):
        rest = rest[domain.end() :]
    return rest


def _told(pieces: Sequence[str], others: Sequence[str]) -> str:
    """The run of pieces that the feed or the headline has as its whole title, or ""."""
    wanted = {folded for other in others if (folded := fold(other))}
    for start in range(0, len(pieces), 2):
        for end in range(len(pieces), start, -2):
            run = "".join(pieces[start:end])
            if end - start < len(pieces) and fold(run) in wanted:
                return run
    return ""


def _is_house(piece: str, houses: Collection[str]) -> bool:
    bare = bare_name(piece)
    whole = re.sub(r"[\W_]", "", piece).casefold()
    return bool(bare) and (bare in houses or whole in houses)
