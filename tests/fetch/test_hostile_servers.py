"""Servers that lie, dawdle, burst and break off: each ends as a named outcome,
in time and within memory.
"""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
import tracemalloc

import pytest

from monitor.fetch.politeness.throttle import DomainThrottle
from monitor.fetch.system_clock import SystemClock
from monitor.types.web import FailureKind, Fetched, FetchFailed, Limits
from tests.fetch.conftest import OpenClient, OpenServer
from tests.fetch.hostile import Page, Talk, answer, moved

pytestmark = pytest.mark.slow

SHORT = Limits(total_seconds=0.6, connect_seconds=0.3)
MUCH_LATER = Limits().total_seconds / 2
"""Seconds. Whoever took the deadline of everyday would take twice as long; a
busy machine takes a part of it.
"""


def hang(talk: Talk) -> None:
    talk.wait_for_hang_up()


def hang_after(start: bytes) -> Page:
    def page(talk: Talk) -> None:
        talk.send(start)
        talk.wait_for_hang_up()

    return page


def drip(start: bytes, part: bytes) -> Page:
    """`part` again and again, always before any pause between bytes could run
    out.
    """

    def page(talk: Talk) -> None:
        talk.send(start)
        while not talk.gone_within(0.05):
            talk.send(part)

    return page


def flood(start: bytes, part: bytes, *, most: int = 200 << 20) -> Page:
    def page(talk: Talk) -> None:
        talk.send(start)
        while talk.sent < most:
            talk.send(part)

    return page


def reset(talk: Talk) -> None:
    talk.sock.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    talk.sock.close()


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
CUT = OK + b'Content-Length: 1000\r\nETag: "new"\r\n\r\n' + b"x" * 500


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(hang, id="no answer"),
        pytest.param(hang_after(OK), id="no end of headers"),
        pytest.param(hang_after(CUT), id="stops in the body"),
        pytest.param(drip(OK, b"X: y\r\n"), id="headers drip"),
        pytest.param(
            drip(OK + b"Content-Length: 100000\r\n\r\n", b"x"), id="body drips"
        ),
        pytest.param(drip(CHUNKED, b"1\r\nx\r\n"), id="chunks drip"),
        pytest.param(drip(b"", b"HTTP"), id="status line drips"),
        pytest.param(drip(OK + b"\r\n", b"x"), id="body without end drips"),
        pytest.param(
            drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            id="interim answers drip",
        ),
    ],
)
def test_dawdling_ends_at_the_deadline(
    serve: OpenServer, client: OpenClient, page: Page
) -> None:
    server = serve({"/x": page})
    began = time.monotonic()
    outcome = client().get(server.url("/x"), limits=SHORT)
    assert time.monotonic() - began < MUCH_LATER
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind in (FailureKind.TIMEOUT, FailureKind.PROTOCOL), outcome
    assert outcome.kind is FailureKind.TIMEOUT or "interim" in outcome.detail


