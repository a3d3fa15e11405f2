"""What a feed says beyond its page."""

from __future__ import annotations

import pytest

from monitor.language.additions import further_text, further_titles

PAGE = (
    "Die Polizei sucht Zeugen eines Unfalls in Herford.",
    (
        "Der Fahrer fuhr am 3. Mai gegen 14.07 Uhr davon. Er trug eine Jacke.\nDie Ukraine-Hilfe"
        " geht weiter."
    ),
)


@pytest.mark.parametrize(
    ("titles", "own", "further"),
    [
        (("Unfall in Herford",), "Unfall in Herford", ""),
        (("Unfall  in\nHerford",), "Unfall in Herford", ""),
        (("Unfall in Herford",), "Herford: Unfall in Herford (Update)", ""),
        (
            ("Unfall in Herford (Update)",),
            "Unfall in Herford",
            "Unfall in Herford (Update)",
        ),
        (("Herford: Unfall",), "Unfall", "Herford: Unfall"),
        (("BILD fragt",), "Bild fragt", "BILD fragt"),
        (("Ukraine-Krieg",), "Ukraine Krieg", "Ukraine-Krieg"),
        (("Rat", "Rat"), "Kreistag", "Rat"),
        (("Rat tagt", "Rat"), "Kreistag", "Rat tagt"),
        (("Rat", "Rat tagt"), "Kreistag", "Rat\nRat tagt"),
        (("Rathaus",), "Das Rathausfest", "Rathaus"),
        (("", "…", " - "), "Kreistag", ""),
        (("Unfall",), "", "Unfall"),
        ((), "Unfall", ""),
    ],
)
def test_titles(titles: tuple[str, ...], own: str, further: str) -> None:
    assert further_titles(titles, own=own) == further


@pytest.mark.parametrize(
    ("texts", "further"),
    [
        (("Die Polizei sucht Zeugen eines Unfalls in Herford.",), ""),
        (("Die Polizei sucht Zeugen eines Unfalls in Herf…",), ""),
        (("Die Polizei sucht Zeugen eines Unfalls in Herford [...]",), ""),
        (
            ("Die Polizei sucht Zeugen eines Unfalls in Her",),
            "Die Polizei sucht Zeugen eines Unfalls in Her",
        ),
        (("Er trug eine Jacke. Die Jacke war rot.",), "Die Jacke war rot."),
        (("Die Jacke war rot. Er trug eine Jacke.",), "Die Jacke war rot."),
        (
            ("Die Jacke war rot. Er trug eine Jacke. Sie war neu.",),
            "Die Jacke war rot.\nSie war neu.",
        ),
        (
            ("Die Jacke war rot. Sie war neu.",),
            "Die Jacke war rot. Sie war neu.",
        ),
        (("Am 3. Mai fuhr er davon.",), "Am 3. Mai fuhr er davon."),
        (
            ("Der Fahrer fuhr am 3. Mai zurück.",),
            "Der Fahrer fuhr am 3. Mai zurück.",
        ),
        (("Laut Dr. Muster ist es so.",), "Laut Dr. Muster ist es so."),
        (("Die Ukrainehilfe geht weiter.",), "Die Ukrainehilfe geht weiter."),
        (("Neu ist das.\nNeu ist das.",), "Neu ist das."),
        (
            ("Neu ist das.", "Neu ist das. Alt ist jenes."),
            "Neu ist das.\nAlt ist jenes.",
        ),
        (
            ("Er sagte: „Das ist gut.“ Dann ging er.",),
            "Er sagte: „Das ist gut.“ Dann ging er.",
        ),
        (("", "\n", "…"), ""),
        ((), ""),
    ],
)
def test_text(texts: tuple[str, ...], further: str) -> None:
    assert further_text(texts, own=PAGE) == further


def test_what_stands_in_two_parts_of_the_page_is_no_sentence_of_it() -> None:
    assert (
        further_text(["in Herford Der Fahrer"], own=PAGE)
        == "in Herford Der Fahrer"
    )


def test_a_long_text_costs_little() -> None:
    """Ten thousand sentences, none of them on the page."""
    text = " ".join(
        f"Satz nummer eins von vielen{number} hier."
        for number in range(10_000)
    )
    assert len(further_text([text], own=["Kein Wort davon."])) == len(text)
