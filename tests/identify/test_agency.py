"""Agency marks."""

from __future__ import annotations

import pytest

from monitor.identify.agency import find_agency


def check(
    expected: str | None, *texts: str, authors: tuple[str, ...] = ()
) -> None:
    assert find_agency(authors, *texts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Herford (dpa/lnw) - Ein Lastwagen ist umgekippt.", "dpa"),
        ("BERLIN (AFP) – Der Bundestag hat entschieden.", "AFP"),
        ("Frankfurt/Main (Reuters) - Der Dax steigt.", "Reuters"),
        ("Der Dax steigt.\n(dpa)", "dpa"),
        ("Der Dax steigt. (red/dpa)", "dpa"),
        ("Der Dax steigt. dpa/lnw", "dpa"),
        ("Der Dax steigt.\nepd", "epd"),
        ("Der Bischof predigt.\n(KNA/epd)", "KNA/epd"),
        ("Das Spiel endet 2:1.\n© dpa-infocom, dpa:261123-930-1", "dpa"),
        ("Das Spiel endet 2:1.\nQuelle: SID", "SID"),
        ("Ein Text.\nMit Material der dpa", "dpa"),
        ("Ein Text.\njan/dpa/AFP", "dpa/AFP"),
        ("Die dpa (Deutsche Presse-Agentur) wird 75 Jahre alt.", None),
        (
            "Die Agentur AP meldete gestern einen Rekord und auch dpa lobte ihn.",
            None,
        ),
        ("Er fragte, ob die App (ap) läuft.", None),
        ("", None),
        ("Er kam (sid!) nie an.", None),
    ],
)
def test_marks_in_texts(text: str, expected: str | None) -> None:
    check(expected, text)


def test_bylines_count_and_each_agency_stands_once() -> None:
    check("dpa", authors=("dpa",))
    check("dpa", authors=("Deutsche Presse-Agentur",))
    check("AFP/dpa", "Kiew (dpa) - Angriffe.", authors=("AFP",))
    check(
        "dpa", "Kiew (dpa) - Angriffe.\n(dpa)", authors=("dpa", "Anna Muster")
    )
    check(None, authors=("Sid Vicious", "Anna Muster"))


def test_the_feed_may_say_what_the_page_does_not() -> None:
    check("dpa", "Text ohne Zeichen.", "Kiew (dpa) - Angriffe.")
