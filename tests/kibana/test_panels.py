"""Every panel of every dashboard, run on a real Elasticsearch as Kibana would,
against SQL over the same documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.kibana import kql
from tests.kibana.archive import (
    PANELS,
    SINCE,
    Archive,
    archive_of,
    counted,
    drawn,
    same,
    shown_by,
)
from tests.kibana.counting import axes_of, measures_of
from tests.kibana.newsroom import PLANTED, WEEK, coverage, running
from tests.kibana.reading import OBJECTS, Panel, key_of, of_kind, query_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.external_service,
    pytest.mark.usefixtures("elasticsearch"),  # kept for the whole run
]
LENS = [
    pytest.param(panel, id=f"{panel.board}-{panel.key}")
    for panel in PANELS
    if panel.kind == "lens"
]
DRAWN = {"hours": "hours", "words": "words", "spread": "stories"}
"""The pictures, each with the word by which its test is called."""


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    with archive_of(coverage(), running()) as filled:
        yield filled


@pytest.mark.parametrize("panel", LENS)
def test_a_lens_panel_shows_what_sql_says(
    archive: Archive, panel: Panel
) -> None:
    rows, expected = shown_by(archive, panel), counted(archive, panel)
    assert expected, "the made-up weeks have nothing for this panel"
    names = list(measures_of(panel.columns))
    shown = {
        keys: [row[name] for name in names]
        for keys, row in rows.items()
        if keys in expected or any(row.values())
    }
    for number, axis in enumerate(axes_of(panel.columns)):
        if axis["operationType"] == "terms":
            distinct = {keys[number] for keys in expected}
            assert len(distinct) <= axis["params"]["size"], (
                "else which groups are shown would be a matter of ties"
            )
    assert set(shown) == set(expected)
    for keys, values in expected.items():
        for got, wanted in zip(shown[keys], values, strict=True):
            assert same(got, wanted), (keys, got, wanted)


FIGURES = [
    pytest.param(panel, id=f"{panel.board}-{panel.key}")
    for panel in PANELS
    if panel.kind == "lens" and panel.chart == "lnsMetric"
]


@pytest.mark.parametrize("panel", FIGURES)
def test_a_figure_stands_beside_that_of_the_week_before(
    archive: Archive, panel: Panel
) -> None:
    (before,) = counted(archive, panel, SINCE - WEEK)[()]
    assert shown_by(archive, panel)[()]["before"] == before > 0


@pytest.mark.parametrize("panel", FIGURES)
def test_a_figure_says_nought_where_nothing_is(
    archive: Archive, panel: Panel
) -> None:
    """Never null, as a change in percent would."""
    long_ago = SINCE - 52 * WEEK
    assert shown_by(archive, panel, long_ago) == {
        (): {"value": 0, "before": 0}
    }


def typed(archive: Archive, query: dict[str, Any]) -> list[dict[str, Any]]:
    """What Kibana finds for a query that somebody types."""
    found = archive.search("articles", {"size": 1000, "query": query})
    return [hit["_source"] for hit in found["hits"]["hits"]]


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("outlet: bote", "outlet", "Bote"),
        ("outlet: BOTE", "outlet", "Bote"),
        ('outlet: "Bote"', "outlet", "Bote"),
        ("topic_names: ukraine", "topic_names", "Ukraine"),
        ('topic_names: "kreis herford"', "topic_names", "Kreis Herford"),
        ('topic_names: "WOHNEN & MIETE"', "topic_names", "Wohnen & Miete"),
        ("region: bayern", "region", "Bayern"),
        ("agency: DPA", "agency", "dpa"),
    ],
)
def test_names_are_found_in_any_case(
    archive: Archive, query: str, field: str, value: str
) -> None:
    got = typed(archive, kql.to_query(kql.parse(query)))
    assert got
    assert len(got) == sum(
        value in (one.get(field) or ())
        for one in archive.documents["articles"]
    )
    assert all(value in one[field] for one in got)


def anywhere(text: str, kind: str) -> dict[str, Any]:
    """As Kibana asks for words without a field."""
    return {"multi_match": {"type": kind, "query": text, "lenient": True}}


@pytest.mark.parametrize("kind", ["phrase", "best_fields"])
@pytest.mark.parametrize(
    "text",
    [
        "Wohnen & Miete",
        "Bote",
        "Niedersachsen",
        "dpa",
        "herford",
        "ukrain",
        "epd",
    ],
)
def test_a_search_without_a_field_finds_no_names_of_ours(
    archive: Archive, text: str, kind: str
) -> None:
    """No article says these words; they are names of topics, outlets, regions
    and agencies.
    """
    assert typed(archive, anywhere(text, kind)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLANTED, PLANTED),
        (PLANTED.lower(), PLANTED),
        ("heißt es am Tag 7", "am Tag 7."),
    ],
)
def test_a_search_without_a_field_finds_what_articles_say(
    archive: Archive, text: str, expected: str
) -> None:
    got = typed(archive, anywhere(text, "phrase"))
    assert got
    assert all(expected in one["text"] for one in got)
    assert len(got) == sum(
        expected in one["text"] for one in archive.documents["articles"]
    )


def test_hours_count_every_article_in_its_hour(archive: Archive) -> None:
    shown = {
        one["key"] // 3_600_000: one["doc_count"]
        for one in drawn(archive, "hours")
    }
    assert shown == Counter(
        int(one["published_at"].timestamp()) // 3600
        for one in archive.within("articles", "topics: *")
    )


def test_words_stand_out_against_the_whole_archive(archive: Archive) -> None:
    words = drawn(archive, "words", context={"term": {"topics": "ukraine"}})
    assert words[0]["key"] == PLANTED
    assert words[0]["doc_count"] > 3


def test_stories_show_their_first_outlet_and_their_spread(
    archive: Archive,
) -> None:
    shown = drawn(archive, "spread")
    stories: dict[int, list[dict[str, Any]]] = {}
    for one in archive.within("articles", "topics: *"):
        stories.setdefault(one["story_id"], []).append(one)
    sizes = sorted((len(found) for found in stories.values()), reverse=True)
    assert [one["doc_count"] for one in shown] == sizes[:15]
    for bucket in shown:
        found = sorted(
            stories[bucket["key"]], key=lambda one: one["published_at"]
        )
        (first,) = bucket["first"]["hits"]["hits"]
        assert first["_source"] == {
            "title": found[0]["title"],
            "outlet": found[0]["outlet"],
        }
        assert bucket["doc_count"] == len(found)
        assert bucket["outlets"]["value"] == len(
            {one["outlet"] for one in found}
        )
        spread = [
            datetime.fromtimestamp(bucket[end]["value"] / 1000, UTC)
            for end in ("begin", "end")
        ]
        assert spread == [found[0]["published_at"], found[-1]["published_at"]]


def test_no_panel_is_left_out() -> None:
    """Whoever adds a panel of a new kind adds its check: here each is either
    counted, drawn or listed.
    """
    searched = {key_of(one) for one in of_kind("search")}
    tests = " ".join(name for name in globals() if name.startswith("test_"))
    unchecked = []
    for panel in PANELS:
        match panel.kind:
            case "lens":
                checked = bool(measures_of(panel.columns))
            case "markdown":
                checked = bool(panel.config["savedVis"]["params"]["markdown"])
            case "visualization":
                checked = panel.key in DRAWN and DRAWN[panel.key] in tests
            case _:
                checked = (
                    panel.kind == "search"
                    and set(panel.references) <= searched
                )
        if not checked:
            unchecked.append(f"{panel.board}: {panel.title}")
    assert unchecked == []


@pytest.mark.parametrize(
    "search",
    [
        pytest.param(one, id=one["id"])
        for one in OBJECTS
        if one["type"] == "search"
    ],
)
def test_a_saved_search_finds_its_articles(
    archive: Archive, search: Any
) -> None:
    tree = kql.parse(query_of(search))
    body = {"size": 0, "track_total_hits": True, "query": kql.to_query(tree)}
    found = archive.search("articles", body)
    wanted = [
        one for one in archive.documents["articles"] if kql.holds(tree, one)
    ]
    assert found["hits"]["total"]["value"] == len(wanted)
    assert wanted or "herford" in search["id"]


def test_a_table_is_sorted_by_a_measure_that_it_has() -> None:
    tables = [
        one
        for one in PANELS
        if one.kind == "lens" and one.chart == "lnsDatatable"
    ]
    assert tables
    for table in tables:
        sorting = table.attributes["state"]["visualization"]["sorting"]
        assert sorting["columnId"] in measures_of(table.columns)
