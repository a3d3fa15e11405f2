"""Takes the framing off a chunked body that breaks the rules of RFC 9112,
section 7.1.

Seen in the wild: a bare LF behind the size, sizes written "0x1f", sizes
counted in characters, a line that is no size, and no framing at all. h11
refuses them all, for good reasons where connections are used again; we hang up
after each answer. Knows no coding and no document: whether what is left is a
whole document is judged elsewhere.
"""

from __future__ import annotations

import re

_SIZE = rb"(?:0x)?([0-9a-f]{1,8})[ \t]*(?:;[^\n]{0,300})?\r?\n"
_HEADER = re.compile(rb"[\r\n]*" + _SIZE, re.IGNORECASE)
_BEHIND = re.compile(rb"(?:\r?\n){1,3}" + _SIZE, re.IGNORECASE)
_CONFIRMED = re.compile(rb"[\r\n]*(?:" + _SIZE + rb"|\Z)", re.IGNORECASE)
_SOMEWHERE = re.compile(rb"\r?\n" + _SIZE, re.IGNORECASE)
# nothing or "xx" instead of a size
_NO_SIZE = re.compile(rb"\r?\n(?:[\w.-]{1,16}(?:\r?\n|\Z))?")
_LAST = re.compile(
    rb"\n(?:0x)?0+[ \t]*(?:;[^\n]{0,300})?\r?\n\s*\Z", re.IGNORECASE
)
_TAIL = 400


def is_chunked_to_its_end(raw: bytes | bytearray) -> bool:
    """True where the last chunk, of size 0, has come."""
    return _LAST.search(bytes(raw[-_TAIL:])) is not None


def without_chunk_framing(raw: bytes) -> bytes:
    """The body in `raw`, which is all of it where it has no framing."""
    header = _HEADER.match(raw)
    if header is None:
        return raw
    parts: list[bytes] = []
    while header is not None and (size := int(header[1], 16)):
        start = header.end()
        header = _next_header(raw, start, size)
        part = (
            _last_part(raw, start, size)
            if header is None
            else raw[start : header.start()]
        )
        parts.append(part)
    return b"".join(parts)


def _next_header(raw: bytes, start: int, size: int) -> re.Match[bytes] | None:
    """The next size: behind as many bytes as were announced, else on the next
    line that looks like one.
    """
    if behind := _BEHIND.match(raw, start + size):
        return behind
    glued = _HEADER.match(raw, start + size)
    if glued and _CONFIRMED.match(raw, glued.end() + int(glued[1], 16)):
        return glued
    return _SOMEWHERE.search(raw, start)


def _last_part(raw: bytes, start: int, size: int) -> bytes:
    """The rest, without a line that should have been a size and is none."""
    wrong = _NO_SIZE.match(raw, start + size)
    if wrong is None:
        return raw[start:]
    return raw[start : wrong.start()] + raw[wrong.end() :]
