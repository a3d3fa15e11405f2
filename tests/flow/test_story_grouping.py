"""Warnings from one template, and copies of one text, in several outlets: as
many stories as there are events.
"""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.fakes import DictHttp
from tests.flow.world import Item, World, feeds_yaml, page, rss
from tests.identify.test_frames import CRASH, FIRE, HEADLINES, ROAD, WARNING

MINUTE = timedelta(minutes=1)
TOPIC = (
    "  - {name: Lage, any: [Gewitter*, Sperrung*, gesperrt*, Bauarbeiten, Feuer, Unfall],"
    " recipients: [anna]}\n"
)
PLACES = ("Bünde", "Löhne", "Vlotho", "Enger")
ROADS = (
    ("A2", "Exter", "Rehme"),
    ("A30", "Löhne", "Bünde"),
    ("L712", "Herford", "Bielefeld"),
)
EVENTS = {
    "the place in the title": [
        [(f"Unwetterwarnung für {p}", WARNING)] for p in PLACES
    ],
    "the place in title and text": [
        [
            (
                f"Unwetterwarnung für {p}",
                f"{WARNING} Sie gilt für {p} und Umgebung.",
            )
        ]
        for p in PLACES
    ],
    "the road in the text": [
        [
            ("Sperrung", ROAD.format(*road)),
            ("Sperrung (Update)", ROAD.format(*road)),
        ]
        for road in ROADS
    ],
    "one fire under fourteen headlines, and an accident": [
        [(title, FIRE) for title in HEADLINES],
        [
            ("Unfall auf A2", CRASH),
            ("Crash auf der A 2", CRASH),
            ("NRW: Unfall auf A2", CRASH),
        ],
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("outlets", [2, 3, 5])
@pytest.mark.parametrize("kind", EVENTS)
def test_each_event_is_one_story_in_any_order(
    world: World, kind: str, outlets: int
) -> None:
    events = EVENTS[kind]
    copies = [
        (outlet, number, *variants[outlet % len(variants)])
        for outlet in range(
            max(outlets, *map(len, events)) if len(events) == 2 else outlets
        )
        for number, variants in enumerate(events)
    ]
    random.Random(outlets).shuffle(copies)
    assert stories_and_alerts(world, copies) == (len(events), len(events))


@pytest.mark.slow
def test_a_title_without_a_name_joins_no_two_warnings(world: World) -> None:
    copies = [
        (0, 0, "Unwetterwarnung", WARNING),
        (1, 1, "Unwetterwarnung für Bünde", WARNING),
        (2, 2, "Unwetterwarnung für Löhne", WARNING),
    ]
    assert stories_and_alerts(world, copies)[0] == 2


@pytest.mark.slow
@pytest.mark.parametrize("in_title", [True, False])
def test_pages_that_say_the_same_are_told_apart_by_their_items(
    world: World, in_title: bool
) -> None:
    """Each warning has an address, and all addresses show the list of all
    warnings.
    """
    world.http = DictHttp()
    world.write(
        feeds_yaml(
            "{id: dienst, title: Dienst, url: 'http://d.test/feed'}",
            topics=TOPIC,
        )
    )
    listed = []
    with world.life() as life:
        for number, place in enumerate(("", *PLACES)):
            if place:
                title = (
                    f"Gewitterwarnung für {place}"
                    if in_title
                    else "Gewitterwarnung"
                )
                listed.append(
                    Item(
                        f"w{number}", title, f"Für {place} gilt eine Warnung."
                    )
                )
                world.http.pages[f"http://d.test/w{number}"] = page(
                    "Aktuelle Warnungen"
                ).encode()
            world.http.pages["http://d.test/feed"] = rss(
                "http://d.test/", *listed
            ).encode()
            life.one_pass(after=20 * MINUTE)
        assert len({article.story_id for article in life.articles()}) == len(
            PLACES
        )
        assert len(life.alerts()) == len(PLACES)


def stories_and_alerts(
    world: World, copies: list[tuple[int, int, str, str]]
) -> tuple[int, int]:
    """How many stories and alerts there are once these came, some of them at a
    time.
    """
    http = world.http = DictHttp()
    outlets = sorted({outlet for outlet, *_ in copies})
    listed: dict[int, list[Item]] = {outlet: [] for outlet in outlets}
    rows = [
        f"{{id: blatt{n}, title: Blatt {n}, url: 'http://blatt{n}.test/feed', fulltext: false}}"
        for n in outlets
    ]
    world.write(feeds_yaml(*rows, topics=TOPIC))
    with world.life() as life:
        for start in range(-3, len(copies), 3):
            for outlet, number, title, text in copies[
                max(start, 0) : max(start + 3, 0)
            ]:
                listed[outlet].append(Item(f"m{number}", title, text))
            for outlet in outlets:
                base = f"http://blatt{outlet}.test/"
                http.pages[f"{base}feed"] = rss(base, *listed[outlet]).encode()
            life.one_pass(after=20 * MINUTE)
        return len({article.story_id for article in life.articles()}), len(
            life.alerts()
        )
