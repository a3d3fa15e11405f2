"""Links into Discover, read back by a small reader of Rison."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.kibana.discover import discover_link, rison, space_base

SINCE = datetime(2025, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
UNTIL = datetime(2025, 3, 8, tzinfo=UTC)


def read(text: str) -> Any:
    value, rest = _read(text)
    assert not rest, f"left over: {rest}"
    return value


def _read(text: str) -> tuple[Any, str]:
    if text.startswith("!("):
        items, text = [], text[2:]
        while not text.startswith(")"):
            item, text = _read(text.removeprefix(","))
            items.append(item)
        return items, text[1:]
    if text.startswith("("):
        found, text = {}, text[1:]
        while not text.startswith(")"):
            key, text = _read(text.removeprefix(","))
            found[key], text = _read(text.removeprefix(":"))
        return found, text[1:]
    if text.startswith("'"):
        letters, text = "", text[1:]
        while not text.startswith("'"):
            taken, text = (
                (text[1], text[2:])
                if text.startswith("!")
                else (text[0], text[1:])
            )
            letters += taken
        return letters, text[1:]
    end = next(
        (place for place, letter in enumerate(text) if letter in " '!:(),*@$"),
        len(text),
    )
    assert end, "a text without quotes is not empty"
    return text[:end], text[end:]


def test_a_link_shows_the_topic_in_its_time() -> None:
    link = discover_link(
        "https://kibana.example/",
        "kreis-herford",
        space="",
        since=SINCE,
        until=UNTIL,
    )
    parts = urlsplit(link)
    path, _, state = parts.fragment.partition("?")
    found = {
        name: read(value)
        for name, value in parse_qsl(state, strict_parsing=True)
    }
    assert (parts.netloc, parts.path, path) == (
        "kibana.example",
        "/app/discover",
        "/",
    )
    assert found["_g"] == {
        "time": {
            "from": "2025-03-01T08:30:00.000Z",
            "to": "2025-03-08T00:00:00.000Z",
        }
    }
    assert found["_a"] == {
        "columns": ["outlet", "title", "topic_names", "url"],
        "index": "monitor-articles",
        "query": {"language": "kuery", "query": 'topics: "kreis-herford"'},
        "sort": [["published_at", "desc"]],
    }


def test_a_link_is_one_word_for_mail_programs() -> None:
    link = discover_link(
        "https://kibana.example", "a", space="presse", since=SINCE, until=UNTIL
    )
    assert not set(link) & set(' <>"\r\n')
    assert link.startswith("https://kibana.example/s/presse/app/discover#/")
    assert "presse-monitor-articles" in link


@pytest.mark.parametrize(
    ("base", "space", "expected"),
    [
        ("https://k.example", "", "https://k.example"),
        ("https://k.example/", "default", "https://k.example"),
        (
            "https://k.example/kibana/",
            "presse",
            "https://k.example/kibana/s/presse",
        ),
    ],
)
def test_spaces_have_their_own_part_of_the_address(
    base: str, space: str, expected: str
) -> None:
    assert space_base(base, space) == expected


VALUES = st.recursive(
    st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(VALUES)
def test_whatever_is_written_reads_the_same(value: Any) -> None:
    assert read(rison(value)) == value


def test_what_our_links_never_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="not in our links"):
        rison({"number": 1.5})
