"""Mutated feeds: never an exception, never a lost whole item."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse.feed import parse_feed
from monitor.types.feed import NotAFeed, ParsedFeed
from tests.services.replay import replay_folder

NOW = datetime(2026, 10, 6, tzinfo=UTC)
OWN = sorted((Path(__file__).parents[1] / "data" / "feeds").iterdir())
REPLAY = replay_folder()
REAL = (
    sorted((REPLAY / "data" / "feeds" / "german").glob("*.xml"))
    if REPLAY
    else []
)
ITEM = re.compile(rb"<(item|entry)[\s>].*?</\1>", re.DOTALL)
RECORD = re.compile(rb"<(url)>.*?</\1>", re.DOTALL)


def parse(body: bytes) -> ParsedFeed | NotAFeed:
    return parse_feed(body, url="https://example.de/feed", now=NOW)


def links(body: bytes) -> set[str | None]:
    got = parse(body)
    return (
        {entry.url for entry in got.entries}
        if isinstance(got, ParsedFeed)
        else set()
    )


def spans_of(body: bytes) -> list[tuple[int, int]]:
    """Where the document's items begin and end."""
    return [
        match.span()
        for match in (RECORD if b"<urlset" in body else ITEM).finditer(body)
    ]


def mutated(body: bytes, chance: random.Random) -> bytes:
    """A few bytes flipped, cut, doubled or thrown in."""
    raw = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(raw) + 1), chance.randint(1, 30)
        what = chance.randrange(5)
        if what == 0:
            raw[at : at + length] = b""
        elif what == 1:
            raw[at:at] = raw[at : at + length]
        elif what == 2:
            raw[at:at] = chance.randbytes(length)
        elif what == 3:
            raw[at:at] = chance.choice(
                [
                    b"<",
                    b">",
                    b"&",
                    b"]]>",
                    b"<![CDATA[",
                    b"<!--",
                    b"</",
                    b'"',
                    b"\0",
                    b"&#x;",
                    b"<item>",
                ]
            )
        else:
            del raw[at:]
            raw += b" "
    return bytes(raw)


@pytest.mark.parametrize("path", [*OWN, *REAL], ids=lambda path: path.name)
def test_no_mutation_raises(path: Path) -> None:
    body, chance = path.read_bytes(), random.Random(path.name)
    for _ in range(40 if path in OWN else 12):
        assert isinstance(parse(mutated(body, chance)), ParsedFeed | NotAFeed)


@pytest.mark.parametrize("path", [*OWN, *REAL], ids=lambda path: path.name)
def test_whole_items_of_a_cut_off_feed_are_kept(path: Path) -> None:
    body, chance = path.read_bytes(), random.Random(path.name)
    spans = spans_of(body)
    whole = parse(body)
    if not spans or not isinstance(whole, ParsedFeed):
        return
    for _ in range(25 if path in OWN else 6):
        cut = chance.randrange(spans[0][1], len(body))
        expected = {
            entry.url
            for entry, (_, end) in zip(whole.entries, spans, strict=True)
            if end <= cut
        }
        assert expected <= links(body[:cut])


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in [*OWN, *REAL]
        if path.name not in ("jsonfeed.json", "sitemap-index.xml")
    ],
    ids=lambda path: path.name,
)
def test_a_broken_item_costs_no_other_item(path: Path) -> None:
    body, chance = path.read_bytes(), random.Random(path.name)
    whole = parse(body)
    assert isinstance(whole, ParsedFeed)
    spans = spans_of(body)
    for _ in range(25 if path in OWN else 6):
        hit = chance.randrange(len(spans))
        start, end = spans[hit]
        inside = chance.randrange(start + 6, end - 8)
        junk = chance.choice(
            [
                b"<",
                b"<br>",
                b"&",
                b"<![CDATA[",
                b"<x:y>",
                b"</p>",
                b"<!--",
                b"\xff\xfe",
                b"\0",
                b'<a b="',
            ]
        )
        broken = body[:inside] + junk + body[inside:]
        others = {
            entry.url for i, entry in enumerate(whole.entries) if i != hit
        }
        assert others <= links(broken), (junk, broken[start : end + 20])


@given(st.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    parse(body)


RSS = "<rss version='2.0'>|<channel>|<item>|</item>|</channel>|</rss>|<title>|</title>|<link>|</link>|<pubDate>|<guid>"
ATOM = (
    "<feed>|<entry>|</entry>|<link"
    " href='x'/>|<category>|</category>|<source>|<image>|<media:category>|<a:b>"
)
OTHER = "<![CDATA[|]]>|&amp;|&|&#0;|<!--|-->|text|<?xml|?>|<!DOCTYPE|[|{|<urlset>|<url>|<loc>|https://a.de/|</loc>"
tokens = st.sampled_from(
    [token for words in (RSS, ATOM, OTHER) for token in words.split("|")]
)


@pytest.mark.slow
@given(
    st.lists(tokens, max_size=40).map("".join),
    st.sampled_from(["", "<rss><channel><item>", "<feed><entry>"]),
)
@settings(max_examples=300)
def test_any_tags(text: str, start: str) -> None:
    parse((start + text).encode())
