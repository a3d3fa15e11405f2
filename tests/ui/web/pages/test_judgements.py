"""Judgements on the page over real HTTP: buttons beside hits, precision, what
would narrow a topic, and that nothing changes by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from monitor.store.tables import alerts, deliveries
from tests.flow.world import World
from tests.ui.web.newsroom import (
    Answer,
    Newsroom,
    filled_newsroom,
    newsroom_filled_by,
)
from tests.ui.web.pages.test_desk import send
from tests.ui.web.test_api_changes import post, token

HOUSE = "Löhner Rat beschließt Haushalt für das kommende Jahr"
WRONG = (
    "Haushaltsgeräte: Welche Spülmaschine spart",
    "Haushaltswaren im Ausverkauf am Marktplatz",
    "Haushaltshilfe gesucht: Was der Mindestlohn bedeutet",
    "Haushaltsauflösung lockt Sammler an",
    "Haushaltstipps: Was gegen Kalk in Kesseln und Kannen wirklich hilft",
)
RIGHT = (
    "Haushalt in Bünde verabschiedet",
    "Haushaltsloch wächst auf drei Millionen",
    "Haushaltsrede der Kämmerin mit Zwischenrufen",
    "Haushalt der Kirche schrumpft wieder",
    "Haushaltsausschuss vertagt Neubau der Grundschule Mennighüffen um drei Jahre",
    "Haushaltsplan liegt im Rathaus aus",
)
SHOP = (
    "Ein Test von Kaufmann vergleicht Wasser, Strom und Lautstärke von zwölf Maschinen.",
    "Töpfe, Pfannen und Besteck gibt Kaufmann billiger ab, weil das Lager umzieht.",
    "Wer putzt, bekommt mehr Geld; Steuerberaterin Kaufmann rechnet drei Fälle vor.",
    "Alte Schränke und eine Standuhr versteigert Auktionator Kaufmann am Sonntag.",
    "Essig hilft, aber nicht gegen alles, weiß der Chemiker Kaufmann aus dem Labor.",
)
TOWN = (
    "Nach sechs Stunden Debatte hoben fast alle die Hand, nur zwei Fraktionen zögerten.",
    "Weniger Gewerbesteuer und teure Heizungen reißen die Lücke, sagt der Kämmerer.",
    "Applaus kam nur von einer Seite, als die Zahlen an der Wand erschienen.",
    "Pfarrer und Küster sparen zuerst bei den Glocken und der Orgel.",
    "Container bleiben auf dem Hof, bis neue Angebote der Baufirmen eintreffen.",
    "Wer will, blättert zwei Wochen lang in vierhundert Seiten und schreibt dazu.",
)


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    with filled_newsroom(world) as made:
        yield made


@pytest.fixture
def judged_room(world: World) -> Iterator[Newsroom]:
    """Five wrong hits of one outlet that share a word, six right ones, all
    judged.
    """
    with newsroom_filled_by(publish_and_judge, world) as made:
        yield made


def publish_and_judge(room: Newsroom) -> None:
    for number, title in enumerate(WRONG):
        room.add("kuestenfunk", title, SHOP[number], hours_ago=number + 1)
    for number, title in enumerate(RIGHT):
        room.add("weserbote", title, TOWN[number], hours_ago=number + 1)
    room.read()
    for title, article in articles_of(room).items():
        judge(room, article, "wrong" if title in WRONG else "right")


def articles_of(room: Newsroom, topic: str = "haushalt") -> dict[str, int]:
    found = room.get(f"/api/v1/search?topic={topic}&copies=1&limit=50").json()[
        "articles"
    ]
    return {each["title"]: int(each["article"]) for each in found}


def judge(
    room: Newsroom,
    article: int,
    said: str,
    topic: str = "haushalt",
    **more: str,
) -> Answer:
    return send(room, f"/themen/{topic}/urteile/{article}", said=said, **more)


def pressed(answer: Answer) -> list[str]:
    return re.findall(
        r'aria-pressed="true">✓ (passt(?: nicht)?)<', answer.text
    )


def test_buttons_stand_beside_hits_of_a_topic_only(room: Newsroom) -> None:
    article = articles_of(room)[HOUSE]
    for path in (
        "/themen/haushalt",
        f"/artikel/{article}",
        "/suche?topic=haushalt",
    ):
        assert 'value="wrong"' in room.get(path).text, path
    for path in ("/", "/suche?q=haushalt", "/gemerkt", "/suche"):
        assert 'value="wrong"' not in room.get(path).text, path
    both = room.get("/suche?topic=haushalt&topic=stadt-loehne").text
    # a pair for each of its two topics
    assert both.count(f"/urteile/{article}") == 4


def test_a_judgement_is_kept_replaced_and_taken_back(room: Newsroom) -> None:
    article = articles_of(room)[HOUSE]
    answer = judge(room, article, "wrong", back="/suche?topic=haushalt")
    assert (answer.status, answer.headers["Location"]) == (
        303,
        "/suche?topic=haushalt",
    )
    assert pressed(room.get(f"/artikel/{article}")) == ["passt nicht"]
    assert pressed(room.get("/suche?topic=haushalt")) == ["passt nicht"]
    judge(room, article, "right")
    assert pressed(room.get(f"/artikel/{article}")) == ["passt"]
    # another topic of the same story
    assert pressed(room.get("/suche?topic=stadt-loehne")) == []
    judge(room, article, "none")
    assert pressed(room.get(f"/artikel/{article}")) == []


def test_nothing_that_was_sent_or_waits_changes(room: Newsroom) -> None:
    def state() -> list[tuple[object, ...]]:
        with room.life.database.read() as connection:
            told = connection.execute(
                select(alerts).order_by(alerts.c.id)
            ).all()
            mails = connection.execute(
                select(deliveries).order_by(deliveries.c.id)
            ).all()
        return [tuple(row) for row in (*told, *mails)]

    before, file = state(), room.life.world.settings.feeds_file.read_bytes()
    for article in articles_of(room).values():
        judge(room, article, "wrong")
    room.get("/themen/haushalt")
    assert state() == before
    assert room.life.world.settings.feeds_file.read_bytes() == file


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("/themen/haushalt/urteile/999999", "right", 404),
        ("/themen/haushalt/urteile/99999999999999999999999", "right", 404),
        ("/themen/unbekannt/urteile/1", "right", 404),
        ("/themen/haushalt/urteile/1", "maybe", 400),
        ("/themen/haushalt/urteile/1", "", 400),
        ("/themen/haushalt/urteile/-1", "right", 404),
    ],
)
def test_what_is_no_judgement_is_refused(
    room: Newsroom, path: str, said: str, status: int
) -> None:
    assert send(room, path, said=said).status == status
    assert room.get("/themen/haushalt/urteile.json").json() == []


def test_only_forms_of_ours_judge(room: Newsroom) -> None:
    article = articles_of(room)[HOUSE]
    answer = room.ask(
        "POST",
        f"/themen/haushalt/urteile/{article}",
        b"said=wrong",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status == 403
    assert (
        room.get(f"/themen/haushalt/urteile/{article}?said=wrong").status
        == 405
    )
    leads = judge(
        room, article, "right", back="https://evil.example/"
    ).headers["Location"]
    assert leads == "/"


def test_an_old_hit_can_no_longer_be_judged(room: Newsroom) -> None:
    article = articles_of(room)[HOUSE]
    room.life.world.clock.advance(timedelta(days=91))
    assert judge(room, article, "right").status == 410


def test_few_judgements_name_no_share(room: Newsroom) -> None:
    assert "Noch keine. „Passt“" in room.get("/themen/haushalt").text
    judge(room, articles_of(room)[HOUSE], "right")
    text = room.get("/themen/haushalt").text
    assert (
        "Noch zu wenige Urteile: In 30 Tagen passten 1 von 1 Meldungen."
        in text
    )
    assert "Ab 10 wird ein Anteil genannt" in text


@pytest.mark.slow
def test_precision_with_its_interval(judged_room: Newsroom) -> None:
    text = re.sub(r"\s+", " ", judged_room.get("/themen/haushalt").text)
    assert '<strong class="share-said">55 %</strong>' in text
    assert "6 von 11 Meldungen" in text
    assert "zwischen 28 % und 79 %." in text  # Wilson: 0.2801, 0.7873


def test_a_spoiling_word_leads_to_the_editor(judged_room: Newsroom) -> None:
    page = judged_room.get("/themen/haushalt")
    text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))
    assert "Kaufmann steht in 5 von 5 falschen und 0 von 6 richtigen." in text
    removed = "hätte 5 falsche und 0 richtige Treffer entfernt."
    assert f"NOT Kaufmann {removed}" in text
    assert f'NOT source:"Küstenfunk" {removed}' in text
    link = page.link('Im Editor ansehen<span class="unseen">: NOT Kaufmann')
    assert parse_qs(urlsplit(link).query) == {
        "any": ["Haushalt*"],
        "none": ["Kaufmann"],
    }
    assert ">Kaufmann</textarea>" in judged_room.get(link).text
    link = page.link('Im Editor ansehen<span class="unseen">: NOT source')
    query = 'Haushalt* AND NOT source:"Küstenfunk"'
    assert parse_qs(urlsplit(link).query) == {"query": [query]}
    assert 'AND NOT source:"Küstenfunk"' in unescape(
        judged_room.get(link).text
    )


def test_the_promise_holds(judged_room: Newsroom) -> None:
    """What the page promises is what the changed topic finds."""
    file = judged_room.life.world.settings.feeds_file
    file.write_text(
        file.read_text().replace(
            "any: ['Haushalt*']", "any: ['Haushalt*'], none: [Kaufmann]"
        )
    )
    judged_room.life.one_pass(after=timedelta(minutes=61))
    text = judged_room.get("/themen/haushalt").text
    assert "Die jetzige Abfrage träfe davon noch 6, und 6 passen." in text
    assert "NOT Kaufmann</code> hätte" not in text


def test_the_editor_suggests_the_same(judged_room: Newsroom) -> None:
    form = {
        "name": "Haushalt",
        "level": "words",
        "any": "Haushalt*",
        "action": "suggest",
    }
    answer = send(judged_room, "/themen/haushalt/vorschlaege", **form)
    text = re.sub(r"<[^>]+>", "", answer.text)
    assert (
        "NOT Kaufmann hätte 5 falsche und 0 richtige Treffer entfernt." in text
    )
    assert (
        "NOT Kaufmann"
        not in send(judged_room, "/themen/vorschlaege", **form).text
    )


@pytest.mark.slow
def test_all_judgements_can_be_taken_along(judged_room: Newsroom) -> None:
    shown = judged_room.get("/themen/haushalt/urteile")
    assert shown.status == 200
    assert shown.text.count("<td>passt nicht</td>") == 5
    rows = judged_room.get("/themen/haushalt/urteile.json").json()
    assert [row["verdict"] for row in rows].count("right") == 6
    assert {row["source"] for row in rows} == {"page"}
    assert (
        judged_room.get("/themen/haushalt/urteile.csv").text.count("\n") == 12
    )
    assert judged_room.get("/themen/haushalt/urteile.atom").status == 200
    assert judged_room.get("/themen/unbekannt/urteile").status == 404


def test_programs_judge_and_read(room: Newsroom) -> None:
    bearer, article = token(room, "editor"), articles_of(room)[HOUSE]
    path = f"/topics/haushalt/judgements/{article}"
    assert (
        post(room, path, {"said": "wrong"}, bearer).json()["said"] == "wrong"
    )
    again = post(room, path, {"said": "right"}, bearer)
    assert again.status == 200
    read = {"Authorization": f"Bearer {bearer}"}
    found = room.get("/api/v1/topics/haushalt/judgements", **read).json()
    assert found["summary"]["precision"]["right"] == 1
    assert [each["judgement"]["source"] for each in found["judgements"]] == [
        "api"
    ]
    assert post(room, path, {"said": "maybe"}, bearer).status == 400
    assert (
        post(
            room,
            "/topics/haushalt/judgements/99999",
            {"said": "right"},
            bearer,
        ).status
        == 404
    )
    assert (
        post(room, path, {"said": "right"}, token(room, "reader")).status
        == 403
    )
    assert post(room, path, {"said": "none"}, bearer).status == 200
    assert (
        room.get("/api/v1/topics/haushalt/judgements", **read).json()[
            "judgements"
        ]
        == []
    )
