from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.dates import parse_date
from monitor.parse.feed import parse_feed
from monitor.types.feed import FeedDate

NOW = datetime(2026, 10, 10, 12, 0, tzinfo=UTC)


def check(
    raw: str,
    expected: str | None,
    reason: str,
    *,
    timezone: str = "Europe/Berlin",
) -> None:
    got = parse_date(raw, timezone=timezone, now=NOW)
    assert (
        got.parsed.strftime("%Y-%m-%d %H:%M:%S") if got.parsed else None,
        got.reason,
    ) == (
        expected,
        reason,
    )


@pytest.mark.parametrize(
    ("raw", "expected", "reason"),
    [
        ("Sat, 21 Dec 2024 19:42:19 +0100", "2024-12-21 18:42:19", "rfc822"),
        ("Mon, 05 Oct 2026 10:00:00 GMT", "2026-10-05 10:00:00", "rfc822"),
        ("05 Oct 26 10:00 EST", "2026-10-05 15:00:00", "rfc822"),
        ("Mon, 05 Oct 2026 10:00:00 +02:00", "2026-10-05 08:00:00", "rfc822"),
        ("Mon, 05 Oct 2026 10:00:00 GMT+2", "2026-10-05 08:00:00", "rfc822"),
        (
            "Mon, 05 Oct 2026 10:00:00 GMT+0200 (CEST)",
            "2026-10-05 08:00:00",
            "rfc822",
        ),
        ("Mon, 05 Oct 2026 10:00:00 -0000", "2026-10-05 10:00:00", "rfc822"),
        ("Mo, 05 Okt 2026 10:00:00 MESZ", "2026-10-05 08:00:00", "rfc822"),
        ("Mo., 5. Okt. 2026 10:00 MEZ", "2026-10-05 09:00:00", "rfc822"),
        ("Di, 03 Mär 2026 10:00:00 CET", "2026-03-03 09:00:00", "rfc822"),
        ("Di, 03 Mrz 2026 10:00:00 +0100", "2026-03-03 09:00:00", "rfc822"),
        ("Fr, 15 Mai 2026 10:00:00 CEST", "2026-05-15 08:00:00", "rfc822"),
        (
            "Di, 02 Dez 2025 10:00:00",
            "2025-12-02 09:00:00",
            "rfc822, zone of feed",
        ),
        (
            "Montag, 5. Oktober 2026 10:00 Uhr",
            "2026-10-05 08:00:00",
            "rfc822, zone of feed",
        ),
        (
            "Montag, den 5. Oktober 2026, um 10.00 Uhr",
            "2026-10-05 08:00:00",
            "rfc822, zone of feed",
        ),
        (
            "5. Oktober 2026",
            "2026-10-04 22:00:00",
            "rfc822, zone of feed, day only",
        ),
        ("5-Oct-2026 10:00:00 UTC", "2026-10-05 10:00:00", "rfc822"),
        (
            "Mon, 05 Oct 2026 10:00:00 XYZ",
            "2026-10-05 08:00:00",
            "rfc822, unknown zone, zone of feed",
        ),
        ("2026-10-05T10:00:00+02:00", "2026-10-05 08:00:00", "iso"),
        ("2026-10-05T10:00:00.123456Z", "2026-10-05 10:00:00", "iso"),
        ("2026-10-05T10:00Z", "2026-10-05 10:00:00", "iso"),
        ("2026-10-05 10:00:00", "2026-10-05 08:00:00", "iso, zone of feed"),
        ("2026-10-05T10:00:00+0200", "2026-10-05 08:00:00", "iso"),
        ("20261005T100000Z", "2026-10-05 10:00:00", "iso"),
        ("2026-10-05", "2026-10-04 22:00:00", "iso, zone of feed, day only"),
        ("2026-10", "2026-09-30 22:00:00", "iso, zone of feed, day only"),
        ("2026", "2025-12-31 23:00:00", "iso, zone of feed, day only"),
        ("2026-10-05T24:00:00Z", "2026-10-06 00:00:00", "iso"),
        ("2026-06-30T23:59:60Z", "2026-06-30 23:59:59", "iso"),
        ("05.10.2026 10:00", "2026-10-05 08:00:00", "german, zone of feed"),
        (
            "05.10.2026, 10:00 Uhr",
            "2026-10-05 08:00:00",
            "german, zone of feed",
        ),
        (
            "Mo, 5.10.26 - 10.00 Uhr",
            "2026-10-05 08:00:00",
            "german, zone of feed",
        ),
        ("05.10.2026 10:00 MEZ", "2026-10-05 09:00:00", "german"),
        (
            "05.10.2026",
            "2026-10-04 22:00:00",
            "german, zone of feed, day only",
        ),
        ("October 5, 2026 3:30 PM GMT", "2026-10-05 15:30:00", "english"),
        (
            "Mon Oct  5 10:00:00 2026",
            "2026-10-05 08:00:00",
            "asctime, zone of feed",
        ),
        ("Mon Oct  5 10:00:00 UTC 2026", "2026-10-05 10:00:00", "asctime"),
        ("1791194400", "2026-10-05 10:00:00", "epoch"),
        ("1791194400000", "2026-10-05 10:00:00", "epoch"),
        ("2026/10/05 10:00", "2026-10-05 08:00:00", "iso, zone of feed"),
        ("2026.10.05 10:00", "2026-10-05 08:00:00", "iso, zone of feed"),
        ("20261005100000", "2026-10-05 08:00:00", "iso, zone of feed"),
        ("05-10-2026 10:00", "2026-10-05 08:00:00", "german, zone of feed"),
        ("05/10/2026 10:00", "2026-10-05 08:00:00", "german, zone of feed"),
        ("09/25/2026 10:00 AM", "2026-09-25 08:00:00", "german, zone of feed"),
        ("lun, 05 oct 2026 10:00:00 +0200", "2026-10-05 08:00:00", "rfc822"),
        (
            "mar. 3 mars 2026 10h05",
            "2026-03-03 09:05:00",
            "rfc822, zone of feed",
        ),
        ("mer, 4 févr. 2026 10:00:00 +0100", "2026-02-04 09:00:00", "rfc822"),
        (
            "mer, 4 fe\u0301vr. 2026 10:00:00 +0100",
            "2026-02-04 09:00:00",
            "rfc822",
        ),
        (
            "Samedi 1er août 2026 à 10:00",
            "2026-08-01 08:00:00",
            "rfc822, zone of feed",
        ),
        (
            "Lundi 5 Octobre 2026 - 10:00",
            "2026-10-05 08:00:00",
            "rfc822, zone of feed",
        ),
        ("Mar 3, 2026 10:00", "2026-03-03 09:00:00", "english, zone of feed"),
        (
            "Mar 3 2026",
            "2026-03-02 23:00:00",
            "english, zone of feed, day only",
        ),
        ("Mar, 03 Mar 2026 10:00:00 GMT", "2026-03-03 10:00:00", "rfc822"),
        ("2026-10-05T10:00:00\u221202:00", "2026-10-05 12:00:00", "iso"),
        ("2026-W41-1", "2026-10-04 22:00:00", "iso, zone of feed, day only"),
        ("31/13/2026", None, "unreadable"),
        (
            "  Mon, 05 Oct 2026\n10:00:00\tGMT ",
            "2026-10-05 10:00:00",
            "rfc822",
        ),
        # the hour that the clock change of 2026-10-25 repeats lies ahead of
        # NOW; 2025-10-26 repeated 02:00-03:00
        ("26.10.2025 02:30", "2025-10-26 00:30:00", "german, zone of feed"),
        ("29.03.2026 02:30", "2026-03-29 01:30:00", "german, zone of feed"),
        ("", None, "absent"),
        (" \n", None, "absent"),
        ("31.02.2026 10:00", None, "unreadable"),
        ("2026-13-05T10:00:00Z", None, "unreadable"),
        ("Mon, 05 Oct 2026 25:00:00 GMT", None, "unreadable"),
        ("0000-00-00T00:00:00Z", None, "unreadable"),
        ("0000-00-00 00:00:00", None, "unreadable"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None, "before 1990"),
        ("0001-01-01T00:00:00Z", None, "before 1990"),
        ("Thu, 31 Dec 2099 23:59:59 +0100", None, "future"),
        ("9999-12-31T23:59:59Z", None, "future"),
        ("2026-10-11T11:59:00Z", "2026-10-11 11:59:00", "iso"),
        ("2026-10-11T12:01:00Z", None, "future"),
        ("123456789", None, "before 1990"),
        ("12345", None, "unreadable"),
    ],
)
def test_dates(raw: str, expected: str | None, reason: str) -> None:
    check(raw, expected, reason)


