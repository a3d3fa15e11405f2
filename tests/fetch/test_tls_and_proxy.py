from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from monitor.errors import FetchError
from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    FetchOutcome,
    Limits,
)
from tests.fetch.conftest import OpenClient, OpenServer
from tests.fetch.hostile import Talk, answer, moved

PAGE = answer(b"Seite")


def check_failed(outcome: FetchOutcome, kind: FailureKind) -> FetchFailed:
    assert isinstance(outcome, FetchFailed), outcome
    assert outcome.kind is kind, outcome
    return outcome


def test_a_certificate_of_a_named_authority_is_accepted(
    serve: OpenServer, client: OpenClient, tls: ssl.SSLContext, ca_file: Path
) -> None:
    server = serve({"/x": PAGE}, tls=tls)
    http = client(extra_ca_file=ca_file)
    assert isinstance(
        http.get(server.url("/x", host="feed.example.de")), Fetched
    )
    assert isinstance(http.get(server.url("/x")), Fetched)


def test_verification_is_given_up_only_where_asked_and_never_by_itself(
    serve: OpenServer, client: OpenClient, tls: ssl.SSLContext
) -> None:
    server = serve({"/x": PAGE}, tls=tls)
    http = client()
    failed = check_failed(http.get(server.url("/x")), FailureKind.TLS)
    assert "certificate" in failed.detail
    assert server.log == []
    assert isinstance(http.get(server.url("/x"), verify_tls=False), Fetched)
    check_failed(http.get(server.url("/x")), FailureKind.TLS)


def test_a_certificate_for_another_name_is_refused(
    serve: OpenServer, client: OpenClient, tls: ssl.SSLContext, ca_file: Path
) -> None:
    server = serve({"/x": PAGE}, tls=tls)
    check_failed(
        client(extra_ca_file=ca_file).get(
            server.url("/x", host="other.example.de")
        ),
        FailureKind.TLS,
    )


