"""/artikel/N: one article with everything that is known of it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.alerting.match_text import match_text
from monitor.flow.requests.article_page import ArticlePage, read_article_page
from monitor.ui.web.pages.article.marked_text import (
    Asked,
    MarkedText,
    mark_text,
)
from monitor.ui.web.pages.search.parameters import LONGEST_QUERY
from monitor.ui.web.parameters import read_parameters
from monitor.ui.web.registry import Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

# to the hits of one clause; the marks themselves lead on to the next
MOST_JUMPS = 12

blueprint = Blueprint("article", __name__)
page = Page(blueprint)


class ArticleParameters(BaseModel):
    """The search that led here; its hits are marked, too."""

    model_config = ConfigDict(frozen=True)

    q: str = Field(
        default="",
        max_length=LONGEST_QUERY,
        description="Mark the hits of this query.",
    )
    exact: bool = Field(
        default=False, description="Read `q` as a topic query: no stemming."
    )


@blueprint.get("/artikel/<int:number>")
def show(number: int) -> str:
    """The article of this number."""
    asked = read_parameters(ArticleParameters, request.args)
    shown = read_article(asked, number)
    marked = mark_article(shown, asked)
    return render_template(
        "article/page.html",
        page=shown,
        article=shown.article,
        marked=marked,
        last=max(
            (number for jump in marked.jumps for number in jump.numbers),
            default=0,
        ),
        most_jumps=MOST_JUMPS,
        asked=asked,
    )


def read_article(asked: ArticleParameters, number: int) -> ArticlePage:
    """What is known of the article, for the page and the API. Ends the request
    where there is none.
    """
    of = web_kit()
    found = read_article_page(
        of.database,
        of.catalog.current(),
        number,
        query=asked.q,
        exact=asked.exact,
    )
    if found is None:
        abort(404)
    return found


def mark_article(shown: ArticlePage, asked: ArticleParameters) -> MarkedText:
    """The text with the hits of its topics, and of the search that led here
    first.
    """
    sought = [
        Asked(_("Ihre Suche: %(query)s") % {"query": asked.q}, shown.found)
    ]
    for topic in shown.topics:
        sought += [
            Asked(f"{topic.topic}: {each.clause}", each.spans)
            for each in topic.clauses
        ]
    return mark_text(match_text(shown.article), sought)
