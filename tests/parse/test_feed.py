from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.parse.feed import parse_feed
from monitor.parse.item_limit import ITEM_LIMIT
from monitor.types.feed import Entry, FeedHints, NotAFeed, ParsedFeed

NOW = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
FEEDS = Path(__file__).parents[1] / "data" / "feeds"
URL = "https://wiesenbote.example/nachrichten/feed.xml"


def parse(body: bytes | str, content_type: str = "") -> ParsedFeed | NotAFeed:
    raw = body.encode() if isinstance(body, str) else body
    return parse_feed(raw, url=URL, content_type=content_type, now=NOW)


def feed(body: bytes | str, content_type: str = "") -> ParsedFeed:
    got = parse(body, content_type)
    assert isinstance(got, ParsedFeed), got
    return got


def rss(*items: str, head: str = "", root: str = '<rss version="2.0">') -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0"'
        f' encoding="utf-8"?>\n{root}<channel><title>T</title>{head}{inner}</channel></rss>'
    )


def entry(item: str, **kw: str) -> Entry:
    (got,) = feed(rss(item, **kw)).entries
    return got


def check(
    body: bytes | str,
    titles: list[str],
    problems: list[str],
    content_type: str = "",
) -> None:
    got = feed(body, content_type)
    assert [e.title for e in got.entries] == titles
    assert [problem.code for problem in got.problems] == problems


HERE = "https://wiesenbote.example"


@pytest.mark.parametrize(
    ("name", "format_", "title", "links"),
    [
        (
            "rss20.xml",
            "rss20",
            "Wiesenbote & Umland",
            [
                f"{HERE}/lokales/schwimmen-1001.html?utm_source=rss",
                f"{HERE}/lokales/zweiter-1002.html",
                f"{HERE}/nachrichten/lokales/dritter-1003.html",
            ],
        ),
        (
            "rss091.xml",
            "rss091u",
            "Alt",
            [f"https://alt.example/{n}" for n in (1, 2, 3)],
        ),
        (
            "rdf.xml",
            "rdf",
            "Dreiecksblatt",
            [f"https://rdf.example/{n}" for n in (1, 2, 3)],
        ),
        (
            "atom10.xml",
            "atom10",
            "Die <spitze> Feder",
            [
                f"https://atom.example/{name}.html"
                for name in ("blog/eins", "zwei", "drei")
            ],
        ),
        (
            "atom03.xml",
            "atom03",
            "Alte Feder",
            [f"https://atom03.example/{n}" for n in (1, 2, 3)],
        ),
        (
            "jsonfeed.json",
            "json11",
            "Klammeraffe & Co",
            [
                "https://json.example/1",
                f"{HERE}/nachrichten/2.html",
                "https://json.example/3",
            ],
        ),
        (
            "news-sitemap.xml",
            "sitemap-news",
            "",
            [
                "https://karte.example/1.html?a=1&b=2",
                "https://karte.example/2.html",
                "https://karte.example/3.html",
            ],
        ),
    ],
)
def test_formats(
    name: str, format_: str, title: str, links: list[str]
) -> None:
    got = feed((FEEDS / name).read_bytes())
    assert (got.format, got.title, [e.url for e in got.entries]) == (
        format_,
        title,
        links,
    )
    # Its document type would define the umlauts; nothing is loaded, so they
    # are repaired.
    assert [problem.code for problem in got.problems] == ["ill-formed"] * (
        name == "rss091.xml"
    )


def test_a_whole_rss_feed() -> None:
    got = feed((FEEDS / "rss20.xml").read_bytes())
    assert (got.link, got.language) == ("https://wiesenbote.example/", "de-DE")
    assert (got.hints.ttl, got.hints.update_period) == (
        timedelta(minutes=15),
        timedelta(minutes=30),
    )
    assert (got.hints.skip_hours, got.hints.skip_days) == (
        (0, 1, 2),
        ("saturday", "sunday"),
    )
    first, second, third = got.entries
    assert first.guid == "wb-1001"
    assert first.title == 'Bürgermeisterin "schwimmt" & gewinnt'
    assert first.summary == "Sie schwamm am schnellsten.\nApplaus."
    assert first.content == "Der ganze Text über das Becken.\nZweiter Absatz."
    assert (first.authors, first.categories) == (
        ("Rita Muster",),
        ("Lokales", "Sport"),
    )
    assert first.published.parsed == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert first.image_url == "https://wiesenbote.example/bilder/1.jpg"
    assert second.summary == "Nur ein Anriss fett."
    assert second.published.parsed == datetime(2026, 10, 5, 7, tzinfo=UTC)
    assert second.image_url == "https://wiesenbote.example/2.jpg"
    assert (third.published.parsed, third.published.reason) == (None, "future")


