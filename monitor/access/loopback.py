"""Loopback: who can ask only this machine, and needs no login there. Pure."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK_NAMES


def needs_no_login(listen: tuple[str, int], public_url: str) -> bool:
    """Whether only this machine's own people can ask.

    A public address means a proxy, and what a proxy passes on comes from
    loopback, too.
    """
    public = urlsplit(public_url).hostname if public_url else None
    return is_loopback(listen[0]) and (public is None or is_loopback(public))
