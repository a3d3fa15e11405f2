"""What a page said. Made by `extract`, written by `store`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from monitor.types.web import Retry

UnreadableKind = Literal[
    "not_found_page",
    "removed_page",
    "server_error_page",
    "maintenance",
    "browser_check",
    "login_wall",
    "consent",
    "ad_blocker_wall",
    "geo_block",
    "parked_domain",
    "home_page",
    "listing",
    "service_page",
    "empty_shell",
    "thin_page",
    "other_article",
]
"""What a page that answered with 200 is when it is not the item's article.
None of its text is believed.

not_found_page, removed_page, server_error_page, maintenance: an excuse.
browser_check, login_wall, consent, ad_blocker_wall, geo_block: a gate before
the page. parked_domain: nobody's site. home_page, listing: where a redirect
led, what a search found. service_page: privacy, imprint, terms. empty_shell:
scripts would fill it. thin_page: far less than the feed carried.
other_article: another story.
"""

PageKind = Literal["article", "short", "paywall", UnreadableKind]
"""article and short are usable; paywall keeps the free part; the rest are not
the article.
"""

UNREADABLE: frozenset[str] = frozenset(get_args(UnreadableKind))


@dataclass(frozen=True, slots=True)
class PageDate:
    """A time a page states, with the place it stood in (json-ld, meta, time,
    text, url).
    """

    when: datetime
    source: str
    exact: bool = True  # with a clock time; else only the day is known


@dataclass(frozen=True, slots=True)
class Learned:
    """Hashes of lines that an outlet's other pages have, too, or its feed says
    of other articles.

    None of them is boilerplate by that alone: the page decides.
    """

    repeated: frozenset[int] = frozenset()  # on several articles
    lasting: frozenset[int] = frozenset()  # on most of many articles
    titles: frozenset[int] = frozenset()  # of other articles, by the feed
    summaries: frozenset[int] = frozenset()

    def __or__(self, other: Learned) -> Learned:
        return Learned(
            repeated=self.repeated | other.repeated,
            lasting=self.lasting | other.lasting,
            titles=self.titles | other.titles,
            summaries=self.summaries | other.summaries,
        )


@dataclass(frozen=True, slots=True)
class PageTask:
    """One page to read. `headers` have lower-case names.

    `title_hint` and `feed_text` are the item's title and its summary and
    content: what the page should share. `requested_url` is the address that
    the item names, where redirects led from it to `url`.
    """

    url: str
    body: bytes
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    title_hint: str = ""
    feed_text: str = ""
    requested_url: str = ""
    timezone: str = "Europe/Berlin"
    article_selector: str | None = None
    drop_selectors: tuple[str, ...] = ()
    learned: Learned = Learned()


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article's content. `text` has one paragraph per line; `quality` is
    0..1.
    """

    kind: PageKind
    title: str
    lead: str
    text: str
    authors: tuple[str, ...] = ()
    section: str | None = None
    language: str | None = None
    canonical_url: str | None = None
    image_url: str | None = None
    published: PageDate | None = None
    modified: PageDate | None = None
    word_count: int = 0
    quality: float = 0.0
    extractor: str = ""  # name and version of the rule set that made this
    # why text and data mining is reserved ("" where it is not)
    reserved: str = ""
    # hashes of the page's text blocks, for learning boilerplate
    blocks: tuple[int, ...] = ()
    note: str = ""  # what was decided against the usual rules, and why
    # last lines that are no text but name its sources
    credits: tuple[str, ...] = ()
    # where the article goes on, always on the same site
    next_url: str | None = None
    parts: int = 1  # pages that the text was joined from


@dataclass(frozen=True, slots=True)
class ExtractFailed:
    """No text. `reason` is a fixed word: timeout, crash, memory, not_html,
    empty, too_large, too_deep, error.
    """

    reason: str
    detail: str
    retry: Retry = Retry.POISONED


ExtractOutcome = Extracted | ExtractFailed
