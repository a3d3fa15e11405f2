"""The rules of a robots.txt for one product token, read by protego and kept
for reuse.

Knows nothing of where the file came from. Guards the parser: it copies each
rule to every agent of a group, so that half a megabyte of agents and rules
would become billions of copies.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict

from protego import Protego

_MOST_KEPT = 2048
# of files; parsed they take about 50 times as much
_MOST_KEPT_BYTES = 1024 * 1024
_AGENT_LINE = re.compile(
    r"\s*user(?:-|\s+)?agent\s*(?::|\s)\s*(.*)", re.IGNORECASE
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_NOBODY = "User-agent: -"


class RobotsRules:
    """What one file says to one product token."""

    def __init__(self, body: bytes, agent: str) -> None:
        self._agent = agent
        self._parsed = Protego.parse(
            _for_agent(body.decode("utf-8-sig", errors="replace"), agent)
        )
        delay = self._parsed.crawl_delay(agent)
        self.crawl_delay: float | None = (
            delay if delay is not None and delay > 0 else None
        )

    def allow(self, url: str) -> bool:
        """True where the agent may fetch `url`."""
        return bool(self._parsed.can_fetch(url, self._agent))


def _for_agent(text: str, agent: str) -> str:
    """The same file with every other agent under one name: the groups stay
    apart, the copies become few.

    Product tokens are compared whole, as RFC 9309 has it; a version behind the
    token does not matter.
    """
    lines = []
    for line in text.splitlines():
        match = _AGENT_LINE.match(line.partition("#")[0])
        if match is None:
            lines.append(line)
            continue
        name = match[1].strip()
        token = _TOKEN.match(name)
        # not `*GPT*`: tokens have no wildcards (RFC 9309, 2.2.1)
        if name.partition(" ")[0] == "*":
            kept = "User-agent: *"
        elif token is not None and token[0].lower() == agent.lower():
            kept = f"User-agent: {agent}"
        else:
            kept = _NOBODY
        if not lines or lines[-1] != kept:
            lines.append(kept)
    return "\n".join(lines)


def named_agents(body: bytes) -> frozenset[str]:
    """Product tokens that a file has rules for by name, in lower case."""
    lines = (
        line.partition("#")[0]
        for line in body.decode("utf-8-sig", errors="replace").splitlines()
    )
    found = (
        _TOKEN.match(match[1].strip())
        for line in lines
        if (match := _AGENT_LINE.match(line))
    )
    return frozenset(token[0].lower() for token in found if token)


class RuleBook:
    """Rules by origin and agent, as many as fit. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[bytes, RobotsRules]] = (
            OrderedDict()
        )
        self._bytes = 0

    def rules(self, origin: str, body: bytes, agent: str) -> RobotsRules:
        """What `body`, the file of `origin`, says to `agent`."""
        key = (origin, agent)
        with self._lock:
            known = self._kept.get(key)
            if known is not None and known[0] == body:
                self._kept.move_to_end(key)
                return known[1]
        rules = RobotsRules(body, agent)
        with self._lock:
            old = self._kept.pop(key, None)
            self._bytes += len(body) - (len(old[0]) if old else 0)
            self._kept[key] = (body, rules)
            while len(self._kept) > 1 and (
                len(self._kept) > _MOST_KEPT or self._bytes > _MOST_KEPT_BYTES
            ):
                _, (forgotten, _) = self._kept.popitem(last=False)
                self._bytes -= len(forgotten)
        return rules
