from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.transport.lenient_http import _well_formed

OK = b"HTTP/1.1 200 OK\r\n"


def check(head: bytes, expected: bytes) -> None:
    assert _well_formed(head) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"A: b\r\n", b"A: b\r\n"),
        (b'ETag: W/"\xe4\xff, x"\r\n', b'ETag: W/"\xe4\xff, x"\r\n'),
        (b"A \t: b\r\n", b"A: b\r\n"),
        (b"A: b\r\n c\r\n", b"A: b\r\n c\r\n"),
        (b"A B: x\r\n c\r\nD: e\r\n", b"D: e\r\n"),
        (b" c\r\nD: e\r\n", b"D: e\r\n"),
        (b"no colon\r\n: no name\r\nD:\r\n", b"D:\r\n"),
        (b"A: b\x00c\x7f\r\n", b"A: bc\r\n"),
        (b"A: b\rX-Evil: c\r\n", b""),
        (b"A: b\nC: d\n", b"A: b\r\nC: d\r\n"),
        (b"Content-Length: \r\n 5\r\nA: b\r\n", b"A: b\r\n"),
        (b"Transfer-Encoding: identity\r\nA: b\r\n", b"A: b\r\n"),
        (
            b"Transfer-Encoding: Chunked, chunked\r\ntransfer-encoding:chunked\r\n",
            b"Transfer-Encoding: chunked\r\n",
        ),
        (
            b"Transfer-Encoding: gzip, chunked\r\n",
            b"Transfer-Encoding: gzip, chunked\r\n",
        ),
    ],
)
def test_odd_lines_go_and_the_rest_keeps_its_bytes(
    head: bytes, expected: bytes
) -> None:
    check(OK + head + b"\r\n", OK + expected + b"\r\n")


@given(st.binary(max_size=300))
def test_a_head_has_one_end_and_no_stray_breaks(head: bytes) -> None:
    made = _well_formed(
        OK + head.replace(b"\n\n", b"").replace(b"\n\r\n", b"") + b"\r\n\r\n"
    )
    assert made.endswith(b"\r\n\r\n")
    assert b"\r\n\r\n" not in made[:-4]
    assert made.count(b"\r") == made.count(b"\n")
