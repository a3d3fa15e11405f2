"""Topics, feeds and outlets of feeds.yaml by what people call them."""

from __future__ import annotations

from monitor.config.catalog import load_catalog
from monitor.errors import ConfigError
from monitor.types.catalog import Catalog, Recipient, Topic
from monitor.ui.context import Session
from monitor.ui.names import Known, find_name, named, near_names

LISTED = "`monitor feeds list`"


def find_topic(session: Session, name: str) -> Topic:
    """A topic by its name or id. Raises ConfigError with near names, or with
    all there are.
    """
    # the other topics' queries do not matter
    catalog = load_catalog(session.settings.feeds_file)
    names = ", ".join(topic.name for topic in catalog.topics) or "none"
    listed = f"{catalog.file}; topics there: {names}"
    found = named("topic", name, known_topics(catalog), listed_by=listed)
    return next(topic for topic in catalog.topics if topic.id == found)


def find_feed(session: Session, name: str) -> str:
    """The id of a feed of the file by id or title. Raises ConfigError with
    near names.
    """
    return named(
        "feed", name, known_feeds(usable_catalog(session)), listed_by=LISTED
    )


def usable_catalog(session: Session) -> Catalog:
    """The file's content; empty where it is missing or broken.

    What is stored can be asked for nevertheless.
    """
    try:
        return load_catalog(session.settings.feeds_file)
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


def known_addresses(session: Session) -> dict[str, list[str]]:
    """Mail addresses in small letters with the names of people; the operator's
    is among them.

    Raises ConfigError for a file that cannot be used.
    """
    catalog = load_catalog(session.settings.feeds_file)
    people = [
        *catalog.recipients,
        *(r for topic in catalog.topics for r in topic.recipients),
    ]
    known: dict[str, list[str]] = {}
    for person in people:
        known.setdefault(person.address.lower(), []).extend(
            filter(None, [person.name])
        )
    if session.settings.operator:
        known.setdefault(session.settings.operator.lower(), [])
    return known


def members_of(session: Session, name: str) -> tuple[str, ...]:
    """Addresses of the people in a group of feeds.yaml, in any case; () where
    it names none.
    """
    asked = name.strip().casefold()
    people = next(
        (
            meant
            for called, meant in _catalog_names(session)
            if called.casefold() == asked
        ),
        (),
    )
    return tuple(person.address.lower() for person in people)


def _catalog_names(
    session: Session,
) -> tuple[tuple[str, tuple[Recipient, ...]], ...]:
    return load_catalog(session.settings.feeds_file).names


def named_address(typed: str, known: Known) -> str:
    """The address of a person by name or address. Raises ConfigError with near
    ones.
    """
    found = find_name(typed, known)
    if found is None:
        near = near_names(typed, known)
        hint = (
            f"did you mean {' or '.join(near)}?"
            if near
            else "see monitor recipients list"
        )
        raise ConfigError(f"{typed} is no recipient", hint=hint)
    return found
