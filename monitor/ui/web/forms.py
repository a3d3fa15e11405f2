"""Forms come from our own pages (OWASP, cross-site request forgery).

Each form holds a token made from a key in the database and from what its
visitor is known by: so it outlives a restart of the daemon and dies with the
session.
"""

from __future__ import annotations

import secrets

from flask import current_app, g, redirect, request
from werkzeug.wrappers import Response

from monitor.access.secret_keys import is_form_token, make_form_token
from monitor.store.running import operations
from monitor.ui.web.addresses import local_path
from monitor.ui.web.hosts import is_own_origin
from monitor.ui.web.web_kit import WebKit, web_kit

_KEY = "monitor.form_key"
MISSING = ""
SEE_OTHER = 303


def csrf_token() -> str:
    """What a form must send back; a page with many forms makes it once."""
    bound_to = _bound_to()
    if not bound_to:
        return MISSING
    known = g.get("csrf_token")
    if known is None or known[0] != bound_to:
        known = g.csrf_token = (
            bound_to,
            make_form_token(form_key(web_kit()), bound_to),
        )
    return str(known[1])


def is_own_form() -> bool:
    """Whether the form that was sent is one of ours, given to the same
    visitor.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in ("same-origin", "none"):
        return False
    public = web_kit().public_url
    if origin is not None and not is_own_origin(
        origin, host=request.host, public_url=public
    ):
        return False
    bound_to = _bound_to()
    sent = request.form.get("csrf", "")
    return bool(bound_to) and is_form_token(
        form_key(web_kit()), bound_to, sent
    )


def back_to_page() -> Response:
    """To the page of ours that the form stood on: its field `back`."""
    address = request.form.get("back", "")
    return redirect(request.script_root + local_path(address), SEE_OTHER)


def form_key(of: WebKit) -> str:
    """The key, made once and kept in the database; also for names that are
    only kept hashed.
    """
    known = current_app.extensions.get(_KEY)
    if known is None:
        with of.database.write() as connection:
            made = secrets.token_urlsafe(32)
            known = operations.keep_fact(
                connection, operations.FORM_KEY, made, now=of.clock.now()
            )
        current_app.extensions[_KEY] = known
    assert isinstance(known, str)
    return known


def _bound_to() -> str:
    """What the visitor is known by; on the login page, where nobody is known,
    a cookie of it.
    """
    bound_to = g.get("bound_to", "")
    assert isinstance(bound_to, str)
    return bound_to
