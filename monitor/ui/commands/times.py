"""Times as people write them on the command line: a distance from now, or a day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.errors import ConfigError

UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def since(text: str, *, zone: str, now: datetime) -> datetime:
    """`24h`, `7d`, `2w` before now, or the start of a day such as 2026-11-01 in `zone`.

    Raises ConfigError.
    """
    if found := re.fullmatch(r"(\d{1,5})([mhdw])", text.strip()):
        return now - int(found[1]) * UNITS[found[2]]
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        raise ConfigError(
            f'--since: "{text}" is no time', hint="write 24h, 7d or 2026-11-01"
        ) from None


def until(text: str, *, zone: str, now: datetime) -> datetime:
    """`12h`, `3d`, `2w` from now, or a day or time such as 2026-12-24 in `zone`.

    Raises ConfigError for the past.
    """
    if found := re.fullmatch(r"(\d{1,4})([hdw])", text.strip()):
        return now + int(found[1]) * UNITS[found[2]]
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(
            f'--until: "{text}" is no time', hint="write 3d, 2w or 2026-12-24"
        ) from None
    end = (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    if end <= now:
        raise ConfigError(f"--until: {text} is over already")
    return end
