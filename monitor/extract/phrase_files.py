"""Lists of phrases in `data/` as parts of regular expressions. Knows no list's meaning."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def phrase_lists(name: str) -> dict[str, tuple[str, ...]]:
    """The lists of `data/NAME.toml`, as they are written."""
    stated = tomllib.loads((files("monitor.extract") / "data" / f"{name}.toml").read_text("utf-8"))
    return {key: tuple(phrases) for key, phrases in stated.items()}


def any_phrase(name: str, key: str) -> str:
    r"""An expression that fits any phrase of that list; a blank in one is `\s+`."""
    return f"(?:{'|'.join(phrase_lists(name)[key])})".replace(" ", r"\s+")
