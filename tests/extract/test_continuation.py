"""An article's own prose stays in whatever element or box it stands; what
leads elsewhere goes.
"""

from __future__ import annotations

from itertools import combinations

import pytest

from monitor.extract.article import extract_article
from monitor.extract.continuation import speaks_for_house
from monitor.types.page import Extracted, PageTask

TITLE = "Mühlbach bekommt eine neue Fußgängerbrücke"
PARAGRAPHS = (
    "Über den Mühlbach soll bis zum nächsten Frühjahr eine neue Fußgängerbrücke aus Lärchenholz führen, entschied der Rat.",
    "Die alte Brücke war im August gesperrt worden, nachdem ein Prüfer faule Balken unter dem Belag gefunden hatte.",
    "Seither gehen die Kinder aus dem Neubaugebiet einen weiten Umweg an der Landstraße entlang zur Schule.",
    "Den Auftrag bekam eine Zimmerei aus dem Nachbarort, die schon die Halle des Sportvereins gebaut hat.",
    "Teuer wird es trotzdem: Mit den neuen Auflagern kostet der Bau rund dreihunderttausend Euro.",
    "Wann genau die Bagger kommen, hängt vom Wasserstand ab, sagte der Leiter des Bauhofs nach der Sitzung.",
)
ODD = (
    ("<aside>", "</aside>"),
    ("<footer>", "</footer>"),
    ("<nav>", "</nav>"),
    ("<figure>", "</figure>"),
    ("<aside class='infobox'>", "</aside>"),
    ("<div class='teaser'>", "</div>"),
    ("<div class='related-content'>", "</div>"),
    ("<div class='share-box'>", "</div>"),
    ("<div class='newsletter'>", "</div>"),
    ("<div class='sidebar'>", "</div>"),
    ("<section class='promo'>", "</section>"),
    ("<div class='social'>", "</div>"),
    ("<div role='complementary'>", "</div>"),
    ("<div id='footer-text'>", "</div>"),
    ("<section class='nav-text' data-module='menu'>", "</section>"),
)
PLACES = [
    places
    for count in (1, 2, 3, 4)
    for places in combinations(range(6), count)
]
CIRCUS = (
    "In Oberhausen ist der Zirkus angekommen und zeigt bis Sonntag Pferde, Seiltänzer und einen"
    " Clown aus Portugal."
)


def page(body: str) -> bytes:
    head = f"<meta charset=utf-8><title>{TITLE}</title>"
    return f"<!doctype html><html lang=de><head>{head}</head><body>{body}</body></html>".encode()


def text_of(body: str) -> str:
    task = PageTask(
        "https://blatt.example/a/bruecke-1", page(body), title_hint=TITLE
    )
    outcome = extract_article(task)
    return (
        f"{outcome.lead}\n{outcome.text}"
        if isinstance(outcome, Extracted)
        else ""
    )


def story(places: tuple[int, ...], start: str, end: str) -> str:
    blocks = []
    for place, text in enumerate(PARAGRAPHS):
        block = f"<p>{text}</p>"
        blocks.append(f"{start}{block}{end}" if place in places else block)
    return f"<h1>{TITLE}</h1>{''.join(blocks)}"


def with_box(box: str, *, behind: int) -> str:
    before = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:behind])
    after = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[behind:])
    return (
        f"<main><article><h1>{TITLE}</h1>{before}{box}{after}</article></main>"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "end"), ODD, ids=lambda part: part.strip("<>")
)
@pytest.mark.parametrize("joined", [False, True])
def test_prose_stays_in_any_element(
    start: str, end: str, joined: bool
) -> None:
    lost = {}
    for places in PLACES:
        body = story(places, start, end)
        text = text_of(
            f"<main>{body.replace(end + start, '') if joined else body}</main>"
        )
        missing = [
            number
            for number, part in enumerate(PARAGRAPHS)
            if part not in text
        ]
        if missing:
            lost[places] = missing
    assert lost == {}


@pytest.mark.parametrize(
    "box",
    [
        f"<aside><h3>Zahlen zur Brücke</h3><p>{PARAGRAPHS[1]} {PARAGRAPHS[4]}</p></aside>",
        f"<aside>{PARAGRAPHS[3]}</aside>",
        f"<div class='teaser'><div><div><p>{PARAGRAPHS[3]}</p></div></div></div>",
        f"<figure class='textblock'><blockquote><p>{PARAGRAPHS[3]}</p></blockquote></figure>",
        "<aside><p>Der Rat tagt wieder am Montag im Saal der Feuerwehr.</p></aside>",
        f"<aside><p>{PARAGRAPHS[3].replace('Zimmerei', '<a href=/z>Zimmerei</a>')}</p></aside>",
    ],
)
def test_a_box_of_the_article_stays(box: str) -> None:
    rest = [PARAGRAPHS[0], PARAGRAPHS[1], PARAGRAPHS[2], PARAGRAPHS[5]]
    paragraphs = [f"<p>{text}</p>" for text in rest]
    body = f"<main><h1>{TITLE}</h1>{''.join(paragraphs[:3])}{box}{paragraphs[3]}</main>"
    wanted = (
        "Feuerwehr"
        if "Feuerwehr" in box
        else "Zimmerei"
        if "Zimmerei" in box
        else "Auflagern"
    )
    assert wanted in text_of(body)


