"""/themen/neu and /themen/ID/bearbeiten over real HTTP: read, tried, saved,
taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest

from monitor.errors import IndexingError
from monitor.types.output import SearchPage, SearchRequest
from monitor.ui.web.pages.topic_editor.draft_form import (
    TopicForm,
    addresses_of,
    form_problems,
    lines_of,
)
from monitor.ui.web.pages.topic_editor.turns import MOST_EDITORS, Turns
from tests.flow.world import World
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NEW, HAUSHALT = "/themen/neu", "/themen/haushalt/bearbeiten"
VERSIONS = "/fassungen"


class AwayIndex:
    """An index that does not answer."""

    def search(self, request: SearchRequest) -> SearchPage:
        raise IndexingError("cannot search the search index: away")


@pytest.fixture
def room(world: World) -> Iterator[Newsroom]:
    with filled_newsroom(world) as made:
        yield made


def hidden(page: Answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no field {name}"
    return unescape(found[1])


def send(
    room: Newsroom, path: str, page: Answer | None = None, **fields: object
) -> Answer:
    """Send the form of an editor as a browser does."""
    opened = page or room.get(path)
    sent = {
        name: hidden(opened, name)
        for name in ("csrf", "seen")
        if f'name="{name}"' in opened.text
    }
    return room.ask(
        "POST", path, urlencode(sent | fields, doseq=True).encode(), FORM
    )


def text(answer: Answer) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.text)
    return " ".join(unescape(plain).split())


def file_of(room: Newsroom) -> str:
    return room.life.world.settings.feeds_file.read_text()


@pytest.mark.parametrize(
    ("fields", "hits", "titles"),
    [
        (
            {"any": "Haushalt*"},
            2,
            ["Löhner Rat beschließt", "Haushaltssperre in Cuxhaven"],
        ),
        ({"any": "Haushalt"}, 1, ["Löhner Rat beschließt"]),
        (
            {"any": "Bücherei\nWerrebrücke"},
            3,
            ["Werrebrücke bis Freitag", "Bücherei in Löhne"],
        ),
        ({"any": "Rat", "none": "Bücherei"}, 0, []),
        ({"all": "Bücherei\nKämmerin"}, 1, ["Bücherei in Löhne"]),
        (
            {"level": "query", "query": "Stadt NEAR/2 Löhne"},
            2,
            ["Löhner Rat beschließt"],
        ),
        (
            {"level": "query", "query": "title:Haushalt*"},
            2,
            ["Haushaltssperre in Cuxhaven"],
        ),
        (
            {"level": "query", "query": "Haushalt* AND NOT Cuxhaven"},
            1,
            ["Löhner Rat beschließt"],
        ),
        ({"level": "query", "query": "cs(rat)"}, 0, []),
        (
            {"level": "query", "query": "Fähren\nOR Handballer"},
            2,
            ["Fähren nach Neuwerk"],
        ),
        ({"any": "Quastenflosser"}, 0, []),
    ],
)
def test_a_draft_is_tried(
    newsroom: Newsroom, fields: dict[str, str], hits: int, titles: list[str]
) -> None:
    shown = send(newsroom, NEW, action="check", **fields)
    assert shown.status == 200
    assert f"{hits} Artikel in 30 Tagen" in text(shown)
    found = shown.hits
    assert len(found) <= 10
    for title in titles:
        assert any(title in each for each in found), found
    piece = send(
        newsroom,
        "/themen/probe",
        newsroom.get(NEW),
        editor="e",
        turn=1,
        **fields,
    )
    assert f"{hits} Artikel in 30 Tagen" in text(piece)
    assert "<html" not in piece.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"level": "query", "query": "Haushalt AND (Rat"}, "Zeichen 14"),
        ({"level": "query", "query": "Haushalt AND"}, "Zeichen"),
        ({"any": "*"}, "Eines davon genügt"),
        ({"any": "Rat", "none": "a*"}, "Nichts davon"),
        ({"none": "Rat"}, "noch nicht lesbar"),
        ({"any": "Rat", "schedule": "jeden Tag"}, "Zeiten"),
        ({"any": "Rat", "addresses": "anna@"}, "Weitere Adressen"),
        ({"any": "Rat\nBünde, Enger"}, "„Bünde, Enger“ würde als eine"),
        ({"any": "Rat", "none": "Sport; Wetter"}, "„Sport; Wetter“ würde"),
    ],
)
def test_what_is_wrong_is_shown_at_its_place(
    newsroom: Newsroom, fields: dict[str, str], said: str
) -> None:
    shown = send(newsroom, NEW, action="check", **fields)
    assert shown.status == 200
    assert said in text(shown)


def test_nothing_is_written_yet(newsroom: Newsroom) -> None:
    shown = newsroom.get(NEW)
    assert shown.title == "Neues Thema"
    assert "Noch steht nichts da" in text(shown)
    assert send(newsroom, NEW, action="save", name="Leer").status == 422


def test_each_part_has_its_effect(newsroom: Newsroom) -> None:
    query = "(Haushalt* OR Handballer) AND NOT Cuxhaven"
    shown = send(newsroom, NEW, action="check", level="query", query=query)
    rows = re.findall(
        r'<th scope="row"><code>(.*?)</code></th><td>(.*?)</td>(.*?)</tr>',
        shown.text,
        re.DOTALL,
    )
    effects = {
        unescape(part): (says, *re.findall(r">(\d+)<", numbers))
        for part, says, numbers in rows
    }
    assert effects["Haushalt*"] == ("nur dadurch gefunden", "1", "1")
    assert effects["Handballer"] == ("nur dadurch gefunden", "1", "1")
    assert effects["NOT Cuxhaven"] == ("dadurch ausgeschlossen", "1", "3")
    assert "Haushalt* OR Handballer" not in effects, (
        "what is left would only exclude"
    )


def test_mails_are_counted(newsroom: Newsroom) -> None:
    fields = {
        "any": "Haushalt*",
        "recipients": "anna",
        "addresses": "neu@example.org",
    }
    shown = text(send(newsroom, NEW, action="check", mode="digest", **fields))
    assert (
        "anna@example.org 1 (gesammelt), neu@example.org 1 (gesammelt)"
        in shown
    )


def test_an_older_answer_is_given_up(newsroom: Newsroom) -> None:
    page = newsroom.get(NEW)
    sent = {"any": "Rat", "editor": "einer"}
    assert send(newsroom, "/themen/probe", page, turn=7, **sent).status == 200
    late = send(newsroom, "/themen/probe", page, turn=6, **sent)
    assert (late.status, late.body) == (204, b"")
    assert send(newsroom, "/themen/probe", page, turn=8, **sent).status == 200
    assert (
        send(
            newsroom,
            "/themen/probe",
            page,
            turn=1,
            any="Rat",
            editor="anderer",
        ).status
        == 200
    )


def test_turns() -> None:
    turns = Turns()
    assert turns.begin("a", 1)
    assert turns.is_newest("a", 1)
    assert turns.begin("a", 3)
    assert not turns.is_newest("a", 1)
    assert not turns.begin("a", 2)
    assert turns.is_newest("a", 3)
    for number in range(MOST_EDITORS):
        turns.begin(f"b{number}", 1)
    assert turns.is_newest("a", 1), "forgotten"


def test_a_new_topic_is_saved_and_found_by_the_daemon(room: Newsroom) -> None:
    before = file_of(room)
    page = room.get(NEW)
    fields = {
        "name": "Bücherei",
        "any": "Bücherei\nBibliothek",
        "recipients": "anna",
    }
    saved = send(room, NEW, page, action="save", mode="immediate", **fields)
    assert saved.status == 303
    assert saved.headers["Location"].endswith("/themen/buecherei")
    entry = "  - name: Bücherei\n    any: [Bücherei, Bibliothek]\n    recipients: [anna]\n"
    assert entry + "    mode: immediate\n" in file_of(room)
    assert file_of(room).replace(entry + "    mode: immediate\n", "") == before
    assert room.life.live.reload()
    room.add(
        "weserbote",
        "Bibliothek öffnet wieder",
        "Die Bibliothek der Stadt öffnet am Montag.",
    )
    mails = len(room.life.world.mails())
    room.read()
    room.read()
    new = room.life.world.mails()[mails:]
    assert [
        mail["Subject"] for mail in new if "Bücherei" in mail["Subject"]
    ], "the new article alerts"
    assert len([mail for mail in new if "Bücherei" in mail["Subject"]]) == 1
    assert all("Neubau" not in mail["Subject"] for mail in new), (
        "articles of before do not"
    )


@pytest.mark.slow
def test_an_edited_topic_keeps_its_id_and_old_articles_do_not_alert(
    room: Newsroom,
) -> None:
    mails = len(room.life.world.mails())
    page = room.get(HAUSHALT)
    assert "Haushalt*" in page.text
    fields = {
        "name": "Haushalt und Häfen",
        "any": "Haushalt*\nFähren",
        "recipients": "anna",
    }
    saved = send(room, HAUSHALT, page, action="save", **fields)
    assert saved.status == 303
    assert saved.headers["Location"].endswith("/themen/haushalt")
    assert "name: 'Haushalt und Häfen'" in file_of(
        room
    ) or "Haushalt und Häfen" in file_of(room)
    assert "'haushalt'" in file_of(room)
    assert room.life.live.reload()
    room.read()
    assert len(room.life.world.mails()) == mails
    room.add(
        "kuestenfunk",
        "Fähren fahren wieder",
        "Die Fähren nach Neuwerk fahren seit heute.",
    )
    room.read()
    assert len(room.life.world.mails()) == mails + 1


def test_a_file_that_was_edited_by_hand_is_not_overwritten(
    room: Newsroom,
) -> None:
    page = room.get(HAUSHALT)
    path = room.life.world.settings.feeds_file
    path.write_text(
        "# von Hand\n"
        + file_of(room).replace("'Haushalt*'", "'Haushalt*', Kasse")
    )
    fields = {
        "name": "Haushalt",
        "any": "Haushalt*\nEtat",
        "recipients": "anna",
    }
    held = send(room, HAUSHALT, page, action="save", **fields)
    assert held.status == 409
    assert "inzwischen geändert" in text(held)
    assert "Kasse" in held.text
    assert "Etat" in held.text
    assert "Etat" not in file_of(room)
    again = send(room, HAUSHALT, held, action="save", **fields)
    assert again.status == 303
    assert "Etat" in file_of(room)
    assert "# von Hand" in file_of(room)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "", "any": "Rat"}, 422),
        ({"name": "Haushalt", "any": "Rat"}, 422),
        ({"name": "Neu", "level": "query", "query": "(Rat"}, 422),
        ({"name": "!!!", "any": "Rat"}, 422),
        ({"name": "Neu", "any": "Rat", "addresses": "unbekannt"}, 422),
        ({"name": "Neu", "any": "Rat", "mode": "morgen"}, 422),
        ({"name": "N" * 300, "any": "Rat"}, 422),
        ({"name": "Neu", "any": "Rat", "mails_per_hour": "-1"}, 422),
    ],
)
def test_what_cannot_be_used_is_not_saved(
    newsroom: Newsroom, fields: dict[str, str], status: int
) -> None:
    before = file_of(newsroom)
    assert send(newsroom, NEW, action="save", **fields).status == status
    assert file_of(newsroom) == before


def test_a_form_of_another_site_is_refused(newsroom: Newsroom) -> None:
    for path in (
        NEW,
        HAUSHALT,
        "/themen/probe",
        "/themen/vorschlaege",
        f"{VERSIONS}/1",
    ):
        assert (
            newsroom.ask(
                "POST", path, b"name=x&any=Rat&action=save", FORM
            ).status
            == 403
        )


def test_an_unknown_topic(newsroom: Newsroom) -> None:
    assert newsroom.get("/themen/fehlt/bearbeiten").status == 404
    assert newsroom.get("/fassungen/99").status == 404
    assert newsroom.get("/fassungen/99999999999999999999").status == 404


def test_a_query_can_be_brought_along(newsroom: Newsroom) -> None:
    shown = newsroom.get(
        f"{HAUSHALT}?{urlencode({'query': 'Haushalt* AND NOT Cuxhaven'})}"
    )
    assert "Haushalt* AND NOT Cuxhaven</textarea>" in shown.text
    assert "1 Artikel in 30 Tagen" in text(shown)
    assert "Haushalt* AND NOT" not in file_of(newsroom)


def test_versions_are_listed_and_taken_back(room: Newsroom) -> None:
    assert "noch nichts gespeichert" in text(room.get(VERSIONS))
    before = file_of(room)
    fields = {
        "name": "Haushalt",
        "any": "Haushalt*\nEtat",
        "recipients": "anna",
    }
    assert send(room, HAUSHALT, action="save", **fields).status == 303
    listed = room.get(VERSIONS)
    assert "Thema geändert Haushalt" in text(listed)
    assert "von Hand geändert" in text(listed)
    first = room.get(f"{VERSIONS}/1")
    assert "Etat" in first.text
    assert send(room, f"{VERSIONS}/1", first).status == 303
    assert file_of(room) == before
    assert "zurückgenommen auf Fassung 1" in text(room.get(VERSIONS))
    path = room.life.world.settings.feeds_file
    second = room.get(f"{VERSIONS}/2")
    path.write_text("# von Hand\n" + before)
    assert send(room, f"{VERSIONS}/2", second).status == 409
    assert file_of(room) == "# von Hand\n" + before


def test_a_topic_named_as_a_page_gets_an_id_of_its_own(room: Newsroom) -> None:
    saved = send(room, NEW, action="save", name="Neu", any="Rat")
    assert saved.status == 303
    assert saved.headers["Location"].endswith("/themen/thema-neu")
    assert room.get("/themen/thema-neu").status == 200


@pytest.mark.slow
def test_a_very_long_draft_is_read_but_not_tried(newsroom: Newsroom) -> None:
    words = "\n".join(f"Wort{number}" for number in range(3_000))
    shown = send(newsroom, NEW, action="check", any=words)
    assert shown.status == 200
    assert "zu viel, um es beim Tippen auszuprobieren" in text(shown)


def test_a_file_that_is_not_here_gets_text_to_paste(room: Newsroom) -> None:
    room.life.world.settings.feeds_file.unlink()
    fields = {"name": "Bücherei", "any": "Bücherei", "recipients": "anna"}
    shown = send(room, NEW, action="check", **fields)
    assert shown.status == 200
    assert "darf hier nicht geschrieben werden" in text(shown)
    assert "  - name: Bücherei\n    any: [Bücherei]\n" in unescape(shown.text)
    assert send(room, NEW, shown, action="save", **fields).status == 422
    assert not room.life.world.settings.feeds_file.exists()


def test_the_index_is_away(world: World) -> None:
    with filled_newsroom(world, index=AwayIndex()) as room:  # type: ignore[arg-type]
        shown = send(room, NEW, action="check", any="Haushalt*")
        assert "2 Artikel in 30 Tagen" in text(shown)
        assert "Suchindex antwortet gerade nicht" in text(shown)
        assert send(room, NEW, action="suggest", any="Haushalt*").status == 200


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("", ()),
        ("Rat", ("Rat",)),
        (" Rat \r\n\r\nStadt  Löhne\n", ("Rat", "Stadt Löhne")),
        ("Rat\nRat", ("Rat",)),
    ],
)
def test_lines(written: str, lines: tuple[str, ...]) -> None:
    assert lines_of(written) == lines


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("", ()),
        ("a@b.de", ("a@b.de",)),
        (
            "a@b.de, c@d.de;e@f.de\ng@h.de",
            ("a@b.de", "c@d.de", "e@f.de", "g@h.de"),
        ),
        ("a@b.de a@b.de", ("a@b.de",)),
    ],
)
def test_addresses(written: str, found: tuple[str, ...]) -> None:
    assert addresses_of(written) == found


@pytest.mark.parametrize(
    "line", ["Rat", '"Bünde, Enger"', "1,5 Millionen", "Haushalt*", "B 239"]
)
def test_these_lines_are_one_phrase(line: str) -> None:
    assert form_problems(TopicForm(any=line), ()) == {}
