"""Whole texts in columns say exactly what `words` says word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.columns import columns
from monitor.language.cut_text import running
from monitor.language.words import count_words

ORDINARY = "aeosuxÄößÖüZ019²éłş-'\u2013\u2019\u2011 .,;\n_„“…€\uff15"
UNUSUAL = "\u00ad\u200b\u0308\ufe0f\u0661½µ@:/wW.ﬁΣя"


def check(text: str) -> None:
    found, size = count_words(text)
    folded, places = columns(text)
    assert folded == [word.folded for word in found]
    assert places.positions(0) == [word.position for word in found]
    numbers = range(len(found))
    assert list(map(places.position, numbers)) == places.positions(0)
    assert [places.span(number) for number in numbers] == [
        (word.start, word.end) for word in found
    ]
    joined = set(places.joined)
    first = [number for number in numbers if number not in joined]
    assert [found[number].position for number in first] == sorted(
        {word.position for word in found}
    )
    placed = [""] * size
    for number in first:
        placed[found[number].position] = found[number].folded
    assert running(text)[:2] == (
        placed,
        [found[number].folded for number in places.joined],
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Der Krieg.",
        "Ukraine-Krieg-Ende und 10-15 Uhr, 3,5-mal 1.000-2.000",
        "Müller\u2019s \u201eDIE ZEIT\u201c \u2013 Köln\u2013Bonn",
        "mehr auf https://nw.de/a-b\nWww.nw.de Nord-Süd-Link\n an redaktion@nw.de",
        "Ukra\u00adine-Krieg\nHaus-Tür\r\n\u2028Mu\u0308ller-Platz",
        "Müller\u02bcs 1\u02b92",
        "Москва-Сити und Łódź-Süd",
        "Alle Bürger*innen auf der B 239,\nrund 12.000 und 12 000 in der Hauptstr. 5",
        "Kreis- und Stadtverwaltung\nStadtverwaltung und -rat F-16-Kampfjet\nund so weiter",
        "a-b" * 5000,
        "ä-ö " * 6000,
    ],
)
def test_columns(text: str) -> None:
    check(text)


@given(st.text(alphabet=st.sampled_from(ORDINARY)))
def test_ordinary_letters(text: str) -> None:
    check(text)


@given(st.text(alphabet=st.sampled_from(ORDINARY + UNUSUAL)))
def test_with_letters_that_cannot_be_folded_alone(text: str) -> None:
    check(text)


@given(st.text())
def test_any_text(text: str) -> None:
    check(text)


SPELLED = (
    *(
        "B",
        "A",
        " ",
        "2",
        "239",
        ".",
        "000",
        "1",
        "-",
        "Kreis",
        "und",
        "Stadtverwaltung",
        "rat",
        "/",
        ",",
        "Bürger",
    ),
    *(
        "*",
        "(",
        "innen",
        "in",
        ")",
        "In",
        ":",
        "Haupt",
        "str",
        "Str",
        "\n",
        "\u202f",
        "'",
        "@",
    ),
)


@given(st.lists(st.sampled_from(SPELLED)).map("".join))
def test_habits_of_spelling(text: str) -> None:
    check(text)


@pytest.mark.slow
def test_every_letter_of_alphabets_beside_letters_digits_and_joiners() -> None:
    for code in (
        *range(0x3100),
        *range(0xA640, 0xA800),
        *range(0xF900, 0x1_0000),
        *range(0x1_F100, 0x1_F200),
    ):
        letter = chr(code)
        check(
            f"a{letter}b {letter} 1{letter}2 A{letter} 1,{letter}5 {letter}-{letter} a-{letter},5"
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "a-",
        "a-b ",
        "1.",
        "a\n-",
        "@\n",
        "\u0301a\n",
        "ä",
        "1-",
        "-, a",
        "a*innen",
        "1 000 ",
        "B 2 ",
    ],
    ids=ascii,
)
def test_hostile_text(unit: str) -> None:
    check("a" + unit * (100_000 // len(unit)))
