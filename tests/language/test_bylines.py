"""Bylines of feeds and pages as names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.bylines import clean_authors, is_person

KARLA, MAX = "Karla Beispiel", "Max Muster"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # labels and times
        ("Karla Beispiel Zuerst veröffentlicht am", [KARLA]),
        ("Karla BeispielZuerst veröffentlicht am 06/01/2026", [KARLA]),
        ("Von Karla Beispiel | Stand: 25.04.2024, 14:07 Uhr", [KARLA]),
        ("Karla Beispiel aktualisiert am 25. April 2024", [KARLA]),
        ("Karla Beispiel, 25.04.24", [KARLA]),
        ("25.04.2024, 14:07 Uhr, Karla Beispiel", [KARLA]),
        ("Veröffentlicht am 06.01.2026 von Karla Beispiel", [KARLA]),
        ("Veröffentlicht von Karla Beispiel um 14:07 Uhr", [KARLA]),
        ("Karla Beispiel • Lesezeit: 3 Minuten", [KARLA]),
        ("Donnerstag, 25. April 2024 – Karla Beispiel", [KARLA]),
        ("Posted by Karla Beispiel on April 25, 2024", [KARLA]),
        ("Autor: Karla Beispiel", [KARLA]),
        ("Autorin: Karla Beispiel", [KARLA]),
        ("Text: Karla Beispiel", [KARLA]),
        ("Protokoll: Karla Beispiel", [KARLA]),
        ("Interview: Karla Beispiel und Max Muster", [KARLA, MAX]),
        ("Ein Gastbeitrag von Karla Beispiel", [KARLA]),
        ("Kommentar von Karla Beispiel", [KARLA]),
        ("VonKarla Beispiel", [KARLA]),
        ("Herford. Von Karla Beispiel", [KARLA]),
        ("Herford - Von Karla Beispiel und Max Muster", [KARLA, MAX]),
        # other work
        ("Text: Karla Beispiel, Fotos: Max Muster", [KARLA]),
        ("Karla Beispiel | Foto: Max Muster", [KARLA]),
        ("Foto: Max Muster | Karla Beispiel", [KARLA]),
        ("Fotos: Max Muster und Ida Probe, Text: Karla Beispiel", [KARLA]),
        ("Text und Fotos: Karla Beispiel", [KARLA]),
        ("Karla Beispiel (Text), Max Muster (Fotos)", [KARLA]),
        ("Foto: Max Muster", []),
        ("Grafik: Max Muster, Quelle: dpa", []),
        # roles
        ("Karla BeispielRedakteurin", [KARLA]),
        ("Karla BeispielPolitikredakteurin", [KARLA]),
        ("Karla Beispiel, Redakteurin", [KARLA]),
        ("Karla Beispiel Redakteurin Lokales", [KARLA]),
        ("Karla Beispiel, stellvertretende Ressortleiterin Politik", [KARLA]),
        ("Karla Beispiel, freie Journalistin", [KARLA]),
        ("Karla Beispiel ist Volontärin", [KARLA]),
        ("ARD-Korrespondentin Karla Beispiel", [KARLA]),
        ("Von unserem Reporter Max Muster", [MAX]),
        ("Reporter:innen Karla Beispiel und Max Muster", [KARLA, MAX]),
        ("Karla Beispiel, Chefin vom Dienst", [KARLA]),
        ("Redakteurin", []),
        ("Max Leiter", ["Max Leiter"]),
        # places
        ("Von Karla Beispiel, Herford", [KARLA]),
        ("Karla Beispiel, Bad Oeynhausen", [KARLA]),
        ("Karla Beispiel, Washington D.C.", [KARLA]),
        ("Karla Beispiel in Herford", [KARLA]),
        ("Karla Beispiel aus Kiew", [KARLA]),
        ("Karla Beispiel/Frankfurt am Main", [KARLA]),
        ("Karla Beispiel (Herford)", [KARLA]),
        ("Karla Beispiel, Redaktion Herford", [KARLA]),
        ("Karla Beispiel für tagesschau.de", [KARLA]),
        # several
        ("Mac & i", ["Mac & i"]),
        ("Karla Beispiel, Mac & i", [KARLA, "Mac & i"]),
        ("Ernst & Söhne", ["Ernst & Söhne"]),
        ("Karla Beispiel & Max Muster", [KARLA, MAX]),
        ("Karla Beispiel und Max Muster", [KARLA, MAX]),
        ("Karla Beispiel, Max Muster und Ida Probe", [KARLA, MAX, "Ida Probe"]),
        ("Eva und Max Muster", ["Eva Muster", MAX]),
        ("Beispiel, Karla; Muster, Max", [KARLA, MAX]),
        ("Beispiel, Karla", [KARLA]),
        ("Beispiel, Karla und Muster, Max", [KARLA, MAX]),
        ("Beispiel, Karla Maria; Muster, Max", ["Karla Maria Beispiel", MAX]),
        ("Beispiel, Karla, Muster, Max", [KARLA, MAX]),
        (
            "von der Beispiel, Karla; Muster-Probe, Max",
            ["Karla von der Beispiel", "Max Muster-Probe"],
        ),
        ("Beispiel, Dr. Karla", ["Dr. Karla Beispiel"]),
        ("Beispiel, K.", ["K. Beispiel"]),
        ("Beispiel, Karla, Redakteurin", [KARLA]),
        ("Karla Beispiel; Max Muster", [KARLA, MAX]),
        ("Redaktion, Karla Beispiel", [KARLA]),
        # agencies, companies, accounts
        ("dpa/lnw", ["dpa"]),
        ("Karla Beispiel, dpa", [KARLA, "dpa"]),
        ("Karla Beispiel mit Material von dpa", [KARLA, "dpa"]),
        ("dpa und AFP", ["dpa", "AFP"]),
        ("Foto: dpa", []),
        ("Muster Verlag GmbH & Co. KG", ["Muster Verlag"]),
        ("Kreispolizeibehörde Herford", ["Kreispolizeibehörde Herford"]),
        ("Stadt Löhne", ["Stadt Löhne"]),
        ("karla.beispiel@blatt.example (Karla Beispiel)", [KARLA]),
        ("Karla Beispiel, Tel. 05221 123456", [KARLA]),
        ("admin", []),
        ("wordpress", []),
        # names
        ("Dr. Karla von der Beispiel", ["Dr. Karla von der Beispiel"]),
        ("Prof. Dr. Karla Beispiel", ["Prof. Dr. Karla Beispiel"]),
        ("Anne-Kathrin Muster-Probe", ["Anne-Kathrin Muster-Probe"]),
        ("Şahin Öztürk und İpek Çelik", ["Şahin Öztürk", "İpek Çelik"]),
        ("Łukasz Żak, Herford", ["Łukasz Żak"]),
        ("Mohammed al-Hassan", ["Mohammed al-Hassan"]),
        ("Abdul bin Karim", ["Abdul bin Karim"]),
        ("محمد علي", ["محمد علي"]),
        ("Seán O’Neill", ["Seán O’Neill"]),
        ("Karla B.", ["Karla B."]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert list(clean_authors([text])) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (KARLA, True),
        ("Karla von der Beispiel", True),
        ("Mohammed al-Hassan", True),
        ("Çelik İpek", True),
        ("Łukasz Żak", True),
        ("محمد علي", True),
        ("der Kunst", False),
        ("Karla", False),
        ("von der", False),
        ("Karla lächelt dabei", False),
        ("", False),
        ("Karla 3", False),
    ],
)
def test_persons(name: str, expected: bool) -> None:
    assert is_person(name) == expected


@given(
    st.text(
        st.sampled_from("KarlBeisp vonund,;|/&().:@ 0123456789Uhr") | st.characters(), max_size=200
    )
)
def test_any_text_gives_names_that_stay_names(text: str) -> None:
    names = clean_authors([text])
    assert len(names) <= 12
    assert all(0 < len(name) <= 60 and name == name.strip() for name in names)
