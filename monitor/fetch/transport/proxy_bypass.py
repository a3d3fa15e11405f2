"""Which hosts are asked directly although a proxy is set: the list known as
NO_PROXY.

No standard defines the list. These are the rules that curl and Go's httpproxy
share; where they differ, the comment at the rule says whom we follow. Knows no
DNS: names are compared as they are written, and a network holds only literal
addresses.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

import ada_url

from monitor.errors import FetchError
from monitor.fetch.transport.address_policy import (
    Address,
    Network,
    parse_address,
)

_BRACKETED = re.compile(r"\[([^\]]*)\](?::(\d+))?")
_HALF_BRACKET = re.compile(r"[\[\]]")
_WITH_PORT = re.compile(r"([^:]*):(\d+)")
_PREFIX = re.compile(r"\[?([^\]/]+)\]?/(\d+)(?::(\d+))?")
_NAME = re.compile(r"(?!-)[^\s/:@?#\\\[\]*]+")
_LIKE_AN_ADDRESS = re.compile(r"[\d.]+")
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class NameRule:
    """A domain with what is below it."""

    name: str  # IDNA, lower case, no dot at either end
    port: int | None = None  # None: any port
    below_only: bool = False

    def covers(self, host: str, port: int) -> bool:
        """Whether a host, without a dot at its end, falls under this rule."""
        if self.port not in (None, port):
            return False
        return host.endswith("." + self.name) or (
            host == self.name and not self.below_only
        )


@dataclass(frozen=True, slots=True)
class NetworkRule:
    """Literal addresses: one, or a network of them."""

    network: Network
    port: int | None = None

    def covers(self, address: Address, port: int) -> bool:
        """Whether a literal address falls under this rule."""
        if self.port not in (None, port):
            return False
        return (
            address.version == self.network.version and address in self.network
        )


@dataclass(frozen=True, slots=True)
class BypassRules:
    """A list that has been read. `everything` is its `*`."""

    everything: bool = False
    names: tuple[NameRule, ...] = ()
    networks: tuple[NetworkRule, ...] = ()


def read_bypass_rules(entries: Iterable[str]) -> BypassRules:
    """The rules in a list whose entries stand between commas, blanks or both.

    Raises FetchError that names the entry which means nothing: passed over in
    silence, it would send an address inside through the proxy.
    """
    words = [
        word
        for entry in entries
        for word in re.split(r"[\s,]+", entry)
        if word
    ]
    rules = [_rule(word) for word in words if word != "*"]
    return BypassRules(
        everything="*" in words,
        names=tuple(rule for rule in rules if isinstance(rule, NameRule)),
        networks=tuple(
            rule for rule in rules if isinstance(rule, NetworkRule)
        ),
    )


def bypasses_proxy(host: str, port: int, rules: BypassRules) -> bool:
    """Whether `host` is asked directly. IPv6 may stand in brackets."""
    if rules.everything:
        return True
    plain = host.strip("[]").lower().removesuffix(".")
    literal = parse_address(plain)
    if literal is None:
        return any(rule.covers(plain, port) for rule in rules.names)
    address = _unmapped(literal)
    return any(rule.covers(address, port) for rule in rules.networks)


def _rule(word: str) -> NameRule | NetworkRule:
    prefix = _PREFIX.fullmatch(word)
    if prefix:
        return NetworkRule(
            _network(f"{prefix[1]}/{prefix[2]}", word), _port(prefix[3], word)
        )
    host, port = _host_and_port(word)
    literal = None if _HALF_BRACKET.search(host) else parse_address(host)
    if literal is not None:
        return NetworkRule(ipaddress.ip_network(_unmapped(literal)), port)
    return _name_rule(host, port, word)


def _network(text: str, word: str) -> Network:
    try:
        # 10.1.2.3/8 is 10.0.0.0/8, as in curl
        return ipaddress.ip_network(text, strict=False)
    except ValueError as unusable:
        raise _meaningless(word) from unusable


def _host_and_port(word: str) -> tuple[str, int | None]:
    bracketed = _BRACKETED.fullmatch(word)
    found = bracketed or _WITH_PORT.fullmatch(word)
    if found is None:
        return word, None
    port = _port(found[2], word)
    if bracketed and parse_address(found[1]) is None:
        raise _meaningless(word)
    return found[1], port


def _port(digits: str | None, word: str) -> int | None:
    """The port behind the last colon; None where there is none."""
    port = int(digits) if digits else None
    if port is not None and not 0 < port <= _HIGHEST_PORT:
        raise _meaningless(word)
    return port


def _name_rule(host: str, port: int | None, word: str) -> NameRule:
    """`.example.de` is `example.de` with all below it, as in curl (Go leaves
    the domain itself out); `*.example.de` is what is below it, as in Go (curl
    does not know it).
    """
    below_only = host.startswith("*.")
    name = host.removeprefix("*").removeprefix(".").removesuffix(".")
    if not _NAME.fullmatch(name) or _LIKE_AN_ADDRESS.fullmatch(name):
        raise _meaningless(word)
    try:
        # the same spelling as in a Target
        read = ada_url.URL(f"http://{name}/").hostname
    except ValueError as unusable:
        raise _meaningless(word) from unusable
    return NameRule(read.removesuffix("."), port, below_only)


def _unmapped(address: Address) -> Address:
    """The IPv4 address inside ::ffff:0:0/96: in Go, too, both spellings are
    one address.
    """
    return getattr(address, "ipv4_mapped", None) or address


def _meaningless(word: str) -> FetchError:
    return FetchError(
        f'"{word}" in the list of hosts without proxy is no host, address or network',
        hint="write for instance intern.example.de, 10.0.0.0/8, [fd00::1]:8080 or *",
    )
