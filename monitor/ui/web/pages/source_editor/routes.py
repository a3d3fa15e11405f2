"""/quellen/neu and /quellen/ID/bearbeiten."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from monitor.config.address_notation import web_address
from monitor.config.edit import NewFeed, listed_as, with_feed, with_feeds
from monitor.config.notation import written
from monitor.config.yaml_writing import Value
from monitor.flow.requests.catalog_changes import (
    Change,
    Edit,
    SaveResult,
    digest_of,
    is_writable,
    save_change,
)
from monitor.flow.requests.feed_finder import Candidate
from monitor.flow.requests.opml_import import read_import
from monitor.flow.requests.source_guess import guess_source
from monitor.flow.requests.watched_catalog import CatalogView
from monitor.types.catalog import Action, Catalog, Feed
from monitor.ui.web.access import current_account
from monitor.ui.web.form_reading import ALL_WELL, UNUSABLE, Wrong, read_form
from monitor.ui.web.pages.source_editor.source_form import (
    NewSourceForm,
    SourceForm,
    new_source,
    source_changes,
    source_problems,
)
from monitor.ui.web.registry import Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

SEE_OTHER, CONFLICT, BUSY = 303, 409, 503

blueprint = Blueprint("source_editor", __name__)
page = Page(blueprint, role="admin")
_looking = threading.Lock()
"""One look at a site at a time: it takes seconds, and the page has few
threads.
"""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file as it is now."""

    path: Path
    content: bytes
    view: CatalogView

    @property
    def digest(self) -> str:
        """What tells it from later ones."""
        return digest_of(self.content)


@blueprint.get("/quellen/neu")
def new() -> tuple[str, int]:
    """A form for an address, and one for a list."""
    return _show_new(open_source_file(), NewSourceForm())


@blueprint.post("/quellen/neu")
def add() -> Response | tuple[str, int]:
    """Look at an address, add what was chosen, or import a list."""
    file, read = open_source_file(), read_form(NewSourceForm, request.form)
    form = read.values
    wrong = {**source_problems(form), **read.wrong}
    if wrong:
        return _show_new(file, form, wrong=wrong, status=UNUSABLE)
    if form.action == "import":
        return _import(file, form)
    address, problem = read_address(
        form.chosen if form.action == "add" else form.address
    )
    listed = (
        listed_as(file.view.catalog, address, form.outlet or None)
        if address
        else None
    )
    if listed is not None:
        problem = _("Das ist schon eingetragen als %(name)s.") % {
            "name": listed.title
        }
    if problem:
        return _show_new(
            file, form, wrong={"address": problem}, status=UNUSABLE
        )
    if form.action == "look":
        return _look(file, form, address)
    return _add(file, form.model_copy(update={"chosen": address}))


def read_address(typed: str) -> tuple[str, str]:
    """The address, and what is wrong with it; the scheme may be missing."""
    if not typed.strip():
        return "", _("Eine Adresse fehlt.")
    whole = typed if "://" in typed else f"https://{typed.strip()}"
    try:
        return web_address(whole), ""
    except ValueError:
        return "", _("Das ist keine Adresse im Web.")


def _look(
    file: SourceFile, form: NewSourceForm, address: str
) -> tuple[str, int]:
    survey = web_kit().survey
    if survey is None:
        return _show_new(
            file, form, problem=_("Hier kann nicht nachgesehen werden.")
        )
    if not _looking.acquire(blocking=False):
        busy = _(
            "Gerade wird schon eine andere Seite angesehen. Bitte gleich noch einmal."
        )
        return _show_new(file, form, problem=busy, status=BUSY)
    try:
        found = survey(address)
    finally:
        _looking.release()
    return _show_new(
        file, _guessed(form, found, file.view.catalog), found=found
    )


def _guessed(
    form: NewSourceForm, found: Sequence[Candidate], catalog: Catalog
) -> NewSourceForm:
    """The form with the first good candidate, and what that probably is."""
    best = next((each for each in found if each.ok), None)
    if best is None:
        return form.model_copy(update={"chosen": ""})
    return form.model_copy(
        update={"chosen": best.url, **asdict(guess_source(best, catalog))}
    )


def _add(file: SourceFile, form: NewSourceForm) -> Response | tuple[str, int]:
    entry = new_source(
        form, file.view.catalog, urlsplit(form.chosen).hostname or ""
    )
    result = add_sources(file, [entry], form.seen)
    if result.state == "saved":
        # The daemon knows it after its next look at the file; until then it
        # has no page.
        return redirect(url_for("sources.show"), SEE_OTHER)
    return _show_new(file, form, result=result, status=_status_of(result))


