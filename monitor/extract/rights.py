"""Reservations against text and data mining (§ 44b UrhG, Art. 4 DSM directive)
that a page or a site states.

TDMRep as header, meta element and /.well-known/tdmrep.json; "noai" in robots
headers and meta elements; usage lines of robots.txt. Only what is said to
everybody or to us counts (RFC 9309, 2.2.1): a rule with another reader's name
does not bind us. Only reads what was stated: what follows from it is decided
elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from monitor import PRODUCT

NO_AI = re.compile(r"(?<![\w-])(noai|noml|notdm)(?![\w-])", re.IGNORECASE)
# of robots rules: a comma by the book, a semicolon by mistake
SEPARATORS = re.compile(r"[,;]")
# one value of tdm-reservation; two headers are joined by a comma
FIELD = re.compile(r"[^\s,;\"']+")
ROBOTS_META = ("robots", "x-robots-tag", "ai", PRODUCT.lower())
VALUED = (
    "unavailable_after",
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
)
"""Robots rules that carry a value behind a colon; any other name before a
colon is a reader's.
"""
RESERVED_VALUES = frozenset({"1", "1.0", "true"})
"""The protocol says 1; sites also write `true`. It means the same."""
MAX_RULES = 1000
SIGNAL = re.compile(
    r"\s*content-(?:signal|usage)\s*:\s*(?:(?P<path>/\S*)\s+)?(?P<preferences>[^#]*)",
    re.IGNORECASE,
)
AGENT = re.compile(r"\s*user-?agent\s*:\s*(?P<name>[^#]*)", re.IGNORECASE)
TOKEN = re.compile(r"\*|[A-Za-z0-9_-]+")
OUR_USES = ("tdm", "bots", "search")
"""Uses that ours is one of: mining at large, automated processing at large, a
search index. Training models is not.
"""


def reservation(
    headers: Iterable[tuple[str, str]], meta: Mapping[str, str]
) -> str:
    """Why mining this page is reserved, in one line; "" where nothing is
    stated.

    The page's own word is the more specific one: `tdm-reservation` 0 in a meta
    element lifts the header's 1.
    """
    stated: dict[str, list[str]] = {}
    for header, value in headers:
        stated.setdefault(header.lower(), []).append(value)
    own = FIELD.findall(meta.get("tdm-reservation", ""))
    if any(map(_is_reserved, own)):
        return f"meta tdm-reservation: 1{_policy(meta.get('tdm-policy', ''))}"
    of_site = FIELD.findall("\n".join(stated.get("tdm-reservation", ())))
    if any(map(_is_reserved, of_site)) and "0" not in own:
        policy = stated.get("tdm-policy", [""])[0]
        return f"header tdm-reservation: 1{_policy(policy)}"
    for value in stated.get("x-robots-tag", ()):
        if found := NO_AI.search(",".join(_robots_rules(value))):
            return f"header x-robots-tag: {found.group(1).lower()}"
    for name in ROBOTS_META:
        if found := NO_AI.search(meta.get(name, "")):
            return f"meta {name}: {found.group(1).lower()}"
    return ""


def _robots_rules(value: str) -> Iterator[str]:
    """The rules of an X-Robots-Tag that are said to everybody or to us.

    A reader's name stands before a colon and holds for the rules behind it, up
    to the next name.
    """
    ours = True
    for part in SEPARATORS.split(value):
        name, colon, rule = part.partition(":")
        named = bool(colon) and name.strip().lower() not in VALUED
        if named:
            ours = name.strip().lower() in ("*", PRODUCT.lower())
        if ours:
            yield (rule if named else part).strip()


def reserved_by_tdmrep(body: bytes, path: str) -> bool | None:
    """What a site's tdmrep.json says of one path (with query): True, False, or
    None where no rule fits or none is read. Mistakes of notation are read as
    the reservation that they mean.

    The first fitting rule counts. `*` stands for any characters, a closing `$`
    for the end, as in robots.txt.
    """
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return None
    for rule in _tdm_rules(rules):
        location = rule.get("location")
        if isinstance(location, str) and _fits(location, path):
            return _is_reserved(rule.get("tdm-reservation"))
    return None


def _tdm_rules(stated: object) -> list[dict[str, Any]]:
    """The rules of a tdmrep.json: a list of them, or what sites make of it by
    mistake: one rule alone, or the list under some name. A rule alone without
    a location is for the whole site.
    """
    if isinstance(stated, dict):
        if "tdm-reservation" in stated:
            return [{"location": "/", **stated}]
        held = [
            value
            for value in stated.values()
            if isinstance(value, (list, dict))
        ]
        stated = held[0] if held else []
    if isinstance(stated, dict):
        return [stated]
    listed = stated[:MAX_RULES] if isinstance(stated, list) else []
    return [rule for rule in listed if isinstance(rule, dict)]


def _is_reserved(value: object) -> bool:
    """True for 1 in any type: `true` and `"1"` are mistakes of the notation
    only.
    """
    return str(value).strip().lower() in RESERVED_VALUES


def reserved_by_signals(body: bytes, path: str) -> str:
    """What the Content-Signal or Content-Usage lines of a robots.txt reserve
    for a path, or "".

    Our own group counts where there is one, else the group for everybody (RFC
    9309, 2.2.1). The longest fitting path counts, as for Allow and Disallow; a
    line without a path is for all.
    """
    lines = body.decode("utf-8-sig", "replace").splitlines()[: 20 * MAX_RULES]
    groups = _usage_lines(lines)
    own = PRODUCT.lower()
    return _reserved_use(
        groups[own] if own in groups else groups.get("*", []), path
    )


def _usage_lines(lines: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """(path, preferences) of each reader's usage lines, readers in lower case.

    Every reader named has a list.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    readers: list[str] = []
    heading = False
    for line in lines:
        if agent := AGENT.match(line):
            token = TOKEN.match(agent["name"].strip())
            readers = [
                *(readers if heading else []),
                token[0].lower() if token else "",
            ]
            groups.setdefault(readers[-1], [])
            heading = True
            continue
        heading = heading and _is_blank(line)
        if signal := SIGNAL.match(line):
            for reader in set(readers):
                groups[reader].append(
                    (signal["path"] or "", signal["preferences"])
                )
    return groups


