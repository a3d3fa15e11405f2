"""What a title says besides the item: rubrics, the outlet's name, remarks in
brackets. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.identify.word_lists import listed
from monitor.language.columns import columns

_PREFIX = re.compile(r"\A\W*([^:|]{1,40}?)\s*[:|]\s+")
_SUFFIX = re.compile(r"\s+([|–—-])\s+([^|–—]{1,40})\Z")
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,40})[)\]]\s*\Z")
_SHORT_NAME = re.compile(r"[A-Z]{2,5}\d?")
_PREFIX_WORDS = 3
# letters of an outlet's word that may end a longer one: "Beispielzeitung"
_ENDING = 5


@lru_cache(maxsize=1024)
def plain_title(title: str) -> str:
    """The title without rubrics, the outlet's name and remarks in brackets."""
    before = None
    while before != title:
        before = title
        prefix = _PREFIX.match(title)
        if prefix and (_is_tag(prefix[1]) or _is_outlet(prefix[1])):
            title = title[prefix.end() :]
        suffix = _SUFFIX.search(title)
        if suffix and _is_site(suffix):
            title = title[: suffix.start()]
        brackets = _BRACKETS.search(title)
        if brackets and _is_tag(brackets[1]):
            title = title[: brackets.start()]
    return title


def without_prefix(title: str) -> str:
    prefix = _PREFIX.match(title)
    if prefix is None:
        return title
    is_rubric = len(prefix[1].split()) <= _PREFIX_WORDS and not any(
        map(str.isdigit, prefix[1])
    )
    return title[prefix.end() :] if is_rubric else title


def _is_tag(text: str) -> bool:
    words = set(columns(text).folded)
    return bool(words) and words <= listed("title_tags") | listed(
        "update_marks"
    )


def _is_site(tag: re.Match[str]) -> bool:
    if tag[1] == "|" and _SHORT_NAME.fullmatch(tag[2].strip()):
        return True
    return _is_tag(tag[2]) or _is_outlet(tag[2])


def _is_outlet(text: str) -> bool:
    words = [word.rstrip("0123456789") for word in columns(text).folded]
    names = listed("outlet_words")
    endings = tuple(name for name in names if len(name) >= _ENDING)
    return any(word in names or word.endswith(endings) for word in words)
