"""Filters: facts about an article against the values of a query.

Pure; knows nothing of words in texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from monitor.language.words import fold, words
from monitor.query.tree import Filter, FilterField
from monitor.types.match import MatchText

_Test = Callable[[str, bool, MatchText], bool]


def fact_holds(node: Filter, text: MatchText) -> bool:
    """Whether the article's fact fits the value; a final `*` in it leaves the end open."""
    value = node.value
    is_open = value.endswith("*")
    return _TESTS[node.name](value.removesuffix("*"), is_open, text)


def _same(value: str, is_open: bool, facts: Sequence[str]) -> bool:
    wanted = fold(value)
    return any(fold(fact).startswith(wanted) if is_open else fold(fact) == wanted for fact in facts)


def _source(value: str, is_open: bool, text: MatchText) -> bool:
    return _same(value, is_open, text.source)


def _lang(value: str, is_open: bool, text: MatchText) -> bool:
    """`de` also means de-AT."""
    return _same(value, is_open, (text.lang, text.lang.replace("_", "-").partition("-")[0]))


def _country(value: str, is_open: bool, text: MatchText) -> bool:
    return _same(value, is_open, (text.country,))


def _category(value: str, is_open: bool, text: MatchText) -> bool:
    return _same(value, is_open, text.category)


def _author(value: str, is_open: bool, text: MatchText) -> bool:
    """The value's words next to each other in one author's name."""
    wanted = [word.folded for word in words(value)]
    return any(
        _holds_run([word.folded for word in words(name)], wanted, is_open) for name in text.author
    )


def _holds_run(name: list[str], wanted: list[str], is_open: bool) -> bool:
    size = len(wanted)
    for start in range(len(name) - size + 1 if wanted else 0):
        run = name[start : start + size]
        if run == wanted or (
            is_open and run[:-1] == wanted[:-1] and run[-1].startswith(wanted[-1])
        ):
            return True
    return False


def _url(value: str, is_open: bool, text: MatchText) -> bool:
    """A host with its subdomains, a host and the beginning of a path, or `/` and the beginning of a
    path.
    """
    wanted_host, wanted_path = _split_url(value)
    host, path = _split_url(text.url)
    if wanted_host and is_open and not wanted_path:
        return host.startswith(wanted_host)
    if wanted_host and host != wanted_host and not host.endswith(f".{wanted_host}"):
        return False
    rest = path.removeprefix(wanted_path)
    whole = not rest or wanted_path[-1:] in ("", "/") or rest[0] in "/?#"
    return bool(text.url) and path.startswith(wanted_path) and (is_open or whole)


def _split_url(url: str) -> tuple[str, str]:
    """Host without www.

    and path with query, both in small letters; what cannot be read is a host nobody has.
    """
    bare = url.strip().casefold()
    if bare.startswith("/"):
        return "", bare
    try:
        parts = urlsplit(bare if "://" in bare else f"//{bare}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return bare, ""
    return host, parts.path + (f"?{parts.query}" if parts.query else "")


_TESTS: dict[FilterField, _Test] = {
    "source": _source,
    "lang": _lang,
    "country": _country,
    "category": _category,
    "author": _author,
    "url": _url,
}
