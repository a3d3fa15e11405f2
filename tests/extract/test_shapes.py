"""Shapes in which pages hide a paragraph of the article, or let another story
look like one.
"""

from __future__ import annotations

import json

import pytest

from monitor.extract.article import extract_article
from monitor.types.page import Extracted, PageTask

TITLE = "Sägewerk wird Kletterhalle"
TEXT = (
    "Im alten Sägewerk in Talhausen soll bis 2029 eine Kletterhalle entstehen, das hat der"
    " Alpenverein am Mittwochabend beschlossen.",
    "Auf vier Wänden können Gäste dann bis unter das Dach steigen. Für Schulen aus dem Kreis bleibt"
    " der Vormittag frei.",
    "„Klettern ist bei uns Familiensache“, sagt Vorsitzender Rolf Hain, der zehn Jahre lang um"
    " Zuschüsse gekämpft hat.",
    "Der Umbau kostet 2,4 Millionen Euro. Die Hälfte davon übernimmt das Land aus einem Programm"
    " für leere Gewerbehallen.",
    "Kritik kommt vom Heimatbund: Die historische Gattersäge werde durch den Umbau zerstört, heißt"
    " es in einem offenen Brief.",
    "Baubeginn ist im April, wenn die Mauersegler ausgezogen sind.",
)
SAYING = "Klettern ist bei uns Familiensache, dafür haben wir zehn Jahre lang gekämpft."
CARDS = (
    (
        "Bauhof findet Ring",
        "In Talhausen fand der Bauhof einen goldenen Ring in einem Laubsack.",
    ),
    (
        "Markt fällt aus",
        "Der Wochenmarkt am Samstag fällt wegen des Sturms auf allen Plätzen aus.",
    ),
)
LINKS = (
    "<a href='/1'>Ziege frisst Wahlplakat vor dem Rathaus in Talhausen</a><br>"
    "<a href='/2'>Feuerwehr sucht Nachwuchs für die Jugendgruppe am Berg</a>"
)


def p(*numbers: int) -> str:
    return "".join(f"<p>{TEXT[number]}</p>" for number in numbers)


def framed(inner: str, below: str = "", head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang='de'><head><title>{TITLE}</title>{head}</head><body><nav><a"
        f" href='/'>Start</a></nav><main><article><h1>{TITLE}</h1>{inner}</article>{below}</main>"
        "<footer><a href='/impressum'>Impressum</a></footer></body></html>"
    )


def plain(inner: str) -> str:
    """A page of the nineties, without any part that has a name."""
    return (
        f"<html><head><title>{TITLE}</title></head><body>{inner}</body></html>"
    )


def read(page: str) -> Extracted:
    task = PageTask(
        "https://blatt.example/a/b-1", page.encode(), title_hint=TITLE
    )
    outcome = extract_article(task)
    assert isinstance(outcome, Extracted)
    return outcome


def told(page: str) -> str:
    outcome = read(page)
    return f"{outcome.lead}\n{outcome.text}"


@pytest.mark.parametrize(
    "inner",
    [
        f"{p(0)}<aside class='box'>{p(1, 2)}</aside>{p(3, 4, 5)}",
        f"{p(0)}<aside class='infobox'>{p(1, 2, 3)}</aside>{p(4, 5)}",
        f"{p(0)}<aside><div class='inner'>{p(1, 2)}</div></aside>{p(3, 4, 5)}",
        f"{p(0, 1, 2)}<aside>{p(3, 4)}</aside>{p(5)}",
        f"<section>{p(0)}<aside class='x-aside'>{p(1, 2)}</aside>{p(3, 4, 5)}</section>",
        *(
            f"{p(0, 1)}<figure class='{name}'><blockquote>{p(2)}</blockquote></figure>{p(3, 4, 5)}"
            for name in (
                "quote",
                "wp-block-pullquote",
                "wp-block-quote",
                "zitat",
            )
        ),
        f"<div class='content'><strong>{TEXT[0]}</strong>{p(1, 2, 3, 4, 5)}</div>",
        f"<div class='content'><span class='intro'>{TEXT[0]}</span>{p(1, 2, 3, 4, 5)}</div>",
        f"<div class='content'>{TEXT[0]}{p(1, 2, 3, 4, 5)}</div>",
        f"<div class='content'>{TEXT[0]}<br>{p(1, 2, 3, 4, 5)}</div>",
        f"<div><b>{TEXT[0]}</b><br><br>{p(1, 2, 3, 4, 5)}</div>",
        f"<strong>{TEXT[0]}</strong>{p(1, 2, 3, 4, 5)}",
        f"<section><em>{TEXT[0]}</em>{p(1, 2, 3, 4, 5)}</section>",
    ],
)
def test_every_paragraph_is_told(inner: str) -> None:
    found = told(framed(inner))
    assert [line for line in TEXT if line not in found] == []


@pytest.mark.parametrize("name", ["quote", "wp-block-pullquote", "pullquote"])
@pytest.mark.parametrize(
    "quotation",
    [
        f"<blockquote><p>{SAYING}</p><cite>Rolf Hain, Vorsitzender</cite></blockquote>",
        f"<blockquote>{SAYING}</blockquote><figcaption>Rolf Hain</figcaption>",
        f"<blockquote><p>{SAYING}</p></blockquote>",
    ],
)
def test_a_quotation_in_a_figure_is_told(name: str, quotation: str) -> None:
    assert SAYING in told(
        framed(
            f"{p(0, 1)}<figure class='{name}'>{quotation}</figure>{p(3, 4, 5)}"
        )
    )


