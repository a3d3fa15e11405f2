"""/ and the choice of a language."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from monitor.flow.requests.desk import read_searches
from monitor.flow.requests.front_page import read_front_page
from monitor.flow.requests.news_since import begin_visit, read_news
from monitor.flow.requests.topic_figures import Moment
from monitor.ui.web.access import current_account
from monitor.ui.web.charts import draw_line
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import COOKIE, LANGUAGES

MOST_IN_FULL = 8  # topics whose newest stories are shown
MOST_IN_BRIEF = 60  # topics of which the number of new stories is shown
_YEAR = 31_536_000  # seconds

blueprint = Blueprint("overview", __name__)
page = Page(blueprint, NavEntry("Übersicht", "overview.show", order=10))


@blueprint.get("/")
def show() -> str:
    """What is new since the last visit, and whether anything is wrong."""
    of = web_kit()
    now, account = of.clock.now(), current_account()
    visit = begin_visit(of.database, account.name, now=now)
    news = read_news(of.database, since=visit.since)
    in_full = news.topics[:MOST_IN_FULL]
    front = read_front_page(of.index, of.database, at=Moment(now, of.timezone))
    return render_template(
        "overview/page.html",
        front=front,
        since=news.since,
        in_full=in_full,
        in_brief=news.topics[MOST_IN_FULL : MOST_IN_FULL + MOST_IN_BRIEF],
        left_out=max(0, len(news.topics) - MOST_IN_FULL - MOST_IN_BRIEF),
        draw_line=draw_line,
        story_ids=[hit.story_id for topic in in_full for hit in topic.newest],
        mails=front.mails,
        searches=read_searches(of.database, account.name),
        may_see_sources=account.may("admin"),
    )


@blueprint.post("/sprache")
def choose_language() -> Response:
    """Keep the language that a person chose."""
    answer = redirect(url_for("overview.show"), 303)
    language = request.form.get("language", "")
    if language in LANGUAGES:
        secure = web_kit().public_url.startswith("https:")
        answer.set_cookie(
            COOKIE,
            language,
            max_age=_YEAR,
            secure=secure,
            httponly=True,
            samesite="Lax",
        )
    return answer