def test_a_whole_atom_feed() -> None:
    first, second, _ = feed((FEEDS / "atom10.xml").read_bytes()).entries
    assert first.title == "Kurz & bündig: 1 < 2"
    assert (first.summary, first.content) == (
        "Anriss",
        "Absatz eins\nAbsatz zwei",
    )
    assert (first.authors, first.categories) == (("Ada Atom",), ("Politik",))
    assert first.published.parsed == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert first.updated.parsed == datetime(2026, 10, 5, 9, tzinfo=UTC)
    assert (first.image_url, first.language) == (
        "https://atom.example/blog/eins.png",
        "de",
    )
    assert (second.title, second.guid, second.url) == (
        "Zwei",
        "urn:2",
        "https://atom.example/zwei.html",
    )
    assert (
        second.published.parsed
        == second.updated.parsed
        == datetime(2026, 10, 5, 9, tzinfo=UTC)
    )
    assert (second.published.reason, second.published.moves) == (
        "iso, the feed's updated",
        True,
    )


DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
ITUNES = ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "<dc:creator>Von Karla Beispiel, Herford</dc:creator>",
            ("Karla Beispiel",),
        ),
        (
            "<dc:creator>Beispiel, Karla; Muster, Max</dc:creator>",
            ("Karla Beispiel", "Max Muster"),
        ),
        (
            "<dc:creator>Karla Beispiel</dc:creator><dc:creator>Max Muster</dc:creator>",
            ("Karla Beispiel", "Max Muster"),
        ),
        (
            "<dc:creator>Karla Beispiel und Max Muster</dc:creator>",
            ("Karla Beispiel", "Max Muster"),
        ),
        ("<dc:creator>Mac &amp; i</dc:creator>", ("Mac & i",)),
        ("<dc:creator>dpa/lnw</dc:creator>", ("dpa",)),
        ("<dc:creator>admin</dc:creator>", ()),
        (
            "<author>karla@blatt.example (Karla Beispiel)</author>",
            ("Karla Beispiel",),
        ),
        ("<author>karla@blatt.example</author>", ()),
        ("<author>Karla Beispiel, Redakteurin</author>", ("Karla Beispiel",)),
        (
            "<itunes:author>Karla Beispiel | Welle Nord</itunes:author>",
            ("Karla Beispiel", "Welle Nord"),
        ),
        (
            "<dc:creator>Text: Karla Beispiel, Fotos: Max Muster</dc:creator>",
            ("Karla Beispiel",),
        ),
    ],
)
def test_authors_of_items(item: str, expected: tuple[str, ...]) -> None:
    assert (
        entry(
            f"<title>A</title>{item}", root=f'<rss version="2.0"{DC}{ITUNES}>'
        ).authors
        == expected
    )


WHEN, LATER = "2026-10-05T10:00:00+02:00", "2026-10-06T10:00:00+02:00"


@pytest.mark.parametrize(
    ("item", "expected", "reason"),
    [
        (f"<dc:date>{WHEN}</dc:date>", 5, "iso"),
        (f"<dcterms:created>{WHEN}</dcterms:created>", 5, "iso"),
        (f"<dcterms:issued>{WHEN}</dcterms:issued>", 5, "iso"),
        (
            f"<dcterms:created>{WHEN}</dcterms:created><dcterms:modified>{LATER}</dcterms:modified>",
            5,
            "iso",
        ),
        (f"<dcterms:modified>{LATER}</dcterms:modified>", 6, "iso"),
        (
            f"<pubDate>Mon, 05 Oct 26 10:00:00 +0200</pubDate><dc:date>{LATER}</dc:date>",
            5,
            "rfc822",
        ),
        (
            f"<pubDate>demnächst</pubDate><dc:date>{LATER}</dc:date>",
            6,
            "iso, the feed's updated",
        ),
        ("<pubDate>05/10/2026 10:00</pubDate>", 5, "german, zone of feed"),
        (
            "<pubDate>gestern, 10 Uhr</pubDate>",
            5,
            "relative, zone of feed, estimated",
        ),
    ],
)
def test_dates_of_items(item: str, expected: int, reason: str) -> None:
    published = entry(
        f"<title>A</title>{item}", root=f'<rss version="2.0"{DC}>'
    ).published
    assert published.parsed == datetime(2026, 10, expected, 8, tzinfo=UTC)
    assert published.reason == reason


