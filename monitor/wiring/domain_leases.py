"""The turns of registered domains, shared by all daemons on one Postgres: the
port of the throttle over the leases of the store.
"""

from __future__ import annotations

import structlog

from monitor.errors import StoreError
from monitor.fetch.politeness.shared_throttle import SharedThrottle
from monitor.store.engine import Database
from monitor.store.running import leases

log = structlog.get_logger("monitor.fetch")
LOOK_AGAIN = 0.25
"""Real seconds. Nobody knows when a request of another daemon ends."""
MARGIN = 1.0
"""Real seconds that a lease is longer than the request may take."""


class DomainLeases:
    """A lease for each request. `speed`: so many times faster the clock of a
    rehearsal runs.
    """

    def __init__(
        self, database: Database, daemon: str, *, speed: float
    ) -> None:
        self._database, self._daemon, self._speed = database, daemon, speed

    def take(self, domain: str, *, lasts: float) -> float:
        """As the port says. Raises StoreError."""
        with self._database.write() as connection:
            refused = leases.take(
                connection,
                _name(domain),
                holder=self._daemon,
                seconds=lasts + MARGIN,
            )
        if refused is None:
            return 0.0
        wait = (
            min(refused.seconds, LOOK_AGAIN)
            if refused.held
            else refused.seconds
        )
        return max(wait, 0.001) * self._speed

    def give_back(self, domain: str, *, pause: float) -> None:
        """As the port says: a lease that cannot be given back ends by itself."""
        try:
            with self._database.write() as connection:
                leases.give_back(
                    connection,
                    _name(domain),
                    holder=self._daemon,
                    pause=pause / self._speed,
                )
        except StoreError as error:
            log.warning(
                "lease_not_given_back", domain=domain, detail=str(error)
            )


def shared_throttle(
    database: Database, daemon: str, *, speed: float
) -> SharedThrottle | None:
    """None on SQLite, where one daemon runs."""
    return (
        None
        if database.is_sqlite
        else DomainLeases(database, daemon, speed=speed)
    )


def _name(domain: str) -> str:
    return f"domain:{domain}"
