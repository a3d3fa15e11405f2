"""Which news agency a text comes from, by the marks that newsrooms leave:
datelines, endings, bylines. Pure.

Only marks count, never the mere word: an article *about* dpa is no article
*of* dpa.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from monitor.identify.word_lists import list_lines

_NAME = (
    r"(?:dpa|AFP|afp|AP|Reuters|reuters|REUTERS|rtr|SID|sid|epd"
    r"|KNA|kna|APA|apa|sda|SDA|dts|dapd|DJ)"
)
_DESK = r"[A-Za-zÄÖÜäöüß]{1,12}"
# "dpa/lnw", "dpa-infocom", "red/dpa", "dpa/AFP", "jan/dpa": an agency, its
# services, and newsroom initials.
_MARK = rf"(?:{_DESK}[/,]\s?){{0,2}}{_NAME}(?:[/,-]\s?{_DESK}){{0,3}}"
_DATELINE = re.compile(
    rf"\A[^\n(]{{0,60}}\(({_MARK})\)\s*(?:[-–—:.]|\n|(?=[A-ZÄÖÜ„»\"]))"
)
_ENDING = re.compile(
    rf"(?:\(({_MARK})\)|(?:\n|[.!?“\"»«]\s+)({_MARK}))[.\s]*\Z"
)
_CREDIT = re.compile(
    rf"(?:©|\(c\)|Quelle:|Text:|Mit (?:Material|Informationen|Agenturmaterial) (?:von|der|des))"
    rf"\s*(?:der\s+)?({_MARK})\b[^\n]{{0,60}}\Z",
    re.IGNORECASE,
)
_TAIL = 200  # characters; marks at the end stand in the last line
_WORD = re.compile(r"[^\W\d_]+")


def find_agency(authors: Iterable[str], *texts: str) -> str | None:
    """The agency by its usual name, several joined by a slash ("dpa/AFP");
    None where no mark says so.

    `texts` are looked at in order (text, lead, what the feed said); bylines
    count besides them.
    """
    found: list[str] = []
    for author in authors:
        found += _of_byline(author)
    for text in texts:
        stripped = text.strip()
        tail = stripped[-_TAIL:]
        for mark in (
            _DATELINE.search(stripped),
            _ENDING.search(tail),
            _CREDIT.search(tail),
        ):
            if mark and mark.lastindex:
                found += _names(mark[mark.lastindex])
    return "/".join(dict.fromkeys(found)) or None


def _of_byline(author: str) -> list[str]:
    whole = author.strip()
    agency = _agencies("agency_names").get(whole.casefold())
    if agency:
        return [agency]
    return _names(whole) if re.fullmatch(_MARK, whole, re.IGNORECASE) else []


def _names(mark: str) -> list[str]:
    words = (word.casefold() for word in _WORD.findall(mark))
    known = _agencies("agency_marks")
    return [known[word] for word in words if word in known]


@cache
def _agencies(listed_as: str) -> dict[str, str]:
    return dict(line.split(": ") for line in list_lines(listed_as))