@pytest.mark.parametrize(
    "inner",
    [
        f"<center><h1>{TITLE}</h1></center><font face=arial>{'<p>'.join(TEXT)}</font>",
        f"<center><h1>{TITLE}</h1></center>{'<p>'.join(TEXT)}",
        f"<h1>{TITLE}</h1>{'<p>'.join(TEXT)}",
        f"<h1>{TITLE}</h1><table><tr><td>{'<p>'.join(TEXT)}</td></tr></table>",
        f"<h1>{TITLE}</h1><div>{'<p>'.join(TEXT)}</div>",
        f"<b>{TITLE}</b><br>{'<p>'.join(TEXT)}",
        f"<x-page><template shadowrootmode=open><h1>{TITLE}</h1>{p(0, 1, 2, 3, 4, 5)}</template>"
        "</x-page>",
    ],
)
def test_pages_without_parts_lose_nothing(inner: str) -> None:
    found = told(plain(inner))
    assert [line for line in TEXT if line not in found] == []


@pytest.mark.parametrize(
    "end",
    [
        f"<hr>{LINKS}",
        LINKS,
        f"<hr><b>Weitere Meldungen</b><br>{LINKS}",
        f"<hr><font size=2>{LINKS}</font>",
        f"<center>{LINKS}</center>",
        "<hr>"
        + "<br>".join(f"&raquo; {link}" for link in LINKS.split("<br>")),
        "<hr>12.11. " + "<br>13.11. ".join(LINKS.split("<br>")),
        f"<hr>{LINKS.split('<br>', maxsplit=1)[0]}",
        f"<br>{LINKS}<hr>",
        f"<p>{LINKS}</p>",
    ],
)
def test_linked_lines_below_a_text_of_line_breaks_go(end: str) -> None:
    found = told(
        plain(f"<b>{TITLE}</b><br><br>{'<br><br>'.join(TEXT)}<br><br>{end}")
    )
    assert [line for line in TEXT if line not in found] == []
    assert "Wahlplakat" not in found
    assert "Nachwuchs" not in found


def test_links_around_whole_cards_go() -> None:
    cards = "".join(
        f"<a href='/{title}'><span>{title}</span><span>{text}</span></a>"
        for title, text in CARDS
    )
    for page in (
        framed(p(0, 1, 2, 3, 4, 5), cards),
        framed(p(0, 1, 2, 3, 4, 5) + cards),
        framed(p(0, 1, 2, 3, 4, 5), f"<div>{cards}</div>"),
    ):
        found = told(page)
        assert TEXT[5] in found
        assert "Laubsack" not in found
        assert "Wochenmarkt" not in found


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        (
            "Den Newsletter der Stadt Talhausen hatten tausend Bürger abonniert, nun endet er.",
            True,
        ),
        ("Jetzt abonnieren die Leute in Talhausen lieber Gemüsekisten.", True),
        (
            "Lesen Sie auch die Bücher der Autorin, sagt die Leiterin der Bücherei.",
            True,
        ),
        (
            "Weitere Informationen zu den Beschlüssen gibt es im Rathaus bei Frau Sommer:",
            True,
        ),
        ("Weitere Artikel aus der Satzung gelten ab Januar:", True),
        ("Weitere Informationen:", False),
        ("Jetzt abonnieren und nichts mehr verpassen!", False),
        (
            "Abonnieren Sie unseren Newsletter und lesen Sie jeden Morgen, was wichtig ist.",
            False,
        ),
        (
            "Alle News aus Talhausen direkt aufs Handy: Jetzt die App herunterladen.",
            False,
        ),
        (
            "Keine Nachrichten mehr verpassen: Folgen Sie unserem WhatsApp-Kanal!",
            False,
        ),
        ("Lesen Sie auch: Ziege frisst Wahlplakat vor dem Rathaus", False),
    ],
)
def test_an_appeal_goes_and_a_report_of_one_stays(
    line: str, stays: bool
) -> None:
    for inner in (
        f"{p(0, 1, 2)}<p>{line}</p>{p(3, 4, 5)}",
        f"{p(0, 1, 2, 3, 4, 5)}<p>{line}</p>",
    ):
        assert (line in told(framed(inner))) is stays


@pytest.mark.parametrize(
    "stated",
    [
        {
            "@type": "ItemList",
            "itemListElement": [{"@type": "ListItem", "item": "OTHER"}],
        },
        {"@type": "ItemList", "itemListElement": ["OTHER"]},
        {
            "@graph": [
                {"@type": "ItemList", "itemListElement": {"item": "OTHER"}}
            ]
        },
        "OTHER",
    ],
)
def test_another_storys_json_ld_is_not_the_pages(stated: object) -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Ziege frisst Wahlplakat",
        "author": {"@type": "Person", "name": "Max Muster"},
        "datePublished": "2024-01-01T10:00:00Z",
        "articleSection": "Sport",
    }
    text = json.dumps(stated).replace('"OTHER"', json.dumps(other))
    head = (
        "<meta name=author content='Karla Beispiel'><meta property='article:published_time'"
        f" content='2026-11-26T08:00:00Z'><script type='application/ld+json'>{text}</script>"
    )
    found = read(framed(p(0, 1, 2, 3, 4, 5), head=head))
    assert (found.title, found.authors, found.section) == (
        TITLE,
        ("Karla Beispiel",),
        None,
    )
    assert found.published is not None
    assert found.published.when.year == 2026


def test_a_gallery_is_told_by_its_captions() -> None:
    pictures = "".join(
        f"<figure><img src='{n}.jpg'><figcaption>Kletterer in der Halle, Bild {n}.</figcaption>"
        "</figure>"
        for n in range(5)
    )
    found = read(framed(pictures))
    assert found.kind in ("article", "short")
    assert "Kletterer in der Halle, Bild 4." in found.text
