"""Times and numbers as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import DeliveryError
from monitor.language.wording import ReaderWording, written_language
from monitor.notify.mail.templates_render import Templates

TEMPLATES = Templates()


def wording(
    language: str = "de", zone: str = "Europe/Berlin"
) -> ReaderWording:
    return TEMPLATES.wording(language, zone)


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "german", "english"),
    [
        (utc(25, 7), utc(25, 11), "Mi 8–12 Uhr", "Wed 08:00–12:00"),
        (
            utc(25, 7, 30),
            utc(25, 11, 5),
            "Mi 8:30–12:05 Uhr",
            "Wed 08:30–12:05",
        ),
        (utc(25, 7), utc(25, 7), "Mi 8 Uhr", "Wed 08:00"),
        (utc(24, 16), utc(25, 7), "Di 17 – Mi 8 Uhr", "Tue 17:00 – Wed 08:00"),
        (utc(25, 17), utc(25, 23), "Mi 18–24 Uhr", "Wed 18:00–24:00"),
        (utc(16, 7), utc(23, 7), "16.11.–23.11.", "16 Nov–23 Nov"),
        # summer time ends at 3 o'clock in the night of 25 October: local
        # clocks on both sides of it
        (
            utc(24, 22, month=10),
            utc(25, 7, month=10),
            "So 0–8 Uhr",
            "Sun 00:00–08:00",
        ),
    ],
)
def test_window(
    since: datetime, until: datetime, german: str, english: str
) -> None:
    assert wording().window(since, until) == german
    assert wording("en").window(since, until) == english


def test_moment() -> None:
    assert (
        wording().moment(utc(23, 9, 5)) == "Mo., 23. November 2026, 10:05 Uhr"
    )
    assert (
        wording("en").moment(utc(23, 9, 5)) == "Mon, 23 November 2026, 10:05"
    )
    assert (
        wording("de", "Europe/Lisbon").moment(utc(23, 9, 5))
        == "Mo., 23. November 2026, 09:05 Uhr"
    )


def test_moment_beside_another_of_the_same_local_day_is_the_time_alone() -> (
    None
):
    assert wording().moment_beside(utc(23, 9, 7), utc(23, 9, 5)) == "10:07 Uhr"
    assert (
        wording().moment_beside(utc(23, 23, 7), utc(23, 9, 5))
        == "Di., 24. November 2026, 00:07 Uhr"
    )
    assert (
        wording().moment_beside(utc(23, 9, 7), None)
        == "Mo., 23. November 2026, 10:07 Uhr"
    )


def test_places() -> None:
    assert wording().place("feeds.yaml:14") == "feeds.yaml, Zeile 14"
    assert (
        wording("en").place("C:\\feeds.yaml:14") == "C:\\feeds.yaml, line 14"
    )
    assert (
        wording().place("MONITOR_DAILY_REPORT=off")
        == "MONITOR_DAILY_REPORT=off"
    )
    assert wording().place("") == ""


def test_numbers_and_spans() -> None:
    assert [wording().number(n) for n in (1204, 9.2, 1.25, 0, 0.4)] == [
        "1.204",
        "9",
        "1,2",
        "0",
        "0,4",
    ]
    assert wording("en").number(1204.4) == "1,204"
    assert wording().span(timedelta(hours=3)) == "3 Stunden"


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE_ch", "de"),
        ("en", "en"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_language(asked: str, written: str) -> None:
    assert written_language(asked) == written


def test_german_and_english_have_the_same_words_with_the_same_facts() -> None:
    german, english = wording("de").words, wording("en").words
    assert german.keys() == english.keys()
    assert [
        k
        for k in german
        if isinstance(german[k], str) != isinstance(english[k], str)
    ] == []


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(DeliveryError, match="Europe/Berlim"):
        wording("de", "Europe/Berlim")
