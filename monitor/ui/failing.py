"""One way to fail: what is wrong, what to do, exit code 2."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

from monitor.errors import CatalogError, MonitorError

if TYPE_CHECKING:
    from monitor.ui.say import Say

BAD_USE = 2


def fail(error: MonitorError) -> NoReturn:
    """Say what is wrong and what to do, and end with code 2."""
    # Imported here: `--help` must not pay for what only a failure says.
    from rich.console import Console  # noqa: PLC0415

    from monitor.config.spoken import spoken_language  # noqa: PLC0415
    from monitor.ui.say import Say  # noqa: PLC0415

    # The settings may be what is wrong, so they are not asked.
    say = Say(spoken_language(), ZoneInfo("Europe/Berlin"), datetime.now(UTC))
    console = Console(stderr=True, highlight=False)
    console.print(say("common.error"), style="bold red", end=" ")
    # A caret stands under its letter, so nothing is wrapped.
    console.print(said_error(error, say), markup=False, soft_wrap=True)
    if error.hint:
        hint = say("common.hint", hint=say.phrase(error.hint))
        console.print(hint, markup=False, style="yellow", soft_wrap=True)
    raise SystemExit(BAD_USE)


def said_error(error: MonitorError, say: Say) -> str:
    """What is wrong, in the user's language; without what to do."""
    # an edit would break the file
    if isinstance(error.__cause__, CatalogError):
        return (
            f"{say('common.with_change')} {said_error(error.__cause__, say)}"
        )
    if isinstance(error, CatalogError):
        # Imported here: only a broken file needs the room that reads it.
        from monitor.ui.query_problems import said_catalog_error  # noqa: PLC0415

        return said_catalog_error(error, say)
    return "\n".join(_line(line, say) for line in str(error).split("\n"))


def _line(line: str, say: Say) -> str:
    """Settings come as `  MONITOR_NAME: what is wrong`."""
    bare = line.lstrip()
    name, colon, reason = bare.partition(": ")
    if not bare.startswith("MONITOR_") or not colon:
        return say.phrase(line)
    indent = " " * (len(line) - len(bare))
    return f"{indent}{name}: {say.phrase(reason)}"
