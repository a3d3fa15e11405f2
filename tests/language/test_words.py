"""Words and their folded forms: what must be the same, what must differ, and
where each word stands.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.words import fold, plain, words


def check(text: str, expected: str) -> None:
    """`expected` lists folded@position in order."""
    assert (
        " ".join(f"{word.folded}@{word.position}" for word in words(text))
        == expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Der Krieg.", "der@0 krieg@1"),
        ("Ukraine-Krieg endet", "ukraine@0 ukrainekrieg@0 krieg@1 endet@2"),
        ("Nord-Süd-Link", "nord@0 nordsuedlink@0 sued@1 link@2"),
        ("Ukraine\u2011Krieg", "ukraine@0 ukrainekrieg@0 krieg@1"),
        ("Köln\u2013Bonn", "koeln@0 koelnbonn@0 bonn@1"),
        ("Ost- und West", "ost@0 und@1 west@2"),
        ("heute \u2013 morgen -- a--b", "heute@0 morgen@1 a@2 b@3"),
        ("§ 44b, A2 und 5G", "44b@0 a2@1 und@2 5g@3"),
        ("1.000 und 3,5 Prozent. 7", "1000@0 und@1 3,5@2 prozent@3 7@4"),
        ("10-15 Uhr", "10@0 15@1 uhr@2"),
        ("Covid-19", "covid@0 covid19@0 19@1"),
        ("Müller\u2019s Haus", "mueller@0 muellers@0 s@1 haus@2"),
        (
            "Znam\u02bcja 1\u02b92 a\u02b9b",
            "znam@0 znamja@0 ja@1 1@2 2@3 a@4 ab@4 b@5",
        ),
        ("Www.nw.de ist da", "ist@1 da@2"),
        ("Rock'n'Roll", "rock@0 rocknroll@0 n@1 roll@2"),
        ("'Zitat' \u2019so\u2019", "zitat@0 so@1"),
        ("Ukra\u00adine und Kri\u200beg", "ukraine@0 und@1 krieg@2"),
        ("Ukraine\u00ad-Krieg", "ukraine@0 ukrainekrieg@0 krieg@1"),
        ("Mu\u0308ller", "mueller@0"),
        (
            "Bürger:innen und Ende.Anfang snake_case",
            "buergerinnen@0 buerger@0 und@1 ende@2 anfang@3 snake@4 case@5",
        ),
        (
            "mehr auf https://nw.de/ukraine-krieg?x=1 heute",
            "mehr@0 auf@1 heute@3",
        ),
        ("mehr auf www.ukraine.de heute", "mehr@0 auf@1 heute@3"),
        ("an redaktion@ukraine.de, @Ukraine #Krieg", "an@0 ukraine@2 krieg@3"),
        ("nw.de", "nw@0 de@1"),
        ("\u201eDIE ZEIT\u201c", "die@0 zeit@1"),
        ("H&M AT&T C++", "h@0 m@1 at@2 t@3 c@4"),
    ],
)
def test_words(text: str, expected: str) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Müller", "Mueller"),
        ("MÜLLER", "mueller"),
        ("Mu\u0308ller", "Müller"),
        ("Straße", "STRASSE"),
        ("STRAẞE", "strasse"),
        ("Ärger", "Aerger"),
        ("Öl", "oel"),
        ("Café", "cafe"),
        ("Łukasz", "Lukasz"),
        ("Đoković", "Dokovic"),
        ("Søren", "Soren"),
        ("\ufb01nden", "finden"),
        ("\uff35\uff2b", "uk"),
        ("Selenskyj", "selen\u00adskyj"),
    ],
)
def test_same_when_folded(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Müller", "Muller"), ("schön", "schon"), ("Citroën", "Citroeen")],
)
def test_different_when_folded(left: str, right: str) -> None:
    assert fold(left) != fold(right)


def test_plain_keeps_case_and_letters_but_nothing_invisible() -> None:
    assert plain("BILD") == "BILD"
    assert plain("U\u0308ber\u00adall") == "Überall"
    assert plain("DIE-ZEIT") == "DIEZEIT"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_is_stable_for_every_character_of_alphabets() -> None:
    alphabets = (
        *range(0x3400),
        *range(0xA640, 0xAC00),
        *range(0xF900, 0x1_0000),
        *range(0x1_D400, 0x1_F200),
    )
    unstable = [c for c in map(chr, alphabets) if fold(fold(c)) != fold(c)]
    assert unstable == []


@given(
    st.text(
        alphabet=st.sampled_from(
            "aÄß1-'\u2019\u2013\u00ad\u200b\u0308 .,@:/w_"
        )
    )
)
def test_places_are_in_the_text_and_in_order(text: str) -> None:
    found = words(text)
    assert [word.position for word in found] == sorted(
        word.position for word in found
    )
    for word in found:
        assert 0 <= word.start < word.end <= len(text)
        assert word.folded


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "a\u200b",
        "\u200b",
        "a\u0301",
        "a-",
        "1.",
        "a.",
        "a@",
        "@a.",
        "www.",
        "a" * 100,
    ],
    ids=lambda unit: ascii(unit[:6]),
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = "a" + unit * (200_000 // len(unit))
    started = time.process_time()
    words(text)
    assert time.process_time() - started < 5
