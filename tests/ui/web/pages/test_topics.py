"""/themen and /themen/ID over real HTTP: figures equal to the search's, query,
alerts, a trial.
"""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from monitor.errors import IndexingError
from monitor.query.parser import parse_query
from monitor.types.output import SearchPage, SearchRequest
from monitor.ui.web.pages.topics.query_outline import Outline, outline_of
from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, filled_newsroom

HAUSHALT = "/themen/haushalt"


class AwayIndex:
    """An index that does not answer."""

    def search(self, request: SearchRequest) -> SearchPage:
        raise IndexingError("cannot search the search index: away")


def total(room: Newsroom, parameters: str) -> int:
    return int(room.get(f"/api/v1/search?{parameters}").json()["total"])


@pytest.mark.parametrize("topic", ["haushalt", "stadt-loehne"])
@pytest.mark.parametrize(
    ("figure", "span"), [("day", "24h"), ("week", "7d"), ("month", "30d")]
)
def test_figures_are_those_of_the_search(
    newsroom: Newsroom, topic: str, figure: str, span: str
) -> None:
    found = total(newsroom, f"topic={topic}&span={span}")
    listed = newsroom.get("/api/v1/topics").json()["topics"]
    volume = next(line["volume"] for line in listed if line["topic"] == topic)
    assert volume[figure] == found
    shown = newsroom.get(f"/api/v1/topics/{topic}").json()["coverage"][
        "volume"
    ]
    assert shown == volume


@pytest.mark.parametrize("topic", ["haushalt", "stadt-loehne"])
def test_a_day_of_the_chart_leads_to_as_many_hits(
    newsroom: Newsroom, topic: str
) -> None:
    text = newsroom.get(f"/themen/{topic}").text
    columns = re.findall(
        r'<a href="([^"]*)" tabindex="-1"><g><title>[^<]*: (\d+) Artikel', text
    )
    assert len(columns) == 30
    counts = [
        (link.replace("&amp;", "&"), int(count)) for link, count in columns
    ]
    assert sum(count for _, count in counts) == total(
        newsroom, f"topic={topic}&span=30d"
    )
    for link, count in counts[-4:]:
        assert total(newsroom, link.partition("?")[2]) == count
    table = re.findall(r'<th scope="row"><a href="[^"]*since[^"]*">', text)
    assert len(table) == 30


def test_the_query_is_shown_as_it_is_read(newsroom: Newsroom) -> None:
    answer = newsroom.get(HAUSHALT)
    assert answer.title == "Haushalt"
    assert "<code>Haushalt*</code>" in answer.text
    assert "anna@example.org" in answer.text
    assert "höchstens 6 Mails je Stunde" in answer.text
    assert newsroom.get(
        "/api/v1" + HAUSHALT.replace("themen", "topics")
    ).json()["query"] == ("Haushalt*")


def test_what_became_of_its_hits_is_counted(newsroom: Newsroom) -> None:
    reply = newsroom.get("/api/v1/topics/haushalt").json()
    assert [(each["state"], each["stories"]) for each in reply["alerts"]] == [
        ("mailed", 2)
    ]
    assert "gemeldet" in newsroom.get(HAUSHALT).text


def test_topics_are_compared(newsroom: Newsroom) -> None:
    shares = newsroom.get("/api/v1/topics/haushalt").json()["coverage"][
        "shares"
    ]
    assert [(each["topic_id"], each["articles"]) for each in shares] == [
        ("haushalt", 2),
        ("stadt-loehne", 2),
    ]
    alone = newsroom.get("/api/v1/topics/haushalt?beside=gibt-es-nicht").json()
    assert len(alone["coverage"]["shares"]) == 2


@pytest.mark.parametrize(("days", "hits"), [(1, 2), (7, 2), (30, 2)])
def test_a_trial_says_what_it_would_find_and_send(
    newsroom: Newsroom, days: int, hits: int
) -> None:
    trial = newsroom.get(f"/api/v1/topics/haushalt?trial={days}").json()[
        "trial"
    ]
    assert (trial["articles"], trial["hits"]) == (7, hits)
    assert [mail["recipient"] for mail in trial["mails"]] == [
        "anna@example.org"
    ]
    text = newsroom.get(f"{HAUSHALT}?trial={days}").text
    assert f"{hits} von 7 Artikeln passen" in text
    assert "die Meldung ist schon gemeldet" in text


@pytest.mark.parametrize("trial", ["-1", "31", "x", "1e9"])
def test_a_trial_is_bounded(newsroom: Newsroom, trial: str) -> None:
    assert newsroom.get(f"{HAUSHALT}?trial={trial}").status == 400


@pytest.mark.parametrize(
    "topic", ["nirgends", "%00", "<script>", "x" * 300, "..", "haushalt%2Fx"]
)
def test_an_unknown_topic_has_a_way_on(newsroom: Newsroom, topic: str) -> None:
    answer = newsroom.get(f"/themen/{quote(topic, safe='%')}")
    assert answer.status == 404
    assert answer.link("Artikel suchen") == "/suche"
    assert "<script>" not in answer.text
    assert (
        newsroom.get(f"/api/v1/topics/{quote(topic, safe='%')}").status == 404
    )


