"""Dates as German pages write them, and which place is believed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from monitor.extract.dates import find_page_dates, read_page_date
from monitor.extract.structured import read_structured

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("raw", "expected", "exact"),
    [
        ("2025-03-04T09:12:00+01:00", "2025-03-04T08:12:00+00:00", True),
        ("2025-03-04T09:12:00.123Z", "2025-03-04T09:12:00+00:00", True),
        ("2025-03-04T09:12:00+0100", "2025-03-04T08:12:00+00:00", True),
        ("2025-03-04T09:12:00+02:00Z", "2025-03-04T07:12:00+00:00", True),
        ("2025-07-04 09:12", "2025-07-04T07:12:00+00:00", True),
        ("2025-07-04", "2025-07-03T22:00:00+00:00", False),
        ("2025-07-04T00:00:00+02:00", "2025-07-03T22:00:00+00:00", False),
        ("2025-07-04T00:00:00", "2025-07-03T22:00:00+00:00", False),
        ("2025-07-04T00:00:00Z", "2025-07-04T00:00:00+00:00", False),
        ("04.07.2025, 00:00 Uhr", "2025-07-03T22:00:00+00:00", False),
        ("2025-07-04T00:00:01+02:00", "2025-07-03T22:00:01+00:00", True),
        ("2025-07-04T00:01:00+02:00", "2025-07-03T22:01:00+00:00", True),
        ("04.07.2025, 09:12 Uhr", "2025-07-04T07:12:00+00:00", True),
        ("Stand: 4. Juli 2025, 9.12 Uhr", "2025-07-04T07:12:00+00:00", True),
        ("Fr., 4. Jänner 2019", "2019-01-03T23:00:00+00:00", False),
        ("12. März 2025 um 16:05", "2025-03-12T15:05:00+00:00", True),
        ("Tue, 04 Mar 2025 09:12:00 GMT", "2025-03-04T09:12:00+00:00", True),
        ("1741079520", "2025-03-04T09:12:00+00:00", True),
        ("1741079520000", "2025-03-04T09:12:00+00:00", True),
    ],
)
def test_read(raw: str, expected: str, exact: bool) -> None:
    read = read_page_date(raw, BERLIN)
    assert read is not None
    assert (read[0].isoformat(), read[1]) == (expected, exact)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "gestern",
        "0000-00-00T00:00:00",
        "0001-01-01",
        "2025-13-45",
        "32.01.2025",
        "9999-01-01",
        "4. Foo 2025",
        "7",
    ],
)
def test_unreadable(raw: str) -> None:
    assert read_page_date(raw, BERLIN) is None


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(raw: str) -> None:
    read = read_page_date(raw, BERLIN)
    assert read is None or read[0].tzinfo is not None


def dates(
    head: str, body: str, url: str = "https://z.example/a"
) -> tuple[str, str]:
    tree: HtmlElement = document_fromstring(
        f"<html><head>{head}</head><body>{body}</body></html>"
    )
    found = find_page_dates(tree, read_structured(tree, url), url=url)
    published, modified = (
        f"{d.when.isoformat()} {d.source}" if d else "" for d in found
    )
    return published, modified


LD = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "%s"}</script>'
META = '<meta property="article:published_time" content="%s">'


@pytest.mark.parametrize(
    ("head", "body", "url", "expected"),
    [
        (
            LD % "2025-03-04T09:00:00Z" + META % "2025-03-03T09:00:00Z",
            "",
            "",
            "2025-03-04T09:00:00+00:00 json-ld",
        ),
        (
            LD % "2025-03-04" + META % "2025-03-04T09:00:00+01:00",
            "",
            "",
            "2025-03-04T08:00:00+00:00 meta",
        ),
        (
            LD % "2025-03-04" + META % "2025-03-01T09:00:00+01:00",
            "",
            "",
            "2025-03-03T23:00:00+00:00 json-ld",
        ),
        (
            LD % "kaputt" + META % "2025-03-04T09:00:00Z",
            "",
            "",
            "2025-03-04T09:00:00+00:00 meta",
        ),
        (
            "",
            (
                "<article><h1>T</h1><span>Aktualisiert <time"
                " datetime='2025-03-05T09:00Z'>x</time></span><span>Veröffentlicht <time"
                " datetime='2025-03-04T09:00Z'>x</time></span></article>"
            ),
            "",
            "2025-03-04T09:00:00+00:00 time",
        ),
        (
            "",
            "<div><h1>T</h1><p>Erstellt am 04.03.2025, 10:00 Uhr</p></div>",
            "",
            "2025-03-04T09:00:00+00:00 text",
        ),
        (
            "",
            "<h1>T</h1>",
            "https://z.example/2025/03/04/titel",
            "2025-03-03T23:00:00+00:00 url",
        ),
        ("", "<h1>T</h1>", "https://z.example/titel-1234567", ""),
    ],
)
def test_places(head: str, body: str, url: str, expected: str) -> None:
    assert dates(head, body, url or "https://z.example/a")[0] == expected


def test_modified_is_apart() -> None:
    head = LD % '2025-03-04T09:00:00Z", "dateModified": "2025-03-05T09:00:00Z'
    assert dates(head, "")[1] == "2025-03-05T09:00:00+00:00 json-ld"


@pytest.mark.parametrize(
    ("raw", "expected", "exact"),
    [
        ("Do 25.04.24 | 14:07 Uhr", "2024-04-25T12:07:00+00:00", True),
        ("25.04.24", "2024-04-24T22:00:00+00:00", False),
        ("25.4.24, 9.05 Uhr", "2024-04-25T07:05:00+00:00", True),
        ("25/04/2024", "2024-04-24T22:00:00+00:00", False),
        ("04/25/2024 2:07 PM", "2024-04-25T12:07:00+00:00", True),
        ("Herford, 25. Apr. 2024", "2024-04-24T22:00:00+00:00", False),
        (
            "Donnerstag, 25. April 2024 – 14 Uhr",
            "2024-04-25T12:00:00+00:00",
            True,
        ),
        ("14:07 Uhr | 25.04.2024", "2024-04-25T12:07:00+00:00", True),
        ("Stand: 25.04.24 14:07", "2024-04-25T12:07:00+00:00", True),
        (
            "Veröffentlicht am 04.03.24 um 14:07 Uhr von Eva",
            "2024-03-04T13:07:00+00:00",
            True,
        ),
        ("Thursday, April 25th, 2024", "2024-04-24T22:00:00+00:00", False),
        (
            "Posted on April 25, 2024 at 2:07 pm by Eva",
            "2024-04-25T12:07:00+00:00",
            True,
        ),
        ("25.04.2024, 14:07 Uhr MEZ", "2024-04-25T13:07:00+00:00", True),
        ("2024-04-25T14:07", "2024-04-25T12:07:00+00:00", True),
        ("20240425T140700+0200", "2024-04-25T12:07:00+00:00", True),
        ("4. März 2024", "2024-03-03T23:00:00+00:00", False),
        ("4 Mär 2024 um 14:07", "2024-03-04T13:07:00+00:00", True),
        ("31.12.99", "1999-12-30T23:00:00+00:00", False),
    ],
)
def test_more_forms(raw: str, expected: str, exact: bool) -> None:
    test_read(raw, expected, exact)


@pytest.mark.parametrize(
    "raw",
    [
        "05221 13 14 24",
        "Tel. 05221/13.14.2024",
        "Version 10.5.12.3",
        "am 5. Mai 14 Uhr",
        "192.168.12.24",
        "§ 3.2.10a",
        "13/13/2024",
        "99.99.99",
        "Fußball 3:2",
        "Seite 12/2024/5",
    ],
)
def test_other_figures(raw: str) -> None:
    assert read_page_date(raw, BERLIN) is None


OWN = "<p class='dateline'>25.04.24, 14:07 Uhr</p>"
DAY, NONE = "2024-04-25T12:07:00+00:00", ""
META_NAMES = (
    "property='article:published:time'",
    "property='article.published_time'",
    "name='article:published_time'",
    "property='og:article:published_time'",
    "name='dc.date.issued'",
    "name='DC.date'",
    "name='DCTERMS.created'",
    "name='date'",
    "name='publish-date'",
    "name='publish_date'",
    "name='parsely-pub-date'",
    "name='sailthru.date'",
    "name='cXenseParse:recs:publishtime'",
    "name='pubdate'",
    "itemprop='datePublished'",
    "name='publication_date'",
    "name='article.created'",
)


@pytest.mark.parametrize("name", META_NAMES)
def test_spellings_of_meta(name: str) -> None:
    assert (
        dates(
            f"<meta {name} content='2024-04-25T14:07:00+02:00'>", "<h1>T</h1>"
        )[0]
        == f"{DAY} meta"
    )


@pytest.mark.parametrize(
    "name",
    [
        "last-modified",
        "article:modified:time",
        "og:updated_time",
        "dcterms.modified",
    ],
)
def test_spellings_of_changes(name: str) -> None:
    head = f"<meta name='{name}' content='2024-04-25T14:07:00+02:00'>"
    assert dates(head, "<h1>T</h1>") == (NONE, f"{DAY} meta")


TEXT = (
    "<p>"
    + "Der Rat der Stadt hat am Abend getagt und lange über den Haushalt beraten. "
    * 3
    + "</p>"
)


@pytest.mark.parametrize(
    "other",
    [
        "<figure><figcaption>Audio: Welle Nord | 23.04.2024 | Karla Beispiel</figcaption></figure>",
        "<div class='image-caption'>Turnhalle am 23.04.2024</div>",
        "<p>Foto: Karla Beispiel, 23.04.2024</p>",
        "<p>Archivbild: 23.04.2024</p>",
        "<div class='teaser'><time datetime='2024-04-23T10:00:00Z'>23.04.</time></div>",
        (
            "<article><h2><a href='/b'>Anderes</a></h2><time"
            " datetime='2024-04-23T10:00:00Z'>23.04.</time></article>"
        ),
        (
            "<a href='/b'><h3>Eine ganz andere Geschichte aus dem Kreis</h3><span>23.04.2024, 10:00"
            " Uhr</span></a>"
        ),
        "<aside><p>23.04.2024, 10:00 Uhr</p></aside>",
        "<footer><p>Stand: 23.04.2024, 10:00 Uhr</p></footer>",
        "<div id='comments'><time datetime='2024-04-23T10:00:00Z'>23.04.</time> Max: Gut so.</div>",
        "<div class='event-box'>23.04.2024, 10:00 Uhr</div>",
        "<p>Termin: 23.04.2024, 10 Uhr</p>",
        "<p>Beginn | 23.04.2024, 10 Uhr</p>",
        "<p>Die Ausstellung läuft noch bis zum 23.04.2024 im Museum und kostet nichts.</p>",
        "<p>Kirmes: 23.04. bis 26.04.2024</p>",
        "<nav><span>Dienstag, 23.04.2024</span></nav>",
        "<blockquote class='tweet'>Max Muster 23.04.2024, 10:00 Uhr</blockquote>",
    ],
)
def test_other_dates_are_not_the_articles(other: str) -> None:
    assert (
        dates("", f"<main><h1>T</h1>{other}{OWN}{TEXT}</main>")[0]
        == f"{DAY} text"
    )
    assert (
        dates("", f"<main>{other}<h1>T</h1>{OWN}{TEXT}</main>")[0]
        == f"{DAY} text"
    )
    assert (
        dates("", f"<main><h1>T</h1>{OWN}{other}{TEXT}</main>")[0]
        == f"{DAY} text"
    )
    assert dates("", f"<main><h1>T</h1>{TEXT}{other}</main>")[0] == NONE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<p>Aktualisiert: 26.04.24, 8 Uhr | Veröffentlicht: 25.04.24, 14:07 Uhr</p>",
            f"{DAY} text",
        ),
        (
            "<p>Veröffentlicht: 25.04.24, 14:07 Uhr | Aktualisiert: 26.04.24, 8 Uhr</p>",
            f"{DAY} text",
        ),
        ("<p>Stand: 25.04.24, 14:07 Uhr</p>", f"{DAY} text"),
        (
            "<div><span>25.04.2024</span><span>14:07 Uhr</span></div>",
            f"{DAY} text",
        ),
        (
            "<ul><li>25.04.2024</li><li>Von Eva Beispiel</li></ul>",
            "2024-04-24T22:00:00+00:00 text",
        ),
        (
            "<time datetime='2024-04-25'>25.04.24, 14:07 Uhr</time>",
            f"{DAY} time",
        ),
        ("<time>25.04.2024 14:07</time>", f"{DAY} time"),
        (
            (
                "<time datetime='2024-04-25T00:00:00+02:00'>25.04.2024</time><p>25.04.24, 14:07"
                " Uhr</p>"
            ),
            f"{DAY} text",
        ),
        (
            (
                "<a rel='bookmark' href='/a'><time"
                " datetime='2024-04-25T14:07+02:00'>gestern</time></a>"
            ),
            f"{DAY} time",
        ),
        (
            (
                "<p class='meta'>Eva Beispiel, Herford | 25. April 2024 | 14:07 Uhr | Lesezeit: 3"
                " Min.</p>"
            ),
            f"{DAY} text",
        ),
        ("<p>gestern, 14:07 Uhr</p>", f"{DAY} text"),
        ("<p>vor 22 Stunden</p>", "2024-04-25T12:00:00+00:00 text"),
        ("<time>Gestern, 14:07 Uhr</time>", f"{DAY} time"),
        ("<p>Er kam vor 22 Stunden</p>", NONE),
    ],
)
def test_lines_of_dates(body: str, expected: str) -> None:
    tree: HtmlElement = document_fromstring(
        f"<html><body><main><h1>T</h1>{body}{TEXT}</main></body></html>"
    )
    answered = (("date", "Fri, 26 Apr 2024 10:00:00 GMT"),)
    published, _ = find_page_dates(
        tree, read_structured(tree), headers=answered
    )
    assert (
        f"{published.when.isoformat()} {published.source}" if published else ""
    ) == expected


ITEM = "<div itemscope itemtype='https://schema.org/NewsArticle'>%s</div>"
PUBLISHED = "<meta itemprop='datePublished' content='%s'>"
COMMENT = "<div itemscope itemtype='https://schema.org/Comment'>%s</div>"
GRAPH = '<script type="application/ld+json">{"@graph": [%s]}</script>'
WEB_PAGE = '{"@type": "WebPage", "datePublished": "2024-04-25T12:07:00Z"}'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("", ITEM % (PUBLISHED % "2024-04-25T12:07Z"), f"{DAY} meta"),
        ("", ITEM % (PUBLISHED % "2024-04-25T14:07"), f"{DAY} meta"),
        (
            "",
            ITEM
            % (
                COMMENT % (PUBLISHED % "2024-04-27T12:07Z")
                + PUBLISHED % "2024-04-25T12:07Z"
            ),
            f"{DAY} meta",
        ),
        (
            "",
            ITEM % (PUBLISHED % "2024-04-23T12:07Z")
            + ITEM % ("<h1>T</h1>" + PUBLISHED % "2024-04-25T12:07Z"),
            f"{DAY} meta",
        ),
        ("", COMMENT % (PUBLISHED % "2024-04-27T12:07Z"), NONE),
        (
            GRAPH % f'{{"@type": "NewsArticle", "headline": "T"}}, {WEB_PAGE}',
            "",
            f"{DAY} json-ld",
        ),
        (
            GRAPH
            % f'{WEB_PAGE}, {{"@type": "Article", "datePublished": "2024-04-25T14:07:00"}}',
            "",
            f"{DAY} json-ld",
        ),
        (
            GRAPH % '{"@type": "NewsArticle", "datePublished": 1714046820}',
            "",
            f"{DAY} json-ld",
        ),
        (
            GRAPH
            % '{"@type": ["Report", "Article"], "dateCreated": "2024-04-25T14:07+02"}',
            "",
            f"{DAY} json-ld",
        ),
        (
            GRAPH
            % '{"@type": "VideoObject", "uploadDate": "2024-04-23T14:07+02"}',
            OWN,
            f"{DAY} text",
        ),
        (LD % "25.04.24, 14:07 Uhr", "", f"{DAY} json-ld"),
    ],
)
def test_dates_stated_for_machines(
    head: str, body: str, expected: str
) -> None:
    top = "" if "<h1>" in body else "<h1>T</h1>"
    assert dates(head, top + body)[0] == expected


WRITTEN = "<span>25.04.2024, 14:07 Uhr</span>"
NEXT = (
    "<article><h2>Anderes</h2><time datetime='2024-04-23T10:00Z'>23.04.</time><p>Kurz"
    " gesagt.</p></article>"
)
CRUMBS = "<ol><li><a href='/'>Start</a></li><li><h1>T</h1></li></ol>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            f"{CRUMBS}<article><h2>T</h2>{WRITTEN}{TEXT}</article>",
            f"{DAY} text",
        ),
        (
            f"<nav>{CRUMBS}</nav><article><div><h2>T</h2><div>{WRITTEN}</div></div>{TEXT}</article>",
            f"{DAY} text",
        ),
        (
            f"{CRUMBS}<article>{WRITTEN}{TEXT}<h3>Wie es weitergeht</h3>{TEXT}</article>",
            f"{DAY} text",
        ),
        (
            f"<header><h1>T</h1></header><article>{WRITTEN}<h2>Eins</h2>{TEXT}</article>{NEXT}",
            f"{DAY} text",
        ),
        (
            f"<header><h1>T</h1></header>{NEXT}<article>{WRITTEN}<h2>Eins</h2>{TEXT}</article>",
            f"{DAY} text",
        ),
        (
            f"{CRUMBS}{NEXT * 30}<article>{WRITTEN}<h2>Eins</h2>{TEXT}</article>",
            f"{DAY} text",
        ),
        (
            (
                f"{CRUMBS}{NEXT}<article><h2>T</h2><time datetime='2024-04-25"
                f" 14:07'>x</time>{TEXT}</article>"
            ),
            f"{DAY} time",
        ),
        (
            f"<header><h1>T</h1>{WRITTEN}</header><article><h2>Eins</h2>{TEXT}</article>{NEXT}",
            f"{DAY} text",
        ),
        (f"{CRUMBS}<article><h2>T</h2>{TEXT}</article>{NEXT}", NONE),
        (f"<h1>Aktuelles</h1>{NEXT * 3}", NONE),
        (
            f"<article><h1>T</h1><p>Kurz.</p></article><article><h2>B</h2>{OWN}{TEXT}</article>",
            NONE,
        ),
    ],
)
def test_the_story_may_stand_apart_from_its_headline(
    body: str, expected: str
) -> None:
    assert dates("", f"<main>{body}</main>")[0] == expected


PROSE = (
    "<p>Der Rat der Stadt hat am Abend getagt und lange über den Haushalt beraten, sagte die"
    " Sprecherin. Alle waren da und redeten lange miteinander.</p>"
) * 5
TITLE = "<h1>Rat berät Haushalt im Kreis</h1>"
AT_1407 = "2024-04-25T12:07"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            (
                "<main><article><figure><img>"
                "<figcaption>Der Rat am <time datetime='2024-04-23'>23.04.2024</time>"
                f"</figcaption></figure>{TITLE}<p>25.04.2024, 14:07 Uhr</p>{PROSE}</article>"
                "</main>"
            ),
            AT_1407,
            id="fig caption time before",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div class='image-caption'>Archiv, 23.04.2024</div>"
                f"<span>Stand: 25.04.2024, 14:07 Uhr</span>{PROSE}</article></main>"
            ),
            AT_1407,
            id="caption div",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<p class='bildtext'>Foto vom 23.04.2024: der Rat</p>"
                f"<p class='datum'>25.04.24 14:07 Uhr</p>{PROSE}</article></main>"
            ),
            AT_1407,
            id="bildunterschrift p",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div><img src=a><p>Der Rat am 23.04.2024.</p></div>"
                f"<p>25.04.2024 | 14:07 Uhr</p>{PROSE}</article></main>"
            ),
            AT_1407,
            id="caption no class",
        ),
        pytest.param(
            (
                "<main><div class='teaser'><h3>Anderes</h3>"
                "<time datetime='2024-04-26T10:00:00+02:00'>26.04.2024</time></div><article>"
                f"{TITLE}<time datetime='2024-04-25T14:07:00+02:00'>25.04.</time>{PROSE}"
                "</article></main>"
            ),
            AT_1407,
            id="teaser on top",
        ),
        pytest.param(
            (
                "<main><ul><li>"
                "<a href=/x>Anderes</a> <time datetime='2024-04-26T10:00:00+02:00'>26.04.2024</time>"
                f"</li></ul><article>{TITLE}<p>25.04.2024 - 14:07</p>{PROSE}</article></main>"
            ),
            AT_1407,
            id="teaser list before, no class",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div><article><h3><a href=/x>Anderes</a></h3>"
                "<time datetime='2024-04-23T10:00'>23.04.2024</time></article></div>"
                f"<p>Von Eva Beispiel, 25.04.2024, 14:07 Uhr</p>{PROSE}</article></main>"
            ),
            AT_1407,
            id="teaser article nested",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<p>Do, 25.04.24 - 14:07</p>{PROSE}"
                "<section class='more'>"
                "<time datetime='2024-04-26T09:00:00+02:00'>heute</time></section></article>"
                "</main>"
            ),
            AT_1407,
            id="related after with time, text date article",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<p>25. Apr. 2024, 14:07 Uhr</p>{PROSE}</article>"
                "</main><div class='card'>"
                "<time datetime='2024-04-26T09:00:00+02:00'>26.04.2024</time></div>"
            ),
            AT_1407,
            id="related card",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}{PROSE}</article></main><section><h2>Mehr</h2>"
                "<article><h3><a href=/x>Anderes</a></h3>"
                "<time datetime='2024-04-26T09:00:00+02:00'>26.04.2024</time></article>"
                "</section>"
            ),
            None,
            id="only related has time; no own",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<figure><figcaption>Rat am 23.04.2024</figcaption>"
                f"</figure>{PROSE}</article></main>"
            ),
            None,
            id="caption only",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<span class='copyright'>© dpa, 23.04.2024</span>"
                f"<div class='meta'>25. April ’24, 14:07</div>{PROSE}</article></main>"
            ),
            AT_1407,
            id="picture credit",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div>25.04.’24, 14:07 Uhr</div>{PROSE}</article></main>"
            ),
            AT_1407,
            id="date apostrophe",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div>25/04/2024 14:07</div>{PROSE}</article></main>"
            ),
            AT_1407,
            id="slash",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div>25.04.2024, 2:07 PM</div>{PROSE}</article></main>"
            ),
            AT_1407,
            id="12h",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div>25.04.2024, 24:00 Uhr</div>{PROSE}</article></main>"
            ),
            "2024-04-25T22:00",
            id="24:00",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div>25.04.2024, 14:07 Uhr MESZ</div>{PROSE}"
                "</article></main>"
            ),
            AT_1407,
            id="MESZ",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div>heute, 14:07 Uhr</div>{PROSE}</article></main>"
            ),
            AT_1407,
            id="heute",
        ),
        pytest.param(
            (
                "<main><div class='teaserbox'><span>gestern, 9 Uhr</span></div><article>"
                f"{TITLE}<div>25.04.2024, 14:07 Uhr</div>{PROSE}</article></main>"
            ),
            AT_1407,
            id="gestern teaser",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<dl class='wp-caption'><dt><img></dt>"
                "<dd class='wp-caption-text'>Stand 23.04.2024</dd></dl>"
                f"<p class='post-meta'>25. April 2024 14:07</p>{PROSE}</article></main>"
            ),
            AT_1407,
            id="dl caption",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div class='swiper-slide'>"
                f"<p>Bild 1/3 vom 23.04.2024</p></div><p>25.04.2024 – 14:07 Uhr</p>{PROSE}"
                "</article></main>"
            ),
            AT_1407,
            id="slide",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<p><em>Foto: dpa (23.04.2024)</em></p>"
                f"<p>Stand: 25.04.24, 14:07</p>{PROSE}</article></main>"
            ),
            AT_1407,
            id="meta of og image?",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<div class='related-article'>"
                "<a href=/x>Rat tagte schon</a><span>23.04.2024, 09:00 Uhr</span></div>"
                f"<span class='date'>25.04.2024 14:07</span>{PROSE}</article></main>"
            ),
            AT_1407,
            id="related box in article top",
        ),
        pytest.param(
            (
                f"<main><article>{TITLE}<p>"
                "<a href='/x'>Rat tagte schon am Dienstag lange im Rathaus</a> 23.04.2024</p>"
                f"<p>25.04.2024, 14:07 Uhr</p>{PROSE}</article></main>"
            ),
            AT_1407,
            id="link with date no class",
        ),
        pytest.param(
            (
                "<main><article><div class='bild'><img>"
                f"<span>Archivbild vom 23.04.2024</span></div>{TITLE}"
                f"<div>Donnerstag, 25.04.2024, 14.07 Uhr</div>{PROSE}</article></main>"
            ),
            AT_1407,
            id="img alt p before h1",
        ),
        pytest.param(
            (
                f"<main>{TITLE}<div><h2><a href='/x'>Anderes Thema im Kreis</a></h2>"
                "<p>23.04.2024, 10:00 Uhr</p></div><div class='article-body'>"
                f"<p>25.04.2024, 14:07 Uhr</p>{PROSE}</div></main>"
            ),
            AT_1407,
            id="teaser after h1 with h2",
        ),
    ],
)
def test_no_date_of_a_picture_or_a_teaser(
    body: str, expected: str | None
) -> None:
    """In UTC, of pages whose only dates are those in their text."""
    html = f"<html><head><title>Rat berät Haushalt im Kreis</title></head><body>{body}</body></html>"
    tree = document_fromstring(html)
    headers = (("date", "Thu, 25 Apr 2024 16:00:00 GMT"),)
    published, _ = find_page_dates(
        tree, read_structured(tree), headers=headers
    )
    assert (
        published.when.strftime("%Y-%m-%dT%H:%M") if published else None
    ) == expected


PROSE = (
    "<p>"
    + "Der Rat der Stadt hat am Abend lange beraten und dann entschieden. " * 3
    + "</p>"
)


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        (
            '<span itemprop="datePublished" content="2026-11-27T20:15:00+01:00">x</span>',
            "",
            "2026-11-27T19:15",
        ),
        (
            '<span itemprop="datePublished" datetime="2026-11-27T20:15:00Z"></span>',
            "",
            "2026-11-27T20:15",
        ),
        (
            '<span class="zeit" data-timestamp="1795806900">x</span>',
            "",
            "2026-11-27T19:15",
        ),
        (
            '<div data-timestamp="2026-11-27T20:15:00+01:00"></div>',
            "",
            "2026-11-27T19:15",
        ),
        ("", "<p>Az. 12.10.20</p>", None),
        ("", "<p>Aktenzeichen: 12.10.20</p>", None),
        (
            "",
            '<aside><span data-timestamp="1795806900">x</span></aside>',
            None,
        ),
    ],
)
def test_dates_in_attributes_and_numbers_of_files(
    above: str, below: str, expected: str | None
) -> None:
    tree = document_fromstring(
        f"<html><body><h1>Rat</h1>{above}{PROSE}{PROSE}{below}</body></html>"
    )
    found, _ = find_page_dates(tree, read_structured(tree))
    assert (
        found.when.strftime("%Y-%m-%dT%H:%M") if found else None
    ) == expected
