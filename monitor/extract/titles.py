"""Takes the site's name and other chrome off a page's title: "A2 gesperrt |
NW.de" is "A2 gesperrt".

What is chrome is told by the names of the house, by the feed's title and by
the printed headline. A tail that none of them tells of is content ("Herford -
Löhne: A2 gesperrt") and stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize
from urllib.parse import urlsplit

from monitor.extract.lines import letters_of
from monitor.extract.phrase_files import any_phrase, read_lists
from monitor.extract.statements import Structured
from monitor.language.hygiene import decoded_again

HOUSE_NAMES = (
    "og:site_name",
    "application-name",
    "publisher",
    "article:publisher",
    "dc.publisher",
    "twitter:site",
)
SEPARATOR = re.compile(
    r"(\s+(?:-{1,3}|/{1,2}|[–—•·»«›‹>~¦:@<_]|::)\s+|\s*\|{1,2}\s*)"
)
# between parts of a page's title, hardly ever within a headline
STRONG = (
    "|",
    "||",
    "¦",
    "::",
    "»",
    "•",
)
BEFORE = re.compile(
    r"\A(?P<name>[^:\[\]|]{2,60}):\s+(?=\S)|\A\[(?P<boxed>[^\]]{2,60})\]\s*(?=\S)"
)
BEHIND = re.compile(r"\s*[(\[](?P<name>[^()\[\]]{2,60})[)\]]\Z")
# "NDR", "RTL", "SWR3": initials of a house
LABEL = re.compile(r"[A-ZÄÖÜ\d.+-]{2,5}\Z")
DOMAIN = re.compile(
    r"\A(?:www\.)?(?P<name>[\w.-]+)\.[a-z]{2,8}\Z", re.IGNORECASE
)
AT_SITE = re.compile(
    r"\s+(?:auf|bei|von|on)\s+(?P<name>[\w-]+(?:\.[\w-]+)+)\Z"
)
SLOGAN = 5  # words


_LISTS = read_lists("titles")
HOUSE_WORDS = re.compile(
    rf"\A(?:der|die|das)\s+|\b{any_phrase('titles', 'house_words')}\b"
    r"|\.(?:de|com|net|at|ch|info)\b",
    re.IGNORECASE,
)
SECTIONS = frozenset(_LISTS["sections"])
MEDIA_ENDS = tuple(_LISTS["media_ends"])
SLOGAN_WORDS = frozenset(_LISTS["slogan_words"])
PLACE_STARTS = frozenset(_LISTS["place_starts"])


def house_names(structured: Structured, url: str) -> frozenset[str]:
    """What the site calls itself, as `bare_name` has it."""
    host = re.sub(r"\A(?:www|m|amp)\.", "", urlsplit(url).hostname or "")
    names = [structured.meta.get(name, "") for name in HOUSE_NAMES]
    names.append(host.rpartition(".")[0])
    return frozenset(map(bare_name, names)) - {""}


def bare_name(name: str) -> str:
    """Letters and digits only, without the words that houses add to their
    names: "n-tv NACHRICHTEN" is "ntv.de".
    """
    return re.sub(r"[\W_]", "", HOUSE_WORDS.sub("", name)).casefold()


def without_site(
    title: str,
    houses: frozenset[str],
    *,
    feed: str = "",
    headlines: Sequence[str] = (),
) -> str:
    """The title without the house's name at its ends, unless the feed's title
    has it too.
    """
    title = normalize("NFC", decoded_again(title)).replace("\xad", "")
    title = " ".join(title.split())
    if not title or letters_of(title) == letters_of(feed):
        return title
    pieces = SEPARATOR.split(title)
    if told := _told(pieces, (feed, *headlines)):
        return told
    site = _Site(houses, letters_of(feed))
    rest = "".join(_without_ends(pieces, site))
    return _without_name_behind(_without_name_before(rest, site), site)


@dataclass(frozen=True, slots=True)
class _Site:
    """What a site calls itself, as `bare_name` has it, and the feed's title,
    which tells what stays.
    """

    houses: frozenset[str]
    feed: str

    def owns(self, piece: str) -> bool:
        """True for a name of the house that the feed's title lacks."""
        return _is_house(piece, self.houses) and not self.in_feed(piece)

    def owns_clearly(self, piece: str, rest: str) -> bool:
        """The same, for places where a headline may have a word of its own,
        "Herford: A2 zu".
        """
        return self.owns(piece) and (
            _is_clear(piece) or self.tells_the_same(rest)
        )

    def in_feed(self, piece: str) -> bool:
        """True where the feed's title has it too."""
        return f" {letters_of(piece)} " in f" {self.feed} "

    def tells_the_same(self, rest: str) -> bool:
        """True where the feed's title is what is left."""
        return bool(self.feed) and letters_of(rest) == self.feed


