"""HTTP answers to begin from: every framing with every coding, header tricks,
bombs; and a wire that hands an answer over in whatever pieces a server may
send it.
"""

from __future__ import annotations

import functools
import gzip
import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence

import brotli
import zstandard

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.request_budget import Bounds
from monitor.fetch.transport.wire import Wire
from monitor.types.web import FailureKind

RSS = (
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>Blatt</title><item><title>Rat tagt"
    b"</title><guid>1</guid></item></channel></rss>"
)
HUGE = 30_000_000
"""Bytes of a bomb: three hundred times what may come out."""

Coder = Callable[[bytes], bytes]


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


CODINGS: Mapping[str, Coder] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate, identity": _raw_deflate,
    "br": lambda body: brotli.compress(body, quality=1),
    "zstd": zstandard.ZstdCompressor().compress,
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body)),
    "gzip, br": lambda body: brotli.compress(gzip.compress(body), quality=1),
    "br, zstd, gzip, deflate": lambda body: zlib.compress(gzip.compress(body)),
    "GZIP,": gzip.compress,
    "rot13": bytes,
}
"""What Content-Encoding says, and what the body is; the last ones do not fit.
"""


def _chunked(
    body: bytes, size: int, *, extension: bytes = b"", trailer: bytes = b""
) -> bytes:
    cut = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = [
        b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in cut
    ]
    return b"".join(chunks) + b"0\r\n" + trailer + b"\r\n"


def _with_length(difference: int) -> Callable[[bytes], tuple[bytes, bytes]]:
    return lambda body: (
        b"Content-Length: %d\r\n" % max(0, len(body) + difference),
        body,
    )


CHUNKED = b"Transfer-Encoding: chunked\r\n"
FRAMINGS: tuple[Callable[[bytes], tuple[bytes, bytes]], ...] = (
    _with_length(0),
    _with_length(-20),
    _with_length(+20),
    lambda body: (b"", body),
    lambda body: (CHUNKED, _chunked(body, 40)),
    lambda body: (CHUNKED, _chunked(body, 1)),
    lambda body: (
        CHUNKED,
        _chunked(body, 60, extension=b";a=b", trailer=b"X: y\r\n"),
    ),
    lambda body: (CHUNKED, _chunked(body, 60)[:-5]),
    lambda body: (CHUNKED, _chunked(body, 60).replace(b"\r\n", b"\n")),
    lambda body: (CHUNKED + b"Content-Length: 5\r\n", _chunked(body, 60)),
    lambda body: (b"Transfer-Encoding: gzip, chunked\r\n", _chunked(body, 60)),
    lambda body: (CHUNKED, b"%x\r\n%s" % (len(body) + 9, body)),
)
HEADS: tuple[bytes, ...] = (
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 200\r\nDate: Sat, 28 Nov 2026 12:00:00 GMT\r\nAge: 9999999999999\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\nX: a\r\n  folded\r\n\tagain\r\nSet-Cookie: a=b\r\nSet-Cookie: \xff\xfe\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type : text/xml\r\nno colon\r\n: no name\r\nX-\xe4: y\r\nN: a\0b\r\n",
    b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: +5\r\nETag: "a\x01"\r\n',
    b"HTTP/1.1 301 Moved\r\nLocation: http://\xc3\xbc.de:99999/%zz?\xff#\r\n",
    b"HTTP/1.1 429 Slow\r\nRetry-After: Sat, 99 Nov 2026 12:00:00 GMT\r\n",
    b"HTTP/1.1 503 Away\r\nRetry-After: 999999999999999999999999\r\nDate: 1\r\n",
    b'HTTP/1.1 200 OK\r\nCache-Control: max-age="1, no-cache=, s-maxage=-1,,,\r\nExpires: 0\r\n',
    b'HTTP/1.1 304 Not Modified\r\nETag: W/""\r\nLast-Modified: gestern\r\n',
    b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 300,
    b"HTTP/1.1 403 No\r\ncf-mitigated: challenge\r\n",
)


def _answer(head: bytes, coding: str, body: bytes, framing: int) -> bytes:
    more, framed = FRAMINGS[framing](body)
    coded = b"Content-Encoding: %s\r\n" % coding.encode() if coding else b""
    return head + coded + more + b"\r\n" + framed


@functools.cache
def made_answers() -> tuple[bytes, ...]:
    """Each coding, framing and head, with the others at their turn; and bombs
    of each coding.
    """
    plain = [
        _answer(HEADS[0], coding, pack(RSS), framing)
        for coding, pack in CODINGS.items()
        for framing in range(len(FRAMINGS))
    ]
    odd = [
        _answer(head, "gzip", gzip.compress(RSS), framing)
        for head in HEADS
        for framing in (0, 4)
    ]
    zeros = bytes(HUGE)
    packed = {
        coding: CODINGS[coding](zeros)
        for coding in ("gzip", "deflate", "br", "zstd")
    }
    packed["gzip, gzip"] = gzip.compress(packed["gzip"])
    bombs = [
        _answer(HEADS[0], coding, body, framing)
        for coding, body in packed.items()
        for framing in (0, 3, 4)
    ]
    members = gzip.compress(b"<a>" * 1000) * 400
    return (*plain, *odd, *bombs, _answer(HEADS[0], "gzip", members, 0))


class PlayedWire(Wire):
    """An open connection over which these pieces come, and then its end; None
    is a moment in which nothing comes. With `dies`, time runs out instead of
    the end.
    """

    def __init__(
        self,
        pieces: Sequence[bytes | None],
        bounds: Bounds,
        *,
        dies: bool = False,
    ) -> None:
        self._pieces = list(reversed(pieces))
        self._left = bounds
        self._dies = dies
        self.proxied, self.proxy_authorization = False, None

    def send(self, data: bytes) -> None:
        """Asked."""

    def receive(self) -> bytes:
        while self._pieces:
            piece = self._pieces.pop()
            if piece:
                self._left.take(len(piece))
                return piece
        if self._dies:
            raise RequestFailed(
                FailureKind.TIMEOUT, "time ran out while answering"
            )
        return b""

    def pending(self, wait: float) -> bytes:
        piece = self._pieces.pop() if self._pieces else b""
        if piece:
            self._left.take(len(piece))
        return piece or b""


def in_pieces(body: bytes, chance: random.Random) -> Iterator[bytes | None]:
    """The bytes as a slow server may send them: few or many at once, now and
    then nothing.
    """
    at = 0
    while at < len(body):
        size = chance.choice((1, 2, 17, 500, 9_000))
        yield body[at : at + size]
        at += size
        if chance.random() < 0.05:
            yield None
