"""Values outside what a form takes are a message at the field, and what was
typed stays: in every form, whatever browser or program sent it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace
from typing import Literal

import pytest
from annotated_types import MaxLen
from flask import Flask
from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo
from werkzeug.datastructures import MultiDict

from monitor.extract.pool import ExtractPool
from monitor.flow.requests.press_reviews import (
    LONGEST_COMMENT,
    LONGEST_HEADING,
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_IN_DRAFT,
)
from monitor.ui.web.form_reading import read_form
from monitor.ui.web.pages.topic_editor.draft_form import TopicForm
from monitor.ui.web.server import LARGEST_FORM
from monitor.ui.web.web_kit import EXTENSION
from monitor.ui.web.wording import set_up_words
from tests.flow.world import World
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom
from tests.ui.web.pages.test_desk import send, story_of

LONG = "ä" * 2_001


@pytest.fixture(scope="module")
def room(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    world = World(tmp_path_factory.mktemp("forms"), pool.extract)
    with filled_newsroom(world) as made:
        send(made, "/pressespiegel", title="Heute", fill="all")
        yield made


def field(answer: Answer, name: str) -> str:
    """The field as the form has it, with what stands around."""
    found = re.search(
        rf'<div class="field wrong">(?:(?!</div>).)*name="{name}".*?</div>',
        shown(answer),
        re.DOTALL,
    )
    assert found, f"{name} is not marked"
    return found[0]


def shown(answer: Answer) -> str:
    return unescape(answer.text)


EDITOR = {
    "name": "Bücherei",
    "any": "Bücherei*",
    "action": "save",
    "seen": "x",
}
SOURCE = {
    "title": "Weserbote",
    "language": "de",
    "priority": "3",
    "action": "save",
}
DRAFT = {"revision": "1", "title": "Heute", "day": "2025-06-02", "do": "save"}


@pytest.mark.parametrize(
    ("path", "fields", "name", "typed", "said"),
    [
        ("/themen/neu", EDITOR | {"mails_per_hour": "0"}, "mails_per_hour", 'value="0"', "Mindestens 1."),
        ("/themen/neu", EDITOR | {"mails_per_hour": "viele"}, "mails_per_hour", 'value="viele"', "ganze Zahl"),
        ("/themen/neu", EDITOR | {"mails_per_hour": "1001"}, "mails_per_hour", 'value="1001"', "Höchstens 1000."),
        ("/themen/neu", EDITOR | {"name": "x" * 201}, "name", "x" * 201, "Höchstens 200 Zeichen."),
        ("/themen/neu", EDITOR | {"name": "Haushalt"}, "name", "Haushalt", "So heißt schon"),
        ("/themen/neu", EDITOR | {"schedule": "morgens"}, "schedule", "morgens", "kein cron"),
        ("/themen/neu", EDITOR | {"addresses": "Anna, b@example.org x"}, "addresses", "b@example.org, x", "keine Mailadresse: x"),
        ("/quellen/weserbote/bearbeiten", SOURCE | {"language": "deu"}, "language", "deu", "Höchstens 2"),
        ("/quellen/weserbote/bearbeiten", SOURCE | {"language": "12"}, "language", "12", "Zwei Buchstaben"),
        ("/quellen/weserbote/bearbeiten", SOURCE | {"min_interval": "bald"}, "min_interval", "bald", "keine Dauer"),
        (
            "/quellen/weserbote/bearbeiten",
            SOURCE | {"min_interval": "6 h", "max_interval": "10 min"},
            "min_interval",
            "6 h",
            "mehr als",
        ),
        ("/quellen/neu", {"action": "look", "address": "kein://netz"}, "address", "kein://netz", "keine Adresse"),
        ("/quellen/neu", {"action": "look", "address": "a" * 2001}, "address", "a" * 2001, "Höchstens 2000 Zeichen."),
        ("/pressespiegel", {"title": "t" * 121, "fill": "all"}, "title", "t" * 121, "Höchstens 120"),
        ("/pressespiegel", {"title": "Morgen", "day": "heute"}, "day", 'value="heute"', "kein Tag"),
        ("/pressespiegel/1", DRAFT | {"day": "31.2."}, "day", 'value="31.2."', "kein Tag"),
        ("/pressespiegel/1", DRAFT | {"day": ""}, "day", 'value=""', "Das fehlt noch."),
        ("/pressespiegel/1", DRAFT | {"note": LONG}, "note", LONG, "Höchstens 2000 Zeichen."),
        ("/gemerkt/suchen", {"name": "n" * 81, "address": "q=a"}, "name", "n" * 81, "Höchstens 80"),
        ("/gemerkt/suchen", {"name": " ", "address": "q=a"}, "name", "", "Das fehlt noch."),
    ],
)  # fmt: skip
def test_the_message_stands_at_the_field(
    room: Newsroom,
    path: str,
    fields: dict[str, str],
    name: str,
    typed: str,
    said: str,
) -> None:
    answer = send(room, path, **fields)
    assert answer.status == 422
    marked = field(answer, name)
    assert said in marked
    assert typed in marked
    assert 'aria-invalid="true"' in marked
    assert f'href="#{name}"' in answer.text  # the summary leads there
    for other, value in fields.items():
        if other in ("title", "any", "address") and other != name:
            assert value in shown(answer), f"{other} was lost"


def test_a_note_is_kept_to_be_shortened(room: Newsroom) -> None:
    story = story_of(room)
    answer = send(
        room, f"/meldungen/{story}", change="note", note=LONG, back="/gemerkt"
    )
    assert answer.status == 422
    assert LONG in shown(answer)
    assert 'name="back" value="/gemerkt"' in answer.text
    # As long as the browser lets people type: ends of lines are sent as two characters.
    lines = "\r\n".join(["a"] * 1_000)
    assert (
        send(room, f"/meldungen/{story}", change="note", note=lines).status
        == 303
    )


def test_comments_and_headings_are_not_cut(room: Newsroom) -> None:
    number = re.findall(
        r'name="comment_(\d+)"', room.get("/pressespiegel/1").text
    )[0]
    rows = {
        "row": f"i:{number}",
        f"comment_{number}": "c" * 501,
        "section_0": "s",
    }
    answer = send(room, "/pressespiegel/1", **DRAFT, **rows)
    assert answer.status == 422
    assert "c" * 501 in answer.text
    assert f'href="#comment_{number}"' in answer.text


def test_a_search_keeps_its_words_beside_a_bad_day(room: Newsroom) -> None:
    answer = room.get(
        "/suche?q=Haushalt&since=gestern&outlet=Weserbote&exact=1"
    )
    assert answer.status == 400
    assert 'value="gestern"' in field(answer, "since")
    assert 'name="q" value="Haushalt"' in answer.text
    assert 'name="outlet" value="Weserbote"' in answer.text
    report = room.get("/themen/haushalt/bericht?from=neulich&until=2025-06-01")
    assert report.status == 400
    assert 'value="neulich"' in field(report, "from")


def test_nothing_ticked_makes_no_press_review(room: Newsroom) -> None:
    before = room.get("/pressespiegel").text.count("/pressespiegel/")
    assert send(room, "/pressespiegel/aufnehmen").status == 422
    assert room.get("/pressespiegel").text.count("/pressespiegel/") == before


def test_long_areas_of_umlauts_are_read(room: Newsroom) -> None:
    """A browser sends each of these letters as six bytes."""
    long = "ä" * 20_000
    typed = EDITOR | {
        "name": "x" * 201,
        "any": long,
        "none": long,
        "addresses": long,
    }
    answer = send(room, "/themen/neu", **typed)
    assert answer.status == 422
    assert "Höchstens 200 Zeichen." in answer.text
    assert answer.text.count(long) >= 3


def test_every_form_fits_into_a_body() -> None:
    """Each field full of letters that are sent as nine bytes, as `%E2%82%AC`;
    some marks beside.
    """
    of_topic = sum(_longest(each) for each in TopicForm.model_fields.values())
    of_review = (
        MOST_IN_DRAFT * (LONGEST_COMMENT + LONGEST_HEADING)
        + LONGEST_NOTE
        + LONGEST_TITLE
    )
    assert 9 * of_topic < LARGEST_FORM
    assert 9 * of_review < LARGEST_FORM


def _longest(field: FieldInfo) -> int:
    return sum(
        each.max_length for each in field.metadata if isinstance(each, MaxLen)
    )


def test_a_form_that_cannot_be_read_says_the_way_back(room: Newsroom) -> None:
    answer = send(room, "/pressespiegel/1", **DRAFT | {"do": "nichts"})
    assert answer.status == 400
    assert (
        "Mit „Zurück“ im Browser stehen Ihre Eingaben wieder im Formular."
        in shown(answer)
    )


class Form(BaseModel):
    """A form with a field of each kind."""

    title: str = Field(default="", max_length=3)
    count: int = Field(default=7, ge=1, le=9)
    mode: Literal["a", "b"] = "a"
    ticked: tuple[int, ...] = ()
    must: int


@pytest.mark.parametrize(
    ("sent", "wrong", "values"),
    [
        (
            {"must": "1"},
            set(),
            {"title": "", "count": 7, "mode": "a", "ticked": (), "must": 1},
        ),
        ({}, {"must"}, {"title": "", "count": 7, "must": ""}),
        (
            {"title": "abcd", "must": "2"},
            {"title"},
            {"title": "abcd", "must": 2, "count": 7},
        ),
        (
            {"title": "abc", "count": "x", "must": "2"},
            {"count"},
            {"title": "abc", "count": "x"},
        ),
        (
            {"count": "0", "must": "y"},
            {"count", "must"},
            {"count": "0", "must": "y"},
        ),
        ({"mode": "c", "must": "1"}, {"mode"}, {"mode": "a", "must": 1}),
        ({"title": " ", "must": "1"}, set(), {"title": ""}),
    ],
)
def test_a_form_is_never_refused_as_a_whole(
    sent: dict[str, str], wrong: set[str], values: dict[str, object]
) -> None:
    app = Flask(__name__)
    app.extensions[EXTENSION] = SimpleNamespace(language="de")
    set_up_words(app, ())
    with app.test_request_context():
        read = read_form(Form, MultiDict(sent))
    assert set(read.wrong) == wrong
    assert {name: getattr(read.values, name) for name in values} == values


@pytest.mark.parametrize("path", ["/themen/probe", "/themen/vorschlaege"])
def test_turns_that_are_none_hinder_nobody(room: Newsroom, path: str) -> None:
    for wrong in ({"turn": "zwei"}, {"turn": "-1"}, {"editor": "e" * 41}):
        assert (
            send(room, path, **EDITOR | {"editor": "hier"} | wrong).status
            == 400
        )
    assert (
        send(room, path, **EDITOR | {"editor": "hier", "turn": "1"}).status
        == 200
    )
