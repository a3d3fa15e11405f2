from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.identify.urls import host_less, normalize_url, scheme_less


def check(url: str, expected: str | None, base: str | None = None) -> None:
    assert normalize_url(url, base=base) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "HTTPS://WWW.ZDF.de/Politik/A-100.html",
            "https://www.zdf.de/Politik/A-100.html",
        ),
        ("http://example.de:80/a", "http://example.de/a"),
        ("https://example.de:443/a", "https://example.de/a"),
        ("https://example.de:8443/a", "https://example.de:8443/a"),
        ("https://müller.de/ä", "https://xn--mller-kva.de/%C3%A4"),
        ("https://example.de", "https://example.de/"),
        ("https://example.de/a/", "https://example.de/a/"),
        ("https://example.de/a#kommentare", "https://example.de/a"),
        ("https://example.de/a?#x", "https://example.de/a"),
        (
            "https://example.de/a?utm_source=rss&utm_medium=feed",
            "https://example.de/a",
        ),
        (
            "https://example.de/a?id=7&UTM_source=rss&x=1",
            "https://example.de/a?id=7&x=1",
        ),
        ("https://example.de/a?b=2&a=1", "https://example.de/a?b=2&a=1"),
        (
            "https://example.de/a?wt_mc=rss.red.ho.beitrag",
            "https://example.de/a",
        ),
        (
            "https://example.de/a?wt_zmc=x&at_medium=y&xtor=z&fbclid=q",
            "https://example.de/a",
        ),
        (
            "https://example.de/a.jsp;jsessionid=1A2.b?id=7",
            "https://example.de/a.jsp?id=7",
        ),
        ("https://example.de/a,1;2/b;x=1", "https://example.de/a,1;2/b;x=1"),
        (
            "https://example.de/a?PHPSESSID=0123&id=7",
            "https://example.de/a?id=7",
        ),
        ("https://example.de/a?ref=rss", "https://example.de/a"),
        (
            "https://example.de/a?ref=startseite",
            "https://example.de/a?ref=startseite",
        ),
        (
            "https://example.de/a?cid=4711&source=agentur",
            "https://example.de/a?cid=4711&source=agentur",
        ),
        (
            "https://example.de/a?at_thema=1&utmost=2",
            "https://example.de/a?at_thema=1&utmost=2",
        ),
        (
            "https://example.de/a?q=M%C3%BCller%20x&r=a+b",
            "https://example.de/a?q=M%C3%BCller%20x&r=a+b",
        ),
        ("https://example.de/%7Ea/../b%2Fc", "https://example.de/b%2Fc"),
        ("https://example.de/a?cHash=AbC", "https://example.de/a?cHash=AbC"),
        ("https://[::1]/a", "https://[::1]/a"),
        ("mailto:a@example.de", None),
        ("javascript:alert(1)", None),
        ("ftp://example.de/a", None),
        ("/a", None),
        ("", None),
        ("http://", None),
    ],
)
def test_one_spelling(url: str, expected: str | None) -> None:
    check(url, expected)


def test_relative_addresses_need_a_base() -> None:
    check(
        "../b?utm_term=x",
        "https://example.de/b",
        "https://example.de/a/feed.xml",
    )
    check(
        "//cdn.example.de/b", "https://cdn.example.de/b", "https://example.de/"
    )


def test_parts() -> None:
    assert (
        scheme_less("http://a.de/b")
        == scheme_less("https://a.de/b")
        == "//a.de/b"
    )
    assert host_less("https://a.de/b?c=1") == "/b?c=1"
    assert host_less("https://a.de") == "/"


@given(
    st.text(max_size=40)
    | st.text(
        st.sampled_from("ab/?#&=.:utm_s%20ref=rss@[]ü"), max_size=40
    ).map(lambda rest: "http://a.de/" + rest)
)
def test_normalising_is_idempotent_and_never_raises(raw: str) -> None:
    once = normalize_url(raw)
    if once is not None:
        assert normalize_url(once) == once
        assert "#" not in once
        assert once.isascii()
        assert host_less(once).startswith("/")
