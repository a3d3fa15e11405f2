"""What readers of a German report are told of pages that could not be read: a
label for each outcome. The words stand in `language/data/phrases_de.toml`.
"""

from __future__ import annotations

from typing import Literal

from monitor.language.phrases import outcome_label


def page_reason(outcome: str, language: Literal["de", "en"]) -> str:
    """The words for an outcome; its name in English, and for one that nobody
    has described.
    """
    return outcome_label(outcome, language)