def chunked(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return (
        CHUNKED
        + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
        + end
    )


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(reset, id="reset"),
        pytest.param(b"", id="closed at once"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Le", id="closed in the headers"
        ),
        pytest.param(CUT, id="shorter than announced"),
        pytest.param(
            OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n01234",
            id="two lengths",
        ),
        pytest.param(
            OK + b"Content-Length: " + b"9" * 6000 + b"\r\n\r\n01234",
            id="a length of 6000 digits",
        ),
        pytest.param(
            OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            id="a transfer coding",
        ),
        pytest.param(
            flood(CHUNKED + b"0\r\n", b"X: y\r\n" * 1000),
            id="trailers without end",
        ),
        pytest.param(
            flood(CHUNKED + b"1;", b"x" * 65536),
            id="a chunk extension without end",
        ),
        pytest.param(b"ICY 200 OK\r\n\r\nabc", id="a radio stream"),
        pytest.param(
            OK + b"Content-Length: -5\r\n\r\n01234", id="a negative length"
        ),
        pytest.param(chunked(b"abc", end=b""), id="chunks without end"),
        pytest.param(chunked(b"abc", end=b"ff\r\nxx"), id="cut in a chunk"),
        pytest.param(
            CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n", id="rubbish as chunk size"
        ),
        pytest.param(
            CHUNKED + b"ffffffffffffffffffffffff\r\nabc",
            id="enormous chunk size",
        ),
        pytest.param(b"<html>no HTTP at all</html>", id="no HTTP"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 99 Low\r\n\r\n", id="a status below 100"),
        pytest.param(
            OK + b"Content-Length : 9\r\n\r\n01234",
            id="a length with a blank before the colon",
        ),
        pytest.param(
            b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n",
            id="another protocol by upgrade",
        ),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + answer(b"x"),
            id="interim answers without end",
        ),
        pytest.param(
            flood(OK, b"X-Y: " + b"z" * 1000 + b"\r\n"),
            id="headers without end",
        ),
        pytest.param(
            flood(OK + b"X: ", b"z" * 65536), id="one header without end"
        ),
        pytest.param(
            OK + b"".join(b"X%d: y\r\n" % n for n in range(1500)) + b"\r\n",
            id="1500 headers",
        ),
        pytest.param(flood(b"", b"z" * 65536), id="a first line without end"),
    ],
)
def test_broken_http_is_never_an_answer(
    serve: OpenServer, client: OpenClient, page: Page
) -> None:
    server = serve({"/x": page})
    outcome = client().get(server.url("/x"), limits=Limits(total_seconds=10))
    assert isinstance(outcome, FetchFailed), outcome
    assert outcome.kind is FailureKind.PROTOCOL, outcome
    assert server.sent < 4 << 20


def test_answers_that_are_odd_but_whole(
    serve: OpenServer, client: OpenClient
) -> None:
    pages: dict[str, Page] = {
        "/close": OK + b"\r\nbis zum Ende",
        "/1.0": b"HTTP/1.0 200 OK\r\n\r\nbis zum Ende",
        "/hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
        + answer(b"bis zum Ende"),
        "/chunks": chunked(
            b"bis ", b"zum ", b"Ende", end=b"0;ext=1\r\nTrailer: x\r\n\r\n"
        ),
        "/same-lengths": OK
        + b"Content-Length: 12\r\nContent-Length: 12\r\n\r\nbis zum Ende",
        "/newline": answer(b"bis zum Ende") + b"\r\n",
        "/folded": OK
        + b"X: a\r\n b\r\nContent-Length: 12\r\n\r\nbis zum Ende",
        "/odd-lines": (
            OK
            + b"Bad Header: x\r\n folded\r\nno colon\r\n: \r\nX\xc4: y\r\nX: a\rb\r\n"
            b"Y: \x00\x01\r\nContent-Length \t: 12\r\n\r\nbis zum Ende"
        ),
        "/newlines": b"HTTP/1.1 200 OK\nX: y\nContent-Length: 12\n\nbis zum Ende",
        "/characters": OK + b"Content-Length: 3\r\n\r\nbis zum Ende",
        "/two-answers": answer(b"bis zum Ende") + answer(b"noch eine"),
        "/blank-lines": b"\r\n\n" + answer(b"bis zum Ende"),
        "/no-length": OK + b"Content-Length:\r\n\r\nbis zum Ende",
        "/chunked-twice": (
            OK
            + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: Chunked\r\n\r\nc\r\nbis zum"
            b" Ende\r\n0\r\n\r\n"
        ),
        "/not-coded": OK
        + b"Transfer-Encoding: identity\r\nContent-Length: 12\r\n\r\nbis zum Ende",
        "/both": (
            OK
            + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nc\r\nbis zum"
            b" Ende\r\n0\r\n\r\n"
        ),
        "/extensions": chunked(
            b"bis zum Ende", end=b"0;" + b"x" * 9000 + b"\r\n\r\n"
        ),
        "/another-version": b"HTTP/2 200\r\nContent-Length: 12\r\n\r\nbis zum Ende",
        "/nothing": OK + b"Content-Length: 0\r\n\r\n",
        "/no-reason": b"HTTP/1.1 200\r\nContent-Length: 12\r\n\r\nbis zum Ende",
        "/500-headers": OK
        + b"X: y\r\n" * 500
        + b"Content-Length: 12\r\n\r\nbis zum Ende",
    }
    server = serve(pages)
    http = client()
    for path in pages:
        outcome = http.get(server.url(path))
        assert isinstance(outcome, Fetched), outcome
        assert outcome.body == (
            b"" if path == "/nothing" else b"bis zum Ende"
        ), path