def test_a_time_without_a_zone_is_in_the_zone_of_the_feed() -> None:
    check(
        "05.10.2026 10:00",
        "2026-10-05 14:00:00",
        "german, zone of feed",
        timezone="America/New_York",
    )


def test_raw_is_kept_and_shortened() -> None:
    assert (
        parse_date("gestern\n", timezone="Europe/Berlin", now=NOW).raw
        == "gestern"
    )
    assert (
        len(parse_date("9" * 5000, timezone="Europe/Berlin", now=NOW).raw)
        == 100
    )


@given(
    st.text(
        st.sampled_from("0123456789 -:.,TZ+MonOktMärzMEZ/") | st.characters(),
        max_size=60,
    ),
    st.sampled_from(["Europe/Berlin", "UTC", "Pacific/Apia"]),
)
def test_never_raises_and_stays_within_bounds(raw: str, timezone: str) -> None:
    got = parse_date(raw, timezone=timezone, now=NOW)
    assert isinstance(got, FeedDate)
    if got.parsed is not None:
        assert got.parsed.tzinfo is UTC
        assert (
            datetime(1990, 1, 1, tzinfo=UTC)
            <= got.parsed
            <= NOW + timedelta(hours=24)
        )


@given(st.integers(632_000_000, 1_791_000_000), st.integers(-14 * 60, 14 * 60))
def test_what_python_writes_is_read(seconds: int, minutes: int) -> None:
    when = datetime.fromtimestamp(seconds, UTC)
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    expected = when - timedelta(minutes=minutes)
    for pattern in (
        "%d.%m.%Y %H:%M:%S ",
        "%Y-%m-%dT%H:%M:%S",
        "%d %b %Y %H:%M:%S ",
    ):
        assert (
            parse_date(
                when.strftime(pattern) + offset,
                timezone="Europe/Berlin",
                now=NOW,
            ).parsed
            == expected
        )


