"""What blogs and editors put around their items is no part of them; what only
looks like it stays.
"""

from __future__ import annotations

import pytest

from monitor.language.item_boilerplate import bare_text, bare_title

TITLE = "Neue Schule: Rat stimmt zu"
PROSE = "Der Rat stimmte am Dienstag zu."


@pytest.mark.parametrize(
    "footer",
    [
        f"\nDer Beitrag {TITLE} erschien zuerst auf Radio Herford.",
        f" Der Beitrag {TITLE} erschien zuerst auf Radio Herford.",
        "\nDer Beitrag Neue Schule: Rat … erschien zuerst auf Radio Herford.",
        f"\nThe post {TITLE} appeared first on Radio Herford.",
        f"\nThe post {TITLE} first appeared on Radio Herford.\n",
        " […] Weiterlesen auf Radio Herford",
        "… Mehr lesen",
    ],
)
def test_footers(footer: str) -> None:
    assert bare_text(PROSE + footer, TITLE).rstrip(" […]") == PROSE


@pytest.mark.parametrize(
    "box",
    [
        "Lesen Sie auch: Herford: Unfall auf der B 239",
        "Lesen Sie auch: Wer zahlt in Herford?",
        "Das könnte Sie auch interessieren\nHerford: Unfall\nPolizei Herford sucht",
        "Mehr zum Thema:\nHerford: Unfall auf der B 239",
        "Ähnliche Artikel\nHerford feiert",
        "Related posts\nHerford celebrates",
    ],
)
def test_boxes(box: str) -> None:
    assert bare_text(f"{PROSE}\n{box}\n{PROSE}", TITLE) == f"{PROSE}\n{PROSE}"
    assert bare_text(f"{PROSE}\n{box}", TITLE) == PROSE


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "",
        "Der Beitrag der Stadt erschien zuerst auf Radio Herford.",
        f"Der Beitrag {TITLE} erschien zuerst auf Radio Herford.\n{PROSE}",
        f"Der Beitrag {TITLE} erschien zuerst auf Radio Herford.",
        "Weiterlesen auf Radio Herford",
        "Lesen Sie auch den Bericht über Herford, der gestern erschien.",
        "Mehr Nachrichten aus Herford will der Verlag künftig bringen.",
        "Mehr zum Thema Haushalt in Herford am Donnerstag",
        "Lesen Sie auch: Herford: Unfall auf der B 239",
        # what an overview is about
        f"{PROSE}\nWeitere Meldungen:\nHerford: Unfall auf der B 239",
        f"{PROSE}\nWeitere Themen\nHerford feiert",
        f"{PROSE}\nAktuelle Nachrichten:\nHerford feiert",
    ],
)
def test_what_stays(text: str) -> None:
    assert bare_text(text, TITLE) == text


@pytest.mark.parametrize(
    ("title", "house", "bare"),
    [
        ("A2 gesperrt - Radio Herford", "Radio Herford", "A2 gesperrt"),
        ("A2 gesperrt | Radio Herford", "radio herford", "A2 gesperrt"),
        ("A2 gesperrt|Radio-Herford", "Radio Herford", "A2 gesperrt"),
        ("A2 - Löhne – Radio Herford", "Radio Herford", "A2 - Löhne"),
        ("A2 gesperrt - Herford", "Radio Herford", "A2 gesperrt - Herford"),
        ("Radio Herford: A2", "Radio Herford", "Radio Herford: A2"),
        ("Radio Herford", "Radio Herford", "Radio Herford"),
        ("A2 gesperrt - ", "", "A2 gesperrt - "),
    ],
)
def test_the_name_of_a_house(title: str, house: str, bare: str) -> None:
    assert bare_title(title, house) == bare
