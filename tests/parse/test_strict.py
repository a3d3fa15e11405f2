"""feedparser reads the same whether it is led by us or by itself: on all
documents we have, and on odd ones.
"""

from __future__ import annotations

import io
from pathlib import Path
from random import Random
from typing import Any

import feedparser
import pytest
from feedparser.mixin import _FeedParserMixin
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse.document import XmlDocument, read_document
from monitor.parse.strict import read_strictly

FEEDS = sorted((Path(__file__).parents[1] / "data" / "feeds").glob("*.xml"))
PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "cc": "http://web.resource.org/cc/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "other": "http://purl.org/dc/elements/1.1/",
    "psc": "http://podlove.org/simple-chapters",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "svg": "http://www.w3.org/2000/svg",
    "x": "urn:x",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
DECLARED = "".join(
    f' xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items()
)
USUAL = (
    "title",
    "link",
    "guid",
    "pubDate",
    "description",
    "author",
    "category",
    "dc:creator",
    "content:encoded",
    "summary",
    "content",
    "updated",
    "published",
    "id",
    "enclosure",
    "media:content",
    "media:thumbnail",
    "source",
    "image",
    "name",
    "url",
)
ODD = (
    "foo",
    "x:bar",
    "other:creator",
    "other:date",
    "div",
    "p",
    "b",
    "svg",
    "svg:svg",
    "xhtml:div",
    "xhtml:p",
    "Title",
    "atom:link",
    "atom:summary",
)
ATTRIBUTES = tuple(
    line.strip()
    for line in """
    type="text" | type="html" | type="xhtml" | type="text/plain" | type="image/png" | type="application/xml"
    mode="base64" | mode="escaped" | href="http://a.de/x?a=1&amp;b=2" | href="rel/y" | rel="alternate" | rel="enclosure"
    rel="Self" | url="http://a.de/b.png" | xml:lang="de" | xml:lang="" | xml:lang="en_US" | xml:base="http://b.de/"
    xml:base="rel/" | isPermaLink="false" | isPermaLink="true" | term="T" | label="L" | scheme="S" | domain="D"
    version="2.0" | version="0.91" | rdf:about="http://g/1" | src="s" | lastmod="2020-01-01" | base="http://q.de/"
    xmlns="http://www.w3.org/2005/Atom" | xmlns="http://purl.org/rss/1.0/" | xmlns="urn:other" | xmlns:dc="urn:not-dc"
    xmlns:new="http://purl.org/dc/elements/1.1/" | xmlns:xl="http://www.w3.org/1999/xlink" | medium="image" | x:y="z"
    """.replace("\n", "|").split("|")
    if line.strip()
)
TEXTS = (
    "",
    " ",
    "Titel",
    "Größe – „so“",
    "  a b  ",
    "&amp;auml;",
    "&lt;p&gt;Hallo &amp;amp; Welt&lt;/p&gt;",
    "1",
    "de",
    "<![CDATA[<p>Hi &amp; du</p>]]>",
    # one: with two, feedparser would take &#228; before them for one letter in
    # UTF-8
    "\x85 x",
    "http://a.de/1?x=1&amp;y=2",
    "rel/path",
    "a &amp; b",
    "Mon, 02 Nov 2026 08:00:00 GMT",
    "2026-11-02T08:00:00Z",
    "VGVzdA==",
    "http:///x",
    "&lt;b&gt;x",
    "anna@b.de (Anna)",
    "\n\n x \n y",
    "&amp;nbsp;&amp;foo;",
    "http://[bad",
    "&#228;",
)
ROOTS = (
    "",
    ' version="2.0"',
    ' version="0.92"',
    ' xml:lang="de"',
    ' xml:base="http://base.de/x/"',
    ' xmlns="http://www.w3.org/2005/Atom"',
    ' xmlns="http://purl.org/rss/1.0/"',
    ' xmlns="http://www.w3.org/2005/Atom" xml:lang="de_DE"',
)


