"""Which habits of spelling are seen in a text, and which false friends are
not.

The query corpus tries them all.
"""

from __future__ import annotations

import time

import pytest

from monitor.language.gendered import close_gendered
from monitor.language.spelling_signs import signs_in
from monitor.language.spellings import (
    read_spellings,
    spelled_across,
    ungrouped,
)
from monitor.language.words import fold, words


def beside(text: str) -> set[str]:
    """The words that stand beside others in the text because of a habit."""
    found = read_spellings(text, fold, signs_in(text))
    return (
        {folded for words in found.beside.values() for folded, _ in words}
        if found
        else set()
    )


def check(text: str, *expected: str) -> None:
    """Of the words beside there are at least these; none where none is
    expected.
    """
    found = beside(text)
    assert found >= set(expected)
    assert bool(found) == bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Expert:innen", ["expert"]),
        ("Rät*innen", ["raet"]),
        ("Köch:in", ["koech"]),
        ("Nutzer_innenkonto", ["nutzer"]),
        ("Journalist(inn)en", ["journalist", "journalisten"]),
        ("StudentInnen", ["student"]),
        ("JournalistIn", ["journalist"]),
        ("KundInnen", ["kunde", "kunden"]),
        ("PlugIn", []),
        ("Berlin:innenstadt", []),
        ("hinten/innen", []),
        ("3*innen", []),
        ("U 21", ["u21"]),
        ("Kampfjet F 35 und A 380", ["f35", "a380"]),
        ("L 3004", ["l3004"]),
        ("Teil C 5 Prozent", []),
        ("Teil C 5 %", []),
        ("Teil C 1 000 Euro", ["1000"]),
        ("U.S. 20 und H&M 20", []),
        ("9 500 Läufer", ["9500"]),
        ("049 500", []),
        ("+49 500 600", []),
        ("(05221) 123 456", []),
        ("12 000 5", []),
        ("Haupt- und Nebenstraße", ["hauptstrasse"]),
        ("Grund-, Haupt- oder Realschule", ["grundschule", "hauptschule"]),
        ("Sonn- und Feiertage", ["sonntage"]),
        ("Hin- und Rückfahrt", ["hinfahrt"]),
        ("Ver- und Entsorgung", ["versorgung"]),
        ("Wochen- oder Monatsmarkt", ["wochenmarkt"]),
        ("Hoch- und Weitsprung", ["hochsprung"]),
        ("Feuer- und Rettungswache", ["feuerwache"]),
        ("Rad- und Fußweg", ["radweg"]),
        ("Kinder- und Jugendhilfe", ["kinderhilfe"]),
        ("be- und entladen", ["beladen"]),
        ("Land- und Amtsgericht", ["landgericht"]),
        ("Schulleiter und -leiterin", ["schulleiterin"]),
        ("Kindergärten und -krippen", ["kinderkrippen"]),
        ("Bürger*Innen", ["buerger"]),
        ("Bürger/ -innen", ["buerger"]),
        ("Bürger(-innen)", ["buerger"]),
        ("Psycholog*innen", ["psychologe", "psychologen"]),
        ("Zahnärzt*in", ["zahnarzt"]),
        ("Experten/-innen", ["expertinnen"]),
        ("den Bürgern/-innen", ["buergerinnen"]),
        ("jede*r", ["jede"]),
        ("Angestellte(r)", ["angestellte"]),
        ("kein:e", ["kein"]),
        ("Lehrer- und Schüler*innen", ["lehrerinnen", "schueler"]),
        ("Leser- und Wählerinnen", ["leserinnen"]),
        ("L 712n", ["l712n"]),
        ("A 319neo", ["a319neo"]),
        ("§ 218 a StGB", ["218a"]),
        ("Artikel 5 b", ["5b"]),
        ("RB 71", ["rb71"]),
        ("1´000 Franken", ["1000"]),
        ("Rad\u2013 und Fußweg", ["radweg"]),
        ("Rad\u00ad und Fußweg", ["radweg"]),
        ("am Hbf Süd", ["hbf"]),
        ("Bgm. Meier", ["bgm"]),
        ("Dompl. 3", ["dompl"]),
        ("Mitgliederinnenhof", []),
        ("Check:In", []),
        ("gew(innen)", []),
        ("km/s und Seite/s", []),
        ("Teil C 5m", []),
        ("§ 5 a) und b)", []),
        ("Haus 44 a", []),
        ("Rad \u2013 und Fußweg", []),
        ("BGM und EBF", []),
        ("5 St. und das Fest. Dann", []),
        ("Ukraine-Krieg und Frieden", []),
        ("nichts davon, gar nichts", []),
    ],
)
def test_beside(text: str, expected: list[str]) -> None:
    check(text, *expected)


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("Land- und Forstwirtschaft", "landschaft"),
        ("Mann- und Gefolgschaft", "mannschaft"),
        ("Freund- und Nachbarschaft", "freundung"),
        ("Zeit- und Verwaltung", "zeitung"),
        ("Leit- und Begleitung", "leitung"),
        ("Sonn- und Feiertage", "sonnerin"),
        ("Eigen- und Fremdheit", "eigenheit"),
    ],
)
def test_endings_are_no_second_parts(text: str, unwanted: str) -> None:
    assert unwanted not in beside(text)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("12.000", "12000"),
        ("1.234.567", "1234567"),
        ("1.234,50", "1234,50"),
        ("12.000er", "12000er"),
        ("12.2024", "12.2024"),
        ("1.10.2024", "1.10.2024"),
        ("0.500", "0.500"),
        ("1234.567", "1234.567"),
        ("12.00", "12.00"),
        ("12,000", "12,000"),
        ("1.000.00", "1.000.00"),
    ],
)
def test_points_between_thousands(number: str, expected: str) -> None:
    assert ungrouped(number) == expected


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("B 239 Stau", "B 239"),
        ("B 239", "B 239"),
        ("12 000 Euro", "12 000"),
        ("Bürger(innen) OR Rat", "Bürger(innen)"),
        ("B 12 000", "B"),
        ("AB 12", "AB"),
        ("Tür (innen)", "Tür"),
        ("Kreis", "Kreis"),
    ],
)
def test_words_of_a_query_that_hold_spaces_or_brackets(
    query: str, word: str
) -> None:
    end = min(query.find(sign) % (len(query) + 1) for sign in " (")
    assert query[: spelled_across(query, 0, end)] == word


def test_closing_a_gendered_form_moves_no_character() -> None:
    for query in ("bürger*innen OR x", '"Bürger(in) a"', "a*innen", "kreis*"):
        assert len(close_gendered(query)) == len(query)
    assert fold(close_gendered("Bürger/-innen")) == "buergerinnen"
    assert close_gendered("*innen Kreis*") == "*innen Kreis*"


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "a-, ",
        "a- und ",
        "a*innen",
        "1 000 ",
        "B 2 ",
        "a/-in",
        "str ",
        " -ab",
        "aIn",
        "e*r",
        "st.",
        "§ 5 a ",
    ],
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    words(text)
    assert time.process_time() - started < 10
