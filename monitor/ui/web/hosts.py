"""Hosts: under which names the page may be asked for, and from where forms may
come. Pure.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from monitor.access.loopback import LOOPBACK_NAMES, is_loopback

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, not listened on


def allowed_hosts(listen: tuple[str, int], public_url: str) -> frozenset[str]:
    """The names under which the page may be asked for; any other is a rebound
    name (DNS rebinding), or a mistake.
    """
    public = urlsplit(public_url).hostname if public_url else None
    own = LOOPBACK_NAMES if is_loopback(listen[0]) else frozenset()
    return own | {listen[0]} | ({public} if public else frozenset())


def is_allowed_host(
    host: str, listen: tuple[str, int], public_url: str
) -> bool:
    """Whether the page may be asked for under this name.

    Where it listens on all addresses, each of them will do: no foreign name is
    an address.
    """
    return host in allowed_hosts(listen, public_url) or (
        listen[0] in EVERYWHERE and _is_address(host)
    )


def host_of(header: str) -> str:
    """The name in a Host header, without port and brackets; "" where it is
    none.
    """
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_own_origin(origin: str, *, host: str, public_url: str) -> bool:
    """Whether an Origin header names us: as the request does, or as people do
    where a proxy asks under another name.
    """
    try:
        said = urlsplit(origin)
    except ValueError:
        return False
    own = {host, urlsplit(public_url).netloc} - {""}
    return said.scheme in ("http", "https") and said.netloc in own


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
