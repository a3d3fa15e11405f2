"""A document that is complete is read, however the transport broke off behind
it; half a document never is.
"""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from monitor.fetch.transport.completeness import is_complete, lacks_its_end
from monitor.types.web import FailureKind, Fetched, FetchFailed, Limits
from tests.fetch.conftest import OpenClient, OpenServer
from tests.fetch.hostile import Page, Talk, answer

ITEMS = "".join(
    f"<item><title>Größe Nr. {n}</title><guid>{n}</guid></item>"
    for n in range(300)
)
RSS = (
    '<?xml version="1.0"?>\n<rss'
    f' version="2.0"><channel><title>Blatt</title>{ITEMS}</channel></rss>'.encode()
)
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title></feed>\n<!-- 0.2 s -->\n'
RDF = b'<rdf:RDF xmlns:rdf="x"><channel/></rdf:RDF>'
SITEMAP = b"\n\n<?xml version='1.0'?><urlset><url><loc>x</loc></url></urlset>"
INDEX = b"<ns:sitemapindex xmlns:ns='x'></ns:sitemapindex  >"
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "ü"}] * 50,
    }
).encode()
HTML = "<!DOCTYPE html><html><body><p>Größe</p></body></HTML>\n<script>zähler()</script>\n".encode()
WIDE = RSS.decode().encode("utf-16")
DOCUMENTS = [RSS, ATOM, RDF, SITEMAP, INDEX, JSON, HTML, WIDE]
NAMES = ["rss", "atom", "rdf", "sitemap", "index", "json", "html", "utf-16"]
VALIDATORS = b'ETag: "a"\r\nLast-Modified: Tue, 06 Oct 2026 12:00:00 GMT\r\n'
OK = b"HTTP/1.1 200 OK\r\n" + VALIDATORS
GZIP = b"Content-Encoding: gzip\r\n"

Wire = Callable[[bytes], bytes]


def length(of: int | str, *, more: bytes = b"") -> bytes:
    return OK + more + f"Content-Length: {of}\r\n\r\n".encode()


def chunks(body: bytes, end: bytes) -> bytes:
    half = len(body) // 2
    parts = b"".join(
        b"%x\r\n%s\r\n" % (len(part), part)
        for part in (body[:half], body[half:])
        if part
    )
    return OK + b"Transfer-Encoding: chunked\r\n\r\n" + parts + end


def wrong_crc(body: bytes) -> bytes:
    packed = gzip.compress(body)
    return packed[:-8] + b"\0\0\0\0" + packed[-4:]


def coded(packed: bytes, coding: bytes = GZIP) -> bytes:
    return length(len(packed), more=coding) + packed


def pieces(body: bytes, count: int = 5) -> list[bytes]:
    size = len(body) // count + 1
    return [body[start : start + size] for start in range(0, len(body), size)]


def framed(
    body: bytes,
    header: bytes = b"%x\r\n",
    behind: bytes = b"\r\n",
    end: bytes = b"0\r\n\r\n",
    more: bytes = b"",
) -> bytes:
    """Chunks with another line before or behind each."""
    parts = b"".join(
        header % len(part) + part + behind for part in pieces(body)
    )
    return OK + more + b"Transfer-Encoding: chunked\r\n\r\n" + parts + end


def broken_from_the_third(body: bytes, line: bytes) -> bytes:
    """Two good chunks, then `line` and the rest as it is."""
    first, second, *rest = pieces(body)
    good = b"".join(
        b"%x\r\n%s\r\n" % (len(part), part) for part in (first, second)
    )
    return (
        OK
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + good
        + line
        + b"".join(rest)
    )


def counted_wrong(body: bytes, by: int) -> bytes:
    parts = b"".join(
        b"%x\r\n%s\r\n" % (max(len(part) + by, 1), part)
        for part in pieces(body)
    )
    return OK + b"Transfer-Encoding: chunked\r\n\r\n" + parts + b"0\r\n\r\n"


