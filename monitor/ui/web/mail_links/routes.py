"""The links of mails, which show a page on GET and act on POST only.

Whatever looks at a link before its reader does (scanners of mail programs,
previews) sends GET or HEAD and changes nothing. A mail program's own button
sends one POST without cookies (RFC 8058). Nothing that a visitor sends is
shown. Open to all: each link carries its own signature.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, request
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from monitor.flow.requests.judgements import (
    Judging,
    Said,
    find_judgeable,
    judge_within,
)
from monitor.flow.requests.subscription import (
    BY_LINK,
    BY_ONE_CLICK,
    followed,
    named_topic,
    refuse,
    standing,
    take_back,
)
from monitor.language.wording import LANGUAGES
from monitor.notify.signed_links import JUDGE
from monitor.types.judgement import Verdict
from monitor.types.mail import JudgeClaim, LinkAction, LinkClaim
from monitor.ui.web.mail_links.link_pages import PAUSES, JudgedLink
from monitor.ui.web.web_kit import LinkKit, web_kit

MOST_FORM_BYTES = 8_192
ACTIONS: dict[str, LinkAction] = {
    "pause": "pause",
    "unsubscribe": "unsubscribe",
}
SAID: dict[str, Said] = {"right": "right", "wrong": "wrong", "none": "none"}
METHODS = ("GET", "POST")
Form = MultiDict[str, str]

blueprint = Blueprint("mail_links", __name__)


def is_link_path(path: str) -> bool:
    """Whether a path is one of a link, also of one that is broken."""
    return path.split("/")[1:2] in [[action] for action in (*ACTIONS, JUDGE)]


@blueprint.before_request
def limit_forms() -> None:
    """A form of ours has a hundred bytes."""
    request.max_content_length = MOST_FORM_BYTES
    request.max_form_memory_size = MOST_FORM_BYTES
    request.max_form_parts = 20


@blueprint.route(
    "/pause/<token>", methods=METHODS, provide_automatic_options=False
)
@blueprint.route(
    "/unsubscribe/<token>", methods=METHODS, provide_automatic_options=False
)
def answer_link(token: str) -> Response:
    """Show what a link can do, or do what its form says."""
    links, action = _links(), ACTIONS[request.path.split("/")[1]]
    claim = links.signatures.read(action, token)
    if claim is None:
        return answer_problem("void", HTTPStatus.FORBIDDEN)
    database = web_kit().database
    if request.method != "POST":
        with database.read() as connection:
            return _page(connection, followed(connection, claim))
    form = request.form
    with database.write() as connection:
        claim = followed(connection, claim)
        if not _act(connection, claim, form):
            return answer_problem("unclear", HTTPStatus.BAD_REQUEST)
        return _page(connection, claim, taken_back=form.get("do") == "resume")


@blueprint.route("/judge/<token>/<any(right, wrong):leaning>", methods=METHODS)
def answer_judge(token: str, leaning: Verdict) -> Response:
    """Show a hit with both verdicts, or keep the one that was pressed."""
    claim = _links().signatures.read_judge(token)
    if claim is None:
        return answer_problem("void", HTTPStatus.FORBIDDEN)
    if request.method != "POST":
        with web_kit().database.read() as connection:
            return _judge_page(connection, claim, leaning)
    said = SAID.get(request.form.get("said", ""))
    if said is None:
        return answer_problem("unclear", HTTPStatus.BAD_REQUEST)
    judging = Judging(
        claim.topic_id, claim.article_id, claim.recipient, said, "mail"
    )
    now = web_kit().clock.now()
    with web_kit().database.write() as connection:
        if judge_within(connection, judging, now=now) != "done":
            return answer_problem("old", HTTPStatus.GONE)
        return _judge_page(connection, claim, leaning, is_new=True)


def _judge_page(
    connection: Connection,
    claim: JudgeClaim,
    leaning: Verdict,
    *,
    is_new: bool = False,
) -> Response:
    found = find_judgeable(connection, claim, now=web_kit().clock.now())
    if found is None:
        return answer_problem("old", HTTPStatus.GONE)
    about = JudgedLink(found.topic, found.hit, found.said, leaning, is_new)
    return _html(_links().pages.judge(claim, about))


def answer_problem(kind: str, status: int) -> Response:
    """Why nothing was done: `void`, `unclear`, `missing`, `later` or `old`."""
    language = request.accept_languages.best_match(
        LANGUAGES, default=web_kit().language
    )
    return _html(_links().pages.problem(kind, language), status=status)


def _act(connection: Connection, claim: LinkClaim, form: Form) -> bool:
    """Do what the form says; false where it says nothing that this link may
    do.
    """
    now, everything = web_kit().clock.now(), form.get("scope") == "all"
    if form.get("do") == "resume":
        take_back(connection, claim, now=now)
    elif (
        claim.action == "pause"
        and form.get("do") == "pause"
        and form.get("for") in PAUSES
    ):
        until = now + PAUSES[form["for"]]
        refuse(
            connection,
            claim,
            everything=everything,
            until=until,
            said_by=BY_LINK,
            now=now,
        )
    elif claim.action == "unsubscribe" and form.get("do") == "unsubscribe":
        refuse(
            connection, claim, everything=everything, said_by=BY_LINK, now=now
        )
    elif (
        claim.action == "unsubscribe"
        and form.get("List-Unsubscribe") == "One-Click"
    ):
        refuse(
            connection, claim, everything=False, said_by=BY_ONE_CLICK, now=now
        )
    else:
        return False
    return True


def _page(
    connection: Connection, claim: LinkClaim, *, taken_back: bool = False
) -> Response:
    holds = standing(connection, claim, now=web_kit().clock.now())
    name = named_topic(connection, claim)
    return _html(
        _links().pages.link(claim, holds, topic=name, taken_back=taken_back)
    )


def _links() -> LinkKit:
    links = web_kit().mail_links
    assert links is not None, "only served where mails have links"
    return links


def _html(text: str, *, status: int = HTTPStatus.OK) -> Response:
    answer = Response(
        text, status=status, content_type="text/html; charset=utf-8"
    )
    answer.headers.extend(_links().pages.headers)
    return answer