@pytest.mark.parametrize(
    ("dates", "expected", "reason"),
    [
        (f"<updated>{WHEN}</updated>", 5, "iso, the feed's updated"),
        (f"<updated>{LATER}</updated><published>{WHEN}</published>", 5, "iso"),
        (
            f"<updated>{LATER}</updated><published>bald</published>",
            6,
            "iso, the feed's updated",
        ),
        (f"<modified>{WHEN}</modified>", 5, "iso, the feed's updated"),
        (f"<issued>{WHEN}</issued><modified>{LATER}</modified>", 5, "iso"),
    ],
)
def test_dates_of_atom_entries(dates: str, expected: int, reason: str) -> None:
    head = (
        "<feed"
        f' xmlns="http://www.w3.org/2005/Atom"><title>Kreisblatt</title><updated>{LATER}</updated>'
    )
    (got,) = feed(
        f"{head}<entry><title>Fund im Moor</title><id>u:1</id>{dates}</entry></feed>"
    ).entries
    assert got.published.parsed == datetime(2026, 10, expected, 8, tzinfo=UTC)
    assert got.published.reason == reason


def test_dates_of_a_json_feed_and_of_sitemaps_that_state_only_changes() -> (
    None
):
    version = '{"version": "https://jsonfeed.org/version/1.1", "title": "T"'
    (item,) = feed(
        f'{version}, "items": [{{"id": "1", "title": "A", "date_modified": "{WHEN}"}}]}}'
    ).entries
    assert (item.published.parsed, item.published.moves) == (
        datetime(2026, 10, 5, 8, tzinfo=UTC),
        True,
    )
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    title = "<n:news><n:title>A</n:title></n:news>"
    for extra, expected in (
        (title, datetime(2026, 10, 5, 8, tzinfo=UTC)),
        ("", None),
    ):
        url = f"<url><loc>{HERE}/a</loc><lastmod>{WHEN}</lastmod>{extra}</url>"
        (got,) = feed(f"<urlset {spaces}>{url}</urlset>").entries
        assert got.published.parsed == expected


def test_a_whole_rdf_feed() -> None:
    first = feed((FEEDS / "rdf.xml").read_bytes()).entries[0]
    assert (first.guid, first.authors) == (
        "https://rdf.example/1",
        ("A. Autor",),
    )
    assert first.published.parsed == datetime(2026, 10, 5, 8, tzinfo=UTC)


def test_a_whole_json_feed() -> None:
    first, second, third = feed((FEEDS / "jsonfeed.json").read_bytes()).entries
    assert (first.title, first.summary, first.content) == (
        "Eins & alles",
        "kurz",
        "Text\nMehr",
    )
    assert (first.authors, first.categories) == (("Jo Son",), ("Politik",))
    assert first.image_url == "https://wiesenbote.example/1.jpg"
    assert (second.guid, second.content) == ("2", "nur\nText")
    assert third.guid == "https://json.example/3"


def test_a_whole_news_sitemap() -> None:
    first, second, _ = feed((FEEDS / "news-sitemap.xml").read_bytes()).entries
    assert (first.title, first.guid, first.categories) == (
        "Eins & alles",
        None,
        ("Politik", "Herford"),
    )
    assert first.published.parsed == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert first.updated.parsed == datetime(2026, 10, 5, 8, 30, tzinfo=UTC)
    assert (first.image_url, first.language) == (
        "https://karte.example/1.jpg",
        "de",
    )
    assert second.published.reason == "iso, zone of feed, day only"


def test_a_sitemap_index_lists_the_newest_first() -> None:
    got = feed((FEEDS / "sitemap-index.xml").read_bytes())
    assert got.format == "sitemap-index"
    assert got.sitemaps == tuple(
        f"https://karte.example/{name}.xml" for name in ("neu", "alt", "ohne")
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"\0\0\0", "empty"),
        (b"nein\n", "text"),
        (b"{}", "json"),
        (b'{"version": 3}', "json"),
        (b"[" * 100_000, "json"),
        (bytes(range(256)) * 100, "binary"),
        (b"\x1f\x8b\x08\0" + bytes(range(128, 256)) * 9, "binary"),
        (b"<html><body><p>x</p></body></html>", "html"),
        (b"<!DOCTYPE html><rss>", "html"),
        (b"<p>Wartung</p>", "html"),
        (
            b"<link rel=alternate type='application/rss+xml' href='/rss'>",
            "html",
        ),
        (b"<?xml version='1.0'?><opml><body/></opml>", "xml"),
        (b"<rss", "xml"),
        (b"<a>" * 50_000, "xml"),
        (b'<rss version="2.0"><channel><title>Z</title>', "xml"),
        (b'<rss version="2.0"><channel><item><title>Z</title>', "xml"),
        (b"<urlset><url><loc>https://a.de/</lo", "xml"),
        (
            b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1',
            "json",
        ),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, kind: str) -> None:
    got = parse(body)
    assert isinstance(got, NotAFeed), got
    assert got.kind == kind


