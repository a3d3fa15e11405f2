"""Two feeds that give the same address: one article where the words agree,
else an article each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.fakes import DictHttp
from tests.flow.test_identity import (
    DAY,
    HOUR,
    MINUTE,
    START,
    WEEK,
    Notice,
    frost,
)
from tests.flow.world import World, feeds_yaml, page

pytestmark = pytest.mark.slow
HOME, SECTION = "http://blatt.test/", "http://blatt.test/lokales/"
WARNINGS = "http://blatt.test/warnungen.html"
ARTICLE = "http://blatt.test/lokales/rat-beschliesst-haushalt-103.html"
TOPIC = "  - {name: Lage, any: [Herford, Minden, Rat], recipients: [anna]}\n"
BUDGET = (
    "Der Rat in Herford hat am Abend den Haushalt beschlossen und die Grundsteuer gesenkt, sagte"
    " der Kämmerer."
)
FIRE = (
    "In Minden brannte am Morgen eine Lagerhalle, verletzt wurde niemand. Die Feuerwehr löscht"
    " noch."
)
ADDRESSES = ("http://blatt.test/feed/1", "http://blatt.test/feed/2")


@dataclass
class Outlet:
    """Two feeds of one outlet."""

    world: World
    http: DictHttp = field(default_factory=DictHttp)

    def __post_init__(self) -> None:
        self.world.http = self.http
        rows = [
            f"{{id: f{n}, title: Blatt, url: '{url}'}}"
            for n, url in enumerate(ADDRESSES)
        ]
        self.world.write(feeds_yaml(*rows, topics=TOPIC))
        self.show((), ())
        for address in (HOME, SECTION, WARNINGS):
            self.http.pages[address] = page(
                "Herford und Minden", "Rat, Brand, Frost."
            ).encode()
        self.http.pages[ARTICLE] = page(
            "Rat beschließt Haushalt in Herford", BUDGET
        ).encode()

    def show(self, *feeds: tuple[Notice, ...]) -> None:
        for address, notices in zip(ADDRESSES, feeds, strict=True):
            items = "".join(notice.xml() for notice in notices)
            text = f"<rss version='2.0'><channel><title>Blatt</title>{items}</channel></rss>"
            self.http.pages[address] = text.encode()


def told(world: World, first: Notice, second: Notice, after: timedelta) -> int:
    """How many alerts there are when the second feed has listed its item so
    long after the first.
    """
    outlet = Outlet(world)
    with world.life() as life:
        life.one_pass()
        outlet.show((first,), ())
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 1
        outlet.show((first,), (second,))
        life.one_pass(after=after)
        once = len(life.alerts())
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == once
        assert len(life.articles()) == once
    return once


def notice(
    title: str,
    text: str,
    link: str,
    moved: timedelta | None,
    guid: str | None = None,
) -> Notice:
    time: datetime | None = None if moved is None else START + moved
    return Notice(title, text, link, guid, time)


NO_TIME = None
BUDGET_TITLE = "Rat beschließt Haushalt in Herford"
APART = {
    "at the home page": (
        ("Rat tagt", BUDGET, HOME),
        ("Brand in Minden", FIRE, HOME),
        DAY,
    ),
    "at a section": (
        ("Rat tagt", BUDGET, SECTION),
        ("Brand in Minden", FIRE, SECTION),
        DAY,
    ),
    "at a section, weeks later": (
        ("Rat tagt", BUDGET, SECTION),
        ("Brand in Minden", FIRE, SECTION),
        3 * WEEK,
    ),
    "at the same minute": (
        ("Rat tagt", BUDGET, SECTION),
        ("Brand in Minden", FIRE, SECTION),
        0 * DAY,
    ),
    "warnings": (
        ("WARNUNG vor FROST", frost("Herford"), WARNINGS),
        ("WARNUNG vor FROST", frost("Minden"), WARNINGS),
        DAY,
    ),
    "warnings of one minute": (
        ("WARNUNG vor FROST", frost("Herford"), WARNINGS),
        ("WARNUNG vor FROST", frost("Minden"), WARNINGS),
        0 * DAY,
    ),
    "the next night": (
        ("WARNUNG vor FROST", frost("Herford"), WARNINGS),
        ("WARNUNG vor FROST", frost("Herford", "-3 und -9", 22), WARNINGS),
        DAY,
    ),
    "two places in the title": (
        ("Herford: Stau", "Unfall.", WARNINGS),
        ("Minden: Stau", "Unfall.", WARNINGS),
        HOUR,
    ),
    "titles alone": (
        ("Herford: Stau", "", WARNINGS),
        ("Minden: Unfall", "", WARNINGS),
        HOUR,
    ),
    "one short title": (
        ("Herford", BUDGET, SECTION),
        ("Herford", FIRE, SECTION),
        HOUR,
    ),
    "without times": (
        ("Rat tagt", BUDGET, SECTION),
        ("Brand in Minden", FIRE, SECTION),
        NO_TIME,
    ),
}
TOGETHER = {
    "as it is": ((BUDGET_TITLE, BUDGET), 0 * DAY),
    "without times": ((BUDGET_TITLE, BUDGET), NO_TIME),
    "with the time of listing": ((BUDGET_TITLE, BUDGET), 2 * DAY),
    "weeks later": ((BUDGET_TITLE, BUDGET), 3 * WEEK),
    "without a text": ((BUDGET_TITLE, ""), HOUR),
    "cut": ((BUDGET_TITLE, BUDGET[:60] + " […]"), 0 * DAY),
    "with more text": (
        (BUDGET_TITLE, f"{BUDGET} Die Mehrheit war groß."),
        HOUR,
    ),
    "marked": ((f"+++ Update: {BUDGET_TITLE} +++", BUDGET), HOUR),
    "another headline": (("Grundsteuer sinkt", BUDGET), HOUR),
    "another headline, days later": (("Grundsteuer sinkt", BUDGET), 2 * DAY),
    "another teaser": (
        (BUDGET_TITLE, "Nach langer Debatte fiel am Abend die Entscheidung."),
        HOUR,
    ),
    "a teaser with another number": (
        (BUDGET_TITLE, BUDGET.replace("am Abend", "mit 31 Stimmen")),
        0 * DAY,
    ),
}


@pytest.mark.parametrize("kind", APART)
@pytest.mark.parametrize("guid", [None, "own"])
def test_another_item_at_the_page_of_another_feed(
    world: World, kind: str, guid: str | None
) -> None:
    one, other, moved = APART[kind]
    guids = (guid and f"{guid}-1", guid and f"{guid}-2")
    first = notice(*one, None if moved is None else timedelta(0), guids[0])
    second = notice(*other, moved, guids[1])
    assert told(world, first, second, moved or DAY) == 2


@pytest.mark.parametrize("kind", TOGETHER)
@pytest.mark.parametrize("guid", [None, "own"])
def test_an_article_in_two_feeds(
    world: World, kind: str, guid: str | None
) -> None:
    said, moved = TOGETHER[kind]
    first = notice(
        BUDGET_TITLE,
        BUDGET,
        ARTICLE,
        None if moved is None else timedelta(0),
        guid,
    )
    second = notice(*said, ARTICLE, moved, guid)
    assert told(world, first, second, moved or DAY) == 1


def test_feeds_that_share_a_warning_and_its_page(world: World) -> None:
    """Both list the same two warnings under one page: two alerts, not four."""
    outlet = Outlet(world)
    both = tuple(
        notice("WARNUNG vor FROST", frost(place), WARNINGS, number * MINUTE)
        for number, place in enumerate(("Herford", "Minden"))
    )
    with world.life() as life:
        life.one_pass()
        outlet.show(both, ())
        life.one_pass(after=HOUR)
        outlet.show(both, both[::-1])
        life.one_pass(after=HOUR)
        assert len(life.alerts()) == 2
