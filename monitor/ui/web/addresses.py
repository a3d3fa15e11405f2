"""An address that says all: a path and its parameters, of which links change
one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Address:
    """A path with parameters, in their order. Every change gives another
    address.
    """

    path: str
    pairs: Pairs = ()

    def __str__(self) -> str:
        """The address as links have it."""
        return (
            f"{self.path}?{urlencode(self.pairs)}" if self.pairs else self.path
        )

    @property
    def query(self) -> str:
        """The parameters alone."""
        return urlencode(self.pairs)

    def having(self, name: str, value: str) -> Address:
        """With this value besides those it has."""
        return Address(self.path, (*self.pairs, (name, value)))

    def setting(self, name: str, value: str) -> Address:
        """With this value alone; "" removes the parameter."""
        rest = self.without(name)
        return rest.having(name, value) if value else rest

    def without(self, name: str, value: str | None = None) -> Address:
        """Without this value of the parameter, or without all of them."""
        kept = (
            pair
            for pair in self.pairs
            if pair[0] != name or value not in (None, pair[1])
        )
        return Address(self.path, tuple(kept))

    def at(self, path: str) -> Address:
        """The same parameters at another path."""
        return Address(path, self.pairs)


def to_pairs(
    fields: Iterable[tuple[str, str | bool | Sequence[str] | None]],
) -> Pairs:
    """Parameters as pairs; what is empty or false is left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in fields:
        if isinstance(value, str):
            pairs += [(name, value)] if value else []
        elif isinstance(value, bool):
            pairs += [(name, "1")] if value else []
        elif value is not None:
            pairs += [(name, each) for each in value]
    return tuple(pairs)


def local_path(address: str) -> str:
    """The address if it is a path of ours, else the start page: none leads on
    to another site (OWASP, open redirects).
    """
    plain = address.isprintable() and "\\" not in address
    if not plain or not address.startswith("/") or address.startswith("//"):
        return "/"
    try:
        parsed = urlsplit(address)
    except ValueError:
        return "/"
    return "/" if parsed.scheme or parsed.netloc else address
