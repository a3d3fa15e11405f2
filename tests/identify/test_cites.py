"""Turns of phrase in which newsrooms name their sources, and sentences that
only mention an outlet.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.identify.cites import MOST, compile_names, find_cites

OUTLETS = (
    ("Radio Herford", ()),
    ("ZDF", ("Zweites Deutsches Fernsehen",)),
    ("WDR", ()),
    ("NDR", ()),
    ("Neue Westfälische", ("NW",)),
    ("Süddeutsche Zeitung", ("SZ",)),
    ("Der Spiegel", ()),
    ("Die Zeit", ("Zeit Online",)),
    ("Bild", ("Bild am Sonntag",)),
    ("Welt", ()),
    ("waz.de", ()),
)
NAMES = compile_names(OUTLETS)


def check(text: str, expected: list[str], own: str = "") -> None:
    assert list(find_cites(text, NAMES, own=own)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Der Rat tagt, wie Radio Herford berichtet.", ["Radio Herford"]),
        (
            "Wie das ZDF am Montagabend unter Berufung auf Kreise berichtete, kommt er nicht.",
            ["ZDF"],
        ),
        ("Laut einem Bericht des ZDF ist die Brücke gesperrt.", ["ZDF"]),
        ("Laut ZDF ist die Brücke gesperrt.", ["ZDF"]),
        ("Laut BILD ist die Brücke gesperrt.", ["Bild"]),
        (
            "Man wolle bauen, sagte der Bürgermeister der NW.",
            ["Neue Westfälische"],
        ),
        (
            "„Wir bauen“, sagte der NW am Freitag der Landrat.",
            ["Neue Westfälische"],
        ),
        ("Das sagte er gegenüber dem WDR.", ["WDR"]),
        (
            "Nach Informationen der Neuen Westfälischen fehlt Geld.",
            ["Neue Westfälische"],
        ),
        (
            "Nach Recherchen von WDR, NDR und Süddeutscher Zeitung fehlt Geld.",
            ["WDR", "NDR", "Süddeutsche Zeitung"],
        ),
        ("WDR und NDR berichten von Verzögerungen.", ["WDR", "NDR"]),
        ("Zuvor hatte der Spiegel darüber berichtet.", ["Der Spiegel"]),
        (
            "Das berichtet der „Spiegel“ in seiner neuen Ausgabe.",
            ["Der Spiegel"],
        ),
        ("Nach SPIEGEL-Informationen fehlt Geld.", ["Der Spiegel"]),
        ("Dem ZDF sagte sie, es fehle Geld.", ["ZDF"]),
        ("Im Interview mit Zeit Online nennt sie Zahlen.", ["Die Zeit"]),
        (
            "Das meldet die Nachrichtenagentur Reuters unter Berufung auf Insider.",
            ["Reuters"],
        ),
        (
            "Die Lage sei ruhig, sagte ein Sprecher der Deutschen Presse-Agentur.",
            ["dpa"],
        ),
        ("Der „Bild am Sonntag“ sagte er, das sei falsch.", ["Bild"]),
        ("Einem Bericht der Zeitung „Welt“ zufolge fehlt Geld.", ["Welt"]),
        (
            "Das ZDF meldet erste Zahlen. Die AFP hatte zuerst berichtet.",
            ["ZDF", "AFP"],
        ),
        (
            "Auf Anfrage von Radio Herford wollte er nichts sagen.",
            ["Radio Herford"],
        ),
        ("Das hat sie dem WDR im vergangenen Jahr erzählt.", ["WDR"]),
        ("Das bestätigte die Polizei der WAZ.", ["waz.de"]),
        ("Das sagte er im ZDF.", ["ZDF"]),
        ("Das sagte sie dem ZDF-Morgenmagazin.", ["ZDF"]),
        ("Das werde dauern, heißt es bei Radio Herford.", ["Radio Herford"]),
        ("Das sagte er im Radio-Herford-Interview.", ["Radio Herford"]),
        (
            "Der Rat tagt am Montag.\nQuelle: Radio Herford, dpa",
            ["Radio Herford", "dpa"],
        ),
        ("Der Rat tagt.\nMit Material von WDR", ["WDR"]),
        ("Über das Thema berichtete zuerst Radio Herford.", ["Radio Herford"]),
    ],
)
def test_sources_are_recognised(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    "text",
    [
        # three letters are written as given
        "Laut Ndr ist die Brücke gesperrt.",
        "Der ZDF-Intendant trat am Freitag zurück.",
        "Das sagte der ZDF-Intendant in Mainz.",
        "Das ZDF zeigt den Film um 20.15 Uhr.",
        "Laut Polizei fuhr er in der Zeit von 8 bis 10 Uhr zu schnell.",
        "Er sagte, in der Zeit danach sei alles besser geworden.",
        "Das sei das beste Stadion der Welt, sagte Müller.",
        "Sie ging zum WDR. Berichtet wurde darüber nie.",
        "So konnten sie sich ein Bild davon machen.",
        "Es schmerzt, dass er nur so wenig Zeit hatte, das zu tun.",
        "Der Minister Spiegel hat der Welt viel Gutes getan.",
        "Ein Bild sagt mehr als tausend Worte.",
        "Radio Herford sucht eine neue Moderatorin.",
        "Der Angeklagte erklärte Müller in der Zeit der Haft den Plan.",
        "",
    ],
)
def test_a_mention_is_no_citation(text: str) -> None:
    check(text, [])


def test_nobody_cites_himself() -> None:
    check(
        "Das sagte er der NW. Auch der WDR berichtet.",
        ["WDR"],
        own="Neue Westfälische",
    )


def test_other_names_can_be_configured() -> None:
    names = compile_names([("Westfalen-Blatt", ("WB",))])
    assert find_cites("Das sagte er dem WB.", names) == ("Westfalen-Blatt",)
    assert find_cites(
        "Wie das Westfalen-Blatt berichtet, regnet es.", names
    ) == ("Westfalen-Blatt",)


@given(
    st.text(alphabet="dem ZDF sagte, wie berichtet der NW\n.-„“", max_size=300)
)
def test_any_text_is_read(text: str) -> None:
    assert len(find_cites(text, NAMES)) <= MOST


@pytest.mark.slow
def test_a_long_text_is_read_fast() -> None:
    """About 100,000 characters full of names: linear, and far from the pace of
    a page's extraction.
    """
    text = (
        "Das sagte er dem ZDF und der NW, wie Radio Herford am Montag unter Berufung auf die dpa"
        " meldet " * 1000
    )
    begun = time.process_time()
    assert find_cites(text, NAMES) == (
        "ZDF",
        "Neue Westfälische",
        "Radio Herford",
        "dpa",
    )
    assert time.process_time() - begun < 2.0
