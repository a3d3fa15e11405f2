"""Bytes of a feed into a `ParsedFeed`: the one door of this room.

feedparser reads RSS, RDF and Atom; JSON Feed and sitemaps have modules of
their own. feedparser is given bytes only (a string could make it open a file
or an address), already decoded, without document type, and without its own
sanitising: every text is cleaned by `monitor.language.hygiene`, every link
resolved here. Its "malformed" flag is never a reason to reject.

Not known here: the network, earlier polls, which items are new.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

import feedparser

from monitor.language.hygiene import clean_line
from monitor.parse.discover import find_feeds
from monitor.parse.document import XmlDocument, read_document
from monitor.parse.entry import Setting, entry_from, language_tag, resolved
from monitor.parse.item_limit import ITEM_LIMIT, beyond_limit
from monitor.parse.jsonfeed import read_json_feed
from monitor.parse.repair import (
    Pieces,
    TooComplex,
    fault_of,
    is_sound,
    limited,
    repaired,
    split_at_items,
)
from monitor.parse.sitemap import read_sitemap
from monitor.parse.strict import read_strictly
from monitor.types.feed import FeedHints, NotAFeed, ParsedFeed, Problem

# Without a single whole item there is nothing to take apart, and feedparser's
# loose parser has a try. It is slow on odd input, so it gets no more
# characters than these.
_LOOSE_LIMIT = 20_000

_CANDIDATES_KEPT = 10
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_SKIP_BLOCK = re.compile(
    r"<skip(hours|days)\b[^<>]*>(.{0,4000}?)</skip\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_SKIP_VALUE = re.compile(
    r"<(?:hour|day)\b[^<>]*>\s*(\w{1,10})\s*<", re.IGNORECASE
)
_WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_TTL_LIMIT = 60 * 24 * 366  # minutes; longer ones are mistakes


@dataclass(frozen=True, slots=True)
class _Reading:
    """What feedparser made of a document: its version word, channel fields,
    items, and what went wrong.
    """

    version: str
    channel: Mapping[str, object]
    items: tuple[Mapping[str, object], ...]
    problems: tuple[Problem, ...] = ()
    # beyond repair: without items it is no document at all
    broken: bool = False


def parse_feed(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    timezone: str = "Europe/Berlin",
    now: datetime,
) -> ParsedFeed | NotAFeed:
    """Read one feed document. `url` is where it came from in the end: relative
    links are resolved against it.

    Never raises for any bytes. Whole items of a truncated or broken document
    are kept, at most ITEM_LIMIT.
    """
    document = read_document(body, content_type=content_type)
    if isinstance(document, NotAFeed):
        if document.kind != "html":
            return document
        found = find_feeds(body, url=url)[:_CANDIDATES_KEPT]
        return replace(document, candidates=tuple(link.url for link in found))
    setting = Setting(url, timezone, now, document.root)
    if document.root == "json":
        return read_json_feed(document.text, setting)
    try:
        if document.root in ("urlset", "sitemapindex"):
            return read_sitemap(document, setting)
        return _parse_xml(document, setting)
    except TooComplex as refusal:
        return NotAFeed("xml", str(refusal))


def _parse_xml(
    document: XmlDocument, setting: Setting
) -> ParsedFeed | NotAFeed:
    text, left_out = limited(document.text, ITEM_LIMIT)
    reading = _read(text)
    items = reading.items[:ITEM_LIMIT]
    left_out += len(reading.items) - len(items)
    if not items and reading.broken:
        return NotAFeed(
            "xml",
            f"ill-formed, without a whole item: {reading.problems[0].detail}",
        )
    if not items and not reading.version:
        return NotAFeed("xml", "XML, but neither a feed nor items in it")
    format_ = (
        "rdf"
        if reading.version in ("rss10", "rss090")
        else reading.version or "rss"
    )
    setting = replace(setting, format=format_)
    too_many = beyond_limit(ITEM_LIMIT + left_out)
    problems = document.problems + reading.problems + too_many
    channel = reading.channel
    hours, days = (
        _skips(text)
        if "skiphours" in channel or "skipdays" in channel
        else ((), ())
    )
    return ParsedFeed(
        format=format_,
        title=clean_line(_word(channel, "title")),
        link=resolved(_word(channel, "link"), setting.url),
        language=language_tag(_word(channel, "language")),
        entries=tuple(entry_from(item, setting) for item in items),
        problems=problems,
        hints=FeedHints(
            _ttl(_word(channel, "ttl")), _update_period(channel), hours, days
        ),
    )


def _read(text: str) -> _Reading:
    """The document as it is where it is well-formed, else repaired, else item
    by item.
    """
    # Captions of pictures would otherwise be taken for the item's summary.
    text = text.replace("media:description", "media:caption")
    try:
        fault = fault_of(text)
    except TooComplex as refusal:  # perhaps one item only
        fault = str(refusal)
    reading = None if fault else _feedparser(text)
    if reading is not None:
        return reading
    problems: tuple[Problem, ...] = (
        (Problem("ill-formed", fault),) if fault else ()
    )
    text = repaired(text)
    if fault and is_sound(text):
        reading = _feedparser(text)
    if reading is not None:
        return replace(reading, problems=problems)
    pieces = split_at_items(text)
    if pieces is not None:
        return _read_pieces(pieces, problems)
    rest = _feedparser(text[:_LOOSE_LIMIT]) or _Reading("", {}, ())
    # Half an item would come again as another one, once it is whole.
    return (
        replace(rest, problems=problems, broken=True, items=())
        if fault
        else rest
    )


def _read_pieces(pieces: Pieces, problems: tuple[Problem, ...]) -> _Reading:
    if pieces.cut_off:
        problems += (
            Problem(
                "truncated",
                f"{pieces.cut_off} items without an end were left out",
            ),
        )
    whole = pieces.head + "".join(pieces.items) + pieces.tail
    reading = _feedparser(whole) if fault_of(whole) is None else None
    if reading is not None:
        return replace(reading, problems=problems)
    # One item makes feedparser itself fail: the others are read without it.
    channel = _feedparser(pieces.head + pieces.tail) or _Reading("", {}, ())
    each = [
        _feedparser(pieces.head + item + pieces.tail) for item in pieces.items
    ]
    if lost := each.count(None):
        problems += (
            Problem("unreadable-items", f"{lost} items could not be read"),
        )
    items = chain.from_iterable(one.items for one in each if one)
    return replace(channel, items=tuple(items), problems=problems)


def _feedparser(text: str) -> _Reading | None:
    """feedparser's reading, or None where it fails: it raises many things on
    odd input.
    """
    stream = io.BytesIO(_DECLARATION + text.encode("utf-8", "replace"))
    try:
        if strict := read_strictly(text):
            return _Reading(
                strict.version, strict.channel, tuple(strict.items)
            )
        result = feedparser.parse(
            stream,
            response_headers=_HEADERS,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FAILURES:
        return None
    return _Reading(
        result.get("version") or "",
        result.get("feed") or {},
        tuple(result.get("entries") or ()),
    )


def _word(channel: Mapping[str, object], key: str) -> str:
    value = channel.get(key)
    return value if isinstance(value, str) else ""


def _ttl(raw: str) -> timedelta | None:
    """RSS: minutes."""
    raw = raw.strip()
    if not raw.isdecimal() or not 0 < int(raw[:9]) <= _TTL_LIMIT:
        return None
    return timedelta(minutes=int(raw))


def _update_period(channel: Mapping[str, object]) -> timedelta | None:
    """The syndication module: a period (daily by default) divided by a
    frequency (1 by default).
    """
    stated = _word(channel, "sy_updateperiod").lower()
    frequency = _word(channel, "sy_updatefrequency")
    if not stated and not frequency:
        return None
    period = _PERIODS.get(stated or "daily")
    times = int(frequency[:4]) if frequency.isdecimal() else 1
    return period / times if period and times else None


def _skips(text: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """skipHours (GMT; RSS 0.91 wrote 24 for midnight) and skipDays: feedparser
    keeps only the last of each.
    """
    hours: set[int] = set()
    days: set[str] = set()
    for block in _SKIP_BLOCK.finditer(text):
        values: list[str] = _SKIP_VALUE.findall(block[2].lower())
        if block[1].lower() == "hours":
            numbers = [int(value) for value in values if value.isdecimal()]
            hours.update(number % 24 for number in numbers if number <= 24)
        else:
            days.update(values)
    return tuple(sorted(hours)), tuple(day for day in _WEEKDAYS if day in days)
