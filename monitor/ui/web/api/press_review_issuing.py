"""POST /api/v1/press-reviews/N/issue: put a draft into the archive as it is."""

from __future__ import annotations

from flask import abort
from pydantic import BaseModel

from monitor.flow.requests.press_reviews import issue_draft, read_issue
from monitor.ui.web.access import current_account
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.api.press_review_issue import IssueReply, describe_issue
from monitor.ui.web.parameters import LARGEST_NUMBER
from monitor.ui.web.web_kit import web_kit


class NothingFurther(BaseModel):
    """The draft says it all."""


def _answer(_asked: NothingFurther, number: int) -> IssueReply:
    of = web_kit()
    if number > LARGEST_NUMBER:
        abort(404)
    account, now = current_account().name, of.clock.now()
    made = issue_draft(
        of.database, number, of.masthead, account=account, now=now
    )
    found = read_issue(of.database, made.id) if made else None
    return abort(404) if found is None else describe_issue(found)


endpoint = Endpoint(
    "/press-reviews/<int:number>/issue",
    "Issue a draft; the same revision is issued once",
    NothingFurther,
    IssueReply,
    _answer,
    role="editor",
    method="POST",
)