def test_the_list_can_be_taken_along(newsroom: Newsroom) -> None:
    rows = list(
        csv.reader(
            io.StringIO(newsroom.get("/themen.csv").text), delimiter=";"
        )
    )
    assert [row[1] for row in rows[1:]] == ["Haushalt", "Stadt Löhne"] or len(
        rows
    ) == 3
    assert {row["topic"] for row in newsroom.get("/themen.json").json()} == {
        "haushalt",
        "stadt-loehne",
    }
    feed = ET.fromstring(newsroom.get("/themen.atom").body)
    assert len(list(feed.iter("{http://www.w3.org/2005/Atom}entry"))) == 2


def test_an_index_that_is_away_leaves_query_and_people(world: World) -> None:
    with filled_newsroom(world, index=AwayIndex()) as room:
        for path in ("/themen", HAUSHALT):
            answer = room.get(path)
            assert answer.status == 200
            assert "Suchindex antwortet gerade nicht" in answer.text
        assert "<code>Haushalt*</code>" in room.get(HAUSHALT).text
        assert room.get("/api/v1/topics/haushalt").json()["coverage"] is None
        assert room.get("/themen.csv").status == 200


def test_an_edit_is_seen_and_a_broken_one_is_said(world: World) -> None:
    with filled_newsroom(world) as room:
        path = world.settings.feeds_file
        whole = path.read_text(encoding="utf-8")
        path.write_text(
            whole.replace("'Haushalt*'", "'Haushalt*', 'Etat'"),
            encoding="utf-8",
        )
        assert "<code>Etat</code>" in room.get(HAUSHALT).text
        path.write_text(
            whole + "  - {name: Kaputt, query: 'A AND ('}\n", encoding="utf-8"
        )
        for shown in ("/themen", HAUSHALT):
            answer = room.get(shown)
            assert answer.status == 200
            assert "nicht lesbar" in answer.text
        assert "<code>Etat</code>" in room.get(HAUSHALT).text
        path.unlink()
        answer = room.get(HAUSHALT)
        assert answer.status == 200
        assert "steht nicht in feeds.yaml" in answer.text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("Rat AND Haushalt", "alle davon"),
        ("Rat OR Haushalt", "mindestens eines davon"),
        ("Rat NOT Bund", "nicht"),
        ("Rat NEAR/5 Sitzung", "höchstens 5 Wörter auseinander"),
        ("Rat ONEAR/2 Sitzung", "in dieser Reihenfolge"),
        ("ATLEAST/3 Rat", "mindestens 3-mal"),
        ("title:Rat", "nur im Titel"),
        ("lead:Rat", "nur im Vorspann"),
        ("text:(Rat OR Kreis)", "nur im Text"),
        ("Rat AND source:weserbote", "Angabe zum Artikel"),
        ("Rat^3 OR Kreis", "zählt beim Ordnen 3-fach"),
    ],
)
def test_each_operator_is_said_in_words(
    newsroom: Newsroom, query: str, says: str
) -> None:
    def said(outline: Outline) -> str:
        return " ".join(
            [outline.says, outline.text, *map(said, outline.parts)]
        )

    tree = parse_query(query).tree
    assert tree is not None
    assert says in said(outline_of(tree, lambda text: text))


def test_other_topics_are_chosen_for_comparison(newsroom: Newsroom) -> None:
    text = newsroom.get(HAUSHALT).text
    form = text[text.index('class="beside"') :].partition("</details>")[0]
    assert f'action="{HAUSHALT}"' in form
    values = re.findall(r'name="beside" value="([^"]+)"( checked)?', form)
    assert values == [("stadt-loehne", " checked")], "never itself"
    assert "Stadt Löhne" in form
    chosen = newsroom.get(f"{HAUSHALT}?beside=stadt-loehne").text
    assert "Anteil neben anderen Themen" in chosen
    assert 'value="stadt-loehne" checked' in chosen
    assert 'name="trial" value="7"' in newsroom.get(f"{HAUSHALT}?trial=7").text


def test_stories_of_a_topic_can_be_marked(newsroom: Newsroom) -> None:
    text = newsroom.get(HAUSHALT).text
    assert (
        text.count('<li class="hit')
        == text.count('value="star"')
        == text.count('value="read"')
        == 2
    )
    assert f'name="back" value="{HAUSHALT}' in text


def test_each_topic_has_a_line_of_thirty_days(newsroom: Newsroom) -> None:
    text = newsroom.get("/themen").text
    lines = re.findall(r'class="line-chart".*?points="([^"]+)"', text)
    assert len(lines) == 2
    for line in lines:
        heights = [float(point.partition(",")[2]) for point in line.split()]
        assert len(heights) == 30
        assert min(heights) == 1.0, "the busiest day reaches the top"
        assert heights[0] == 19.0, "nothing a month ago"
