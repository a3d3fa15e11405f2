"""Press reviews over real HTTP: choosing, ordering, issuing, sending; by role,
by forms of our own pages, with nothing lost between two editors.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pypdf
import pytest
from sqlalchemy import insert, select

from monitor.flow.press_review.review_content import Masthead
from monitor.store import tables
from monitor.wiring.mail_kit import make_mail_kit
from tests.flow.world import World
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom
from tests.ui.web.pages.test_desk import FORM, token

RAT = "Löhner Rat beschließt Haushalt für das kommende Jahr"
BUECHEREI = "Bücherei in Löhne: Neubau kommt ein Jahr später"
FAEHREN = "Sturmflut: Fähren nach Neuwerk fallen aus"
SPERRE = "Haushaltssperre in Cuxhaven aufgehoben"


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    with filled_newsroom(world, masthead=Masthead("Stadt Löhne")) as made:
        yield made


def send(room: Newsroom, path: str, *fields: tuple[str, str]) -> Answer:
    sent = [("csrf", token(room.get("/"))), *fields]
    return room.ask("POST", path, urlencode(sent).encode(), FORM)


def articles(room: Newsroom, *titles: str) -> list[str]:
    found = room.get("/api/v1/search?copies=1&limit=100").json()["articles"]
    numbers = {each["title"]: str(each["article"]) for each in found}
    return [numbers[title] for title in titles]


def draft_with(room: Newsroom, *titles: str) -> str:
    """The path of a new draft with these stories."""
    fields = [("article", number) for number in articles(room, *titles)]
    return send(room, "/pressespiegel/aufnehmen", *fields).headers["Location"]


def fields_of(answer: Answer) -> list[tuple[str, str]]:
    """Everything that the form of a draft would send, in its order."""
    form = re.search(r'<form class="draft".*?</form>', answer.text, re.DOTALL)
    assert form
    found = []
    for tag in re.findall(
        r"<input[^>]*>|<textarea.*?</textarea>|<select.*?</select>",
        form[0],
        re.DOTALL,
    ):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if tag.startswith("<textarea"):
            value = re.search(r">(.*)</textarea>", tag, re.DOTALL)
        if tag.startswith("<select"):
            value = re.search(r'value="([^"]*)" selected', tag)
        if name and name[1] != "csrf":
            found.append(
                (unescape(name[1]), unescape(value[1]) if value else "")
            )
    return found


def change(room: Newsroom, path: str, deed: str, **changes: str) -> Answer:
    fields = [
        (name, changes.get(name, value))
        for name, value in fields_of(room.get(path))
    ]
    return send(room, path, *fields, ("do", deed))


def order(room: Newsroom, path: str) -> list[str]:
    """Headings and titles of a draft, as they stand."""
    text = room.get(path).text
    found = re.findall(
        r'name="section_\d+" value="([^"]*)"|<a id="t\d+"[^>]*>([^<]*)<', text
    )
    return [
        f"# {unescape(heading)}" if not title else unescape(title)
        for heading, title in found
    ]


def test_stories_ticked_in_a_search_become_a_draft_by_topics(
    room: Newsroom,
) -> None:
    listed = room.get("/suche?copies=1")
    assert 'form="auswahl" name="article"' in listed.text
    path = draft_with(room, FAEHREN, BUECHEREI, RAT)
    assert re.fullmatch(r"/pressespiegel/\d+", path)
    assert order(room, path) == [
        "# ",
        FAEHREN,
        "# Stadt Löhne",
        BUECHEREI,
        "# Haushalt",
        RAT,
    ]


def test_further_stories_go_into_the_section_of_their_topic(
    room: Newsroom,
) -> None:
    path = draft_with(room, RAT, FAEHREN)
    number = path.rpartition("/")[2]
    (haushalt,) = articles(room, SPERRE)
    again = articles(room, RAT)[0]
    fields = [("article", haushalt), ("article", again), ("draft", number)]
    send(room, "/pressespiegel/aufnehmen", *fields)
    assert order(room, path) == [
        "# Haushalt",
        RAT,
        SPERRE,
        "# ",
        FAEHREN,
    ]


@pytest.mark.parametrize(
    ("fill", "expected"),
    [
        ("topic:haushalt", ["# Haushalt", RAT, SPERRE]),
        ("topic:stadt-loehne", ["# Stadt Löhne", RAT, BUECHEREI]),
        ("all", ["# Haushalt", RAT, SPERRE, "# Stadt Löhne", BUECHEREI]),
        ("", []),
    ],
)
def test_a_draft_of_a_topic_or_a_day(
    room: Newsroom, fill: str, expected: list[str]
) -> None:
    answer = send(room, "/pressespiegel", ("title", "Lage"), ("fill", fill))
    path = answer.headers["Location"]
    found = order(room, path)
    assert [each for each in found if each[0] == "#"] == [
        e for e in expected if e[0] == "#"
    ]
    assert sorted(found) == sorted(expected)


def test_a_draft_of_another_day_is_empty(room: Newsroom) -> None:
    answer = send(
        room, "/pressespiegel", ("fill", "all"), ("day", "2024-01-01")
    )
    assert order(room, answer.headers["Location"]) == []


@pytest.mark.slow
def test_moving_splitting_commenting_and_removing(room: Newsroom) -> None:
    path = draft_with(room, RAT, BUECHEREI, FAEHREN)
    rat, buecherei, faehren = articles(room, RAT, BUECHEREI, FAEHREN)
    change(
        room,
        path,
        "save",
        **{f"comment_{rat}": "Bitte lesen", "section_2": "Wetter"},
    )
    assert order(room, path) == [
        "# Haushalt",
        RAT,
        "# Stadt Löhne",
        BUECHEREI,
        "# Wetter",
        FAEHREN,
    ]
    answer = change(room, path, f"up:{faehren}")
    assert answer.headers["Location"].endswith(f"#meldung-{faehren}")
    assert order(room, path) == [
        "# Haushalt",
        RAT,
        "# Stadt Löhne",
        BUECHEREI,
        FAEHREN,
    ]
    change(room, path, f"down:{buecherei}")
    assert order(room, path) == [
        "# Haushalt",
        RAT,
        "# Stadt Löhne",
        FAEHREN,
        BUECHEREI,
    ]
    change(room, path, f"split:{buecherei}")
    assert order(room, path)[-2:] == ["# Neuer Abschnitt", BUECHEREI]
    change(room, path, "section-up:2")
    assert order(room, path)[2:4] == ["# Neuer Abschnitt", BUECHEREI]
    change(room, path, f"remove:{faehren}")
    assert FAEHREN not in order(room, path)
    change(room, path, "topics")
    assert order(room, path) == ["# Haushalt", RAT, "# Stadt Löhne", BUECHEREI]
    assert 'value="Bitte lesen"' in room.get(path).text


def test_the_order_of_the_rows_is_the_order(room: Newsroom) -> None:
    """What a script moves on the page needs no position of its own."""
    path = draft_with(room, RAT, BUECHEREI, FAEHREN)
    rat, buecherei, faehren = articles(room, RAT, BUECHEREI, FAEHREN)
    plain = [pair for pair in fields_of(room.get(path)) if pair[0] != "row"]
    rows = [
        ("row", row)
        for row in ("s:1", f"i:{faehren}", f"i:{rat}", "s:0", f"i:{buecherei}")
    ]
    send(room, path, *plain, *rows)
    assert order(room, path) == [
        "# Stadt Löhne",
        FAEHREN,
        RAT,
        "# Haushalt",
        BUECHEREI,
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "rows",
    [
        ["i:999999"],
        ["x:1"],
        ["s:0"],
        ["i:1; DROP"],
        ["i:" + "9" * 30],
        [],
        ["s:99", "s:98"],
    ],
)
def test_rows_that_are_none_lose_no_story(
    room: Newsroom, rows: list[str]
) -> None:
    path = draft_with(room, RAT, BUECHEREI)
    plain = [pair for pair in fields_of(room.get(path)) if pair[0] != "row"]
    assert (
        send(room, path, *plain, *(("row", row) for row in rows)).status == 303
    )
    assert set(order(room, path)) >= {RAT, BUECHEREI}


def test_two_editors_do_not_overwrite_each_other_unseen(
    room: Newsroom,
) -> None:
    path = draft_with(room, RAT)
    stale = fields_of(room.get(path))
    change(room, path, "save", title="Von Bert")
    mine = [
        (name, "Von Anna" if name == "title" else value)
        for name, value in stale
    ]
    answer = send(room, path, *mine, ("do", "save"))
    assert answer.status == 409
    assert "Noch nicht gespeichert" in answer.text
    assert 'value="Von Anna"' in answer.text
    assert "Von Bert</h1>" in room.get(path).text
    kept = fields_of(answer)
    assert send(room, path, *kept, ("do", "save")).status == 303
    assert "Von Anna</h1>" in room.get(path).text


def test_a_story_added_meanwhile_survives_the_other_edit(
    room: Newsroom,
) -> None:
    path = draft_with(room, RAT)
    stale = fields_of(room.get(path))
    number = path.rpartition("/")[2]
    new = articles(room, FAEHREN)[0]
    send(room, "/pressespiegel/aufnehmen", ("article", new), ("draft", number))
    answer = send(room, path, *stale, ("do", "save"))
    assert answer.status == 409
    assert send(room, path, *fields_of(answer), ("do", "save")).status == 303
    assert set(order(room, path)) >= {RAT, FAEHREN}


@pytest.mark.slow
def test_issuing_twice_makes_one_issue_and_an_edit_makes_another(
    room: Newsroom,
) -> None:
    path = draft_with(room, RAT)
    stale = fields_of(room.get(path))
    first = send(room, path, *stale, ("do", "issue"))
    assert first.status == 303
    # the same form once more
    assert send(room, path, *stale, ("do", "issue")).status == 409
    second = change(room, path, "issue").headers["Location"]
    assert second != first.headers["Location"]
    archive = room.get("/pressespiegel").text
    assert archive.count('href="/pressespiegel/ausgaben/') == 2


@pytest.mark.slow
def test_an_issue_stays_as_it_was(room: Newsroom) -> None:
    path = draft_with(room, RAT, FAEHREN)
    (rat,) = articles(room, RAT)
    issue = change(
        room, path, "issue", **{f"comment_{rat}": "Zur Kenntnis"}
    ).headers["Location"]
    before = {
        kind: room.get(f"{issue}.{kind}") for kind in ("html", "pdf", "docx")
    }
    assert [answer.status for answer in before.values()] == [200, 200, 200]
    change(room, path, f"remove:{rat}")
    send(room, f"{path}/entfernen")
    assert room.get(path).status == 404
    page = room.get(issue).text
    for kind, answer in before.items():
        assert room.get(f"{issue}.{kind}").body == answer.body
        assert hashlib.sha256(answer.body).hexdigest() in page
    assert "Zur Kenntnis" in page
    text = pypdf.PdfReader(BytesIO(before["pdf"].body)).pages[1].extract_text()
    assert "Zur Kenntnis" in " ".join(text.split())
    assert "Stadt Löhne" in before["html"].text
    assert before["pdf"].headers["Content-Type"] == "application/pdf"
    assert (
        'attachment; filename="2025-'
        in before["docx"].headers["Content-Disposition"]
    )


@pytest.mark.slow
def test_the_html_file_runs_nothing(room: Newsroom) -> None:
    path = draft_with(room, RAT)
    change(
        room,
        path,
        "save",
        title="<script>alert(1)</script>",
        note="</style><b>x</b>",
    )
    answer = room.get(f"{path}.html")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "<script>alert" not in answer.text
    assert "<b>x" not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/pressespiegel/999", 404),
        (f"/pressespiegel/{10**30}", 404),
        ("/pressespiegel/0", 404),
        ("/pressespiegel/999.pdf", 404),
        ("/pressespiegel/ausgaben/999", 404),
        ("/pressespiegel/ausgaben/999.pdf", 404),
        (f"/pressespiegel/ausgaben/{10**30}.html", 404),
        ("/pressespiegel/1.exe", 404),
        ("/pressespiegel?before=x", 400),
        ("/pressespiegel?before=0", 400),
    ],
)
def test_what_is_not_there(newsroom: Newsroom, path: str, status: int) -> None:
    assert newsroom.get(path).status == status


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([("do", "dance")], 400),
        ([("do", "up:x")], 400),
        ([("day", "gestern")], 422),
        ([("revision", "-1")], 422),
        ([("title", "x" * 121)], 422),
        ([("note", "x" * 2001)], 422),
        ([("snippet", "everything")], 422),
    ],
)
def test_forms_that_cannot_be_read(
    room: Newsroom, fields: list[tuple[str, str]], status: int
) -> None:
    path = draft_with(room, RAT)
    names = {name for name, _value in fields}
    plain = [
        pair for pair in fields_of(room.get(path)) if pair[0] not in names
    ]
    assert send(room, path, *plain, *fields).status == status


def test_forms_of_other_sites_change_nothing(newsroom: Newsroom) -> None:
    for path in (
        "/pressespiegel",
        "/pressespiegel/aufnehmen",
        "/pressespiegel/1",
        "/pressespiegel/1/entfernen",
        "/pressespiegel/ausgaben/1/senden",
    ):
        assert newsroom.ask("POST", path, b"title=x", FORM).status == 403


def test_an_unknown_topic_or_draft_is_named(room: Newsroom) -> None:
    assert send(room, "/pressespiegel", ("fill", "topic:none")).status == 404
    (rat,) = articles(room, RAT)
    assert (
        send(
            room, "/pressespiegel/aufnehmen", ("article", rat), ("draft", "99")
        ).status
        == 404
    )
    assert (
        send(room, "/pressespiegel/aufnehmen", ("article", "x")).status == 400
    )


@pytest.mark.slow
def test_an_issue_is_mailed_to_each_person_once(world: World) -> None:
    with filled_newsroom(world) as plain:
        database = plain.life.database
        kit = make_mail_kit(world.settings, database, now=world.clock.now())
    with filled_newsroom(world, mail=kit) as room:
        path = draft_with(room, RAT)
        issue = change(room, path, "issue", title="Lage").headers["Location"]
        page = room.get(issue).text
        assert 'value="anna@example.org"' in page
        fields = [
            ("recipient", "anna@example.org"),
            ("format", "pdf"),
            ("format", "docx"),
        ]
        answer = send(room, f"{issue}/senden", *fields)
        assert answer.headers["Location"].endswith("mails=1")
        again = send(
            room, f"{issue}/senden", *fields, ("recipient", "bert@example.org")
        )
        assert again.headers["Location"].endswith("mails=1")
        stranger = send(
            room, f"{issue}/senden", ("recipient", "eve@evil.example")
        )
        assert stranger.headers["Location"].endswith("mails=0")
        nobody = send(room, f"{issue}/senden", ("format", "pdf"))
        assert (nobody.status, "Niemand ist angekreuzt." in nobody.text) == (
            422,
            True,
        )
        room.life.one_pass()
        mails = [
            mail
            for mail in world.mails()
            if "[Pressespiegel]" in mail["Subject"]
        ]
        assert [str(mail["To"]) for mail in mails] == [
            "anna <anna@example.org>",
            "bert <bert@example.org>",
        ]
        assert [
            part.get_content_type() for part in mails[0].iter_attachments()
        ] == [
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ]


def test_english(newsroom: Newsroom) -> None:
    assert (
        newsroom.get("/pressespiegel", Accept_Language="en").title
        == "Press reviews"
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/press-reviews/issues/99", 404),
        (f"/api/v1/press-reviews/issues/{10**30}", 404),
        ("/api/v1/press-reviews/issues/1?files=rtf", 400),
        ("/api/v1/press-reviews?before=-1", 400),
        ("/api/v1/press-reviews/1/issue", 405),
    ],
)
def test_what_the_api_refuses(
    newsroom: Newsroom, path: str, status: int
) -> None:
    assert newsroom.get(path).status == status


def test_a_draft_of_a_hundred_stories_is_light(room: Newsroom) -> None:
    """Titles and teasers as long as newspapers' usually are, and a remark on
    each.
    """
    with room.life.database.write() as connection:
        story, article = (
            dict(connection.execute(select(table).limit(1)).mappings().one())
            for table in (tables.stories, tables.articles)
        )
        rows = [_like(article, number) for number in range(1_000, 1_100)]
        connection.execute(
            insert(tables.stories), [story | {"id": row["id"]} for row in rows]
        )
        connection.execute(insert(tables.articles), rows)
    taken = [("article", str(row["id"])) for row in rows]
    path = send(room, "/pressespiegel/aufnehmen", *taken).headers["Location"]
    remarks = {
        f"comment_{row['id']}": "Für die Runde am Montag vormerken"
        for row in rows
    }
    change(room, path, "save", **remarks)
    drafted = room.get(path)
    assert drafted.text.count("Für die Runde am Montag") == 100
    assert drafted.text.count("Straßenausbaubeiträge") == 100
    assert len(drafted.body) < 100_000


def _like(pattern: dict[str, Any], number: int) -> dict[str, Any]:
    title = f"Löhner Rat berät über Straßenausbaubeiträge und Grundschule im Ortsteil {number}"
    text = (
        "Die Bürger der Ortsteile sollen für die Straßen künftig weniger bezahlen. "
        * 8
    )
    own = {
        "id": number,
        "title": title,
        "text": text,
        "url": f"http://weserbote.test/{number}",
    }
    return pattern | own | {"story_id": number, "doc_id": f"d{number}"}
