from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.discover import WELL_KNOWN, find_feeds, sitemaps_in_robots

URL = "https://www.blatt.example/lokales/"


def check(html: str, expected: list[str]) -> None:
    assert [
        candidate.url for candidate in find_feeds(html.encode(), url=URL)
    ] == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<link rel="alternate" type="application/rss+xml" href="/rss">',
            ["https://www.blatt.example/rss"],
        ),
        (
            "<LINK REL=ALTERNATE TYPE='Application/Atom+XML; charset=utf-8' HREF=a.xml>",
            [URL + "a.xml"],
        ),
        (
            '<link rel="alternate" type="application/feed+json" href="feed.json">',
            [URL + "feed.json"],
        ),
        ('<link rel="feed" href="/f">', ["https://www.blatt.example/f"]),
        ('<link rel="alternate" hreflang="en" href="/en">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="/x">', []),
        (
            '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
            [],
        ),
        (
            '<link rel="alternate" type="text/xml+oembed" href="/oembed?format=xml">',
            [],
        ),
        ('<link rel="alternate" type="text/xml" href="/karte">', []),
        (
            '<base href="https://blatt.example/"><a href="rss.xml">RSS</a>',
            ["https://blatt.example/rss.xml"],
        ),
        (
            '<a href="feed:https://blatt.example/feed">x</a>',
            ["https://blatt.example/feed"],
        ),
        (
            '<a href="feed://blatt.example/abo">RSS-Feed</a>',
            ["https://blatt.example/abo"],
        ),
        (
            '<a href="/abo/17"> <b>RSS</b> </a><a href="/b.rss">B</a>',
            [
                "https://www.blatt.example/b.rss",
                "https://www.blatt.example/abo/17",
            ],
        ),
        (
            '<a href="javascript:rss()">x</a><a href="/kontakt">RSS?</a><a href="#rss">x</a>',
            [],
        ),
        ("", []),
    ],
)
def test_what_pages_name(html: str, expected: list[str]) -> None:
    check(html, expected)


def test_the_best_comes_first() -> None:
    check(
        '<a href="/news.xml">x</a><a href="/rss/">x</a><link rel="alternate"'
        ' type="application/rss+xml" href="https://other.example/rss"><link rel="alternate"'
        ' type="application/rss+xml" title="Kommentare" href="/kommentare.rss"><link'
        ' rel="alternate" type="application/rss+xml" title="News" href="/news.rss"><a'
        ' href="/news.rss#top">doppelt</a>',
        [
            f"https://www.blatt.example/{path}"
            for path in ("news.rss", "kommentare.rss", "news.xml", "rss/")
        ]
        + ["https://other.example/rss"],
    )


def test_titles_and_sources() -> None:
    html = (
        '<link rel="alternate" type="application/rss+xml" title=" Alle  Meldungen " href="/a"><a'
        ' href="/b.rss">B</a>'
    )
    found = find_feeds(html.encode(), url=URL)
    assert [(candidate.title, candidate.source) for candidate in found] == [
        ("Alle Meldungen", "declared"),
        ("B", "linked"),
    ]


def test_sitemaps_of_robots() -> None:
    robots = (
        b"Disallow: /x\nSitemap:"
        b" https://a.de/sitemap.xml\r\nsitemap:https://a.de/news.xml\nSitemap: /relativ\n"
    )
    assert sitemaps_in_robots(robots) == (
        "https://a.de/news.xml",
        "https://a.de/sitemap.xml",
    )
    assert sitemaps_in_robots(b"\xff\xfe Sitemap") == ()


def test_well_known_paths_are_paths() -> None:
    assert all(path.startswith("/") for path in WELL_KNOWN)
    assert len(set(WELL_KNOWN)) == len(WELL_KNOWN)


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [
            "",
            "<a href='",
            "<base href='",
            "<link rel=alternate type=text/xml href='rss",
        ]
    ),
)
def test_no_page_raises(html: bytes, start: str) -> None:
    find_feeds(start.encode() + html, url=URL)
    sitemaps_in_robots(b"Sitemap: http://" + html)
