"""/themen/neu and /themen/ID/bearbeiten, and what they ask for while one
types.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from monitor.flow.requests.catalog_changes import (
    Change,
    SaveResult,
    digest_of,
    is_writable,
    save_change,
)
from monitor.flow.requests.judgements import suggest_exclusions
from monitor.flow.requests.query_size import MOST_TERMS, terms_of_topic
from monitor.flow.requests.topic_draft import (
    DraftReading,
    TopicDraft,
    check_name,
    draft_edit,
    draft_of,
    draft_topic,
    known_names,
    paste_block,
    read_topic_draft,
)
from monitor.flow.requests.topic_figures import Moment
from monitor.flow.requests.topic_suggestions import Suggestions, suggest_wider
from monitor.flow.requests.topic_trial import Outdated, TopicTrial, try_draft
from monitor.flow.requests.watched_catalog import CatalogView
from monitor.types.catalog import Action, Topic
from monitor.ui.web.access import current_account
from monitor.ui.web.form_reading import ALL_WELL, UNUSABLE, Wrong, read_form
from monitor.ui.web.pages.topic_editor.draft_form import (
    TopicForm,
    draft_from,
    form_problems,
    lines_of,
)
from monitor.ui.web.pages.topic_editor.trial_view import view_trial
from monitor.ui.web.pages.topic_editor.turns import Turns
from monitor.ui.web.parameters import read_parameters
from monitor.ui.web.registry import Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

SUGGESTION_TIMES = 3
"""A person asked for them by a button, and waits longer than while typing."""

SEE_OTHER, NO_CONTENT, BAD_REQUEST, CONFLICT = 303, 204, 400, 409

blueprint = Blueprint("topic_editor", __name__)
page = Page(blueprint, role="editor")
_turns = Turns()


@dataclass(frozen=True, slots=True)
class Editing:
    """What is being edited: a topic of the file, or a new one."""

    path: Path
    content: bytes
    view: CatalogView
    topic: Topic | None

    @property
    def topic_id(self) -> str | None:
        """Its id in the file."""
        return self.topic.id if self.topic else None

    @property
    def saved(self) -> TopicDraft | None:
        """The topic as the file has it."""
        return (
            draft_of(self.path, self.content, self.topic)
            if self.topic
            else None
        )


@blueprint.route("/themen/neu", methods=["GET", "POST"])
def new_topic() -> Response | tuple[str, int]:
    """A topic that is not there yet."""
    return _edit(open_editing(None))


@blueprint.route("/themen/<topic>/bearbeiten", methods=["GET", "POST"])
def edit_topic(topic: str) -> Response | tuple[str, int]:
    """A topic of the file."""
    return _edit(open_editing(topic))


@blueprint.post("/themen/probe")
@blueprint.post("/themen/<topic>/probe")
def try_out(topic: str | None = None) -> tuple[str, int]:
    """The draft read and tried, as a piece of the page."""
    return _while_typing(topic, "topic_editor/trial.html", _trial)


@blueprint.post("/themen/vorschlaege")
@blueprint.post("/themen/<topic>/vorschlaege")
def suggest(topic: str | None = None) -> tuple[str, int]:
    """What would widen or narrow it, as a piece of the page."""
    return _while_typing(topic, "topic_editor/suggestions.html", _suggested)


def _while_typing(
    topic: str | None, template: str, answer: Callable[..., dict[str, object]]
) -> tuple[str, int]:
    read = read_form(TopicForm, request.form)
    # the page's own, which nobody types
    if read.wrong.keys() & {"editor", "turn"}:
        abort(BAD_REQUEST)
    form = read.values
    if not _turns.begin(f"{template}{form.editor}", form.turn):
        return "", NO_CONTENT
    key = f"{template}{form.editor}"
    try:
        given = answer(
            open_editing(topic),
            draft_from(form),
            lambda: _turns.is_newest(key, form.turn),
        )
    except Outdated:
        return "", NO_CONTENT
    return render_template(template, **given), 200


def _edit(editing: Editing) -> Response | tuple[str, int]:
    if request.method == "GET":
        return _show(
            editing, _first_draft(editing), digest_of(editing.content)
        )
    read = read_form(TopicForm, request.form)
    form, draft = read.values, draft_from(read.values)
    wrong = {**form_problems(form, known_names(editing.view)), **read.wrong}
    if form.action == "save":
        return _save(editing, draft, form.seen, wrong)
    extra = (
        _suggested(editing, draft, _always) if form.action == "suggest" else {}
    )
    return _show(editing, draft, form.seen, wrong=wrong, **extra)


def _first_draft(editing: Editing) -> TopicDraft:
    """The topic as the file has it, with what the address brings along, such
    as a changed query.
    """
    draft = editing.saved or TopicDraft()
    brought = read_parameters(TopicForm, request.args)
    if not (brought.query or brought.any or brought.all or brought.none):
        return draft
    return replace(
        draft,
        name=brought.name or draft.name,
        level="query" if brought.query else "words",
        query=brought.query.strip(),
        any=lines_of(brought.any),
        all=lines_of(brought.all),
        none=lines_of(brought.none),
    )


def _save(
    editing: Editing, draft: TopicDraft, seen: str, wrong: Wrong
) -> Response | tuple[str, int]:
    saved = save_topic_draft(editing, draft, seen, is_well=not wrong)
    if saved.name_problem:
        said = {
            "missing": _("Ein Name fehlt."),
            "taken": _("So heißt schon ein anderes Thema."),
        }
        wrong = {"name": said[saved.name_problem], **wrong}
    result = saved.result
    if result is None:
        return _show(editing, draft, seen, wrong=wrong, refused=True)
    if result.state in ("saved", "unchanged"):
        return redirect(_saved_address(editing, draft), SEE_OTHER)
    # Who saves again has seen the file as it is now.
    return _show(editing, draft, result.digest or seen, result=result)


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What became of a draft; without a result it was not tried, for its name
    or its query.
    """

    name_problem: str
    reading: DraftReading
    result: SaveResult | None


