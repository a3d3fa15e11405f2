"""A whole article as the embedded index keeps it to be shown: compressed JSON,
never searched.

The engine's own compression (LZ4) takes a third more room, and more time where
it has to look at the whole text. Knows documents; knows no engine.
"""

from __future__ import annotations

import threading
from typing import Any

import orjson
import zstandard

from monitor.types.output import Document

# of 22: the quickest takes a tenth less time, and a twentieth more room
_LEVEL = 3


class _Own(threading.local):
    """What works on one text at a time, once for each thread: making it costs
    like using it.
    """

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=_LEVEL).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_own = _Own()


def pack_original(document: Document) -> bytes:
    """Raises TypeError for values that no field can hold."""
    written = orjson.dumps(
        {**dict(document.fields), "doc_id": document.doc_id}
    )
    return _own.compress(written)


def unpack_original(packed: bytes) -> dict[str, Any]:
    """The fields of an article. Raises ValueError for what is damaged."""
    try:
        fields: dict[str, Any] = orjson.loads(_own.decompress(packed))
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error
    return fields
