"""Who asks, and whether they may: the host they name, the account they have, the forms they send.

On loopback, where no public address is set, everybody is one unnamed person. Everywhere else there
is nobody yet: `account_of` is where accounts come in.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, g, request
from itsdangerous import BadSignature, Signer

from monitor.ui.web.api.endpoint import Role
from monitor.ui.web.mail_links.routes import is_link_path
from monitor.ui.web.parts import Parts, parts
from monitor.ui.web.registry import Page

RANKS: dict[Role, int] = {"reader": 0, "editor": 1, "admin": 2}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""Headers of proxies. What has one does not come from this machine's own browser."""

MISDIRECTED, FORBIDDEN = 421, 403
OPEN_TO_ALL = frozenset({"assets", "health", "mail_links"})
"""Blueprints without anything to protect, or with signatures of their own."""

_CSRF_KEY = "monitor.csrf"


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks. `name` is "" for the unnamed person on loopback."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether this account has that role or a higher one."""
        return RANKS[self.role] >= RANKS[role]


UNNAMED = Account("", "admin")


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK_NAMES


def needs_no_login(listen: tuple[str, int], public_url: str) -> bool:
    """Whether only this machine's own people can ask.

    A public address means a proxy, and what a proxy passes on comes from loopback, too.
    """
    public = urlsplit(public_url).hostname if public_url else None
    return is_loopback(listen[0]) and (public is None or is_loopback(public))


def allowed_hosts(listen: tuple[str, int], public_url: str) -> frozenset[str]:
    """The names under which the page may be asked for; any other is a rebound name (DNS
    rebinding), or a mistake.
    """
    public = urlsplit(public_url).hostname if public_url else None
    own = LOOPBACK_NAMES if is_loopback(listen[0]) else frozenset()
    return own | {listen[0]} | ({public} if public else frozenset())


def host_of(header: str) -> str:
    """The name in a Host header, without port and brackets; "" where it is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def account_of(asked: Request, of: Parts) -> Account | None:
    """Who asks; None for nobody we know. Sessions, tokens and proxy headers come in here."""
    if not needs_no_login(of.listen, of.public_url):
        return None
    return None if any(name in asked.headers for name in FORWARDED) else UNNAMED


def current_account() -> Account:
    """Who asks now. Only in requests that were let in."""
    account = g.account
    assert isinstance(account, Account)
    return account


def known_account() -> bool:
    """Whether somebody we know asks; in templates also of failures."""
    return g.get("account") is not None


def csrf_token() -> str:
    """What a form must send back: only pages of ours can have read it."""
    return _signer().sign(f"csrf:{current_account().name}").decode()


def set_up_access(app: Flask, pages: tuple[Page, ...]) -> None:
    """Check every request before its page sees it: host, account, role, and where forms come
    from.
    """
    app.extensions[_CSRF_KEY] = secrets.token_bytes(32)
    roles = {page.blueprint.name: page.role for page in pages}
    app.jinja_env.globals.update(csrf_token=csrf_token, known_account=known_account)

    @app.before_request
    def let_in() -> None:
        if request.blueprint in OPEN_TO_ALL or is_link_path(request.path):
            return
        of = parts()
        g.account = account_of(request, of)
        if g.account is None:
            _turn_away(of)
        if host_of(request.host) not in allowed_hosts(of.listen, of.public_url):
            abort(MISDIRECTED)
        if not current_account().may(roles.get(request.blueprint or "", "reader")):
            abort(FORBIDDEN)
        if request.method not in SAFE_METHODS:
            _check_form()


def _turn_away(of: Parts) -> None:
    """Nobody we know: where login is not possible, there is no page."""
    if needs_no_login(of.listen, of.public_url):
        abort(FORBIDDEN, "proxy")
    abort(404)


def _check_form() -> None:
    """A form must come from our own page (OWASP, cross-site request forgery)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in ("same-origin", "none") or (origin and _is_foreign(origin)):
        abort(FORBIDDEN, "form")
    try:
        said = _signer().unsign(request.form.get("csrf", "")).decode()
    except BadSignature:
        abort(FORBIDDEN, "form")
    if said != f"csrf:{current_account().name}":
        abort(FORBIDDEN, "form")


def _is_foreign(origin: str) -> bool:
    return urlsplit(origin).netloc != request.host


def _signer() -> Signer:
    return Signer(current_app.extensions[_CSRF_KEY])