DEFLATE, BROTLI = b"Content-Encoding: deflate\r\n", b"Content-Encoding: br\r\n"
SLOPPY: dict[str, Wire] = {
    "a length too large": lambda body: length(len(body) + 500) + body,
    "a length of what was packed": lambda body: (
        length(len(body) * 9, more=GZIP) + gzip.compress(body)
    ),
    "a negative length": lambda body: length(-1) + body,
    "a length that is none": lambda body: length("auto") + body,
    "two lengths in one": lambda body: length("12, 34") + body,
    "two lengths": lambda body: (
        OK + b"Content-Length: 7\r\nContent-Length: 9\r\n\r\n" + body
    ),
    "no last chunk": lambda body: chunks(body, b""),
    "half a last chunk": lambda body: chunks(body, b"0"),
    "no line behind the last chunk": lambda body: chunks(body, b"0\r\n"),
    "rubbish for the last chunk": lambda body: chunks(body, b"\r\nxx\r\n"),
    "a chunk cut behind the end": lambda body: chunks(body, b"ff\r\n"),
    "gzip without its trailer": lambda body: coded(gzip.compress(body)[:-8]),
    "gzip with half its trailer": lambda body: coded(gzip.compress(body)[:-4]),
    "gzip with a wrong checksum": lambda body: coded(wrong_crc(body)),
    "gzip with a wrong size": lambda body: coded(
        gzip.compress(body)[:-4] + b"\1\0\0\0"
    ),
    "gzip with a wrong checksum, unnamed": lambda body: coded(
        wrong_crc(body), b""
    ),
    "gzip twice, the inner one wrong": lambda body: coded(
        gzip.compress(wrong_crc(body))
    ),
    "gzip of three members, the last cut": lambda body: coded(
        gzip.compress(body) + gzip.compress(b"\n" * 99)[:-9]
    ),
    "deflate with a wrong checksum": lambda body: coded(
        zlib.compress(body)[:-4] + b"\0\0\0\0", DEFLATE
    ),
    "deflate without its checksum": lambda body: coded(
        zlib.compress(body)[:-4], DEFLATE
    ),
    "gzip in chunks without an end": (
        lambda body: chunks(gzip.compress(body), b"").replace(OK, OK + GZIP, 1)
    ),
    "chunks with LF only": lambda body: framed(body, b"%x\n", b"\n", b"0\n\n"),
    "sizes with LF only": lambda body: framed(body, b"%x\n"),
    "LF only behind the chunks": lambda body: framed(body, behind=b"\n"),
    "LF only, no last chunk": lambda body: framed(body, b"%x\n", b"\n", b""),
    "sizes with 0x": lambda body: framed(body, b"0x%X\r\n"),
    "sizes with 0x, packed": (
        lambda body: framed(
            gzip.compress(body), b"0x%x\r\n", more=GZIP, end=b"0x0\r\n\r\n"
        )
    ),
    "LF only, packed": lambda body: framed(
        gzip.compress(body), b"%x\n", b"\n", b"0\n\n", GZIP
    ),
    "an extension of odd letters": lambda body: framed(
        body, b"%x ; n\x01me=\xe4\xff\r\n"
    ),
    "an extension with a blank before": lambda body: framed(
        body, b"%x\t ;a=b\n"
    ),
    "no chunks at all": lambda body: (
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + body
    ),
    "no chunks at all, packed": (
        lambda body: (
            OK
            + GZIP
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + gzip.compress(body)
        )
    ),
    "no size from the third chunk": lambda body: broken_from_the_third(
        body, b""
    ),
    "a word for the third size": lambda body: broken_from_the_third(
        body, b"zz\r\n"
    ),
    "a negative third size": lambda body: broken_from_the_third(
        body, b"-1\r\n"
    ),
    "a third size of another body": lambda body: broken_from_the_third(
        body, b"3\r\n"
    ),
    "sizes too small": lambda body: counted_wrong(body, -7),
    "sizes too large": lambda body: counted_wrong(body, 9),
    "no line behind the chunks": lambda body: framed(body, behind=b""),
    "a blank line before the sizes": lambda body: framed(body, b"\r\n%x\r\n"),
}


def check_read(outcome: object, body: bytes) -> None:
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body == body
    assert (outcome.etag, outcome.last_modified) == (None, None)
    assert outcome.flaw


