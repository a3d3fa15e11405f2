"""/suche over real HTTP: what it finds, how one pages and narrows, what it says to bad input, and
what can be taken along.
"""

from __future__ import annotations

import csv
import io
from urllib.parse import quote as _quoted
from xml.etree import ElementTree as ET

import pytest

from monitor.errors import IndexingError
from monitor.types.output import SearchPage, SearchRequest
from tests.flow.world import World
from tests.ui.web.newsroom import STORIES, Newsroom, filled_newsroom, open_newsroom

NEWEST_FIRST = [title for _, title, _, _ in sorted(STORIES, key=lambda story: story[3])]


def test_without_words_everything_newest_first(newsroom: Newsroom) -> None:
    answer = newsroom.get("/suche?copies=1")
    assert answer.hits == NEWEST_FIRST
    assert "7 Artikel" in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_hits_are_marked_and_filters_kept_in_the_form(newsroom: Newsroom) -> None:
    answer = newsroom.get("/suche?q=haushalt&outlet=Weserbote&span=7d")
    assert answer.hits == ["Löhner Rat beschließt Haushalt für das kommende Jahr"]
    assert "<mark>Haushalt</mark>" in answer.text
    assert '<input type="hidden" name="outlet" value="Weserbote">' in answer.text
    assert '<option value="7d" selected>' in answer.text


def test_a_facet_narrows_and_takes_itself_back(newsroom: Newsroom) -> None:
    whole = newsroom.get("/suche?copies=1")
    narrowed = newsroom.get(whole.link("Küstenfunk"))
    assert narrowed.hits == [t for t in NEWEST_FIRST if "Fähren" in t or "Cuxhaven" in t]
    assert newsroom.get(narrowed.link("Küstenfunk")).hits == NEWEST_FIRST


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("span=24h", 5),
        ("span=7d", 7),
        ("since=2025-06-02", 4),
        ("until=2025-06-01", 3),
        ("since=2025-06-01&until=2025-06-01", 2),
        ("since=2025-06-03", 0),
        ("until=9999-12-31", 7),
    ],
)
def test_times_are_local_days_and_both_count(newsroom: Newsroom, times: str, expected: int) -> None:
    assert len(newsroom.get(f"/suche?copies=1&{times}").hits) == expected


def test_paging_neither_skips_nor_repeats_while_articles_come(world: World) -> None:
    with filled_newsroom(world) as newsroom:
        check_paging(newsroom)


def check_paging(newsroom: Newsroom) -> None:
    answer = newsroom.get("/suche?copies=1&limit=3")
    seen = answer.hits
    newsroom.add("weserbote", "Ganz neu: Kirmes eröffnet", "Die Kirmes ist eröffnet.")
    newsroom.add("weserbote", "Nachgereicht: Basar im Advent", "Der Basar.", hours_ago=9)
    newsroom.read()
    while 'rel="next"' in answer.text:
        answer = newsroom.get(answer.link("Weitere").replace("?", "?limit=3&"))
        seen = seen + answer.hits
    assert seen == NEWEST_FIRST
    assert newsroom.get(answer.link("Zum Anfang")).hits[0] == "Ganz neu: Kirmes eröffnet"


@pytest.mark.parametrize(
    ("query", "column", "wrong"),
    [
        ("Haushalt AND (Löhne", 14, "("),
        ('"Rat der Stadt', 1, "&#34;"),
        ("Rat NEAR", 5, "NEAR"),
        ("OR Rat", 1, "OR"),
        ("title:", 1, "title"),
        ("Rat x*y*z", 5, "x*y*z"),
        ("<script>alert(1)</script> AND", 27, "AND"),
        ("\u202eRat AND (", 10, "("),
    ],
)
def test_an_error_is_shown_at_its_caret(
    newsroom: Newsroom, query: str, column: int, wrong: str
) -> None:
    answer = newsroom.ask("GET", f"/suche?exact=1&q={_quoted(query)}")
    assert answer.status == 400
    assert "Diese Abfrage ist noch nicht lesbar" in answer.text
    assert f"Zeichen {column}:" in answer.text
    assert f"<mark>{wrong}" in answer.text
    assert "<script>alert" not in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize(
    "bad",
    [
        "since=gestern",
        "since=2025-02-30",
        "until=99999-01-01",
        "sort=best",
        "span=1y",
        "limit=0",
        "limit=101",
        "limit=x",
        "exact=vielleicht",
        f"q={'x' * 4001}",
        f"after={'9' * 81}",
    ],
)
def test_what_cannot_be_read_is_named(newsroom: Newsroom, bad: str) -> None:
    name = bad.partition("=")[0]
    for path in ("/suche", "/suche.csv", "/api/v1/search"):
        answer = newsroom.get(f"{path}?{bad}")
        assert answer.status == 400
        assert name in answer.text


