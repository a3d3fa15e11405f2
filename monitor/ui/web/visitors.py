"""Who asks: by a program's token, by a trusted proxy's header, by a session,
or on loopback.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.access.loopback import needs_no_login
from monitor.flow.requests.login import (
    account_of_proxy,
    account_of_session,
    account_of_token,
    somebody_may,
)
from monitor.types.accounts import Account
from monitor.ui.web.web_kit import WebKit

if TYPE_CHECKING:
    from flask import Request

FORWARDED = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Real-IP",
    "Via",
)
"""Headers of proxies. What has one does not come from this machine's own
browser.
"""

BY_THEMSELVES = frozenset({"live"})
"""Blueprints that an open page asks by itself, without its reader."""

UNNAMED = Account("", "admin")
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, and how that is known.

    `bound_to` is what forms of this visitor belong to. Programs have no forms:
    they open no pages.
    """

    account: Account
    bound_to: str
    program: bool = False


class VoidToken(Exception):
    """A program showed a token that is none, has expired or was removed."""


def visitor_of(asked: Request, of: WebKit) -> Visitor | None:
    """Who asks; None for nobody we know. Raises VoidToken."""
    token = _bearer_token(asked)
    if token is not None:
        account = account_of_token(of.database, token, now=of.clock.now())
        if account is None:
            raise VoidToken
        return Visitor(account, "", program=True)
    if needs_no_login(of.listen, of.public_url):
        return None if _passed_on(asked) else Visitor(UNNAMED, "unnamed")
    return _named_by_proxy(asked, of) or _logged_in(asked, of)


def came_through_proxy(asked: Request, of: WebKit) -> bool:
    """Whether a proxy passed this on to a page that is meant for this machine
    alone.
    """
    return needs_no_login(of.listen, of.public_url) and _passed_on(asked)


def login_is_possible(of: WebKit) -> bool:
    """Whether anybody can log in at all."""
    return bool(of.login_header) or somebody_may(of.database)


def is_closed(of: WebKit) -> bool:
    """Whether the page answers nobody: others than this machine's own people
    can reach it, and there is no account yet.
    """
    return not needs_no_login(
        of.listen, of.public_url
    ) and not login_is_possible(of)


def client_address(asked: Request, of: WebKit) -> str:
    """From where somebody really asks: the last address that no proxy of ours
    has.

    What stands before it in X-Forwarded-For, visitors may have written
    themselves.
    """
    hops = [
        hop.strip()
        for hop in asked.headers.get("X-Forwarded-For", "").split(",")
    ]
    address = asked.remote_addr or ""
    while _is_trusted(address, of) and hops and hops[-1]:
        address = hops.pop()
    return address


def session_cookie(of: WebKit) -> str:
    """The name of the cookie. Browsers give one with these prefixes only over
    TLS, and the first only to the host that set it (RFC 6265bis, 4.1.3).
    """
    if not is_secure(of):
        return "monitor-session"
    return "__Secure-monitor" if cookie_path(of) != "/" else "__Host-monitor"


def cookie_path(of: WebKit) -> str:
    """The path below which the page lies."""
    return urlsplit(of.public_url).path.rstrip("/") or "/"


def is_secure(of: WebKit) -> bool:
    """Whether people reach the page over TLS."""
    return of.public_url.lower().startswith("https:")


def _passed_on(asked: Request) -> bool:
    return any(name in asked.headers for name in FORWARDED)


def _bearer_token(asked: Request) -> str | None:
    """What stands behind "Bearer" (RFC 6750). Other kinds are those of a
    proxy, and not for us.
    """
    said = asked.headers.get("Authorization", "")
    return (
        said[len(BEARER) :].strip()
        if said[: len(BEARER)].lower() == BEARER
        else None
    )


def _named_by_proxy(asked: Request, of: WebKit) -> Visitor | None:
    name = asked.headers.get(of.login_header, "") if of.login_header else ""
    if not name or not _is_trusted(asked.remote_addr or "", of):
        return None
    account = account_of_proxy(of.database, _as_utf8(name))
    return Visitor(account, f"proxy:{account.name}") if account else None


def _logged_in(asked: Request, of: WebKit) -> Visitor | None:
    key = asked.cookies.get(session_cookie(of))
    if not key:
        return None
    counts = asked.blueprint not in BY_THEMSELVES
    account = account_of_session(
        of.database, key, counts=counts, now=of.clock.now()
    )
    return Visitor(account, f"session:{key}") if account else None


def _is_trusted(address: str, of: WebKit) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = (
        found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    )
    return any(
        (mapped or found) in ipaddress.ip_network(each)
        for each in of.trusted_proxies
    )


def _as_utf8(header: str) -> str:
    """WSGI gives the bytes of a header as Latin-1; proxies write UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
