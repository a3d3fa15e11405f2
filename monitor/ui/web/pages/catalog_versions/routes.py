"""/fassungen and /fassungen/N."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.wrappers import Response

from monitor.flow.requests.catalog_changes import (
    Change,
    SaveResult,
    VersionView,
    list_versions,
    read_version,
    write_again,
)
from monitor.ui.web.access import current_account
from monitor.ui.web.parameters import LARGEST_NUMBER, read_parameters
from monitor.ui.web.registry import Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

SEE_OTHER, FORBIDDEN, CONFLICT = 303, 403, 409

blueprint = Blueprint("catalog_versions", __name__)
page = Page(blueprint, role="editor")


class TakeBackForm(BaseModel):
    """The file as it was when somebody decided to take a version back."""

    model_config = ConfigDict(frozen=True)

    seen: str = Field(
        default="",
        max_length=64,
        description="Digest of the file that was seen.",
    )


@blueprint.app_template_global()
def action_name(action: str) -> str:
    """What was done, in words."""
    return {
        "by_hand": _("von Hand geändert"),
        "topic_added": _("Thema angelegt"),
        "topic_changed": _("Thema geändert"),
        "topic_deleted": _("Thema gelöscht"),
        "feeds_added": _("Quelle angelegt"),
        "feed_changed": _("Quelle geändert"),
        "taken_back": _("zurückgenommen auf Fassung"),
    }.get(action, action)


@blueprint.get("/fassungen")
def show() -> str:
    """All versions, newest first."""
    of = web_kit()
    found = list_versions(of.database, of.catalog.path)
    return render_template("catalog_versions/list.html", versions=found)


@blueprint.get("/fassungen/<int:number>")
def show_version(number: int) -> str:
    """What one version changed, and what taking it back would."""
    return _show_one(find_version(number), None)


@blueprint.post("/fassungen/<int:number>")
def post_version(number: int) -> Response | tuple[str, int]:
    """Write an earlier version again."""
    result = restore_version(
        number, read_parameters(TakeBackForm, request.form).seen
    )
    if result.state in ("saved", "unchanged"):
        return redirect(url_for("catalog_versions.show"), SEE_OTHER)
    return _show_one(find_version(number), result), CONFLICT


def restore_version(number: int, seen: str) -> SaveResult:
    """Write an earlier version again, for the page and the API."""
    of, view = web_kit(), find_version(number)
    if of.catalog.path is None or not _may(view):
        abort(FORBIDDEN)
    change = Change(current_account().name, "taken_back", str(number), seen)
    result = write_again(
        of.database, of.catalog.path, number, change, now=of.clock.now()
    )
    return result or abort(404)


def find_version(number: int) -> VersionView:
    """A version, for the page and the API. Ends the request where there is
    none.
    """
    if number > LARGEST_NUMBER:
        abort(404)
    found = read_version(web_kit().database, web_kit().catalog.path, number)
    return found or abort(404)


def _show_one(view: VersionView, result: SaveResult | None) -> str:
    return render_template(
        "catalog_versions/one.html", view=view, may=_may(view), result=result
    )


def _may(view: VersionView) -> bool:
    """Editors take topics back; sources, people and scheduled press reviews
    are for admins.
    """
    return current_account().may("admin" if view.beyond_topics else "editor")
