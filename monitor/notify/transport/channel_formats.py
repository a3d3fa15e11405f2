"""What goes out besides mail: an alert as JSON for a webhook, and a topic's
newest stories as an Atom feed. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET  # only written with, never parsed with

from monitor.language.hygiene import one_line, safe_url
from monitor.notify.mail.story_block import headline
from monitor.types.mail import StoryView, TopicRef

ATOM = "http://www.w3.org/2005/Atom"
FORMAT = 1  # raised when a field of the JSON changes its meaning
_QUERY = 600


def webhook_body(
    topic: TopicRef, story: StoryView, *, key: str, made_at: datetime
) -> bytes:
    """One alert. `key` is the same on every attempt."""
    return json.dumps(
        {
            "format": FORMAT,
            "id": key,
            "made_at": _moment(made_at),
            "topic": {
                "id": topic.id,
                "name": topic.name,
                "query": one_line(topic.query, _QUERY),
            },
            "story": {
                "title": headline(story),
                "url": safe_url(story.url) or "",
                "outlet": one_line(story.outlet),
                "authors": [one_line(author) for author in story.authors],
                "agency": story.agency,
                "published_at": _moment(story.published_at)
                if story.published_at
                else None,
                "found_at": _moment(story.found_at),
                "snippet": one_line(story.snippet.text),
                "changed": story.changed,
                "summary_only": story.summary_only,
                "also_in": [
                    {
                        "outlet": one_line(c.outlet),
                        "url": safe_url(c.url) or "",
                    }
                    for c in story.also_in
                ],
            },
            "why": [
                {
                    "clause": one_line(c.clause),
                    "hits": len(c.spans),
                    "in_title": c.in_title,
                    "in_feed_title": c.at("feed_title"),
                    "in_feed_text": c.at("feed_text"),
                }
                for c in story.match.clauses
            ],
        },
        ensure_ascii=False,
    ).encode()


def atom_feed(
    topic: TopicRef,
    entries: Sequence[tuple[int, datetime, StoryView]],
    *,
    domain: str,
) -> bytes:
    """The stories with their alert's number and time, newest first.

    Equal alerts make equal bytes.
    """
    ET.register_namespace("", ATOM)
    root = ET.Element(
        f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "de"}
    )
    updated = max(made_at for _, made_at, _ in entries)
    _add(root, "id", f"tag:{domain},2026:{topic.id}")
    _add(root, "title", one_line(topic.name))
    _add(root, "updated", _moment(updated))
    _add(root, "generator", "Monitor")
    for number, made_at, story in entries:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, "id", f"tag:{domain},2026:{topic.id}/{number}")
        _add(entry, "title", headline(story))
        _add(entry, "updated", _moment(made_at))
        _add(entry, "published", _moment(story.published_at or story.found_at))
        _add(
            ET.SubElement(entry, f"{{{ATOM}}}author"),
            "name",
            one_line(story.outlet) or "–",
        )
        if url := safe_url(story.url):
            ET.SubElement(
                entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": url}
            )
        # RFC 4287, 4.1.1: an entry that links nowhere has content.
        _add(
            entry,
            "summary" if url else "content",
            one_line(story.snippet.text),
        )
    text = ET.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n".encode()


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
