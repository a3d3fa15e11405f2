"""The indices of an installation that may change its engine while it runs:
opens those of the one chosen now.

Knows how to ask which one, and how to open one; knows neither.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.ports import Index
from monitor.types.output import Document, PutResult, SearchPage, SearchRequest

if TYPE_CHECKING:  # its client is a tenth of a second of imports
    from monitor.index.elastic.operations import OperationsIndex


class ChosenIndex:
    """The `Index` port over the engine that `chosen` names.

    It is asked again whenever somebody asks for the build.
    """

    def __init__(
        self, chosen: Callable[[], str], open_engine: Callable[[str], Index]
    ) -> None:
        self._chosen, self._open_engine = chosen, open_engine
        self._lock = threading.Lock()
        self._open: tuple[str, Index] | None = None

    @property
    def build_name(self) -> str:
        """As the port says."""
        return self._current(ask=True).build_name

    @property
    def building(self) -> str:
        """As the port says."""
        return self._current(ask=True).building

    def prepare(self) -> None:
        """As the port says."""
        self._current(ask=True).prepare()

    def put(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As the port says."""
        return self._current().put(documents)

    def fill(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As the port says."""
        return self._current().fill(documents)

    def rebuild(self) -> None:
        """As the port says."""
        self._current().rebuild()

    def finish(self) -> None:
        """As the port says."""
        self._current().finish()

    def prune(self, before: datetime) -> int:
        """As the port says."""
        return self._current().prune(before)

    def delete(self, doc_ids: Sequence[str]) -> None:
        """As the port says."""
        self._current().delete(doc_ids)

    def search(self, request: SearchRequest) -> SearchPage:
        """As the port says."""
        return self._current().search(request)

    def count(self) -> int:
        """As the port says."""
        return self._current().count()

    def close(self) -> None:
        """As the port says."""
        with self._lock:
            if self._open is not None:
                self._open[1].close()
                self._open = None

    def _current(self, *, ask: bool = False) -> Index:
        with self._lock:
            if self._open is None or ask:
                engine = self._chosen()
                if self._open is None or self._open[0] != engine:
                    if self._open is not None:
                        self._open[1].close()
                    self._open = (engine, self._open_engine(engine))
            return self._open[1]


class ChosenOperations:
    """The operations index, called to have it, for as long as the chosen
    engine has one.
    """

    def __init__(
        self,
        has_one: Callable[[], bool],
        open_one: Callable[[], OperationsIndex],
    ) -> None:
        self._has_one, self._open_one = has_one, open_one
        self._open: OperationsIndex | None = None

    def __call__(self) -> OperationsIndex | None:
        """The index; None where the engine that is chosen now has none."""
        if not self._has_one():
            self.close()
        elif self._open is None:
            self._open = self._open_one()
        return self._open

    def close(self) -> None:
        """End the connections."""
        if self._open is not None:
            self._open.close()
            self._open = None