def test_a_page_is_named_by_its_title() -> None:
    got = parse(
        "<!doctype html><html><head><meta charset=utf-8><title>\n Anmelden &amp; lesen"
        " </title></head></html>"
    )
    assert isinstance(got, NotAFeed)
    assert got.detail == "an HTML page, not a feed: “Anmelden & lesen”"


def test_a_page_names_its_feeds() -> None:
    got = parse(
        '<!doctype html><link rel="alternate" type="application/rss+xml" href="/rss">'
    )
    assert isinstance(got, NotAFeed)
    assert got.candidates == ("https://wiesenbote.example/rss",)


UMLAUTS = rss("<title>Müller – Küche</title><link>https://a.de/1</link>")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (UMLAUTS.encode(), "application/xml; charset=iso-8859-1"),
        (UMLAUTS.encode(), "image/png"),
        (UMLAUTS.encode(), "text/xml"),
        (UMLAUTS.encode("utf-8-sig"), ""),
        (b"\n\n \xef\xbb\xbf" + UMLAUTS.encode(), ""),
        (UMLAUTS.encode("utf-16"), ""),
        (UMLAUTS.replace("utf-8", "utf-16").encode("utf-16-le"), ""),
        (UMLAUTS.encode("utf-16-be"), ""),
        (("\n " + UMLAUTS).encode("utf-16-be"), ""),
        (("\n " + UMLAUTS).encode("utf-32-le"), ""),
        (UMLAUTS.encode("utf-32"), ""),
        (UMLAUTS.encode("cp1252"), ""),
        (UMLAUTS.replace("utf-8", "iso-8859-1").encode("cp1252"), ""),
        (UMLAUTS.replace("utf-8", "iso-8859-1").encode(), ""),
        (UMLAUTS.encode("cp1252"), "text/xml; charset=ISO-8859-1"),
        (
            UMLAUTS.replace("utf-8", "unknown-8").encode(),
            "text/xml; charset=klingon",
        ),
        (UMLAUTS.replace("utf-8", "mac-roman").encode("mac-roman"), ""),
        (UMLAUTS.replace("Müller", "M\0üller\x0b").encode(), ""),
    ],
)
def test_umlauts_survive_every_encoding(
    body: bytes, content_type: str
) -> None:
    check(body, ["Müller – Küche"], [], content_type)


def test_stray_bytes_do_not_spoil_the_rest() -> None:
    body = (
        rss("<title>Müller</title>", "<title>XX</title>")
        .encode()
        .replace(b"XX", b"K\xfcche \x96 \x80")
    )
    check(body, ["Müller", "Küche – €"], [])


one = "<title>Eins</title><link>https://a.de/1</link>"
two = "<title>Zwei</title><link>https://a.de/2</link>"


