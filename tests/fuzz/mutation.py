"""Inputs bent at random: bytes flipped, cut, doubled, moved, or taken from a
neighbour.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

MOST_BYTES = 200_000
WORDS = (
    b"<", b">", b"&", b'"', b"'", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"</", b"\0", b"&#x;",
    b"&#0;", b"&#xD800;", b"\xff\xfe", b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80", b"\xcc\x88", b"\r", b"\n",
    b"\r\n\r\n", b"\t", b"-1", b"0", b"99999999999999999999", b"1e999", b"NaN", b"null", b"{", b"}", b"[",
    b"]", b":", b"- ", b"&a ", b"*a", b"<<: *a", b"!!python/object:x", b"? ", b"|", b"%", b"%00", b"(",
    b")", b"*", b"~", b"^", b"\\", b"NEAR/3", b"NOT", b" AND ", b" OR ", b"2026-02-30", b"http://[",
    b"https://a.de:99999/", b"javascript:", b"chunked", b"gzip", b"Content-Length: 5", b"\xe2\x80\xae",
)  # fmt: skip
"""What parsers stumble over, of all languages at once."""

Step = Callable[[bytearray, random.Random, bytes], None]


def mutated(
    body: bytes, chance: random.Random, others: Sequence[bytes]
) -> bytes:
    """One to eight steps away from `body`; `others` lend pieces."""
    raw = bytearray(body[:MOST_BYTES])
    for _ in range(chance.randint(1, 8)):
        chance.choice(STEPS)(raw, chance, chance.choice(others))
    return bytes(raw[:MOST_BYTES])


def _span(raw: bytes | bytearray, chance: random.Random) -> slice:
    start = chance.randrange(len(raw) + 1)
    return slice(
        start, start + min(chance.choice((1, 4, 30, 300)), len(raw) - start)
    )


def _flip(raw: bytearray, chance: random.Random, other: bytes) -> None:
    if raw:
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def _delete(raw: bytearray, chance: random.Random, other: bytes) -> None:
    del raw[_span(raw, chance)]


def _repeat(raw: bytearray, chance: random.Random, other: bytes) -> None:
    span = _span(raw, chance)
    raw[span.start : span.start] = raw[span] * chance.choice((1, 2, 100))


def _move(raw: bytearray, chance: random.Random, other: bytes) -> None:
    piece = bytes(raw[_span(raw, chance)])
    at = chance.randrange(len(raw) + 1)
    raw[at:at] = piece


def _insert(raw: bytearray, chance: random.Random, other: bytes) -> None:
    at = chance.randrange(len(raw) + 1)
    raw[at:at] = chance.choice(WORDS)


def _noise(raw: bytearray, chance: random.Random, other: bytes) -> None:
    at = chance.randrange(len(raw) + 1)
    raw[at:at] = chance.randbytes(chance.randint(1, 20))


def _borrow(raw: bytearray, chance: random.Random, other: bytes) -> None:
    at = chance.randrange(len(raw) + 1)
    raw[at:at] = other[_span(other, chance)]


def _cut(raw: bytearray, chance: random.Random, other: bytes) -> None:
    if chance.random() < 0.2:
        del raw[chance.randrange(len(raw) + 1) :]


STEPS: tuple[Step, ...] = (
    _flip,
    _delete,
    _repeat,
    _move,
    _insert,
    _noise,
    _borrow,
    _cut,
)
