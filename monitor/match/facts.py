"""Filters: facts about an article against the values of a query.

Pure; knows nothing of words in texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from monitor.language.words import fold, words
from monitor.query.tree import Filter
from monitor.types.match import MatchText


def fact_holds(node: Filter, text: MatchText) -> bool:
    """Whether the article's fact fits the value; a final `*` in it leaves the
    end open.
    """
    is_open = node.value.endswith("*")
    value = node.value.removesuffix("*")
    match node.name:
        case "author":
            return any(
                _names(value, is_open, author) for author in text.author
            )
        case "url":
            return bool(text.url) and _leads_to(value, is_open, text.url)
        case "source":
            return _is_among(value, is_open, text.source)
        case "category":
            return _is_among(value, is_open, text.category)
        case "country":
            return _is_among(value, is_open, [text.country])
        case "lang":  # `de` also means de-AT
            language, *_region = re.split("[-_]", text.lang)
            return _is_among(value, is_open, [text.lang, language])


def _is_among(value: str, is_open: bool, facts: Iterable[str]) -> bool:
    wanted = fold(value)
    folded = map(fold, facts)
    if is_open:
        return any(fact.startswith(wanted) for fact in folded)
    return wanted in folded


def _names(value: str, is_open: bool, author: str) -> bool:
    """Whether the value's words stand next to each other in an author's name."""
    wanted = _folded(value)
    if not wanted:
        return False
    name = _folded(author)
    *first, last = wanted
    for start in range(len(name) - len(first)):
        *before, word = name[start : start + len(wanted)]
        if before == first and (
            word == last or (is_open and word.startswith(last))
        ):
            return True
    return False


def _folded(text: str) -> list[str]:
    return [word.folded for word in words(text)]


def _leads_to(value: str, is_open: bool, url: str) -> bool:
    """A host with its subdomains, a host and the beginning of a path, or `/`
    and the beginning of a path.
    """
    wanted_host, wanted_path = _split_url(value)
    host, path = _split_url(url)
    if wanted_host and is_open and not wanted_path:
        return host.startswith(wanted_host)
    if wanted_host and not f".{host}".endswith(f".{wanted_host}"):
        return False
    if not path.startswith(wanted_path):
        return False
    rest = path.removeprefix(wanted_path)
    ends_there = (
        not wanted_path
        or wanted_path.endswith("/")
        or rest.startswith(("/", "?", "#"))
    )
    return is_open or not rest or ends_there


def _split_url(url: str) -> tuple[str, str]:
    """Host without www. and path with query, both in small letters; what
    cannot be read is a host nobody has.
    """
    bare = url.strip().casefold()
    if bare.startswith("/"):
        return "", bare
    try:
        parts = urlsplit(bare if "://" in bare else f"//{bare}")
        host = parts.hostname or ""
    except ValueError:
        return bare, ""
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return host.removeprefix("www."), path
