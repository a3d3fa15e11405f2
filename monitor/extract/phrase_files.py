"""The lists of words and phrases in `data/`. Knows no list's meaning."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def read_lists(name: str) -> dict[str, Any]:
    """The lists or tables of `data/NAME.toml`, as they are written."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


def read_word_list(name: str) -> list[str]:
    """The words of `data/NAME.txt`, in which # begins a line of comment."""
    text = (DATA / f"{name}.txt").read_text("utf-8")
    return re.sub(r"(?m)^#.*", "", text).split()


def any_phrase(name: str, key: str) -> str:
    r"""An expression that fits any phrase of that list; a blank in one is
    `\s+`.
    """
    return f"(?:{'|'.join(read_lists(name)[key])})".replace(" ", r"\s+")
