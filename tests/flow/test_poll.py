"""Which of a feed's new items may alert."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.flow.steps.poll import loud_items
from monitor.types.catalog import Initial
from monitor.types.feed import Entry, FeedDate, Identity, Verdict, VerdictKind


def new(key: str, day: int | None) -> Verdict:
    when = datetime(2025, 6, day, tzinfo=UTC) if day else None
    return Verdict(
        VerdictKind.NEW,
        Entry(key, None, key, published=FeedDate("", when, "")),
        Identity(key, (), "", None),
    )


DATED = (new("old", 1), new("new", 3), new("middle", 2))
UNDATED = (new("top", None), new("second", None), new("dated", 1))


@pytest.mark.parametrize(
    ("items", "initial", "first", "loud"),
    [
        (DATED, "silent", True, ""),
        (DATED, "all", True, "old new middle"),
        (DATED, 2, True, "new middle"),
        (DATED, 9, True, "old new middle"),
        (DATED, 0, True, ""),
        # without dates the order of the feed counts: newest first
        (UNDATED, 2, True, "dated top"),
        ((), 2, True, ""),
        (DATED, "silent", False, "old new middle"),
        (DATED, 1, False, "old new middle"),
    ],
)
def test_loud_items(
    items: tuple[Verdict, ...], initial: Initial, first: bool, loud: str
) -> None:
    assert loud_items(items, initial, first=first) == set(loud.split())