def _import(
    file: SourceFile, form: NewSourceForm
) -> Response | tuple[str, int]:
    sent = request.files.get("list")
    found = read_import(sent.read(), file.view.catalog) if sent else None
    if found is None:
        problem = _(
            "Das ist keine OPML-Datei. Ein Feedreader gibt sie unter Export aus."
        )
        return _show_new(file, form, wrong={"list": problem}, status=UNUSABLE)
    if not found.new:
        return _show_new(
            file, form, problem=_("Alles daraus ist schon eingetragen.")
        )
    result = add_sources(file, found.new, form.seen)
    if result.state == "saved":
        return redirect(url_for("sources.show"), SEE_OTHER)
    return _show_new(file, form, result=result, status=_status_of(result))


@blueprint.get("/quellen/<source>/bearbeiten")
def edit(source: str) -> tuple[str, int]:
    """One source of the file."""
    file = open_source_file()
    feed = feed_in_file(file, source)
    return _show_one(file, feed, as_form(feed, file.digest))


@blueprint.post("/quellen/<source>/bearbeiten")
def save(source: str) -> Response | tuple[str, int]:
    """Change one source."""
    file = open_source_file()
    feed = feed_in_file(file, source)
    read = read_form(SourceForm, request.form)
    form = read.values
    wrong = {**source_problems(form), **read.wrong}
    if wrong:
        return _show_one(file, feed, form, wrong=wrong)
    changes = source_changes(form, feed, as_form(feed, ""))
    result = change_source(file, source, changes, form.seen)
    if result.state in ("saved", "unchanged"):
        return redirect(
            url_for("sources.show_source", source=source), SEE_OTHER
        )
    seen = form.model_copy(update={"seen": result.digest})
    return _show_one(file, feed, seen, result=result)


def add_sources(
    file: SourceFile, entries: Sequence[NewFeed], seen: str
) -> SaveResult:
    """Write new sources behind those of the file, for the page and the API."""
    about = ", ".join(entry["id"] for entry in entries[:5])
    return _write(
        file,
        "feeds_added",
        about,
        seen,
        lambda was: with_feeds(file.path, was, entries),
    )


def change_source(
    file: SourceFile,
    source: str,
    changes: Mapping[str, Value | None],
    seen: str,
) -> SaveResult:
    """Write other values of one source, for the page and the API."""
    return _write(
        file,
        "feed_changed",
        source,
        seen,
        lambda was: with_feed(file.path, was, source, changes),
    )


def _write(
    file: SourceFile, action: Action, about: str, seen: str, edit_: Edit
) -> SaveResult:
    of = web_kit()
    change = Change(current_account().name, action, about, seen)
    return save_change(
        of.database, file.path, edit_, change, now=of.clock.now()
    )


def as_form(feed: Feed, seen: str) -> SourceForm:
    """What the file, with its defaults, says of a source."""
    return SourceForm(
        title=feed.title,
        outlet=feed.outlet,
        region=feed.region or "",
        category=feed.category or "",
        language=feed.language,
        min_interval=written(feed.min_interval),
        max_interval=written(feed.max_interval),
        priority=feed.priority,
        paused=feed.paused,
        seen=seen,
    )


def open_source_file() -> SourceFile:
    """The file, for the page and the API. Ends the request where this machine
    has none.
    """
    watched = web_kit().catalog
    if watched.path is None:
        abort(404)
    try:
        content = watched.path.read_bytes()
    except OSError:
        abort(404)
    return SourceFile(watched.path, content, watched.current())


def feed_in_file(file: SourceFile, source: str) -> Feed:
    """A source of the file. Ends the request where it has none of this id."""
    found = next(
        (feed for feed in file.view.catalog.feeds if feed.id == source), None
    )
    return found or abort(404)


def _status_of(result: SaveResult) -> int:
    return CONFLICT if result.state == "changed_meanwhile" else UNUSABLE


def _show_new(
    file: SourceFile,
    form: NewSourceForm,
    *,
    found: tuple[Candidate, ...] | None = None,
    problem: str = "",
    wrong: Wrong = ALL_WELL,
    result: SaveResult | None = None,
    status: int = 200,
) -> tuple[str, int]:
    shown = render_template(
        "source_editor/new.html",
        form=form,
        found=found,
        problem=problem,
        wrong=wrong,
        result=result,
        seen=file.digest,
        writable=is_writable(file.path),
        regions=sorted(
            {feed.region for feed in file.view.catalog.feeds if feed.region}
        ),
    )
    return shown, status


def _show_one(
    file: SourceFile,
    feed: Feed,
    form: SourceForm,
    *,
    wrong: Wrong = ALL_WELL,
    result: SaveResult | None = None,
) -> tuple[str, int]:
    shown = render_template(
        "source_editor/one.html",
        feed=feed,
        form=form,
        wrong=wrong,
        result=result,
        writable=is_writable(file.path),
    )
    if wrong:
        return shown, UNUSABLE
    return shown, _status_of(result) if result else 200
