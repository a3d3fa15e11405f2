"""Learns what repeats over an outlet's pages, while they are read.

What of it is taken out of a page is decided on that page, in
`extract/learned_cut.py`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitor.extract.boilerplate import announcements, elsewhere, learn
from monitor.store.engine import Database
from monitor.store.reading import pages
from monitor.types.page import Learned

REFRESH = 5
"""New pages of an outlet after which is learned anew; each time its newest two
hundred are compared.
"""


@dataclass(frozen=True, slots=True)
class _Outlet:
    learned: Learned
    fresh: int = 0  # pages added since


class LearnedBoilerplate:
    """What repeats, by outlet. Thread-safe."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._by_outlet: dict[str, _Outlet] = {}
        self._announced: dict[str, tuple[int, Learned]] = {}

    def of(self, outlet: str) -> Learned:
        """The lines that repeat over this outlet's pages."""
        with self._lock:
            known = self._by_outlet.get(outlet)
        if known is not None and known.fresh < REFRESH:
            return known.learned
        with self._database.read() as connection:
            found = pages.blocks_of(connection, outlet)
        learned = learn([lines for _, lines in found])
        with self._lock:
            self._by_outlet[outlet] = _Outlet(learned)
        if known is not None:
            new = learned.repeated - known.learned.repeated
            self._read_again(
                [article_id for article_id, lines in found if new & set(lines)]
            )
        return learned

    def announced(self, outlet: str, *, title: str, summary: str) -> Learned:
        """Hashes of what the outlet's feeds say of its other articles, as
        teasers on every page repeat it.
        """
        with self._lock:
            known = self._announced.get(outlet)
        with self._database.read() as connection:
            newest = pages.newest_announced(connection, outlet)
            if known is None or known[0] != newest:
                told = [
                    (item, more)
                    for _, item, more in pages.announced(connection, outlet)
                ]
                known = newest, announcements(told)
                with self._lock:
                    self._announced[outlet] = known
        return elsewhere(known[1], announcements([(title, summary)]))

    def _read_again(self, article_ids: list[int]) -> None:
        """Earlier pages have what is known to be boilerplate only now: where
        they are kept, `reextract` reads them.
        """
        if article_ids:
            with self._database.write() as connection:
                pages.mark_read(connection, article_ids, read_with="")

    def add(
        self,
        connection: Connection,
        article_id: int,
        blocks: tuple[int, ...],
        *,
        outlet: str,
        now: datetime,
    ) -> None:
        """Count the lines of an article's page, within the transaction that
        stores its text.
        """
        pages.add_blocks(
            connection, article_id, blocks, outlet=outlet, now=now
        )
        with self._lock:
            known = self._by_outlet.get(outlet)
            if known is not None:
                self._by_outlet[outlet] = _Outlet(
                    known.learned, known.fresh + 1
                )
