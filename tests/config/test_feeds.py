"""Broken feeds and defaults are named with their place and a hint."""

from __future__ import annotations

import pytest

from monitor.config.catalog import load_catalog
from tests.config.files import FEED, Write, check


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        (
            "feeds:\n  - id: a\n    utl: https://a.de/\n",
            [(3, 5, 'feed "a": unknown key "utl"', '"url"')],
        ),
        (FEED + "feedz: []\n", [(4, 1, 'unknown key "feedz"', '"feeds"')]),
        (FEED + "themen: []\n", [(4, 1, 'unknown key "themen"', '"topics"')]),
        (
            FEED + "Empfänger: []\n",
            [(4, 1, 'unknown key "Empfänger"', '"recipients"')],
        ),
        (
            FEED + "    medium: Bote\n",
            [(4, 5, 'unknown key "medium"', '"outlet"')],
        ),
        (
            FEED + "    titel: Bote\n",
            [(4, 5, 'unknown key "titel"', '"title"')],
        ),
        (FEED + "    <<: {a: b}\n", [(4, 5, "unknown key", "defaults")]),
        (
            FEED + "    bogus: 1\n",
            [(4, 5, 'unknown key "bogus"', "known keys")],
        ),
        (
            FEED + "    url: https://b.de/\n",
            [(4, 5, '"url" stands here a second time', "line 3")],
        ),
        (
            FEED + "    country: no\n",
            [(4, 14, "country: no without quotes", "Norway")],
        ),
        (FEED + "    language: NO\n", [(4, 15, "without quotes", "quotes")]),
        (FEED + "    title: ~\n", [(4, 12, "without quotes", "quotes")]),
        (FEED + "    title:\n", [(4, 11, "title: is empty", "delete")]),
        (FEED + '    title: "a\\r\\nBcc: b"\n', [(4, 12, "U+000D", "delete")]),
        (FEED + '    title: "\\ud83d"\n', [(4, 12, "U+D83D", "delete")]),
        (
            FEED + "    title: [a]\n",
            [(4, 12, "expected a text, found a list", "")],
        ),
        (FEED + "    title: !x a\n", [(4, 12, "tag", "quotes")]),
        (FEED + "    priority: 9\n", [(4, 15, "out of range", "1 to 5")]),
        (FEED + "    priority: [1]\n", [(4, 15, "expected a text", "")]),
        (FEED + "    license: [1]\n", [(4, 14, "expected true or false", "")]),
        (FEED + "    min_interval: 10\n", [(4, 19, "no unit", "10 min")]),
        (FEED + "    min_interval: 0 s\n", [(4, 19, "too short", "10 min")]),
        (
            FEED + "    min_interval: 7 h\n",
            [(4, 19, "longer than max_interval", "swap")],
        ),
        (
            FEED + "    max_interval: 1 min\n",
            [(4, 19, "longer than max_interval", "swap")],
        ),
        (FEED + "    initial: some\n", [(4, 14, '"some"', "last:5")]),
        (
            FEED + "    selectors: main\n",
            [(4, 16, "expected keys", "indentation")],
        ),
        (
            FEED + "    selectors: {artikel: x}\n",
            [(4, 17, 'selectors: unknown key "artikel"', '"article"')],
        ),
        (
            FEED + "    site: https://b.de/\n",
            [(4, 11, "both url and site", "keep url")],
        ),
        (FEED + "    ? [a]\n    : b\n", [(4, 7, "one word", "")]),
        ("feeds:\n  - id: a\n", [(2, 5, "neither url nor site", "url:")]),
        (
            "feeds:\n  - url: https://a.de/\n",
            [(2, 5, '"id" is missing', "zdf-heute")],
        ),
        (
            "feeds:\n  - title: Radio Löhne\n    url: https://a.de/\n",
            [(2, 5, '"id" is missing', "radio-loehne")],
        ),
        (
            FEED + "  - id: zdf\n    url: https://b.de\n",
            [(4, 9, "already taken", "line 2")],
        ),
        (
            FEED + "  - id: b\n    url: http://www.ZDF.de/rss/\n",
            [(5, 10, "listed twice", 'feed "zdf" in line 2')],
        ),
        (
            FEED + "  - id: b\n    url: https://[x/\n",
            [(5, 10, "not a web address", "https://")],
        ),
        (FEED + "  - foo\n", [(4, 5, "expected keys", "indentation")]),
        ("feeds: []\n", [(1, 8, "the list is empty", "at least one")]),
        (
            "feeds: {id: a}\n",
            [(1, 8, "expected a list, found a block", '"- "')],
        ),
        ("topics: []\n", [(1, 1, '"feeds" is missing', "")]),
        ("- a\n", [(1, 1, "expected keys", "")]),
        ("text\n", [(1, 1, "expected keys", "")]),
        (
            FEED + "defaults: {mode: digst}\n",
            [(4, 18, "defaults: mode", '"digest"')],
        ),
    ],
)
def test_broken_feeds(
    write: Write, yaml: str, expected: list[tuple[int, int, str, str]]
) -> None:
    check(write(yaml), *expected)


def test_a_title_is_one_line(write: Write) -> None:
    assert (
        load_catalog(write(FEED + "    title: >\n      ZDF\n      heute\n"))
        .feeds[0]
        .title
        == "ZDF heute"
    )
