"""`monitor run`: the daemon, or one full pass."""

from __future__ import annotations

from monitor.errors import ConfigError
from monitor.ui.context import Session
from monitor.ui.failing import BAD_USE
from monitor.ui.new_place import place_is_meant
from monitor.wiring.daemon import open_monitor, run_daemon


def run(session: Session, *, once: bool, speed: float, as_json: bool) -> int:
    """The daemon until a signal, or one pass and its summary."""
    if once and speed != 1.0:
        raise ConfigError(
            "--speed: a single pass waits for nothing",
            hint="leave out --speed or --once",
        )
    if as_json and not once:
        raise ConfigError(
            "--json: only a single pass has a summary", hint="add --once"
        )
    if not place_is_meant(session):
        return BAD_USE
    if not once:
        return run_forever(session, speed=speed)
    # Imported here: a daemon does without.
    from monitor.ui.commands.one_pass import run_once  # noqa: PLC0415

    return run_once(session, as_json=as_json)


def run_forever(session: Session, *, speed: float) -> int:
    """The daemon, until a signal."""
    settings = session.settings
    from monitor.ui.commands.web import page_address, page_beside  # noqa: PLC0415 - not for one pass

    with (
        open_monitor(settings, speed=speed) as running,
        page_beside(settings, running) as place,
    ):
        address = page_address(settings, place) if place else ""
        session.complain(_banner(session, address), "bold")
        run_daemon(running, speed=speed)
        session.complain(session.say("daemon.stopping"), "dim")
    return 0


def _banner(session: Session, address: str) -> str:
    settings, say = session.settings, session.say
    folder = settings.data_dir / "outbox"
    mail = say(
        f"daemon.mail_{settings.mail_mode}",
        folder=folder,
        host=settings.smtp_host,
    )
    web = say("daemon.web", address=address) if address else ""
    return say("daemon.runs", folder=settings.data_dir, mail=mail, web=web)
