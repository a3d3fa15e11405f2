"""Lists of feeds in and out; lists that are none, and those that are meant to
hurt.
"""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.opml import MOST_FEEDS, ListedFeed, read_opml, write_opml

HEAD = "<?xml version='1.0' encoding='utf-8'?>"


def check(body: str, *expected: ListedFeed) -> None:
    assert (
        read_opml(
            (
                HEAD + f"<opml version='1.0'><head/><body>{body}</body></opml>"
            ).encode()
        )
        == expected
    )


def test_folders_names_and_addresses() -> None:
    check(
        "<outline text='NRW'><outline text='Politik'><outline text='WDR'"
        " xmlUrl='https://wdr.test/rss' htmlUrl='https://wdr.test/' language='de-DE'"
        " category='a'/></outline></outline><outline title='ZDF &amp; Co' text='x' XMLURL='"
        " https://zdf.test/rss '/>",
        ListedFeed(
            "WDR",
            "https://wdr.test/rss",
            "https://wdr.test/",
            ("NRW", "Politik"),
            "a",
            "de",
        ),
        ListedFeed("ZDF & Co", "https://zdf.test/rss"),
    )


def test_only_web_addresses_and_each_once() -> None:
    check(
        "<outline xmlUrl='javascript:alert(1)'/><outline xmlUrl='file:///etc/passwd'/><outline"
        " text='leer'/>"
    )
    check(
        "<outline text='a' xmlUrl='http://a.test/'/><outline text='b' xmlUrl='http://a.test/'/>",
        ListedFeed("a", "http://a.test/"),
    )


def test_broken_lists_give_what_is_whole() -> None:
    check(
        "<outline text='A & B' xmlUrl='http://a.test/?x=1&y=2'/>",
        ListedFeed("A & B", "http://a.test/?x=1&y=2"),
    )
    cut = (
        HEAD
        + "<opml><body><outline text='a' xmlUrl='http://a.test/'/><outline text='b' xmlU"
    )
    assert read_opml(cut.encode()) == (ListedFeed("a", "http://a.test/"),)


def test_no_entity_is_ever_expanded() -> None:
    bomb = "".join(
        f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10)
    )
    body = (
        f"{HEAD}<!DOCTYPE opml [<!ENTITY e0 'ha'>{bomb}<!ENTITY file SYSTEM"
        " 'file:///etc/hostname'>]><opml><body><outline text='&e9;&file;'"
        " xmlUrl='http://a.test/'/></body></opml>"
    )
    began = time.process_time()
    found = read_opml(body.encode())
    assert found is not None
    assert len(found) == 1
    assert len(found[0].title) < 50
    assert time.process_time() - began < 2


def test_what_is_no_list() -> None:
    assert read_opml(b"") is None
    assert read_opml(b"<rss><channel/></rss>") is None
    assert read_opml(b"<opml></opml>") == ()
    assert read_opml(b"<opml") is None


def test_depth_and_number_are_bounded() -> None:
    deep = (
        "<outline text='x'>" * 60
        + "<outline xmlUrl='http://a.test/'/>"
        + "</outline>" * 60
    )
    check(deep)
    many = "".join(
        f"<outline xmlUrl='http://a.test/{n}'/>" for n in range(MOST_FEEDS + 5)
    )
    found = read_opml(f"<opml><body>{many}</body></opml>".encode())
    assert found is not None
    assert len(found) == MOST_FEEDS


def test_what_is_written_is_read_again() -> None:
    feeds = (
        ListedFeed(
            "ZDF <heute> & mehr",
            "https://zdf.test/?a=1&b=2",
            "https://zdf.test/",
            ("national", "Land"),
            "",
            "de",
        ),
        ListedFeed("Radio", "https://radio.test/", "", ("OWL",)),
        ListedFeed("WDR", "https://wdr.test/", "", ("national",)),
        ListedFeed("ohne", "https://ohne.test/"),
    )
    found = read_opml(write_opml(feeds, title="Monitor"))
    assert found is not None
    assert sorted(found, key=lambda o: o.url) == sorted(
        feeds, key=lambda o: o.url
    )


@given(st.binary(max_size=400))
def test_nothing_raises(noise: bytes) -> None:
    for body in (
        noise,
        b"<opml><body>" + noise,
        b"<opml><body><outline xmlUrl='http://a.test/" + noise,
    ):
        assert read_opml(body) is None or isinstance(read_opml(body), tuple)
