"""Programs that change topics and sources over /api/v1 by a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from monitor.access.secret_keys import key_hash, make_token
from monitor.store.accounts import api_tokens
from monitor.types.accounts import Role
from tests.flow.world import World
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom

TOPIC: dict[str, Any] = {
    "name": "Bücherei",
    "any": ["Bücherei"],
    "recipients": ["anna"],
}


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    with filled_newsroom(world) as made:
        yield made


def token(room: Newsroom, role: Role) -> str:
    made, now = make_token(), room.life.world.clock.now()
    with room.life.database.write() as connection:
        assert api_tokens.add_token(
            connection,
            f"skript-{role}",
            token_hash=key_hash(made),
            role=role,
            now=now,
            expires_at=now + timedelta(days=1),
        )
    return made


def post(room: Newsroom, path: str, body: object, bearer: str) -> Answer:
    headers = {
        "Authorization": f"Bearer {bearer}",
        "Content-Type": "application/json",
    }
    return room.ask(
        "POST", "/api/v1" + path, json.dumps(body).encode(), headers
    )


def get(room: Newsroom, path: str, bearer: str) -> Answer:
    return room.get("/api/v1" + path, Authorization=f"Bearer {bearer}")


def file_of(room: Newsroom) -> str:
    return room.life.world.settings.feeds_file.read_text()


def test_a_topic_is_written_and_changed(room: Newsroom) -> None:
    bearer = token(room, "editor")
    added = post(room, "/topics", TOPIC, bearer)
    assert added.status == 200
    assert added.json()["state"] == "saved"
    assert added.json()["about"] == ["buecherei"]
    assert (
        "  - name: Bücherei\n    any: [Bücherei]\n    recipients: [anna]\n"
        in file_of(room)
    )
    seen = added.json()["digest"]
    changed = post(
        room,
        "/topics/buecherei",
        TOPIC | {"any": [], "query": "Bücherei AND Stadt", "seen": seen},
        bearer,
    )
    assert changed.json()["state"] == "saved"
    assert "query: Bücherei AND Stadt" in file_of(room)
    late = post(room, "/topics/buecherei", TOPIC | {"seen": seen}, bearer)
    assert (late.status, late.json()["state"]) == (409, "changed_meanwhile")
    assert "query: Bücherei AND Stadt" in file_of(room)
    assert "skript-editor" in room.get("/fassungen").text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (TOPIC | {"name": "Haushalt"}, 422),
        (TOPIC | {"any": []}, 422),
        (TOPIC | {"any": [], "query": "(Rat"}, 422),
        (TOPIC | {"recipients": ["niemand"]}, 422),
        (TOPIC | {"mode": "morgen"}, 400),
        (TOPIC | {"anny": ["x"]}, 400),
        ([], 400),
        ("x", 400),
        (TOPIC | {"any": "Rat"}, 400),
        (TOPIC | {"mails_per_hour": 0}, 400),
    ],
)
def test_what_cannot_be_used_changes_nothing(
    room: Newsroom, body: object, status: int
) -> None:
    before = file_of(room)
    assert post(room, "/topics", body, token(room, "editor")).status == status
    assert file_of(room) == before


def test_who_may_what(room: Newsroom) -> None:
    before = file_of(room)
    source = {"url": "http://neu.test/rss", "title": "Neu"}
    assert post(room, "/topics", TOPIC, token(room, "reader")).status == 403
    editor = token(room, "editor")
    assert post(room, "/sources", source, editor).status == 403
    assert (
        post(room, "/sources/weserbote", {"paused": True}, editor).status
        == 403
    )
    assert post(room, "/topics", TOPIC, "monitor_falsch").status == 401
    plain = room.ask("POST", "/api/v1/topics", json.dumps(TOPIC).encode(), {})
    assert plain.status == 403, "a browser's form without our token"
    assert file_of(room) == before


def test_a_draft_is_tried_and_nothing_saved(room: Newsroom) -> None:
    before = file_of(room)
    bearer = token(room, "editor")
    tried = post(
        room,
        "/trials",
        {"name": "", "query": "Haushalt* AND NOT Cuxhaven"},
        bearer,
    ).json()
    assert tried["trial"]["hits"] == 1
    assert tried["query"] == "Haushalt* AND NOT Cuxhaven"
    wrong = post(
        room, "/trials", {"name": "", "query": "(Haushalt"}, bearer
    ).json()
    assert wrong["trial"] is None
    assert wrong["remarks"][0]["field"] == "query"
    assert file_of(room) == before


def test_sources_are_written_and_paused(room: Newsroom) -> None:
    bearer = token(room, "admin")
    source = {"url": "neu.test/rss", "title": "Neue Zeitung", "region": "owl"}
    added = post(room, "/sources", source, bearer)
    assert added.json()["about"] == ["neue-zeitung"]
    assert "https://neu.test/rss" in file_of(room)
    again = post(room, "/sources", source, bearer)
    assert (again.status, again.json()["state"]) == (422, "refused")
    assert (
        post(room, "/sources", source | {"url": "ftp://x"}, bearer).status
        == 400
    )
    paused = post(
        room,
        "/sources/weserbote",
        {"paused": True, "max_interval": "1 h"},
        bearer,
    )
    assert paused.json()["state"] == "saved"
    line = next(
        line for line in file_of(room).splitlines() if "weserbote" in line
    )
    assert "paused: true" in line
    assert "max_interval: '1 h'" in line
    assert post(room, "/sources/fehlt", {"paused": True}, bearer).status == 404
    assert (
        post(room, "/sources/weserbote", {}, bearer).json()["state"]
        == "unchanged"
    )
    wrong = post(room, "/sources/weserbote", {"max_interval": "bald"}, bearer)
    assert wrong.status == 422


def test_a_topic_is_deleted_and_taken_back(room: Newsroom) -> None:
    before, bearer = file_of(room), token(room, "editor")
    assert post(room, "/topics/fehlt/delete", {}, bearer).status == 404
    assert (
        post(
            room, "/topics/haushalt/delete", {"seen": "0" * 64}, bearer
        ).status
        == 409
    )
    assert (
        post(room, "/topics/haushalt/delete", {}, token(room, "reader")).status
        == 403
    )
    assert file_of(room) == before
    deleted = post(room, "/topics/haushalt/delete", {}, bearer)
    assert (deleted.status, deleted.json()["state"]) == (200, "saved")
    assert "Haushalt" not in file_of(room)

    listed = get(room, "/versions", bearer).json()["versions"]
    assert [each["version"]["action"] for each in listed] == [
        "topic_deleted",
        "by_hand",
    ]
    assert [each["is_current"] for each in listed] == [True, False]
    assert listed[0]["version"]["account"] == "token skript-editor"
    number = listed[1]["version"]["id"]
    view = get(room, f"/versions/{number}", bearer).json()
    assert "+  - {name: Haushalt" in view["taken_back"]
    assert not view["beyond_topics"]
    late = post(room, f"/versions/{number}", {"seen": "0" * 64}, bearer)
    assert (late.status, late.json()["state"]) == (409, "changed_meanwhile")
    back = post(room, f"/versions/{number}", {"seen": view["digest"]}, bearer)
    assert (back.status, back.json()["state"]) == (200, "saved")
    assert file_of(room) == before


def test_versions_that_change_sources_are_for_admins(room: Newsroom) -> None:
    admin = token(room, "admin")
    assert (
        post(
            room, "/sources", {"url": "neu.test/rss", "title": "Neu"}, admin
        ).status
        == 200
    )
    after = file_of(room)
    assert post(room, "/versions/1", {}, token(room, "editor")).status == 403
    assert get(room, "/versions", token(room, "reader")).status == 403
    assert get(room, "/versions/99", admin).status == 404
    assert file_of(room) == after
    assert post(room, "/versions/1", {}, admin).json()["state"] == "saved"
    assert "neu.test" not in file_of(room)


def test_changes_are_described(room: Newsroom) -> None:
    described = room.get("/api/v1/openapi.json").json()["paths"]
    for path in (
        "/topics",
        "/topics/{topic}",
        "/trials",
        "/sources",
        "/sources/{source}",
    ):
        body = described[path]["post"]["requestBody"]["content"][
            "application/json"
        ]
        assert body["schema"]["$ref"].startswith("#/components/schemas/")
    assert "get" in described["/topics"]
