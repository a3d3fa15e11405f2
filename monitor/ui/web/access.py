"""Whether somebody may see a page: the host they name, who they are, their
role, their forms.

On loopback, where no public address is set, everybody is one unnamed person.
Everywhere else people log in (`pages/login`), a trusted proxy names them, or a
program shows its token (`visitors`).
"""

from __future__ import annotations

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from monitor.types.accounts import Account, Role
from monitor.ui.web.forms import csrf_token, is_own_form
from monitor.ui.web.hosts import host_of, is_allowed_host
from monitor.ui.web.mail_links.routes import is_link_path
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.server import LARGEST_FORM
from monitor.ui.web.visitors import (
    Visitor,
    VoidToken,
    came_through_proxy,
    is_closed,
    visitor_of,
)
from monitor.ui.web.web_kit import WebKit, web_kit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, MISDIRECTED = 401, 403, 404, 421
CLOSED = "accounts"
"""The reason why a page that nobody can log in to answers nobody."""

OPEN_TO_ALL = frozenset({"assets", "health", "mail_links", "metrics"})
"""Blueprints without anything to protect, or that check by themselves who
asks.
"""

BEFORE_LOGIN = frozenset({"login"})
"""Blueprints that nobody can be known for yet; what forms they have must still
be ours.
"""

FOR_PROGRAMS = (".csv", ".json", ".atom")
API = "/api/"


def current_account() -> Account:
    """Who asks now. Only in requests that were let in."""
    account = g.account
    assert isinstance(account, Account)
    return account


def known_account() -> bool:
    """Whether somebody we know asks; in templates also of failures."""
    return g.get("account") is not None


def entries_for(account: Account, pages: tuple[Page, ...]) -> list[NavEntry]:
    """The navigation of somebody: only what they may see."""
    entries = [
        page.nav
        for page in pages
        if page.nav is not None and account.may(page.role)
    ]
    return sorted(entries, key=lambda entry: entry.order)


def set_up_access(app: Flask, pages: tuple[Page, ...]) -> None:
    """Check every request before its page sees it."""
    roles: dict[str, Role] = {page.blueprint.name: page.role for page in pages}
    app.jinja_env.globals.update(
        csrf_token=csrf_token,
        known_account=known_account,
        current_account=current_account,
        navigation=lambda: entries_for(current_account(), pages),
    )

    @app.before_request
    def let_in() -> Response | None:
        if request.blueprint in OPEN_TO_ALL or is_link_path(request.path):
            return None
        of = web_kit()
        if is_closed(of):
            abort(NOT_FOUND, CLOSED)
        if not is_allowed_host(
            host_of(request.host), of.listen, of.public_url
        ):
            abort(MISDIRECTED)
        visitor = _visitor(of)
        if visitor is not None:
            _admit(visitor, roles)
        elif came_through_proxy(request, of):
            abort(FORBIDDEN, "proxy")
        elif request.blueprint not in BEFORE_LOGIN:
            return _send_to_login()
        return None


def check_form() -> None:
    """Refuse a form that is not ours."""
    if not is_own_form():
        abort(FORBIDDEN, "form")


def _visitor(of: WebKit) -> Visitor | None:
    try:
        return visitor_of(request, of)
    except VoidToken:
        abort(UNAUTHORIZED, "token")


def _admit(visitor: Visitor, roles: dict[str, Role]) -> None:
    """Let somebody in whom we know, or say why not."""
    if visitor.program and not _is_for_programs():
        abort(FORBIDDEN, "scope")
    if not visitor.account.may(roles.get(request.blueprint or "", "reader")):
        abort(FORBIDDEN)
    g.account, g.bound_to = visitor.account, visitor.bound_to
    if visitor.account.may("editor"):
        request.max_content_length = request.max_form_memory_size = (
            LARGEST_FORM
        )
    # No other site can make a browser send a token, so only people's forms
    # need the check.
    if request.method not in SAFE_METHODS and not visitor.program:
        check_form()


def _is_for_programs() -> bool:
    """Tokens are for the API and read exports; pages are for people."""
    path = request.path
    reads = request.method in SAFE_METHODS
    return path.startswith(API) or (reads and path.endswith(FOR_PROGRAMS))


def _send_to_login() -> Response:
    """Nobody we know: people go on to the login, programs and forms do not."""
    if request.path.startswith(API) or request.path.endswith(FOR_PROGRAMS):
        abort(UNAUTHORIZED, "token")
    if request.method not in SAFE_METHODS:
        abort(UNAUTHORIZED, "ended")
    onward = request.full_path.rstrip("?")
    return redirect(
        url_for("login.show", weiter=onward if onward != "/" else None), 303
    )
