"""/gemerkt, and the forms by which stories are marked and searches saved."""

from __future__ import annotations

from typing import Literal

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.wrappers import Response as Answer

from monitor.flow.requests import desk
from monitor.flow.requests.desk import LONGEST_NAME, LONGEST_NOTE, KeptStory
from monitor.types.desk import StoryMark
from monitor.ui.web.access import current_account
from monitor.ui.web.export_answer import TAG, Export, export_answer
from monitor.ui.web.exports import FORMATS, Cell, ExportColumn, FeedEntry
from monitor.ui.web.form_reading import UNUSABLE, read_form
from monitor.ui.web.forms import back_to_page
from monitor.ui.web.pages.search.parameters import LONGEST_QUERY
from monitor.ui.web.parameters import LARGEST_NUMBER, read_parameters
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

SEE_OTHER = 303

blueprint = Blueprint("desk", __name__)
page = Page(blueprint, NavEntry("Gemerkt", "desk.show", order=35))


class MarkForm(BaseModel):
    """What the form of a story sends: one change of its marks, or a note."""

    model_config = ConfigDict(frozen=True)

    change: Literal["read", "unread", "star", "unstar", "note"]
    note: str = Field(default="", max_length=LONGEST_NOTE)


class SearchForm(BaseModel):
    """A search that is to be saved."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(default="", max_length=LONGEST_NAME)
    address: str = Field(default="", max_length=2 * LONGEST_QUERY)


@blueprint.app_template_global("marks_of")
def _marks_of(story_ids: list[int | None]) -> dict[int, StoryMark]:
    """The marks of whoever asks on these stories."""
    known = [story for story in story_ids if story is not None]
    return desk.read_marks(web_kit().database, current_account().name, known)


@blueprint.app_template_global("notes_on")
def _notes_on(story_id: int) -> tuple[StoryMark, ...]:
    """Everybody's notes on a story."""
    return desk.read_notes(web_kit().database, story_id)


@blueprint.get("/gemerkt")
def show() -> str:
    """Starred and noted stories, and saved searches."""
    account = current_account().name
    return render_template(
        "desk/page.html",
        kept=find_kept(),
        searches=desk.read_searches(web_kit().database, account),
        exports={kind: url_for("desk.export", kind=kind) for kind in FORMATS},
    )


@blueprint.get("/gemerkt.<any(csv, json, atom):kind>")
def export(kind: str) -> Response:
    """The same stories, to take along."""
    kept = find_kept()
    columns = (
        ExportColumn("article", _("Artikel")),
        ExportColumn("published", _("Erschienen")),
        ExportColumn("outlet", _("Medium")),
        ExportColumn("title", _("Titel")),
        ExportColumn("starred_at", _("Gemerkt")),
        ExportColumn("note", _("Notiz")),
        ExportColumn("url", _("Adresse")),
    )
    return export_answer(
        kind,
        Export(
            file="gemerkt",
            title=_("Gemerkt"),
            address=url_for("desk.show"),
            columns=columns,
            rows=[_row(each) for each in kept],
            entries=[_entry(each) for each in kept],
        ),
    )


@blueprint.post("/meldungen/<int:story>")
def post_mark(story: int) -> Answer:
    """Mark a story, or write a note on it."""
    read = read_form(MarkForm, request.form)
    if "note" in read.wrong:
        shown = render_template(
            "desk/note.html", story=story, form=read.values, wrong=read.wrong
        )
        return make_response(shown, UNUSABLE)
    form = read_parameters(MarkForm, request.form)
    database = web_kit().database
    account = current_account().name
    now = web_kit().clock.now()
    if story > LARGEST_NUMBER:
        abort(404)
    if form.change == "note":
        is_known = desk.note_story(
            database, account, story, form.note, now=now
        )
    else:
        is_known = desk.mark_story(
            database, account, story, form.change, now=now
        )
    return back_to_page() if is_known else abort(404)


@blueprint.post("/gemerkt/suchen")
def post_search() -> Answer:
    """Save a search under a name."""
    read = read_form(SearchForm, request.form)
    of, form, wrong = web_kit(), read.values, dict(read.wrong)
    account, now = current_account().name, of.clock.now()
    if not wrong and desk.keep_search(
        of.database, account, form.name, form.address, now=now
    ):
        return redirect(url_for("overview.show"), SEE_OTHER)
    if not wrong:
        is_blank = not form.name.strip()
        wrong["name"] = (
            _("Das fehlt noch.") if is_blank else _("Mehr Suchen gehen nicht.")
        )
    shown = render_template("desk/save_search.html", form=form, wrong=wrong)
    return make_response(shown, UNUSABLE)


@blueprint.post("/gemerkt/suchen/<int:search>/entfernen")
def post_forgotten(search: int) -> Answer:
    """Remove a saved search."""
    name = current_account().name
    if search > LARGEST_NUMBER or not desk.drop_search(
        web_kit().database, name, search
    ):
        abort(404)
    return back_to_page()


def find_kept() -> tuple[KeptStory, ...]:
    """The kept stories of whoever asks."""
    return desk.read_kept(web_kit().database, current_account().name)


def _row(kept: KeptStory) -> tuple[Cell, ...]:
    hit = kept.hit
    return (
        hit.article_id,
        hit.published_at,
        hit.outlet,
        hit.title.text,
        kept.mark.starred_at,
        kept.mark.note,
        hit.url,
    )


def _entry(kept: KeptStory) -> FeedEntry:
    hit, mark_ = kept.hit, kept.mark
    key = f"{TAG}kept/{mark_.story_id}"
    said = mark_.note or hit.snippet.text
    return FeedEntry(
        key, hit.title.text, hit.url, hit.outlet, mark_.updated_at, said
    )
