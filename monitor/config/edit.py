"""Changes `feeds.yaml` as a person would: an entry more, or other values of
one; the rest stays byte for byte as it was.

The new text is read as a whole before it replaces the file, so a broken file
is never left behind; and what it means is compared, so that an unusual
notation never changes another entry. Knows nothing of what a feed brings and
nothing of queries.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from monitor.config.address_notation import address_key, is_on_site
from monitor.config.catalog import load_source
from monitor.config.fields import peek
from monitor.config.notation import duration, slug
from monitor.config.source import Unusable, decode_yaml
from monitor.config.yaml_edits import (
    append_entries,
    change_keys,
    remove_entry,
    section,
    spliced,
)
from monitor.config.yaml_nodes import compose
from monitor.config.yaml_writing import Entry, Value
from monitor.errors import CatalogError, ConfigError
from monitor.types.catalog import (
    Catalog,
    Feed,
    Located,
    ScheduledReview,
    Topic,
)

_FEED_ORDER = (
    "id",
    "title",
    "outlet",
    "url",
    "site",
    "region",
    "category",
    "language",
    "priority",
)
_TOPIC_ORDER = (
    "name",
    "id",
    "any",
    "all",
    "none",
    "query",
    "recipients",
    "mode",
    "schedule",
    "mails_per_hour",
)
"""Keys that can be written of a new entry, in their order."""

_INTERVALS = ("min_interval", "max_interval")
_BOM = b"\xef\xbb\xbf"
NewFeed = Mapping[str, str]


def free_id(name: str, taken: Iterable[str]) -> str:
    """An id made of a name that no other feed has."""
    base, used = slug(name) or "feed", set(taken)
    feed_id, number = base, 1
    while feed_id in used:
        number += 1
        feed_id = f"{base[:60]}-{number}"
    return feed_id


def listed_as(
    catalog: Catalog, address: str, outlet: str | None = None
) -> Feed | None:
    """The feed of the file that has this address, or that looks for its own
    feed on the same site.

    Further feeds of a site are taken where they name its outlet.
    """
    key = address_key(address)
    for feed in catalog.feeds:
        if address_key(feed.address) == key:
            return feed
        if (
            feed.site
            and feed.outlet != outlet
            and is_on_site(address, feed.site)
        ):
            return feed
    return None


def add_feeds(path: Path, new: Sequence[NewFeed]) -> tuple[bytes, bytes]:
    """Write feeds behind those of the file; returns its content before and
    after.

    Raises ConfigError, and changes nothing, where that cannot be used.
    """
    path = path.resolve()  # a link stays a link
    before = _read(path)
    content = with_feeds(path, before, new)
    try:
        replace_file(path, content, before=before)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise ConfigError(message, about=str(path)) from error
    return before, content


def with_feeds(path: Path, before: bytes, new: Sequence[NewFeed]) -> bytes:
    """The file with feeds behind its own. Raises ConfigError where that cannot
    be used.
    """
    file = _opened(path, before)
    text = append_entries(file.text, file.root, "feeds", new, _FEED_ORDER)
    return _checked(file, text, {feed["id"] for feed in new}, _says_all(new))


def with_feed(
    path: Path,
    before: bytes,
    feed_id: str,
    changes: Mapping[str, Value | None],
) -> bytes:
    """The file with other values of one feed; None takes a key away. Raises
    ConfigError.
    """
    file = _opened(path, before)
    node = _entry(file, "feeds", feed_id)
    text = spliced(file.text, change_keys(file.text, node, changes))
    return _checked(
        file,
        text,
        {feed_id},
        lambda found: _feed_says(found, feed_id, changes),
    )


def with_new_topic(path: Path, before: bytes, values: Entry) -> bytes:
    """The file with a topic behind its own. Raises ConfigError where that
    cannot be used.
    """
    file = _opened(path, before)
    text = append_entries(
        file.text, file.root, "topics", [values], _TOPIC_ORDER
    )
    topic_id = _topic_id(values)
    return _checked(
        file,
        text,
        {topic_id},
        lambda found: _topic_says(found, topic_id, values),
    )


def with_topic(
    path: Path,
    before: bytes,
    topic_id: str,
    changes: Mapping[str, Value | None],
) -> bytes:
    """The file with other values of one topic; None takes a key away. Raises
    ConfigError.

    Where its id was made of its name, a renamed topic gets the id as a key of
    its own: it stays the same topic.
    """
    file = _opened(path, before)
    node = _entry(file, "topics", topic_id)
    if (
        not peek(node, "id")
        and slug(str(changes.get("name", topic_id))) != topic_id
    ):
        changes = {**changes, "id": topic_id}
    text = spliced(file.text, change_keys(file.text, node, changes))
    return _checked(
        file,
        text,
        {topic_id},
        lambda found: _topic_says(found, topic_id, changes),
    )


def without_topic(path: Path, before: bytes, topic_id: str) -> bytes:
    """The file without one topic. Raises ConfigError where it is not there, or
    is still named.
    """
    file = _opened(path, before)
    node = _entry(file, "topics", topic_id)
    text = spliced(
        file.text, remove_entry(file.text, file.root, "topics", node)
    )
    return _checked(
        file, text, {topic_id}, lambda found: _topic(found, topic_id) is None
    )


def written_topic(
    path: Path, content: bytes, topic_id: str
) -> dict[str, tuple[str, ...]] | None:
    """The words and lists of a topic as they are written, each as a list; None
    for an unknown one.

    What it means, with all defaults, is in the catalog.
    """
    file = _opened(path, content)
    try:
        node = _entry(file, "topics", topic_id)
    except ConfigError:
        return None
    return {str(key.value): _texts(value) for key, value in node.value}


def _texts(value: Node) -> tuple[str, ...]:
    if isinstance(value, SequenceNode):
        return tuple(str(item.value) for item in value.value)
    return () if isinstance(value, MappingNode) else (str(value.value),)


def topic_block(values: Entry) -> str:
    """The entry of a topic as it is written under `topics:`, to paste it by
    hand.
    """
    return append_entries("", None, "topics", [values], _TOPIC_ORDER)


def replace_file(path: Path, content: bytes, *, before: bytes) -> None:
    """Put the new file in place, in one step, if nobody changed the old one
    meanwhile.

    Raises ConfigError where somebody did, and OSError where the file cannot be
    written.
    """
    descriptor, name = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}."
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.read_bytes() != before:
            raise ConfigError(
                f"{path} was changed meanwhile",
                about=str(path),
                hint="try again",
            )
        os.chmod(name, path.stat().st_mode & 0o7777)
        os.replace(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


@dataclass(frozen=True, slots=True)
class _File:
    """The file before the change: its bytes, its text and its root node."""

    path: Path
    content: bytes
    text: str
    root: Node | None


def _opened(path: Path, content: bytes) -> _File:
    try:
        source = decode_yaml(path, content)
        return _File(path, content, source.text, compose(source))
    except Unusable as error:
        raise ConfigError(str(error.problem), about=str(path)) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise ConfigError(message, about=str(path)) from error


def _entry(file: _File, name: str, entry_id: str) -> MappingNode:
    """The entry of a section. Raises ConfigError where it is not there."""
    _, listed = section(file.root, name)
    if isinstance(listed, SequenceNode):
        for node in listed.value:
            if isinstance(node, MappingNode) and _id_of(node) == entry_id:
                return node
    hint = "it was removed or renamed meanwhile"
    raise ConfigError(
        f'{file.path} has no entry "{entry_id}"',
        about=str(file.path),
        hint=hint,
    )


def _id_of(node: Node) -> str:
    """The id of an entry; a topic without one is called by its name."""
    return peek(node, "id") or slug(peek(node, "name") or "")


def _topic_id(values: Mapping[str, Any]) -> str:
    return str(values.get("id") or slug(str(values.get("name", ""))))


def _checked(
    file: _File,
    text: str,
    touched: set[str],
    is_wanted: Callable[[Catalog], bool],
) -> bytes:
    """The new file as bytes, read as a whole. Raises ConfigError where it
    cannot be used, where more than the `touched` entries would change, or
    where it is not what was wanted.
    """
    path = file.path
    mark = _BOM if file.content.startswith(_BOM) else b""
    content = mark + text.encode("utf-8")
    try:
        after = load_source(path, decode_yaml(path, content))
    except Unusable as error:
        raise _with_this_change(path, str(error.problem)) from None
    except CatalogError as error:
        raise _with_this_change(path, str(error)) from error
    try:
        then = load_source(path, decode_yaml(path, file.content))
    except CatalogError:  # the change may be what mends it
        then = None
    same = then is None or _others(then, touched) == _others(after, touched)
    if same and is_wanted(after):
        return content
    message = f"{path} is written in a way that cannot be changed here without changing more"
    raise ConfigError(message, about=str(path), hint="change it by hand")


def _with_this_change(path: Path, problems: str) -> ConfigError:
    message = f"with this change {problems}"
    return ConfigError(message, about=str(path), hint="nothing was written")


def beside_topics(catalog: Catalog) -> tuple[object, ...]:
    """What the file means beside its topics, wherever it stands in it."""
    feeds = [replace(feed, place=None) for feed in catalog.feeds]
    return (
        feeds,
        [_review_meaning(review) for review in catalog.press_reviews],
        catalog.names,
    )


def _others(catalog: Catalog, touched: set[str]) -> tuple[object, ...]:
    """What the file means beside the touched entries, wherever it stands in
    it.
    """
    feeds = tuple(feed for feed in catalog.feeds if feed.id not in touched)
    topics = [
        _meaning(topic) for topic in catalog.topics if topic.id not in touched
    ]
    return beside_topics(replace(catalog, feeds=feeds)), topics


def _review_meaning(review: ScheduledReview) -> tuple[object, ...]:
    query = review.query.text if review.query else None
    return replace(review, place=None, query=None), query


def _meaning(topic: Topic) -> tuple[object, ...]:
    words = [_written(listed) for listed in (topic.any, topic.all, topic.none)]
    query = topic.query.text if topic.query else None
    return (
        replace(topic, place=None, any=(), all=(), none=(), query=None),
        words,
        query,
    )


def _written(words: Sequence[Located]) -> tuple[str, ...]:
    return tuple(word.text for word in words)


def _says_all(new: Sequence[NewFeed]) -> Callable[[Catalog], bool]:
    return lambda found: all(
        _feed_says(found, feed["id"], feed) for feed in new
    )


def _feed_says(
    catalog: Catalog, feed_id: str, wanted: Mapping[str, Any]
) -> bool:
    """Whether the feed says what was wanted of it; keys taken away are as by
    default.
    """
    feed = next((each for each in catalog.feeds if each.id == feed_id), None)
    if feed is None:
        return False
    said = {
        key: value
        for key, value in wanted.items()
        if value not in (None, "", ())
    }
    return all(
        _plain(key, getattr(feed, key)) == _plain(key, said[key])
        for key in said
    )


def _plain(key: str, value: Any) -> object:
    """A value of a feed so that it compares, as read or as written."""
    if not isinstance(value, str):
        return value
    if key in _INTERVALS:
        return duration(value)
    return (
        address_key(value)
        if key in ("url", "site")
        else " ".join(value.split()).casefold()
    )


def _topic(catalog: Catalog, topic_id: str) -> Topic | None:
    return next(
        (topic for topic in catalog.topics if topic.id == topic_id), None
    )


def _topic_says(
    catalog: Catalog, topic_id: str, wanted: Mapping[str, Any]
) -> bool:
    """Whether the topic says what was wanted of it."""
    topic = _topic(catalog, topic_id)
    if topic is None:
        return False
    found: dict[str, object] = {
        "any": _written(topic.any),
        "all": _written(topic.all),
        "none": _written(topic.none),
        "name": topic.name,
        "query": " ".join(topic.query.text.split()) if topic.query else "",
        "mode": topic.mode,
        "mails_per_hour": topic.mails_per_hour,
    }
    return all(
        _same(found[key], value)
        for key, value in wanted.items()
        if key in found
    )


def _same(found: object, value: Any) -> bool:
    # not said: a list is empty, and anything else is as by default
    if value in (None, "", ()):
        return not isinstance(found, tuple) or not found
    if isinstance(value, str):
        return found == " ".join(value.split())
    return (
        set(found) == set(value)
        if isinstance(found, tuple)
        else bool(found == value)
    )
