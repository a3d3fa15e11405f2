"""JSON Feed 1.0 and 1.1 into a `ParsedFeed`. feedparser 6 does not read it.

Fields of a wrong type count as absent. Not known here: other JSON formats.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from monitor.language.hygiene import (
    clean_line,
    clean_text,
    one_line,
    plain_text,
)
from monitor.parse.entry import (
    CONTENT_LIMIT,
    GUID_LIMIT,
    SUMMARY_LIMIT,
    Setting,
    authors,
    item_url,
    language_tag,
    names,
    or_updated,
    read_feed_date,
    resolved,
)
from monitor.parse.item_limit import beyond_limit, both_ends
from monitor.types.feed import Entry, NotAFeed, ParsedFeed, Problem

# As feeds write it, with and without scheme and "www."
_VERSION = re.compile(
    r"(?:https?://)?(?:www\.)?jsonfeed\.org/version/1(?:\.(\d))?/?$",
    re.IGNORECASE,
)


def read_json_feed(text: str, setting: Setting) -> ParsedFeed | NotAFeed:
    """Read a JSON Feed.

    A document cut off in its list of items yields the whole items before the
    cut.
    """
    problems: tuple[Problem, ...] = ()
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        fault = one_line(str(error), 200)
        feed = _salvaged(text)
        if feed is None:
            return NotAFeed(
                "json", f"broken JSON without a whole item: {fault}"
            )
        problems = (Problem("ill-formed", fault),)
    version = (
        _VERSION.match(_string(feed, "version"))
        if isinstance(feed, dict)
        else None
    )
    if version is None or not isinstance(feed, dict):
        return NotAFeed("json", "JSON, but not a JSON Feed")
    items = _items(feed)
    return ParsedFeed(
        format="json1" + (version[1] or "0"),
        title=clean_line(_string(feed, "title")),
        link=resolved(_string(feed, "home_page_url"), setting.url),
        language=language_tag(_string(feed, "language")),
        entries=tuple(_entry(item, setting) for item in both_ends(items)),
        problems=problems + beyond_limit(len(items)),
    )


def _items(feed: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = feed.get("items")
    return (
        [item for item in listed if isinstance(item, dict)]
        if isinstance(listed, list)
        else []
    )


def _entry(item: Mapping[str, Any], setting: Setting) -> Entry:
    identifier = item.get("id")
    # Version 1 allows numbers, and asks readers to treat them as text.
    guid = (
        one_line(
            str(identifier)
            if isinstance(identifier, int | float)
            else _string(item, "id"),
            GUID_LIMIT,
        )
        or None
    )
    html = _string(item, "content_html")
    content = (
        plain_text(html, CONTENT_LIMIT)
        if html
        else clean_text(_string(item, "content_text"), CONTENT_LIMIT)
    )
    listed = _dicts(item.get("authors")) or _dicts([item.get("author")])
    tags = item.get("tags")
    published = read_feed_date(_string(item, "date_published"), setting)
    updated = read_feed_date(_string(item, "date_modified"), setting)
    return Entry(
        guid=guid,
        url=item_url(
            (_string(item, "url"), _string(item, "external_url"), guid or ""),
            setting.url,
        ),
        title=clean_line(_string(item, "title")),
        summary=clean_text(_string(item, "summary"), SUMMARY_LIMIT),
        content=content,
        authors=authors(_string(author, "name") for author in listed),
        published=or_updated(published, updated),
        updated=updated,
        categories=names(tag for tag in tags if isinstance(tag, str))
        if isinstance(tags, list)
        else (),
        image_url=_image(item, setting.url),
        language=language_tag(_string(item, "language")),
    )


def _image(item: Mapping[str, Any], base: str) -> str | None:
    attached = [
        _string(attachment, "url")
        for attachment in _dicts(item.get("attachments"))
        if _string(attachment, "mime_type").startswith("image")
    ]
    found = (
        resolved(link, base)
        for link in (
            _string(item, "image"),
            _string(item, "banner_image"),
            *attached,
        )
    )
    return next((address for address in found if address), None)


def _salvaged(text: str) -> object:
    """The head of a cut-off document with its whole items, read one by one;
    None where there are none.
    """
    start = re.search(r'"items"\s*:\s*\[', text)
    version = re.search(r'"version"\s*:\s*"([^"\\]{0,100})"', text)
    if start is None or version is None:
        return None
    items: list[object] = []
    decoder, position = json.JSONDecoder(), start.end()
    while True:
        gap = re.compile(r"[\s,]*").match(text, position)
        position = gap.end() if gap else position
        try:
            item, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return {"version": version[1], "items": items} if items else None
        items.append(item)


def _string(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _dicts(values: object) -> list[Mapping[str, Any]]:
    listed: Iterable[object] = values if isinstance(values, list) else ()
    return [value for value in listed if isinstance(value, dict)]
