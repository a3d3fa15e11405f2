"""News sitemaps and sitemap indexes into a `ParsedFeed`: several German houses
publish nothing else.

A plain sitemap (without the news extension) is read too: its addresses become
entries without a title, newest first. Not known here: which child of an index
is worth asking; the caller chooses from the newest.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lxml import etree

from monitor.language.hygiene import clean_line
from monitor.parse.document import XmlDocument, xml_tree
from monitor.parse.entry import (
    LIST_LIMIT,
    Setting,
    language_tag,
    names,
    or_updated,
    read_feed_date,
    resolved,
)
from monitor.parse.item_limit import ITEM_LIMIT, beyond_limit, both_ends
from monitor.parse.repair import (
    SITEMAP_ELEMENT_LIMIT,
    fault_of,
    repaired,
    split_at_items,
)
from monitor.types.feed import Entry, NotAFeed, ParsedFeed, Problem

NEWS_FIELDS = frozenset({"news:title", "news:publication_date"})
CHILD_LIMIT = 500  # addresses kept of an index

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def read_sitemap(
    document: XmlDocument, setting: Setting
) -> ParsedFeed | NotAFeed:
    """Read a urlset or a sitemapindex; whole records of a truncated document
    are kept.
    """
    text, problems = document.text, document.problems
    if fault := fault_of(text, limit=SITEMAP_ELEMENT_LIMIT):
        mended = _mended(text)
        if mended is None:
            return NotAFeed(
                "xml", f"ill-formed, without a whole record: {fault}"
            )
        text, truncated = mended
        problems += (Problem("ill-formed", fault), *truncated)
    root = xml_tree(text)
    if root is None:
        return NotAFeed("xml", "an unreadable sitemap")
    nodes = (node for node in root if _name(node) in ("url", "sitemap"))
    records = [record for record in map(_fields, nodes) if record.get("loc")]
    make = _index if document.root == "sitemapindex" else _urlset
    return make(records, setting, problems)


def _urlset(
    records: list[dict[str, str]],
    setting: Setting,
    problems: tuple[Problem, ...],
) -> ParsedFeed:
    entries = [_entry(record, setting) for record in records]
    problems += beyond_limit(len(entries))
    if any(NEWS_FIELDS & record.keys() for record in records):
        return ParsedFeed(
            "sitemap-news",
            entries=tuple(both_ends(entries)),
            problems=problems,
        )
    entries.sort(
        key=lambda entry: entry.updated.parsed or _LONG_AGO, reverse=True
    )
    return ParsedFeed(
        "sitemap", entries=tuple(entries[:ITEM_LIMIT]), problems=problems
    )


def _mended(text: str) -> tuple[str, tuple[Problem, ...]] | None:
    """The text in well-formed XML, and what it lost; None where no whole
    record is in it.
    """
    text = repaired(text)
    if not fault_of(text, limit=SITEMAP_ELEMENT_LIMIT):
        return text, ()
    pieces = split_at_items(text, sitemap=True)
    if pieces is None:
        return None
    lost = f"{pieces.cut_off} records without an end were left out"
    problems = (Problem("truncated", lost),) if pieces.cut_off else ()
    return pieces.head + "".join(pieces.items) + pieces.tail, problems


def _index(
    records: list[dict[str, str]],
    setting: Setting,
    problems: tuple[Problem, ...],
) -> ParsedFeed:
    dated = []
    for record in records:
        if address := resolved(record["loc"], setting.url):
            changed = (
                read_feed_date(record.get("lastmod", ""), setting).parsed
                or _LONG_AGO
            )
            dated.append(("news" in address.lower(), changed, address))
    # News first: archives are rebuilt at night. The sort is stable, so
    # children without a date keep their order.
    dated.sort(key=lambda child: child[:2], reverse=True)
    children = tuple(dict.fromkeys(address for _, _, address in dated))
    left_out = len(children) - CHILD_LIMIT
    if left_out > 0:
        problems += (
            Problem(
                "too-many-items", f"{left_out} child sitemaps were left out"
            ),
        )
    return ParsedFeed(
        format="sitemap-index",
        sitemaps=children[:CHILD_LIMIT],
        problems=problems,
    )


def _entry(record: dict[str, str], setting: Setting) -> Entry:
    published = read_feed_date(
        record.get("news:publication_date", ""), setting
    )
    updated = read_feed_date(record.get("lastmod", ""), setting)
    # Without the news extension a change says nothing of when a page appeared.
    is_news = "news:title" in record
    return Entry(
        guid=None,
        url=resolved(record["loc"], setting.url),
        title=clean_line(record.get("news:title", "")),
        authors=(),
        published=or_updated(published, updated) if is_news else published,
        updated=updated,
        categories=names(
            record.get("news:keywords", "").split(",")[:LIST_LIMIT]
        ),
        image_url=resolved(record.get("image:loc", ""), setting.url),
        language=language_tag(record.get("news:language", "")),
    )


def _fields(record: etree._Element) -> dict[str, str]:
    """Texts of one record by name, the first of each; the names of the news
    and image extensions with their prefix.
    """
    found: dict[str, str] = {}
    for node in record.iter():
        name = _name(node)
        if node.text and name:
            found.setdefault(_prefix(node) + name, node.text.strip())
    return found


def _prefix(node: etree._Element) -> str:
    namespace = node.tag.partition("}")[0]
    for extension in ("news", "image"):
        if extension in namespace:
            return f"{extension}:"
    return ""


def _name(node: etree._Element) -> str:
    if not isinstance(node.tag, str):
        return ""
    return re.split(r"[}:]", node.tag)[-1].lower()
