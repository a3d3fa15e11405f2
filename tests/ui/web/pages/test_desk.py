"""Marks, notes and saved searches over real HTTP: kept by account, sent by
forms of our own pages, never leading to another site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from monitor.ui.web.addresses import local_path
from tests.flow.world import World
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TITLE = "Löhner Rat beschließt Haushalt für das kommende Jahr"


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    with filled_newsroom(world) as made:
        yield made


def token(answer: Answer) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
    assert found
    return unescape(found[1])


def send(room: Newsroom, path: str, **fields: str) -> Answer:
    """One form, as the page has it."""
    sent = {"csrf": token(room.get("/")), **fields}
    return room.ask("POST", path, urlencode(sent).encode(), FORM)


def story_of(room: Newsroom, title: str = TITLE) -> int:
    articles = room.get("/api/v1/search?copies=1").json()["articles"]
    return next(
        int(each["story"]) for each in articles if each["title"] == title
    )


def test_a_story_is_starred_and_stands_on_the_list(room: Newsroom) -> None:
    story = story_of(room)
    assert TITLE not in room.get("/gemerkt").hits
    answer = send(
        room, f"/meldungen/{story}", change="star", back="/suche?q=haushalt"
    )
    assert (answer.status, answer.headers["Location"]) == (
        303,
        "/suche?q=haushalt",
    )
    assert room.get("/gemerkt").hits == [TITLE]
    assert "★ gemerkt" in room.get("/suche?q=haushalt").text
    send(room, f"/meldungen/{story}", change="unstar")
    assert room.get("/gemerkt").hits == []


def test_what_was_read_is_shown_as_read(room: Newsroom) -> None:
    story = story_of(room)
    send(room, f"/meldungen/{story}", change="read")
    assert 'class="hit seen"' in room.get("/suche?q=haushalt").text
    assert 'class="hit seen"' in room.get("/").text
    assert room.get("/gemerkt").hits == []  # read is not kept
    send(room, f"/meldungen/{story}", change="unread")
    assert 'class="hit seen"' not in room.get("/suche?q=haushalt").text


def test_a_note_is_text_and_can_be_taken_along(room: Newsroom) -> None:
    story = story_of(room)
    note = "<script>alert(1)</script> an die \u202eKämmerin"
    send(room, f"/meldungen/{story}", change="note", note=note)
    text = room.get("/gemerkt").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert room.get("/gemerkt.json").json()[0]["note"] == note
    assert room.get("/gemerkt.csv").status == 200
    feed = ET.fromstring(room.get("/gemerkt.atom").body)
    assert len(list(feed.iter("{http://www.w3.org/2005/Atom}entry"))) == 1
    send(room, f"/meldungen/{story}", change="note", note="  ")
    assert room.get("/gemerkt.json").json() == []


def test_a_mark_stays_beside_a_note(room: Newsroom) -> None:
    story = story_of(room)
    for fields in (
        {"change": "star"},
        {"change": "note", "note": "Rückruf"},
        {"change": "read"},
    ):
        send(room, f"/meldungen/{story}", **fields)
    row = room.get("/gemerkt.json").json()[0]
    assert row["note"] == "Rückruf"
    assert row["starred_at"]


def test_the_article_page_marks_and_notes_its_story(room: Newsroom) -> None:
    articles = room.get("/api/v1/search?copies=1").json()["articles"]
    found = next(each for each in articles if each["title"] == TITLE)
    path = f"/artikel/{found['article']}"
    send(
        room,
        f"/meldungen/{found['story']}",
        change="note",
        note="Rückruf bis zehn",
    )
    send(room, f"/meldungen/{found['story']}", change="star")
    text = room.get(path).text
    assert "Rückruf bis zehn</textarea>" in text
    assert "★ gemerkt" in text
    assert 'name="back" value="/artikel/' in text


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/meldungen/999", {"change": "star"}, 404),
        (f"/meldungen/{10**30}", {"change": "star"}, 404),
        ("/meldungen/1", {"change": "delete"}, 400),
        ("/meldungen/1", {}, 400),
        ("/meldungen/1", {"change": "note", "note": "x" * 2001}, 422),
        ("/gemerkt/suchen", {"name": ""}, 422),
        ("/gemerkt/suchen", {"name": "x" * 81}, 422),
        ("/gemerkt/suchen/99/entfernen", {}, 404),
        (f"/gemerkt/suchen/{10**30}/entfernen", {}, 404),
    ],
)
def test_what_cannot_be_done(
    newsroom: Newsroom, path: str, fields: dict[str, str], status: int
) -> None:
    assert send(newsroom, path, **fields).status == status


def test_a_form_of_another_site_changes_nothing(newsroom: Newsroom) -> None:
    for path in (
        "/meldungen/1",
        "/gemerkt/suchen",
        "/gemerkt/suchen/1/entfernen",
    ):
        body = urlencode({"change": "star", "name": "x"}).encode()
        assert newsroom.ask("POST", path, body, FORM).status == 403
        assert newsroom.get(path).status in (404, 405)


def test_a_search_is_saved_renewed_and_removed(room: Newsroom) -> None:
    form = room.get(
        "/suche?q=Rat+Löhne&outlet=Weserbote".replace("ö", "%C3%B6")
    )
    found = re.search(r'name="address" value="([^"]*)"', form.text)
    assert found
    answer = send(
        room,
        "/gemerkt/suchen",
        name="  Rat  in Löhne ",
        address=unescape(found[1]),
    )
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    front = room.get("/")
    assert (
        room.get(front.link("Rat in Löhne")).hits
        == room.get("/suche?q=Rat&outlet=Weserbote").hits
    )
    send(room, "/gemerkt/suchen", name="Rat in Löhne", address="q=Rat")
    assert room.get("/gemerkt").text.count(">Rat in Löhne</a>") == 1
    removal = re.search(
        r'action="(/gemerkt/suchen/\d+/entfernen)"', room.get("/gemerkt").text
    )
    assert removal
    assert (
        send(room, removal[1], back="/gemerkt").headers["Location"]
        == "/gemerkt"
    )
    assert "Rat in Löhne" not in room.get("/gemerkt").text


def test_a_name_of_a_search_is_text(room: Newsroom) -> None:
    send(
        room,
        "/gemerkt/suchen",
        name="<b>x</b>",
        address='"><script>alert(1)</script>',
    )
    for path in ("/", "/gemerkt"):
        text = room.get(path).text
        assert "<b>x" not in text
        assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/suche?q=x", "/suche?q=x"),
        ("/", "/"),
        ("", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/suche\r\nSet-Cookie: x=1", "/"),
        ("suche", "/"),
        ("///evil.example", "/"),
        ("/\tevil", "/"),
    ],
)
def test_a_form_leads_back_to_our_own_pages_only(
    address: str, expected: str
) -> None:
    assert local_path(address) == expected
