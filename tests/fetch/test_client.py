from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

import monitor
from monitor.fetch.politeness.throttle import DomainThrottle
from monitor.fetch.system_clock import SystemClock
from monitor.types.web import (
    CacheHints,
    FailureKind,
    Fetched,
    FetchFailed,
    FetchOutcome,
    Hop,
    Limits,
    NotModified,
    Retry,
)
from tests.fakes import SetClock
from tests.fetch.conftest import OpenClient, OpenServer
from tests.fetch.hostile import answer, moved

FEED = b"<rss>" + b"Meldung aus Herford. " * 100 + b"</rss>"


def check_failed(
    outcome: FetchOutcome, kind: FailureKind, *, status: int | None = None
) -> FetchFailed:
    assert isinstance(outcome, FetchFailed), outcome
    assert (outcome.kind, outcome.status) == (kind, status), outcome.detail
    return outcome


def test_an_answer_comes_back_whole(
    serve: OpenServer, client: OpenClient
) -> None:
    wire = gzip.compress(FEED)
    lines = (
        "Content-Encoding: gzip",
        "Content-Type: text/xml",
        'ETag: W/"\xe4"',
        "Last-Modified: gestern",
        "X-A: 1",
        "X-a: 2",
    )
    server = serve({"/feed": answer(wire, *lines)})
    outcome = client().get(server.url("/feed#top"))
    assert isinstance(outcome, Fetched)
    assert (outcome.status, outcome.body, outcome.content_type) == (
        200,
        FEED,
        "text/xml",
    )
    assert (outcome.etag, outcome.last_modified) == ('W/"\xe4"', "gestern")
    assert outcome.url == server.url("/feed#top")
    assert outcome.final_url == server.url("/feed")
    assert [value for name, value in outcome.headers if name == "x-a"] == [
        "1",
        "2",
    ]
    assert len(wire) < outcome.wire_bytes < len(wire) + 300
    assert not outcome.moved_permanently


def test_what_we_send_is_honest_and_nothing_more(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/feed": answer(FEED, "Set-Cookie: id=1")})
    http = client()
    http.get(server.url("/feed"), accept="application/rss+xml")
    http.get(server.url("/feed"))
    first, second = server.asked("/feed")
    assert first.headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": f"Monitor/{monitor.__version__} (+redaktion@example.org)",
        "from": "redaktion@example.org",
        "accept": "application/rss+xml",
        "accept-encoding": "gzip, deflate, br, zstd",
        "connection": "close",
    }
    assert "cookie" not in second.headers


def test_validators_return_byte_for_byte(
    serve: OpenServer, client: OpenClient
) -> None:
    tag, date = 'W/"\xe4\xff, x"', "Mon, 5 Oct 2026 10:00:00 +0200"
    lines = (
        f"ETag: {tag}",
        f"Last-Modified: {date}",
        "Cache-Control: max-age=60",
    )
    server = serve({"/feed": answer(b"", *lines, status="304 Not Modified")})
    outcome = client().get(server.url("/feed"), etag=tag, last_modified=date)
    (asked,) = server.asked("/feed")
    assert (
        asked.headers["if-none-match"],
        asked.headers["if-modified-since"],
    ) == (tag, date)
    assert isinstance(outcome, NotModified)
    assert (outcome.etag, outcome.last_modified) == (tag, date)
    assert outcome.cache == CacheHints(max_age=timedelta(seconds=60))


