"""What is shown when a page cannot be: what happened, in plain words, and a
way on.

Nothing of the request is repeated. Programs get RFC 9457 problem details.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
)
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
)

from monitor.errors import IndexingError, StoreError
from monitor.ui.web.access import CLOSED, FOR_PROGRAMS, UNAUTHORIZED
from monitor.ui.web.mail_links.routes import answer_problem, is_link_path
from monitor.ui.web.parameters import BadParameters
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

log = structlog.get_logger("monitor.web")
API = "/api/"


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of failure as people read it."""

    title: str
    text: str


def failures() -> dict[int | str, Failure]:
    """By status, or by the reason that `access` gives."""
    return {
        400: Failure(
            _("Diese Anfrage ist nicht lesbar"),
            _(
                "Etwas an der Adresse oder im Formular ist unvollständig oder zu lang."
            ),
        ),
        401: Failure(
            _("Bitte melden Sie sich an"),
            _(
                "Ohne Anmeldung ist hier nichts zu sehen. Es wurde nichts geändert."
            ),
        ),
        403: Failure(
            _("Dafür reicht Ihre Rolle nicht"),
            _(
                "Diese Seite ist anderen Rollen vorbehalten. Fragen Sie, wer Monitor betreibt."
            ),
        ),
        404: Failure(
            _("Hier ist nichts"),
            _(
                "Unter dieser Adresse gibt es keine Seite, oder es gibt sie nicht mehr."
            ),
        ),
        405: Failure(
            _("So geht das hier nicht"),
            _("Diese Adresse kann man nur ansehen, nicht absenden."),
        ),
        413: Failure(
            _("Das ist zu viel auf einmal"),
            _("Bitte senden Sie weniger Text."),
        ),
        421: Failure(
            _("Diese Adresse gehört nicht hierher"),
            _(
                "Öffnen Sie Monitor unter der Adresse, die Ihnen gegeben wurde."
            ),
        ),
        500: Failure(
            _("Das ging schief"),
            _(
                "Der Fehler liegt bei Monitor und steht im Protokoll. Alarme sind nicht betroffen."
            ),
        ),
        503: Failure(
            _("Das geht gerade nicht"),
            _(
                "Datenbank oder Suchindex antworten nicht. Bitte gleich noch einmal versuchen."
            ),
        ),
        "unticked": Failure(
            _("Nichts war angekreuzt"),
            _("Kreuzen Sie an, was gemeint ist, und senden Sie noch einmal."),
        ),
        "proxy": Failure(
            _("Hier fehlt eine Einstellung"),
            _(
                "Die Anfrage kam über einen Proxy. Wer Monitor betreibt, setze MONITOR_PUBLIC_URL;"
                " ohne Anmeldung ist die Seite nur auf diesem Rechner selbst zu sehen."
            ),
        ),
        CLOSED: Failure(
            _("Noch hat niemand ein Konto"),
            _(
                "Außerhalb dieses Rechners ist Monitor nur mit Konto zu sehen. Wer Monitor"
                " betreibt, legt eines an: monitor users add NAME"
            ),
        ),
        "ended": Failure(
            _("Ihre Anmeldung ist abgelaufen"),
            _(
                "Es wurde nichts geändert. Melden Sie sich an und senden Sie noch einmal."
            ),
        ),
        "token": Failure(
            _("Das Zugriffstoken fehlt oder gilt nicht"),
            _("Programme senden es als Kopfzeile: Authorization: Bearer …"),
        ),
        "scope": Failure(
            _("Dafür gilt das Zugriffstoken nicht"),
            _(
                "Es gilt nur für die API und die Listen als CSV, JSON und Atom."
            ),
        ),
        "form": Failure(
            _("Das Formular gilt nicht mehr"),
            _(
                "Es wurde nichts geändert. Laden Sie die Seite neu und senden Sie noch einmal."
            ),
        ),
    }


def set_up_failures(app: Flask) -> None:
    """Answer every failure by a page, or by problem details."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        if _is_of_links(error.description):
            return _with_methods(
                answer_problem(_link_kind(status), status), error
            )
        if (
            isinstance(error, InternalServerError)
            and error.original_exception is not None
        ):
            cause = error.original_exception
            log.error(
                "broken", about="web page", error=repr(cause), exc_info=cause
            )
        return _with_methods(
            answer_failure(status, reason=error.description), error
        )

    @app.errorhandler(BadParameters)
    def unreadable(error: BadParameters) -> Response:
        names = ", ".join(problem.name for problem in error.problems)
        return answer_failure(HTTPStatus.BAD_REQUEST, detail=names)

    @app.errorhandler(StoreError)
    @app.errorhandler(IndexingError)
    def away(error: StoreError | IndexingError) -> Response:
        log.error("away", about="web page", error=str(error))
        if web_kit().mail_links and is_link_path(request.path):
            return answer_problem("later", HTTPStatus.SERVICE_UNAVAILABLE)
        return answer_failure(HTTPStatus.SERVICE_UNAVAILABLE)


def answer_failure(
    status: int, *, reason: str | None = None, detail: str = ""
) -> Response:
    """The page of a failure. `detail` are words of ours, such as the names of
    parameters.
    """
    known = failures()
    failure = (
        known.get(reason or "")
        or known.get(status)
        or known[400 if status < 500 else 500]
    )
    if _asks_a_program(status):
        problem = jsonify(
            type="about:blank",
            status=status,
            title=failure.title,
            detail=detail or failure.text,
        )
        problem.content_type = "application/problem+json"
        answer = make_response(problem, status)
    else:
        shown = render_template(
            "failure.html", failure=failure, detail=detail, status=status
        )
        answer = make_response(shown, status)
    if status == UNAUTHORIZED:  # RFC 9110: always with a way to do better
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Monitor"'
    return answer


def _asks_a_program(status: int) -> bool:
    """Whether the answer goes to a program: from the API, or for want of a
    token.
    """
    path = request.path
    return path.startswith(API) or (
        status == UNAUTHORIZED and path.endswith(FOR_PROGRAMS)
    )


def _is_of_links(reason: str | None) -> bool:
    """Whether a link of a mail went wrong, or nothing but such links is served
    here.
    """
    return web_kit().mail_links is not None and (
        is_link_path(request.path) or reason == CLOSED
    )


def _link_kind(status: int) -> str:
    return "missing" if status == HTTPStatus.NOT_FOUND else "unclear"


def _with_methods(response: Response, error: HTTPException) -> Response:
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(
            sorted(error.valid_methods or ())
        )
    return response