@pytest.mark.parametrize(
    ("body", "titles", "problems"),
    [
        ("<br />\n<b>Warning</b>: x\n" + rss(one), ["Eins"], ["leading-junk"]),
        ("<!-- <rss> -->\n" + rss(one)[39:], ["Eins"], []),
        (
            rss(one) + "\n<!-- danach --><script>x</script>",
            ["Eins"],
            ["ill-formed"],
        ),
        (
            rss("<title>A & B &nbsp; K&uuml;che &copy</title>"),
            ["A & B Küche ©"],
            ["ill-formed"],
        ),
        (
            rss("<title>a&#0;b&#11;c&#xD800;d</title>"),
            ["abcd"],
            ["ill-formed"],
        ),
        (
            rss("<title>Eins</title><link>https://a.de/?a=1&b=2</link>"),
            ["Eins"],
            ["ill-formed"],
        ),
        (
            rss(one + "<media:thumbnail url='x.jpg'/>"),
            ["Eins"],
            ["ill-formed"],
        ),
        (
            rss(one, "<title>Zwei<br></title>", one),
            ["Eins", "Zwei", "Eins"],
            ["ill-formed"],
        ),
        (
            rss(one, two + "<description><![CDATA[offen</description>", one),
            ["Eins", "Zwei", "Eins"],
            ["ill-formed"],
        ),
        (
            rss(one, two).replace("</item></channel></rss>", ""),
            ["Eins"],
            ["ill-formed", "truncated"],
        ),
        (rss(one, two)[:-60], ["Eins"], ["ill-formed", "truncated"]),
        (
            rss(one, two)[:-16] + "<item><title>ha",
            ["Eins", "Zwei"],
            ["ill-formed", "truncated"],
        ),
        (
            rss(one, two + "<a>" * 900 + "</a>" * 900, one),
            ["Eins", "Zwei", "Eins"],
            ["ill-formed"],
        ),
        (
            rss(one).replace("<title>T</title>", "<title>T</titel>"),
            ["Eins"],
            ["ill-formed"],
        ),
        (rss(one).replace("rss", "RSS").replace("item", "ITEM"), ["Eins"], []),
        (
            rss(one, root='<rss version="2.0" xmlns:x="a" xmlns:x="b">'),
            ["Eins"],
            ["ill-formed"],
        ),
        (rss(*["<title>Gleich</title>"] * 3), ["Gleich"] * 3, []),
        (rss("", "<link/>"), ["", ""], []),
        (rss(), [], []),
    ],
)
def test_broken_documents(
    body: str, titles: list[str], problems: list[str]
) -> None:
    check(body, titles, problems)


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>javascript:alert(1)</link>", None),
        ("<link>ftp://a.de/</link>", None),
        ("<link> \n https://a.de/1 \n</link>", "https://a.de/1"),
        (
            "<link><![CDATA[https://a.de/?a=1&b=2]]></link>",
            "https://a.de/?a=1&b=2",
        ),
        ("<link>//cdn.a.de/x</link>", "https://cdn.a.de/x"),
        ("<link>/x</link>", "https://wiesenbote.example/x"),
        ("<link/><guid>https://a.de/1</guid>", "https://a.de/1"),
        ("<guid>https://a.de/1</guid>", "https://a.de/1"),
        ("<guid>4711</guid>", None),
        ("<guid>javascript:x</guid>", None),
        (
            "<link>https://a.de/1</link><guid>https://a.de/g</guid>",
            "https://a.de/1",
        ),
        (
            "<guid>https://a.de/g</guid><link>https://a.de/1</link>",
            "https://a.de/1",
        ),
        (
            "<image><link>https://a.de/bild</link></image><link>https://a.de/1</link>",
            "https://a.de/1",
        ),
    ],
)
def test_links(item: str, url: str | None) -> None:
    assert entry(item).url == url


def test_opaque_guids_stay_as_written() -> None:
    assert (
        entry("<guid>f3deca3e-bffe</guid><link>https://a.de/1</link>").guid
        == "f3deca3e-bffe"
    )
    assert entry('<guid isPermaLink="true"> a b\n</guid>').guid == "a b"


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<title>a &lt;b&gt;b&lt;/b&gt;</title>", "a b"),
        ("<title>&lt;script&gt;x&lt;/script&gt;y</title>", "y"),
        ("<title>A &amp;amp; B</title>", "A & B"),
        ("<title>A &amp;amp;amp; B</title>", "A & B"),
        ("<title>Polizei&#13;&#10;Bcc: a@b.c</title>", "Polizei Bcc: a@b.c"),
        ("<title>Bundes\u00adtag \u202eabc\u202c</title>", "Bundestag abc"),
        ("<title>Mu\u0308nchen</title>", "München"),
        ("<title>1 &lt; 2</title>", "1 < 2"),
        ("<description>ohne</description>", ""),
    ],
)
def test_titles(item: str, title: str) -> None:
    assert entry(item).title == title


def test_skip_hours_without_a_ttl() -> None:
    got = feed(
        rss(
            one,
            head="<ttl>0</ttl><skipHours><hour>0</hour><hour>23</hour><hour>x</hour></skipHours>",
        )
    )
    assert got.hints == FeedHints(skip_hours=(0, 23))


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("daily|1", 24),
        ("daily|", 24),
        ("|4", 6),
        ("hourly|0", None),
        ("oft|1", None),
        ("weekly|2", 84),
    ],
)
def test_update_period(words: str, hours: float | None) -> None:
    period, frequency = words.split("|")
    head = f"<sy:updatePeriod>{period}</sy:updatePeriod><sy:updateFrequency>{frequency}</sy:updateFrequency>"
    got = feed(
        rss(
            one,
            head=head,
            root='<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">',
        )
    )
    assert got.hints.update_period == (
        timedelta(hours=hours) if hours else None
    )


