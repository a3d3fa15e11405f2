"""How many items of one document are kept, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from monitor.types.feed import Problem

# items of one document; the longest real feeds have about 500
ITEM_LIMIT = 2000
Item = TypeVar("Item")


def both_ends(items: Sequence[Item]) -> Sequence[Item]:
    """At most ITEM_LIMIT items: the first and the last half stay.

    Most feeds list the newest item first, some last: from neither may news be
    lost.
    """
    if len(items) <= ITEM_LIMIT:
        return items
    last = ITEM_LIMIT // 2
    return [*items[: ITEM_LIMIT - last], *items[-last:]]


def beyond_limit(count: int) -> tuple[Problem, ...]:
    """The problem that `count` items are too many; none where they are not."""
    if count <= ITEM_LIMIT:
        return ()
    left_out = f"{count - ITEM_LIMIT} items beyond {ITEM_LIMIT} were left out"
    return (Problem("too-many-items", left_out),)
