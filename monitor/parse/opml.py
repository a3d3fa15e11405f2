"""OPML, the list of feeds that readers exchange: bytes into feeds, and feeds
into bytes.

Everything before the root element is cut off, so no parser ever sees an entity
declaration. Folders become region and category on the way in and come back as
folders. Knows nothing of `feeds.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from monitor.language.charset import decode
from monitor.language.hygiene import one_line, safe_url
from monitor.parse.document import xml_tree
from monitor.parse.repair import repaired

MOST_FEEDS = 10_000
MOST_DEPTH = 50
NAME_LIMIT = 200
_ROOT = re.compile(r"<opml[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """One feed of a list, with the folders that it stands in, outermost first."""

    title: str
    url: str
    site: str = ""
    folders: tuple[str, ...] = ()
    category: str = ""
    language: str = ""


def read_opml(body: bytes) -> tuple[ListedFeed, ...] | None:
    """The feeds of a list, each address once; None where it is no OPML. Never
    raises for any bytes.
    """
    text = decode(body)
    start = _ROOT.search(text)
    if start is None:
        return None
    root = xml_tree(repaired(text[start.start() :]))
    if root is None:
        return None
    found: dict[str, ListedFeed] = {}
    for body_node in root.iterfind("{*}body"):
        for outline in _outlines(body_node, ()):
            if len(found) < MOST_FEEDS:
                found.setdefault(outline.url, outline)
    return tuple(found.values())


def _outlines(
    node: etree._Element, folders: tuple[str, ...]
) -> Iterator[ListedFeed]:
    if len(folders) > MOST_DEPTH:
        return
    for child in node.iterchildren("{*}outline"):
        attributes = {
            str(name).lower(): str(value)
            for name, value in child.attrib.items()
        }
        name = one_line(
            attributes.get("title") or attributes.get("text") or "", NAME_LIMIT
        )
        url = safe_url(attributes.get("xmlurl", "").strip())
        if url:
            yield ListedFeed(
                title=name,
                url=url,
                site=safe_url(attributes.get("htmlurl", "").strip()) or "",
                folders=folders,
                category=one_line(attributes.get("category", ""), NAME_LIMIT),
                language=attributes.get("language", "").strip()[:2].lower(),
            )
        yield from _outlines(
            child, (*folders, name) if name and not url else folders
        )


def write_opml(outlines: Iterable[ListedFeed], *, title: str) -> bytes:
    """A list that every reader can import: OPML 2.0, folders as they are
    given.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for outline in outlines:
        for depth in range(1, len(outline.folders) + 1):
            path = outline.folders[:depth]
            if path not in folders:
                folders[path] = etree.SubElement(
                    folders[path[:-1]],
                    "outline",
                    text=path[-1],
                    title=path[-1],
                )
        name = one_line(outline.title, NAME_LIMIT)
        facts = {
            "type": "rss",
            "text": name,
            "title": name,
            "xmlUrl": outline.url,
        }
        facts |= {"htmlUrl": outline.site} if outline.site else {}
        facts |= {"language": outline.language} if outline.language else {}
        etree.SubElement(folders[outline.folders], "outline", facts)
    written: bytes = etree.tostring(
        root, encoding="utf-8", xml_declaration=True, pretty_print=True
    )
    return written
