"""/quellen and /quellen/ID over real HTTP: states in words, why a poll is when
it is, filters, what can be taken along.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from monitor.extract.pool import ExtractPool
from monitor.flow.requests.source_health import rhythm_of, state_of
from monitor.types.overview import FeedLine
from tests.fakes import DictHttp
from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, filled_newsroom, open_newsroom

NOW = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def troubled(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    """A newsroom one of whose three sources fails, for tests that only read."""
    with filled_newsroom(
        World(tmp_path_factory.mktemp("troubled"), pool.extract)
    ) as room:
        http = room.life.world.http
        assert isinstance(http, DictHttp)
        del http.pages["http://kuestenfunk.test/feed"]
        room.read()
        yield room


def test_those_in_trouble_stand_first_and_in_words(troubled: Newsroom) -> None:
    answer = troubled.get("/quellen")
    assert answer.status == 200
    assert answer.text.index("Küstenfunk</a>") < answer.text.index(
        "Löhner Tageblatt</a>"
    )
    assert "gestört" in answer.text
    assert "nicht gefunden (404)" in answer.text
    assert "not_modified" not in answer.text
    assert "configured" not in answer.text
    assert "3 Quellen" in answer.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["kuestenfunk", "tageblatt", "weserbote"]),
        ("?region=owl", ["tageblatt", "weserbote"]),
        ("?region=nord", ["kuestenfunk"]),
        ("?state=failing", ["kuestenfunk"]),
        ("?state=well", ["tageblatt", "weserbote"]),
        ("?state=well&region=nord", []),
        ("?state=silent", []),
        ("?region=nirgends", []),
        ("?region=&state=", ["kuestenfunk", "tageblatt", "weserbote"]),
    ],
)
def test_filters_are_the_same_everywhere(
    troubled: Newsroom, query: str, expected: list[str]
) -> None:
    rows = troubled.get(f"/quellen.json{query}").json()
    assert [row["source"] for row in rows] == expected
    page = troubled.get(f"/quellen{query}").text
    for source in ("kuestenfunk", "tageblatt", "weserbote"):
        assert (f'href="/quellen/{source}"' in page) == (source in expected)
    api = troubled.get(f"/api/v1/sources{query}").json()
    assert [each["source"] for each in api["sources"]] == expected
    feed = ET.fromstring(troubled.get(f"/quellen.atom{query}").body)
    assert len(list(feed.iter(f"{ATOM}entry"))) == len(expected)
    table = troubled.get(f"/quellen.csv{query}").body.decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert [row[0] for row in read[1:]] == expected


def test_a_state_that_does_not_exist_is_named(newsroom: Newsroom) -> None:
    answer = newsroom.get("/quellen?state=gut")
    assert answer.status == 400
    assert "state" in answer.text


def test_one_source_with_its_polls_and_articles(troubled: Newsroom) -> None:
    answer = troubled.get("/quellen/weserbote")
    assert answer.title == "Weserbote"
    assert "Werrebrücke bis Freitag gesperrt" in answer.hits
    assert not any("Fähren" in title for title in answer.hits)
    assert "Neues gefunden" in answer.text
    assert (
        "kürzester eingestellter Abstand" in answer.text
        or "Rhythmus" in answer.text
    )
    broken = troubled.get("/quellen/kuestenfunk")
    assert "Diese Quelle ist gerade nicht zu lesen." in broken.text


def test_polls_can_be_taken_along(troubled: Newsroom) -> None:
    rows = troubled.get("/quellen/kuestenfunk/abrufe.json").json()
    assert [row["outcome"] for row in rows][:2] == ["not_found", "new"]
    assert rows[0]["status"] == 404
    assert troubled.get("/quellen/kuestenfunk/abrufe.csv").status == 200
    feed = ET.fromstring(troubled.get("/quellen/kuestenfunk/abrufe.atom").body)
    assert len(list(feed.iter(f"{ATOM}entry"))) == len(rows)
    one = troubled.get("/api/v1/sources/kuestenfunk").json()
    assert one["source"]["state"] == "failing"
    assert len(one["polls"]) == len(rows)
    assert sum(one["hours"]) == sum(one["days"].values())


@pytest.mark.parametrize(
    "path",
    [
        "/quellen/nirgends",
        "/quellen/../x",
        "/quellen/weserbote/x",
        "/quellen/nirgends/abrufe.csv",
        "/quellen/%3Cscript%3E",
        "/api/v1/sources/nirgends",
    ],
)
def test_unknown_sources_have_a_way_on(newsroom: Newsroom, path: str) -> None:
    answer = newsroom.get(path)
    assert answer.status == 404
    assert "<script>" not in answer.text


def test_evil_titles_stay_words(world: World) -> None:
    with filled_newsroom(world) as room:
        room.life.world.http.pages.clear()  # type: ignore[union-attr]
        room.add(
            "weserbote",
            "<b>Rat</b> & <script>alert(1)</script>",
            "Der Rat tagt.",
        )
        room.read()
        assert "<script>alert" not in room.get("/quellen/weserbote").text


def line(**changed: object) -> FeedLine:
    well: dict[str, object] = {
        "feed_id": "blatt",
        "title": "Blatt",
        "outlet": "Blatt",
        "region": None,
        "priority": 3,
        "configured": "https://blatt.test/feed",
        "url": None,
        "verify_tls": True,
        "last_attempt_at": NOW,
        "last_success_at": NOW,
        "last_new_at": NOW,
        "last_outcome": "new",
        "last_detail": None,
        "failures": 0,
        "next_due_at": NOW,
        "due_reason": "",
        "distrust_304": False,
        "gone_since": None,
        "moved_url": None,
        "silent_since": None,
        "articles": 0,
    }
    return FeedLine(**(well | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "well"),
        ({"last_outcome": "not_modified"}, "well"),
        ({"silent_since": NOW}, "silent"),
        ({"failures": 1, "last_outcome": "timeout"}, "failing"),
        (
            {"failures": 1, "last_outcome": "timeout", "silent_since": NOW},
            "failing",
        ),
        ({"failures": 9, "last_outcome": "gone", "gone_since": NOW}, "gone"),
        ({"last_outcome": "resting"}, "waiting"),
        ({"last_outcome": "rate_limited", "silent_since": NOW}, "waiting"),
        ({"last_outcome": "offline", "failures": 2}, "waiting"),
        ({"last_attempt_at": None, "last_outcome": None}, "unpolled"),
        ({"last_attempt_at": None, "silent_since": NOW}, "unpolled"),
    ],
)
def test_the_state_is_what_a_person_should_know_first(
    changed: dict[str, object], expected: str
) -> None:
    assert state_of(line(**changed)) == expected


def test_the_rhythm_is_counted_in_local_time() -> None:
    # 00:30 on the 2nd in Berlin
    midnight = datetime(2025, 6, 1, 22, 30, tzinfo=UTC)
    old = NOW - timedelta(days=29)
    rhythm = rhythm_of(
        [midnight, midnight, old], zone="Europe/Berlin", now=NOW
    )
    assert rhythm.by_hour[0] == 2
    assert rhythm.by_hour[10] == 1
    assert dict(rhythm.by_day)[midnight.date() + timedelta(days=1)] == 2
    assert len(rhythm.by_day) == 30
    assert rhythm.total == 3


@pytest.mark.slow
def test_300_sources_a_page_at_a_time(world: World) -> None:
    more = [
        f"{{id: blatt-{n:03}, title: 'Blatt {n:03}, Lokales aus Bünde', region: owl, paused: true,"
        f" url: 'http://blatt-{n:03}.test/feed'}}"
        for n in range(300)
    ]
    with open_newsroom(world, feeds=more) as room:
        shown: list[str] = []
        path = "/quellen"
        while path:
            answer = room.get(path)
            assert len(answer.body) < 100_000
            shown += re.findall(
                r'<th scope="row"><a href="/quellen/([^"]+)"', answer.text
            )
            path = answer.link("Weitere") if "Weitere" in answer.text else ""
        assert len(shown) == len(set(shown)) == 303
        assert "303 Quellen, 1–50" in room.get("/quellen").text
        found = room.get("/quellen?name=BUENDE&state=paused").text
        assert "300 Quellen, 1–50" in found
        assert "name=BUENDE&amp;page=2" in found
        assert 'value="BUENDE"' in found
        assert "1 Quelle<" in room.get("/quellen?name=blatt+299").text
        assert room.get("/quellen.csv?name=blatt+29").text.count("\n") == 11
        assert room.get("/quellen?page=99").status == 200
        assert room.get("/quellen?page=0").status == 400