def test_too_many_items_keep_both_ends() -> None:
    got = feed(rss(*(f"<title>{n}</title>" for n in range(3 * ITEM_LIMIT))))
    titles = [e.title for e in got.entries]
    assert len(titles) == ITEM_LIMIT
    assert (titles[0], titles[-1]) == ("0", str(3 * ITEM_LIMIT - 1))
    assert [problem.code for problem in got.problems] == ["too-many-items"]


def bomb(entities: str, reference: str = "&z;") -> str:
    return (
        f"<?xml version='1.0'?><!DOCTYPE rss [{entities}]>"
        + rss(f"<title>{reference}</title>")[39:]
    )


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "lol">'
        + "".join(f'<!ENTITY a{i} "{"&a;" * 10}">' for i in range(9)),
        f'<!ENTITY z "{"x" * 5000}">',
        "<!ENTITY a 'lol'><!ENTITY z '&a;&a;'>",
        '<!ENTITY % p "x"><!ENTITY z "%p;">',
        '<!ENTITY z "<rss><channel><item><title>falsch</title></item></channel></rss>',
    ],
)
def test_entity_bombs_are_refused(entities: str) -> None:
    got = parse(bomb(entities))
    assert isinstance(got, NotAFeed)
    assert got.kind == "xml"


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    entities = f'<!ENTITY z SYSTEM "{secret.as_uri()}"><!ENTITY y SYSTEM "http://127.0.0.1:1/y">'
    got = feed(
        bomb(
            entities + '<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;',
            "A &z; &y; B",
        )
    )
    assert got.entries[0].title == "A &z; &y; B"


HOSTILE: dict[str, Callable[[], str]] = {
    "title of 2 MB": lambda: rss(f"<title>{'Wort ' * 400_000}</title>"),
    "summary of 3 MB": lambda: rss(
        f"<description>{'&lt;p&gt;Wort &lt;i&gt;' * 150_000}</description>"
    ),
    "nested 100,000 deep": lambda: rss(
        "<title>x</title>" + "<a>" * 100_000 + "</a>" * 100_000
    ),
    "nested and broken": lambda: rss("<title>x</title>" + "<a>" * 100_000),
    "a million elements": lambda: rss("<title>x</title>" + "<a/>" * 1_000_000),
    "100,000 attributes": lambda: rss(
        "<title>x</title><a "
        + " ".join(f'a{i}=""' for i in range(100_000))
        + "/>"
    ),
    "10,000 namespaces": lambda: rss(
        "<a " + " ".join(f'xmlns:a{i}="u{i}"' for i in range(10_000)) + "/>"
    ),
    "open tags": lambda: rss("<title>x</title>", *["<a <b <c " * 100] * 1000),
    "open quotes": lambda: rss("<title>x</title>", *["<a b='" * 100] * 1000),
    "open CDATA": lambda: rss(*["<title>x</title><![CDATA[" * 10] * 1000),
    "open comments": lambda: rss(*["<title>x</title><!--" * 10] * 1000),
    "one big broken item": lambda: rss(
        "<title>x</title>" + "<a b='<" * 500_000
    ),
    "ampersands": lambda: rss("<title>x</title>", "&" * 500_000),
    "items without end": (
        lambda: rss("<title>x</title>").replace(
            "</channel></rss>", "<item>" * 300_000
        )
    ),
    "doctype without end": lambda: (
        "<!DOCTYPE rss [" + "<!ENTITY a '" * 300_000
    ),
    "blank lines": lambda: "\n" * 3_000_000 + rss(one),
    "processing instructions": lambda: "<?a " * 500_000 + rss(one),
    "comment of 10 MB": lambda: rss(one + "<!--" + "x" * 10_000_000 + "-->"),
    "JSON nested": lambda: (
        '{"version":"https://jsonfeed.org/version/1","items":' + "[" * 500_000
    ),
    "sitemap nested": lambda: "<urlset>" + "<url>" * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_end_soon(name: str) -> None:
    body = HOSTILE[name]().encode()
    began = time.process_time()
    parse(body)
    assert time.process_time() - began < 8
