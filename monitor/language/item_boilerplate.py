"""Takes off a feed item what its software and its editors put around it: the
footer of a blog that names its house, boxes with further reading, the name of
the house behind the title.

They stand in every item of a feed, so a topic of the same name would meet all
of them. Pure; phrases in `data/item_boilerplate.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

_TAIL = re.compile(
    r"(?P<title>.*\S)(?:\s+[-–—·•]\s+|\s*\|\s*)(?P<house>[^|]+)"
)
_LETTERS = re.compile(r"[\W_]+")
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”“»«)\]]*\s*\Z")
_FOOTER = 400
"""Characters at the end of a text in which a footer is sought."""


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    file = resources.files("monitor.language") / "data/item_boilerplate.toml"
    data: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    footers = tuple(
        re.compile(rf"(?is)(?:{each})\s*\Z") for each in data["footers"]
    )
    return footers, re.compile(rf"(?i)\s*(?:{'|'.join(data['more'])})")


def bare_title(title: str, house: str) -> str:
    """The title without the name of its house behind it."""
    found = _TAIL.fullmatch(title)
    if (
        found
        and _letters(house)
        and _letters(found["house"]) == _letters(house)
    ):
        return found["title"]
    return title


def bare_text(text: str, title: str) -> str:
    """A summary or content without its footer and its boxes with further
    reading. All of a text is never taken.
    """
    kept = _without_boxes(_without_footer(text, title))
    return kept if kept.strip() else text


def _without_footer(text: str, title: str) -> str:
    """A footer that repeats a title is one only with this item's title."""
    start = max(0, len(text) - _FOOTER - len(title))
    for footer in _phrases()[0]:
        found = footer.search(text, start)
        if found is None:
            continue
        said = _letters(found.groupdict().get("title") or "")
        if not said or said in _letters(title) or _letters(title) in said:
            return text[: found.start()].rstrip()
    return text


def _without_boxes(text: str) -> str:
    """Lines that announce further reading, with the headlines below a line
    that only announces: these end no sentence.
    """
    lines = text.split("\n")
    kept: list[str] = []
    in_box = False
    for line in lines:
        label = _phrases()[1].match(line)
        rest = line[label.end() :].strip() if label else ""
        if label and (rest.startswith(":") or not _ENDS_SENTENCE.search(rest)):
            in_box = not rest.strip(" :")
        elif not in_box or _ENDS_SENTENCE.search(line):
            in_box = False
            kept.append(line)
    return "\n".join(kept) if len(kept) < len(lines) else text


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