def test_a_cut_answer_gives_no_validators(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/x": CUT})
    assert not hasattr(client().get(server.url("/x"), etag='"old"'), "etag")


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        pytest.param(
            flood(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"),
            FailureKind.TOO_LARGE,
            id="chunks",
        ),
        pytest.param(
            flood(OK + b"\r\n", b"x" * 65536),
            FailureKind.TOO_LARGE,
            id="until closed",
        ),
        pytest.param(
            flood(OK + b"Content-Length: 99999999999\r\n\r\n", b"x"),
            FailureKind.TOO_LARGE,
            id="announced",
        ),
        pytest.param(
            flood(CHUNKED, b"1\r\nx\r\n" * 10000),
            FailureKind.PROTOCOL,
            id="tiny chunks",
        ),
        pytest.param(
            answer(
                gzip.compress(gzip.compress(b"A" * (64 << 20))),
                "Content-Encoding: gzip, gzip",
            ),
            FailureKind.DECODING,
            id="a bomb in a bomb",
        ),
        pytest.param(
            answer(b"x", "Content-Encoding: gzip, br, gzip"),
            FailureKind.DECODING,
            id="three codings",
        ),
        pytest.param(
            answer(b"no\0gzip", "Content-Encoding: gzip"),
            FailureKind.DECODING,
            id="not gzip at all",
        ),
        pytest.param(
            answer(gzip.compress(b"x" * 999)[:-4], "Content-Encoding: gzip"),
            FailureKind.DECODING,
            id="cut gzip",
        ),
    ],
)
def test_too_much_is_refused_within_memory(
    serve: OpenServer, client: OpenClient, page: Page, kind: FailureKind
) -> None:
    server = serve({"/x": page})
    limits = Limits(wire_bytes=2 << 20, decoded_bytes=8 << 20)
    http = client()
    tracemalloc.start()
    try:
        outcome = http.get(server.url("/x"), limits=limits)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is kind, outcome
    assert outcome.wire_bytes <= limits.wire_bytes + 65536
    assert server.sent < 20 << 20
    assert peak < 64 << 20


def test_a_slow_server_holds_nobody_up(
    serve: OpenServer, client: OpenClient
) -> None:
    released = threading.Event()

    def wait(talk: Talk) -> None:
        released.wait(Limits().total_seconds)
        talk.send(answer(b"spaet"))

    slow, quick = serve({"/x": wait}), serve({"/x": answer(b"da")})
    http = client()
    waiting = threading.Thread(target=http.get, args=(slow.url("/x"),))
    waiting.start()
    try:
        assert isinstance(http.get(quick.url("/x")), Fetched)
        assert waiting.is_alive()
    finally:
        released.set()
        waiting.join(timeout=10)


# -- names and connections


def test_a_name_look_up_that_hangs_is_left_behind(client: OpenClient) -> None:
    release, ended = threading.Event(), threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        release.wait(20)
        ended.set()
        return []

    outcome = client(resolve=hanging).get(
        "http://slow-dns.de/",
        limits=Limits(total_seconds=9, connect_seconds=0.3),
    )
    assert not ended.is_set()
    release.set()
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FailureKind.OFFLINE


def unknown(code: int, text: str) -> OSError:
    return socket.gaierror(code, text)


def test_a_name_nobody_knows(client: OpenClient) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise unknown(socket.EAI_NONAME, "Name or service not known")

    for url in ("http://nowhere.example.de/", "http://" + "a" * 70 + ".de/"):
        outcome = client(resolve=resolve).get(url)
        assert isinstance(outcome, FetchFailed)
        assert outcome.kind is FailureKind.DNS
    outcome = client(resolve=lambda host, port: []).get(
        "http://empty.example.de/"
    )
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FailureKind.DNS