@pytest.mark.parametrize(
    "mark", ["hidden", "style='display: none'", "aria-hidden='true'"]
)
def test_the_closed_part_of_an_article_stays(mark: str) -> None:
    rest = (
        "Der Prüfer hatte faule Balken auch in den Auflagern der alten Brücke gefunden, heißt es.",
        "Der Umweg der Kinder aus dem Neubaugebiet zur Schule endet damit erst im Frühjahr.",
    )
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    closed = "".join(f"<p>{text}</p>" for text in rest)
    text = text_of(
        f"<main><h1>{TITLE}</h1>{own}<div {mark}>{closed}</div></main>"
    )
    assert all(sentence in text for sentence in rest)


BOXES = (
    f"<aside><h3><a href='/z'>Zirkus in der Stadt</a></h3><p>{CIRCUS}</p></aside>",
    f"<aside><h3>Zirkus in der Stadt</h3><p>{CIRCUS}</p></aside>",
    f"<div class='teaser'><p>{CIRCUS}</p><a href='/z'>mehr</a></div>",
    f"<div class='teaser'><strong>Zirkus kommt</strong><p>{CIRCUS}</p></div>",
    f"<aside class='related'><img src='z.jpg' alt=''><p>{CIRCUS}</p></aside>",
    f"<a class='teaser' href='/z'><span>Zirkus</span><p>{CIRCUS}</p></a>",
    f"<section class='related'><h2>Mehr zum Thema</h2><p>{CIRCUS}</p></section>",
    f"<div class='advertisement'><p>{CIRCUS}</p></div>",
    f"<div hidden><p>{CIRCUS}</p></div>",
    f"<div style='display:none'><h2>Zirkus</h2><p>{CIRCUS}</p></div>",
    f"<figure><img src='z.jpg'><figcaption>{CIRCUS} Foto: Zirkusarchiv</figcaption></figure>",
    f"<figure class='bild'><img src='z.jpg'><p>{CIRCUS}</p></figure>",
    (
        "<aside class='newsletter'><p>Der Zirkus der Nachrichten: Mit unserem Newsletter wissen"
        " Sie jeden Morgen, was in der Stadt wichtig ist.</p></aside>"
    ),
    (
        "<div class='newsletter'><p>Zirkus, Kino, Theater: Jeden Freitag die besten Ideen für das"
        " Wochenende.</p><form><input type='email'><button>Los</button></form></div>"
    ),
    (
        "<footer><p>Zirkus Rossi ist Redakteur im Ressort Lokales und schreibt seit elf Jahren"
        " über Vereine und Verkehr.</p></footer>"
    ),
    (
        "<footer><p>Alle Texte und Bilder über Zirkus und Kultur sind urheberrechtlich geschützt,"
        " jede Verwertung bedarf der Zustimmung.</p></footer>"
    ),
    f"<nav><ul><li><a href='/z'>{CIRCUS}</a></li></ul></nav>",
    (
        "<div class='promo'><p>Zirkuskarten gibt es jetzt im Shop: Wer bis Sonntag bestellt, kann"
        " zehn Prozent sparen.</p></div>"
    ),
)


@pytest.mark.parametrize("box", BOXES, ids=range(len(BOXES)))
@pytest.mark.parametrize("behind", [1, 3, 5, 6])
def test_what_leads_elsewhere_stays_out(box: str, behind: int) -> None:
    text = text_of(with_box(box, behind=behind))
    assert "irkus" not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize("box", BOXES, ids=range(len(BOXES)))
def test_what_leads_elsewhere_stays_out_below_the_article(box: str) -> None:
    text = text_of(f"<div>{story((), '', '')}</div><div>{box}</div>")
    assert "irkus" not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


OUTSIDE = (
    f"<div><h3>Zirkus</h3><p>{CIRCUS}</p></div>",
    f"<p>{CIRCUS}</p>",
    f"<div class='col'><p>{CIRCUS}</p><p>{CIRCUS} Heute.</p></div>",
    f"<section><div><h2>Das Beste</h2></div><div>{CIRCUS}</div></section>",
)


@pytest.mark.parametrize("frame", OUTSIDE)
@pytest.mark.parametrize("main", ["main", "div role='main'"])
@pytest.mark.parametrize("paragraphs", [1, 6])
def test_what_stands_outside_main_stays_out(
    frame: str, main: str, paragraphs: int
) -> None:
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:paragraphs])
    body = f"<div>{frame}</div><{main}><h1>{TITLE}</h1>{own}</{main.split(maxsplit=1)[0]}>{frame}"
    text = text_of(body)
    assert "Zirkus" not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS[:paragraphs])


def test_an_article_that_only_opens_in_main_goes_on_outside() -> None:
    rest = "".join(
        f"<p>{text}</p>"
        for text in (*PARAGRAPHS[1:], f"{PARAGRAPHS[0]} Mit Mühe.")
    )
    text = text_of(
        f"<main><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p></main><div>{rest}</div>"
    )
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mit unserem Podcast bleiben Sie auf dem Laufenden.", True),
        ("Die Autorin lebt in Bonn.", True),
        ("Nachdruck nur mit Erlaubnis.", True),
        ("Der Rat tagt am Montag.", False),
        ("", False),
    ],
)
def test_the_voice_of_the_house(text: str, expected: bool) -> None:
    assert speaks_for_house(text) is expected
