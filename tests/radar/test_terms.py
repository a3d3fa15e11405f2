"""What is counted of an article, and what is routine."""

from __future__ import annotations

import pytest

from monitor.radar.routine import is_routine, never_subjects
from monitor.radar.terms import MOST_TERMS, READ, terms_of, usual_forms


@pytest.mark.parametrize(
    ("text", "there", "absent"),
    [
        ("Statiker warnen vor der Brücke", {"statik", "bruck"}, {"warn"}),
        (
            "Landrat Jürgen Müller kommt",
            {"landrat juergen", "juergen mueller"},
            set(),
        ),
        ("Der Landrat Müller kommt", {"landrat mueller"}, {"der landrat"}),
        ("In Herford brennt es", {"herford"}, {"in herford", "in"}),
        (
            "Am Freitag Abend gab es Regen",
            set(),
            {"freitag", "freitag abend", "reg"},
        ),
        ("Der Ukraine-Krieg dauert", {"ukrainekrieg"}, set()),
        ("Häuser und Haus", {"haus"}, set()),
        (
            "Das Ministerium. Die Opposition",
            {"ministerium", "opposition"},
            {"ministerium die"},
        ),
        ("Ärzte, Pfleger", {"arzt", "pfleg"}, {"aerzte pfleger"}),
        ("am 12. 3. um 14 Uhr", set(), {"12", "uhr"}),
        ("SPD und CDU streiten", {"spd", "cdu"}, {"spd cdu"}),
        ("Foto: Max Muster", {"max muster"}, {"foto", "foto max"}),
    ],
)
def test_terms(text: str, there: set[str], absent: set[str]) -> None:
    for found in (
        terms_of(text, "", ""),
        terms_of("", text, ""),
        terms_of("", "", f"{text}. {text}"),
    ):
        assert there <= found
        assert not absent & found


@pytest.mark.parametrize(
    ("lead", "text", "is_counted"),
    [
        ("", "Landrat Müller sagt nichts", False),
        ("", "Landrat Müller sagt nichts. Dann kam Landrat Müller", True),
        ("Landrat Müller spricht", "Landrat Müller sagt nichts", True),
        ("", "Landrat Müller und Landrat Meier", False),
    ],
)
def test_names_in_a_text_count_from_the_second_time(
    lead: str, text: str, is_counted: bool
) -> None:
    found = terms_of("Im Kreistag", lead, text)
    assert ("landrat mueller" in found) is is_counted
    assert {"landrat", "mull"} <= found, "its words always do"


def test_inflected_words_are_one_term() -> None:
    assert terms_of("Die Brücke", "", "") == terms_of("Die Brücken", "", "")


def test_only_the_beginning_is_read_and_terms_are_bounded() -> None:
    late = "x" * READ + " Herford"
    assert terms_of("", "", late) == frozenset()
    many = " ".join(
        f"Wort{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(676)
    )
    assert len(terms_of(many, many, many)) <= MOST_TERMS


def test_terms_are_shown_as_they_are_mostly_written() -> None:
    texts = [
        "Die Brücken in Lemgo",
        "Die Brücke",
        "Eine Brücke und Jürgen Müller",
    ]
    forms = usual_forms({"bruck", "juergen mueller", "unseen"}, texts)
    assert forms == {
        "bruck": "Brücke",
        "juergen mueller": "Jürgen Müller",
        "unseen": "unseen",
    }


@pytest.mark.parametrize(
    ("title", "sections"),
    [
        ("Ihr Horoskop für Samstag", ()),
        ("Tageshoroskop: Das sagen die Sterne", ()),
        ("Wettervorhersage: Es wird mild", ()),
        ("Das Wetter in Ostwestfalen", ()),
        ("Lottozahlen vom Mittwoch", ()),
        ("Lotto am Samstag", ()),
        ("Bezirksliga: Der 12. Spieltag im Überblick", ()),
        ("Tabelle und Ergebnisse", ()),
        ("TV-Programm am Abend", ()),
        ("Anzeige: Jetzt Reifen wechseln", ()),
        ("Black Friday: Die besten Schnäppchen", ()),
        ("Rabattaktion im Möbelhaus", ()),
        ("Neues aus der Stadt", ("Horoskop",)),
        ("Neues aus der Stadt", ("Politik", "TV-Programm")),
        ("Neues", ("anzeigen",)),
        ("Blitzer: Hier wird gemessen", ()),
    ],
)
def test_routine_of_the_trade(title: str, sections: tuple[str, ...]) -> None:
    assert is_routine(title, sections)


@pytest.mark.parametrize(
    ("title", "sections"),
    [
        ("Unwetter zerstört Häuser in Lemgo", ()),
        ("Brücke gesperrt: Statiker warnen", ("Lokales",)),
        ("Anzeigenblatt wird eingestellt", ()),
        ("Polizei klärt Betrug mit Lottoschein auf", ()),
        ("Wetteraukreis wählt neuen Landrat", ()),
        ("Fernsehstar zieht nach Herford", ()),
        ("Bundesrat tagt zu Renten", ("Politik",)),
        ("Tabellenführer meldet Insolvenz an", ("Sport",)),
        ("Notarzt rettet Kind", ()),
        ("Rezeptfreie Arznei wird knapp", ("Gesundheit",)),
    ],
)
def test_news_is_no_routine(title: str, sections: tuple[str, ...]) -> None:
    assert not is_routine(title, sections)


def test_words_that_are_never_subjects_are_stems() -> None:
    assert {"polizei", "grad", "reg", "freitag"} <= never_subjects()
