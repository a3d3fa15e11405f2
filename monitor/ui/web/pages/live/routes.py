"""/neu.json and /neu/suche.json: how many new stories or hits came since a
page was made.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, jsonify, request, url_for
from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.requests.news_since import count_news
from monitor.ui.web.pages.search.parameters import SearchParameters
from monitor.ui.web.pages.search.routes import search
from monitor.ui.web.parameters import read_parameters
from monitor.ui.web.registry import Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import ngettext

# newest hits of a search: "20 neue Treffer" are as good as more
LOOKED_AT = 20
# a page that was open for longer is counted from there
OLDEST = timedelta(days=7)

blueprint = Blueprint("live", __name__)
page = Page(blueprint)


class LiveParameters(BaseModel):
    """When the page was made."""

    model_config = ConfigDict(frozen=True)

    made: int = Field(ge=0, le=10**17, description="Microseconds since 1970.")


@blueprint.app_template_global()
def live_address(endpoint: str, query: str = "") -> str:
    """Where a page that is made now asks for what came since."""
    made = int(web_kit().clock.now().timestamp() * 1_000_000)
    return f"{url_for(endpoint)}?{query}{'&' if query else ''}made={made}"


@blueprint.get("/neu.json")
def stories() -> Response:
    """How many stories met a topic since then."""
    return _said(count_news(web_kit().database, since=_made()))


@blueprint.get("/neu/suche.json")
def hits() -> Response:
    """How many hits of a search came since then."""
    made = _made()
    asked = read_parameters(SearchParameters, request.args)
    newest = asked.model_copy(update={"after": "", "sort": "newest"})
    found = search(newest, limit=LOOKED_AT).page.hits
    return _said(sum(hit.first_seen_at > made for hit in found))


def _made() -> datetime:
    made = read_parameters(LiveParameters, request.args).made
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=made)
    return max(moment, web_kit().clock.now() - OLDEST)


def _said(new: int) -> Response:
    text = ngettext("%(n)s neuer Treffer", "%(n)s neue Treffer", new) % {
        "n": new
    }
    return jsonify(new=new, text=text)
