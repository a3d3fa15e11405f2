"""Titles without the site's name, and with everything else."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from monitor.extract.article import extract_article
from monitor.extract.structured import read_structured
from monitor.extract.titles import house_names, without_site
from monitor.types.page import Extracted, PageTask

HEAD = (
    '<html><head><meta property="og:site_name" content="Neue'
    ' Westblatt"></head><body><h1>T</h1></body></html>'
)
URL = "https://www.nw.example/a"


def clean(title: str, feed: str = "", headline: str = "") -> str:
    houses = house_names(read_structured(document_fromstring(HEAD)), URL)
    return without_site(title, houses, feed=feed, headlines=(headline,))


@pytest.mark.parametrize(
    "title",
    [
        "A2 gesperrt | Neue Westblatt",
        "A2 gesperrt|Neue Westblatt",
        "A2 gesperrt - Neue Westblatt",
        "A2 gesperrt – Neue Westblatt",
        "A2 gesperrt — NEUE WESTBLATT",
        "A2 gesperrt :: Neue Westblatt",
        "A2 gesperrt • Neue Westblatt",
        "A2 gesperrt » Neue Westblatt",
        "A2 gesperrt · Neue Westblatt",
        "A2 gesperrt | NW",
        "A2 gesperrt - nw",
        "A2 gesperrt | nw.de",
        "NW.de: A2 gesperrt",
        "Neue Westblatt | A2 gesperrt",
        "Neue Westblatt :: A2 gesperrt",
        "A2 gesperrt | Neue Westblatt Online",
        "A2 gesperrt - Nachrichten - Neue Westblatt - NW",
        "A2  gesperrt\n| Neue Westblatt",
        "A2 ge\xadsperrt | NW",
        "Neue Westblatt: A2 gesperrt",
        "NW: A2 gesperrt",
        "[NW] A2 gesperrt",
        "[Neue Westblatt] A2 gesperrt",
        "A2 gesperrt (Neue Westblatt)",
        "A2 gesperrt (NW)",
        "A2 gesperrt [nw.de]",
        "A2 gesperrt / Neue Westblatt",
        "A2 gesperrt / NW.de",
        "A2 gesperrt | NW.de - Nachrichten - Niedersachsen",
        "A2 gesperrt | NW.de - Lokales",
        "A2 gesperrt - Neue Westblatt - Lokales",
        "A2 gesperrt | Nachrichten | Neue Westblatt",
        "A2 gesperrt - Nachrichten - Neue Westblatt",
        "A2 gesperrt | Neue Westblatt aus Herford",
        "A2 gesperrt | Neue Westblatt – Nachrichten für die Region",
        "A2 gesperrt » Lokales » Neue Westblatt",
        "Neue Westblatt | NW: A2 gesperrt",
        "NW: A2 gesperrt | Neue Westblatt",
        "A2 gesperrt -- Neue Westblatt",
        "A2 gesperrt ~ NW",
        "A2 gesperrt // NW",
        "A2 gesperrt › Lokales › NW",
        "A2 gesperrt || NW",
        "A2 gesperrt auf nw.de",
        "A2 gesperrt bei www.nw.example",
        "A2 gesperrt (nw.example)",
    ],
)
def test_the_sites_name_leaves(title: str) -> None:
    assert clean(title) == "A2 gesperrt"
    assert clean(title, feed="Autobahn zu") == "A2 gesperrt"


@pytest.mark.parametrize(
    "title",
    [
        "Herford - Löhne: A2 gesperrt",
        "Was macht eigentlich Karla Beispiel? | Serie",
        "A2 gesperrt (Update)",
        "Live-Ticker: A2 gesperrt",
        "Bielefeld – Köln 2:1",
        "Fußball | Kreisliga: Alle Ergebnisse",
        "Neue Westblatt gewinnt Preis",
        "Streit um die Neue Westblatt",
        "A2 - eine Straße",
        "Neue Westblatt",
        "NW",
        "",
        "Kommentar: Neue Westblatt",
        "C. N. W. - ein Leben",
        "Radio - wie es war",
        "Bielefeld: A2 gesperrt",
        "Westblatt-Chef: A2 bleibt gesperrt",
        "Herforder Kreisblatt gewinnt Preis",
        "Herforder Kreisblatt: Preis für die Redaktion",
        "A2 gesperrt (Bielefeld)",
        "A2 gesperrt (NWZ)",
        "[Update] A2 gesperrt",
        "Fußball | NW-Pokal: Alle Ergebnisse",
        "Serie | Neue Westblatt deckt auf",
        "Herford / Löhne: A2 gesperrt",
        "Wie NW: A2 gesperrt",
        "Um 8: NW startet",
        "Neue Westblatt wächst – Lokales gewinnt",
        "A2 gesperrt auf anderes.example",
        "A2 gesperrt auf NW",
    ],
)
def test_content_stays(title: str) -> None:
    assert clean(title) == title


@pytest.mark.parametrize(
    ("title", "feed", "headline", "expected"),
    [
        ("A2 gesperrt | Sport", "A2 gesperrt", "", "A2 gesperrt"),
        ("A2 gesperrt | Sport", "", "A2 gesperrt", "A2 gesperrt"),
        ("Sport | A2 gesperrt | Blatt", "A2 gesperrt", "", "A2 gesperrt"),
        (
            "A2 gesperrt - Herford - Kreis",
            "A2 gesperrt - Herford",
            "",
            "A2 gesperrt - Herford",
        ),
        (
            "A2 gesperrt | Serie",
            "A2 gesperrt | Serie",
            "A2 gesperrt",
            "A2 gesperrt | Serie",
        ),
        ("A2 gesperrt | NW", "A2 gesperrt | NW", "", "A2 gesperrt | NW"),
        ("A2 wieder frei | NW", "A2 gesperrt", "", "A2 wieder frei"),
        ("A2 gesperrt – „Blatt“", "A2 gesperrt", "", "A2 gesperrt"),
        (
            "Herford - A2 gesperrt",
            "Stau auf der A2",
            "",
            "Herford - A2 gesperrt",
        ),
        ("NW: A2 gesperrt", "NW: A2 gesperrt", "", "NW: A2 gesperrt"),
        ("NW: A2 zu", "NW: A2 gesperrt", "", "NW: A2 zu"),
        ("A2 gesperrt (NW)", "A2 voll gesperrt (NW)", "", "A2 gesperrt (NW)"),
        ("A2 gesperrt / NW", "Unwetter auf der A2", "", "A2 gesperrt"),
        (
            "Lokales: A2 gesperrt | NW",
            "A2 gesperrt",
            "",
            "Lokales: A2 gesperrt",
        ),
    ],
)
def test_the_feed_and_the_headline_tell(
    title: str, feed: str, headline: str, expected: str
) -> None:
    assert clean(title, feed, headline) == expected


@pytest.mark.parametrize(
    ("site", "title", "feed", "expected"),
    [
        ("Bielefeld", "Bielefeld: A2 gesperrt", "", "Bielefeld: A2 gesperrt"),
        (
            "Bielefeld",
            "Bielefeld: A2 gesperrt",
            "Stau auf der A2",
            "Bielefeld: A2 gesperrt",
        ),
        (
            "Bielefeld",
            "A2 gesperrt (Bielefeld)",
            "",
            "A2 gesperrt (Bielefeld)",
        ),
        (
            "Stadt Herford",
            "Stadt Herford: Brücke zu",
            "",
            "Stadt Herford: Brücke zu",
        ),
        ("Stadt Herford", "Brücke zu | Stadt Herford", "", "Brücke zu"),
        ("Beispielblatt", "Beispielblatt: A2 gesperrt", "", "A2 gesperrt"),
        ("Beispielblatt", "A2 gesperrt (Beispielblatt)", "", "A2 gesperrt"),
        ("Beispielblatt", "A2 gesperrt / Beispielblatt", "", "A2 gesperrt"),
        ("Spiegel", "Spiegel: A2 gesperrt", "", "A2 gesperrt"),
        ("taz", "taz: A2 gesperrt", "A2 gesperrt", "A2 gesperrt"),
        ("NDR", "A2 zu | NDR.de - Nachrichten - Niedersachsen", "", "A2 zu"),
        ("NDR", "A2 zu | NDR.de - Fernsehen - Sendungen A-Z", "", "A2 zu"),
        ("Die Glocke", "A2 zu | Die Glocke", "", "A2 zu"),
        ("Radio Herford", "Radio Herford: A2 zu", "", "A2 zu"),
        (
            "Kölner Stadt-Blatt",
            "A2 zu | Kölner Stadt-Blatt Online",
            "",
            "A2 zu",
        ),
        ("tagesblick.de", "A2 zu | tagesblick.de", "", "A2 zu"),
    ],
)
def test_other_sites(site: str, title: str, feed: str, expected: str) -> None:
    page = document_fromstring(HEAD.replace("Neue Westblatt", site))
    houses = house_names(read_structured(page), "https://www.a.example/b")
    assert without_site(title, houses, feed=feed) == expected


def test_a_page_whose_title_has_the_sites_name() -> None:
    text = (
        "<p>"
        + "Der Rat der Stadt hat am Abend getagt und lange über den Haushalt beraten. "
        * 5
        + "</p>"
    )
    head = (
        '<title>A2 gesperrt - Blatt</title><meta property="og:title" content="A2 gesperrt | Blatt'
        ' aus Herford">'
    )
    page = (
        f"<html><head>{head}</head><body><main><h1>A2"
        f" gesperrt</h1>{text}{text}</main></body></html>"
    )
    found = extract_article(
        PageTask(
            "https://blatt.example/a", page.encode(), title_hint="A2 gesperrt"
        )
    )
    assert isinstance(found, Extracted)
    assert found.title == "A2 gesperrt"


@pytest.mark.parametrize(
    ("title", "feed"),
    [
        ("Rat tagt | Teil 2", "Rat tagt | Teil 2"),
        ("A 30 | A 33: Wo gebaut wird", "A 30 | A 33: Wo gebaut wird"),
        ("Blatt | Rat tagt", "Rat tagt"),
        ("Rat tagt | Blatt", "Rat tagt | Blatt"),
        ("Rat tagt | Nachrichten aus Herford", "Rat tagt"),
        ("Rat tagt | Nachrichten aus Herford | Blatt", "Rat tagt"),
    ],
)
def test_a_page_that_states_only_a_window_title(title: str, feed: str) -> None:
    text = (
        "<p>"
        + "Der Rat der Stadt hat am Abend getagt und lange beraten. " * 5
        + "</p>"
    )
    page = f"<html><head><title>{title}</title></head><body><main>{text * 2}</main></body></html>"
    found = extract_article(
        PageTask("https://blatt.example/a", page.encode(), title_hint=feed)
    )
    assert isinstance(found, Extracted)
    assert found.title == feed


def test_letters_of_a_title_are_composed() -> None:
    assert clean("Gro\u0308ße fu\u0308r alle | NW") == "Größe für alle"


@pytest.mark.parametrize("sign", [":", "@", "<", "_", "|", "-"])
def test_the_site_stands_behind_odd_separators(sign: str) -> None:
    title = f"Der Rat der Stadt tagt {sign} Beispielblatt"
    assert (
        without_site(title, frozenset({"beispielblatt"}))
        == "Der Rat der Stadt tagt"
    )
    kept = f"Der Rat der Stadt tagt {sign} Herford"
    assert without_site(kept, frozenset({"beispielblatt"})) == kept
