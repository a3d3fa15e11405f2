"""The data file of words that tell what a new source is, read once."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache
def _words() -> dict[str, Any]:
    text = (
        resources.files("monitor.config") / "data" / "source_words.toml"
    ).read_text("utf-8")
    return tomllib.loads(text)


@lru_cache
def region_words() -> dict[str, frozenset[str]]:
    """Regions and the folded words that name them."""
    return {
        region: frozenset(words)
        for region, words in _words()["regions"].items()
    }


@lru_cache
def feed_descriptions() -> frozenset[str]:
    """Folded words that say what a feed brings, not whose it is."""
    return frozenset(_words()["descriptions"])