def _is_blank(line: str) -> bool:
    """True for a line that says nothing: it ends no list of readers."""
    return not line.partition("#")[0].strip()


def _reserved_use(stated: Iterable[tuple[str, str]], path: str) -> str:
    fitting = [
        (where, preferences)
        for where, preferences in stated
        if _fits(where or "/", path)
    ]
    # the longest one decides, of several the last
    fitting.sort(key=lambda line: len(line[0]))
    values: dict[str, str] = {}
    for _, preferences in fitting:
        for preference in preferences.lower().split(","):
            use, _, value = preference.partition("=")
            values[use.strip()] = value.strip()
    for use in OUR_USES:
        if values.get(use) in ("n", "no"):
            return f"{use}=no"
    return ""


def _fits(location: str, path: str) -> bool:
    """Prefix match with wildcards, in time linear in both: a pattern with many
    `*` must not run for ever.
    """
    pattern, whole = location.removesuffix("$"), location.endswith("$")
    if pattern and not pattern.startswith(("/", "*")):
        pattern = "/" + pattern
    first, *rest = pattern.split("*")
    if not path.startswith(first):
        return False
    if not rest:
        return path == first or not whole
    place = len(first)
    last = rest.pop() if whole else ""
    for part in rest:
        found = path.find(part, place)
        if found < place:
            return False
        place = found + len(part)
    return path.endswith(last) and len(path) - len(last) >= place


def _policy(address: str) -> str:
    return f", policy {address.strip()[:200]}" if address.strip() else ""
