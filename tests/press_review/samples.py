"""Made-up press reviews for the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from monitor.types.mail import Copy
from monitor.types.press_review import (
    Logo,
    ReviewDocument,
    ReviewEntry,
    ReviewSection,
)

DAY = date(2026, 11, 28)
MADE = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def entry(number: int = 1, **changes: Any) -> ReviewEntry:
    plain = ReviewEntry(
        title=f"Rat von Löhne berät über die Bücherei, Teil {number}",
        url=f"https://www.weserbote.example/artikel/{number}",
        outlet="Weserbote",
        published_at=datetime(2026, 11, 28, 5, 5, tzinfo=UTC),
        authors=("Anna Beispiel",),
        agency="dpa",
        snippet="Der Rat hat den Neubau der Bücherei um ein Jahr verschoben.",
    )
    return replace(plain, **changes)


FULL = ReviewDocument(
    title="Pressespiegel der Stadt Löhne",
    day=DAY,
    made_at=MADE,
    sections=(
        ReviewSection(
            "Haushalt",
            (
                entry(1, comment="Bitte an die Kämmerei."),
                entry(
                    2,
                    also_in=(
                        Copy(
                            "Löhner Tageblatt", "https://tageblatt.example/2"
                        ),
                    ),
                ),
            ),
        ),
        ReviewSection(
            "",
            (entry(3, snippet="", paragraphs=("Erster Absatz.", "Zweiter.")),),
        ),
    ),
    note="Guten Morgen!\nHeute geht es um den Haushalt.",
    office="Stadt Löhne, Pressestelle",
    logo=Logo(PIXEL, "png"),
    planned_at=datetime(2026, 11, 28, 6, 0, tzinfo=UTC),
    missed=2,
)
EMPTY = ReviewDocument("Morgenlage", DAY, MADE, ())


def of(
    *entries: ReviewEntry, heading: str = "", **changes: Any
) -> ReviewDocument:
    """A review with one section."""
    return replace(
        EMPTY, sections=(ReviewSection(heading, entries),), **changes
    )
