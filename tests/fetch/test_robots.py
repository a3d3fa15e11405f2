from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    FetchOutcome,
    Limits,
    OriginRecord,
    Retry,
)
from tests.fakes import SetClock
from tests.fetch.conftest import OpenClient, OpenServer
from tests.fetch.hostile import Page, Talk, answer, moved

PAGE = answer(b"Seite")


def robots(*lines: str) -> bytes:
    return answer("\n".join(lines).encode(), "Content-Type: text/plain")


def check(outcome: FetchOutcome, *, may: bool) -> None:
    if may:
        assert isinstance(outcome, Fetched), outcome
    else:
        assert isinstance(outcome, FetchFailed)
        assert outcome.kind is FailureKind.ROBOTS, outcome


@pytest.mark.parametrize(
    ("rules", "path", "may"),
    [
        (("User-agent: *", "Disallow: /intern/"), "/intern/x", False),
        (("User-agent: *", "Disallow: /intern/"), "/INTERN/x", True),
        (
            ("User-agent: *", "Disallow: /intern/", "Allow: /intern/frei"),
            "/intern/frei.html",
            True,
        ),
        (
            (
                "User-agent: *",
                "Disallow: /",
                "User-agent: Monitor",
                "Disallow:",
            ),
            "/x",
            True,
        ),
        (
            (
                "User-agent: *",
                "Disallow:",
                "User-agent: monitor",
                "Disallow: /x",
            ),
            "/x",
            False,
        ),
        (("User-agent: GPTBot", "Disallow: /"), "/x", True),
        (("User-agent: monitorbot", "Disallow: /"), "/x", True),
        (("User-agent: Mon", "Disallow: /"), "/x", True),
        (("User-agent: Monitor/2.0 (all)", "Disallow: /"), "/x", False),
        (
            (
                "User-agent: GPTBot",
                "User-agent: MONITOR # us",
                "User-agent: x",
                "Disallow: /",
            ),
            "/x",
            False,
        ),
        (
            ("User-agent: *", "Disallow: /", "User-agent: GPTBot", "Allow: /"),
            "/x",
            False,
        ),
        (
            (
                "User-agent: GPTBot",
                "Disallow: /",
                "",
                "User-agent: *",
                "Disallow: /y",
            ),
            "/x",
            True,
        ),
        (("user agent Monitor", "Disallow /x"), "/x", False),
        (("User-agent: *GPT*", "Disallow: /"), "/x", True),
        (("User-agent: *bot", "Disallow: /"), "/x", True),
        (("User-agent: * # all", "Disallow: /"), "/x", False),
        (("User-agent: *", "Disallow: /*.pdf$"), "/a.pdf", False),
        (("User-agent: *", "Disallow: /*.pdf$"), "/a.pdf?x", True),
        (("\ufeffUser-agent: *", "Disallow: /x"), "/x", False),
        (("User-agent: *", "Disallow: /käse"), "/k%C3%A4se", False),
        (("kein robots", "\x00\x01"), "/x", True),
    ],
)
def test_rules(
    serve: OpenServer,
    client: OpenClient,
    rules: tuple[str, ...],
    path: str,
    may: bool,
) -> None:
    server = serve({"/robots.txt": robots(*rules), path: PAGE})
    outcome = client().get(server.url(path))
    check(outcome, may=may)
    assert bool(server.asked(path)) is may


def test_a_listed_feed_is_not_closed_by_disallow_but_an_unreadable_file_closes_it(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {
            "/robots.txt": robots("User-agent: *", "Disallow: /"),
            "/feed": PAGE,
            "/page": PAGE,
        }
    )
    check(client().get(server.url("/feed"), listed=True), may=True)
    check(client().get(server.url("/page")), may=False)
    broken = serve(
        {"/robots.txt": answer(b"", status="500 Broken"), "/feed": PAGE}
    )
    check(client().get(broken.url("/feed"), listed=True), may=False)


