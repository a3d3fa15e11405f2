"""An OPML list as new feeds of the file. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.config.address_notation import address_key
from monitor.config.edit import NewFeed, free_id, listed_as
from monitor.parse.opml import ListedFeed, read_opml
from monitor.types.catalog import Catalog


@dataclass(frozen=True, slots=True)
class OpmlImport:
    """The feeds that are new, and how many of the list were listed already."""

    new: tuple[NewFeed, ...]
    listed: int


def read_import(body: bytes, catalog: Catalog) -> OpmlImport | None:
    """What a list would add; None where it is no OPML."""
    outlines = read_opml(body)
    return None if outlines is None else new_feeds(outlines, catalog)


def new_feeds(
    outlines: tuple[ListedFeed, ...], catalog: Catalog
) -> OpmlImport:
    """The feeds of a list that the file does not have. Folders become region
    and category.
    """
    known, taken = set[str](), [feed.id for feed in catalog.feeds]
    new: list[NewFeed] = []
    for outline in outlines:
        key = address_key(outline.url)
        if key in known or listed_as(catalog, outline.url):
            continue
        known.add(key)
        taken.append(
            free_id(
                outline.title or urlsplit(outline.url).hostname or "", taken
            )
        )
        region, *inner = outline.folders or ("",)
        facts = {
            "id": taken[-1],
            "title": outline.title,
            "url": outline.url,
            "region": region,
            "category": " / ".join(inner) or outline.category,
        }
        new.append({name: value for name, value in facts.items() if value})
    return OpmlImport(tuple(new), len(outlines) - len(new))
