"""Content codings (gzip, deflate, br, zstd), undone piece by piece so that no
bomb is ever unpacked whole.

Every decoder hands out bounded pieces; `BodyDecoder` counts them against the
limits. Servers lie about codings: what plainly is text is taken as it is, and
gzip that nobody named (a sitemap.xml.gz, a body packed twice) is unpacked.
Knows no HTTP beyond the name of a coding.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli
import zstandard

from monitor.fetch.failure import RequestFailed
from monitor.types.web import FailureKind, Limits, Retry

ACCEPTED = "gzip, deflate, br, zstd"
_PIECE = 256 * 1024
# a zstd block of 4 bytes can hold 128 KiB of output, and the library gives all
# output at once
_ZSTD_SLICE = 128
# what RFC 9659 asks of every decoder on the web
_ZSTD_WINDOW = 8 * 1024 * 1024
_MOST_CODINGS = 2
# What servers write here although nothing is coded, mostly out of confusion
# with a charset; browsers overlook it.
_NO_CODING = frozenset(
    {
        "",
        "identity",
        "none",
        "binary",
        "8bit",
        "chunked",
        "utf-8",
        "utf8",
        "iso-8859-1",
    }
)
_RATIO_JUDGED_FROM = 1024 * 1024
_TELLING = 64  # first bytes by which data is told from text
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<[?!a-z]|[{\[]\s*[\"{])", re.IGNORECASE
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MAGIC = {
    "gzip": b"\x1f\x8b",
    "x-gzip": b"\x1f\x8b",
    "zstd": b"\x28\xb5\x2f\xfd",
}
_UNNAMED_GZIP = b"\x1f\x8b\x08"
_GZIP_WRAPPER = 16 + zlib.MAX_WBITS


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """The output for `data`, in pieces of bounded size."""
        ...

    @property
    def complete(self) -> bool:
        """True where the stream has ended as its format says."""
        ...


class _Deflate:
    """gzip, also of several members, and deflate, with its zlib wrapper or
    (against the standard) without.
    """

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._engine = zlib.decompressobj(_GZIP_WRAPPER) if gzip else None
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._engine is None:
                wrapped = data[0] & 0x0F == 8 and data[0] >> 4 <= 7
                self._engine = zlib.decompressobj(
                    zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS
                )
            if self._engine.eof:
                # Padding after the end is common and harmless; only another
                # gzip member means more content.
                if not self._gzip or not data.startswith(b"\x1f"):
                    return
                self._engine = zlib.decompressobj(_GZIP_WRAPPER)
            self._started = True
            before = self._engine.copy()
            try:
                piece = self._engine.decompress(data, _PIECE)
            except zlib.error:
                yield from _salvaged(before, data)
                raise
            data = (
                self._engine.unused_data
                if self._engine.eof
                else self._engine.unconsumed_tail
            )
            if piece:
                yield piece

    @property
    def complete(self) -> bool:
        return not self._started or (
            self._engine is not None and self._engine.eof
        )


def _salvaged(engine: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """What zlib had unpacked when it met the fault, which it keeps to itself:
    a wrong checksum stands behind it all.
    """
    for number in range(len(data)):
        part = data[number : number + 1]
        while part:
            try:
                piece = engine.decompress(part, _PIECE)
            except zlib.error:
                return
            part = engine.unconsumed_tail
            if piece:
                yield piece


class _Brotli:
    def __init__(self) -> None:
        self._engine = brotli.Decompressor()
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        if self._engine.is_finished():
            return
        piece = self._engine.process(data, output_buffer_limit=_PIECE)
        while piece or not self._engine.can_accept_more_data():
            yield piece
            if self._engine.is_finished():
                return
            piece = self._engine.process(b"", output_buffer_limit=_PIECE)

    @property
    def complete(self) -> bool:
        return not self._started or bool(self._engine.is_finished())


class _Zstandard:
    """zstd, also of several frames."""

    def __init__(self) -> None:
        self._engine: zstandard.ZstdDecompressionObj | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_SLICE):
            part = data[start : start + _ZSTD_SLICE]
            while part:
                if self._engine is None or self._engine.eof:
                    self._engine = zstandard.ZstdDecompressor(
                        max_window_size=_ZSTD_WINDOW
                    ).decompressobj()
                piece = self._engine.decompress(part)
                part = self._engine.unused_data if self._engine.eof else b""
                if piece:
                    yield piece

    @property
    def complete(self) -> bool:
        return self._engine is None or self._engine.eof


def _decoder(coding: str) -> _Decoder:
    if coding in ("gzip", "x-gzip"):
        return _Deflate(gzip=True)
    if coding == "deflate":
        return _Deflate(gzip=False)
    if coding == "br":
        return _Brotli()
    if coding == "zstd":
        return _Zstandard()
    raise RequestFailed(
        FailureKind.DECODING,
        f"content coding {coding!r} is unknown",
        retry=Retry.PERMANENT,
    )


class _Stage:
    """One coding undone, unless the data says by itself that it was never
    applied.

    "" undoes gzip that is there.
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._held = b""
        self._plain = False
        self._decoder: _Decoder | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The output for `data`, in pieces of bounded size, once its beginning
        is known.
        """
        if self._plain:
            yield data
        elif self._decoder is not None:
            yield from self._decoder.feed(data)
        else:
            self._held += data
            if len(self._held) >= _TELLING:
                yield from self.begin()

    def begin(self) -> Iterator[bytes]:
        """The output for what was held back until now, if anything was."""
        data, self._held = self._held, b""
        if not data:
            return
        self._plain = self._is_plain(data)
        if not self._plain:
            self._decoder = _decoder(self._coding or "gzip")
        yield from self.feed(data)

    def _is_plain(self, data: bytes) -> bool:
        if not self._coding:
            return not data.startswith(_UNNAMED_GZIP)
        if _NO_TEXT.search(data[:_TELLING]):
            return False
        magic = _MAGIC.get(self._coding)
        return (
            not data.startswith(magic[: len(data)])
            if magic
            else _MARKUP.match(data) is not None
        )

    @property
    def complete(self) -> bool:
        """True where the stream has ended as its format says."""
        return self._decoder is None or self._decoder.complete


class BodyDecoder:
    """Decodes one body under `limits`.

    Raises RequestFailed at the first piece that goes beyond them.
    """

    def __init__(self, content_encoding: str, limits: Limits) -> None:
        codings = [
            coding.strip().lower() for coding in content_encoding.split(",")
        ]
        codings = [coding for coding in codings if coding not in _NO_CODING]
        if len(codings) > _MOST_CODINGS:
            detail = f"coded {len(codings)} times over: {content_encoding}"
            raise RequestFailed(
                FailureKind.DECODING, detail, retry=Retry.PERMANENT
            )
        self._stages = [*map(_Stage, reversed(codings)), _Stage("")]
        self._made = [0] * len(self._stages)
        self._names = ", ".join(codings) or "gzip"
        self._limits = limits
        self._taken = 0
        self._pieces: list[bytes] = []
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Take the next part of the body as it came over the wire."""
        self._taken += len(data)
        self._keep(self._through(0, data))

    def finish(self) -> bytes:
        """The whole body. Raises RequestFailed where a coding ended early."""
        for number, stage in enumerate(self._stages):
            self._keep(self._counted(number, stage.begin()))
        if not all(stage.complete for stage in self._stages):
            raise RequestFailed(
                FailureKind.DECODING, f"{self._names} data ends early"
            )
        return self.so_far()

    def so_far(self) -> bytes:
        """What is decoded by now, complete or not."""
        return b"".join(self._pieces)

    def salvage(self) -> bytes:
        """All that can be had of a body that broke off.

        Raises RequestFailed only beyond the limits.
        """
        for number, stage in enumerate(self._stages):
            try:
                self._keep(self._counted(number, stage.begin()))
            except RequestFailed as failed:
                if failed.retry is Retry.PERMANENT:
                    raise
        return self.so_far()

    def _keep(self, pieces: Iterator[bytes]) -> None:
        try:
            for piece in pieces:
                self.size += len(piece)
                if self.size > self._limits.decoded_bytes:
                    raise self._too_large()
                self._pieces.append(piece)
        except (zlib.error, brotli.error, zstandard.ZstdError) as broken:
            raise RequestFailed(
                FailureKind.DECODING, f"broken {self._names} data: {broken}"
            ) from broken

    def _through(self, number: int, data: bytes) -> Iterator[bytes]:
        if number == len(self._stages):
            yield data
        elif data:
            yield from self._counted(number, self._stages[number].feed(data))

    def _counted(
        self, number: int, pieces: Iterator[bytes]
    ) -> Iterator[bytes]:
        for piece in pieces:
            # Each stage is counted, so that an inner bomb cannot hide behind
            # an outer coding.
            self._made[number] += len(piece)
            self._judge(self._made[number])
            yield from self._through(number + 1, piece)

    def _judge(self, made: int) -> None:
        if made > self._limits.decoded_bytes:
            raise self._too_large()
        if (
            made > _RATIO_JUDGED_FROM
            and made > self._limits.ratio * self._taken
        ):
            detail = (
                f"{self._names} data grows more than {self._limits.ratio}-fold"
            )
            raise RequestFailed(
                FailureKind.DECODING, detail, retry=Retry.PERMANENT
            )

    def _too_large(self) -> RequestFailed:
        detail = f"more than {self._limits.decoded_bytes} bytes once decoded"
        return RequestFailed(
            FailureKind.TOO_LARGE, detail, retry=Retry.PERMANENT
        )
