"""Says whether a text is German or English, by its function words."""

from __future__ import annotations

from typing import Literal

from monitor.extract.lines import letters_of

GERMAN = frozenset(
    (
        "der",
        "die",
        "und",
        "das",
        "nicht",
        "ist",
        "mit",
        "den",
        "von",
        "für",
        "auf",
        "ein",
        "im",
        "auch",
    )
)
ENGLISH = frozenset(
    (
        "the",
        "and",
        "of",
        "to",
        "is",
        "that",
        "for",
        "with",
        "on",
        "as",
        "it",
        "by",
        "are",
        "from",
    )
)
# times as many function words: then the text is believed more than the page's
# template
CLEAR = 3


def language_of(text: str) -> Literal["de", "en"] | None:
    """The language that a text plainly has, None where it has too few such
    words.
    """
    words = letters_of(text).split()
    german = sum(w in GERMAN for w in words)
    english = sum(w in ENGLISH for w in words)
    if german > CLEAR * english + CLEAR:
        return "de"
    if english > CLEAR * german + CLEAR:
        return "en"
    return None
