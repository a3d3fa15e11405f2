"""feeds.yaml as the web page sees it: read at the first question, and again
after each edit.

Holds nothing back and enforces nothing: that is the daemon's
`ReloadedCatalog`. A page may also run where the file is not. Beside a daemon
it takes over what the daemon has compiled.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.config.catalog import load_catalog
from monitor.errors import ConfigError
from monitor.flow.catalog_file import read_catalog, stamp_of
from monitor.match.topics import CompiledTopics
from monitor.types.catalog import Catalog, Topic


@dataclass(frozen=True, slots=True)
class CatalogView:
    """The usable content of the file. `problem`: why the newest edit cannot be
    used.
    """

    catalog: Catalog
    topics: CompiledTopics
    problem: ConfigError | None = None

    def topic(self, topic_id: str) -> Topic | None:
        """The topic as configured; None for one that the file does not have."""
        return next(
            (topic for topic in self.catalog.topics if topic.id == topic_id),
            None,
        )

    def names_with(self, current: Mapping[str, str]) -> dict[str, str]:
        """Id and name of every topic that the file has, or that is `current`
        by the database.
        """
        return {topic.id: topic.name for topic in self.catalog.topics} | dict(
            current
        )


Loaded = Callable[[], tuple[Catalog, CompiledTopics]]
"""What the daemon of this process has loaded."""

_NOTHING = CatalogView(Catalog(), CompiledTopics((), ()))


class WatchedCatalog:
    """The file and what was last readable in it. Thread-safe."""

    def __init__(
        self, path: Path | None = None, *, loaded: Loaded | None = None
    ) -> None:
        """Reads nothing yet."""
        self._path, self._loaded = path, loaded
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._view = _NOTHING

    @property
    def path(self) -> Path | None:
        """Where the file lies, if it lies on this machine."""
        return self._path

    def current(self) -> CatalogView:
        """What the file says now. A broken edit leaves what was there before,
        with the problem.
        """
        with self._lock:
            stamp = stamp_of(self._path) if self._path else None
            if stamp != self._seen:
                self._seen = stamp
                self._view = self._read()
            elif (
                same := self._loaded_as(self._view.catalog)
            ) and not self._view.problem:
                self._view = same  # the daemon has caught up with an edit
            return self._view

    def _read(self) -> CatalogView:
        if self._path is None or self._seen is None:
            return _NOTHING
        try:
            same = (
                self._loaded_as(load_catalog(self._path))
                if self._loaded
                else None
            )
            return same or CatalogView(*read_catalog(self._path))
        except ConfigError as error:
            return CatalogView(self._view.catalog, self._view.topics, error)

    def _loaded_as(self, catalog: Catalog) -> CatalogView | None:
        """The daemon's view, if it has loaded the same."""
        if self._loaded is None:
            return None
        theirs, topics = self._loaded()
        return (
            CatalogView(theirs, topics)
            if theirs.digest == catalog.digest
            else None
        )
