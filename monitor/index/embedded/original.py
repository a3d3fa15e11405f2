"""A whole article as the embedded index keeps it to be shown, never searched,
in two records: what a list without marks shows, and the rest, compressed.

Most of a list's time went into unpacking texts of which it shows two lines.
The first record is plain JSON: the engine's own compression (LZ4) sees several
articles at once, and so has their common names. The rest would take a third
more room with that. Knows documents; knows no engine.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import orjson
import zstandard

from monitor.index.compiler.search_question import IN_SNIPPET, SHOWN
from monitor.index.highlight import WINDOW
from monitor.types.output import Document

# of 22: the third takes a fifth more time, and a fortieth less room
_LEVEL = 1
_BEGINNING = WINDOW + 20
"""Characters of the text that a snippet without marks begins with, and some
to tell that it goes on.
"""
_FACTS = frozenset(SHOWN) - frozenset(IN_SNIPPET)


class _Own(threading.local):
    """What works on one text at a time, once for each thread: making it costs
    like using it.
    """

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=_LEVEL).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_own = _Own()


class Packed(NamedTuple):
    """The two records of an article. A text may begin in `shown` and go on in
    `rest`.
    """

    shown: bytes
    rest: bytes


def pack_original(document: Document) -> Packed:
    """Raises TypeError for values that no field can hold."""
    shown: dict[str, Any] = {"doc_id": document.doc_id}
    rest: dict[str, Any] = {}
    for name, value in document.fields:
        (shown if name in _FACTS else rest)[name] = value
    for name in IN_SNIPPET:
        if text := rest.get(name):
            shown[name], rest[name] = _parted(text)
            break
    return Packed(orjson.dumps(shown), _own.compress(orjson.dumps(rest)))


def _parted(text: str) -> tuple[str, str]:
    """The beginning, from which a snippet without marks is the same as from
    the whole, and what follows.
    """
    beginning = text[:_BEGINNING]
    if beginning[WINDOW:].isspace():
        return text, ""
    return beginning, text[_BEGINNING:]


def unpack_shown(shown: bytes) -> dict[str, Any]:
    """What `to_hit` reads where nothing is marked: of texts only the first,
    and of that one the beginning. Raises ValueError for what is damaged.
    """
    fields: dict[str, Any] = orjson.loads(shown)
    return fields


def unpack_original(packed: Packed) -> dict[str, Any]:
    """The fields of an article. Raises ValueError for what is damaged."""
    shown = unpack_shown(packed.shown)
    try:
        rest: dict[str, Any] = orjson.loads(_own.decompress(packed.rest))
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error
    for name in shown.keys() & rest.keys():
        rest[name] = shown[name] + rest[name]
    return shown | rest
