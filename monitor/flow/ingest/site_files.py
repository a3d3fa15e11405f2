"""The files that a site's pages wait for, asked for beside a poll and not
after it.

robots.txt and tdmrep.json count for a day. Where they have run out, a page
would be asked for two requests and two pauses later, in the very moment in
which there is news.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from monitor.flow.ingest.reservations import Reservations
from monitor.ports import Clock
from monitor.store.engine import Database
from monitor.store.polling import entries
from monitor.types.catalog import Feed


class SiteFilesAhead:
    """Knows where each feed's pages are, and until when that site's files
    count. Thread-safe.
    """

    def __init__(
        self,
        *,
        database: Database,
        reservations: Reservations | None,
        feed_of: Callable[[str], Feed | None],
        clock: Clock,
    ) -> None:
        """`reservations` None: they are not obeyed, and there is nothing to
        ask for.
        """
        self._database, self._reservations = database, reservations
        self._feed_of, self._clock = feed_of, clock
        self._pages: dict[str, str] = {}
        self._until: dict[str, datetime] = {}

    def due(self, feed_id: str, feed_url: str | None) -> str | None:
        """A page whose site's files are to be asked for; None where nothing
        is.
        """
        feed = self._feed_of(feed_id)
        if (
            feed is None
            or feed.is_licensed
            or not feed.fulltext
            or self._reservations is None
        ):
            return None
        url = self._newest_page(feed_id) or feed_url or feed.address
        until = self._until.get(_site(url))
        return url if until is None or until <= self._clock.now() else None

    def ask(self, feed_id: str, url: str) -> None:
        """Ask for the files of the site of `url`, where the database does not
        have them.
        """
        feed = self._feed_of(feed_id)
        if feed is not None and self._reservations is not None:
            self._until[_site(url)] = self._reservations.look_ahead(
                url, verify_tls=feed.verify_tls
            )

    def forget(self) -> None:
        """Ask for every site's files again, where the database does not have
        them.
        """
        self._until.clear()

    def note_page(self, feed_id: str, url: str | None) -> None:
        """A page of this feed was asked for: its next ones will be on the same
        site.
        """
        if url is not None:
            self._pages[feed_id] = url

    def _newest_page(self, feed_id: str) -> str | None:
        if feed_id not in self._pages:
            with self._database.read() as connection:
                page = entries.newest_page(connection, feed_id)
            if page is None:
                return None
            self._pages[feed_id] = page
        return self._pages[feed_id]


def _site(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])
