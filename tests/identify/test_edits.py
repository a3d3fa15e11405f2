"""An edit, or another item at the same address: a table over title, text and
time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.identify.edits import (
    is_edit,
    is_same_elsewhere,
    told_apart_by_query,
)
from monitor.identify.likeness import (
    Likeness,
    compare_texts,
    compare_titles,
    title_words,
)
from monitor.types.feed import Wording

START = datetime(2026, 11, 23, 8, 7, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOT = timedelta(days=-9999)  # no time at all
FROST = (
    "Es tritt im Kreis Herford leichter Frost zwischen -1 und -4 Grad auf, gültig bis 8 Uhr am"
    " Montag."
)
FIRE = (
    "In einer Lagerhalle im Gewerbegebiet ist am frühen Morgen ein Feuer ausgebrochen, verletzt"
    " wurde nach Angaben der Feuerwehr niemand."
)
OTHER = "Der Rat hat am Abend den Haushalt beschlossen und die Grundsteuer gesenkt."


@pytest.mark.parametrize(
    ("before", "after", "moved", "edit"),
    [
        # the same words
        (("Frost", FROST), ("Frost", FROST), timedelta(0), True),
        (("Frost", FROST), ("Frost", FROST), HOUR, True),
        (("Frost", FROST), ("Frost", FROST), 6 * DAY, True),
        (("Frost", FROST), ("Frost", FROST), 8 * DAY, False),
        (("Frost", FROST), ("Frost", FROST), NOT, True),
        (("Frost", ""), ("Frost", ""), 30 * DAY, False),
        (("Frost", ""), ("Frost", ""), NOT, True),
        # marks, typos, cuts
        (
            ("Brand in Herford", FIRE),
            ("+++ Update: Brand in Herford +++", FIRE),
            HOUR,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford (aktualisiert)", FIRE),
            DAY,
            True,
        ),
        (("EIL: Brand in Herford", ""), ("Brand in Herford", ""), HOUR, True),
        (("Brand in Herfrod", FIRE), ("Brand in Herford", FIRE), NOT, True),
        (
            ("Brand in Herford", FIRE),
            ("Großbrand in Herford", FIRE),
            2 * HOUR,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", FIRE[:60] + "… mehr"),
            HOUR,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", FIRE + " Der Schaden ist hoch."),
            5 * HOUR,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford bei Bünde", FIRE),
            HOUR,
            True,
        ),
        (
            ("Brand in Herford", FIRE.replace("ein Feuer", "einFeuer")),
            ("Brand in Herford", FIRE),
            NOT,
            True,
        ),
        # headlines and texts anew
        (
            ("Brand in Herford", FIRE),
            ("Feuerwehr löscht Lagerhalle", FIRE),
            timedelta(0),
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Feuerwehr löscht Lagerhalle", FIRE),
            2 * HOUR,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Feuerwehr löscht Lagerhalle", FIRE),
            3 * DAY,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", OTHER),
            timedelta(0),
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", OTHER),
            timedelta(0),
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", OTHER),
            HOUR,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", OTHER),
            NOT,
            False,
        ),
        (
            ("Brand in einer Lagerhalle in Herford", FIRE),
            ("Brand in einer Lagerhalle in Herford", OTHER),
            HOUR,
            True,
        ),
        (
            ("Liveticker zum Rat", FIRE),
            ("Liveticker zum Rat", OTHER),
            5 * HOUR,
            True,
        ),
        (("Liveticker", FIRE), ("Liveticker", OTHER), 5 * HOUR, False),
        # frames filled anew
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor FROST", FROST.replace("Herford", "Minden")),
            5 * HOUR,
            False,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor FROST", FROST.replace("Herford", "Minden")),
            NOT,
            False,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor FROST", FROST.replace("-4", "-9")),
            HOUR,
            True,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor FROST", FROST.replace("-4", "-9")),
            DAY,
            False,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor STURM", FROST),
            DAY,
            False,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor STURM", "Es weht stark."),
            NOT,
            False,
        ),
        (("Glätte am Sonntag", ""), ("Glätte am Montag", ""), DAY, False),
        (
            ("A 2: Stau", "Unfall bei Herford."),
            ("A 30: Stau", "Unfall bei Herford."),
            HOUR,
            False,
        ),
        (("A2: Stau", ""), ("A 2: Stau", ""), HOUR, True),
        (
            ("Stau: 3 km", "A 2 bei Herford"),
            ("Stau: 5 km", "A 2 bei Herford"),
            10 * MINUTE,
            True,
        ),
        (
            ("Stau: 3 km", "A 2 bei Herford"),
            ("Stau: 5 km", "A 2 bei Herford"),
            DAY,
            False,
        ),
        (
            ("Lottozahlen vom 3.11.", ""),
            ("Lottozahlen vom 6.11.", ""),
            3 * DAY,
            False,
        ),
        (
            ("Polizeibericht Nr. 17", FIRE),
            ("Polizeibericht Nr. 18", OTHER),
            HOUR,
            False,
        ),
        (
            ("Sperrung in der Weststraße", ""),
            ("Sperrung in der Oststraße", ""),
            HOUR,
            False,
        ),
    ],
)
def test_an_edit_or_another_item(
    before: tuple[str, str],
    after: tuple[str, str],
    moved: timedelta,
    edit: bool,
) -> None:
    told = moved != NOT
    known = Wording(*before, START if told else None, START, START)
    item = Wording(*after, START + moved if told else None)
    assert is_edit(known, item, now=START + DAY) is edit


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Brand in Herford", "BRAND in Herford!", Likeness.SAME),
        ("Update", "Update", Likeness.SAME),
        ("", "Brand", Likeness.UNKNOWN),
        ("Hochwasser in Minden", "Hochwasser im Minden", Likeness.NEAR),
        ("Hochwasser in Minden", "Hochwasser in Münden", Likeness.REFILLED),
        # one letter: another,
        ("Brand in Herford", "Brand in Herfosd", Likeness.NEAR),
        ("Brand in Herford", "Brand in Herfford", Likeness.NEAR),  # one more,
        # or two exchanged
        ("Brand in Herford", "Brand in Hreford", Likeness.NEAR),
        ("Brand in Herford", "Brand in Hexxord", Likeness.REFILLED),
        ("Brand in Herford", "Brand in Hrefosd", Likeness.REFILLED),
        ("Pegel 410 cm", "Pegel 425 cm", Likeness.RECOUNTED),
        ("Rat tagt", "Brand gelöscht", Likeness.OTHER),
    ],
)
def test_titles(one: str, other: str, expected: Likeness) -> None:
    assert compare_titles(one, other) is compare_titles(other, one) is expected


def test_texts() -> None:
    assert (
        compare_texts(
            FIRE, f"{FIRE} Der Beitrag Brand erschien zuerst auf Blatt."
        )
        is Likeness.SAME
    )
    assert compare_texts("zu kurz", FIRE) is Likeness.UNKNOWN
    assert compare_texts(FIRE, OTHER) is Likeness.OTHER
    assert (
        compare_texts(FIRE, FIRE.replace("Feuerwehr", "Polizei"))
        is Likeness.REFILLED
    )


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (
            Wording("Rat tagt lange", FIRE, START),
            Wording("Rat tagt lange", FIRE, START),
            True,
        ),
        (
            Wording("Rat tagt lange", FIRE, START),
            Wording("Rat tagt lange", FIRE[:50] + " […]", START),
            True,
        ),
        (
            Wording("Rat tagt lange", FIRE, START),
            Wording("Rat tagt lange", FIRE, MIDNIGHT),
            True,
        ),
        (
            Wording("Rat tagt lange", FIRE, START),
            Wording("Rat tagt lange", FIRE, START + HOUR),
            True,
        ),
        (
            Wording("Rat tagt lange", FIRE, START),
            Wording("Rat tagt lange", FIRE, START + 5 * HOUR),
            False,
        ),
        (
            Wording("Rat tagt lange", FIRE, START),
            Wording("Rat tagt lange", FIRE, START + DAY),
            False,
        ),
        (
            Wording("Rat tagt lange", FIRE, START),
            Wording("Rat tagt lange", OTHER, START),
            False,
        ),
        (
            Wording("Rat tagt lange", "", START),
            Wording("Rat tagt lange", FIRE, START),
            True,
        ),
        (
            Wording("Wetter", "", MIDNIGHT),
            Wording("Wetter", "", MIDNIGHT),
            False,
        ),
        (
            Wording("Rat tagt lange", FIRE, START),
            Wording("Rat tagt lange | Blatt", FIRE, START),
            True,
        ),
        (
            Wording("Frost", FROST, START),
            Wording("Frost", FROST.replace("Herford", "Minden"), START),
            False,
        ),
        (
            Wording("Rat tagt lange", FIRE),
            Wording("Rat tagt lange", FIRE),
            True,
        ),
        (
            Wording("Rat tagt lange", FIRE),
            Wording("Rat tagt lange", FIRE, START),
            False,
        ),
        (Wording("Wetter", "Sonne."), Wording("Wetter", "Sonne."), False),
    ],
)
def test_the_same_at_another_address(
    before: Wording, after: Wording, same: bool
) -> None:
    assert is_same_elsewhere(before, after) is same


def test_a_site_that_tells_pages_apart_by_query() -> None:
    assert told_apart_by_query("http://a.de/x?id=1", "http://a.de/x?id=2")
    assert not told_apart_by_query("http://a.de/x?id=1", "http://b.de/x?id=1")
    assert not told_apart_by_query("http://a.de/x", "http://a.de/y")
    assert not told_apart_by_query(None, "http://a.de/y")


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Stau auf der A 2", ("stau", "auf", "der", "a2")),
        ("Teil C 5 Prozent", ("teil", "c5", "prozent")),
        ("A 2 und B 61 gesperrt", ("a2", "und", "b61", "gesperrt")),
        ("Der Plan B hilft", ("der", "plan", "b", "hilft")),
        ("Plan B für Herford", ("plan", "b", "fuer", "herford")),
    ],
)
def test_a_road_is_one_word(title: str, words: tuple[str, ...]) -> None:
    assert title_words(title) == words
