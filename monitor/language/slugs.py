"""Texts as names that every system takes: ids, file names. Knows not what is
named.
"""

from __future__ import annotations

import re
import unicodedata

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_OTHERS = re.compile(r"[^a-z0-9]+")


def ascii_slug(text: str, longest: int) -> str:
    """The text in small letters, digits and hyphens: `Straße É 2` gives
    `strasse-e-2`. May be empty.
    """
    # Composed first: an umlaut may come as a letter and two dots.
    spelled = (
        unicodedata.normalize("NFC", text).casefold().translate(_SPELLED_OUT)
    )
    plain = (
        unicodedata.normalize("NFKD", spelled)
        .encode("ascii", "ignore")
        .decode("ascii")
    )
    return _OTHERS.sub("-", plain).strip("-")[:longest].rstrip("-")