def test_a_validator_that_cannot_be_sent_unchanged_is_left_out(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/feed": answer(FEED)})
    assert isinstance(
        client().get(
            server.url("/feed"), etag='"a"\r\nX-Evil: 1', last_modified="€"
        ),
        Fetched,
    )
    (asked,) = server.asked("/feed")
    assert not asked.headers.keys() & {
        "if-none-match",
        "if-modified-since",
        "x-evil",
    }


def test_304_and_206_need_a_question_that_allows_them(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {
            "/a": answer(status="304 Not Modified"),
            "/b": answer(FEED, status="206 Partial Content"),
        }
    )
    check_failed(
        client().get(server.url("/a")), FailureKind.PROTOCOL, status=304
    )
    check_failed(
        client().get(server.url("/b"), etag='"x"'),
        FailureKind.PROTOCOL,
        status=206,
    )


@pytest.mark.parametrize(
    ("status", "kind", "retry"),
    [
        ("404 Not Found", FailureKind.NOT_FOUND, Retry.PERMANENT),
        ("410 Gone", FailureKind.GONE, Retry.PERMANENT),
        ("403 Forbidden", FailureKind.UNAUTHORIZED, Retry.TEMPORARY),
        ("500 Kaputt", FailureKind.SERVER_ERROR, Retry.TEMPORARY),
        ("302 Found", FailureKind.REDIRECTS, Retry.PERMANENT),
    ],
)
def test_other_statuses_are_named_failures(
    serve: OpenServer,
    client: OpenClient,
    status: str,
    kind: FailureKind,
    retry: Retry,
) -> None:
    server = serve({"/x": answer(b"nein", status=status)})
    failed = check_failed(
        client().get(server.url("/x")), kind, status=int(status[:3])
    )
    assert (failed.detail, failed.retry) == (status, retry)


@pytest.mark.parametrize(
    "status", ["202 Accepted", "403 Forbidden", "405 Method Not Allowed"]
)
def test_a_check_for_browsers_is_named(
    serve: OpenServer, client: OpenClient, status: str
) -> None:
    page = answer(
        b"<html>Moment</html>", "X-Amzn-Waf-Action: challenge", status=status
    )
    failed = check_failed(
        client().get(serve({"/x": page}).url("/x")),
        FailureKind.UNAUTHORIZED,
        status=int(status[:3]),
    )
    assert "AWS WAF" in failed.detail


def test_a_loop_that_wants_a_cookie_is_named(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {
            "/x": answer(
                b"", "Location: /x", "Set-Cookie: a=b", status="302 Found"
            )
        }
    )
    assert (
        "cookie"
        in check_failed(
            client().get(server.url("/x")), FailureKind.REDIRECTS, status=302
        ).detail
    )


# -- redirects


def test_redirects_are_followed_and_recorded(
    serve: OpenServer, client: OpenClient
) -> None:
    pages = {
        "/a/1": moved("2", "301 Moved Permanently"),
        "/a/2": moved("/b?x=1#top", "308 Permanent Redirect"),
        "/b?x=1": answer(FEED),
    }
    server = serve(pages)
    outcome = client().get(server.url("/a/1"))
    assert isinstance(outcome, Fetched)
    assert outcome.hops == (
        Hop(server.url("/a/1"), 301),
        Hop(server.url("/a/2"), 308),
    )
    assert outcome.final_url == server.url("/b?x=1")
    assert outcome.moved_permanently


def test_raw_utf8_in_a_location_is_followed(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {
            "/a": moved("/käse".encode().decode("latin-1")),
            "/k%C3%A4se": answer(FEED),
        }
    )
    assert isinstance(client().get(server.url("/a")), Fetched)


def test_five_redirects_are_followed_and_no_sixth(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {f"/{n}": moved(f"/{n + 1}") for n in range(10)}
        | {"/end": answer(FEED), "/9": moved("/end")}
    )
    assert isinstance(client().get(server.url("/5")), Fetched)
    failed = check_failed(
        client().get(server.url("/0")), FailureKind.REDIRECTS, status=302
    )
    assert len(failed.hops) == 6
    assert server.asked("/6") == server.asked("/6")[:1]


def test_a_loop_ends_at_once(serve: OpenServer, client: OpenClient) -> None:
    server = serve({"/a": moved("/b"), "/b": moved("/a")})
    check_failed(
        client().get(server.url("/a")), FailureKind.REDIRECTS, status=302
    )
    assert len(server.asked("/a")) == 1


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        (
            "http://169.254.169.254/latest/meta-data/",
            FailureKind.REFUSED_ADDRESS,
        ),
        ("http://10.0.0.1/feed", FailureKind.REFUSED_ADDRESS),
        ("http://[::1]:9200/", FailureKind.REFUSED_ADDRESS),
        ("http://[::ffff:127.0.0.1]/", FailureKind.REFUSED_ADDRESS),
        ("http://[64:ff9b::7f00:1]/", FailureKind.REFUSED_ADDRESS),
        ("http://0xA9FEA9FE/", FailureKind.REFUSED_ADDRESS),
        ("file:///etc/passwd", FailureKind.REFUSED_ADDRESS),
        ("gopher://127.0.0.1/", FailureKind.REFUSED_ADDRESS),
        ("http://", FailureKind.REFUSED_ADDRESS),
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_refused(
    serve: OpenServer, client: OpenClient, location: str, kind: FailureKind
) -> None:
    server = serve({"/a": moved(location)})
    failed = check_failed(client().get(server.url("/a")), kind)
    assert failed.hops == (Hop(server.url("/a"), 302),)
    assert failed.retry is Retry.PERMANENT


def test_a_name_that_turns_private_is_judged_at_every_look_up(
    serve: OpenServer, client: OpenClient
) -> None:
    # robots.txt, the page, its redirect
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]])
    server = serve({"/a": moved("/b"), "/b": answer(FEED)})
    http = client(resolve=lambda host, port: next(answers))
    check_failed(
        http.get(server.url("/a", host="rebind.de")),
        FailureKind.REFUSED_ADDRESS,
    )
    assert server.asked("/b") == []