def _without_ends(pieces: Sequence[str], site: _Site) -> Sequence[str]:
    """The pieces without the house's name, and with it its sections and
    slogan, at both ends.
    """
    kept = pieces[: _chrome_from(pieces, site)]
    if len(kept) < len(pieces):
        while len(kept) > 2 and _is_section(kept[-1], site):
            kept = kept[:-2]
    while (
        len(kept) > 2
        and kept[1].strip() in STRONG
        and _is_house(kept[0], site.houses)
    ):
        kept = kept[2:]
    return kept


def _chrome_from(pieces: Sequence[str], site: _Site) -> int:
    """How many pieces stand before the house's name; all where it is not
    there.
    """
    for place in range(2, len(pieces), 2):
        strong = pieces[place - 1].strip() in STRONG
        piece, behind = pieces[place], pieces[place + 2 :: 2]
        house = site.owns(piece) or (strong and _is_slogan(piece, site))
        if house and (
            strong
            or all(" " not in part or site.owns(part) for part in behind)
        ):
            return place - 1
    return len(pieces)


def _is_section(piece: str, site: _Site) -> bool:
    return piece.casefold() in SECTIONS and not site.in_feed(piece)


def _is_slogan(piece: str, site: _Site) -> bool:
    """True for the house's name with a few more names behind it, "Blatt aus
    Herford".
    """
    words = piece.split()
    if len(words) > SLOGAN or site.in_feed(piece):
        return False
    for count in range(1, len(words)):
        more = words[count:]
        if all(word in SLOGAN_WORDS or word[0].isupper() for word in more):
            name = " ".join(words[:count])
            if _is_house(name, site.houses) and _is_clear(name):
                return True
    return False


def _without_name_before(title: str, site: _Site) -> str:
    """Without "Beispielblatt: " or "[Beispielblatt] "."""
    before = BEFORE.match(title)
    if before is None:
        return title
    name, rest = before["name"] or before["boxed"], title[before.end() :]
    return rest if site.owns_clearly(name, rest) else title


def _without_name_behind(title: str, site: _Site) -> str:
    """Without " (Beispielblatt)" and " auf beispielblatt.de"."""
    behind = BEHIND.search(title) or AT_SITE.search(title)
    if behind is None or not behind.start():
        return title
    rest = title[: behind.start()]
    return rest if site.owns_clearly(behind["name"], rest) else title


def _is_clear(name: str) -> bool:
    """True for a name that is no place and no common word: of several words,
    initials, a domain, a paper's.
    """
    if name.casefold().split()[0] in PLACE_STARTS:
        return False
    if " " in name or LABEL.match(name) or DOMAIN.search(name):
        return True
    return name.casefold().endswith(MEDIA_ENDS)


def _told(pieces: Sequence[str], others: Sequence[str]) -> str:
    """The run of pieces that the feed or the headline has as its whole title,
    or "".
    """
    wanted = set(map(letters_of, others)) - {""}
    for start in range(0, len(pieces), 2):
        for end in range(len(pieces), start, -2):
            run = "".join(pieces[start:end])
            if end - start < len(pieces) and letters_of(run) in wanted:
                return run
    return ""


def _is_house(piece: str, houses: frozenset[str]) -> bool:
    bare = bare_name(piece)
    whole = re.sub(r"[\W_]", "", piece).casefold()
    domain = DOMAIN.match(piece.strip())
    label = bare_name(domain["name"]) if domain else ""
    return bool(bare) and not houses.isdisjoint({bare, whole, label})
