"""Finds feeds from a web page and from robots.txt.

What a page declares (`link rel=alternate`) comes first, then links that look
like feeds; addresses on the same site before others. Nothing is fetched here:
candidates are for the caller to try.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import itemgetter

import ada_url
from lxml import etree

from monitor.language.charset import decode
from monitor.language.hygiene import one_line, safe_url

CANDIDATE_LIMIT = 50
PAGE_LIMIT = 2 * 1024 * 1024  # bytes of a page that are looked at
ROBOTS_LIMIT = 512 * 1024  # bytes; RFC 9309 asks for at least 500 KiB

WELL_KNOWN = (
    "/rss",
    "/feed",
    "/feed/",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.rss",
    "/feed.rss",
    "/rss/",
    "/feeds/rss.xml",
    "/index.xml",
    "/feed.json",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemaps/news.xml",
    "/sitemap.xml",
)
"""Paths worth trying where a site declares nothing, most likely first."""

_FEED_TYPES = {
    "application/rss+xml": 0,
    "application/atom+xml": 0,
    "application/rdf+xml": 1,
    "application/feed+json": 1,
    "application/xml": 2,
    "text/xml": 2,
    "application/json": 3,
}
_FEED_LIKE = re.compile(
    r"\brss\b|\bfeeds?\b|\batom\b|rss2?\.|\.rss|\.rdf|feed\.json|\.xml(?:$|\?)",
    re.IGNORECASE,
)
_FEED_WORDS = frozenset(
    {
        "rss",
        "rss-feed",
        "rss feed",
        "rss-feeds",
        "rss feeds",
        "newsfeed",
        "atom",
        "atom-feed",
    }
)
_NEVER = re.compile(
    r"/(?:wp-json|oembed|osd\.xml|opensearch|manifest\.json|xmlrpc)|comments?/feed",
    re.IGNORECASE,
)
_SITEMAP = re.compile(
    rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address that may be a feed.

    `source` is how it was found: declared (link element) or linked (anchor).
    """

    url: str
    title: str = ""
    source: str = "declared"


def find_feeds(html: bytes, *, url: str) -> tuple[FeedLink, ...]:
    """Feeds that a page names, best first, without repeats, resolved against
    `url` or the page's base element.
    """
    root = _root(decode(html[:PAGE_LIMIT]))
    if root is None:
        return ()
    base = _base(root, url)
    ranked: list[tuple[bool, int, FeedLink]] = []
    for node in root.iter("link", "a"):
        rank = (
            _declared_rank(node) if node.tag == "link" else _linked_rank(node)
        )
        found = None if rank is None else _feed_link(node, base)
        if rank is not None and found is not None:
            ranked.append((not _same_host(found.url, url), rank, found))
    best: dict[str, FeedLink] = {}
    for _, _, found in sorted(ranked, key=itemgetter(0, 1)):
        best.setdefault(found.url, found)
    return tuple(best.values())[:CANDIDATE_LIMIT]


def _feed_link(node: etree._Element, base: str) -> FeedLink | None:
    address = _resolved(node.get("href") or "", base)
    if address is None or _NEVER.search(address):
        return None
    title = one_line(node.get("title") or "".join(node.itertext()), 200)
    return FeedLink(
        address, title, "declared" if node.tag == "link" else "linked"
    )


def _root(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    try:
        return etree.HTML(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def sitemaps_in_robots(body: bytes) -> tuple[str, ...]:
    """The absolute addresses of `Sitemap:` lines, those that speak of news
    first, else in order.
    """
    found = []
    for match in _SITEMAP.finditer(body[:ROBOTS_LIMIT].replace(b"\r", b"\n")):
        address = safe_url(match[1].decode("utf-8", "replace"))
        if address and address not in found:
            found.append(address)
    return tuple(
        sorted(found, key=lambda address: "news" not in address.lower())[
            :CANDIDATE_LIMIT
        ]
    )


def _declared_rank(node: etree._Element) -> int | None:
    rel = node.get("rel", "").lower().split()
    kind, _, _ = node.get("type", "").lower().partition(";")
    rank = _FEED_TYPES.get(kind.strip())
    if rank is None:
        return 1 if "feed" in rel else None
    if "alternate" not in rel and "feed" not in rel:
        return None
    # Bare XML and JSON types are used for much else (oEmbed, WordPress's own
    # interface).
    if rank >= 2 and not _FEED_LIKE.search(node.get("href", "")):
        return None
    title = node.get("title", "").lower()
    return rank + 5 * ("comment" in title or "kommentar" in title)


def _linked_rank(node: etree._Element) -> int | None:
    href = node.get("href") or ""
    if (node.get("type") or "").lower() in (
        "application/rss+xml",
        "application/atom+xml",
    ):
        return 10
    path = href.split("#", 1)[0]
    if not path:
        return None
    if not _FEED_LIKE.search(path):
        return (
            13
            if "".join(node.itertext()).strip().lower() in _FEED_WORDS
            else None
        )
    return 11 if re.search(r"\.(?:xml|rss|rdf|atom)(?:$|\?)", path) else 12


def _base(root: etree._Element, url: str) -> str:
    for node in root.iter("base"):
        return _resolved(node.get("href") or "", url) or url
    return url


def _resolved(href: str, base: str) -> str | None:
    if not href.strip():
        return None
    try:
        address = safe_url(
            ada_url.join_url(base, _without_feed_scheme(href.strip()))
        )
    except (ValueError, UnicodeError):
        return None
    return address.split("#", 1)[0] if address else None


def _without_feed_scheme(href: str) -> str:
    """feed:https://… and feed://… as what they stand for."""
    return re.sub(
        r"^feed:(?://)?(?=https?:)|^feed:(?=//)", "", href, flags=re.IGNORECASE
    )


def _same_host(one: str, other: str) -> bool:
    """Same host, "www." aside."""
    try:
        hosts = {
            ada_url.URL(address).hostname.removeprefix("www.")
            for address in (one, other)
        }
    except (ValueError, UnicodeError):
        return False
    return len(hosts) == 1
