"""What people write becomes a value, or a sentence that says what to write
instead.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import address_notation, notation
from monitor.config.cron import cron_expression
from monitor.config.notation import Unreadable, duration, written

Parse = Callable[[str], Any]
number = partial(notation.number, least=1, most=5)
language = partial(notation.code, what="language", example="de")


def check(parse: Parse, text: str, expected: Any) -> None:
    assert parse(text) == expected


def check_refused(parse: Parse, text: str, *words: str) -> None:
    """The message and its hint together contain all the words."""
    with pytest.raises(Unreadable) as caught:
        parse(text)
    said = f"{caught.value} | {caught.value.hint}"
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("parse", "text", "expected"),
    [
        (duration, "10 min", timedelta(minutes=10)),
        (duration, "6h", timedelta(hours=6)),
        (duration, "1 h 30 min", timedelta(minutes=90)),
        (duration, "0,5 h", timedelta(minutes=30)),
        (duration, "2 Tage", timedelta(days=2)),
        (duration, "3 Std.", timedelta(hours=3)),
        (duration, "PT10M", timedelta(minutes=10)),
        (duration, "P1DT2H3.5S", timedelta(days=1, hours=2, seconds=3.5)),
        (duration, "P2W", timedelta(weeks=2)),
        (duration, "0 s", timedelta(0)),
        (notation.truth, "true", True),
        (notation.truth, "No", False),
        (number, "5", 5),
        (notation.time_zone, "Europe/Berlin", "Europe/Berlin"),
        (notation.clock_time, "7:05", time(7, 5)),
        (notation.clock_time, "23.59 Uhr", time(23, 59)),
        (notation.time_span, "22:00-06:00", (time(22), time(6))),
        (notation.time_span, "22:00 – 6:00", (time(22), time(6))),
        (notation.time_span, "22:00 bis 06:00", (time(22), time(6))),
        (
            address_notation.mail_address,
            "Presse@Example.ORG",
            "Presse@example.org",
        ),
        (
            address_notation.mail_address,
            "a.b+c@müller.example",
            "a.b+c@xn--mller-kva.example",
        ),
        (
            address_notation.mail_address,
            "a@SPAß.Example",
            "a@xn--spa-7ka.example",
        ),
        (
            address_notation.web_address,
            "https://www.zdf.de/rss?a=b",
            "https://www.zdf.de/rss?a=b",
        ),
        (
            address_notation.address_key,
            "HTTP://WWW.ZDF.de:80/rss/",
            "www.zdf.de/rss",
        ),
        (
            address_notation.address_key,
            "https://zdf.de:8443/rss?x=1#top",
            "zdf.de:8443/rss?x=1",
        ),
        (notation.slug, "Kreis Herford", "kreis-herford"),
        (notation.slug, "Löhne & Bünde!", "loehne-buende"),
        (notation.slug, "Straße É 2", "strasse-e-2"),
        (notation.slug, "Київ", ""),
        (notation.identifier, "zdf-heute", "zdf-heute"),
        (language, "de", "de"),
        (cron_expression, "0 8 * * *", "0 8 * * *"),
        (cron_expression, "0 8 * * 1-5", "0 8 * * mon,tue,wed,thu,fri"),
        (cron_expression, "0 8 * * 0", "0 8 * * sun"),
        (cron_expression, "0 8 * * 7", "0 8 * * sun"),
        (cron_expression, "0 8 * * 5-7", "0 8 * * fri,sat,sun"),
        (cron_expression, "0 8 * * */2", "0 8 * * tue,thu,sat,sun"),
        (cron_expression, "0 8 * * Mo-Fr", "0 8 * * mon,tue,wed,thu,fri"),
        (cron_expression, "0 8 * * 0-6", "0 8 * * *"),
        (cron_expression, "*/15 7-19 1 * *", "*/15 7-19 1 * *"),
        (cron_expression, "0 8 1 * mon", "0 8 1 * mon"),
        (cron_expression, "0 8 last * *", "0 8 l * *"),
    ],
)
def test_understood(parse: Parse, text: str, expected: Any) -> None:
    check(parse, text, expected)


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (duration, "10", ["no unit", "10 min"]),
        (duration, "bald", ["not a duration"]),
        (duration, "", ["not a duration"]),
        (duration, "10 lichtjahre", ["lichtjahre", "not a unit"]),
        (duration, "40000 days", ["hundred years"]),
        (duration, "-5 min", ["not a duration"]),
        (
            partial(notation.one_of, known=("immediate", "digest")),
            "imediate",
            ["immediate"],
        ),
        (
            partial(notation.one_of, known=("none", "short")),
            "xyz",
            ["none, short"],
        ),
        (notation.truth, "ja", ["true or false"]),
        (number, "9", ["out of range", "1 to 5"]),
        (number, "drei", ["not a whole number"]),
        (number, "²", ["not a whole number"]),
        (notation.time_zone, "MEZ", ["Europe/Berlin"]),
        (notation.time_zone, "Europe/Berln", ["Europe/Berlin"]),
        (notation.time_zone, "../../etc/passwd", ["not a time zone"]),
        (notation.clock_time, "24:00", ["07:00"]),
        (notation.time_span, "22:00", ["22:00-06:00"]),
        (notation.time_span, "22:00-22:00", ["same time"]),
        (address_notation.mail_address, "anna", ["name@example.org"]),
        (
            address_notation.mail_address,
            "Anna <a@example.org>",
            ['"a@example.org"', "name"],
        ),
        (address_notation.mail_address, "a@b." * 30_000, ["too long"]),
        (address_notation.mail_address, "müller@example.org", ["umlauts"]),
        (address_notation.mail_address, "a@b", ["domain"]),
        (address_notation.mail_address, "a@exam..ple.org", ["mail address"]),
        (address_notation.mail_address, "a@example.123", ["domain"]),
        (
            address_notation.mail_address,
            "a@example.org\nBcc: b@example.org",
            ["mail address"],
        ),
        (
            address_notation.mail_address,
            "a" * 65 + "@example.org",
            ["too long"],
        ),
        (
            address_notation.web_address,
            "www.zdf.de/rss",
            ["https://www.zdf.de/rss"],
        ),
        (
            address_notation.web_address,
            "feed://zdf.de/rss",
            ["https://zdf.de/rss"],
        ),
        (
            address_notation.web_address,
            "feed:https://zdf.de/rss",
            ['"https://zdf.de/rss"'],
        ),
        (
            address_notation.web_address,
            "ftp://zdf.de",
            ["http:// and https://"],
        ),
        (address_notation.web_address, "https://", ["http:// and https://"]),
        (address_notation.web_address, "https://zdf.de/a b", ["%20"]),
        (address_notation.web_address, "https://zdf.de:99999/", ["in full"]),
        (notation.identifier, "ZDF Heute", ["zdf-heute"]),
        (notation.identifier, "Київ", ["for instance"]),
        (language, "Deutsch", ['"de"']),
        (language, "DE", ['"de"']),
        (language, "plattdeutsch", ["two small letters"]),
        (cron_expression, "0 8 * *", ["4 fields"]),
        (cron_expression, "@daily", ["0 8 * * *"]),
        (cron_expression, "0 8 */2 * mon", ["days of the month"]),
        (cron_expression, "0 8 1 * */2", ["days of the month"]),
        (cron_expression, "0 8 30 2 *", ["not a cron expression"]),
        (cron_expression, "61 8 * * *", ["not a cron expression"]),
        (cron_expression, "0 8 * * x", ["day of the week"]),
        (cron_expression, "0 8 * * 9", ["day of the week"]),
        (cron_expression, "0 8 * * 1/0", ["step of 0"]),
        (cron_expression, "0 8 * * -", ["day of the week"]),
    ],
)
def test_refused(parse: Parse, text: str, words: list[str]) -> None:
    check_refused(parse, text, *words)


@given(st.integers(min_value=0, max_value=3_000_000_000))
def test_a_duration_reads_back(seconds: int) -> None:
    value = timedelta(seconds=seconds)
    assert duration(written(value)) == value


@pytest.mark.slow
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but `Unreadable` comes out of bad input."""
    parsers: list[Parse] = [
        duration,
        notation.truth,
        number,
        notation.clock_time,
        notation.time_span,
        address_notation.mail_address,
        address_notation.web_address,
        notation.identifier,
        language,
        cron_expression,
        notation.slug,
    ]
    for parse in parsers:
        with suppress(Unreadable):
            parse(text)


@given(st.text(max_size=60))
def test_a_slug_is_an_identifier(name: str) -> None:
    slug = notation.slug(name)
    assert slug == "" or notation.identifier(slug) == slug