def every_name() -> tuple[str, ...]:
    """Each element that feedparser has a handler for, and some that it has
    none for.
    """
    handled = {
        name.split("_", 2)[2]
        for name in dir(_FeedParserMixin)
        if name.startswith(("_start_", "_end_"))
    }
    names = []
    for name in sorted(handled):
        prefix, _, local = name.partition("_")
        names.append(
            f"{prefix}:{local}" if local and prefix in PREFIXES else name
        )
    return (*names, *ODD)


NAMES = every_name()


def element(random: Random, depth: int) -> str:
    name = random.choice(USUAL if random.random() < 0.7 else NAMES)
    chosen = {
        one.partition("=")[0]: one
        for one in random.sample(
            ATTRIBUTES, random.choice((0, 0, 0, 1, 1, 2, 3))
        )
    }
    inner = "".join(
        (random.choice(TEXTS) if random.random() < 0.6 else "")
        + (
            element(random, depth - 1)
            if depth and random.random() < 0.35
            else ""
        )
        for _ in range(random.choice((1, 1, 2)))
    )
    return f"<{' '.join((name, *chosen.values()))}>{inner}</{name}>"


def document(random: Random) -> str:
    root = random.choice(("rss", "rss", "feed", "rdf:RDF", "channel"))
    item = random.choice(("item", "entry"))
    before, behind = (
        ("<channel>", "</channel>") if random.random() < 0.6 else ("", "")
    )
    head = "".join(element(random, 1) for _ in range(random.randrange(5)))
    items = "".join(
        f"<{item}>{''.join(element(random, 2) for _ in range(random.randrange(8)))}</{item}>"
        for _ in range(random.randrange(4))
    )
    return f"<{root}{DECLARED}{random.choice(ROOTS)}>{before}{head}{items}{behind}</{root}>"


def plain(value: Any) -> Any:
    """Without the dates that feedparser reads, which we read ourselves."""
    if isinstance(value, dict):
        return {
            key: plain(dict.__getitem__(value, key))
            for key in value
            if not key.endswith("_parsed")
        }
    return (
        [plain(one) for one in value]
        if isinstance(value, (list, tuple))
        else value
    )


def reading(text: str) -> Any:
    """feedparser's own, or the kind of what it raises; None for an ill-formed
    document.
    """
    stream = io.BytesIO(
        b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode()
    )
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        read = feedparser.parse(
            stream,
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        return type(error)
    return (
        None
        if read.bozo
        else (read.version, plain(read.feed), plain(read.entries))
    )


def check(text: str) -> None:
    found: Any
    try:
        strict = read_strictly(text)
    except Exception as error:
        found = type(error)
    else:
        found = strict and (
            strict.version,
            plain(strict.channel),
            plain(strict.items),
        )
    assert found == reading(text)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_documents_read_the_same(path: Path) -> None:
    read = read_document(path.read_bytes(), content_type="")
    assert isinstance(read, XmlDocument)
    if read.root not in ("urlset", "sitemapindex"):
        check(read.text)


@pytest.mark.slow
@given(st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_odd_documents_read_the_same(random: Random) -> None:
    check(document(random))


@pytest.mark.parametrize("word", ["Maß«", "Spaß\u00a0und", "Ö»", "»Ä«", "ß–"])
def test_a_word_that_could_be_utf8_once_more_is_left_alone(word: str) -> None:
    """feedparser by itself would read it again: here we part from it."""
    title = f"<title>{word}</title>"
    read = read_strictly(
        f"<rss><channel>{title}<item>{title}<description>{word}</description></item></channel></rss>"
    )
    assert read is not None
    assert (
        read.channel["title"],
        read.items[0]["title"],
        read.items[0]["summary"],
    ) == (
        word,
        word,
        word,
    )


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item></channel></rss>",
        "<rss>&undeclared;</rss>",
        "<rss/><rss/>",
    ],
)
def test_an_ill_formed_document_is_left_to_others(text: str) -> None:
    assert read_strictly(text) is None