def test_an_expired_certificate_is_refused(
    serve: OpenServer, client: OpenClient, authority: trustme.CA, ca_file: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    end = datetime(2021, 1, 1, tzinfo=UTC)
    authority.issue_cert(
        "127.0.0.1", not_before=begin, not_after=end
    ).configure_cert(context)
    server = serve({"/x": PAGE}, tls=context)
    assert (
        "expired"
        in check_failed(
            client(extra_ca_file=ca_file).get(server.url("/x")),
            FailureKind.TLS,
        ).detail
    )


def test_https_to_a_port_that_speaks_http(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/x": PAGE})
    check_failed(
        client().get(server.url("/x").replace("http:", "https:")),
        FailureKind.TLS,
    )


def test_a_handshake_that_never_ends(client: OpenClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        check_failed(
            client().get(url, limits=Limits(total_seconds=0.4)),
            FailureKind.TIMEOUT,
        )


def test_without_a_length_only_a_proper_goodbye_ends_an_answer(
    serve: OpenServer, client: OpenClient, tls: ssl.SSLContext, ca_file: Path
) -> None:
    def cut(talk: Talk) -> None:
        # and the socket closes without TLS's own end
        talk.send(b"HTTP/1.1 200 OK\r\n\r\nhalb")

    def whole(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\n\r\nganz")
        assert isinstance(talk.sock, ssl.SSLSocket)
        talk.sock.unwrap()

    server = serve({"/cut": cut, "/whole": whole}, tls=tls)
    http = client(extra_ca_file=ca_file)
    check_failed(http.get(server.url("/cut")), FailureKind.PROTOCOL)
    outcome = http.get(server.url("/whole"))
    assert isinstance(outcome, Fetched)
    assert outcome.body == b"ganz"


def test_credentials_do_not_follow_from_https_to_http(
    serve: OpenServer, client: OpenClient, tls: ssl.SSLContext, ca_file: Path
) -> None:
    plain = serve({"/y": PAGE})
    server = serve({"/x": moved(plain.url("/y"))}, tls=tls)
    http = client(extra_ca_file=ca_file)
    failed = check_failed(
        http.get(server.url("/x").replace("//", "//anna:geheim@")),
        FailureKind.REDIRECTS,
    )
    assert "geheim" not in repr(failed)
    assert plain.log == []
    assert isinstance(http.get(server.url("/x")), Fetched)


def test_unusable_settings_are_told_at_once(
    client: OpenClient, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    for settings in (
        {"extra_ca_file": tmp_path / "missing.pem"},
        {"extra_ca_file": empty},
        {"proxy": "https://proxy.example.de/"},
        {"proxy": "proxy:3128"},
        {"proxy": "http://u:geheim@[oops/"},
        {"proxy": "http://proxy:3128", "no_proxy": ("10.0.0.0/40",)},
    ):
        with pytest.raises(FetchError) as failed:
            client(**settings)
        assert "geheim" not in str(failed.value)


# -- proxies


def test_a_proxy_is_asked_for_the_whole_address(
    serve: OpenServer, client: OpenClient
) -> None:
    proxy = serve(
        {
            "http://www.example.de/x": moved("/y"),
            "http://www.example.de/y": PAGE,
        }
    )
    url = proxy.url().replace("//", "//wir:pw@")
    http = client(
        proxy=url,
        allowed_networks=(),
        resolve=lambda host, port: ["127.0.0.1"],
    )
    outcome = http.get("http://anna:geheim@www.example.de/x")
    assert isinstance(outcome, Fetched), outcome
    assert [asked.target.rsplit("/", 1)[1] for asked in proxy.log] == [
        "robots.txt",
        "x",
        "y",
    ]
    last = proxy.log[-1].headers
    assert (last["host"], last["authorization"]) == (
        "www.example.de",
        "Basic YW5uYTpnZWhlaW0=",
    )
    assert last["proxy-authorization"] == "Basic d2lyOnB3"


def test_a_proxy_opens_no_way_to_private_addresses(
    serve: OpenServer, client: OpenClient
) -> None:
    proxy = serve(
        {"http://www.example.de/x": moved("http://169.254.169.254/latest")}
    )
    http = client(proxy=proxy.url(), allowed_networks=("intern.de",))
    for url in (
        "http://127.0.0.1/",
        "http://0x7f.1/",
        "https://[::1]/",
        "http://localhost/",
        "http://a.localhost/",
    ):
        check_failed(http.get(url), FailureKind.REFUSED_ADDRESS)
    assert proxy.log == []
    check_failed(
        http.get("http://www.example.de/x"), FailureKind.REFUSED_ADDRESS
    )


def test_https_goes_through_a_tunnel(
    serve: OpenServer, client: OpenClient, tls: ssl.SSLContext, ca_file: Path
) -> None:
    server = serve({"/x": PAGE}, tls=tls)

    def tunnel(talk: Talk) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as far:
            talk.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(far, talk.sock))
            back.start()
            pump(talk.sock, far)
            back.join(timeout=5)

    proxy = serve({f"feed.example.de:{server.port}": tunnel})
    http = client(
        proxy=proxy.url(), extra_ca_file=ca_file, allowed_networks=()
    )
    assert isinstance(
        http.get(server.url("/x", host="feed.example.de")), Fetched
    )
    assert {asked.method for asked in proxy.log} == {"CONNECT"}
    assert (
        server.asked("/x")[0].headers["host"]
        == f"feed.example.de:{server.port}"
    )


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"rubbish",
        answer(status="403 Forbidden"),
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
        b"HTTP/1.1\r\n\r\n",
    ],
)
def test_a_refused_or_broken_tunnel(
    serve: OpenServer, client: OpenClient, reply: bytes
) -> None:
    proxy = serve({"www.example.de:443": reply})
    check_failed(
        client(proxy=proxy.url()).get("https://www.example.de/x"),
        FailureKind.CONNECT,
    )


def test_hosts_of_the_list_go_direct(
    serve: OpenServer, client: OpenClient
) -> None:
    proxy = serve({"http://www.example.de/x": PAGE})
    server = serve({"/x": PAGE})
    http = client(
        proxy=proxy.url(), no_proxy=(".intern.de", f"other.de:{server.port}")
    )
    for host in ("intern.de", "feed.intern.de", "OTHER.de"):
        assert isinstance(http.get(server.url("/x", host=host)), Fetched)
    assert proxy.log == []
    assert server.asked("/x")[0].headers["host"] == f"intern.de:{server.port}"
    assert "proxy-authorization" not in server.asked("/x")[0].headers
    assert isinstance(http.get("http://www.example.de/x"), Fetched)
    assert len(server.asked("/x")) == 3


def test_what_is_listed_is_still_judged_by_its_address(
    serve: OpenServer, client: OpenClient
) -> None:
    proxy, server = serve({}), serve({"/x": PAGE})
    http = client(proxy=proxy.url(), no_proxy=("*",), allowed_networks=())
    for host in ("127.0.0.1", "localhost", "intern.de"):
        check_failed(
            http.get(server.url("/x", host=host)), FailureKind.REFUSED_ADDRESS
        )
    assert (proxy.log, server.log) == ([], [])


def test_allowed_addresses_and_names_go_direct(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/x": PAGE})
    proxy = serve({f"http://other.de:{server.port}/x": PAGE})
    http = client(
        proxy=proxy.url(), allowed_networks=("127.0.0.0/8", "intern.de")
    )
    for host in ("127.0.0.1", "intern.de", "Intern.de."):
        assert isinstance(http.get(server.url("/x", host=host)), Fetched)
    assert (proxy.log, len(server.asked("/x"))) == ([], 3)
    # This name leads into an allowed network, but only the proxy looks it up.
    assert isinstance(http.get(server.url("/x", host="other.de")), Fetched)
    assert [asked.target.rsplit("/", 1)[1] for asked in proxy.log] == [
        "robots.txt",
        "x",
    ]


def test_a_redirect_chooses_its_way_anew(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/y": PAGE})
    proxy = serve(
        {"http://www.example.de/x": moved(server.url("/y", host="intern.de"))}
    )
    http = client(proxy=proxy.url(), no_proxy=("intern.de",))
    outcome = http.get("http://www.example.de/x")
    assert isinstance(outcome, Fetched), outcome
    assert [asked.target for asked in server.log] == ["/robots.txt", "/y"]
    assert len(proxy.log) == 2


def test_https_to_a_listed_host_needs_no_tunnel(
    serve: OpenServer, client: OpenClient, tls: ssl.SSLContext, ca_file: Path
) -> None:
    proxy, server = serve({}), serve({"/x": PAGE}, tls=tls)
    http = client(
        proxy=proxy.url(), no_proxy=("example.de",), extra_ca_file=ca_file
    )
    assert isinstance(
        http.get(server.url("/x", host="feed.example.de")), Fetched
    )
    assert proxy.log == []


def test_a_listed_host_out_of_reach_is_no_trouble_of_the_proxy(
    client: OpenClient,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    http = client(proxy="http://127.0.0.1:9/", no_proxy=("intern.de",))
    check_failed(http.get(f"http://intern.de:{port}/"), FailureKind.CONNECT)


def test_a_proxy_out_of_reach_is_our_own_trouble(client: OpenClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    http = client(proxy=f"http://127.0.0.1:{port}/")
    for _ in range(2):
        check_failed(http.get("http://www.example.de/"), FailureKind.OFFLINE)


def test_proxies_of_the_environment_are_ignored(
    serve: OpenServer, client: OpenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    server = serve({"/x": PAGE})
    assert isinstance(client().get(server.url("/x")), Fetched)


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
