from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.robots.robots_rules import RobotsRules, RuleBook

SIZE = 500 * 1024


def check_quick(body: bytes) -> None:
    began = time.process_time()
    rules = RobotsRules(body[:SIZE], "Monitor")
    for path in ("/", "/a" * 2000, "/" + "a" * 4000):
        assert rules.allow("http://example.de" + path) in (True, False)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            b"".join(b"User-agent: a%d\n" % n for n in range(14_000))
            + b"".join(b"Disallow: /%d\n" % n for n in range(15_000)),
            id="all rules for all agents",
        ),
        pytest.param(
            b"".join(b"user agent a%d\n" % n for n in range(14_000))
            + b"".join(b"Disallow: /%d\n" % n for n in range(15_000)),
            id="agents spelled oddly",
        ),
        pytest.param(
            b"User-agent: *\nDisallow: /" + b"*a" * 250_000,
            id="one endless pattern",
        ),
        pytest.param(
            b"User-agent: *\n" + b"Disallow: /*a*b*c$\n" * 27_000,
            id="many patterns",
        ),
        pytest.param(
            b"User-agent: *\nDisallow: /\n" * 20_000, id="many groups"
        ),
        pytest.param(b"Disallow " * 60_000, id="one endless line"),
        pytest.param(b"\xff\x00" * 250_000, id="no text"),
    ],
)
def test_no_file_takes_us_long(body: bytes) -> None:
    check_quick(body)


@given(st.binary(max_size=400))
def test_no_file_breaks_us(body: bytes) -> None:
    assert RobotsRules(body, "Monitor").allow("http://example.de/x") in (
        True,
        False,
    )


def test_an_absurd_crawl_delay_is_none() -> None:
    for text, expected in (
        ("5", 5.0),
        ("0.5", 0.5),
        ("-1", None),
        ("0", None),
        ("nan", None),
        ("bald", None),
    ):
        assert (
            RobotsRules(
                f"User-agent: *\nCrawl-delay: {text}\n".encode(), "Monitor"
            ).crawl_delay
            == expected
        )


def test_rules_are_kept_and_read_anew_when_the_file_changes() -> None:
    book = RuleBook()
    first = book.rules(
        "http://a.de:80", b"User-agent: *\nDisallow: /", "Monitor"
    )
    assert (
        book.rules("http://a.de:80", b"User-agent: *\nDisallow: /", "Monitor")
        is first
    )
    assert not first.allow("http://a.de/x")
    assert book.rules(
        "http://a.de:80", b"User-agent: *\nDisallow:", "Monitor"
    ).allow("http://a.de/x")
    assert (
        book.rules("http://a.de:80", b"User-agent: *\nDisallow: /", "Andere")
        is not first
    )


def test_memory_stays_bounded() -> None:
    book = RuleBook()
    body = b"User-agent: *\n" + b"# leer\n" * 60_000
    for number in range(8):
        book.rules(f"http://{number}.de:80", body, "Monitor")
    assert len(book._kept) == 2
    assert book._bytes == 2 * len(body)
