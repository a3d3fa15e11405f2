"""What the web page answers: the links of mails, which show a page on GET and act on POST only.

Whatever looks at a link before its reader does (scanners of mail programs, previews) sends GET or
HEAD and changes nothing. A mail program's own button sends one POST without cookies (RFC 8058).
Nothing that a visitor sends is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIEnvironment

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from monitor.errors import StoreError
from monitor.flow.requests.subscription import (
    BY_LINK,
    BY_ONE_CLICK,
    followed,
    refuse,
    standing,
    take_back,
)
from monitor.notify.mail.wording import LANGUAGES
from monitor.notify.signed_links import WishLinks
from monitor.ports import Clock
from monitor.store.alerting.verdicts import topic_name
from monitor.store.engine import Database
from monitor.types.mail import LinkAction, LinkClaim
from monitor.ui.web.pages import PAUSES, Pages

MOST_FORM_BYTES = 8_192
ACTIONS: dict[str, LinkAction] = {"pause": "pause", "unsubscribe": "unsubscribe"}
ROUTES = Map(
    [Rule(f"/{action}/<token>", endpoint=action, methods=["GET", "POST"]) for action in ACTIONS],
    merge_slashes=False,  # its redirects would name whatever host the request names
    strict_slashes=False,
)
Form = MultiDict[str, str]


class Asked(Request):
    """A request with a small form at most."""

    max_content_length = MOST_FORM_BYTES
    max_form_memory_size = MOST_FORM_BYTES
    max_form_parts = 20


class Site:
    """The WSGI application. Thread-safe."""

    def __init__(
        self, *, database: Database, clock: Clock, links: WishLinks, pages: Pages, language: str
    ) -> None:
        """`language` is spoken where neither a link nor the browser says which."""
        self._database, self._clock, self._links, self._pages = database, clock, links, pages
        self._language = language

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Asked(environ)
        try:
            response = self._answer(request)
        except HTTPException as error:
            kind = "missing" if error.code == HTTPStatus.NOT_FOUND else "unclear"
            response = self._problem(request, kind, error.code or HTTPStatus.BAD_REQUEST)
            if isinstance(error, MethodNotAllowed):
                response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        except StoreError:
            response = self._problem(request, "later", HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers.extend(self._pages.headers)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        endpoint, values = ROUTES.bind("").match(request.path, method=request.method)
        claim = self._links.read(ACTIONS[endpoint], values["token"])
        if claim is None:
            return self._problem(request, "void", HTTPStatus.FORBIDDEN)
        if request.method != "POST":
            with self._database.read() as connection:
                return self._page(connection, followed(connection, claim))
        form = request.form
        with self._database.write() as connection:
            claim = followed(connection, claim)
            if not self._act(connection, claim, form):
                return self._problem(request, "unclear", HTTPStatus.BAD_REQUEST)
            return self._page(connection, claim, taken_back=form.get("do") == "resume")

    def _act(self, connection: Connection, claim: LinkClaim, form: Form) -> bool:
        """Do what the form says; false where it says nothing that this link may do."""
        now, everything = self._clock.now(), form.get("scope") == "all"
        if form.get("do") == "resume":
            take_back(connection, claim, now=now)
        elif claim.action == "pause" and form.get("do") == "pause" and form.get("for") in PAUSES:
            until = now + PAUSES[form["for"]]
            refuse(connection, claim, everything=everything, until=until, said_by=BY_LINK, now=now)
        elif claim.action == "unsubscribe" and form.get("do") == "unsubscribe":
            refuse(connection, claim, everything=everything, said_by=BY_LINK, now=now)
        elif claim.action == "unsubscribe" and form.get("List-Unsubscribe") == "One-Click":
            refuse(connection, claim, everything=False, said_by=BY_ONE_CLICK, now=now)
        else:
            return False
        return True

    def _page(
        self, connection: Connection, claim: LinkClaim, *, taken_back: bool = False
    ) -> Response:
        holds = standing(connection, claim, now=self._clock.now())
        name = topic_name(connection, claim.topic_id)
        return _html(self._pages.link(claim, holds, topic=name, taken_back=taken_back))

    def _problem(self, request: Request, kind: str, status: int) -> Response:
        language = request.accept_languages.best_match(LANGUAGES, default=self._language)
        return _html(self._pages.problem(kind, language), status=status)


def _html(text: str, *, status: int = HTTPStatus.OK) -> Response:
    return Response(text, status=status, content_type="text/html; charset=utf-8")
