"""One feed item, as feedparser read it, made into a clean `Entry`.

Titles and names become one line, descriptions and contents plain text, links
absolute http(s) addresses. A field that cannot be used is empty; an item is
never dropped here.

Not known here: the document around the item, and whether the item is new.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import ada_url

from monitor.language.bylines import clean_authors
from monitor.language.hygiene import (
    URL_LIMIT,
    clean_line,
    clean_text,
    one_line,
    plain_text,
    safe_url,
)
from monitor.parse.dates import parse_date
from monitor.types.feed import ONLY_UPDATED, Entry, FeedDate

# characters; real teasers stay under 2,000, some feeds put the article
# there
SUMMARY_LIMIT = 10_000
CONTENT_LIMIT = 200_000
GUID_LIMIT = 1000
NAME_LIMIT = 200
_LANGUAGE_TAG = re.compile(r"(?=.{2,35}\Z)-*[A-Za-z0-9][A-Za-z0-9-]*")
LIST_LIMIT = 50  # authors or categories of one item


@dataclass(frozen=True, slots=True)
class Setting:
    """What an item needs to know of where it stands: the feed's address, its
    time zone, the present, its format.
    """

    url: str
    timezone: str
    now: datetime
    format: str


def entry_from(item: Mapping[str, object], setting: Setting) -> Entry:
    """Clean one feedparser entry. Total: a field of an unexpected shape counts
    as absent.
    """
    # A plain dict: feedparser's own is slower by half, and answers "published"
    # where "updated" is absent.
    item = dict(item)
    guid = one_line(_text(item.get("id")), GUID_LIMIT) or None
    link = _text(item.get("link"))
    if link == item.get("id") and "/" not in link:
        # feedparser takes any guid for a permalink unless it says that it is
        # none
        link = ""
    links = (_text(item.get("feedburner_origlink")), link, *_alternates(item))
    summary, content = _bodies(item)
    updated = read_feed_date(_text(item.get("updated")), setting)
    return Entry(
        guid=guid,
        url=item_url((*links, guid or ""), setting.url),
        title=_title(item, setting.format),
        summary=summary,
        content=content if content != summary else "",
        authors=_authors(item),
        published=or_updated(
            read_feed_date(_published(item, setting.format), setting), updated
        ),
        updated=updated,
        categories=_categories(item),
        image_url=_image(item, setting.url),
        language=language_tag(
            _text(_mapping(item.get("title_detail")).get("language"))
        ),
    )


def item_url(candidates: Iterable[str], base: str) -> str | None:
    """The first usable address; the last candidate, a guid, must be absolute,
    because most guids are no address.
    """
    *links, guid = candidates
    if address := _first_resolved(links, base):
        return address
    return safe_url(guid) if guid.startswith(("http://", "https://")) else None


def _first_resolved(links: Iterable[str], base: str) -> str | None:
    addresses = (resolved(link, base) for link in links)
    return next(filter(None, addresses), None)


def resolved(link: str, base: str) -> str | None:
    """An absolute http(s) address for a link as a feed wrote it, or None."""
    link = link.strip()
    if not link or len(link) > URL_LIMIT:
        return None
    if link.startswith(("http://", "https://")):
        return safe_url(link)
    try:
        return safe_url(ada_url.join_url(base, link))
    except (ValueError, UnicodeError):
        return None


def read_feed_date(raw: str, setting: Setting) -> FeedDate:
    """One date field in the feed's zone."""
    return parse_date(raw, timezone=setting.timezone, now=setting.now)


def or_updated(published: FeedDate, updated: FeedDate) -> FeedDate:
    """The date of the last change where the feed gives no other, or none that
    can be read and true; the reason says so.

    Atom demands `updated` and leaves `published` to the feed (RFC 4287, 4.2.9
    and 4.2.15).
    """
    if published.parsed is not None or updated.parsed is None:
        return published
    return replace(
        updated, reason=f"{updated.reason}, {ONLY_UPDATED}", moves=True
    )


