"""No class name and no wrapper eats an article; the second opinion is asked
where our rules took too much.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.extract.article import extract_article
from monitor.extract.lines import letters_of
from monitor.extract.names import class_names
from monitor.extract.opinion import (
    AnnouncedStory,
    has_collapsed,
    is_better,
    is_suspicious,
    is_whole_item,
    kept_share,
)
from monitor.types.page import Extracted, PageTask

CASES = Path(__file__).parents[1] / "data" / "extract" / "eaten"
TITLE = "Stadtwerke erneuern die Wasserleitung am Kirchberg"
PARAGRAPHS = (
    (
        "Die Stadtwerke erneuern vom kommenden Montag an die Wasserleitung am Kirchberg, die sehr"
        " alt ist."
    ),
    (
        "Nach Angaben des Leiters gab es dort im vergangenen Winter elf Rohrbrüche, so viele wie"
        " nirgends."
    ),
    (
        "Für die Anwohner bedeutet das Umwege, denn die Straße bleibt bis zu den Sommerferien voll"
        " gesperrt."
    ),
    (
        "Der Bus hält in dieser Zeit an der Schule, und die Müllabfuhr holt die Tonnen an der"
        " Kirche ab."
    ),
    (
        "Eine Ersatzleitung liegt bereit, damit niemand länger als zwei Stunden ohne Wasser ist,"
        " hieß es."
    ),
    (
        "Bezahlt wird die Arbeit aus den Gebühren, die in den nächsten Jahren trotzdem nicht"
        " steigen sollen."
    ),
)
WRAPPERS = (
    "div",
    "section",
    "article",
    "aside",
    "span",
    "blockquote",
    "ul",
    "form",
    "figure",
    "header",
    "td",
)
WORDS = sorted(
    class_names().words
    | class_names().whole
    | class_names().pairs
    | class_names().comments
)


def page(blocks: str) -> bytes:
    nav = "<header><nav><a href='/'>Start</a> <a href='/sport'>Sport</a></nav></header>"
    body = (
        f"{nav}<main><h1>{TITLE}</h1>{blocks}</main><footer>Impressum</footer>"
    )
    head = f"<meta charset=utf-8><title>{TITLE}</title>"
    return f"<!doctype html><html lang=de><head>{head}</head><body>{body}</body></html>".encode()


def survivors(body: bytes) -> int:
    outcome = extract_article(
        PageTask("https://blatt.example/a/leitung-1", body, title_hint=TITLE)
    )
    if not isinstance(outcome, Extracted):
        return 0
    text = f"{outcome.lead}\n{outcome.text}"
    return sum(paragraph in text for paragraph in PARAGRAPHS)


def blocks(form: str, name: str, *, at: int | None = None) -> str:
    return "".join(
        form.format(name=name if at is None or at == place else "x", text=text)
        for place, text in enumerate(PARAGRAPHS)
    )


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    "form",
    [
        "<div class='{name}'><p>{text}</p></div>",
        "<div class='{name}'>{text}</div>",
        "<p class='{name}'>{text}</p>",
    ],
)
def test_no_class_name_on_every_block_eats_an_article(
    form: str, word: str
) -> None:
    assert survivors(page(blocks(form, word))) == len(PARAGRAPHS)


@pytest.mark.parametrize("word", WORDS)
def test_no_class_name_on_a_wrapper_eats_an_article(word: str) -> None:
    inner = blocks("<p>{text}</p>", "")
    assert survivors(page(f"<div class='{word}'>{inner}</div>")) == len(
        PARAGRAPHS
    )


@pytest.mark.parametrize("word", WORDS)
def test_one_named_block_costs_one_paragraph_at_most(word: str) -> None:
    for at in range(len(PARAGRAPHS)):
        assert (
            survivors(
                page(
                    blocks(
                        "<div class='{name}'><p>{text}</p></div>", word, at=at
                    )
                )
            )
            >= 5
        )


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("each", [True, False])
def test_no_wrapper_eats_an_article(wrapper: str, each: bool) -> None:
    start, end = (
        ("<table><tr>", "</tr></table>") if wrapper == "td" else ("", "")
    )
    inner = blocks("<p>{text}</p>", "")
    form = f"{start}<{wrapper}><p>{{text}}</p></{wrapper}>{end}"
    body = (
        blocks(form, "")
        if each
        else f"{start}<{wrapper}>{inner}</{wrapper}>{end}"
    )
    assert survivors(page(body)) >= 5


@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*.html")), ids=lambda path: path.stem
)
def test_the_handed_pages(path: Path) -> None:
    outcome = extract_article(
        PageTask("https://blatt.example/a/b-1", path.read_bytes())
    )
    assert isinstance(outcome, Extracted)
    text = f"{outcome.lead}\n{outcome.text}"
    marks = (
        "Dienstagabend nach",
        "rund drei Millionen",
        "lange genug",
        "Opposition kam Kritik",
    )
    more = (
        ()
        if path.stem.startswith("21")
        else ("Eigenleistung", "Während der Bauzeit")
    )
    assert [mark for mark in (*marks, *more) if mark not in text] == []
    if path.stem.startswith("21"):
        assert text.endswith("nachzulesen ist:")


TEASER = "<div class='teaser'><h3><a href='/n/{n}'>Andere Meldung</a></h3><p>{text}</p></div>"
OTHER = (
    "In einer anderen Gemeinde ist der Zirkus angekommen und zeigt bis Sonntag Pferde und"
    " Seiltänzer."
)


def test_teasers_of_a_short_item_stay_out() -> None:
    teasers = "".join(
        TEASER.format(n=n, text=f"{OTHER} Meldung {n}.") for n in range(20)
    )
    outcome = extract_article(
        PageTask(
            "https://blatt.example/a/b-1",
            page(f"<p>{PARAGRAPHS[0]}</p>{teasers}"),
        )
    )
    assert isinstance(outcome, Extracted)
    assert "Zirkus" not in outcome.text


def test_an_overruled_text_says_so() -> None:
    words = ("teaser", "caption", "promo", "related", "share", "poll")
    form = "<section class='{}'><h2>Stand</h2><p>{}</p><p><a href='/k'>Karte</a></p></section>"
    text = "".join(
        form.format(word, text)
        for word, text in zip(words, PARAGRAPHS, strict=True)
    )
    outcome = extract_article(
        PageTask("https://blatt.example/a/leitung-1", page(text))
    )
    plain = extract_article(
        PageTask(
            "https://blatt.example/a/leitung-1",
            page(blocks("<p>{text}</p>", "")),
        )
    )
    assert isinstance(outcome, Extracted)
    assert isinstance(plain, Extracted)
    assert all(paragraph in outcome.text for paragraph in PARAGRAPHS)
    assert outcome.extractor.endswith("+shape")
    assert outcome.quality <= 0.5 < plain.quality


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        ("a b c", "a b c", 1.0),
        ("a b c d", "a b", 1.0),
        ("a", "a b", 0.5),
        ("a", "a a", 0.5),
        ("", "a", 0.0),
        ("a", "", 1.0),
    ],
)
def test_kept_share(text: str, reference: str, expected: float) -> None:
    assert kept_share(text, reference) == expected


LONG = letters_of(" ".join(PARAGRAPHS))
FIRST = letters_of(PARAGRAPHS[0])


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        (LONG, LONG, False),
        (FIRST, LONG, True),
        ("", LONG, True),
        ("", FIRST, True),
        (FIRST, f"{FIRST} bild eins von drei laternen", False),
        (letters_of(" ".join(PARAGRAPHS[:4])), LONG, False),
        (LONG, "", False),
        ("ganz kurz", letters_of(" ".join(PARAGRAPHS[:2])), True),
    ],
)
def test_collapse(text: str, reference: str, expected: bool) -> None:
    assert has_collapsed(text, reference) is expected


@pytest.mark.parametrize(
    ("kept", "visible", "expected"),
    [(0, 0, False), (65, 100, False), (64, 100, True)],
)
def test_suspicion(kept: int, visible: int, expected: bool) -> None:
    assert is_suspicious(kept, visible) is expected


def test_the_better_text_is_complete_and_of_the_item() -> None:
    item = AnnouncedStory(TITLE, PARAGRAPHS[0])
    other = letters_of(OTHER * 9)
    assert is_better(LONG, FIRST, reference=LONG, item=item)
    assert not is_better(other, FIRST, reference=other, item=item)
    assert not is_better(FIRST, FIRST, reference=LONG, item=item)
    whole = letters_of(f"{PARAGRAPHS[0]} {PARAGRAPHS[1]}")
    assert is_whole_item(
        whole, AnnouncedStory(TITLE, f"{PARAGRAPHS[0]} {PARAGRAPHS[1][:60]}")
    )
    assert not is_whole_item(FIRST, AnnouncedStory(TITLE, PARAGRAPHS[0][:30]))
    assert not is_whole_item(LONG, item)
