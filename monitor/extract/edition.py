"""The name of the rule set of this program, so that old results can be told
from new ones.

Loads no extractor.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

RULES = 5
"""Raised whenever a rule changes what a page gives."""


@cache
def edition() -> str:
    """For instance `monitor-5/trafilatura-2.3.1`; stands at the beginning of
    every `Extracted.extractor`.
    """
    return f"monitor-{RULES}/trafilatura-{version('trafilatura')}"