def save_topic_draft(
    editing: Editing, draft: TopicDraft, seen: str, *, is_well: bool = True
) -> SavedDraft:
    """Write the draft if it is one, for the page and the API. Not `is_well`:
    only look at it.
    """
    problem = check_name(draft, editing.view, editing.topic_id).get("name", "")
    reading = read_topic_draft(
        draft, draft_topic(draft, editing.view.catalog, editing.topic)
    )
    if problem or reading.tree is None or not is_well:
        return SavedDraft(problem, reading, None)
    action: Action = "topic_changed" if editing.topic else "topic_added"
    change = Change(current_account().name, action, draft.name, seen)
    of = web_kit()
    # Keys that nobody touched stay as they are written now, whoever wrote
    # them.
    write = draft_edit(editing.path, draft, editing.topic_id, editing.saved)
    result = save_change(
        of.database, editing.path, write, change, now=of.clock.now()
    )
    return SavedDraft(problem, reading, result)


def _saved_address(editing: Editing, draft: TopicDraft) -> str:
    view = web_kit().catalog.current()
    known = (
        each.id for each in view.catalog.topics if each.name == draft.name
    )
    topic = editing.topic_id or next(known, None)
    return (
        url_for("topics.show_topic", topic=topic)
        if topic
        else url_for("topics.show")
    )


def open_editing(topic_id: str | None) -> Editing:
    """What is to be edited, for the page and the API. Ends the request where
    it is not there.
    """
    watched = web_kit().catalog
    if watched.path is None:
        abort(404)
    view = watched.current()
    topic = view.topic(topic_id) if topic_id is not None else None
    if topic_id is not None and topic is None:
        abort(404)
    try:
        content = watched.path.read_bytes()
    except OSError:
        content = b""
    return Editing(watched.path, content, view, topic)


def _show(
    editing: Editing, draft: TopicDraft, seen: str, **more: object
) -> tuple[str, int]:
    given = _trial(editing, draft, _always) | {
        "suggestions": None,
        "wrong": ALL_WELL,
    }
    given |= {"result": None, "refused": False} | more
    result = given["result"]
    status = 200
    if given["refused"]:
        status = UNUSABLE
    elif isinstance(result, SaveResult):
        status = CONFLICT if result.state == "changed_meanwhile" else UNUSABLE
    names = known_names(editing.view)
    known = {name.casefold() for name in names}
    shown = render_template(
        "topic_editor/page.html",
        editing=editing,
        draft=draft,
        mails_per_hour=request.form.get(
            "mails_per_hour", draft.mails_per_hour or ""
        ),
        seen=seen,
        editor=secrets.token_hex(8),
        names=names,
        addresses=[
            each for each in draft.recipients if each.casefold() not in known
        ],
        writable=is_writable(editing.path),
        paste=paste_block(draft) if draft.name else "",
        **given,
    )
    return shown, status


def _trial(
    editing: Editing, draft: TopicDraft, goes_on: Callable[[], bool]
) -> dict[str, object]:
    reading, trial = try_out_draft(editing, draft, goes_on)
    return {
        "reading": view_trial(reading, trial),
        "topic_id": editing.topic_id,
    }


def try_out_draft(
    editing: Editing, draft: TopicDraft, goes_on: Callable[[], bool]
) -> tuple[DraftReading, TopicTrial | None]:
    """The draft read and, where it can be read and is not too large, tried.
    Raises Outdated.
    """
    of = web_kit()
    topic = draft_topic(draft, editing.view.catalog, editing.topic)
    reading = read_topic_draft(draft, topic)
    tree = reading.tree
    if tree is None or terms_of_topic(topic) > MOST_TERMS:
        return reading, None
    at = Moment(of.clock.now(), of.timezone)
    return reading, of.bounded.run(
        lambda: try_draft(
            of.index, of.database, topic, tree, at=at, goes_on=goes_on
        )
    )


def _suggested(
    editing: Editing, draft: TopicDraft, goes_on: Callable[[], bool]
) -> dict[str, object]:
    return {"suggestions": suggestions_for(editing, draft, goes_on)}


def suggestions_for(
    editing: Editing, draft: TopicDraft, goes_on: Callable[[], bool]
) -> Suggestions:
    """What would widen or narrow the draft, for the page and the API. Raises
    Outdated.
    """
    of = web_kit()
    at = Moment(of.clock.now(), of.timezone)
    catalog, base = editing.view.catalog, editing.topic
    found = of.bounded.run(
        lambda: suggest_wider(
            of.index,
            of.database,
            draft,
            catalog=catalog,
            base=base,
            at=at,
            goes_on=goes_on,
        ),
        times=SUGGESTION_TIMES,
    )
    narrow = suggest_exclusions(
        of.database, draft, catalog=catalog, base=base, now=at.now
    )
    return replace(found or Suggestions(0, (), too_slow=True), narrow=narrow)


def _always() -> bool:
    return True
