"""Reservations against text and data mining (§ 44b UrhG, Art. 4 DSM directive) that a page or a site states.

TDMRep as header, meta element and /.well-known/tdmrep.json; "noai" in robots headers and meta elements; usage lines of
robots.txt. Only reads what was stated: what follows from it is decided elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

NO_AI = re.compile(r"(?:\A|[\s,:])(noai|noml|notdm)(?:\Z|[\s,])", re.IGNORECASE)
MAX_RULES = 1000
SIGNAL = re.compile(r"\s*content-(?:signal|usage)\s*:\s*(?:(?P<path>/\S*)\s+)?(?P<wishes>[^#]*)", re.IGNORECASE)
AGENT = re.compile(r"\s*user-?agent\s*:\s*(?P<name>[^#]*)", re.IGNORECASE)
OUR_USES = ("tdm", "bots", "search")
"""Uses that ours is one of: mining at large, automated processing at large, a search index. Training models is not."""


def reservation(headers: Iterable[tuple[str, str]], meta: Mapping[str, str]) -> str:
    """Why mining this page is reserved, in one line; "" where nothing is stated.

    The page's own word is the more specific one: `tdm-reservation` 0 in a meta element lifts the header's 1.
    """
    stated = tuple(headers)
    own = meta.get("tdm-reservation", "").strip()
    if own == "1":
        return f"meta tdm-reservation: 1{_policy(meta.get('tdm-policy', ''))}"
    for name, value in stated:
        if name == "tdm-reservation" and value.strip() == "1" and own != "0":
            policy = next((v for n, v in stated if n == "tdm-policy"), "")
            return f"header tdm-reservation: 1{_policy(policy)}"
    for name, value in stated:
        if name == "x-robots-tag" and (found := NO_AI.search(value)):
            return f"header x-robots-tag: {found.group(1).lower()}"
    for name in ("robots", "ai"):
        if found := NO_AI.search(meta.get(name, "")):
            return f"meta {name}: {found.group(1).lower()}"
    return ""


def reserved_by_tdmrep(body: bytes, path: str) -> bool | None:
    """What a site's tdmrep.json says of one path (with query): True, False, or None where no rule fits or none is read.

    The first fitting rule counts. `*` stands for any characters, a closing `$` for the end, as in robots.txt.
    """
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return None
    for rule in rules[:MAX_RULES] if isinstance(rules, list) else ():
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str) and _fits(location, path):
            return str(rule.get("tdm-reservation")).strip() == "1"
    return None


def reserved_by_signals(body: bytes, path: str) -> str:
    """What a robots.txt's Content-Signal or Content-Usage lines for everybody reserve for a path, or "".

    The longest fitting path counts, as for Allow and Disallow; a line without a path is for all.
    """
    fitting: dict[str, tuple[int, bool]] = {}
    for_all, was_agent = False, False
    for line in body.decode("utf-8-sig", "replace").splitlines()[: 20 * MAX_RULES]:
        if agent := AGENT.match(line):
            for_all = agent["name"].strip() == "*" or (was_agent and for_all)
            was_agent = True
            continue
        was_agent = was_agent and not line.strip()
        signal = SIGNAL.match(line) if for_all else None
        if signal is None or not _fits(signal["path"] or "/", path):
            continue
        for wish in signal["wishes"].split(","):
            use, _, value = (part.strip().lower() for part in wish.partition("="))
            weight = len(signal["path"] or "")
            if use in OUR_USES and weight >= fitting.get(use, (0, False))[0]:
                fitting[use] = (weight, value in ("n", "no"))
    return next((f"{use}=no" for use in OUR_USES if fitting.get(use, (0, False))[1]), "")


def _fits(location: str, path: str) -> bool:
    """Prefix match with wildcards, in time linear in both: a pattern with many `*` must not run for ever."""
    pattern, whole = (location[:-1], True) if location.endswith("$") else (location, False)
    if pattern and not pattern.startswith(("/", "*")):
        pattern = "/" + pattern
    first, *rest = pattern.split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for index, part in enumerate(rest):
        last = whole and index == len(rest) - 1
        found = len(path) - len(part) if last and path.endswith(part) else -1 if last else path.find(part, place)
        if found < place:
            return False
        place = found + len(part)
    return place == len(path) or not whole


def _policy(address: str) -> str:
    return f", policy {address.strip()[:200]}" if address.strip() else ""
