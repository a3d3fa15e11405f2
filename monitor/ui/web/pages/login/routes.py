"""/anmelden and /abmelden: a session for a name and a password.

The answer to a wrong password and to an unknown name is the same, and takes as
long.
"""

from __future__ import annotations

import math
import secrets

import structlog
from flask import (
    Blueprint,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from monitor.access.loopback import needs_no_login
from monitor.flow.requests.login import (
    Credentials,
    LoggedIn,
    LoginRefused,
    log_in,
    log_out,
)
from monitor.ui.web.access import check_form, known_account
from monitor.ui.web.addresses import local_path
from monitor.ui.web.forms import form_key
from monitor.ui.web.registry import Page
from monitor.ui.web.visitors import (
    client_address,
    cookie_path,
    is_secure,
    session_cookie,
)
from monitor.ui.web.web_kit import WebKit, web_kit

log = structlog.get_logger("monitor.web")
FORM_COOKIE = "monitor-form"
LONGEST_COOKIE = 100  # characters; ours have 22
UNPROCESSABLE, TOO_MANY = 422, 429

blueprint = Blueprint("login", __name__)
page = Page(blueprint)


@blueprint.before_request
def bind_forms() -> None:
    """Before a login nobody is known by anything but this cookie."""
    if not known_account():
        sent = request.cookies.get(FORM_COOKIE, "")
        g.form_cookie = (
            sent
            if 0 < len(sent) <= LONGEST_COOKIE
            else secrets.token_urlsafe(16)
        )
        g.bound_to = f"login:{g.form_cookie}"


@blueprint.get("/anmelden")
def show() -> Response:
    """The form; whoever is known already goes on."""
    if known_account():
        return redirect(_onward(request.args.get("weiter", "")), 303)
    return _form(web_kit(), onward=request.args.get("weiter", ""))


@blueprint.post("/anmelden")
def enter() -> Response:
    """Begin a session under a new key (session fixation), or say that nothing
    fits.
    """
    of = web_kit()
    if not known_account():
        check_form()
    onward, name = request.form.get("weiter", ""), request.form.get("name", "")
    address = client_address(request, of)
    sent = Credentials(name, request.form.get("password", ""), address)
    old_key = request.cookies.get(session_cookie(of), "")
    result = log_in(
        of.database,
        sent,
        secret=form_key(of),
        now=of.clock.now(),
        old_key=old_key,
    )
    if isinstance(result, LoginRefused):
        # Not the name: a password is often typed there by mistake.
        log.warning(
            "login_refused", address=address, throttled=bool(result.wait)
        )
        return _form(of, onward=onward, name=name, refused=result)
    log.info("login", account=result.account.name, address=address)
    answer = redirect(_onward(onward), 303)
    _set_session(answer, of, result)
    return answer


@blueprint.post("/abmelden")
def leave() -> Response:
    """End the session, here and in the database."""
    of = web_kit()
    answer = redirect(url_for("login.show"), 303)
    if not known_account():
        return answer
    key = request.cookies.get(session_cookie(of), "")
    if key:
        log_out(of.database, key)
    answer.delete_cookie(
        session_cookie(of),
        path=cookie_path(of),
        secure=is_secure(of),
        httponly=True,
    )
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def can_log_out() -> bool:
    """Whether there is a session that could end; not on loopback, nor where a
    proxy logs in.
    """
    return str(g.get("bound_to", "")).startswith("session:")


def is_unnamed() -> bool:
    """Whether the page is open to this machine's own people, without login."""
    of = web_kit()
    return needs_no_login(of.listen, of.public_url)


@blueprint.record_once
def words_of_templates(state: object) -> None:
    """What the layout asks at its foot."""
    app = state.app  # type: ignore[attr-defined]  # of Flask's BlueprintSetupState
    app.jinja_env.globals.update(
        can_log_out=can_log_out, is_unnamed=is_unnamed
    )


def _form(
    of: WebKit,
    *,
    onward: str,
    name: str = "",
    refused: LoginRefused | None = None,
) -> Response:
    wait = math.ceil(refused.wait.total_seconds()) if refused else 0
    shown = render_template(
        "login/page.html",
        onward=onward if local_path(onward) == onward else "",
        refused=refused is not None,
        typed_name=name,
        wait=wait,
        minutes=math.ceil(wait / 60),
    )
    status = TOO_MANY if wait else UNPROCESSABLE if refused else 200
    answer = make_response(shown, status)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    answer.set_cookie(
        FORM_COOKIE,
        g.get("form_cookie", ""),
        path=cookie_path(of),
        secure=is_secure(of),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _set_session(answer: Response, of: WebKit, result: LoggedIn) -> None:
    """The cookie ends with the browser; the session itself has its own ends."""
    answer.set_cookie(
        session_cookie(of),
        result.key,
        path=cookie_path(of),
        secure=is_secure(of),
        httponly=True,
        samesite="Lax",
    )


def _onward(written: str) -> str:
    """A path of ours to go on to."""
    return request.script_root + local_path(written)