def test_our_own_network_is_told_from_a_broken_host(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/x": answer(b"da")})
    up = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        if host == "well.de" and up.is_set():
            return ["127.0.0.1"]
        raise unknown(socket.EAI_AGAIN, "Temporary failure in name resolution")

    http = client(resolve=resolve)

    def kind(host: str) -> FailureKind | None:
        outcome = http.get(server.url("/x", host=host))
        return outcome.kind if isinstance(outcome, FetchFailed) else None

    assert [
        kind(host) for host in ("well.de", "ill.de", "well.de", "ill.de")
    ] == [FailureKind.OFFLINE] * 4
    up.set()
    assert kind("well.de") is None
    assert kind("ill.de") is FailureKind.DNS
    up.clear()
    assert kind("well.de") is FailureKind.OFFLINE


def test_a_network_without_a_way_out_is_ours(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/x": answer(b"da")})
    # The kernel answers ENETUNREACH to a connection to the broadcast address,
    # whatever routes there are.
    addresses = {"well.de": "127.0.0.1", "ill.de": "255.255.255.255"}
    networks = ("127.0.0.0/8", "255.255.255.255/32")
    http = client(
        resolve=lambda host, port: [addresses[host]], allowed_networks=networks
    )
    kinds = []
    for host in ("ill.de", "ill.de", "well.de", "ill.de"):
        outcome = http.get(server.url("/x", host=host))
        kinds.append(
            outcome.kind if isinstance(outcome, FetchFailed) else None
        )
    assert kinds == [
        FailureKind.OFFLINE,
        FailureKind.OFFLINE,
        None,
        FailureKind.CONNECT,
    ]


def test_redirects_between_two_domains_in_both_directions_never_lock(
    serve: OpenServer, client: OpenClient
) -> None:
    first, second = serve(), serve()
    first.pages |= {"/to": moved(second.url("/end")), "/end": answer(b"da")}
    second.pages |= {"/to": moved(first.url("/end")), "/end": answer(b"da")}
    clock = SystemClock(speed=1000)
    http = client(throttle=DomainThrottle(clock, gap=2))
    outcomes: list[object] = []

    def walk(url: str) -> None:
        outcomes.extend(http.get(url) for _ in range(5))

    threads = [
        threading.Thread(target=walk, args=(server.url("/to"),))
        for server in (first, second) * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    kinds = [
        outcome.kind if isinstance(outcome, FetchFailed) else None
        for outcome in outcomes
    ]
    assert len(kinds) == 40
    assert set(kinds) <= {None, FailureKind.RESTING}
    assert None in kinds
    assert (first.most_at_once, second.most_at_once) == (1, 1)


def test_many_redirects_to_one_slow_host_wait_for_it_one_at_a_time(
    serve: OpenServer, client: OpenClient
) -> None:
    slow = serve({f"/{n}": hang for n in range(6)})
    servers = [serve({"/x": moved(slow.url(f"/{n}"))}) for n in range(6)]
    http = client()
    outcomes: list[object] = []

    def ask(url: str) -> None:
        outcomes.append(http.get(url, limits=Limits(total_seconds=1)))

    threads = [
        threading.Thread(target=ask, args=(server.url("/x"),))
        for server in servers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    kinds = [
        outcome.kind
        for outcome in outcomes
        if isinstance(outcome, FetchFailed)
    ]
    assert len(kinds) == 6
    assert set(kinds) <= {FailureKind.TIMEOUT, FailureKind.RESTING}
    assert kinds.count(FailureKind.TIMEOUT) <= 2
    assert len(slow.log) - len(slow.asked("/robots.txt")) <= 2


def test_a_closed_port(client: OpenClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = client().get(f"http://127.0.0.1:{port}/")
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FailureKind.CONNECT


def test_a_dead_address_does_not_hide_a_live_one(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/x": answer(b"da")})
    http = client(resolve=lambda host, port: ["127.9.9.9", "127.0.0.1"])
    assert isinstance(http.get(server.url("/x", host="two.de")), Fetched)


def test_a_connection_that_is_never_accepted_ends_in_time(
    client: OpenClient,
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        filling = []
        for _ in range(4):  # the queue is full: further connections hang
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
            filling.append(sock)
        began = time.monotonic()
        outcome = client().get(f"http://127.0.0.1:{port}/", limits=SHORT)
        assert time.monotonic() - began < MUCH_LATER
        for sock in filling:
            sock.close()
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FailureKind.TIMEOUT
