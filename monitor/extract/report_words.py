"""The words that tell a report from an excuse, read once from
`report_words.toml`.
"""

from __future__ import annotations

import re
from functools import cache

from monitor.extract.phrase_files import read_lists
from monitor.extract.phrases import folded_words

LEAST = 5  # words of a sentence that reports something
MOST_OF_FOOT = 12  # words of a line in a page's foot


def is_report(sentence: str) -> bool:
    """True for a sentence of some length that does not speak to the reader."""
    first, *within = re.findall(r"\w+", sentence) or [""]
    if len(within) + 1 < LEAST or first in _words("reader_first"):
        return False
    return _words("reader").isdisjoint(within)


def is_live(heading: str) -> bool:
    """True for the headline of a live blog."""
    return bool(_live().search(folded_words(heading)))


def is_foot(line: str) -> bool:
    """True for a line of the page's foot or menu."""
    folded = folded_words(line)
    return folded.count(" ") < MOST_OF_FOOT and bool(_foot().fullmatch(folded))


@cache
def _foot() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_words("foot"))))


@cache
def _live() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(sorted(_words('live')))})\b")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(read_lists("report_words")[name])
