"""feeds.yaml as the daemon keeps it, with somebody to tell of an edit that
cannot be used.
"""

from __future__ import annotations

import functools
from datetime import timedelta

from monitor.config.settings import Settings
from monitor.flow.alerting.config_notice import tell_refusal
from monitor.flow.reload import ReloadedCatalog
from monitor.ports import Clock
from monitor.store.engine import Database
from monitor.wiring.mail_kit import make_mail_kit


def open_catalog(
    settings: Settings, database: Database, clock: Clock, *, spread: timedelta
) -> ReloadedCatalog:
    """Reads the file. `spread` distributes the first polls of new feeds.
    Raises CatalogError.
    """
    kit = make_mail_kit(settings, database, now=clock.now())
    return ReloadedCatalog(
        settings.feeds_file,
        database=database,
        clock=clock,
        spread=spread,
        refused=functools.partial(tell_refusal, kit=kit),
    )
