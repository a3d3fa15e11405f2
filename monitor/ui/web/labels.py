"""German words for the fixed English words of the database. Pure.

What has no German word is shown as it is: better than nothing, and seen by
whoever adds it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from monitor.flow.upkeep import page_reasons

_FILE = Path(__file__).with_name("labels.toml")


@cache
def read_labels() -> Mapping[str, Mapping[str, str]]:
    """The labels of each list."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def label(kind: str, word: str, language: str) -> str:
    """The label of a word of one list; in English, the word itself."""
    if language != "de":
        return word.replace("_", " ")
    return read_labels()[kind].get(word, word)


def poll_label(outcome: str, language: str) -> str:
    """How a poll, or the reading of a page, ended."""
    if outcome in read_labels()["poll"]:
        return label("poll", outcome, language)
    return page_reasons.page_reason(
        outcome, "de" if language == "de" else "en"
    )
