"""When a page was published and changed, each with its zone and the place that said so.

Order of trust: JSON-LD, meta, <time>, the visible text, the address, htmldate's guess. A source that gives only a day
yields to a later one that gives the time of that same day. Knows no clock: whether a date can be true, flow decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from htmldate import find_date
from lxml.html import HtmlElement

from monitor.extract.structured import Structured
from monitor.types.page import PageDate

YEARS = range(1990, 2101)  # outside, a date is a typing error or an empty field
EPOCH_MILLISECONDS = 10**11
META_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued"),
    *("dcterms.created", "dcterms.date", "publishdate", "publish-date", "publication_date", "pubdate", "sailthru.date"),
    *("parsely-pub-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "vr:published_time"),
)
META_MODIFIED = (
    *("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "last-modified"),
    *("dcterms.modified", "dc.date.modified", "lastmod", "revised"),
)
MONTHS = {
    **{"jan": 1, "jän": 1, "feb": 2, "mär": 3, "mae": 3, "apr": 4, "mai": 5, "jun": 6, "jul": 7, "aug": 8},
    **{"sep": 9, "okt": 10, "nov": 11, "dez": 12, "mar": 3, "may": 5, "oct": 10, "dec": 12},
}
CLOCK = r"(?:[^\d\n]{1,12}?(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s*Uhr)?)?"
GERMAN = re.compile(
    r"(?<!\d)(?P<day>[0-3]?\d)\.\s*(?:(?P<month>[01]?\d)\.\s*|(?P<name>[A-Za-zä]{3,9})\.?\s+)(?P<year>(?:19|20)\d\d)(?!\d)"
    + CLOCK
)
UPDATED = re.compile(r"aktualisiert|geändert|update|stand|zuletzt|modified", re.IGNORECASE)
PUBLISHED = re.compile(r"veröffentlicht|erstellt|publi|erschienen|posted|created|entry-date", re.IGNORECASE)
URL_DAY = re.compile(r"(?<!\d)(20\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
TEXT_ELEMENTS = 60  # how many short elements after the headline are searched for a written date
SHORT = 120


def find_dates(
    tree: HtmlElement, structured: Structured, *, url: str = "", timezone: str = "Europe/Berlin"
) -> tuple[PageDate | None, PageDate | None]:
    """(published, modified). A modified date that is not after the published one is kept: it was stated."""
    zone = _zone(timezone)
    published = _best(_published(tree, structured, url), zone)
    modified = _best(_modified(tree, structured), zone)
    return published or _guess(tree, url, zone), modified


def read_date(raw: str, zone: ZoneInfo) -> tuple[datetime, bool] | None:
    """The time in UTC, and whether it has a clock time. Without a zone it is local to `zone`."""
    text = " ".join(raw.split())
    when = _epoch(text) or _iso(text) or _german(text) or _mail(text)
    if when is None or when.year not in YEARS:
        return None
    exact = bool(re.search(r"\d:\d\d|T\d{4}|\d\.\d\d\s*Uhr", text)) or text.isdigit()
    try:
        return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC), exact
    except OverflowError:
        return None


def _published(tree: HtmlElement, structured: Structured, url: str) -> Iterator[tuple[str, str]]:
    yield structured.article.published, "json-ld"
    for name in META_PUBLISHED:
        yield structured.meta.get(name, ""), "meta"
    yield structured.microdata.published, "meta"
    times = [(e, e.get("datetime") or e.text_content()) for e in _article_times(tree)]
    yield from ((raw, "time") for e, raw in times if PUBLISHED.search(_hints(e)))
    yield from ((raw, "time") for e, raw in times[:1] if not UPDATED.search(_hints(e)))
    texts = _written(tree)
    yield from ((text, "text") for text in texts if PUBLISHED.search(text))
    yield from ((text, "text") for text in texts[:1])
    day = URL_DAY.search(url)
    yield "-".join(day.groups()) if day else "", "url"


def _modified(tree: HtmlElement, structured: Structured) -> Iterator[tuple[str, str]]:
    yield structured.article.modified, "json-ld"
    for name in META_MODIFIED:
        yield structured.meta.get(name, ""), "meta"
    yield structured.microdata.modified, "meta"
    for element in _article_times(tree):
        if UPDATED.search(_hints(element)):
            yield element.get("datetime") or element.text_content(), "time"


def _best(candidates: Iterator[tuple[str, str]], zone: ZoneInfo) -> PageDate | None:
    """The first readable candidate; a mere day gives way to a time on the same day, if one follows."""
    day: PageDate | None = None
    for raw, source in candidates:
        read = read_date(raw, zone) if raw else None
        if read is None:
            continue
        when, exact = read
        if day is None and exact:
            return PageDate(when, source)
        if day is None:
            day = PageDate(when, source, exact=False)
        elif exact and when.astimezone(zone).date() == day.when.astimezone(zone).date():
            return PageDate(when, source)
    return day


def _article_times(tree: HtmlElement) -> list[HtmlElement]:
    """<time> elements of the article itself: inside the element that holds the headline, else all before a list."""
    headline = next(tree.iter("h1"), None)
    scope = tree
    if headline is not None:
        scope = next((a for a in headline.iterancestors("article", "main") if a.find(".//time") is not None), tree)
    return list(scope.iter("time"))[:20]


def _hints(element: HtmlElement) -> str:
    parent = element.getparent()
    around = " ".join(parent.text_content().split())[:SHORT] if parent is not None else ""
    named = " ".join(element.get(key) or "" for key in ("class", "itemprop", "id"))
    own = " ".join((parent.text or "").split()) if parent is not None else ""
    return f"{named} {own if len(around) >= SHORT else around}"


def _written(tree: HtmlElement) -> list[str]:
    """Short visible texts that hold a German date: below the headline, above it, then below the first paragraph."""
    headline = next(tree.iter("h1"), None)
    if headline is None:
        return []
    below = [(e, " ".join(e.text_content().split())) for e in headline.xpath("following::*")[:TEXT_ELEMENTS]]
    above = [(e, " ".join(e.text_content().split())) for e in headline.xpath("preceding::*")[-TEXT_ELEMENTS // 3 :]]
    prose = next((i for i, (e, text) in enumerate(below) if e.tag == "p" and len(text) > SHORT), len(below))
    around = (*below[:prose], *reversed(above), *below[prose:])
    return [
        text
        for element, text in around
        if element.tag not in ("script", "style", "h1") and 8 <= len(text) <= SHORT and GERMAN.search(text)
    ]


def _guess(tree: HtmlElement, url: str, zone: ZoneInfo) -> PageDate | None:
    """htmldate's best guess: a day without time."""
    try:
        found = find_date(tree, extensive_search=False, original_date=True, url=url or None)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    read = read_date(found, zone) if found else None
    return PageDate(read[0], "text", exact=False) if read else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Europe/Berlin")


def _epoch(text: str) -> datetime | None:
    if not text.isdigit() or not 10 <= len(text) <= 13:
        return None
    seconds = int(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > EPOCH_MILLISECONDS else seconds, UTC)


def _iso(text: str) -> datetime | None:
    """ISO 8601 as pages write it: with a doubled zone, a space before it, or an hour of 24."""
    found = re.search(
        r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?", text
    )
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    offset = (found.group(7) or "").replace(":", "")
    zone = "+0000" if offset in ("Z", "UTC", "GMT") else offset
    stamp = f"{year:04}-{month:02}-{day:02} {hour % 24:02}:{minute:02}:{min(second, 59):02}"
    try:
        return datetime.strptime(stamp + zone, "%Y-%m-%d %H:%M:%S" + ("%z" if zone else ""))  # noqa: DTZ007
    except ValueError:
        return None


def _german(text: str) -> datetime | None:
    found = GERMAN.search(text)
    if not found:
        return None
    month = int(found["month"]) if found["month"] else MONTHS.get(found["name"][:3].lower(), 0)
    try:
        return datetime(  # noqa: DTZ001 - the caller knows the zone
            int(found["year"]), month, int(found["day"]), int(found["hour"] or 0), int(found["minute"] or 0)
        )
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
