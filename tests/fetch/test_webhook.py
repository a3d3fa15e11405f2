"""A webhook outside goes through the proxy, one inside directly."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from monitor.fetch.transport.proxy_route import read_proxy_route
from monitor.fetch.webhook import Webhook
from monitor.types.output import Email, SendResult, SendState
from tests.fetch.conftest import OpenServer
from tests.fetch.hostile import Talk, answer

ALERT = Email("<1@example.org>", "", "", "", b"{}")


def saying(reply: bytes) -> Callable[[Talk], None]:
    """A page that hangs up last: with the posted body unread, an earlier end
    would be a reset.
    """

    def page(talk: Talk) -> None:
        talk.send(reply)
        talk.wait_for_hang_up()

    return page


TAKEN = saying(answer(b"ok"))


def outside(host: str, port: int) -> Sequence[str]:
    return ["93.184.216.34"]


def unknown(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "no such name")


def inside(host: str, port: int) -> Sequence[str]:
    return ["10.0.0.7"]


def post(url: str, proxy: str, **settings: object) -> SendResult:
    known: dict[str, object] = {"resolve": outside, "seconds": 2.0}
    no_proxy = settings.pop("no_proxy", ())
    route = read_proxy_route(
        proxy.replace("//", "//wir:pw@"),
        no_proxy=no_proxy,  # type: ignore[arg-type]
    )
    webhook = Webhook(url, "geheim", route=route, **(known | settings))  # type: ignore[arg-type]
    return webhook.send(ALERT)


@pytest.mark.parametrize("resolve", [outside, unknown])
def test_outside_the_proxy_is_asked_for_the_whole_address(
    serve: OpenServer, resolve: object
) -> None:
    proxy = serve({"http://hooks.example.de:81/a?b=1": TAKEN})
    result = post(
        "http://anna:x@hooks.example.de:81/a?b=1", proxy.url(), resolve=resolve
    )
    assert result.state is SendState.SENT, result
    asked = proxy.log[0]
    assert (asked.method, asked.headers["host"]) == (
        "POST",
        "hooks.example.de:81",
    )
    assert asked.headers["proxy-authorization"] == "Basic d2lyOnB3"
    assert asked.headers["monitor-signature"].startswith("sha256=")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_receiver_on_this_machine_is_asked_directly(
    serve: OpenServer, host: str
) -> None:
    proxy, server = serve({}), serve({"/hook": TAKEN})
    result = post(
        server.url("/hook", host=host),
        proxy.url(),
        resolve=lambda host, port: ["127.0.0.1"],
    )
    assert result.state is SendState.SENT, result
    assert proxy.log == []
    assert "proxy-authorization" not in server.log[0].headers


def test_a_name_that_leads_inside_is_asked_directly(serve: OpenServer) -> None:
    proxy = serve({"http://no-such-name.invalid/": TAKEN})
    result = post("http://no-such-name.invalid/", proxy.url(), resolve=inside)
    assert (result.state, proxy.log) == (SendState.TEMPORARY, [])


def test_a_listed_receiver_is_asked_directly(serve: OpenServer) -> None:
    proxy, server = serve({}), serve({"/hook": TAKEN})
    result = post(
        server.url("/hook", host="localhost"),
        proxy.url(),
        no_proxy=("localhost",),
    )
    assert (result.state, proxy.log) == (SendState.SENT, [])


def test_https_goes_through_a_tunnel(
    serve: OpenServer, tls: ssl.SSLContext, ca_file: Path
) -> None:
    server = serve({"/hook": TAKEN}, tls=tls)

    def tunnel(talk: Talk) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as far:
            talk.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(far, talk.sock))
            back.start()
            pump(talk.sock, far)
            back.join(timeout=5)

    proxy = serve({f"feed.example.de:{server.port}": tunnel})
    result = post(
        server.url("/hook", host="feed.example.de"),
        proxy.url(),
        extra_ca_file=ca_file,
    )
    assert result.state is SendState.SENT, result
    assert proxy.log[0].method == "CONNECT"
    assert proxy.log[0].headers["proxy-authorization"] == "Basic d2lyOnB3"
    assert "proxy-authorization" not in server.log[0].headers


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"rubbish\r\n\r\n",
        answer(status="403 Forbidden"),
        answer(status="407 Proxy Authentication Required"),
        answer(status="502 Bad Gateway"),
    ],
)
def test_a_tunnel_that_fails_is_tried_again(
    serve: OpenServer, reply: bytes
) -> None:
    proxy = serve({"hooks.example.de:443": reply})
    result = post("https://hooks.example.de/", proxy.url())
    assert result.state is SendState.TEMPORARY, result


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("407 Proxy Authentication Required", SendState.TEMPORARY),
        ("502 Bad Gateway", SendState.TEMPORARY),
        ("504 Gateway Timeout", SendState.TEMPORARY),
        ("404 Not Found", SendState.REJECTED),
    ],
)
def test_what_a_proxy_answers_in_plain_http(
    serve: OpenServer, status: str, state: SendState
) -> None:
    proxy = serve({"http://hooks.example.de/": saying(answer(status=status))})
    assert post("http://hooks.example.de/", proxy.url()).state is state


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_out_of_reach_loses_no_alert(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    result = post(f"{scheme}://hooks.example.de/", f"http://127.0.0.1:{port}/")
    assert result.state is SendState.TEMPORARY, result


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