def test_a_refusal_names_file_path_and_agent(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/robots.txt": robots("User-agent: *", "Disallow: /")})
    outcome = client().get(server.url("/feed"))
    assert isinstance(outcome, FetchFailed)
    assert (
        outcome.detail
        == f"robots.txt of {server.url()[:-1]} disallows /feed for Monitor"
    )
    assert outcome.retry is Retry.PERMANENT


def test_another_product_obeys_its_own_rules(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {
            "/robots.txt": robots("User-agent: Presseschau", "Disallow: /"),
            "/x": PAGE,
        }
    )
    check(client(user_agent="Presseschau/2").get(server.url("/x")), may=False)


def silent(talk: Talk) -> None:
    talk.wait_for_hang_up()


@pytest.mark.parametrize(
    ("page", "may"),
    [
        pytest.param(answer(status="404 Not Found"), True, id="none"),
        pytest.param(answer(status="403 Forbidden"), True, id="forbidden"),
        pytest.param(answer(b""), True, id="empty"),
        pytest.param(answer(status="500 Broken"), False, id="broken"),
        pytest.param(answer(status="429 Slow down"), False, id="too many"),
        pytest.param(b"", False, id="closed"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser",
            False,
            id="cut",
        ),
        pytest.param(
            answer(b"\0x", "Content-Encoding: gzip"), False, id="undecodable"
        ),
        pytest.param(
            moved("http://10.0.0.1/"), False, id="leads to a private address"
        ),
    ],
)
def test_what_is_no_file_is_read_as_the_standard_says(
    serve: OpenServer, client: OpenClient, page: Page, may: bool
) -> None:
    server = serve({"/robots.txt": page, "/x": PAGE})
    outcome = client().get(server.url("/x"))
    check(outcome, may=may)
    if isinstance(outcome, FetchFailed):
        assert outcome.retry is Retry.TEMPORARY
        assert outcome.retry_at is not None


def test_the_request_ends_in_time_though_robots_txt_hangs(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve({"/robots.txt": silent, "/x": PAGE})
    http = client()
    outcome = http.get(server.url("/x"), limits=Limits(total_seconds=0.4))
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FailureKind.TIMEOUT
    assert server.asked("/x") == []
    # That our caller was in a hurry says nothing about the origin.
    server.pages["/robots.txt"] = robots("")
    check(http.get(server.url("/x")), may=True)


def test_redirects_are_followed_five_times_also_to_other_hosts(
    serve: OpenServer, client: OpenClient
) -> None:
    other = serve({"/r": robots("User-agent: *", "Disallow: /x")})
    server = serve(
        {"/robots.txt": moved("/1"), "/1": moved(other.url("/r")), "/x": PAGE}
    )
    check(client().get(server.url("/x")), may=False)
    endless = serve(
        {f"/{n}": moved(f"/{n + 1}") for n in range(9)}
        | {"/robots.txt": moved("/0"), "/x": PAGE}
    )
    check(client().get(endless.url("/x")), may=True)
    assert endless.asked("/5") == []


def test_the_file_is_read_up_to_500_kib(
    serve: OpenServer, client: OpenClient
) -> None:
    head, tail = b"User-agent: *\nDisallow: /a\n", b"\nDisallow: /b\n"
    long = head + b"# comment\n" * 60_000 + tail
    server = serve({"/robots.txt": answer(long), "/a": PAGE, "/b": PAGE})
    http = client()
    check(http.get(server.url("/a")), may=False)
    check(http.get(server.url("/b")), may=True)
    assert len(http.robots.body(server.url()) or b"") == 500 * 1024

    def endless(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\n\r\n" + head)
        while talk.sent < 50 << 20:
            talk.send(b"# comment\n" * 1000)

    flood = serve({"/robots.txt": endless, "/a": PAGE})
    check(client().get(flood.url("/a")), may=False)
    assert flood.sent < 8 << 20


def test_it_is_asked_once_a_day(
    serve: OpenServer, client: OpenClient, clock: SetClock
) -> None:
    server = serve(
        {"/robots.txt": robots("User-agent: *", "Disallow: /x"), "/y": PAGE}
    )
    http = client()
    for hours in (0, 23, 2):
        clock.advance(timedelta(hours=hours))
        check(http.get(server.url("/y")), may=True)
    assert len(server.asked("/robots.txt")) == 2


def test_an_unreadable_one_is_asked_again_after_ever_longer_times(
    serve: OpenServer, client: OpenClient, clock: SetClock
) -> None:
    server = serve({"/robots.txt": answer(status="500 Broken"), "/x": PAGE})
    http = client()
    waits = []
    for _ in range(7):
        outcome = http.get(server.url("/x"))
        assert isinstance(outcome, FetchFailed)
        assert outcome.retry_at is not None
        check(http.get(server.url("/x")), may=False)
        waits.append(
            round((outcome.retry_at - clock.now()).total_seconds() / 3600)
        )
        clock.advance(outcome.retry_at - clock.now())
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert len(server.asked("/robots.txt")) == 7
    server.pages["/robots.txt"] = robots("")
    check(http.get(server.url("/x")), may=True)


UNREADABLE = [
    answer(status="500 Broken"),
    answer(b"", "Retry-After: 31536000", status="503 Away"),
    answer(
        b"", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", status="503 Away"
    ),
    answer(b"", "Retry-After: 31536000", status="429 Slow down"),
    answer(b"", "Retry-After: -5", status="429 Slow down"),
    answer(status="503 Away"),
    answer(b"\0x", "Content-Encoding: gzip"),
]
"""Ways in which a robots.txt cannot be read although its server is there."""


@pytest.mark.parametrize("page", UNREADABLE)
def test_what_it_said_last_counts_while_it_cannot_be_read(
    serve: OpenServer, client: OpenClient, clock: SetClock, page: Page
) -> None:
    server = serve(
        {
            "/robots.txt": robots("User-agent: *", "Disallow: /x"),
            "/x": PAGE,
            "/y": PAGE,
        }
    )
    http = client()
    check(http.get(server.url("/y")), may=True)
    server.pages["/robots.txt"] = page
    for _ in range(10):
        clock.advance(timedelta(hours=25))
        # this one may meet the short rest of the origin
        http.get(server.url("/y"))
        clock.advance(timedelta(minutes=10))
        check(http.get(server.url("/y")), may=True)
        check(http.get(server.url("/x")), may=False)
    assert len(server.asked("/robots.txt")) >= 10, "it is asked again each day"
    server.pages["/robots.txt"] = robots("")
    clock.advance(timedelta(hours=25))
    check(http.get(server.url("/x")), may=True)


@pytest.mark.parametrize("page", UNREADABLE)
def test_one_that_was_never_read_closes_a_listed_feed_for_an_hour(
    serve: OpenServer, client: OpenClient, clock: SetClock, page: Page
) -> None:
    server = serve({"/robots.txt": page, "/feed": PAGE, "/page": PAGE})
    http = client()
    began = clock.now()
    closed = http.get(server.url("/feed"), listed=True)
    check(closed, may=False)
    assert isinstance(closed, FetchFailed)
    assert closed.retry_at is not None
    assert closed.retry_at <= began + timedelta(hours=1)
    clock.advance(timedelta(minutes=75))
    # it may be asked again here, and rest its origin
    http.get(server.url("/feed"), listed=True)
    clock.advance(timedelta(minutes=10))
    check(http.get(server.url("/feed"), listed=True), may=True)
    check(http.get(server.url("/page")), may=False)


def test_who_insists_has_it_asked_at_once(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {
            "/robots.txt": answer(
                b"", "Retry-After: 31536000", status="503 Away"
            ),
            "/x": PAGE,
        }
    )
    http = client()
    check(http.get(server.url("/x")), may=False)
    server.pages["/robots.txt"] = robots("")
    resting = http.get(server.url("/x"))
    assert isinstance(resting, FetchFailed)
    assert resting.kind is FailureKind.RESTING, (
        "its origin rests for a few minutes besides"
    )
    check(http.get(server.url("/x"), insist=True), may=True)
    check(http.get(server.url("/x")), may=True)


def test_it_survives_a_restart(serve: OpenServer, client: OpenClient) -> None:
    store: dict[str, OriginRecord] = {}
    server = serve({"/robots.txt": robots("User-agent: *", "Disallow: /x")})
    for _ in range(2):
        http = client(
            recall=store.get,
            remember=lambda record, _: store.__setitem__(
                record.origin, record
            ),
        )
        check(http.get(server.url("/x")), may=False)
    assert len(server.asked("/robots.txt")) == 1


def test_each_origin_has_its_own(
    serve: OpenServer, client: OpenClient
) -> None:
    closed = serve({"/robots.txt": robots("User-agent: *", "Disallow: /")})
    server = serve({"/x": moved(closed.url("/x")), "/y": PAGE})
    http = client()
    check(http.get(server.url("/x")), may=False)
    check(http.get(server.url("/y")), may=True)
    assert closed.asked("/x") == []


def test_the_crawl_delay_reaches_the_gate(
    serve: OpenServer, client: OpenClient, clock: SetClock
) -> None:
    server = serve(
        {"/robots.txt": robots("User-agent: *", "Crawl-delay: 7"), "/x": PAGE}
    )
    http = client()
    for _ in range(2):
        check(http.get(server.url("/x", host="www.example.de")), may=True)
    assert clock.slept == [7, 7]
    assert http.throttle.ready_in("example.de") == 7


def test_a_host_out_of_reach_is_not_said_to_forbid(client: OpenClient) -> None:
    outcome = client(resolve=lambda host, port: []).get(
        "http://nowhere.example.de/x"
    )
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FailureKind.DNS


@pytest.mark.slow
def test_who_waits_for_a_look_up_does_not_try_a_dead_host_again(
    client: OpenClient,
) -> None:
    looks: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looks.append(host)
        threading.Event().wait(0.5)  # long enough for the others to come
        return []

    http = client(resolve=resolve)
    outcomes: list[object] = []
    threads = [
        threading.Thread(
            target=lambda: outcomes.append(http.get("http://tot.de/x"))
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert [
        outcome.kind
        for outcome in outcomes
        if isinstance(outcome, FetchFailed)
    ] == [FailureKind.DNS] * 6
    assert len(looks) < 6


def test_many_ask_and_one_looks(serve: OpenServer, client: OpenClient) -> None:
    started = threading.Event()

    def slowly(talk: Talk) -> None:
        started.set()
        talk.gone_within(0.3)
        talk.send(robots("User-agent: *", "Disallow: /x"))

    server = serve({"/robots.txt": slowly})
    http = client()
    outcomes: list[FetchOutcome] = []
    threads = [
        threading.Thread(
            target=lambda: outcomes.append(http.get(server.url("/x")))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(outcomes) == 8
    for outcome in outcomes:
        check(outcome, may=False)
    assert len(server.asked("/robots.txt")) == 1


def test_the_body_is_told_without_asking(
    serve: OpenServer, client: OpenClient
) -> None:
    server = serve(
        {"/robots.txt": robots("User-agent: *", "Disallow: /x"), "/y": PAGE}
    )
    http = client()
    assert http.robots.body(server.url("/y")) is None
    assert http.robots.body("no address") is None
    assert server.log == []
    http.get(server.url("/y"))
    assert http.robots.body(server.url("/z")) == b"User-agent: *\nDisallow: /x"
