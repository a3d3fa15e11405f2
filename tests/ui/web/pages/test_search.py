"""/suche over real HTTP: what it finds, how one pages and narrows, what it
says to bad input, and what can be taken along.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import threading
from urllib.parse import quote as _quoted
from xml.etree import ElementTree as ET

import pytest

from monitor.errors import IndexingError
from monitor.flow.requests.bounded_calls import BoundedCalls
from monitor.types.output import SearchPage, SearchRequest
from tests.flow.world import World
from tests.ui.web.newsroom import (
    STORIES,
    Newsroom,
    filled_newsroom,
    open_newsroom,
)

NEWEST_FIRST = [
    title for _, title, _, _ in sorted(STORIES, key=lambda story: story[3])
]


def test_without_words_everything_newest_first(newsroom: Newsroom) -> None:
    answer = newsroom.get("/suche?copies=1")
    assert answer.hits == NEWEST_FIRST
    assert "7 Artikel" in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_hits_are_marked_and_filters_kept_in_the_form(
    newsroom: Newsroom,
) -> None:
    answer = newsroom.get("/suche?q=haushalt&outlet=Weserbote&span=7d")
    assert answer.hits == [
        "Löhner Rat beschließt Haushalt für das kommende Jahr"
    ]
    assert "<mark>Haushalt</mark>" in answer.text
    assert (
        '<input type="hidden" name="outlet" value="Weserbote">' in answer.text
    )
    assert '<option value="7d" selected>' in answer.text


def test_a_facet_narrows_and_takes_itself_back(newsroom: Newsroom) -> None:
    whole = newsroom.get("/suche?copies=1")
    narrowed = newsroom.get(whole.link("Küstenfunk"))
    assert narrowed.hits == [
        t for t in NEWEST_FIRST if "Fähren" in t or "Cuxhaven" in t
    ]
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
def test_times_are_local_days_and_both_count(
    newsroom: Newsroom, times: str, expected: int
) -> None:
    assert len(newsroom.get(f"/suche?copies=1&{times}").hits) == expected


def test_paging_neither_skips_nor_repeats_while_articles_come(
    world: World,
) -> None:
    with filled_newsroom(world) as newsroom:
        check_paging(newsroom)


def check_paging(newsroom: Newsroom) -> None:
    answer = newsroom.get("/suche?copies=1&limit=3")
    seen = answer.hits
    newsroom.add(
        "weserbote", "Ganz neu: Kirmes eröffnet", "Die Kirmes ist eröffnet."
    )
    newsroom.add(
        "weserbote", "Nachgereicht: Basar im Advent", "Der Basar.", hours_ago=9
    )
    newsroom.read()
    while 'rel="next"' in answer.text:
        answer = newsroom.get(answer.link("Weitere").replace("?", "?limit=3&"))
        seen = seen + answer.hits
    assert seen == NEWEST_FIRST
    assert (
        newsroom.get(answer.link("Zum Anfang")).hits[0]
        == "Ganz neu: Kirmes eröffnet"
    )


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


@pytest.mark.parametrize(
    "after", ["x", "o1", "t1-2", "o99999-1", "t" + "9" * 17 + "-1-1", "%00"]
)
def test_a_made_up_place_begins_anew_or_ends(
    newsroom: Newsroom, after: str
) -> None:
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
        room.add(
            "weserbote",
            "&lt;b&gt;Rat&lt;/b&gt; tagt in Löhne",
            "Der Rat von Löhne tagt.",
        )
        room.read()
        answer = room.get(f"/suche?q={_quoted(evil)}&topic={_quoted(evil)}")
        assert "<script>" not in answer.text
        assert "<b>" not in room.get("/suche").text
        for name, value in answer.headers.items():
            assert "script>" not in value, name


def test_csv_opens_in_a_german_spreadsheet_and_runs_nothing(
    world: World,
) -> None:
    with open_newsroom(world) as room:
        room.add(
            "weserbote",
            "=SUMME(A1) und ein Rat in Löhne",
            "Der Rat von Löhne tagt.",
        )
        room.read()
        answer = room.get("/suche.csv")
        assert answer.body.startswith(b"\xef\xbb\xbf")
        assert (
            answer.headers["Content-Disposition"]
            == 'attachment; filename="monitor-suche.csv"'
        )
        rows = list(
            csv.reader(
                io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"
            )
        )
        assert rows[0][:4] == ["Artikel", "Erschienen", "Medium", "Titel"]
        assert rows[1][3].startswith("'=SUMME")


def test_json_and_atom_say_the_same_list(newsroom: Newsroom) -> None:
    listed = newsroom.get("/suche.json?copies=1").json()
    assert [row["title"] for row in listed] == NEWEST_FIRST
    assert set(listed[0]) >= {
        "article",
        "published",
        "outlet",
        "url",
        "topics",
    }
    feed = ET.fromstring(newsroom.get("/suche.atom?copies=1&q=").body)
    space = "{http://www.w3.org/2005/Atom}"
    titles = [
        entry.findtext(f"{space}title") for entry in feed.iter(f"{space}entry")
    ]
    assert titles == NEWEST_FIRST
    assert newsroom.get("/suche.csv?exact=1&q=A+AND").status == 400
    assert newsroom.get("/suche.exe").status == 404


def test_the_api_pages_through_the_same_list(newsroom: Newsroom) -> None:
    seen, after = [], ""
    while True:
        answer = newsroom.get(
            f"/api/v1/search?copies=1&limit=2&after={after}"
        ).json()
        assert answer["total"] == 7
        seen += [article["title"] for article in answer["articles"]]
        after = answer["next"]
        if not after:
            break
    assert seen == NEWEST_FIRST
    wrong = newsroom.get("/api/v1/search?exact=1&q=A+AND+(").json()
    assert ("E02", 6) in [
        (error["code"], error["offset"]) for error in wrong["errors"]
    ]


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
        assert (
            room.get("/api/v1/search?q=Sturmflut").json()["index_away"] is True
        )
        assert "Suchindex antwortet gerade nicht" in room.get("/").text


@pytest.mark.slow
def test_a_folded_story_stands_once_on_all_pages(world: World) -> None:
    text = " ".join(
        f"Satz {n} über die Sturmflut an der Küste bei Neuwerk."
        for n in range(40)
    )
    with open_newsroom(world) as room:
        for number, paper in enumerate(
            ("weserbote", "tageblatt", "kuestenfunk")
        ):
            room.add(
                paper,
                "Sturmflut: Fähren fallen aus",
                text,
                hours_ago=1 + 3 * number,
            )
        for number in range(4):
            title = (
                f"Bericht {number} aus dem Rat der Stadt mit eigenem Wortlaut"
            )
            room.add(
                "weserbote",
                title,
                f"Nummer {number}.",
                hours_ago=2 + 3 * number,
            )
        room.read()
        answer = room.get("/suche?limit=2")
        seen = answer.hits
        while 'rel="next"' in answer.text:
            answer = room.get(answer.link("Weitere").replace("?", "?limit=2&"))
            seen = seen + answer.hits
        assert seen.count("Sturmflut: Fähren fallen aus") == 1
        assert len(seen) == len(set(seen))
        assert len(room.get("/suche?copies=1").hits) > len(seen)


def columns(text: str) -> list[tuple[str, int]]:
    """Where each column of the chart leads, and how many hits it shows."""
    found = re.findall(
        r'<a href="([^"]*)" tabindex="-1"><g><title>[^<]*: (\d+) Artikel', text
    )
    return [(link.replace("&amp;", "&"), int(count)) for link, count in found]


@pytest.mark.parametrize(
    ("path", "days"),
    [
        ("/suche?copies=1", 30),
        ("/suche?span=7d", 8),
        ("/suche?span=24h", 2),
        ("/suche?span=30d&outlet=Weserbote", 31),
        ("/suche?since=2025-06-01", 2),
        ("/suche?since=2025-05-01&until=2025-06-02&topic=haushalt", 33),
        ("/suche?since=2025-01-01&q=haushalt", 92),
        ("/suche?since=0001-01-01", 0),
        ("/suche?since=2025-06-02&until=2025-06-02", 0),
        ("/suche?since=2025-06-03&until=2025-06-01", 0),
        ("/suche?q=quastenflosser", 0),
    ],
)
def test_a_day_of_the_chart_leads_to_as_many_hits(
    newsroom: Newsroom, path: str, days: int
) -> None:
    shown = columns(newsroom.get(path).text)
    assert len(shown) == days
    total = newsroom.get(path.replace("/suche", "/api/v1/search")).json()[
        "total"
    ]
    assert sum(count for _, count in shown) == (total if days else 0)
    for link, count in [*shown[:1], *shown[-3:]]:
        narrowed = newsroom.get(
            link.replace("/suche", "/api/v1/search")
        ).json()
        assert narrowed["total"] == count


def test_the_chart_has_its_table(newsroom: Newsroom) -> None:
    text = newsroom.get("/suche?span=7d").text
    rows = re.findall(
        r'<tr><th scope="row"><a href="[^"]*since=[^"]*">.*?</a></th>', text
    )
    assert len(rows) == 8
    assert (
        newsroom.get("/api/v1/search?span=7d").json()["days"]["2025-06-02"] > 0
    )


@pytest.mark.parametrize(
    ("asked", "value", "near"),
    [
        ("outlet=Wesrbote", "Wesrbote", "Weserbote"),
        ("outlet=Tageblatt", "Tageblatt", "Löhner Tageblatt"),
        ("topic=haushlat", "haushlat", "Haushalt"),
        ("topic=L%C3%B6hne", "Löhne", "Stadt Löhne"),
        ("region=ovl", "ovl", "owl"),
        ("cites=K%C3%BCstenfnuk", "Küstenfnuk", "Küstenfunk"),
        ("outlet=Weserbote&outlet=Weserbot", "Weserbot", "Weserbote"),
        ("q=rat&topic=haushald&span=7d", "haushald", "Haushalt"),
    ],
)
def test_an_unknown_name_is_an_error_with_near_ones(
    newsroom: Newsroom, asked: str, value: str, near: str
) -> None:
    answer = newsroom.get(f"/suche?{asked}")
    assert answer.status == 400
    assert "Diesen Namen gibt es nicht" in answer.text
    assert f"„{value}“" in answer.text
    mended = newsroom.get(answer.link(near))
    assert mended.status == 200
    assert newsroom.get(answer.link("Ohne diesen Filter suchen")).status == 200
    name = asked.rpartition("&")[2].partition("=")[0]
    for path in ("/suche.csv", "/suche.atom", "/api/v1/search"):
        refused = newsroom.get(f"{path}?{asked}")
        assert refused.status == 400
        if "span" not in asked:
            assert name in refused.text


@pytest.mark.parametrize(
    "strange", ["quastenflosser", "%3Cscript%3E", "%00", "x" * 200]
)
def test_a_name_that_is_like_none_has_no_near_ones(
    newsroom: Newsroom, strange: str
) -> None:
    answer = newsroom.get(f"/suche?outlet={strange}")
    assert answer.status == 400
    assert "Meinten Sie" not in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("outlet=weserbote", "outlet=Weserbote"),
        ("topic=Haushalt", "topic=haushalt"),
        ("topic=stadt+l%C3%B6hne", "topic=stadt-loehne"),
        ("region=OWL", "region=owl"),
    ],
)
def test_names_are_taken_in_any_case_and_for_ids(
    newsroom: Newsroom, asked: str, same: str
) -> None:
    hits = newsroom.get(f"/suche?{asked}").hits
    assert hits
    assert hits == newsroom.get(f"/suche?{same}").hits


def test_topics_are_called_by_their_names(newsroom: Newsroom) -> None:
    answer = newsroom.get("/suche")
    assert '<span class="name">Stadt Löhne</span>' in answer.text
    assert answer.link("Stadt Löhne") == "/suche?topic=stadt-loehne"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("q=rat+steuern+ODER+f%C3%A4hren", "Gelesen als:"),
        ("q=haushalt+oder+f%C3%A4hren", "oder wird als Wort gesucht"),
        (
            "q=" + "+".join(f"wort{n}" for n in range(200)),
            "Wörter wurden nicht gesucht",
        ),
        ("q=title:(haushalt+OR+rat)+OR+l%C3%B6hne+AND+rat", "Gelesen als"),
    ],
)
def test_how_a_query_was_read_is_said(
    newsroom: Newsroom, query: str, says: str
) -> None:
    assert says in newsroom.get(f"/suche?{query}").text


def test_nothing_is_said_of_a_plain_query(newsroom: Newsroom) -> None:
    assert 'class="understood"' not in newsroom.get("/suche?q=haushalt").text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (
            "q=haushalt+Hafenkran",
            "„Hafenkran“ kommt in keinem Artikel vor. Ohne „Hafenkran“: ",
        ),
        (
            "q=Hafenkran+Schleusentor",
            "„Hafenkran“, „Schleusentor“ kommen in keinem Artikel vor.",
        ),
        (
            "q=haushalt+Hafenkran&since=2020-01-01",
            "kommt in dieser Auswahl nicht vor.",
        ),
        (
            'q=haushalt+"<b>Kran+am+Hafen</b>"',
            "„&lt;b&gt;Kran am Hafen&lt;/b&gt;“ kommt in keinem",
        ),
        (
            "q=haushalt+-rat",
            "Der Ausschluss von „rat“ nimmt alles weg. Ohne Ausschluss: 1 Artikel",
        ),
    ],
)
def test_a_search_without_hits_says_which_word_is_missing(
    newsroom: Newsroom, query: str, says: str
) -> None:
    text = newsroom.get(f"/suche?{query}").text
    assert says in text
    assert "Nichts gefunden." in text


def test_the_interface_names_missing_words(newsroom: Newsroom) -> None:
    reply = newsroom.get("/api/v1/search?q=haushalt+Hafenkran").json()
    assert reply["missing"] == ["Hafenkran"]
    assert reply["without"] > 0
    assert newsroom.get("/api/v1/search?q=haushalt").json()["missing"] == []


class SlowIndex:
    """An index whose searches do not end before the test does."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def search(self, request: SearchRequest) -> SearchPage:
        self.over.wait(60)
        return SearchPage(0, ())


