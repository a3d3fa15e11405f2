"""The classes of characters that words are made of, as parts of regular
expressions.

Knows no words.
"""

from __future__ import annotations

MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
)
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
DASHES = "\\-\u058a\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
HYPHENS = "\\-\u2010\u2011"
APOSTROPHES = "'\u2019\u02bc\u2018\u02b9\uff07"
SPACES = " \u00a0\u2000-\u200a\u202f"
"""Spaces inside a line: with the no-break, thin and narrow ones that stand in
numbers.
"""

OPEN_HYPHENS = f"{HYPHENS}\u00ad\u2012\u2013\u2212"
"""What stands for the hyphen of `Kreis-`: also a soft hyphen or a dash."""

THOUSANDS = f"{APOSTROPHES}`\u00b4"
"""What the Swiss set between thousands, with the accents that stand for it."""

GENDER_SIGNS = "*:_\u00b7\u2022\u2027\u204e\u2217\u2219\u22c5\uff0a\uff1a"
"""What stands between a word and its ending for women; `/`, an apostrophe and
brackets can, too.
"""

# the two apostrophes that Unicode counts as letters
LETTER = r"[^\W_\u02bc\u02b9]"
