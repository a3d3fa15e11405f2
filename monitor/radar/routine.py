"""What is routine of the trade: weather, tables, horoscopes, advertising.
Lists in `data/`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from monitor.language.stems import stem
from monitor.language.words import fold

_WORD = re.compile(r"\w+")


def is_routine(title: str, sections: Iterable[str]) -> bool:
    """Whether nothing of this article can be news: its title or its section
    says what it is.
    """
    if not _sections().isdisjoint(map(_folded, sections)):
        return True
    return _titles().search(f" {_folded(title)} ") is not None


@cache
def never_subjects() -> frozenset[str]:
    """Stems of words that are no subject by themselves, function words among
    them.
    """
    words = chain(function_words(), *_lists()["words"].values())
    return frozenset(map(stem, words))


@cache
def function_words() -> frozenset[str]:
    """Folded words that begin a sentence, and no name."""
    return frozenset(_lists()["function"]["words"])


def _folded(text: str) -> str:
    return " ".join(fold(word) for word in _WORD.findall(text))


@cache
def _sections() -> frozenset[str]:
    return frozenset(map(_folded, _lists()["sections"]["names"]))


@cache
def _titles() -> re.Pattern[str]:
    phrases = chain.from_iterable(_lists()["titles"].values())
    any_of_them = "|".join(map(re.escape, phrases)).replace(r"\*", r"\w*")
    return re.compile(f" (?:{any_of_them}) ")


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(
        (files("monitor.radar") / "data" / "routine.toml").read_text("utf-8")
    )
