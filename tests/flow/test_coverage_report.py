"""Coverage reports: figures of made-up articles, by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.flow.requests.coverage_report import (
    ReportSpan,
    chosen_span,
    count_coverage,
    voice_shares,
)
from monitor.flow.requests.topic_figures import Moment
from monitor.store.alerting.topic_articles import TopicArticle

NOON = datetime(2026, 11, 10, 11, tzinfo=UTC)
SPAN = ReportSpan(date(2026, 11, 9), date(2026, 11, 11))
ZONE = "Europe/Berlin"
AT = Moment(NOON, ZONE)


def article(
    number: int,
    story: int,
    outlet: str,
    *,
    hours: float = 0,
    region: str | None = "OWL",
    cites: tuple[str, ...] = (),
) -> TopicArticle:
    at = NOON + timedelta(hours=hours)
    return TopicArticle(
        number,
        story,
        f"Titel {number}",
        f"https://x.test/{number}",
        outlet,
        region,
        at,
        at,
        cites,
    )


ARTICLES = (
    article(1, 1, "Bote", hours=-30, cites=("dpa",)),
    article(
        2, 1, "Kurier", hours=-2, region=None, cites=("Bote", "dpa", "dpa")
    ),
    article(3, 2, "Kurier", hours=-1, cites=("Bote",)),
    article(4, 3, "Funk", hours=0, region="Nord"),
    article(5, 3, "Bote", hours=1),
    article(6, 3, "Bote", hours=13),
)
FIGURES = count_coverage(ARTICLES, SPAN, zone=ZONE)


def test_volume() -> None:
    assert (FIGURES.articles, FIGURES.stories) == (6, 3)


def test_days_are_local_and_without_gaps() -> None:
    # 13 hours after noon UTC is the next day in Berlin.
    assert FIGURES.days == (
        (date(2026, 11, 9), 1),
        (date(2026, 11, 10), 4),
        (date(2026, 11, 11), 1),
    )


def test_outlets_and_regions() -> None:
    assert FIGURES.outlets == (("Bote", 3), ("Kurier", 2), ("Funk", 1))
    assert FIGURES.regions == (("OWL", 4), ("Nord", 1))


def test_who_was_first_counts_only_where_others_followed() -> None:
    assert FIGURES.firsts == (("Bote", 1), ("Funk", 1))


def test_who_cites_whom_by_article() -> None:
    found = [
        (each.outlet, each.cited, each.articles) for each in FIGURES.citations
    ]
    assert found == [
        ("Kurier", "Bote", 2),
        ("Bote", "dpa", 1),
        ("Kurier", "dpa", 1),
    ]


def test_the_largest_stories_with_their_way() -> None:
    assert [
        (each.first, each.outlets, each.articles) for each in FIGURES.largest
    ] == [
        ("Bote", ("Bote", "Kurier"), 2),
        ("Funk", ("Funk", "Bote"), 3),
    ]


def test_nothing_is_nothing() -> None:
    figures = count_coverage((), SPAN, zone=ZONE)
    assert (
        figures.articles,
        figures.outlets,
        figures.firsts,
        figures.citations,
    ) == (0, (), (), ())
    assert [count for _, count in figures.days] == [0, 0, 0]


@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        ([("a", "A", 3, 2), ("b", "B", 1, 1)], [("a", 0.75), ("b", 0.25)]),
        ([("a", "A", 1, 1), ("b", "B", 3, 1)], [("b", 0.75), ("a", 0.25)]),
        ([("a", "A", 0, 0)], [("a", 0.0)]),
        ([("b", "B", 1, 1), ("a", "A", 1, 1)], [("a", 0.5), ("b", 0.5)]),
        ([], []),
    ],
)
def test_shares_of_voice(
    rows: list[tuple[str, str, int, int]], shares: list[tuple[str, float]]
) -> None:
    assert [
        (each.topic_id, each.share) for each in voice_shares(rows)
    ] == shares


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (None, None, (date(2026, 10, 12), date(2026, 11, 10))),
        (date(2026, 11, 1), None, (date(2026, 11, 1), date(2026, 11, 10))),
        (None, date(2026, 1, 31), (date(2026, 1, 2), date(2026, 1, 31))),
        (
            date(2026, 11, 5),
            date(2026, 11, 1),
            (date(2026, 11, 1), date(2026, 11, 5)),
        ),
        (
            date(2020, 1, 1),
            date(2026, 12, 31),
            (date(2025, 12, 31), date(2026, 12, 31)),
        ),
        (
            date(2026, 11, 1),
            date(2026, 11, 1),
            (date(2026, 11, 1), date(2026, 11, 1)),
        ),
    ],
)
def test_the_days_that_are_meant(
    first: date | None, last: date | None, span: tuple[date, date]
) -> None:
    chosen = chosen_span(first, last, at=AT)
    assert (chosen.first, chosen.last) == span
