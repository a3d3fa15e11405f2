"""A data folder in which there is no installation: made only if it is meant.

A mistyped `--data` would else begin anew, and say nothing of what it knows
elsewhere.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from monitor.store.files import is_missing

if TYPE_CHECKING:
    from monitor.ui.context import Session


def place_is_meant(session: Session) -> bool:
    """Whether to go on: an installation is there, nobody named the folder, or
    it is wanted new.

    A terminal is asked; without one it goes on, and a line says so.
    """
    settings, say = session.settings, session.say
    named = "data_dir" in settings.model_fields_set
    if not named or is_installed(session):
        return True
    folder = settings.data_dir
    if not (sys.stdin.isatty() and session.err.is_terminal):
        session.complain(say("run.made_new", folder=folder), "yellow")
        return True
    from rich.prompt import Prompt  # noqa: PLC0415 - not for a daemon without a terminal

    session.complain(say("run.new_place", folder=folder), "yellow")
    yes, no = say("run.yes"), say("run.no")
    if (
        Prompt.ask(
            say("run.make_new"),
            console=session.err,
            choices=[yes, no],
            default=no,
        )
        == yes
    ):
        return True
    session.complain(say("run.not_made"))
    return False


def is_installed(session: Session) -> bool:
    """Whether there is a database already; one with an address of its own is
    taken to be there.
    """
    settings = session.settings
    if settings.database_url.get_secret_value():
        return True
    folder = settings.data_dir
    # Where we may not look, something may be.
    return any(folder.glob("*.sqlite3")) or not is_missing(
        folder / "monitor.sqlite3"
    )
