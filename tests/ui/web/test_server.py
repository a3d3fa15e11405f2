"""What all pages share: assets, failures, numbers and times, the API's
description.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from monitor.types.output import Highlight
from monitor.ui.commands.web import LateApplication
from monitor.ui.web.addresses import Address, to_pairs
from monitor.ui.web.exports import (
    ExportColumn,
    FeedEntry,
    rows_to_json,
    to_atom,
    to_csv,
)
from monitor.ui.web.formatting import (
    mark,
    write_full_time,
    write_number,
    write_time,
)
from monitor.ui.web.server import serving
from monitor.ui.web.web_kit import WebKit
from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, open_newsroom

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def test_the_stylesheet_is_named_by_its_contents_and_kept(
    newsroom: Newsroom,
) -> None:
    found = re.search(
        r'href="(/static/monitor\.[0-9a-f]{12}\.css)"', newsroom.get("/").text
    )
    assert found
    sheet = newsroom.get(found[1])
    assert sheet.status == 200
    assert "immutable" in sheet.headers["Cache-Control"]
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert ".hit" in sheet.text
    assert "/* Search */" in sheet.text
    assert newsroom.get("/static/monitor.000000000000.css").status == 404
    assert newsroom.get("/static/../application.py").status == 404


def test_every_page_has_an_icon_of_our_own(newsroom: Newsroom) -> None:
    for path in ("/", "/nirgends"):
        found = re.search(
            r'rel="icon"[^>]* href="(/static/icon\.[0-9a-f]{12}\.svg)"',
            newsroom.get(path).text,
        )
        assert found, path
        icon = newsroom.get(found[1])
        assert (icon.status, icon.headers["Content-Type"]) == (
            200,
            "image/svg+xml",
        )


def test_weight(newsroom: Newsroom) -> None:
    assert len(newsroom.get("/suche?limit=100&copies=1").body) < 50_000


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/nix", 404, "Hier ist nichts"),
        ("//evil.test/suche", 404, "Hier ist nichts"),
        ("/api", 404, "Hier ist nichts"),
        ("/%2e%2e/etc/passwd", 404, "Hier ist nichts"),
        ("/sprache", 405, "So geht das hier nicht"),
    ],
)
def test_a_failure_has_a_way_on(
    newsroom: Newsroom, path: str, status: int, title: str
) -> None:
    answer = newsroom.get(path)
    assert (answer.status, answer.title) == (status, title)
    assert answer.link("Zur Übersicht") == "/"
    assert "Location" not in answer.headers


def test_the_api_fails_as_programs_expect(newsroom: Newsroom) -> None:
    for path, status in (
        ("/api/v1/nix", 404),
        ("/api/v1/search?limit=0", 400),
    ):
        answer = newsroom.get(path)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status == status


def test_a_database_that_fails_is_said_and_can_be_tried_again(
    world: World,
) -> None:
    with open_newsroom(world) as room:
        with room.life.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE feeds RENAME TO elsewhere")
        answer = room.get("/")
        assert (answer.status, answer.title) == (503, "Das geht gerade nicht")
        assert "elsewhere" not in answer.text
        with room.life.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO feeds")
        assert room.get("/").status == 200


def test_the_description_names_every_endpoint_and_parameter(
    newsroom: Newsroom,
) -> None:
    description = newsroom.get("/api/v1/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    operation = description["paths"]["/search"]["get"]
    assert {"q", "exact", "topic", "since", "after"} <= {
        parameter["name"] for parameter in operation["parameters"]
    }
    schemas = description["components"]["schemas"]
    references = set(
        re.findall(
            r'"#/components/schemas/(\w+)"',
            newsroom.get("/api/v1/openapi.json").text,
        )
    )
    assert references <= set(schemas)
    answer = newsroom.get("/api/v1/search?limit=1").json()
    assert set(answer) == set(schemas["SearchReply"]["properties"])
    assert set(answer["articles"][0]) == set(
        schemas["FoundArticle"]["properties"]
    )


@pytest.mark.parametrize(
    ("number", "german", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1234, "1234", "1234"),
        (12345, "12\u202f345", "12,345"),
        (1234567, "1\u202f234\u202f567", "1,234,567"),
        (-12345, "-12\u202f345", "-12,345"),
    ],
)
def test_numbers(number: int, german: str, english: str) -> None:
    assert (write_number(number, "de"), write_number(number, "en")) == (
        german,
        english,
    )


@pytest.mark.parametrize(
    ("when", "german"),
    [
        (NOW, "heute, 10:00"),
        (NOW - timedelta(hours=10, minutes=1), "gestern, 23:59"),
        (NOW - timedelta(hours=10), "heute, 00:00"),
        (NOW - timedelta(days=2), "Do., 26. Nov., 10:00"),
        (datetime(2025, 11, 3, 9, tzinfo=UTC), "3. Nov. 2025"),
        (NOW + timedelta(days=1), "So., 29. Nov., 10:00"),
    ],
)
def test_times_are_as_short_as_they_can_be(
    when: datetime, german: str
) -> None:
    assert write_time(when, "de", zone="Europe/Berlin", now=NOW) == german


def test_a_full_time_names_everything() -> None:
    german = write_full_time(NOW, "de", zone="Europe/Berlin")
    assert german == "Samstag, 28. November 2026, 10:00 Uhr"
    assert (
        write_full_time(NOW, "en", zone="Europe/Berlin")
        == "Saturday, 28 November 2026, 10:00"
    )


def test_marks_escape_everything() -> None:
    shown = mark(Highlight("a <b> & c", ((2, 5), (6, 7))))
    assert shown == "a <mark>&lt;b&gt;</mark> <mark>&amp;</mark> c"
    assert mark(Highlight("<i>", ())) == "&lt;i&gt;"


def test_an_address_changes_one_thing_at_a_time() -> None:
    address = Address(
        "/suche",
        to_pairs([("q", "a&b"), ("x", False), ("topic", ("eins", "zwei"))]),
    )
    assert str(address) == "/suche?q=a%26b&topic=eins&topic=zwei"
    assert str(address.without("topic", "eins")) == "/suche?q=a%26b&topic=zwei"
    assert str(address.setting("topic", "drei")) == "/suche?q=a%26b&topic=drei"
    assert str(address.setting("q", "")) == "/suche?topic=eins&topic=zwei"
    assert (
        str(address.at("/suche.csv").without("topic").without("q"))
        == "/suche.csv"
    )


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    row = (
        to_csv([ExportColumn("a", "A")], [[text]])
        .decode("utf-8-sig")
        .split("\r\n", 1)[1]
    )
    assert row.strip('"').startswith("'")


def test_exports_keep_types_and_drop_dangerous_addresses() -> None:
    columns = [
        ExportColumn("n", "Zahl"),
        ExportColumn("t", "Zeit"),
        ExportColumn("leer", "Leer"),
    ]
    assert to_csv(columns, [[1, NOW, None]]).decode("utf-8-sig").split("\r\n")[
        1
    ] == ("1;2026-11-28T09:00:00+00:00;")
    assert b'"n": 1' in rows_to_json(columns, [[1, NOW, None]])
    entry = FeedEntry(
        "tag:a", "<b>\x00Titel", "javascript:alert(1)", "", NOW, "Text"
    )
    feed = to_atom("Liste", "/suche", [entry], now=NOW).decode()
    assert "javascript" not in feed
    assert "&lt;b&gt;" in feed
    assert "<content>Text</content>" in feed


def test_a_daemons_page_is_put_together_once_for_its_first_visitors(
    newsroom: Newsroom,
) -> None:
    life = newsroom.life
    parts = WebKit(
        database=life.database,
        index=life.index,
        clock=life.world.clock,
        timezone="Europe/Berlin",
        language="de",
    )
    page = LateApplication(parts)
    with (
        serving(page, ("127.0.0.1", 0)) as (_, port),
        ThreadPoolExecutor(4) as threads,
    ):
        room = Newsroom(life, port)
        visited = list(threads.map(room.get, ["/suche"] * 4))
        made = page._made
        visited.append(room.get("/suche"))
    assert [answer.status for answer in visited] == [200] * 5
    assert made is not None
    assert page._made is made
