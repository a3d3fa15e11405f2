"""Next pages of one article, told apart from next articles; and pages joined
to one text.
"""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.extract.parts import find_next, is_next, join
from monitor.types.page import Extracted

URL = "https://www.zeitung.example/politik/der-lange-bericht"


@pytest.mark.parametrize(
    ("address", "url", "expected"),
    [
        (f"{URL}/seite-2", URL, True),
        (f"{URL}/seite-3", f"{URL}/seite-2", True),
        (f"{URL}/2", URL, True),
        (f"{URL}?page=2", URL, True),
        (f"{URL}?seite=3", f"{URL}?seite=2", True),
        (f"{URL}?page=1", f"{URL}?page=0", True),
        ("https://z.example/a-2.html", "https://z.example/a.html", True),
        ("https://z.example/a-3.html", "https://z.example/a-2.html", True),
        ("https://z.example/a,seite=2", "https://z.example/a", True),
        (f"{URL}/seite-3", URL, False),  # a page would be missing
        (f"{URL}/seite-1", f"{URL}/seite-2", False),  # back
        (f"{URL}/seite-2", f"{URL}/seite-2", False),
        (f"{URL}?page=2", f"{URL}?page=2", False),
        (f"{URL}?ref=2", URL, False),
        (
            "https://www.zeitung.example/politik/der-naechste-bericht",
            URL,
            False,
        ),
        (
            "https://www.zeitung.example/politik/artikel-12346",
            "https://www.zeitung.example/politik/artikel-12345",
            False,
        ),
        (
            "https://www.zeitung.example/serie/teil-2",
            "https://www.zeitung.example/serie/teil-1",
            False,
        ),
        ("http://www.zeitung.example/politik/der-lange-bericht/2", URL, False),
    ],
)
def test_an_address_is_the_next_page(
    address: str, url: str, expected: bool
) -> None:
    assert is_next(address, url) is expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<head><link rel="next" href="/politik/der-lange-bericht/seite-2"></head>',
            f"{URL}/seite-2",
        ),
        ('<a rel="next" href="?page=2">»</a>', f"{URL}?page=2"),
        (
            '<a href="/politik/der-lange-bericht/seite-2">Seite 2: Der zweite Tag</a>',
            f"{URL}/seite-2",
        ),
        (
            '<a href="/politik/der-lange-bericht/seite-2">Nächste Seite</a>',
            f"{URL}/seite-2",
        ),
        ('<a href="?page=2">2</a>', f"{URL}?page=2"),
        ('<link rel="next" href="/politik/der-naechste-bericht">', None),
        ('<a href="?page=2#comments">2</a>', None),
        (
            '<a rel="next" href="https://anderswo.example/politik/der-lange-bericht/2">2</a>',
            None,
        ),
        ('<a rel="next" href="http://[kaputt/2">2</a>', None),
        ("<p>Seite 2</p>", None),
    ],
)
def test_the_next_page_is_found(html: str, expected: str | None) -> None:
    assert (
        find_next(
            document_fromstring(
                f"<html>{html}<body><p>Text</p></body></html>"
            ),
            URL,
        )
        == expected
    )


def part(text: str, **fields: object) -> Extracted:
    return Extracted(
        **{
            "kind": "article",
            "title": "Titel",
            "lead": "",
            "text": text,
            **fields,
        }
    )  # type: ignore[arg-type]


LONG = "Der Rat der Stadt hat am Dienstag lange über den Haushalt beraten."
MORE = "Am Mittwoch geht die Beratung im Ausschuss für Verkehr weiter."


def test_pages_become_one_text_without_repetition() -> None:
    joined = join(
        [
            part(LONG, blocks=(1, 2), quality=0.9, next_url="x"),
            part(
                f"Titel\n{LONG}\n{MORE}",
                blocks=(2, 3),
                quality=0.8,
                lead="Neuer Vorspann auf der zweiten Seite.",
            ),
        ]
    )
    assert joined.text.splitlines() == [
        LONG,
        "Neuer Vorspann auf der zweiten Seite.",
        MORE,
    ]
    assert (joined.parts, joined.next_url, joined.blocks, joined.quality) == (
        2,
        None,
        (1, 2, 3),
        0.8,
    )
    assert joined.word_count == len(
        f"{LONG} Neuer Vorspann auf der zweiten Seite. {MORE}".split()
    )


def test_a_body_that_was_whole_already_is_not_told_twice() -> None:
    whole = part(f"{LONG} {MORE}")
    assert join([whole, part(f"{LONG}\n{MORE}")]).text == whole.text


def test_a_paid_page_marks_the_whole() -> None:
    assert join([part(LONG), part(MORE, kind="paywall")]).kind == "paywall"
    assert join([part("Kurz.", kind="short"), part(MORE)]).kind == "article"


def test_one_page_stays_as_it_is() -> None:
    only = part(LONG)
    assert join([only]) is only
