"""Which answer an editor still waits for. Each change of the form asks anew
and makes the answers under way worthless: the newest turn counts. Kept in
memory only. Thread-safe.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST_EDITORS = 500
"""Open editors that are remembered; one that was forgotten still gets its
answers.
"""


class Turns:
    """The newest turn of each open editor."""

    def __init__(self) -> None:
        """Knows no editor yet."""
        self._lock = threading.Lock()
        self._newest: OrderedDict[str, int] = OrderedDict()

    def begin(self, editor: str, turn: int) -> bool:
        """Take note of a turn. False where a newer one has begun already."""
        with self._lock:
            newest = max(turn, self._newest.pop(editor, turn))
            self._newest[editor] = newest
            if len(self._newest) > MOST_EDITORS:
                self._newest.popitem(last=False)
            return turn == newest

    def is_newest(self, editor: str, turn: int) -> bool:
        """Whether somebody still waits for the answer to this turn."""
        with self._lock:
            return self._newest.get(editor, turn) <= turn