def test_of_several_addresses_only_the_open_ones_are_tried(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/a": answer(FEED)})
    http = client(
        resolve=lambda host, port: [
            "::1",
            "10.0.0.1",
            "127.0.0.1",
            "169.254.169.254",
        ]
    )
    assert isinstance(http.get(server.url("/a", host="many.de")), Fetched)


def test_loopback_is_refused_unless_it_is_named(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/a": answer(FEED)})
    check_failed(
        client(allowed_networks=()).get(server.url("/a")),
        FailureKind.REFUSED_ADDRESS,
    )
    check_failed(
        client(allowed_networks=()).get(server.url("/a", host="localhost")),
        FailureKind.REFUSED_ADDRESS,
    )
    assert server.log == []
    assert isinstance(
        client(allowed_networks=("intern.de",)).get(
            server.url("/a", host="intern.de")
        ),
        Fetched,
    )


# -- credentials


def test_credentials_are_sent_to_their_host_only_and_shown_nowhere(
    serve: OpenServer, client: OpenClient
) -> None:
    other = serve({"/c": answer(FEED)})
    server = serve({"/a": moved("/b")}, address="127.0.0.1")
    server.pages["/b"] = moved(other.url("/c"))
    url = server.url("/a").replace("//", "//anna:geheim@")
    outcome = client().get(url)
    assert isinstance(outcome, Fetched)
    assert [
        asked.headers.get("authorization") for asked in server.log[1:]
    ] == ["Basic YW5uYTpnZWhlaW0="] * 2
    assert (
        "authorization" not in server.log[0].headers
        or server.log[0].target == "/robots.txt"
    )
    assert all("authorization" not in asked.headers for asked in other.log)
    assert "geheim" not in repr(outcome)


def test_a_failure_shows_no_credentials(client: OpenClient) -> None:
    for url in (
        "http://anna:geheim@10.0.0.1/",
        "http://anna:geheim@[oops/",
        "ftp://anna:geheim@example.de/",
    ):
        assert "geheim" not in repr(
            check_failed(client().get(url), FailureKind.REFUSED_ADDRESS)
        )


# -- rests and turns


def test_429_rests_the_origin_as_long_as_it_asks(
    serve: OpenServer, client: OpenClient, clock: SetClock
) -> None:
    date = clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT")
    server = serve(
        {
            "/a": answer(
                b"",
                "Retry-After: 120",
                f"Date: {date}",
                status="429 Slow down",
            ),
            "/b": answer(FEED),
        }
    )
    other = serve({"/b": answer(FEED)})
    http = client()
    began = clock.now()
    failed = check_failed(
        http.get(server.url("/a")), FailureKind.RATE_LIMITED, status=429
    )
    assert failed.retry_at is not None
    assert failed.retry_at >= began + timedelta(seconds=120)
    resting = check_failed(http.get(server.url("/b")), FailureKind.RESTING)
    assert resting.retry_at == failed.retry_at
    assert "429" in resting.detail
    assert isinstance(http.get(other.url("/b")), Fetched)
    assert server.asked("/b") == []
    clock.advance(timedelta(seconds=121))
    assert isinstance(http.get(server.url("/b")), Fetched)


def test_503_without_a_time_rests_longer_and_longer(
    serve: OpenServer, client: OpenClient, clock: SetClock
) -> None:
    server = serve({"/a": answer(b"", status="503 Busy"), "/b": answer(FEED)})
    http = client(chance=lambda: 0.0)
    rests = []
    for _ in range(3):
        failed = check_failed(
            http.get(server.url("/a")), FailureKind.SERVER_ERROR, status=503
        )
        assert failed.retry_at is not None
        rests.append((failed.retry_at - clock.now()).total_seconds())
        clock.advance(failed.retry_at - clock.now())
    assert rests == [60, 120, 240]
    assert isinstance(http.get(server.url("/b")), Fetched)


def test_hops_robots_and_pages_all_keep_the_gap(
    serve: OpenServer, client: OpenClient, clock: SetClock
) -> None:
    server = serve({"/a": moved("/b"), "/b": answer(FEED)})
    assert isinstance(
        client().get(server.url("/a", host="www.example.de")), Fetched
    )
    assert [asked.target for asked in server.log] == [
        "/robots.txt",
        "/a",
        "/b",
    ]
    assert clock.slept == [2, 2]
    assert server.most_at_once == 1


@pytest.mark.slow
def test_waiting_for_a_turn_does_not_eat_the_time_of_the_request(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/a": moved("/b"), "/b": answer(FEED)})
    http = client(throttle=DomainThrottle(SystemClock(), gap=0.4))
    assert isinstance(
        http.get(server.url("/a"), limits=Limits(total_seconds=0.5)), Fetched
    )