@pytest.mark.parametrize(
    ("raw", "expected", "reason"),
    [
        # two and three digits of a year: RFC 2822, 4.3
        ("25.04.24", "2024-04-24 22:00:00", "german, zone of feed, day only"),
        ("25.04.24, 14:07 Uhr", "2024-04-25 12:07:00", "german, zone of feed"),
        (
            "Do 25.04.24 | 14:07 Uhr",
            "2024-04-25 12:07:00",
            "german, zone of feed",
        ),
        ("Thu, 25 Apr 24 14:07:00 +0200", "2024-04-25 12:07:00", "rfc822"),
        ("Sun, 25 Apr 99 14:07:00 GMT", "1999-04-25 14:07:00", "rfc822"),
        ("25 Apr 50 14:07 GMT", None, "before 1990"),
        ("25 Apr 49 14:07 GMT", None, "future"),
        ("25 Apr 124 14:07 GMT", "2024-04-25 14:07:00", "rfc822"),
        ("25/04/24 14:07", "2024-04-25 12:07:00", "german, zone of feed"),
        # strokes: day first, unless that is no date
        (
            "25/04/2024",
            "2024-04-24 22:00:00",
            "german, zone of feed, day only",
        ),
        ("25/04/2024 14:07", "2024-04-25 12:07:00", "german, zone of feed"),
        (
            "04/25/2024",
            "2024-04-24 22:00:00",
            "german, zone of feed, day only",
        ),
        ("04/25/2024 2:07 PM", "2024-04-25 12:07:00", "german, zone of feed"),
        ("04/25/24", "2024-04-24 22:00:00", "german, zone of feed, day only"),
        (
            "03/04/2024",
            "2024-04-02 22:00:00",
            "german, zone of feed, day only",
        ),
        ("13/13/2024", None, "unreadable"),
        # twelve hours
        ("25.04.2024 2:07 PM", "2024-04-25 12:07:00", "german, zone of feed"),
        ("25.04.2024 12:07 AM", "2024-04-24 22:07:00", "german, zone of feed"),
        (
            "25.04.2024 12:07 p.m.",
            "2024-04-25 10:07:00",
            "german, zone of feed",
        ),
        (
            "April 25, 2024 at 2 PM",
            "2024-04-25 12:00:00",
            "english, zone of feed",
        ),
        (
            "Thursday, April 25th, 2024, 2:07 pm EDT",
            "2024-04-25 18:07:00",
            "english",
        ),
        # hours alone, and the time before the day
        ("25.04.2024, 14 Uhr", "2024-04-25 12:00:00", "german, zone of feed"),
        (
            "25. April 2024, um 9 Uhr",
            "2024-04-25 07:00:00",
            "rfc822, zone of feed",
        ),
        (
            "14:07 Uhr, 25.04.2024",
            "2024-04-25 12:07:00",
            "german, zone of feed",
        ),
        (
            "14.07 Uhr | 25. April 2024",
            "2024-04-25 12:07:00",
            "rfc822, zone of feed",
        ),
        ("2:07 PM 25.04.2024", "2024-04-25 12:07:00", "german, zone of feed"),
        ("25.04.2024 24:00", "2024-04-25 22:00:00", "german, zone of feed"),
        # words
        (
            "25. Apr. 2024",
            "2024-04-24 22:00:00",
            "rfc822, zone of feed, day only",
        ),
        (
            "25. Apr. 2024 - 14:07 Uhr",
            "2024-04-25 12:07:00",
            "rfc822, zone of feed",
        ),
        (
            "Mo, 4. Mär 2024 14:07",
            "2024-03-04 13:07:00",
            "rfc822, zone of feed",
        ),
        ("4. März 2024 14:07 MEZ", "2024-03-04 13:07:00", "rfc822"),
        (
            "Do., 4. Jän. 2024, 14:07",
            "2024-01-04 13:07:00",
            "rfc822, zone of feed",
        ),
        (
            "Donnerstag, 25. April 2024 | 14:07 Uhr MESZ",
            "2024-04-25 12:07:00",
            "rfc822",
        ),
        (
            "Stand: 25.04.2024, 14:07 Uhr",
            "2024-04-25 12:07:00",
            "german, zone of feed",
        ),
        (
            "Veröffentlicht am 25.04.24",
            "2024-04-24 22:00:00",
            "german, zone of feed, day only",
        ),
        (
            "Zuletzt aktualisiert: 25. April 2024 um 14:07 Uhr",
            "2024-04-25 12:07:00",
            "rfc822, zone of feed",
        ),
        (
            "am 25.04.2024 um 14:07",
            "2024-04-25 12:07:00",
            "german, zone of feed",
        ),
        # zones
        ("2024-04-25T14:07:00+02", "2024-04-25 12:07:00", "iso"),
        ("2024-04-25T14:07:00 +02:00", "2024-04-25 12:07:00", "iso"),
        ("2024-04-25T14:07:00+02:00Z", "2024-04-25 12:07:00", "iso"),
        (
            "2024-04-25T14:07:00+02:00[Europe/Berlin]",
            "2024-04-25 12:07:00",
            "iso",
        ),
        ("2024-04-25 14:07 America/New_York", "2024-04-25 18:07:00", "iso"),
        (
            "2024-04-25 14:07 Atlantis/Mitte",
            "2024-04-25 12:07:00",
            "iso, unknown zone, zone of feed",
        ),
        ("Thu, 25 Apr 2024 14:07:00 BST", "2024-04-25 13:07:00", "rfc822"),
        ("Thu, 25 Apr 2024 14:07:00 CET", "2024-04-25 13:07:00", "rfc822"),
        ("1714046820.5", "2024-04-25 12:07:00", "epoch"),
        # counted from NOW, 10 October 2026, 14:00 in Berlin
        (
            "heute, 13:07 Uhr",
            "2026-10-10 11:07:00",
            "relative, zone of feed, estimated",
        ),
        (
            "Heute um 9.30 Uhr",
            "2026-10-10 07:30:00",
            "relative, zone of feed, estimated",
        ),
        (
            "gestern 9 Uhr",
            "2026-10-09 07:00:00",
            "relative, zone of feed, estimated",
        ),
        (
            "Gestern, 23:59",
            "2026-10-09 21:59:00",
            "relative, zone of feed, estimated",
        ),
        (
            "vorgestern, 18:00 Uhr",
            "2026-10-08 16:00:00",
            "relative, zone of feed, estimated",
        ),
        (
            "gestern",
            "2026-10-08 22:00:00",
            "relative, zone of feed, day only, estimated",
        ),
        (
            "heute, 23:50 Uhr",
            "2026-10-09 21:50:00",
            "relative, zone of feed, estimated",
        ),
        (
            "Yesterday at 2:07 PM",
            "2026-10-09 12:07:00",
            "relative, zone of feed, estimated",
        ),
        ("vor 3 Stunden", "2026-10-10 09:00:00", "relative, estimated"),
        ("vor einer Stunde", "2026-10-10 11:00:00", "relative, estimated"),
        ("vor 5 Min.", "2026-10-10 11:55:00", "relative, estimated"),
        ("vor ca. 2 Std", "2026-10-10 10:00:00", "relative, estimated"),
        (
            "vor zwei Tagen",
            "2026-10-08 12:00:00",
            "relative, day only, estimated",
        ),
        (
            "vor 1 Woche",
            "2026-10-03 12:00:00",
            "relative, day only, estimated",
        ),
        ("3 hours ago", "2026-10-10 09:00:00", "relative, estimated"),
        ("vor vielen Jahren", None, "unreadable"),
        ("morgen, 9 Uhr", None, "unreadable"),
        ("heute, 25:10 Uhr", None, "unreadable"),
    ],
)
def test_forms(raw: str, expected: str | None, reason: str) -> None:
    check(raw, expected, reason)


