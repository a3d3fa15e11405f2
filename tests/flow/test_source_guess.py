"""What a new source is probably called, where it belongs and what it speaks."""

from __future__ import annotations

import pytest

from monitor.flow.requests.feed_finder import Candidate, LatestItem
from monitor.flow.requests.source_guess import (
    guess_region,
    guess_source,
    outlet_name,
)
from monitor.types.catalog import Catalog, Feed


@pytest.mark.parametrize(
    ("title", "host", "outlet"),
    [
        ("Weserbote", "www.weserbote.de", "Weserbote"),
        ("Weserbote - Aktuelle Nachrichten", "www.weserbote.de", "Weserbote"),
        ("Aktuelle Nachrichten | Weserbote", "www.weserbote.de", "Weserbote"),
        ("Nachrichten von Weserbote", "weserbote.de", "Weserbote"),
        (
            "Löhner Tageblatt: Lokales",
            "www.loehner-tageblatt.de",
            "Löhner Tageblatt",
        ),
        (
            "RSS-Feed | Löhner Tageblatt",
            "loehnertageblatt.de",
            "Löhner Tageblatt",
        ),
        (
            "kuestenfunk.de - die erste Adresse am Meer",
            "www.kuestenfunk.de",
            "kuestenfunk.de",
        ),
        ("Politik – Küstenfunk", "kuestenfunk.example", "Küstenfunk"),
        ("Der Rat berät", "www.unbekannt.de", "Rat berät"),
        ("News", "www.weserbote.de", "weserbote.de"),
        ("", "www.weserbote.de", "weserbote.de"),
        (
            "Neue Werra-Zeitung · Startseite",
            "nwz.example",
            "Neue Werra-Zeitung",
        ),
    ],
)
def test_outlets(title: str, host: str, outlet: str) -> None:
    assert outlet_name(title, host) == outlet


OWL = Feed("a", "A", "A", url="https://a.test/", region="owl")
NORTH = Feed(
    "b",
    "B",
    "Haus B",
    url="https://b.test/rss",
    region="Nordsee",
    language="de",
)


@pytest.mark.parametrize(
    ("said", "region"),
    [
        (("Herforder Bote", "bote.de"), ""),
        (("Bote aus Herford",), "Nordrhein-Westfalen"),
        (("Bote aus OWL",), "owl"),
        (("Kieler Bote",), "Schleswig-Holstein"),
        (("Bote", "www.muenchner-bote.de"), "Bayern"),
        (("Nordsee Bote",), "Nordsee"),
        (("Kieler und Münchner Bote",), ""),
        (("Bote",), ""),
        (("Thüringer Bote",), "Thüringen"),
        (("Bote", "https://bote.de/berlin/rss"), "Berlin"),
    ],
)
def test_regions(said: tuple[str, ...], region: str) -> None:
    assert guess_region(said, [OWL, NORTH]) == region


def candidate(
    url: str, title: str, *titles: str, language: str | None = None
) -> Candidate:
    latest = tuple(LatestItem(each, None, "") for each in titles)
    return Candidate(url, "ok", title=title, language=language, latest=latest)


def test_a_further_feed_of_a_house_is_like_its_others() -> None:
    found = guess_source(
        candidate("https://b.test/sport", "Sport"), Catalog((OWL, NORTH))
    )
    assert (found.outlet, found.region) == ("Haus B", "Nordsee")


@pytest.mark.parametrize(
    ("titles", "said", "language"),
    [
        (("Rat berät über den Haushalt",), "de-DE", "de"),
        (("Rat berät",), "EN", "en"),
        (("Rat berät",), None, "de"),
        (("Rat berät",), "??", "de"),
        (
            (
                "The council of the town is with us and that is for the best of it",
            )
            * 3,
            "de",
            "en",
        ),
        (
            (
                "Die Stadt und der Rat und das Amt auf dem Markt mit den Leuten im Ort",
            )
            * 2,
            "en",
            "de",
        ),
    ],
)
def test_languages(
    titles: tuple[str, ...], said: str | None, language: str
) -> None:
    asked = candidate("https://c.test/", "C", *titles, language=said)
    assert guess_source(asked, Catalog()).language == language
