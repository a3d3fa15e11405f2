"""`monitor health`: does the daemon do its work? For people, containers and cron."""

from __future__ import annotations

from rich.text import Text

from monitor.flow.requests.health import check_health, is_well
from monitor.store.engine import Database
from monitor.ui.context import Session

UNWELL = 1


def health(session: Session, *, live: bool, as_json: bool) -> int:
    """Every check; 1 where one fails. Never makes a database."""
    settings = session.settings
    database = Database(settings.database_address)
    try:
        checks = check_health(database, folder=settings.data_dir, now=session.now)
    finally:
        database.close()
    shown = [check for check in checks if check.live or not live]
    well = is_well(checks, live=live)
    if as_json:
        session.print_json({"well": well, "checks": shown})
    else:
        for check in shown:
            line = f"{'ok ' if check.well else 'BAD'}  {check.name}: {check.detail}"
            session.out.print(Text(line, style="" if check.well else "red"), soft_wrap=True)
    return 0 if well else UNWELL