@pytest.mark.parametrize("sloppy", SLOPPY)
def test_a_complete_document_is_read(
    serve: OpenServer, client: OpenClient, sloppy: str
) -> None:
    pages: dict[str, Page] = {
        f"/{name}": SLOPPY[sloppy](body)
        for name, body in zip(NAMES, DOCUMENTS, strict=True)
    }
    server, http = serve(pages), client()
    for name, body in zip(NAMES, DOCUMENTS, strict=True):
        blank = b"\n" * 99 if "members" in sloppy else b""
        check_read(http.get(server.url(f"/{name}")), body + blank)


@pytest.mark.parametrize("sloppy", SLOPPY)
def test_half_a_document_is_a_failure_as_before(
    serve: OpenServer, client: OpenClient, sloppy: str
) -> None:
    bodies = [body[: len(body) // 2] for body in DOCUMENTS] + [
        b"User-agent: *\nDisallow: /",
        b"<p>nur ein Satz",
    ]
    server = serve(
        {
            f"/{number}": SLOPPY[sloppy](body)
            for number, body in enumerate(bodies)
        }
    )
    http = client()
    for number in range(len(bodies)):
        outcome = http.get(server.url(f"/{number}"))
        assert isinstance(outcome, FetchFailed), (sloppy, bodies[number][-40:])
        assert outcome.kind in (FailureKind.PROTOCOL, FailureKind.DECODING)


@pytest.mark.parametrize("body", DOCUMENTS, ids=NAMES)
def test_a_faultless_transport_keeps_its_validators(
    serve: OpenServer, client: OpenClient, body: bytes
) -> None:
    pages: dict[str, Page] = {
        "/length": length(len(body)) + body,
        "/gzip": coded(gzip.compress(body)),
        "/br": coded(brotli.compress(body), BROTLI),
        "/chunks": chunks(body, b"0\r\n\r\n"),
        "/close": OK + b"\r\n" + body,
    }
    server, http = serve(pages), client()
    for path in pages:
        outcome = http.get(server.url(path))
        assert isinstance(outcome, Fetched), outcome
        assert (outcome.body, outcome.etag, outcome.flaw) == (body, '"a"', "")


def then_reset(data: bytes) -> Page:
    def page(talk: Talk) -> None:
        talk.send(data)
        time.sleep(0.2)  # what is on its way arrives before the reset
        talk.sock.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        talk.sock.close()

    return page


def then_nothing(data: bytes) -> Page:
    def page(talk: Talk) -> None:
        talk.send(data)
        talk.wait_for_hang_up()

    return page


@pytest.mark.slow
def test_a_reset_behind_the_end(serve: OpenServer, client: OpenClient) -> None:
    pages: dict[str, Page] = {
        "/length": then_reset(length(len(RSS) + 9) + RSS),
        "/chunks": then_reset(chunks(RSS, b"")),
        "/close": then_reset(OK + b"\r\n" + RSS),
    }
    server = serve({**pages, "/half": then_reset(OK + b"\r\n" + RSS[:-100])})
    http = client()
    for path in pages:
        check_read(http.get(server.url(path)), RSS)
    assert isinstance(http.get(server.url("/half")), FetchFailed)


@pytest.mark.slow
def test_a_server_that_neither_ends_nor_hangs_up(
    serve: OpenServer, client: OpenClient
) -> None:
    pages: dict[str, Page] = {
        "/length": then_nothing(length(len(RSS) + 9) + RSS),
        "/chunks": then_nothing(chunks(RSS, b"")),
    }
    server = serve({**pages, "/half": then_nothing(chunks(RSS[:-100], b""))})
    http = client()
    for path in pages:
        check_read(
            http.get(server.url(path), limits=Limits(total_seconds=0.5)), RSS
        )
    half = http.get(server.url("/half"), limits=Limits(total_seconds=0.5))
    assert isinstance(half, FetchFailed)
    assert half.kind is FailureKind.TIMEOUT


def test_tls_without_a_goodbye(
    serve: OpenServer, client: OpenClient, tls: ssl.SSLContext, ca_file: Path
) -> None:
    pages: dict[str, Page] = {
        "/close": OK + b"\r\n" + RSS,
        "/chunks": chunks(RSS, b""),
        "/gzip": OK + GZIP + b"\r\n" + gzip.compress(HTML),
        "/half": OK + b"\r\n" + RSS[:-100],
    }
    server, http = serve(pages, tls=tls), client(extra_ca_file=ca_file)
    check_read(http.get(server.url("/close")), RSS)
    check_read(http.get(server.url("/chunks")), RSS)
    check_read(http.get(server.url("/gzip")), HTML)
    assert isinstance(http.get(server.url("/half")), FetchFailed)


def in_two(first: bytes, rest: bytes) -> Page:
    def page(talk: Talk) -> None:
        talk.send(first)
        time.sleep(0.3)
        talk.send(rest)

    return page


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
def test_a_length_too_small(
    serve: OpenServer, client: OpenClient, packed: bool
) -> None:
    wire, more = (gzip.compress(RSS), GZIP) if packed else (RSS, b"")
    cut = len(wire) - 60
    pages: dict[str, Page] = {
        "/at-once": length(cut, more=more) + wire,
        "/late": in_two(length(cut, more=more) + wire[:cut], wire[cut:]),
        "/first-byte": in_two(
            length(len(wire) // 2, more=more) + wire[: len(wire) // 2],
            wire[len(wire) // 2 :],
        ),
    }
    server, http = serve(pages), client()
    for path in pages:
        check_read(http.get(server.url(path)), RSS)


@pytest.mark.slow
def test_what_was_announced_too_short_and_never_comes_does_not_hold_us_up(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/x": then_nothing(length(len(RSS) - 60) + RSS[:-60])})
    began = time.monotonic()
    outcome = client().get(server.url("/x"))
    assert isinstance(outcome, Fetched)
    assert outcome.body == RSS[:-60]
    # it did not wait for its deadline
    assert time.monotonic() - began < Limits().total_seconds / 2


def test_bombs_stay_bombs(serve: OpenServer, client: OpenClient) -> None:
    bomb = wrong_crc(b"<rss>" + b" " * (40 << 20) + b"</rss>")
    server = serve({"/x": coded(bomb)})
    outcome = client().get(server.url("/x"))
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FailureKind.DECODING


@pytest.mark.parametrize("body", DOCUMENTS, ids=NAMES)
def test_completeness(body: bytes) -> None:
    assert is_complete(body)
    assert not lacks_its_end(body)
    for part in (body[: len(body) // 2], body[:10]):
        assert not is_complete(part)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"</rss>",
        b"<rss>",
        b"<rss></feed>",
        b"{",
        b'{"a": 1',
        b"[1",
        b"Text",
        b"<rss></html>",
        b"<feed></feeds>",
    ],
)
def test_incompleteness(body: bytes) -> None:
    assert not is_complete(body)


RULES = b"User-agent: *\nDisallow: /intern/"


@pytest.mark.parametrize(
    "broken",
    [
        length(999) + RULES,
        length(999) + RULES + b"\n",
        chunks(RULES, b""),
        length(999, more=GZIP) + gzip.compress(RULES)[:-8],
        length(999) + RULES + b"\nDisa",
        framed(RULES, b"%x\n", b"\n", b"0\n\n"),
        framed(RULES, b"0x%x\r\n"),
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + RULES,
        broken_from_the_third(RULES, b"zz\r\n"),
        counted_wrong(RULES, -2),
    ],
)
def test_the_whole_lines_of_a_robots_txt_count(
    broken: bytes, serve: OpenServer, client: OpenClient
) -> None:
    """It has no end of its own: its lines are obeyed, and the origin is not
    closed for its sake.
    """
    server = serve(
        {"/robots.txt": broken, "/x": answer(RSS), "/intern/x": answer(RSS)}
    )
    asker = client()
    assert isinstance(asker.get(server.url("/x")), Fetched)
    assert isinstance(asker.get(server.url("/intern/x")), FetchFailed)


def test_a_robots_txt_of_which_no_line_came_closes(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {"/robots.txt": length(999) + b"User-ag", "/x": answer(RSS)}
    )
    assert isinstance(client().get(server.url("/x")), FetchFailed)
