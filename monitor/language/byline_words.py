"""The words of bylines, `data/bylines.toml`, and the expressions made of them.
Knows no byline.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class BylineWords:
    """`data/bylines.toml`, and the expressions made of it."""

    agencies: dict[str, str]
    nobody: frozenset[str]
    role_starts: frozenset[str]
    place_starts: frozenset[str]
    places: frozenset[str]
    particles: frozenset[str]
    wrote: frozenset[str]
    stations: frozenset[str]
    title_words: frozenset[str]
    sentence_starts: frozenset[str]
    role: re.Pattern[str]  # the whole of a word
    role_before: re.Pattern[str]  # "Unsere Redakteurin " before a name
    role_after: re.Pattern[str]  # " Redakteurin in Herford" behind one
    # between a name and a role or label that follows without a blank
    glued: re.Pattern[str]
    time: re.Pattern[str]
    label: re.Pattern[str]
    other_work: re.Pattern[str]
    said: re.Pattern[str]
    desk: re.Pattern[str]  # the whole of a word
    whereabouts: re.Pattern[str]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def byline_words() -> BylineWords:
    """The words, read once a process."""
    data = tomllib.loads(
        (files("monitor.language") / "data" / "bylines.toml").read_text(
            "utf-8"
        )
    )
    role = rf"[\w-]*(?:{_any_of(data['roles'])})(?:[:*_]?in(?:nen)?|en|s)?"
    times = _any_of(data["said_of_time"])
    labels = _any_of((*data["wrote"], *data["other_work"]))
    others = _any_of(data["other_work"])
    capitals = "|".join(
        word.capitalize() for word in (*data["roles"], *data["said_of_time"])
    )
    return BylineWords(
        agencies=dict(data["agencies"]),
        nobody=frozenset(data["nobody"]),
        role_starts=frozenset(data["role_starts"]),
        place_starts=frozenset(data["place_starts"]),
        places=frozenset(data["places"]),
        particles=frozenset(data["particles"]),
        wrote=frozenset(data["wrote"]),
        stations=frozenset(data["stations"]),
        title_words=frozenset(data["title_words"]),
        sentence_starts=frozenset(data["sentence_starts"]),
        role=re.compile(role, re.IGNORECASE),
        role_before=re.compile(
            rf"\A(?:(?:unser\w*|die|der)\s+)?{role}\s+", re.IGNORECASE
        ),
        role_after=re.compile(
            rf"\s+(?:(?:{_any_of(data['role_starts'])}|ist|unser\w*)\s+)*\b{role}(?!\w).*\Z",
            re.IGNORECASE,
        ),
        glued=re.compile(
            rf"(?<=[a-zäöüß])(?=(?:{capitals}|Zuerst|Zuletzt|Stand:|Foto:)|[A-ZÄÖÜ][a-zäöü]+(?:{_any_of(data['roles'])}))"
        ),
        time=re.compile(
            rf"\b(?:(?:zuletzt|zuerst|last|first|am)\s+)*(?:{times})\b(?:\s+(?:am|um|on|at)\b)?\s*:?",
            re.IGNORECASE,
        ),
        label=re.compile(
            rf"(?:\A|(?<=[\s,;|/(·•–-]))(?:eine?\s+)?(?P<words>(?:{labels})(?:\s*(?:und|u\.|&|/|\+|,)\s*(?:{labels}))*)"
            r"\s*(?::(?!in(?:nen)?\b)|\bvon\b:?(?=\s))\s*",
            re.IGNORECASE,
        ),
        other_work=re.compile(
            rf"\A(?:{others})\b|\((?:{others})\)", re.IGNORECASE
        ),
        said=re.compile(
            rf"(?:\A|\s)(?:{_any_of(data['said'])})\b\s*", re.IGNORECASE
        ),
        desk=re.compile(
            rf"[\w.:-]*(?:{_any_of(data['desks'])})", re.IGNORECASE
        ),
        whereabouts=re.compile(
            rf"\A\s*(?:{_any_of(data['whereabouts'])})\s", re.IGNORECASE
        ),
    )
