"""Saved searches that we made for topics which have left feeds.yaml: found in
Kibana, and removed on demand.

Nobody's own object is touched: ours have an id and a description that only we
write, and one that a dashboard shows stays where it is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from monitor.kibana.client import Json, KibanaAccess, ask
from monitor.kibana.discover import space_base
from monitor.kibana.objects import topic_search

KINDS = ("search", "dashboard")


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Saved searches of topics that are gone, as (id, title): those that can
    go, and those that a dashboard shows.
    """

    unused: tuple[tuple[str, str], ...]
    shown: tuple[tuple[str, str], ...]


def find_leftovers(
    access: KibanaAccess, *, space: str, topics: Collection[str]
) -> Leftovers:
    """What is left of topics that are not among `topics`. Raises KibanaError."""
    wanted = json.dumps({"type": KINDS, "excludeExportDetails": True}).encode()
    # find and get are deprecated since 8.7, and stop at 10,000 objects as
    # this does
    there = ask(
        access,
        space_base(access.url, space),
        "/api/saved_objects/_export",
        method="POST",
        body=wanted,
    )
    current = {topic_search(topic, space=space)["id"] for topic in topics}
    pattern = topic_search("", space=space)
    ours = [
        one
        for one in there
        if _is_ours(one, pattern) and one["id"] not in current
    ]
    shown = {
        reference["id"]
        for one in there
        if one.get("type") == "dashboard"
        for reference in one.get("references", ())
    }
    named = [
        (str(one["id"]), str(one["attributes"].get("title", "")))
        for one in ours
    ]
    return Leftovers(
        tuple(one for one in named if one[0] not in shown),
        tuple(one for one in named if one[0] in shown),
    )


def remove_searches(
    access: KibanaAccess, ids: Sequence[str], *, space: str
) -> None:
    """Delete these saved searches. Raises KibanaError."""
    for one in ids:
        ask(
            access,
            space_base(access.url, space),
            f"/api/saved_objects/search/{quote(one, safe='')}",
            method="DELETE",
        )


def _is_ours(one: Json, pattern: Json) -> bool:
    """Our topics' searches have ids of one form and a description that nobody
    else writes.
    """
    if one.get("type") != "search" or not str(one.get("id", "")).startswith(
        pattern["id"]
    ):
        return False
    described = one.get("attributes", {}).get("description")
    return bool(described == pattern["attributes"]["description"])
