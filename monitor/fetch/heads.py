"""Feeds an answer to h11, its head made well-formed first, as browsers and curl put up with it.

h11 refuses a whole answer for one odd header line. A feed must not be lost over a line that nobody needs: such lines
are left out. Knows no meaning of any header.
"""

from __future__ import annotations

import re

import h11

from monitor.fetch.connection import Wire
from monitor.fetch.failure import RequestFailed
from monitor.types.web import FailureKind

MOST_HEADER_BYTES = 64 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)", re.DOTALL)
_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\r\n")


class Incoming:
    """What comes in on `wire`, for `protocol`."""

    def __init__(self, wire: Wire, protocol: h11.Connection) -> None:
        self._wire = wire
        self._protocol = protocol
        self._held = bytearray()

    def feed(self) -> None:
        """Give the protocol its next bytes. Raises RequestFailed."""
        if self._protocol.their_state is h11.SEND_RESPONSE:
            self._protocol.receive_data(_well_formed(self._head()))
            return
        data = bytes(self._held) or self._wire.receive()
        self._held.clear()
        self._protocol.receive_data(data)

    def surplus(self) -> bytes:
        """What has come beyond the end of the answer."""
        return self._protocol.trailing_data[0] or bytes(self._held) or self._wire.pending()

    def _head(self) -> bytes:
        while (end := _END_OF_HEAD.search(self._held)) is None and len(self._held) <= MOST_HEADER_BYTES:
            data = self._wire.receive()
            if not data:
                raise RequestFailed(FailureKind.PROTOCOL, "connection closed without a complete answer")
            self._held += data
        if end is None or end.end() > MOST_HEADER_BYTES:
            raise RequestFailed(FailureKind.PROTOCOL, f"more than {MOST_HEADER_BYTES} bytes of headers")
        head = bytes(self._held[: end.end()])
        del self._held[: end.end()]
        return head


def _well_formed(head: bytes) -> bytes:
    """The same head without lines that are no header fields. What is kept keeps its bytes, but for controls."""
    first, *lines = head.translate(None, _CONTROLS).split(b"\n")
    kept = [first.rstrip(b"\r")]
    folds_on = False
    for raw in lines:
        line = raw.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t"):
            if folds_on and b"\r" not in line:
                kept.append(line)
            continue
        field = _FIELD.fullmatch(line)
        folds_on = field is not None and b"\r" not in line
        if field is not None and folds_on:
            kept.append(field[1] + b":" + field[2])
    return b"\r\n".join([*kept, b"", b""])
