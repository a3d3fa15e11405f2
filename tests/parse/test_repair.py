"""Feeds that are not well-formed: what is wrong, and what is kept of items."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.parse.feed import parse_feed
from monitor.parse.repair import ATTRIBUTE_LIMIT, is_sound
from monitor.types.feed import ParsedFeed


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("<a/>", True),
        ("<a><b>x</b></a>", True),
        ("<a>", False),
        ("<a><b></a>", False),
        ("<a x='1' x='2'/>", False),
        ("<a>&nbsp;</a>", False),
        ("", False),
    ],
)
def test_what_is_well_formed(text: str, sound: bool) -> None:
    assert is_sound(text) is sound


@pytest.mark.parametrize("more", [0, 1])
def test_no_element_has_more_attributes_than_that(more: int) -> None:
    attributes = " ".join(f"x{n}=''" for n in range(ATTRIBUTE_LIMIT + more))
    assert is_sound(f"<a {attributes}/>") is (more == 0)


@pytest.mark.parametrize("mark", ["'", '"'])
def test_an_item_that_is_broken_keeps_its_link(mark: str) -> None:
    entries = "".join(
        f"<entry><link rel={mark}alternate{mark}"
        f" href={mark}https://blatt.test/{name}?a=1&amp;b=2{mark}/>"
        f"<title>Meldung {name}</title><summary>{text}</summary></entry>"
        for name, text in (("a", "<b>offen"), ("b", "gut"))
    )
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    read = parse_feed(body.encode(), url="https://blatt.test/", now=now)
    assert isinstance(read, ParsedFeed)
    assert [(item.title, item.url) for item in read.entries] == [
        ("Meldung a", "https://blatt.test/a?a=1&b=2"),
        ("Meldung b", "https://blatt.test/b?a=1&b=2"),
    ]
