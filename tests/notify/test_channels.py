"""Atom feeds are valid by RFC 4287, whatever a story lacks or holds."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from monitor.notify.transport.channel_formats import ATOM, atom_feed
from monitor.types.mail import StoryView, TopicRef
from tests.notify.samples import story

NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
A = f"{{{ATOM}}}"


@pytest.mark.parametrize(
    "told",
    [
        story("Selenskyj in Berlin"),
        story("Ohne Adresse", url=""),
        story("", url="javascript:alert(1)", outlet=""),
        story("\x00\x0b\ud800 & <b> \u202e \uffff", outlet="a\x1fb"),
    ],
)
def test_each_entry_has_what_the_standard_demands(told: StoryView) -> None:
    entries = [(2, NOW, told), (1, NOW, story("Erste"))]
    root = ET.fromstring(
        atom_feed(
            TopicRef("ukraine", "Ukraine"), entries, domain="example.org"
        )
    )
    assert [
        len(root.findall(f"{A}{name}")) for name in ("id", "title", "updated")
    ] == [1, 1, 1]
    for entry in root.findall(f"{A}entry"):
        assert [
            len(entry.findall(f"{A}{name}"))
            for name in ("id", "title", "updated", "author")
        ] == [1, 1, 1, 1]
        assert entry.findtext(f"{A}author/{A}name")
        assert entry.findtext(f"{A}title")
        links = [
            link
            for link in entry.findall(f"{A}link")
            if link.get("rel") == "alternate"
        ]
        assert links or entry.find(f"{A}content") is not None
        for name in ("updated", "published"):
            moment = datetime.fromisoformat(entry.findtext(f"{A}{name}") or "")
            assert moment.tzinfo is not None
    ids = [entry.findtext(f"{A}id") for entry in root.findall(f"{A}entry")]
    assert len(set(ids)) == len(ids)