WRITTEN = "2026-10-05 09:15:00"  # 08:15 an hour west of Greenwich


@pytest.mark.parametrize(
    ("raw", "expected", "reason"),
    [
        *(
            (f"Mon, 05 Oct 2026 08:15:00 {dash}0100", WRITTEN, "rfc822")
            for dash in "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d"
        ),
        ("Mon, 05 Oct 2026 08:15 –0100", WRITTEN, "rfc822"),
        ("Mon, 05 Oct 2026 08:15:00 – 01:00", WRITTEN, "rfc822"),
        ("Mon, 05 Oct 2026 08:15:00 –0100 (XX)", WRITTEN, "rfc822"),
        ("Mon, 05 Oct 2026 08:15:00 GMT–1", WRITTEN, "rfc822"),
        ("2026-10-05T08:15:00–01:00", WRITTEN, "iso"),
        ("2026-10-05T08:15–01:00", WRITTEN, "iso"),
        ("2026-10-05 08:15:00.5 —01:00", WRITTEN, "iso"),
        ("2026–10–05T10:15:00+01:00", WRITTEN, "iso"),
        ("2026‑10‑05T09:15:00Z", WRITTEN, "iso"),
        ("05.10.2026 – 11:15 Uhr", WRITTEN, "german, zone of feed"),
        # a span, as print writes it
        ("05.10.2026, 09:00–11:00", None, "unreadable"),
        ("05.10.2026, 09:00 – 11:00 Uhr", None, "unreadable"),
    ],
)
def test_any_dash_is_a_minus_before_an_offset(
    raw: str, expected: str | None, reason: str
) -> None:
    check(raw, expected, reason)


