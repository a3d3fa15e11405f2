"""Which network addresses we talk to: public ones, and those private ones that
the operator has named.

Judges addresses, never names: a name is judged by what it resolves to, at the
moment of connecting. Knows no DNS.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The IANA special-purpose registry, written out: `ipaddress.is_global` differs
# between Python releases.
_SPECIAL_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), meaning)
    for network, meaning in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
# For IPv6 the list is one of what is open: global unicast, less the parts of
# it that lead elsewhere.
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
_SPECIAL_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), meaning)
    for network, meaning in (
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_NAMED_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), meaning)
    for network, meaning in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b:1::/48", "local-use NAT64"),
        ("100::/64", "discard-only"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)


@functools.lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """The address that `text` spells, brackets and zone removed; None for a
    name.
    """
    bare = text.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        return None


@functools.lru_cache(maxsize=4096)
def special_use(address: Address) -> str | None:
    """What makes `address` no public one, in a word; None for a public
    address.

    IPv4 inside an IPv6 form (mapped, NAT64) is judged as that IPv4 address.
    6to4 and Teredo are refused whole: no publisher is to be found there, and
    they tunnel to addresses of someone else's choice.
    """
    if isinstance(address, IPv6Address):
        if address in _MAPPED or address in _NAT64:
            inner = special_use(IPv4Address(int(address) & 0xFFFFFFFF))
            return f"{inner} inside IPv6" if inner else None
        if address not in _GLOBAL_UNICAST_V6:
            return next(
                (
                    meaning
                    for network, meaning in _NAMED_V6
                    if address in network
                ),
                "not global unicast",
            )
        return next(
            (
                meaning
                for network, meaning in _SPECIAL_V6
                if address in network
            ),
            None,
        )
    return next(
        (meaning for network, meaning in _SPECIAL_V4 if address in network),
        None,
    )


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Public addresses, plus private `networks` and, for any address they
    resolve to, private `hosts`.
    """

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def allowing(cls, named: Iterable[str | Network]) -> AddressPolicy:
        """The policy for a list of networks, addresses and host names, as the
        operator writes it.
        """
        networks: list[Network] = []
        hosts: set[str] = set()
        for item in named:
            try:
                networks.append(ipaddress.ip_network(item, strict=False))
            except ValueError:
                hosts.add(str(item).lower().rstrip("."))
        return cls(tuple(networks), frozenset(hosts))

    def refusal(self, host: str, address: Address) -> str | None:
        """Why we do not connect to `address` for `host`; None where we do."""
        meaning = special_use(address)
        if meaning is None or host.lower().rstrip(".") in self.hosts:
            return None
        # An embedded IPv4 address is never opened by its IPv4 network: only by
        # naming the IPv6 form itself.
        if self.names(address):
            return None
        return f"{address} is not a public address ({meaning})"

    def names(self, address: Address) -> bool:
        """Whether the operator's networks hold `address`."""
        return any(
            address.version == network.version and address in network
            for network in self.networks
        )
