"""Drawings: columns in proportion, links, evil names, nothing inline; and
their speed.
"""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree as ET

import pytest

from monitor.ui.web.charts import (
    HEIGHT,
    LEAST,
    Bar,
    Chart,
    draw_columns,
    draw_share,
)


def heights(values: list[int], *, level: float | None = None) -> list[float]:
    svg = draw_columns(
        [Bar(str(n), value) for n, value in enumerate(values)], level=level
    )
    columns = [
        r
        for r in ET.fromstring(svg).iter("rect")
        if r.get("class") == "column"
    ]
    return [float(column.get("height", "")) for column in columns]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([0], [0]),
        ([0, 0, 0], [0, 0, 0]),
        ([5], [HEIGHT]),
        ([1, 2, 4], [25, 50, 100]),
        ([1, 100_000], [LEAST, HEIGHT]),
        ([7, 7], [HEIGHT, HEIGHT]),
        ([-3, 1], [0, HEIGHT]),
    ],
)
def test_columns_are_as_high_as_their_values(
    values: list[int], expected: list[float]
) -> None:
    assert heights(values) == expected


def test_a_level_above_all_columns_lowers_them() -> None:
    assert heights([1, 2], level=4) == [25, 50]
    assert 'class="level"' in draw_columns([Bar("a", 1)], level=0.5)


def test_a_column_leads_somewhere_and_says_what_it_is() -> None:
    bar = Bar('<b>"x"', 3, title="3. Nov.: <3", address='/suche?q="&x')
    svg = draw_columns([bar])
    link = ET.fromstring(svg).find("a")
    assert link is not None
    assert link.get("href") == '/suche?q="&x'
    assert link.get("tabindex") == "-1"  # the table has the same links
    assert ET.fromstring(svg).findtext(".//title") == "3. Nov.: <3"
    assert not re.search(r"style=|<style|<script|\son\w+=", svg)


@pytest.mark.parametrize(
    ("value", "most", "width"),
    [
        (1, 4, "25.00"),
        (4, 4, "100.00"),
        (9, 4, "100.00"),
        (0, 4, "0.00"),
        (1, 0, "0.00"),
    ],
)
def test_a_share_is_as_long_as_its_part(
    value: int, most: int, width: str
) -> None:
    assert f'<rect width="{width}"' in draw_share(value, most)


def test_a_chart_knows_its_sums() -> None:
    chart = Chart((Bar("a", 2), Bar("b", 5)))
    assert (chart.most, chart.total) == (5, 7)
    assert Chart(()).most == 0


def test_a_year_of_days_is_drawn_in_no_time() -> None:
    bars = [
        Bar(str(day), day * 7 % 31, address=f"/suche?since={day}")
        for day in range(366)
    ]
    started = time.thread_time()
    draw_columns(bars)
    assert time.thread_time() - started < 0.1
