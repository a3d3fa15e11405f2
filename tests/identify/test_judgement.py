"""A guid that is given away again, and a link that one document lists twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.identify.edits import is_listed_twice, is_replaced
from monitor.types.feed import Wording

START = datetime(2026, 11, 23, 8, 7, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FROST = (
    "Es tritt im Kreis Herford leichter Frost zwischen -1 und -4 Grad auf, gültig bis 8 Uhr am"
    " Montag."
)
FIRE = (
    "In einer Lagerhalle im Gewerbegebiet ist am frühen Morgen ein Feuer ausgebrochen, verletzt"
    " wurde nach Angaben der Feuerwehr niemand."
)
COUNCIL = "Der Rat hat am Abend den Haushalt beschlossen und die Grundsteuer gesenkt."


@pytest.mark.parametrize(
    ("before", "after", "moved", "unlisted", "replaced"),
    [
        # wholly others
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", COUNCIL),
            21 * DAY,
            DAY,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", COUNCIL),
            2 * DAY,
            HOUR,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", COUNCIL),
            13 * HOUR,
            HOUR,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", COUNCIL),
            None,
            HOUR,
            True,
        ),
        (
            ("Brand in Herford", ""),
            ("Haushalt beschlossen", ""),
            2 * DAY,
            HOUR,
            True,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor STURM", "Es weht stark aus Südwest."),
            2 * DAY,
            HOUR,
            True,
        ),
        # an editor at work
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", COUNCIL),
            5 * HOUR,
            HOUR,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", COUNCIL),
            timedelta(0),
            HOUR,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Haushalt beschlossen", COUNCIL),
            -2 * DAY,
            HOUR,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Feuerwehr löscht Lagerhalle", FIRE),
            2 * DAY,
            HOUR,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", COUNCIL),
            2 * DAY,
            HOUR,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford (Update)", FIRE),
            21 * DAY,
            20 * DAY,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", FIRE),
            21 * DAY,
            20 * DAY,
            False,
        ),
        (("Pegel 410 cm", ""), ("Pegel 425 cm", ""), 2 * DAY, HOUR, False),
        (
            ("Liveticker zum Rat", FIRE),
            ("Rat im Liveticker: Ende", COUNCIL),
            2 * DAY,
            HOUR,
            False,
        ),
        # the same title over another text
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor FROST", FROST.replace("Herford", "Minden")),
            21 * DAY,
            20 * DAY,
            True,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor FROST", FROST.replace("-4", "-9")),
            21 * DAY,
            20 * DAY,
            True,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor FROST", FROST.replace("-4", "-9")),
            DAY,
            HOUR,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", COUNCIL),
            21 * DAY,
            20 * DAY,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", ""),
            21 * DAY,
            20 * DAY,
            False,
        ),
    ],
)
def test_a_guid_that_is_given_away(
    before: tuple[str, str],
    after: tuple[str, str],
    moved: timedelta | None,
    unlisted: timedelta,
    replaced: bool,
) -> None:
    at = None if moved is None else START
    now = START + (moved or 2 * DAY)
    known = Wording(*before, at, START, now - unlisted)
    item = Wording(*after, None if moved is None else START + moved)
    assert is_replaced(known, item, now=now) is replaced


@pytest.mark.parametrize(
    ("one", "other", "moved", "same"),
    [
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", FIRE[:70]),
            timedelta(0),
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", FIRE[:70]),
            None,
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Großbrand in Herford", FIRE),
            timedelta(0),
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford am Morgen", FIRE),
            timedelta(0),
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", ""),
            timedelta(0),
            True,
        ),
        (
            ("Brand in einer Halle in Herford", FIRE),
            ("Brand in einer Halle in Herford", COUNCIL),
            timedelta(0),
            True,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Brand in Herford", COUNCIL),
            timedelta(0),
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Feuerwehr löscht", COUNCIL),
            timedelta(0),
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Großbrand in Herford", FIRE),
            None,
            False,
        ),
        (
            ("Brand in Herford", FIRE),
            ("Großbrand in Herford", FIRE),
            MINUTE,
            False,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor FROST", FROST.replace("Herford", "Minden")),
            timedelta(0),
            False,
        ),
        (
            ("WARNUNG vor FROST", FROST),
            ("WARNUNG vor STURM", FROST),
            timedelta(0),
            False,
        ),
        (
            ("A 2: Stau", "Drei Kilometer."),
            ("A 30: Stau", "Drei Kilometer."),
            timedelta(0),
            False,
        ),
        (
            ("Störung in Herford", ""),
            ("Störung in Herford und Minden", ""),
            timedelta(0),
            False,
        ),
    ],
)
def test_one_link_twice_in_one_document(
    one: tuple[str, str],
    other: tuple[str, str],
    moved: timedelta | None,
    same: bool,
) -> None:
    time = None if moved is None else START
    again = None if moved is None else START + moved
    assert is_listed_twice(Wording(*one, time), Wording(*other, again)) is same
