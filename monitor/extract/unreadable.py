"""Says whether a page is the article of its item, and what it is instead: pure, from values to a
kind.

Two witnesses must agree before a page is not believed: the page itself (what its headings, few
words and tools say, or where a redirect led) and how little it shares with the item. Where they do
not agree the page is kept: what the feed said counts beside it anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from monitor.extract.address import is_home
from monitor.extract.opinion import Item
from monitor.extract.phrases import Sign, signs
from monitor.extract.resemblance import Resemblance, compare, keys
from monitor.types.page import PageKind

PROSE = 200  # characters of a paragraph that is no teaser
FEW_WORDS = 80  # of a page that only excuses itself, with the site's frame around it
VERY_FEW = 30  # so few words hold no news together with such a phrase
MANY_WORDS = 200  # an error page that goes on with the day's teasers
NOTHING = 8  # words; a page without text
FRAME = 150  # words that the whole page shows; then all of them may be its excuse
THIN = 100  # words
# the feed's distinct words against the page's: then the page is a stub of what the feed carries
TIMES_MORE = 3
MUCH_TOLD = 40  # distinct words of a feed that carries a text
TELLING = 8  # distinct words of an item that can be missed on a page
WHOLE_TITLE = 0.8  # of the item's title in one of the page's headings
BY_CHANCE = 0.1  # of a text that any other text may share
SHORT = 200  # characters


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What was seen of a page.

    `visible` is all its text, `markup` the addresses and ids of scripts and forms.
    """

    headings: tuple[str, ...]
    text: str
    visible: str
    requested_url: str
    final_url: str
    canonical_url: str = ""
    markup: str = ""
    asks_password: bool = False
    stated_article: bool = False


def judge(page: PageFacts, item: Item, kind: PageKind) -> PageKind:
    """`kind` as extraction named it, or what the page is instead of the item's article."""
    if kind == "consent":
        return _consent(page, item)
    if _redirected_home(page, item):
        return "home_page"
    for sign in _signs(page):
        if not _is_believed(sign, page, item):
            return sign.kind
    if kind == "listing":
        return "home_page" if is_home(page.final_url) else "listing"
    return _by_content(page, item, kind)


def _consent(page: PageFacts, item: Item) -> PageKind:
    """A wall often keeps the article's title, so only its text can speak for the page."""
    told = compare(title=item.title, feed_text=item.text, headlines=(), page_text=page.text)
    if not told.is_same:
        return "consent"
    return "short" if len(page.text) < SHORT else "article"


def _redirected_home(page: PageFacts, item: Item) -> bool:
    if not is_home(page.final_url) or is_home(page.requested_url):
        return False
    return not _resemblance(page, item).names_item


def _signs(page: PageFacts) -> list[Sign]:
    few = _count(page) <= VERY_FEW and len(page.visible.split()) <= FRAME
    moved = page.final_url if _path(page.final_url) != _path(page.requested_url) else ""
    text = page.visible if few else page.text
    found = list(signs(headings=page.headings, text=text, path_of=moved, markup=page.markup))
    if page.asks_password:
        found.append(Sign("login_wall", "text", ""))
    return found


def _is_believed(sign: Sign, page: PageFacts, item: Item) -> bool:
    """Whether the item speaks for the page against a sign."""
    shared = _resemblance(page, item, ignoring=sign.words)
    if sign.place == "heading":
        return _heading_is_the_items(page, item, shared)
    if sign.place == "text":
        return _text_is_the_items(page, item, sign)
    if shared.is_same or page.stated_article:
        return True
    return _count(page) > (FEW_WORDS if sign.place == "path" and shared.is_foreign else VERY_FEW)


def _heading_is_the_items(page: PageFacts, item: Item, shared: Resemblance) -> bool:
    if (
        _has_whole_title(page, item)
        or shared.names_item
        or (shared.is_same and _tells(page, shared))
    ):
        return True
    if shared.is_foreign:
        return page.stated_article and _count(page) > MANY_WORDS
    return page.stated_article or _count(page) > FEW_WORDS


def _text_is_the_items(page: PageFacts, item: Item, sign: Sign) -> bool:
    """Only the running text counts: an excuse often stands under the article's own title."""
    if _has_whole_title(page, item):
        told = compare(title=item.title, feed_text=item.text, headlines=(), page_text=page.text)
        return bool(told.title) or told.text_is_same or _count(page) > VERY_FEW
    told = compare(
        title=item.title,
        feed_text=item.text,
        headlines=(),
        page_text=page.text,
        ignoring=sign.words,
    )
    if told.is_same:
        return True
    if told.is_foreign:
        return _count(page) > FEW_WORDS
    return page.stated_article or _count(page) > VERY_FEW


def _has_whole_title(page: PageFacts, item: Item) -> bool:
    """The page's heading is the item's title, words of the sign included: news about a 404 page has
    them, too.
    """
    share = _resemblance(page, item).headline
    return share is not None and share >= WHOLE_TITLE


def _tells(page: PageFacts, shared: Resemblance) -> bool:
    """The sameness is the page's own, not that of a teaser in a list below an excuse."""
    if page.stated_article or shared.headline is None or _count(page) <= FEW_WORDS:
        return True
    return any(len(line) >= PROSE for line in page.text.splitlines())


def _by_content(page: PageFacts, item: Item, kind: PageKind) -> PageKind:
    shared = _resemblance(page, item)
    if _count(page) <= NOTHING and kind != "paywall":
        return kind if _is_whole(page, shared) else "empty_shell"
    if _is_section(page, shared):
        return "listing"
    if kind != "paywall" and _is_thin(page, item):
        return "thin_page"
    if _is_other(page, item, shared):
        return "other_article"
    return kind


def _is_whole(page: PageFacts, shared: Resemblance) -> bool:
    """A line that is all of a piece of news: the item's words in a sentence of the page's own."""
    return bool(page.text) and not shared.is_foreign


def _is_section(page: PageFacts, shared: Resemblance) -> bool:
    """A redirect to a folder above the page that was asked for."""
    asked, came = _path(page.requested_url), _path(page.final_url)
    above = asked != came and asked.startswith(f"{came.rstrip('/')}/")
    return above and not page.stated_article and shared.is_foreign


def _is_thin(page: PageFacts, item: Item) -> bool:
    if _count(page) >= THIN:
        return False
    told = len(keys(item.text))
    return told >= MUCH_TOLD and told >= TIMES_MORE * len(keys(page.text))


def _is_other(page: PageFacts, item: Item, shared: Resemblance) -> bool:
    """Nothing of the item is here, and the page says that it is another one, or says next to
    nothing.
    """
    if shared.title or (shared.text or 0.0) >= BY_CHANCE or not shared.is_foreign:
        return False
    if len(keys(f"{item.title}\n{item.text}")) < TELLING:
        return False
    led_away = _last_step(page.final_url) != _last_step(page.requested_url)
    named = page.canonical_url and _last_step(page.canonical_url) != _last_step(page.requested_url)
    return led_away or bool(named) or (_count(page) <= VERY_FEW and not page.stated_article)


def _resemblance(page: PageFacts, item: Item, ignoring: str = "") -> Resemblance:
    return compare(
        title=item.title,
        feed_text=item.text,
        headlines=page.headings,
        page_text=page.text,
        ignoring=ignoring,
    )


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).lower().rstrip("/")


def _last_step(url: str) -> str:
    """What names the article in an address: the last folder or file, or the query where it picks
    the page.
    """
    return _path(url).rpartition("/")[2] or urlsplit(url).query


def _count(page: PageFacts) -> int:
    return len(page.text.split())
