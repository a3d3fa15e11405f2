"""`monitor health`: does the daemon do its work? For people, containers and
cron.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.flow.requests.health import check_health, is_well
from monitor.store.running.asking import ask_driver, is_sqlite
from monitor.types.health import HealthCheck
from monitor.ui.context import Session

UNWELL = 1


def health(session: Session, *, live: bool, as_json: bool) -> int:
    """Every check; 1 where one fails. Never makes a database."""
    checks = ask_health(session)
    shown = [check for check in checks if check.live or not live]
    well = is_well(checks, live=live)
    if as_json:
        session.print_json({"well": well, "checks": shown})
    else:
        show_checks(session, shown)
    return 0 if well else UNWELL


def ask_health(
    session: Session, *, overview: bool = False
) -> tuple[HealthCheck, ...]:
    """The checks, by the driver alone. `overview`: as in `judge_health`."""
    settings = session.settings
    address = settings.database_address
    return check_health(
        ask_driver(address),
        folder=settings.data_dir,
        now=session.now,
        shared=not is_sqlite(address),
        overview=overview,
    )


def show_checks(session: Session, checks: Sequence[HealthCheck]) -> None:
    """One line for each check, and one for all of them."""
    say = session.say
    for check in checks:
        show_check(session, check)
    bad = sum(not check.well for check in checks)
    session.tell(
        say.count("health.all_unwell", bad) if bad else say("health.all_well"),
        "bold",
    )


def show_check(session: Session, check: HealthCheck) -> None:
    """One line: whether it is well, what was looked at, what was found."""
    say = session.say
    mark = say("health.well" if check.well else "health.unwell")
    line = (
        f"{mark:<6}{say(f'health.{check.name}')}: {say.phrase(check.detail)}"
    )
    session.tell(line, "" if check.well else "red")
