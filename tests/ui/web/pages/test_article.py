"""/artikel/N over real HTTP: marks and jumps, why it alerted, versions, the
story, bad input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, filled_newsroom, open_newsroom

LONG = " ".join(
    f"Satz {n} über die Sturmflut an der Küste bei Neuwerk." for n in range(40)
)


def number_of(room: Newsroom, words: str) -> int:
    found = room.get(f"/api/v1/search?copies=1&q={quote(words)}").json()[
        "articles"
    ]
    return int(found[0]["article"])


def marks(text: str) -> list[tuple[int, str]]:
    found = re.findall(r'<mark id="t(\d+)">(.*?)</mark>', text)
    return [(int(number), said) for number, said in found]


def test_a_hit_leads_to_its_article_and_to_the_original(
    newsroom: Newsroom,
) -> None:
    found = newsroom.get("/suche?q=haushalt&outlet=Weserbote")
    answer = newsroom.get(found.link("<mark>Haushalt"))
    assert answer.status == 200
    assert "Löhner Rat beschließt" in answer.title
    assert answer.link("Zum Original").startswith("http://weserbote.test/")
    assert newsroom.get(answer.link("Zurück zur Suche")).hits
    assert found.link("Original").startswith("http://weserbote.test/")


def test_every_mark_has_a_jump_and_every_jump_a_mark(
    newsroom: Newsroom,
) -> None:
    number = number_of(newsroom, "Löhner Rat")
    answer = newsroom.get(f"/artikel/{number}?q=rat")
    marked = marks(answer.text)
    assert [n for n, _ in marked] == list(range(1, len(marked) + 1))
    jumps = {int(n) for n in re.findall(r'href="#t(\d+)"', answer.text)}
    assert jumps <= {n for n, _ in marked}
    said = {word.casefold() for _, word in marked}
    assert {"rat", "haushalt", "löhne"} <= said
    assert "Ihre Suche: rat" in answer.text


def test_without_a_search_only_topics_are_marked(newsroom: Newsroom) -> None:
    number = number_of(newsroom, "Löhner Rat")
    said = {
        word.casefold()
        for _, word in marks(newsroom.get(f"/artikel/{number}").text)
    }
    assert "haushalt" in said
    assert "rat" not in said


@pytest.mark.parametrize(
    ("query", "exact", "word"),
    [
        ("haushalts", False, "Haushalt"),
        ("title:Haushalt", True, "Haushalt"),
        ("Steuer", False, "Steuern"),
        ("Steuer*", True, "Steuern"),
        ('"großer Mehrheit"', True, "großer Mehrheit"),
        ("Mehrheit ODER Bücherei", False, "Bücherei"),
        ("büch*", True, "Bücherei"),
    ],
)
def test_the_search_is_marked_as_its_list_marks_it(
    newsroom: Newsroom, query: str, exact: bool, word: str
) -> None:
    number = number_of(newsroom, "Löhner Rat")
    path = f"/artikel/{number}?q={quote(query)}" + (
        "&exact=1" if exact else ""
    )
    assert word in [said for _, said in marks(newsroom.get(path).text)]


@pytest.mark.parametrize(
    "query", ["Haushalt AND (", "OR", '"', "x*y*z", "%00", "<script>"]
)
def test_a_query_that_cannot_be_read_marks_nothing(
    newsroom: Newsroom, query: str
) -> None:
    number = number_of(newsroom, "Löhner Rat")
    answer = newsroom.get(f"/artikel/{number}?exact=1&q={quote(query)}")
    assert answer.status == 200
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "number", ["0", "999999", "9" * 19, "9" * 40, "-1", "x", "1.5", "%31x"]
)
def test_an_unknown_article_has_a_way_on(
    newsroom: Newsroom, number: str
) -> None:
    answer = newsroom.get(f"/artikel/{number}")
    assert answer.status == 404
    assert answer.link("Artikel suchen") == "/suche"
    api = newsroom.get(f"/api/v1/articles/{number}")
    assert (api.status, api.json()["status"]) == (404, 404)


def test_why_it_alerted_is_said(newsroom: Newsroom) -> None:
    text = newsroom.get(f"/artikel/{number_of(newsroom, 'Löhner Rat')}").text
    assert "<code>Haushalt*</code>" in text
    assert "anna@example.org" in text
    quiet = newsroom.get(f"/artikel/{number_of(newsroom, 'Handballer')}").text
    assert "Kein Thema trifft diesen Artikel" in quiet


def test_dates_have_their_origin(newsroom: Newsroom) -> None:
    text = newsroom.get(f"/artikel/{number_of(newsroom, 'Werrebrücke')}").text
    assert "Quelle der Zeit:" in text
    assert "Feed (die Seite nennt keine)" in text
    english = newsroom.get(
        f"/artikel/{number_of(newsroom, 'Werrebrücke')}", Accept_Language="en"
    )
    assert "feed (the page states none)" in english.text


@pytest.fixture
def storm(world: World) -> Iterator[Newsroom]:
    """One story in three papers; the last one says more."""
    with open_newsroom(world) as room:
        title = "Sturmflut: Fähren fallen aus"
        room.add("weserbote", title, LONG, hours_ago=7)
        room.add("tageblatt", title, LONG, hours_ago=4)
        more = f"{LONG} Der Hafenmeister von Cuxhaven rechnet mit Schäden in Millionenhöhe."
        room.add("kuestenfunk", title, more, hours_ago=1)
        room.read()
        yield room


def test_a_story_shows_who_was_first_and_what_others_added(
    storm: Newsroom,
) -> None:
    last = number_of(storm, "Hafenmeister")
    answer = storm.get(f"/artikel/{last}")
    outlets = re.findall(
        r'<li[^>]*>\s*<p class="facts"><span class="outlet">(.*?)<',
        answer.text,
    )
    assert outlets[:3] == ["Weserbote", "Löhner Tageblatt", "Küstenfunk"]
    first = answer.text.index("zuerst")
    assert (
        answer.text.index(">Weserbote<")
        < first
        < answer.text.index(">Löhner Tageblatt<")
    )
    assert "fügt nichts hinzu" in answer.text
    added = re.findall(r'<p class="added">(.*?)</p>', answer.text)
    assert added == [
        "Der Hafenmeister von Cuxhaven rechnet mit Schäden in Millionenhöhe."
    ]
    story = storm.get(f"/api/v1/articles/{last}").json()["story"]
    assert [copy["is_first"] for copy in story] == [True, False, False]
    assert story[1]["added"] == []


def test_what_changed_is_shown_word_by_word(world: World) -> None:
    with filled_newsroom(world) as room:
        number = number_of(room, "Werrebrücke")
        assert (
            "Was sich geändert hat" not in room.get(f"/artikel/{number}").text
        )
        change_bridge(room)
        text = room.get(f"/artikel/{number}").text
        assert "Was sich geändert hat" in text
        assert re.search(r"<ins>[^<]*Montag", text)
        assert re.search(r"<del>[^<]*Freitag", text)
        versions = room.get(f"/api/v1/articles/{number}").json()["versions"]
        assert [step["version"]["version"] for step in versions] == [1, 2]


def change_bridge(room: Newsroom) -> None:
    """The report on the bridge is edited by its paper."""
    said = "Die Werrebrücke wird bis Montag für Lastwagen gesperrt. Der Verkehr wird über die Bünder Straße umgeleitet, teilte der Kreis mit."
    room.change("weserbote", "Werrebrücke bis Freitag gesperrt", said)
    room.read()


def test_text_is_text(world: World) -> None:
    with open_newsroom(world) as room:
        room.add(
            "weserbote",
            "&lt;script&gt;alert(1)&lt;/script&gt; Rat in Löhne",
            "&lt;img src=x onerror=alert(1)&gt; Der Rat von Löhne tagt. \u202eRückwärts.",
        )
        room.read()
        text = room.get(
            f"/artikel/{number_of(room, 'Rat Löhne')}?q=script"
        ).text
        assert "<script" not in text.split("</head>")[1]
        assert "<img" not in text
