"""Feeds an answer to h11, its head made well-formed first, as browsers and
curl put up with it.

h11 refuses a whole answer for one odd header line. A feed must not be lost
over a line that nobody needs: such lines are left out. Knows no meaning of any
header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import h11

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.chunk_framing import (
    is_chunked_to_its_end,
    without_chunk_framing,
)
from monitor.fetch.transport.completeness import has_end, may_be_a_document
from monitor.fetch.transport.wire import Wire
from monitor.types.web import FailureKind, Retry

MOST_HEADER_BYTES = 64 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)", re.DOTALL)
_LENGTH = re.compile(
    rb"^content-length[ \t]*:([^\n]*)\n", re.IGNORECASE | re.MULTILINE
)
_MOST_DIGITS = 20  # as in h11
_STATUS_LINE = re.compile(rb"http/[\d.]{1,5}(?= \d{3}(?: |$))", re.IGNORECASE)
_CONTROLS = bytes(
    code for code in (*range(0x20), 0x7F) if code not in b"\t\r\n"
)


class Incoming:
    """What comes in on `wire`, for `protocol`."""

    def __init__(self, wire: Wire, protocol: h11.Connection) -> None:
        self._wire = wire
        self._protocol = protocol
        self._held = bytearray()
        self._raw_body: bytearray | None = None
        # True: the answer's length cannot be read, or is two lengths; it
        # was left out
        self.length_is_void = False

    def feed(self) -> None:
        """Give the protocol its next bytes. Raises RequestFailed."""
        if self._protocol.their_state is h11.SEND_RESPONSE:
            head = self._head()
            self.length_is_void = _is_void(head)
            self._protocol.receive_data(
                _well_formed(
                    _LENGTH.sub(b"", head) if self.length_is_void else head
                )
            )
            return
        data = bytes(self._held) or self._wire.receive()
        self._held.clear()
        if self._raw_body is not None:
            self._raw_body += data
        self._protocol.receive_data(data)

    def keep_raw_body(self) -> None:
        """Keep the body as it comes, for a second reading; to be called before
        its first byte.
        """
        self._raw_body = bytearray()

    def raw_body_to_its_end(self, *, wait: float) -> bytes:
        """The kept body, with what still comes; where its end seems to be
        there, `wait` seconds for more.
        """
        body = self._raw_body or bytearray()
        try:
            while not is_chunked_to_its_end(body) and _is_worth_reading(body):
                data = (
                    self._wire.pending(wait)
                    if has_end(body)
                    else self._wire.receive()
                )
                if not data:
                    break
                body += data
        except RequestFailed as failed:
            if failed.retry is Retry.PERMANENT:
                raise
        return bytes(body)

    def surplus(self, *, wait: float) -> Iterator[bytes]:
        """What comes beyond the end of the answer, up to the end of the
        connection. Raises RequestFailed.

        Nothing where only padding or another answer follows, or nothing begins
        to come within `wait` seconds.
        """
        data = self._protocol.trailing_data[0] + bytes(
            self._held
        ) or self._wire.pending(wait)
        if not data.strip(b"\r\n\0 ") or data.lstrip().startswith(b"HTTP/"):
            return
        while data:
            yield data
            data = self._wire.receive()

    def _head(self) -> bytes:
        while (end := _END_OF_HEAD.search(self._held)) is None and len(
            self._held
        ) <= MOST_HEADER_BYTES:
            data = self._wire.receive()
            if not data:
                raise RequestFailed(
                    FailureKind.PROTOCOL,
                    "connection closed without a complete answer",
                )
            self._held += data
            if self._held[:1].isspace():  # what an earlier script printed
                self._held = self._held.lstrip(b"\r\n")
        if end is None or end.end() > MOST_HEADER_BYTES:
            raise RequestFailed(
                FailureKind.PROTOCOL,
                f"more than {MOST_HEADER_BYTES} bytes of headers",
            )
        head = bytes(self._held[: end.end()])
        del self._held[: end.end()]
        return head


def _is_worth_reading(raw: bytearray) -> bool:
    """False where the framing is broken so that nothing but rubbish has come
    for long.
    """
    if len(raw) <= MOST_HEADER_BYTES:
        return True
    return may_be_a_document(
        without_chunk_framing(bytes(raw[:MOST_HEADER_BYTES]))
    )


def _well_formed(head: bytes) -> bytes:
    """The same head without lines that are no header fields.

    What is kept keeps its bytes, but for controls.
    """
    first, *lines = head.translate(None, _CONTROLS).split(b"\n")
    kept = [_STATUS_LINE.sub(_version, first.rstrip(b"\r"), count=1)]
    folds_on = chunked = False
    for raw in lines:
        line = raw.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t"):
            if folds_on and b"\r" not in line:
                kept.append(line)
            continue
        field = _FIELD.fullmatch(line)
        folds_on = field is not None and b"\r" not in line
        if field is not None and folds_on:
            value = _framing(field[1].lower(), field[2], chunked=chunked)
            chunked = chunked or (
                field[1].lower() == b"transfer-encoding" and value is not None
            )
            folds_on = value is not None
            if value is not None:
                kept.append(field[1] + b":" + value)
    return b"\r\n".join([*kept, b"", b""])


def _is_void(head: bytes) -> bool:
    lengths = {
        part.strip()
        for value in _LENGTH.findall(head)
        for part in value.split(b",")
    } - {b""}
    return len(lengths) > 1 or any(
        not length.isdigit() or len(length) > _MOST_DIGITS
        for length in lengths
    )


def _version(found: re.Match[bytes]) -> bytes:
    """What scripts write before their status: whatever it says, it came as
    HTTP/1.
    """
    return b"HTTP/1.0" if found[0][5:] == b"1.0" else b"HTTP/1.1"


def _framing(name: bytes, value: bytes, *, chunked: bool) -> bytes | None:
    """The value as h11 takes it; None for a length or coding that says
    nothing, or nothing new, as proxies write it.
    """
    if name == b"content-length":
        return value if value.strip() else None
    if name != b"transfer-encoding":
        return value
    codings = {coding.strip().lower() for coding in value.split(b",")} - {
        b"",
        b"identity",
    }
    if codings == {b"chunked"}:
        return None if chunked else b" chunked"
    return value if codings else None
