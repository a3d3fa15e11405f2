"""Dates as German pages write them, and which place is believed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from monitor.extract.dates import find_dates, read_date
from monitor.extract.structured import read_structured

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("raw", "expected", "exact"),
    [
        ("2025-03-04T09:12:00+01:00", "2025-03-04T08:12:00+00:00", True),
        ("2025-03-04T09:12:00.123Z", "2025-03-04T09:12:00+00:00", True),
        ("2025-03-04T09:12:00+0100", "2025-03-04T08:12:00+00:00", True),
        ("2025-03-04T09:12:00+02:00Z", "2025-03-04T07:12:00+00:00", True),
        ("2025-07-04 09:12", "2025-07-04T07:12:00+00:00", True),
        ("2025-07-04", "2025-07-03T22:00:00+00:00", False),
        ("04.07.2025, 09:12 Uhr", "2025-07-04T07:12:00+00:00", True),
        ("Stand: 4. Juli 2025, 9.12 Uhr", "2025-07-04T07:12:00+00:00", True),
        ("Fr., 4. Jänner 2019", "2019-01-03T23:00:00+00:00", False),
        ("12. März 2025 um 16:05", "2025-03-12T15:05:00+00:00", True),
        ("Tue, 04 Mar 2025 09:12:00 GMT", "2025-03-04T09:12:00+00:00", True),
        ("1741079520", "2025-03-04T09:12:00+00:00", True),
        ("1741079520000", "2025-03-04T09:12:00+00:00", True),
    ],
)
def test_read(raw: str, expected: str, exact: bool) -> None:
    read = read_date(raw, BERLIN)
    assert read is not None
    assert (read[0].isoformat(), read[1]) == (expected, exact)


@pytest.mark.parametrize(
    "raw",
    ["", "gestern", "0000-00-00T00:00:00", "0001-01-01", "2025-13-45", "32.01.2025", "9999-01-01", "4. Foo 2025", "7"],
)
def test_unreadable(raw: str) -> None:
    assert read_date(raw, BERLIN) is None


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(raw: str) -> None:
    read = read_date(raw, BERLIN)
    assert read is None or read[0].tzinfo is not None


def dates(head: str, body: str, url: str = "https://z.example/a") -> tuple[str, str]:
    tree: HtmlElement = document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    found = find_dates(tree, read_structured(tree, url), url=url)
    published, modified = (f"{d.when.isoformat()} {d.source}" if d else "" for d in found)
    return published, modified


LD = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "%s"}</script>'
META = '<meta property="article:published_time" content="%s">'


@pytest.mark.parametrize(
    ("head", "body", "url", "expected"),
    [
        (LD % "2025-03-04T09:00:00Z" + META % "2025-03-03T09:00:00Z", "", "", "2025-03-04T09:00:00+00:00 json-ld"),
        (LD % "2025-03-04" + META % "2025-03-04T09:00:00+01:00", "", "", "2025-03-04T08:00:00+00:00 meta"),
        (LD % "2025-03-04" + META % "2025-03-01T09:00:00+01:00", "", "", "2025-03-03T23:00:00+00:00 json-ld"),
        (LD % "kaputt" + META % "2025-03-04T09:00:00Z", "", "", "2025-03-04T09:00:00+00:00 meta"),
        (
            "",
            "<article><h1>T</h1><span>Aktualisiert <time datetime='2025-03-05T09:00Z'>x</time></span>"
            "<span>Veröffentlicht <time datetime='2025-03-04T09:00Z'>x</time></span></article>",
            "",
            "2025-03-04T09:00:00+00:00 time",
        ),
        ("", "<div><h1>T</h1><p>Erstellt am 04.03.2025, 10:00 Uhr</p></div>", "", "2025-03-04T09:00:00+00:00 text"),
        ("", "<h1>T</h1>", "https://z.example/2025/03/04/titel", "2025-03-03T23:00:00+00:00 url"),
        ("", "<h1>T</h1>", "https://z.example/titel-1234567", ""),
    ],
)
def test_places(head: str, body: str, url: str, expected: str) -> None:
    assert dates(head, body, url or "https://z.example/a")[0] == expected


def test_modified_is_apart() -> None:
    head = LD % '2025-03-04T09:00:00Z", "dateModified": "2025-03-05T09:00:00Z'
    assert dates(head, "")[1] == "2025-03-05T09:00:00+00:00 json-ld"