def language_tag(raw: str) -> str | None:
    """A language tag as written ("de", "de-DE"), or None where it cannot be
    one.
    """
    tag = raw.strip().replace("_", "-")
    return tag if _LANGUAGE_TAG.fullmatch(tag) else None


def names(raw: Iterable[str]) -> tuple[str, ...]:
    """Clean names without repeats, in order."""
    cleaned = (clean_line(name, NAME_LIMIT) for name in raw)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:LIST_LIMIT]


def authors(raw: Iterable[str]) -> tuple[str, ...]:
    """Names of people, agencies and houses, without the labels, roles and
    addresses around them.
    """
    return clean_authors(names(raw))


def _title(item: Mapping[str, object], format_: str) -> str:
    title = _text(item.get("title"))
    kind = _mapping(item.get("title_detail")).get("type")
    if format_.startswith("atom") and kind == "text/plain":
        # It holds no markup, though many hold entities that were escaped
        # twice.
        return one_line(html.unescape(title[:URL_LIMIT]))
    return clean_line(title)


def _bodies(item: Mapping[str, object]) -> tuple[str, str]:
    parts = _mappings(item.get("content"))
    # A feed may carry several: the longest is the article, others are captions
    # and alternatives.
    longest = max(
        parts, key=lambda part: len(_text(part.get("value"))), default={}
    )
    raw_content = _text(longest.get("value"))
    raw_summary = _text(item.get("summary"))
    content = _body(raw_content, longest.get("type"), CONTENT_LIMIT)
    if raw_summary == raw_content and content:
        # feedparser copies the content where there is no summary
        return "", content
    kind = _mapping(item.get("summary_detail")).get("type")
    return _body(
        raw_summary or _text(item.get("media_caption")), kind, SUMMARY_LIMIT
    ), content


def _body(value: str, kind: object, limit: int) -> str:
    if not value:
        return ""
    if kind == "text/plain" and "<" not in value:
        return clean_text(html.unescape(value[: 8 * limit]), limit)
    return plain_text(value, limit)


def _published(item: Mapping[str, object], format_: str) -> str:
    raw = _text(item.get("published")) or _text(item.get("created"))
    if raw or format_.startswith("atom"):
        return raw
    return _text(item.get("updated"))  # the one date of RDF items, dc:date


def _authors(item: Mapping[str, object]) -> tuple[str, ...]:
    found = [
        _text(author.get("name")) for author in _mappings(item.get("authors"))
    ]
    stated = _text(item.get("author"))
    if len(found) <= 1 and "@" in stated:
        # feedparser cuts addresses with a long top level domain in two
        found = [stated]
    return authors(found or [stated])


def _categories(item: Mapping[str, object]) -> tuple[str, ...]:
    tags = _mappings(item.get("tags"))
    return names(
        _text(tag.get("label")) or _text(tag.get("term")) for tag in tags
    )


def _alternates(item: Mapping[str, object]) -> tuple[str, ...]:
    links = _mappings(item.get("links"))
    return tuple(
        _text(link.get("href"))
        for link in links
        if link.get("rel") == "alternate"
    )[:5]


def _image(item: Mapping[str, object], base: str) -> str | None:
    return _first_resolved(_images(item), base)


def _images(item: Mapping[str, object]) -> Iterator[str]:
    """Addresses of pictures, the surest first."""
    for media in (
        *_mappings(item.get("media_thumbnail")),
        *_mappings(item.get("media_content")),
    ):
        kind = (
            _text(media.get("medium")) or _text(media.get("type")) or "image"
        )
        if kind.startswith("image"):
            yield _text(media.get("url"))
    for link in _mappings(item.get("links")):
        if link.get("rel") == "enclosure" and _text(
            link.get("type")
        ).startswith("image"):
            yield _text(link.get("href"))
    yield _text(_mapping(item.get("image")).get("href"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mappings(value: object) -> list[Mapping[str, object]]:
    return (
        list(map(_mapping, value[:LIST_LIMIT]))
        if isinstance(value, list)
        else []
    )


def _mapping(value: object) -> Mapping[str, object]:
    return dict(value) if isinstance(value, dict) else {}
