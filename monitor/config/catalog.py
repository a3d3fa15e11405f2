"""Reads `feeds.yaml` into a `Catalog`, or says everything that is wrong with
it in one run.

Knows the sections and what must hold between them (unique ids and addresses,
known names). Does not know the query language: topics carry their words as
located texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from operator import attrgetter
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from monitor.config.address_notation import address_key, is_on_site
from monitor.config.feeds import DEFAULT_KEYS, read_feed
from monitor.config.fields import (
    Key,
    Read,
    YamlReading,
    block,
    child,
    key_names,
    kind,
    peek,
)
from monitor.config.notation import Unreadable, slug
from monitor.config.press_reviews import read_press_reviews
from monitor.config.recipients import AddressBook
from monitor.config.source import Source, Unusable, read_yaml_file
from monitor.config.topics import read_topic
from monitor.config.yaml_errors import runaway_quotes
from monitor.config.yaml_nodes import compose
from monitor.errors import CatalogError
from monitor.types.catalog import (
    Catalog,
    CatalogProblem,
    Feed,
    Place,
    ScheduledReview,
    Topic,
)

# problems in the message of an error; `problems` always holds them all
MOST_PRINTED = 100


def _listed(_reading: YamlReading, node: Node) -> list[Node]:
    if not isinstance(node, SequenceNode):
        raise Unreadable(
            f"expected a list, found {kind(node)}", _list_hint(node)
        )
    return list(node.value)


def _list_hint(node: Node) -> str:
    first = next(iter(key_names(node)), "")
    if first.startswith("-"):
        return f'a blank belongs after the "-": write  - {first[1:]}: {peek(node, first) or ""}'
    return 'begin each entry with "- "'


_LIST: Read = _listed

SECTIONS = (
    Key("feeds", _LIST, "the sources that are read", required=True),
    Key("topics", _LIST, "what is looked for in them"),
    Key("recipients", _LIST, "who gets mail"),
    Key(
        "press_reviews",
        _LIST,
        "press reviews that make themselves and are mailed",
    ),
    Key(
        "defaults",
        block(DEFAULT_KEYS),
        "values for all feeds and topics that do not say otherwise",
    ),
)


def load_catalog(path: Path) -> Catalog:
    """The usable content of the file.

    Raises `CatalogError`, which carries all problems and prints them.
    """
    try:
        source = read_yaml_file(path)
    except Unusable as error:
        raise refused(path, [error.problem]) from None
    return load_source(path, source)


def load_source(path: Path, source: Source) -> Catalog:
    """The usable content of a text that is, or is to become, the file. Raises
    `CatalogError`.
    """
    try:
        root = compose(source)
    except Unusable as error:
        raise refused(path, [error.problem]) from None
    if root is None:
        hint = "begin with  feeds:  and one feed; docs/feeds.md shows how"
        place = Place(source.file, 1)
        raise refused(
            path,
            [
                CatalogProblem(
                    place, "the file is empty", hint=hint, code="empty"
                )
            ],
        )
    reading = YamlReading(source, list(runaway_quotes(source)))
    content = _read(reading, root)
    problems = sorted(
        reading.problems, key=attrgetter("place.line", "place.column")
    )
    if any(problem.fatal for problem in problems):
        raise refused(path, problems, topics=content.topics)
    return Catalog(
        feeds=tuple(content.feeds),
        topics=tuple(content.topics),
        recipients=content.book.everybody(),
        press_reviews=tuple(content.press_reviews),
        names=content.book.names(),
        digest=source.digest,
        file=source.file,
        warnings=tuple(problems),
    )


def refused(
    path: Path,
    problems: Sequence[CatalogProblem],
    *,
    topics: Sequence[Topic] = (),
) -> CatalogError:
    """The error that carries these problems of the file and prints them all."""
    fatal = sum(problem.fatal for problem in problems)
    title = (
        f"{path} cannot be used: {fatal} problem{'s' if fatal != 1 else ''}"
    )
    shown = [str(problem) for problem in problems[:MOST_PRINTED]]
    if len(problems) > MOST_PRINTED:
        shown.append(f"… and {len(problems) - MOST_PRINTED} more")
    text = "\n\n".join([title, *shown])
    return CatalogError(
        text, problems=tuple(problems), topics=tuple(topics), about=str(path)
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """The usable entries of all sections."""

    feeds: list[Feed]
    topics: list[Topic]
    book: AddressBook
    press_reviews: list[ScheduledReview]


def _read(reading: YamlReading, root: Node) -> _Content:
    """The usable entries of all sections; what is wrong with the others is in
    `reading`.
    """
    sections: dict[str, Any] = reading.value(root, block(SECTIONS), default={})
    defaults: dict[str, Any] = sections.get("defaults", {})
    zone = defaults.get("timezone", "Europe/Berlin")
    feed_nodes = sections.get("feeds", [])
    topic_nodes = sections.get("topics", [])
    feeds = [read_feed(reading, node, defaults) for node in feed_nodes]
    _check_feeds(reading, feed_nodes)
    _check_sites(reading, feed_nodes)
    book = AddressBook()
    book.read(reading, sections.get("recipients", []), zone)
    sources = {
        name
        for node in feed_nodes
        for name in (peek(node, "id"), _outlet(node))
        if name
    }
    topics = [
        read_topic(
            reading, node, defaults=defaults, book=book, sources=sources
        )
        for node in topic_nodes
    ]
    _check_topics(reading, topic_nodes)
    if (
        isinstance(root, MappingNode)
        and "feeds" in sections
        and not feed_nodes
    ):
        hint = "add at least one feed"
        reading.report(
            child(root, "feeds"),
            "feeds: the list is empty",
            hint=hint,
            code="empty",
        )
    reviews = read_press_reviews(
        reading,
        sections.get("press_reviews", []),
        topics=[topic for topic in topics if topic],
        book=book,
        zone=zone,
    )
    return _Content(
        [feed for feed in feeds if feed],
        [topic for topic in topics if topic],
        book,
        reviews,
    )


def _outlet(node: Node) -> str | None:
    return peek(node, "outlet") or peek(node, "title")


def _check_feeds(reading: YamlReading, nodes: Sequence[Node]) -> None:
    """Two feeds may share neither their id nor their address; broken feeds
    count too.
    """
    ids: dict[str, Node] = {}
    addresses: dict[str, Node] = {}
    for node in nodes:
        name = peek(node, "id") or "?"
        with reading.inside(f'feed "{name}": '):
            if (
                name != "?"
                and (first := ids.setdefault(name, node)) is not node
            ):
                hint = f"the first is in line {reading.line_of(first)}; ids must differ"
                reading.report_taken(
                    node, "the id is already taken", hint=hint
                )
            for key in ("url", "site"):
                address = _address_key(peek(node, key) or "")
                if (
                    address
                    and (first := addresses.setdefault(address, node))
                    is not node
                ):
                    other = f'feed "{peek(first, "id") or "?"}" in line {reading.line_of(first)}'
                    hint = f"it is the address of {other}; delete one of them"
                    place, message = child(node, key), f"{key}: listed twice"
                    reading.report(
                        place, message, hint=hint, code="duplicate-address"
                    )


def _address_key(address: str) -> str:
    try:
        return address_key(address)
    except ValueError:  # not an address: reported where the feed is read
        return ""


def _check_sites(reading: YamlReading, nodes: Sequence[Node]) -> None:
    """A site whose feed has an entry of its own is read twice: its articles
    come in both.
    """
    sites = [
        node for node in nodes if peek(node, "site") and not peek(node, "url")
    ]
    for site, node in product(sites, nodes):
        key = "url" if peek(node, "url") else "site"
        if not _is_same_source(node, key, site):
            continue
        name = peek(site, "id") or "?"
        message = (
            f'is on the site of feed "{name}" in line {reading.line_of(site)}'
        )
        hint = f'keep one of them, or name the same outlet in both if "{name}" has another feed'
        with reading.inside(f'feed "{peek(node, "id") or "?"}": '):
            reading.report(
                child(node, key),
                message,
                hint=hint,
                code="same-source",
                fatal=False,
            )


def _is_same_source(node: Node, key: str, site: Node) -> bool:
    if node is site or _are_one_outlet(node, site):
        return False
    return is_on_site(peek(node, key) or "", peek(site, "site") or "")


def _are_one_outlet(node: Node, other: Node) -> bool:
    """Whether both name the same outlet: then somebody knows that they are two
    feeds of one.
    """
    outlet = peek(node, "outlet")
    return outlet is not None and outlet == peek(other, "outlet")


def _check_topics(reading: YamlReading, nodes: Sequence[Node]) -> None:
    ids: dict[str, Node] = {}
    for node in nodes:
        topic_id = peek(node, "id") or slug(peek(node, "name") or "")
        if topic_id and (first := ids.setdefault(topic_id, node)) is not node:
            with reading.inside(f'topic "{peek(node, "name") or topic_id}": '):
                message = f'another topic has the id "{topic_id}"'
                line = reading.line_of(first)
                hint = f"the first is in line {line}; rename it or give it another id"
                reading.report_taken(node, message, hint=hint)
