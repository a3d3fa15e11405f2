"""Every panel of every dashboard on a real Elasticsearch with zero, one and a
thousand articles: each search is answered, and its numbers are those of SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from monitor.types.article import Article
from monitor.types.operations import OperationRecord
from tests.articles import changed
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
from tests.kibana.counting import measures_of
from tests.kibana.newsroom import PLANTED, coverage, running
from tests.kibana.reading import Panel

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
PICTURES = ("hours", "words", "spread")


def articles_of(size: int) -> Sequence[Article]:
    """So many; the only one belongs to two topics."""
    if size != 1:
        return coverage(size)
    known = (
        one
        for one in coverage()
        if len(one.topics) == 2 and one.provenance.published_at >= SINCE
    )
    return [
        changed(next(known), kind="paywall", agency="dpa", region="Bayern")
    ]


def records_of(size: int) -> Sequence[OperationRecord]:
    """Nothing; the first of each kind; everything."""
    found = running() if size else []
    if size != 1:
        return found
    first: dict[str, OperationRecord] = {}
    for record in found:
        if record.at >= SINCE:
            first.setdefault(record.kind, record)
    return list(first.values())


@pytest.fixture(scope="module", params=[0, 1, 1000])
def archive(request: pytest.FixtureRequest) -> Iterator[Archive]:
    with archive_of(
        articles_of(request.param), records_of(request.param)
    ) as filled:
        yield filled


def size_of(archive: Archive) -> int:
    return len(archive.documents["articles"])


@pytest.mark.parametrize("panel", LENS)
def test_a_lens_panel_shows_what_there_is(
    archive: Archive, panel: Panel
) -> None:
    rows, expected = shown_by(archive, panel), counted(archive, panel)
    names = list(measures_of(panel.columns))
    for keys, values in expected.items():
        for name, wanted in zip(names, values, strict=True):
            if keys in rows or wanted:
                assert same(rows[keys][name], wanted), (keys, name)
    assert not [
        keys
        for keys, row in rows.items()
        if keys not in expected and any(row.values())
    ]


@pytest.mark.parametrize(
    "panel", [one for one in LENS if one.values[0].chart == "lnsMetric"]
)
def test_a_figure_is_a_number_however_little_there_is(
    archive: Archive, panel: Panel
) -> None:
    (row,) = shown_by(archive, panel).values()
    assert all(isinstance(value, int) for value in row.values())


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_answered(archive: Archive, name: str) -> None:
    shown: list[dict[str, Any]] = drawn(archive, name)
    wanted = archive.within("articles", "topics: *")
    match name:
        case "hours":
            assert sum(one["doc_count"] for one in shown) == len(wanted)
        case "spread":
            assert len(shown) == min(
                15, len({one["story_id"] for one in wanted})
            )
        case _:
            assert shown == [] or size_of(archive) == 1000


def test_words_stand_out_only_where_there_is_enough(archive: Archive) -> None:
    words = drawn(archive, "words", context={"term": {"topics": "ukraine"}})
    assert [one["key"] for one in words][:1] == (
        [PLANTED] if size_of(archive) == 1000 else []
    )


def test_both_indices_are_there_before_anything_happens(
    archive: Archive,
) -> None:
    for view in ("articles", "operations"):
        found = archive.search(view, {"size": 0, "track_total_hits": True})
        assert found["_shards"]["total"] > 0
        assert found["hits"]["total"]["value"] == len(archive.documents[view])
