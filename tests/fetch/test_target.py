from __future__ import annotations

import pytest

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.url_target import masked, parse_target, redirected
from monitor.types.web import FailureKind


def check(url: str, expected: str) -> None:
    target = parse_target(url)
    assert f"{target.origin} {target.path}" == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.de", "http://example.de:80 /"),
        (
            "HTTPS://WWW.Example.DE/Feed?x=1#top",
            "https://www.example.de:443 /Feed?x=1",
        ),
        ("https://example.de:8443/a/../b", "https://example.de:8443 /b"),
        (
            "http://müller.de/käse?ü",
            "http://xn--mller-kva.de:80 /k%C3%A4se?%C3%BC",
        ),
        ("http://[::1]:81/x", "http://[::1]:81 /x"),
        # Spellings of addresses that a look-up would understand are addresses
        # here, too.
        ("http://0x7f.1/", "http://127.0.0.1:80 /"),
        ("http://2130706433/", "http://127.0.0.1:80 /"),
        ("http://127.1/", "http://127.0.0.1:80 /"),
        ("http://example.de\\@evil.de/", "http://example.de:80 /@evil.de/"),
        ("http://example.de/a\r\nX: y", "http://example.de:80 /aX:%20y"),
    ],
)
def test_an_address_is_read_as_browsers_read_it(
    url: str, expected: str
) -> None:
    check(url, expected)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.rss",
        "file:///etc/passwd",
        "ftp://example.de/",
        "javascript:alert(1)",
        "data:text/plain,x",
        "http://",
        "http://exa mple.de/",
        "http://example.de:99999/",
        "http://example.de:0/",
        "http://[::1/",
        "http://example.de/" + "x" * 9000,
        "\ud800",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(RequestFailed) as failed:
        parse_target(url)
    assert failed.value.kind is FailureKind.REFUSED_ADDRESS


def test_credentials_become_a_header_and_leave_the_address() -> None:
    target = parse_target("https://m%C3%BCller:p%40ss@example.de/feed")
    assert target.authorization == "Basic bcO8bGxlcjpwQHNz"
    assert target.url == "https://example.de/feed"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://u:p@example.de/feed", "https://***@example.de/feed"),
        ("https://u:p@ss@example.de/feed", "https://***@example.de/feed"),
        ("//u@example.de", "//***@example.de"),
        ("https://example.de/@name", "https://example.de/@name"),
        ("https://example.de/?mail=a@b.de", "https://example.de/?mail=a@b.de"),
        ("no address", "no address"),
    ],
)
def test_credentials_are_masked(url: str, expected: str) -> None:
    assert masked(url) == expected


@pytest.mark.parametrize(
    ("source", "location", "expected", "kept"),
    [
        ("http://u:p@example.de/a/b?x=1", "c", "http://example.de/a/c", True),
        ("http://u:p@example.de/a", "/c#frag", "http://example.de/c", True),
        (
            "http://u:p@example.de/a",
            "//other.de/c",
            "http://other.de/c",
            False,
        ),
        (
            "http://u:p@example.de/a",
            "http://www.example.de/c",
            "http://www.example.de/c",
            False,
        ),
        (
            "http://u:p@example.de/a",
            "http://example.de:8080/c",
            "http://example.de:8080/c",
            False,
        ),
        (
            "http://u:p@example.de/a",
            "https://example.de/c",
            "https://example.de/c",
            True,
        ),
        (
            "http://example.de/a",
            "http://x:y@example.de/c",
            "http://example.de/c",
            False,
        ),
        (
            "http://u:p@example.de/a",
            "http://x:y@other.de/c",
            "http://other.de/c",
            False,
        ),
        (
            "https://example.de/a",
            "http://example.de/a",
            "http://example.de/a",
            False,
        ),
    ],
)
def test_a_redirect_keeps_credentials_with_their_host(
    source: str, location: str, expected: str, kept: bool
) -> None:
    target = redirected(parse_target(source), location)
    assert target.url == expected
    assert (target.authorization is not None) is kept


def test_credentials_never_go_from_https_to_http() -> None:
    with pytest.raises(RequestFailed) as failed:
        redirected(
            parse_target("https://u:secret@example.de/"), "http://example.de/"
        )
    assert failed.value.kind is FailureKind.REDIRECTS
    assert "secret" not in failed.value.detail


def test_the_host_header_names_a_port_only_where_it_must() -> None:
    assert parse_target("https://example.de:443/").authority == "example.de"
    assert parse_target("http://example.de:443/").authority == "example.de:443"
    assert parse_target("http://[2a00::1]/").authority == "[2a00::1]"


def test_an_address_that_is_asked_again_is_not_read_again() -> None:
    feed = "https://example.de:8443/feed?a=1"
    target = parse_target(feed)
    assert parse_target(feed) is target
    assert target.url == feed
    assert target.origin == "https://example.de:8443"
