"""The language of the command line before there are settings: for help, and
for settings that cannot be read. Imports almost nothing, because `--help`
waits for it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

Language = Literal["de", "en"]
VARIABLE = "MONITOR_LANGUAGE"
DEFAULT: Language = "de"


def spoken_language(
    env: Mapping[str, str] | None = None, *, env_file: Path = Path(".env")
) -> Language:
    """What the settings would say; German where they say nothing that is
    understood.
    """
    env = os.environ if env is None else env
    chosen = env.get(VARIABLE, "").strip() or _in_file(env_file)
    return "en" if chosen == "en" else DEFAULT


def _in_file(path: Path) -> str:
    """The last such line of a `.env` file."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    found = [line.partition("=")[2] for line in lines if _names_it(line)]
    return found[-1].strip().strip("'\"") if found else ""


def _names_it(line: str) -> bool:
    return line.partition("=")[0].removeprefix("export ").strip() == VARIABLE
