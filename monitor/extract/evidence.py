"""Compares a page with its item: what `unreadable.py` decides by, every part
with a name.

Pure, from values to a value. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from monitor.extract.address import is_home
from monitor.extract.lines import share_of
from monitor.extract.opinion import AnnouncedStory
from monitor.extract.page_facts import VERY_FEW, PageFacts
from monitor.extract.phrases import (
    Sentence,
    Sign,
    folded_words,
    page_signs,
    sentences,
)
from monitor.extract.report_words import is_foot, is_live, is_report
from monitor.extract.resemblance import TEXT_SHARED, Resemblance, compare, keys
from monitor.extract.text_language import language_of
from monitor.types.page import PageKind, UnreadableKind

# words that the whole page shows; then all of them may be its excuse
FRAME = 150
PROSE = 200  # characters of a paragraph that is no teaser
WHOLE_TITLE = 0.8  # of the item's title in one of the page's headings
TELLING_TITLE = 4  # words; a title with fewer may be missing on its own page
SOME = 3  # words; fewer may be shared by chance
TELLING = 8  # distinct words of title and text that can be missed
# of an item's words that any other article may share; of 1,300 pairs of German
# news pages half have fewer, and no page has so few of its own item
BY_CHANCE = 0.15
# a feed that carries a text against the page's: then the page is a stub of it
MUCH_TOLD, TIMES_MORE, THIN = 40, 3, 100

EXCUSES: frozenset[UnreadableKind] = frozenset(
    {"not_found_page", "server_error_page", "maintenance"}
)

Led = Literal["", "home", "section", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Marker:
    """A sign that the page is something else. `is_items`: its words stand in
    the item's title, so the page may be about them.
    """

    kind: UnreadableKind
    place: Literal["heading", "markup", "path", "text", "form", "shape"]
    is_items: bool = False


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """All that speaks for and against a page.

    Of the item: `is_named` where a heading is its title or a part of it,
    `is_told` where the running text tells it, `shared` how many of its words
    the text has, `is_foreign` where few of its words are anywhere on the page,
    `is_unrelated` where none are that chance does not explain. Words of a
    marker do not count.

    Of the text: `words`; of its sentences those that `report` and those that
    are `marked` by a phrase; `own_words` outside, `marked_words` inside marked
    ones; `has_prose` where one paragraph is no teaser.

    Of the page: its `shape` as extraction named it, where it `led`, its
    `markers`, how it calls itself (`is_headed` by a printed headline,
    `is_stated`, `is_live`), `cards`, `is_stub` of what the feed carried.
    """

    shape: PageKind = "article"
    led: Led = ""
    is_front: bool = False
    markers: tuple[Marker, ...] = ()
    is_named: bool = False
    is_told: bool = False
    shared: int = 0
    is_foreign: bool = False
    is_unrelated: bool = False
    words: int = 0
    own_words: int = 0
    reports: int = 0
    marked: int = 0
    marked_words: int = 0
    has_prose: bool = False
    is_headed: bool = False
    is_stated: bool = False
    is_live: bool = False
    cards: int = 0
    is_stub: bool = False


def gather(page: PageFacts, item: AnnouncedStory) -> PageEvidence:
    """The evidence for one page and one item."""
    read = sentences("\n".join(_lines(page)))
    told = "\n".join(sentence.rest for sentence in read)
    headlines = (*page.headings, page.description)
    shown = compare(item.title, item.text, headlines=headlines, page_text=told)
    running = compare(item.title, item.text, headlines=(), page_text=told)
    shared = _words(item) & keys(told)
    words = len(page.text.split())
    marked = [sentence.text for sentence in read if sentence.sign is not None]
    plain = [sentence.text for sentence in read if sentence.sign is None]
    return PageEvidence(
        shape=page.kind,
        led=_led(page),
        is_front=is_home(page.final_url),
        markers=_markers(page, item, read),
        is_named=_is_named(page, item, shown),
        is_told=running.is_same or _is_mostly_there(item, shared),
        shared=len(shared),
        is_foreign=shown.is_foreign,
        is_unrelated=_is_unrelated(item, shown)
        and not _is_translated(page, item),
        words=words,
        # one is a menu's
        own_words=sum(words for words in map(_length, plain) if words > 1),
        reports=sum(map(is_report, plain)),
        marked=len(marked),
        marked_words=sum(map(_length, marked)),
        has_prose=any(len(line) >= PROSE for line in page.text.splitlines()),
        is_headed=page.is_headed,
        is_stated=page.is_stated,
        is_live=page.is_live or any(map(is_live, page.headings)),
        cards=page.cards,
        is_stub=words < THIN and _is_stub(page, item),
    )


def _is_mostly_there(item: AnnouncedStory, shared: frozenset[str]) -> bool:
    """Title and a short summary together, where each alone has too few words
    to tell.
    """
    return len(shared) >= SOME and len(shared) >= TEXT_SHARED * len(
        _words(item)
    )


def _words(item: AnnouncedStory) -> frozenset[str]:
    return keys(f"{item.title}\n{item.text}")


def _length(sentence: str) -> int:
    return len(sentence.split())


def _markers(
    page: PageFacts, item: AnnouncedStory, read: Sequence[Sentence]
) -> tuple[Marker, ...]:
    is_moved = _path(page.final_url) != _path(page.requested_url)
    path_of = page.final_url if is_moved else ""
    found = page_signs(
        headings=page.headings, path_of=path_of, markup=page.markup
    )
    markers = [
        Marker(sign.kind, sign.place, _is_items(sign, item)) for sign in found
    ]
    markers += _spoken(page, item, read)
    if page.asks_password:
        markers.append(Marker("login_wall", "form"))
    if page.kind == "consent":
        markers.insert(0, Marker("consent", "shape"))
    return tuple(dict.fromkeys(markers))


def _spoken(
    page: PageFacts, item: AnnouncedStory, read: Sequence[Sentence]
) -> list[Marker]:
    """The kinds of which sentences speak, each once; of so short a text's
    whole page, too.
    """
    is_short = (
        len(page.text.split()) <= VERY_FEW
        and len(page.visible.split()) <= FRAME
    )
    shown = sentences(page.visible) if is_short else []
    kinds = [
        sentence.sign.kind for sentence in (*read, *shown) if sentence.sign
    ]
    # a box on a page of another kind
    kinds.sort(key=lambda kind: kind == "consent")
    about = {
        sentence.sign.kind
        for sentence in read
        if sentence.sign and _is_about(sentence, item)
    }
    return [Marker(kind, "text", kind in about) for kind in kinds]


def _is_about(sentence: Sentence, item: AnnouncedStory) -> bool:
    """An excuse that has words of the title is what the item reports:
    "Bürgerportal nicht erreichbar". A gate is none, whatever it has.
    """
    is_excuse = sentence.sign is not None and sentence.sign.kind in EXCUSES
    return is_excuse and bool(keys(sentence.text) & keys(item.title))


def _lines(page: PageFacts) -> list[str]:
    """The running text without lines of the page's foot, and without a
    headline printed in it: it says nothing that the headings do not.
    """
    printed = {folded_words(heading) for heading in page.headings}
    lines = [
        line
        for line in page.text.splitlines()
        if folded_words(line) not in printed
    ]
    return [line for line in lines if not is_foot(line)]


def _is_items(sign: Sign, item: AnnouncedStory) -> bool:
    """The title has the phrase; what follows its first word need not be all
    there.
    """
    title = folded_words(item.title)
    if f" {sign.words} " in f" {title} ":
        return True
    if sign.words.split()[0] not in title.split():
        return False
    return share_of(keys(sign.words), keys(item.title)) >= WHOLE_TITLE


def _is_named(
    page: PageFacts, item: AnnouncedStory, shown: Resemblance
) -> bool:
    """A heading has the title, or is a part of it: an article's own headline
    is often shorter.
    """
    if shown.headline is not None and shown.headline >= WHOLE_TITLE:
        return True
    title, wanted = folded_words(item.title), keys(item.title)
    for heading in page.headings:
        printed = keys(heading)
        if printed and printed <= wanted:
            return True
        if f"{title} ".startswith(f"{folded_words(heading)} "):
            return True
    return False


def _is_unrelated(item: AnnouncedStory, shown: Resemblance) -> bool:
    title, text = keys(item.title), keys(item.text)
    if len(title) < TELLING_TITLE and len(title | text) < TELLING:
        return False
    shares = [
        share for share in (shown.title, shown.text) if share is not None
    ]
    # a text that is missing is the surer witness
    if len(shares) > 1 and len(text) >= TELLING:
        return shown.is_foreign and sum(shares) <= 2 * BY_CHANCE
    return bool(shares) and max(shares) <= BY_CHANCE


def _is_translated(page: PageFacts, item: AnnouncedStory) -> bool:
    """Item and page have different languages: no shared words say nothing."""
    of_item = language_of(f"{item.title} {item.text}")
    of_page = language_of(page.text)
    return None not in (of_item, of_page) and of_item != of_page


def _led(page: PageFacts) -> Led:
    """Where a redirect or the page's own canonical address led."""
    if is_home(page.final_url) and not is_home(page.requested_url):
        return "home"
    asked, came = _path(page.requested_url), _path(page.final_url)
    if asked != came and asked.startswith(f"{came.rstrip('/')}/"):
        return "section"
    wanted = _last_step(page.requested_url)
    named = _last_step(page.canonical_url) or wanted
    is_there = named == wanted == _last_step(page.final_url)
    return "" if is_there else "elsewhere"


def _is_stub(page: PageFacts, item: AnnouncedStory) -> bool:
    told = len(keys(item.text))
    return told >= MUCH_TOLD and told >= TIMES_MORE * len(keys(page.text))


def _path(url: str) -> str:
    return unquote(_parts(url)[0]).lower().rstrip("/")


def _last_step(url: str) -> str:
    """What names the article in an address: the last folder or file, or the
    query where it picks the page.
    """
    return _path(url).rpartition("/")[2] or _parts(url)[1]


def _parts(url: str) -> tuple[str, str]:
    """Path and query; nothing where a page states an address that is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.path, parts.query
