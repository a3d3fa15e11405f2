"""/themen/ID/bericht over real HTTP."""

from __future__ import annotations

import csv
import io

import pytest

from tests.ui.web.newsroom import Newsroom

REPORT = "/themen/stadt-loehne/bericht"
API = "/api/v1/topics/stadt-loehne/report"


def test_the_report_counts_what_the_search_finds(newsroom: Newsroom) -> None:
    found = newsroom.get(
        "/api/v1/search?topic=stadt-loehne&span=30d&copies=1"
    ).json()["total"]
    report = newsroom.get(API).json()
    assert report["figures"]["articles"] == found > 0
    assert sum(count for _, count in report["figures"]["outlets"]) == found
    assert sum(count for _, count in report["figures"]["days"]) == found


def test_the_page(newsroom: Newsroom) -> None:
    answer = newsroom.get(REPORT)
    assert answer.status == 200
    assert answer.title == "Bericht: Stadt Löhne"
    assert "Weserbote" in answer.text
    assert "Den Ton bewertet dieser Bericht nicht" in answer.text
    assert "Wer wen zitiert" in answer.text


def test_the_page_in_english(newsroom: Newsroom) -> None:
    assert (
        newsroom.get(REPORT, Accept_Language="en").title
        == "Report: Stadt Löhne"
    )


def test_other_topics_beside_it(newsroom: Newsroom) -> None:
    shares = newsroom.get(f"{API}?beside=haushalt").json()["shares"]
    assert {share["topic_id"] for share in shares} == {
        "stadt-loehne",
        "haushalt",
    }
    assert sum(share["share"] for share in shares) == pytest.approx(1)


def test_days_without_anything(newsroom: Newsroom) -> None:
    report = newsroom.get(f"{API}?from=2020-01-01&until=2020-01-03").json()
    assert report["figures"]["articles"] == 0
    assert len(report["figures"]["days"]) == 3
    assert (
        newsroom.get(f"{REPORT}?from=2020-01-01&until=2020-01-03").status
        == 200
    )


def test_figures_to_take_along(newsroom: Newsroom) -> None:
    page = newsroom.get(REPORT)
    text = newsroom.get(page.link("CSV")).text.lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    total = newsroom.get(API).json()["figures"]["articles"]
    assert ["articles", "Stadt Löhne", "", str(total)] in rows
    assert len(newsroom.get(page.link("JSON")).json()) == len(rows) - 1


def test_the_topic_leads_to_it(newsroom: Newsroom) -> None:
    assert newsroom.get("/themen/stadt-loehne").link("Bericht") == REPORT


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/themen/gibt-es-nicht/bericht", 404),
        ("/themen/gibt-es-nicht/bericht.csv", 404),
        (f"{REPORT}?from=gestern", 400),
        (f"{API}?until=2026-13-01", 400),
    ],
)
def test_what_cannot_be_shown(
    newsroom: Newsroom, path: str, status: int
) -> None:
    assert newsroom.get(path).status == status
