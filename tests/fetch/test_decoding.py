from __future__ import annotations

import contextlib
import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.content_coding import BodyDecoder
from monitor.types.web import FailureKind, Limits

TEXT = ("Der Kreis Herford meldet: Straße gesperrt. " * 400).encode()
NOISE = random.Random(5).randbytes(40_000)


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd,
}


def decode(
    coding: str, wire: bytes, *, step: int = 1000, limits: Limits = Limits()
) -> bytes:
    decoder = BodyDecoder(coding, limits)
    for start in range(0, len(wire), step):
        decoder.feed(wire[start : start + step])
    return decoder.finish()


def check_fails(
    coding: str,
    wire: bytes,
    kind: FailureKind,
    *,
    limits: Limits = Limits(),
    step: int = 1000,
) -> None:
    with pytest.raises(RequestFailed) as failed:
        decode(coding, wire, limits=limits, step=step)
    assert failed.value.kind is kind


@pytest.mark.parametrize("step", [1, 7, 1000, 10**9])
@pytest.mark.parametrize("coding", CODINGS)
def test_every_coding_gives_the_content_back(coding: str, step: int) -> None:
    for content in (TEXT, NOISE, b"x"):
        assert decode(coding, CODINGS[coding](content), step=step) == content


def test_names_that_servers_use() -> None:
    assert decode("", TEXT) == TEXT
    assert decode("identity", TEXT) == TEXT
    assert decode("UTF-8", TEXT) == TEXT
    assert decode("X-GZIP", gzip.compress(TEXT)) == TEXT
    assert decode("deflate", raw_deflate(TEXT)) == TEXT


def test_an_empty_body_may_carry_any_coding() -> None:
    for coding in CODINGS:
        assert decode(coding, b"") == b""


def test_members_and_frames_follow_each_other() -> None:
    assert (
        decode("gzip", gzip.compress(TEXT) + gzip.compress(NOISE))
        == TEXT + NOISE
    )
    assert decode("zstd", zstd(TEXT) + zstd(NOISE)) == TEXT + NOISE


def test_padding_after_the_end_is_ignored() -> None:
    assert decode("gzip", gzip.compress(TEXT) + b"\0" * 50) == TEXT


def test_two_codings_are_undone_in_order_and_three_are_too_many() -> None:
    assert decode("br, gzip", gzip.compress(brotli.compress(TEXT))) == TEXT
    check_fails("gzip, gzip, gzip", b"", FailureKind.DECODING)
    check_fails("gzip, rot13", NOISE, FailureKind.DECODING)


FEED = (
    b'<?xml version="1.0"?><rss><channel><title>'
    + TEXT
    + b"</title></channel></rss>"
)


@pytest.mark.parametrize("step", [1, 50, 10**9])
@pytest.mark.parametrize(
    ("named", "wire", "expected"),
    [
        ("gzip", FEED, FEED),
        ("gzip", b"User-agent: *\nDisallow: /", b"User-agent: *\nDisallow: /"),
        ("br", FEED, FEED),
        ("deflate", b"\xef\xbb\xbf\n" + FEED, b"\xef\xbb\xbf\n" + FEED),
        ("zstd", b'{"version": 1}', b'{"version": 1}'),
        ("br", b"[{}]", b"[{}]"),
        ("foo", FEED, FEED),
        ("gzip, gzip", gzip.compress(FEED), FEED),
        ("gzip", gzip.compress(gzip.compress(FEED)), FEED),
        ("", gzip.compress(FEED), FEED),
        ("br", brotli.compress(gzip.compress(FEED)), FEED),
        ("", b"\x1f\x8b", b"\x1f\x8b"),
        ("", b"x", b"x"),
    ],
)
def test_what_servers_say_of_codings_may_be_wrong(
    named: str, wire: bytes, expected: bytes, step: int
) -> None:
    assert decode(named, wire, step=step) == expected


def test_unnamed_gzip_has_the_same_limits() -> None:
    bomb_of_one_letter = gzip.compress(b"A" * (64 << 20))
    check_fails("", bomb_of_one_letter, FailureKind.DECODING)
    check_fails("", gzip.compress(NOISE)[:-4], FailureKind.DECODING)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_that_ends_early_is_no_content(coding: str) -> None:
    wire = CODINGS[coding](NOISE)
    for length in (1, 3, len(wire) // 2, len(wire) - 1):
        check_fails(coding, wire[:length], FailureKind.DECODING)


@pytest.mark.parametrize("coding", CODINGS)
@given(data=st.binary(min_size=1, max_size=300))
def test_rubbish_is_a_failure_or_content_and_never_anything_else(
    coding: str, data: bytes
) -> None:
    with contextlib.suppress(RequestFailed):
        assert isinstance(decode(coding, data), bytes)


def bomb(coding: str, size: int) -> bytes:
    """`size` bytes of the same letter."""
    if coding == "zstd":
        engine = zstandard.ZstdCompressor(level=19).compressobj()
        return b"".join(
            [
                *(
                    engine.compress(b"A" * (1 << 20))
                    for _ in range(size >> 20)
                ),
                engine.flush(),
            ]
        )
    letters = b"A" * size
    return (
        brotli.compress(letters, quality=5)
        if coding == "br"
        else CODINGS[coding](letters)
    )


@pytest.mark.slow
@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_never_unpacked(coding: str) -> None:
    wire = bomb(coding, 48 << 20)
    tracemalloc.start()
    try:
        check_fails(coding, wire, FailureKind.DECODING, step=65536)
        check_fails(
            coding,
            wire,
            FailureKind.TOO_LARGE,
            step=65536,
            limits=Limits(ratio=10**9),
        )
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_a_bomb_inside_another_coding_is_counted_where_it_bursts() -> None:
    twice = gzip.compress(gzip.compress(bomb("gzip", 64 << 20)))
    check_fails(
        "gzip, gzip",
        gzip.compress(bomb("gzip", 64 << 20)),
        FailureKind.DECODING,
    )
    assert len(twice) < 100_000


def test_the_ratio_is_judged_only_above_a_mebibyte() -> None:
    small = b"A" * (1 << 20)
    assert decode("gzip", gzip.compress(small)) == small


def test_the_limit_holds_without_any_coding() -> None:
    check_fails(
        "",
        b"x" * 1001,
        FailureKind.TOO_LARGE,
        limits=Limits(decoded_bytes=1000),
    )
    assert (
        decode("", b"x" * 1000, limits=Limits(decoded_bytes=1000))
        == b"x" * 1000
    )
