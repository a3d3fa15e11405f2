"""An open page learns that new hits came, and counts only those that came
since it was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, filled_newsroom


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    with filled_newsroom(world) as made:
        yield made


def asks(room: Newsroom, path: str) -> str:
    found = re.search(r'data-live="([^"]+)"', room.get(path).text)
    assert found
    return unescape(found[1])


def test_new_hits_are_counted_since_the_page_was_made(room: Newsroom) -> None:
    front = asks(room, "/")
    haushalt = asks(room, "/suche?q=haushalt")
    sturm = asks(room, "/suche?q=sturmflut")
    assert room.get(front).json() == {"new": 0, "text": "0 neue Treffer"}
    room.add(
        "weserbote",
        "Haushalt der Stadt wird nachgebessert",
        "Der Haushalt ist knapp.",
    )
    room.read()
    assert room.get(front).json() == {"new": 1, "text": "1 neuer Treffer"}
    assert room.get(haushalt).json()["new"] == 1
    assert room.get(sturm).json()["new"] == 0
    assert room.get(asks(room, "/")).json()["new"] == 0


def test_the_front_page_shows_what_came_since_the_last_visit(
    room: Newsroom,
) -> None:
    room.get("/")
    room.add(
        "weserbote",
        "Haushalt der Stadt wird nachgebessert",
        "Der Haushalt ist knapp.",
    )
    room.read()  # an hour later: another visit
    assert room.get("/").hits == ["Haushalt der Stadt wird nachgebessert"]
    # the same visit
    assert room.get("/").hits == ["Haushalt der Stadt wird nachgebessert"]
    news = room.get("/api/v1/news").json()
    assert sum(topic["new"] for topic in news["topics"]) == 5
    assert (
        room.get("/api/v1/news?since=2099-01-01T00:00:00Z").json()["topics"]
        == []
    )


@pytest.mark.parametrize(
    "bad", ["", "made=x", "made=-1", f"made={10**18}", "made=1.5"]
)
def test_a_made_up_time_is_named(newsroom: Newsroom, bad: str) -> None:
    for path in ("/neu.json", "/neu/suche.json"):
        assert newsroom.get(f"{path}?{bad}").status == 400
    assert newsroom.get("/api/v1/news?since=gestern").status == 400


def test_very_old_pages_are_counted_from_a_week_ago(
    newsroom: Newsroom,
) -> None:
    assert newsroom.get("/neu.json?made=0").json()["new"] == 3


def test_pages_of_a_list_further_on_do_not_ask(newsroom: Newsroom) -> None:
    further = newsroom.get("/suche?copies=1&limit=2").link("Weitere")
    assert "data-live" not in newsroom.get(further).text
    assert "data-live" not in newsroom.get("/suche?sort=oldest").text
    assert newsroom.get("/api/v1/kept").json() == {
        "stories": [],
        "searches": [],
    }
