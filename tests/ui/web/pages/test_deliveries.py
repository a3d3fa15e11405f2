"""/zustellungen over real HTTP: what was mailed to whom, what waits and why,
and one mail's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import update

from monitor.store.alerting.deliveries import prune_bodies
from monitor.store.alerting.subscriptions import add_change
from monitor.store.tables import alerts, deliveries
from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, filled_newsroom

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    with filled_newsroom(world) as made:
        yield made


def test_every_mail_with_its_state_and_recipient(newsroom: Newsroom) -> None:
    answer = newsroom.get("/zustellungen")
    assert answer.title == "Zustellungen"
    assert answer.text.count("anna@example.org</div>") == 2
    assert "zugestellt" in answer.text
    assert "Haushalt" in answer.text
    assert "immediate" not in answer.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 2),
        ("?state=sent", 2),
        ("?state=dead", 0),
        ("?recipient=anna@example.org", 2),
        ("?recipient=ANNA@example.org", 2),
        ("?recipient=bert@example.org", 0),
        ("?topic=haushalt", 1),
        ("?topic=nirgends", 0),
        ("?topic=haushalt&state=sent", 1),
        ("?before=1", 0),
        ("?state=", 2),
    ],
)
def test_filters_are_the_same_everywhere(
    newsroom: Newsroom, query: str, expected: int
) -> None:
    assert len(newsroom.get(f"/zustellungen.json{query}").json()) == expected
    assert (
        newsroom.get(f"/zustellungen{query}").text.count(
            'href="/zustellungen/'
        )
        == expected
    )
    assert (
        len(newsroom.get(f"/api/v1/deliveries{query}").json()["mails"])
        == expected
    )
    feed = ET.fromstring(newsroom.get(f"/zustellungen.atom{query}").body)
    assert len(list(feed.iter(f"{ATOM}entry"))) == expected
    table = newsroom.get(f"/zustellungen.csv{query}").text
    assert len(table.strip().splitlines()) == expected + 1


@pytest.mark.parametrize(
    "bad", ["state=gut", "before=x", "before=0", "limit=0", f"before={2**63}"]
)
def test_what_cannot_be_read_is_named(newsroom: Newsroom, bad: str) -> None:
    answer = newsroom.get(f"/zustellungen?{bad}")
    assert answer.status == 400
    assert bad.partition("=")[0] in answer.text


def test_pages_neither_skip_nor_repeat(newsroom: Newsroom) -> None:
    first = newsroom.get("/api/v1/deliveries?limit=1").json()
    second = newsroom.get(
        f"/api/v1/deliveries?limit=1&before={first['next']}"
    ).json()
    assert {mail["id"] for mail in (*first["mails"], *second["mails"])} == {
        1,
        2,
    }
    assert second["next"] is None
    page = newsroom.get("/zustellungen?limit=1")
    assert 'rel="next"' in page.text


def test_a_mail_in_the_browser(newsroom: Newsroom) -> None:
    answer = newsroom.get("/zustellungen/1")
    assert answer.status == 200
    assert '<pre class="letter"' in answer.text
    assert "anna@example.org" in answer.text
    assert "<iframe" not in answer.text
    view = newsroom.get("/api/v1/deliveries/1").json()
    assert view["line"]["state"] == "sent"
    assert view["stories"][0]["title"] in view["mail"]["text"].replace("*", "")


def test_words_of_a_mail_are_text(room: Newsroom) -> None:
    raw = b"Subject: <script>alert(1)</script>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    changed = {
        "raw": raw + "<b>fett</b> \u202e".encode(),
        "subject": "<script>alert(1)</script>",
    }
    with room.life.database.write() as connection:
        connection.execute(
            update(deliveries).where(deliveries.c.id == 1).values(changed)
        )
    for path in ("/zustellungen/1", "/zustellungen"):
        assert "<script>alert" not in room.get(path).text
    assert "<b>fett" not in room.get("/zustellungen/1").text
    assert "&lt;b&gt;fett" in room.get("/zustellungen/1").text


def test_a_mail_whose_bytes_were_deleted_keeps_its_facts(
    room: Newsroom,
) -> None:
    later = room.life.world.clock.now() + timedelta(days=99)
    with room.life.database.write() as connection:
        assert prune_bodies(connection, before=later, limit=9) == 2
    answer = room.get("/zustellungen/1")
    assert "Der Wortlaut wurde nach seiner Frist gelöscht" in answer.text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("dead", "Diese Mail ist nicht angekommen"),
        ("unknown", "Ob die Mail ankam, weiß niemand"),
    ],
)
def test_what_went_wrong_is_said_with_the_servers_words(
    room: Newsroom, state: str, said: str
) -> None:
    changed = {
        "state": state,
        "reply": "550 5.1.1 <anna> user unknown",
        "sent_at": None,
    }
    with room.life.database.write() as connection:
        connection.execute(
            update(deliveries).where(deliveries.c.id == 2).values(changed)
        )
    assert said in room.get("/zustellungen/2").text
    listed = room.get(f"/zustellungen?state={state}").text
    assert "550 5.1.1 &lt;anna&gt; user unknown" in listed


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("quiet hours", "Ruhezeit"),
        ("collected", "wird gesammelt"),
        ("flood brake", "Bremse bei vielen Treffern"),
        ("paused", "pausiert</div>"),
        ("", "an der Reihe"),
    ],
)
def test_what_waits_says_why(room: Newsroom, reason: str, said: str) -> None:
    with room.life.database.write() as connection:
        waiting = {"state": "pending", "reason": reason, "delivery_id": None}
        connection.execute(update(alerts).values(waiting))
    text = room.get("/zustellungen").text
    assert "Wartet auf die nächste Mail" in text
    assert said in text
    assert len(room.get("/api/v1/deliveries").json()["waiting"]) == 2


def test_who_wants_no_mail(room: Newsroom) -> None:
    now = room.life.world.clock.now()
    until = now + timedelta(days=3)
    with room.life.database.write() as connection:
        add_change(
            connection,
            "bert@example.org",
            "unsubscribed",
            said_by="link",
            now=now,
        )
        add_change(
            connection,
            "anna@example.org",
            "paused",
            until=until,
            said_by="link",
            now=now,
        )
        add_change(
            connection, "carla@example.org", "active", said_by="link", now=now
        )
    text = room.get("/zustellungen").text
    assert re.search(
        r"bert@example\.org</th>\s*<td[^>]*>.*?abbestellt", text, re.DOTALL
    )
    assert re.search(
        r"anna@example\.org</th>\s*<td[^>]*>.*?pausiert", text, re.DOTALL
    )
    assert "carla@example.org" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/zustellungen/99",
        "/zustellungen/x",
        "/zustellungen/-1",
        f"/zustellungen/{10**30}",
    ],
)
def test_unknown_mails_have_a_way_on(newsroom: Newsroom, path: str) -> None:
    assert newsroom.get(path).status == 404
    assert (
        newsroom.get(
            path.replace("/zustellungen", "/api/v1/deliveries")
        ).status
        == 404
    )