def test_what_counts_from_now_identifies_nothing() -> None:
    assert parse_date("vor 3 Stunden", timezone="Europe/Berlin", now=NOW).moves
    assert not parse_date(
        "05.10.2026 10:00", timezone="Europe/Berlin", now=NOW
    ).moves


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("27. Nov 2026 20 Uhr 15", "2026-11-27T19:15"),
        ("27.11.2026 um 20 Uhr 15", "2026-11-27T19:15"),
        ("20 Uhr 15, 27.11.2026", "2026-11-27T19:15"),
        ("20h15 27/11/2026", "2026-11-27T19:15"),
        ("27/Nov/2026:20:15:00 +0100", "2026-11-27T19:15"),
        ("2026-W48-5", "2026-11-26T23:00"),
        ("2026W485", "2026-11-26T23:00"),
        ("2026-W48-5T20:15:00+01:00", "2026-11-27T19:15"),
        ("2026-331", "2026-11-26T23:00"),
        ("2026331", "2026-11-26T23:00"),
        ("2026-331T20:15:00Z", "2026-11-27T20:15"),
        ("27. XI. 2026", "2026-11-26T23:00"),
        ("27.XI.2026 20:15", "2026-11-27T19:15"),
        ("3. IV. 2026", "2026-04-02T22:00"),
        ("27.11.2026 8:15 nachmittags", "2026-11-27T19:15"),
        ("27.11.2026, 8:15 Uhr abends", "2026-11-27T19:15"),
        ("8:15 Uhr nachm., 27.11.2026", "2026-11-27T19:15"),
        ("27. November 2026, 8 Uhr morgens", "2026-11-27T07:00"),
        ("27.11.2026 8.15 Uhr früh", "2026-11-27T07:15"),
        ("27.11.2026 14:15 Uhr nachmittags", "2026-11-27T13:15"),
        ("27.11.2026 12:15 nachts", "2026-11-26T23:15"),
        ("27.11.2026 1 Uhr mittags", "2026-11-27T12:00"),
        ("gestern abends 8 Uhr", "2026-11-27T19:00"),
        ("gestern, 8:15 Uhr abends", "2026-11-27T19:15"),
    ],
)
def test_notations_that_few_systems_use(raw: str, expected: str) -> None:
    found = parse_date(
        raw,
        timezone="Europe/Berlin",
        now=datetime(2026, 11, 28, 12, tzinfo=UTC),
    )
    assert found.parsed == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "heute Hase",
        "heute Hund und Katze",
        "gestern Nacht Brand",
        "2026-W54-1",
        "2026-367",
    ],
)
def test_words_and_impossible_days_are_no_date(raw: str) -> None:
    found = parse_date(
        raw,
        timezone="Europe/Berlin",
        now=datetime(2026, 11, 28, 12, tzinfo=UTC),
    )
    assert found.parsed is None


@pytest.mark.parametrize(
    "published",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 27 Nov 2099 20:15:00 GMT",
        "0",
        "bald",
    ],
)
def test_a_date_that_cannot_be_true_gives_way_to_the_updated_one(
    published: str,
) -> None:
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    feed = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><title>Rat</title>'
        f"<link>https://a.example/1</link><pubDate>{published}</pubDate>"
        "<dc:date>2026-11-27T20:15:00+01:00</dc:date></item></channel></rss>"
    )
    parsed = parse_feed(feed.encode(), url="https://a.example/rss", now=now)
    assert parsed.entries[0].published.parsed == datetime(
        2026, 11, 27, 19, 15, tzinfo=UTC
    )