@pytest.mark.slow
def test_a_slow_search_is_given_up_with_a_hint(world: World) -> None:
    index = SlowIndex()
    with (
        open_newsroom(world, index=index, bounded=BoundedCalls(0.1)) as room,
        contextlib.ExitStack() as at_end,
    ):
        at_end.callback(index.over.set)
        answer = room.get("/suche?q=*a*")
        assert answer.status == 200
        assert "wurde abgebrochen" in answer.text
        assert "Nichts gefunden" not in answer.text
        assert room.get("/api/v1/search?q=*a*").json()["too_slow"] is True
        assert room.get("/suche.csv?q=*a*").status == 503


def test_kinds_narrow_to_all_of_them_together(newsroom: Newsroom) -> None:
    kinds = newsroom.get("/api/v1/search?copies=1").json()["facets"]["kind"]
    assert sum(kinds.values()) == 7
    for kind, count in kinds.items():
        found = newsroom.get(f"/api/v1/search?copies=1&kind={kind}").json()
        assert found["total"] == count
        assert (
            f'name="kind" value="{kind}"'
            in newsroom.get(f"/suche?kind={kind}").text
        )
    assert newsroom.get("/suche?kind=gibt-es-nicht").hits == []


@pytest.mark.slow
def test_an_article_without_title_can_be_opened(world: World) -> None:
    with open_newsroom(world) as room:
        room.add("weserbote", "", "Löhne meldet etwas, das keinen Titel hat.")
        room.read()
        for path in ("/suche", "/", "/suche?copies=1&q=Löhne"):
            answer = room.get(path.replace("ö", "%C3%B6"))
            assert re.search(r"<a [^>]*>ohne Titel</a>", answer.text), path
        assert room.get(answer.link("ohne Titel")).title == "ohne Titel"


def test_a_file_holds_more_hits_than_a_page_and_no_marks(
    newsroom: Newsroom,
) -> None:
    (row,) = newsroom.get("/suche.json?q=Sturmflut").json()
    assert row["title"] == "Sturmflut: Fähren nach Neuwerk fallen aus"
    assert row["snippet"].startswith("Der Deutsche Wetterdienst warnt")
