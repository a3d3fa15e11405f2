"""Topics, feeds and outlets of feeds.yaml by what people call them."""

from __future__ import annotations

from monitor.errors import ConfigError
from monitor.flow.catalog_file import read_catalog
from monitor.types.catalog import Catalog, Topic
from monitor.ui.context import Session
from monitor.ui.names import Known, named

LISTED = "`monitor feeds list`"


def find_topic(session: Session, name: str) -> Topic:
    """A topic by its name or id. Raises ConfigError with near names, or with all there are."""
    catalog, _ = read_catalog(session.settings.feeds_file)
    names = ", ".join(topic.name for topic in catalog.topics) or "none"
    listed = f"{catalog.file}; topics there: {names}"
    found = named("topic", name, known_topics(catalog), listed_by=listed)
    return next(topic for topic in catalog.topics if topic.id == found)


def find_feed(session: Session, name: str) -> str:
    """The id of a feed of the file by id or title. Raises ConfigError with near names."""
    return named("feed", name, known_feeds(usable_catalog(session)), listed_by=LISTED)


def usable_catalog(session: Session) -> Catalog:
    """The file's content; empty where it is missing or broken.

    What is stored can be asked for nevertheless.
    """
    try:
        return read_catalog(session.settings.feeds_file)[0]
    except ConfigError:
        return Catalog()


def known_feeds(catalog: Catalog) -> Known:
    """Ids of feeds with their titles."""
    return {feed.id: (feed.title,) for feed in catalog.feeds}


def known_topics(catalog: Catalog) -> Known:
    """Ids of topics with their names."""
    return {topic.id: (topic.name,) for topic in catalog.topics}


def known_outlets(catalog: Catalog) -> Known:
    """Outlets with the other names that texts use for them."""
    outlets: dict[str, list[str]] = {}
    for feed in catalog.feeds:
        outlets.setdefault(feed.outlet, []).extend(feed.aliases)
    return outlets
