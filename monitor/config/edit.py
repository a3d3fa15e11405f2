"""Adds feeds to `feeds.yaml` as a person would: new lines behind the last feed, the rest byte for
byte as it was.

The new text is read as a whole before it replaces the file, so a broken file is never left behind.
Knows nothing of what a feed brings.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from monitor.config.catalog import load_catalog
from monitor.config.notation import address_key, is_on_site, slug
from monitor.config.source import Unusable, read_source
from monitor.config.yaml_nodes import compose
from monitor.errors import CatalogError, ConfigError
from monitor.types.catalog import Catalog, Feed

KEYS = ("id", "title", "outlet", "url", "site", "region", "category", "language", "priority")
"""What can be written, in the order in which it is."""
_PLAIN = re.compile(r"[A-Za-zÄÖÜäöüß](?:[\w ./+-]*[\w./+-])?")
_PLAIN_URL = re.compile(r"https?://[\w./~%?=&;+()$!*,@:-]*[\w/=]")
_NOT_TEXT = re.compile(r"(?i)(?:yes|no|on|off|true|false|null|y|n|~|none)")
NewFeed = Mapping[str, str]


def free_id(name: str, taken: Iterable[str]) -> str:
    """An id made of a name that no other feed has."""
    base, used = slug(name) or "feed", set(taken)
    return next(
        i
        for n in range(1, len(used) + 2)
        if (i := base if n == 1 else f"{base[:60]}-{n}") not in used
    )


def listed_as(catalog: Catalog, address: str, outlet: str | None = None) -> Feed | None:
    """The feed of the file that has this address, or that looks for its own feed on the same site.

    Further feeds of a site are taken where they name its outlet.
    """
    key = address_key(address)
    for feed in catalog.feeds:
        if address_key(feed.address) == key:
            return feed
        if feed.site and feed.outlet != outlet and is_on_site(address, feed.site):
            return feed
    return None


def add_feeds(path: Path, new: Sequence[NewFeed]) -> None:
    """Write feeds behind those of the file.

    Raises ConfigError, and changes nothing, where that cannot be used.
    """
    path = path.resolve()  # a link stays a link
    before = path.read_bytes()
    try:
        source = read_source(path)
        root = compose(source)
    except Unusable as error:
        raise ConfigError(str(error.problem), about=str(path)) from None
    text = _with_feeds(source.text, root, new)
    if "\r\n" in source.text:
        text = re.sub(r"\r?\n", "\r\n", text)
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    _replace(path, mark + text.encode("utf-8"), before=before)


def _with_feeds(text: str, root: Node | None, new: Sequence[NewFeed]) -> str:
    key, feeds = _section(root)
    if key is None:
        return f"{text.rstrip()}\n\nfeeds:\n{_block(new, indent=2)}".lstrip("\n")
    if isinstance(feeds, SequenceNode) and feeds.value and not feeds.flow_style:
        last = feeds.value[-1]
        indent = feeds.start_mark.column
        place = _line_end(text, _leaf_end(last))
        lead = "" if text[:place].endswith("\n") else "\n"
        return text[:place] + lead + _block(new, indent=indent) + text[place:]
    if isinstance(feeds, SequenceNode) and feeds.value:
        place = _leaf_end(feeds.value[-1])
        return text[:place] + "".join(f", {_flow(feed)}" for feed in new) + text[place:]
    # `feeds:` without anything, or `feeds: []`
    start, end = (
        (feeds.start_mark.index, feeds.end_mark.index)
        if isinstance(feeds, SequenceNode)
        else (None, None)
    )
    if start is not None and end is not None:
        text = text[:start].rstrip(" ") + text[end:]
    place = _line_end(text, key.end_mark.index)
    lead = "" if text[:place].endswith("\n") else "\n"
    return text[:place] + lead + _block(new, indent=2) + text[place:]


def _section(root: Node | None) -> tuple[Node | None, Node | None]:
    for key, value in root.value if isinstance(root, MappingNode) else ():
        if key.value == "feeds":
            return key, value
    return None, None


def _leaf_end(node: Node) -> int:
    """Where the text of a node ends: a block's own end mark lies behind the comments that follow
    it.
    """
    while isinstance(node, MappingNode | SequenceNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    return end


def _line_end(text: str, offset: int) -> int:
    """The start of the next line; a block scalar's own end is one already."""
    if offset and text[offset - 1 : offset] == "\n":
        return offset
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1


def _block(new: Sequence[NewFeed], *, indent: int) -> str:
    lines = []
    for feed in new:
        pairs = [f"{key}: {_scalar(feed[key])}" for key in KEYS if feed.get(key)]
        lines += [f"{' ' * indent}- {pairs[0]}", *(f"{' ' * indent}  {pair}" for pair in pairs[1:])]
    return "\n".join(lines) + "\n"


def _flow(feed: NewFeed) -> str:
    return "{" + ", ".join(f"{key}: {_quoted(feed[key])}" for key in KEYS if feed.get(key)) + "}"


def _scalar(value: str) -> str:
    plain = _PLAIN.fullmatch(value) or _PLAIN_URL.fullmatch(value)
    return value if plain and not _NOT_TEXT.fullmatch(value) else _quoted(value)


def _quoted(value: str) -> str:
    return "'" + " ".join(value.split()).replace("'", "''") + "'"


def _replace(path: Path, content: bytes, *, before: bytes) -> None:
    """Put the new file in place, in one step, if it can be used and nobody changed the old one
    meanwhile.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            load_catalog(Path(name))
        except CatalogError as error:
            problems = str(error).replace(Path(name).name, path.name)
            raise ConfigError(
                f"with this change {problems}", about=str(path), hint="nothing was written"
            ) from error
        if path.read_bytes() != before:
            raise ConfigError(f"{path} was changed meanwhile", about=str(path), hint="try again")
        os.chmod(name, path.stat().st_mode & 0o7777)
        os.replace(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
