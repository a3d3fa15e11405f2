"""The start page and help: what is new, what is wrong, and examples that can
be clicked.
"""

from __future__ import annotations

import re
from html import unescape

import pytest

from monitor.errors import IndexingError
from monitor.types.output import SearchPage, SearchRequest
from tests.flow.world import World
from tests.ui.web.newsroom import (
    TOPICS,
    Newsroom,
    filled_newsroom,
    open_newsroom,
)


def test_the_last_day_by_topic_and_newest_first(newsroom: Newsroom) -> None:
    answer = newsroom.get("/")
    # Both came in one pass: the one of today is the newer.
    assert answer.hits[:2] == [
        "Löhner Rat beschließt Haushalt für das kommende Jahr",
        "Haushaltssperre in Cuxhaven aufgehoben",
    ]
    # meets no topic
    assert "Werrebrücke bis Freitag gesperrt" not in answer.hits
    # but is among the newest
    assert "Werrebrücke bis Freitag gesperrt" in answer.text
    assert "aus 3 Quellen in 24 Stunden." in answer.text
    of_topic = newsroom.get(answer.link("Stadt Löhne"))
    assert len(of_topic.hits) == 2
    assert "Bücherei in Löhne: Neubau kommt ein Jahr später" in of_topic.hits


def test_an_empty_office_is_told_so(world: World) -> None:
    with open_newsroom(world) as room:
        answer = room.get("/")
        assert answer.status == 200
        assert "Seit gestern ist nichts erschienen." in answer.text
        assert "Zu Ihren Themen ist seitdem nichts erschienen." in answer.text


def test_a_source_that_fails_is_said(world: World) -> None:
    with open_newsroom(world) as room:
        room.life.world.http.pages.clear()  # type: ignore[union-attr]
        room.read()
        assert "3 Quellen antworten nicht." in room.get("/").text


def test_every_example_of_help_is_a_query_that_can_be_read(
    newsroom: Newsroom,
) -> None:
    answer = newsroom.get("/hilfe")
    examples = re.findall(r'<dt><a href="([^"]+)"', answer.text)
    assert len(examples) >= 9
    for example in examples:
        assert newsroom.get(unescape(example)).status == 200, example


def test_each_topic_has_today_beside_the_usual_and_its_last_30_days(
    newsroom: Newsroom,
) -> None:
    answer = newsroom.get("/")
    today = re.findall(
        r'<span class="name">([^<]+)</span> <span class="count">([^<]+)<',
        answer.text,
    )
    assert ("Stadt Löhne", "2") in today
    assert ("Haushalt", "1") in today
    # one article of the 14 days before
    assert "üblich 0,1 am Tag" in answer.text
    drawn = re.findall(r'<polyline points="([^"]+)"', answer.text)
    assert [len(points.split()) for points in drawn] == [30, 30]
    assert (
        newsroom.get(answer.link('<svg class="line-chart"')).title
        == "Stadt Löhne"
    )
    assert "usually 0.1 a day" in newsroom.get("/", Accept_Language="en").text


class AwayIndex:
    """An index whose server is away."""

    def search(self, request: SearchRequest) -> SearchPage:
        raise IndexingError("cannot search the search index: away")


def test_an_index_that_is_away_makes_no_zeros(world: World) -> None:
    with filled_newsroom(world, index=AwayIndex()) as room:
        text = room.get("/").text
        counts = re.findall(r'<span class="count">([^<]+)<', text)
        assert counts == ["–", "–"]
        assert "<polyline" not in text


@pytest.mark.slow
def test_300_topics_keep_the_page_light_and_true(world: World) -> None:
    many = "".join(
        f"  - {{name: Ort {n:03}, any: [Rat], recipients: [anna]}}\n"
        for n in range(300)
    )
    with open_newsroom(world, topics=TOPICS + many) as room:
        room.add(
            "weserbote",
            "Rat der Stadt Löhne tagt",
            "Der Rat berät den Haushalt.",
        )
        room.read()
        answer = room.get("/")
        assert len(answer.body) < 100_000
        assert answer.text.count("<polyline") == 12
        # nothing is known of the days before
        assert "üblich 0,0" not in answer.text
        assert len(answer.hits) == 8
        assert "Neues zu weiteren Themen" in answer.text
        assert room.get(answer.link("Alle 302 Themen")).title == "Themen"
        assert "und 234 weitere Themen" in answer.text
        found = room.get("/suche?q=Rat")
        assert len(re.findall(r'<a class="topic"', found.text)) == 5
        assert "und 297 weitere Themen" in found.text
        light = (
            "/themen/ort-007",
            "/themen/ort-007/bericht",
            "/themen/ort-007/bearbeiten",
        )
        for path in (*LISTS, *light):
            assert len(room.get(path).body) < 100_000, path
        every = [
            name
            for path in LISTS
            for name in names_of_topics(room.get(path).text)
        ]
        assert len(every) == len(set(every)) == 302
        assert (
            names_of_topics(room.get("/themen?name=ORT+29").text)
            == every[291:301]
        )
        assert "Kein Thema passt" in room.get("/themen?name=Bremen").text
        assert room.get("/themen.csv?name=ort+29").text.count("\n") == 11
        typed = room.get("/themen/ort-007?beside=Ort+011&beside=Ort+999").text
        assert "Kein Thema heißt „Ort 999“." in typed
        assert '/themen/ort-011">Ort 011' in typed
        assert ['value="Ort 999"' in typed, 'value="Ort 011"' in typed] == [
            True,
            True,
        ]


LISTS = tuple(f"/themen?page={page}" for page in range(1, 8))


def names_of_topics(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]+>([^<]+)</a>', text)
