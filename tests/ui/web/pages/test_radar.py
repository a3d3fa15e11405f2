"""/radar over real HTTP: a newsroom in which something happens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from monitor.extract.pool import ExtractPool
from monitor.radar.day_counts import count_day, pack
from monitor.store.radar.radar_days import save_day
from tests.flow.world import World
from tests.ui.web.newsroom import PAPERS, Newsroom, open_newsroom

TITLES = (
    "Deichbruch bei Vlotho: Elwira Brandkamp warnt",
    "Nach dem Deichbruch sucht Elwira Brandkamp Helfer",
    "Deichbruch trifft Höfe, sagt Elwira Brandkamp",
    "Schäden nach Deichbruch: Was Elwira Brandkamp plant",
    "Elwira Brandkamp zum Deichbruch: Es war zu spät",
    "Deichbruch und die Folgen, Elwira Brandkamp im Gespräch",
)
SYLLABLES = (
    "ba",
    "cho",
    "du",
    "fe",
    "gi",
    "ho",
    "ka",
    "lu",
    "mo",
    "ne",
    "pi",
    "ru",
    "se",
    "to",
)
COVERED = (
    "Haushaltssperre: Kämmerer Ruprecht Dorvel zieht die Bremse",
    "Ruprecht Dorvel erklärt die Haushaltssperre",
    "Haushaltssperre gilt ab morgen, so Ruprecht Dorvel",
    "Kritik an Ruprecht Dorvel und seiner Haushaltssperre",
)


def know_days(room: Newsroom, days: int) -> None:
    """So many days of usual stories."""
    today = room.life.world.clock.now().date()
    with room.life.database.write() as connection:
        for ago in range(2, days + 2):
            day = today - timedelta(days=ago)
            packed = pack(count_day(day, 200, {"rat": 60, "stadt": 80}))
            save_day(connection, day, stories=200, counts=packed)


def happens(room: Newsroom, *titles: str) -> None:
    for number, title in enumerate(titles):
        # Texts of their own: what shares its sentences is one story.
        chance = Random(number)
        words = ("".join(chance.sample(SYLLABLES, 3)) for _ in range(300))
        body = f"{title}. Dazu {' '.join(words)}."
        room.add(tuple(PAPERS)[number % 3], title, body, hours_ago=1 + number)
    room.read()
    room.life.world.clock.advance(timedelta(minutes=1))
    room.life.steps.radar.watch()


@pytest.fixture(scope="module")
def risen(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    with open_newsroom(
        World(tmp_path_factory.mktemp("radar"), pool.extract)
    ) as room:
        know_days(room, 14)
        happens(room, *TITLES, *COVERED)
        yield room


@pytest.mark.slow
def test_a_subject_is_shown_with_its_articles(risen: Newsroom) -> None:
    answer = risen.get("/radar")
    assert answer.status == 200
    assert answer.title == "Radar"
    assert "Elwira Brandkamp" in answer.text
    assert all(title in answer.text for title in TITLES)
    assert "6 Meldungen, 3 Medien" in answer.text
    assert all(name in answer.text for name, _ in PAPERS.values())


def test_one_click_makes_it_a_topic(risen: Newsroom) -> None:
    link = risen.get("/radar").link("Zum Thema machen")
    (query,) = parse_qs(urlsplit(link).query)["query"]
    assert '"Elwira Brandkamp"' in query
    editor = risen.get(link)
    assert editor.status == 200
    assert "Elwira Brandkamp" in editor.text


def test_what_a_topic_has_is_folded_away(risen: Newsroom) -> None:
    api = risen.get("/api/v1/radar").json()
    assert [each["topics"] for each in api["covered"]] == [["Haushalt"]]
    assert "Haushaltssperre" not in str(api["subjects"])
    assert (
        "1 weiteres steigt und hat schon ein Thema" in risen.get("/radar").text
    )


def test_the_api_has_the_same(risen: Newsroom) -> None:
    api = risen.get("/api/v1/radar").json()
    (subject,) = api["subjects"]
    assert subject["stories"] == 6
    assert {each["title"] for each in subject["articles"]} == set(TITLES)
    assert api["days_known"] == 14
    term = subject["terms"][0]
    assert term["stories"] == 6
    assert term["usual"] < 1


def test_the_list_can_be_taken_along(risen: Newsroom) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(risen.get("/radar.csv").text.lstrip("\ufeff")),
            delimiter=";",
        )
    )
    assert len(rows) == 2
    assert len(risen.get("/radar.json").json()) == 2
    feed = ET.fromstring(risen.get("/radar.atom").body)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1


def test_in_english(risen: Newsroom) -> None:
    answer = risen.get("/radar", Accept_Language="en")
    assert "Make it a topic" in answer.text
    assert "6 stories, 3 outlets" in answer.text


def test_it_says_that_it_learns(newsroom: Newsroom) -> None:
    assert "Von 7 Tagen sind 0 bekannt" in newsroom.get("/radar").text
    assert newsroom.get("/api/v1/radar").json()["subjects"] == []


def test_it_says_that_nothing_rises(world: World) -> None:
    with open_newsroom(world) as room:
        know_days(room, 14)
        happens(room, "Rat der Stadt tagt")
        assert "Gerade steigt nichts" in room.get("/radar").text
