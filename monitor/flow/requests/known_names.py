"""Which topics, outlets and regions there are, by what people call them. Only
reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.errors import IndexingError
from monitor.ports import Index
from monitor.store.alerting.stored_matches import topic_names
from monitor.store.engine import Database
from monitor.store.reading.outlet_names import outlets_and_regions
from monitor.types.output import SearchRequest


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Ids of each kind, with the other names that they go by."""

    topics: Mapping[str, Sequence[str]]
    outlets: Mapping[str, Sequence[str]]
    regions: Mapping[str, Sequence[str]]


def read_topic_names(database: Database) -> dict[str, str]:
    """Id and name of every topic that is configured now."""
    with database.read() as connection:
        return topic_names(connection)


def read_known_names(database: Database) -> KnownNames:
    """The names of all kinds."""
    with database.read() as connection:
        topics = topic_names(connection)
        outlets, regions = outlets_and_regions(connection)
    return KnownNames(
        topics={topic: (name,) for topic, name in topics.items()},
        outlets=dict.fromkeys(outlets, ()),
        regions=dict.fromkeys(regions, ()),
    )


def is_indexed(index: Index, filter_name: str, value: str) -> bool:
    """Whether any article has that value: what feeds.yaml no longer names may
    still be searched.

    `filter_name` is a filter of `SearchRequest`. True where the index cannot
    be asked.
    """
    wanted: dict[str, Any] = {filter_name: (value,)}
    try:
        return index.search(SearchRequest(limit=0, **wanted)).total > 0
    except IndexingError:
        return True