@pytest.mark.parametrize("after", ["x", "o1", "t1-2", "o99999-1", "t" + "9" * 17 + "-1-1", "%00"])
def test_a_made_up_place_begins_anew_or_ends(newsroom: Newsroom, after: str) -> None:
    answer = newsroom.get(f"/suche?after={after}")
    assert answer.status == 200


def test_nothing_found_leads_on(newsroom: Newsroom) -> None:
    answer = newsroom.get("/suche?q=quastenflosser")
    assert answer.hits == []
    assert "Nichts gefunden" in answer.text
    assert answer.link("Wie Suche funktioniert") == "/hilfe"


def test_evil_words_stay_words(world: World) -> None:
    evil = "<script>alert('x')</script> \u202eRat & \"Löhne\""
    with open_newsroom(world) as room:
        room.add("weserbote", "&lt;b&gt;Rat&lt;/b&gt; tagt in Löhne", "Der Rat von Löhne tagt.")
        room.read()
        answer = room.get(f"/suche?q={_quoted(evil)}&topic={_quoted(evil)}")
        assert "<script" not in answer.text
        assert "<b>" not in room.get("/suche").text
        for name, value in answer.headers.items():
            assert "script>" not in value, name


def test_csv_opens_in_a_german_spreadsheet_and_runs_nothing(world: World) -> None:
    with open_newsroom(world) as room:
        room.add("weserbote", "=SUMME(A1) und ein Rat in Löhne", "Der Rat von Löhne tagt.")
        room.read()
        answer = room.get("/suche.csv")
        assert answer.body.startswith(b"\xef\xbb\xbf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="monitor-suche.csv"'
        rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))
        assert rows[0][:4] == ["Artikel", "Erschienen", "Medium", "Titel"]
        assert rows[1][3].startswith("'=SUMME")


def test_json_and_atom_say_the_same_list(newsroom: Newsroom) -> None:
    listed = newsroom.get("/suche.json?copies=1").json()
    assert [row["title"] for row in listed] == NEWEST_FIRST
    assert set(listed[0]) >= {"article", "published", "outlet", "url", "topics"}
    feed = ET.fromstring(newsroom.get("/suche.atom?copies=1&q=").body)
    space = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{space}title") for entry in feed.iter(f"{space}entry")]
    assert titles == NEWEST_FIRST
    assert newsroom.get("/suche.csv?exact=1&q=A+AND").status == 400
    assert newsroom.get("/suche.exe").status == 404


def test_the_api_pages_through_the_same_list(newsroom: Newsroom) -> None:
    seen, after = [], ""
    while True:
        answer = newsroom.get(f"/api/v1/search?copies=1&limit=2&after={after}").json()
        assert answer["total"] == 7
        seen += [article["title"] for article in answer["articles"]]
        after = answer["next"]
        if not after:
            break
    assert seen == NEWEST_FIRST
    wrong = newsroom.get("/api/v1/search?exact=1&q=A+AND+(").json()
    assert ("E02", 6) in [(error["code"], error["offset"]) for error in wrong["errors"]]


class AwayIndex:
    """An index that does not answer."""

    def search(self, request: SearchRequest) -> SearchPage:
        raise IndexingError("cannot search the search index: away")


def test_an_index_that_is_away_leaves_the_titles(world: World) -> None:
    with filled_newsroom(world, index=AwayIndex()) as room:
        answer = room.get(f"/suche?q={_quoted('werrebrücke')}+freitag")
        assert answer.status == 200
        assert answer.hits == ["Werrebrücke bis Freitag gesperrt"]
        assert "Suchindex antwortet gerade nicht" in answer.text
        assert room.get("/suche?q=100%25").hits == []
        expected = [NEWEST_FIRST[0], "Werrebrücke bis Freitag gesperrt"]
        assert room.get("/suche?outlet=Weserbote&span=24h").hits == expected
        assert room.get("/api/v1/search?q=Sturmflut").json()["index_away"] is True
        assert "Suchindex antwortet gerade nicht" in room.get("/").text


def test_a_folded_story_stands_once_on_all_pages(world: World) -> None:
    text = " ".join(f"Satz {n} über die Sturmflut an der Küste bei Neuwerk." for n in range(40))
    with open_newsroom(world) as room:
        for number, paper in enumerate(("weserbote", "tageblatt", "kuestenfunk")):
            room.add(paper, "Sturmflut: Fähren fallen aus", text, hours_ago=1 + 3 * number)
        for number in range(4):
            title = f"Bericht {number} aus dem Rat der Stadt mit eigenem Wortlaut"
            room.add("weserbote", title, f"Nummer {number}.", hours_ago=2 + 3 * number)
        room.read()
        answer = room.get("/suche?limit=2")
        seen = answer.hits
        while 'rel="next"' in answer.text:
            answer = room.get(answer.link("Weitere").replace("?", "?limit=2&"))
            seen = seen + answer.hits
        assert seen.count("Sturmflut: Fähren fallen aus") == 1
        assert len(seen) == len(set(seen))
        assert len(room.get("/suche?copies=1").hits) > len(seen)
