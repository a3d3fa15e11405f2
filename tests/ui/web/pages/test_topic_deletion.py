"""/themen/ID/loeschen over real HTTP: asked, done, taken back; old articles
never alert.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.flow.world import World
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAGE = "/themen/haushalt/loeschen"
ENTRY = "  - {name: Haushalt, any: ['Haushalt*'], recipients: [anna]}\n"


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    with filled_newsroom(world) as made:
        yield made


def confirm(room: Newsroom, path: str, page: Answer) -> Answer:
    fields = re.findall(r'name="(csrf|seen)" value="([^"]*)"', page.text)
    sent = urlencode({name: unescape(value) for name, value in fields})
    return room.ask("POST", path, sent.encode(), FORM)


def file_of(room: Newsroom) -> str:
    return room.life.world.settings.feeds_file.read_text()


def haushalt_mails(room: Newsroom) -> int:
    return sum(
        "Haushalt" in mail["Subject"] for mail in room.life.world.mails()
    )


@pytest.mark.slow
def test_a_topic_is_deleted_after_a_question_and_can_come_back(
    room: Newsroom,
) -> None:
    before, mails = file_of(room), haushalt_mails(room)
    hits = room.get("/suche?topic=haushalt").hits
    assert hits
    assert (
        room.get(
            room.get("/themen/haushalt/bearbeiten").link("löschen")
        ).status
        == 200
    )
    question = room.get(PAGE)
    assert "-" + ENTRY.rstrip() in unescape(question.text)
    assert file_of(room) == before, "asking changes nothing"
    done = confirm(room, PAGE, question)
    assert (done.status, done.headers["Location"]) == (303, "/fassungen")
    assert file_of(room) == before.replace(ENTRY, "")
    assert room.get(PAGE).status == 404
    assert "Thema gelöscht Haushalt" in re.sub(
        r"<[^>]+>|\s+", " ", room.get("/fassungen").text
    )

    assert room.life.live.reload()
    room.add(
        "weserbote",
        "Haushaltssperre in Minden",
        "Die Haushaltssperre gilt ab morgen.",
    )
    room.read()
    assert haushalt_mails(room) == mails, "it alerts nobody any more"
    assert room.get("/themen/haushalt").status == 404
    assert room.get("/suche?topic=haushalt").hits == [], (
        "nor is it found in the index"
    )

    assert (
        confirm(room, "/fassungen/1", room.get("/fassungen/1")).status == 303
    )
    assert file_of(room) == before
    assert room.life.live.reload()
    while room.life.steps.sweeper.sweep():
        pass
    room.read()
    assert haushalt_mails(room) == mails, "what came meanwhile does not alert"
    assert set(hits) <= set(room.get("/suche?topic=haushalt").hits), (
        "its hits are back"
    )
    room.add(
        "weserbote", "Haushaltsloch in Minden", "Das Haushaltsloch ist tief."
    )
    room.read()
    assert haushalt_mails(room) == mails + 1, "what comes then does"


def test_a_file_that_was_edited_meanwhile_is_not_touched(
    room: Newsroom,
) -> None:
    question = room.get(PAGE)
    path = room.life.world.settings.feeds_file
    path.write_text("# von Hand\n" + file_of(room))
    held = confirm(room, PAGE, question)
    assert held.status == 409
    assert "Nichts wurde gelöscht" in held.text
    assert ENTRY in file_of(room)
    assert confirm(room, PAGE, held).status == 303
    assert ENTRY not in file_of(room)
    assert "# von Hand" in file_of(room)


def test_a_topic_that_a_press_review_names_stays(room: Newsroom) -> None:
    path = room.life.world.settings.feeds_file
    review = "press_reviews: [{name: Morgen, topics: [Haushalt], recipients: [anna]}]\n"
    path.write_text(file_of(room) + review)
    question = room.get(PAGE)
    assert "wird noch gebraucht" in question.text
    assert "press review" not in question.text, "the reason is German, too"
    before = file_of(room)
    assert (
        confirm(room, PAGE, room.get("/themen/haushalt/bearbeiten")).status
        == 409
    )
    assert file_of(room) == before


def test_who_deletes_must_have_been_asked(room: Newsroom) -> None:
    before = file_of(room)
    assert room.ask("POST", PAGE, b"", FORM).status == 403, (
        "a form of another site"
    )
    assert room.get("/themen/fehlt/loeschen").status == 404
    assert file_of(room) == before


def test_the_question_in_english(room: Newsroom) -> None:
    shown = room.get(PAGE, Accept_Language="en")
    assert "Delete the topic" in shown.text
    assert "löschen?" not in shown.text
