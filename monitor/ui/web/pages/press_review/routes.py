"""/pressespiegel: drafts, one draft, the archive, and the form that takes
stories from lists.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    url_for,
)
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.wrappers import Response as Answer

from monitor.flow.press_review.issuing import Readers
from monitor.flow.requests import press_reviews
from monitor.flow.requests.local_days import last_days
from monitor.flow.requests.press_reviews import LONGEST_TITLE, DraftPage
from monitor.press_review.draft_order import sections_of
from monitor.store.desk.press_reviews import DraftText
from monitor.types.catalog import Recipient
from monitor.types.press_review import (
    REVIEW_FORMATS,
    Draft,
    DraftItem,
    IssueEntry,
    ReviewFormat,
)
from monitor.ui.web.access import FORBIDDEN, SAFE_METHODS, current_account
from monitor.ui.web.failures import answer_failure
from monitor.ui.web.form_reading import (
    ALL_WELL,
    UNUSABLE,
    FormReading,
    Wrong,
    read_form,
)
from monitor.ui.web.formatting import day_in_words
from monitor.ui.web.pages.press_review.draft_form import (
    Deed,
    done,
    edited,
    read_deed,
    read_draft_form,
    read_items,
)
from monitor.ui.web.pages.press_review.file_answer import file_answer
from monitor.ui.web.parameters import LARGEST_NUMBER, read_parameters
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import current_language
from monitor.ui.web.wording import gettext as _

SEE_OTHER, CONFLICT = 303, 409
DAY_PATTERN = {"de": "EEEE, d. MMMM y", "en": "EEEE, d MMMM y"}

blueprint = Blueprint("press_review", __name__)
page = Page(
    blueprint, NavEntry("Pressespiegel", "press_review.show", order=33)
)


class NewDraft(BaseModel):
    """The form that begins a draft: of one topic or of all, on one day; or
    empty.
    """

    model_config = ConfigDict(frozen=True)

    title: str = Field(default="", max_length=LONGEST_TITLE)
    fill: str = Field(default="", max_length=200, pattern=r"^(|all|topic:.+)$")
    day: date | None = None


class TakenStories(BaseModel):
    """Stories that were ticked in a list, and the draft that they go into;
    None for a new one.
    """

    model_config = ConfigDict(frozen=True)

    article: tuple[int, ...] = ()
    draft: int | None = Field(default=None, ge=1, le=LARGEST_NUMBER)


class ListParameters(BaseModel):
    """The archive from a number on."""

    model_config = ConfigDict(frozen=True)

    before: int | None = Field(default=None, ge=1, le=LARGEST_NUMBER)


class SentIssue(BaseModel):
    """Whom an issue is sent to, and as which files."""

    model_config = ConfigDict(frozen=True)

    recipient: tuple[str, ...] = ()
    format: tuple[ReviewFormat, ...] = ()


@blueprint.before_request
def editors_change() -> None:
    """Readers see everything here, and change nothing."""
    if request.method not in SAFE_METHODS and not may_edit_reviews():
        abort(FORBIDDEN)


@blueprint.app_template_filter("review_day")
def _write_day(day: date) -> str:
    """The day with its weekday."""
    language = current_language()
    return day_in_words(day, DAY_PATTERN[language], language)


@blueprint.app_template_filter("groupby_runs")
def group_by_runs(
    entries: tuple[IssueEntry, ...],
) -> list[tuple[str, tuple[IssueEntry, ...]]]:
    """Stories that follow each other under one heading."""
    runs = groupby(entries, key=lambda entry: entry.heading)
    return [(heading, tuple(run)) for heading, run in runs]


@blueprint.app_template_global()
def may_edit_reviews() -> bool:
    """Whether whoever asks may put stories into press reviews."""
    return current_account().may("editor")


@blueprint.app_template_global()
def open_drafts() -> tuple[Draft, ...]:
    """The drafts that stories can be put into."""
    listed = press_reviews.list_reviews(web_kit().database)
    return tuple(draft for draft, _stories in listed.drafts)


@blueprint.get("/pressespiegel")
def show() -> str:
    """Drafts, schedules and the archive."""
    asked = read_parameters(ListParameters, request.args)
    return _list_page(
        asked, FormReading(NewDraft(title=_("Pressespiegel")), ALL_WELL)
    )


def _list_page(asked: ListParameters, form: FormReading[NewDraft]) -> str:
    of = web_kit()
    listed = press_reviews.list_reviews(of.database, before=asked.before)
    full = len(listed.issues) == press_reviews.ISSUES_LISTED
    return render_template(
        "press_review/list.html",
        listed=listed,
        asked=asked,
        form=form.values,
        wrong=form.wrong,
        scheduled=of.catalog.current().catalog.press_reviews,
        topics=topics_by_id(),
        today=today(),
        further=url_for("press_review.show", before=listed.issues[-1].id)
        if full
        else "",
    )


@blueprint.post("/pressespiegel")
def begin() -> Answer | tuple[str, int]:
    """Begin a draft."""
    read = read_form(NewDraft, request.form)
    if read.wrong:
        return _list_page(ListParameters(), read), UNUSABLE
    form = read.values
    day = form.day or today()
    of, topics = web_kit(), topics_by_id()
    chosen: tuple[DraftItem, ...] = ()
    if form.fill:
        wanted = form.fill.removeprefix("topic:")
        named = (
            topics
            if form.fill == "all"
            else {wanted: topics.get(wanted) or abort(404)}
        )
        chosen = press_reviews.stories_of_day(
            of.database, named, day, zone=of.timezone
        )
    number = _begin(form.title, day, chosen)
    return redirect(url_for("press_review.draft", number=number), SEE_OTHER)


@blueprint.post("/pressespiegel/aufnehmen")
def take_in_story() -> Answer:
    """Put the stories that were ticked in a list into a draft."""
    form = read_parameters(TakenStories, request.form)
    if not form.article:
        return answer_failure(UNUSABLE, reason="unticked")
    of = web_kit()
    items = press_reviews.chosen_stories(
        of.database, topics_by_id(), form.article
    )
    number = form.draft
    if number is None:
        number = _begin("", today(), items)
    else:
        account, now = current_account().name, of.clock.now()
        if not press_reviews.add_stories(
            of.database, number, items, account=account, now=now
        ):
            abort(404)
    return redirect(url_for("press_review.draft", number=number), SEE_OTHER)


@blueprint.get("/pressespiegel/<int:number>")
def draft(number: int) -> str:
    """One draft: to be edited, or for readers as it is."""
    return _draft_page(_draft(number))


@blueprint.post("/pressespiegel/<int:number>")
def change(number: int) -> Answer | tuple[str, int]:
    """Store the draft as the form has it, and do what its button says."""
    deed = read_deed(request.form.get("do", "save")) or abort(400)
    form, wrong = read_draft_form(request.form)
    of = web_kit()
    stored = _draft(number)
    items = read_items(stored.draft, request.form.getlist("row"), request.form)
    if wrong:
        kept = replace(stored, draft=edited(stored.draft, form, items))
        return _draft_page(kept, wrong=wrong), UNUSABLE
    items = done(items, deed, topics_by_id(), heading=_("Neuer Abschnitt"))
    whole = edited(stored.draft, form, items)
    account, now = current_account().name, of.clock.now()
    if not press_reviews.save_draft(
        of.database, whole, account=account, now=now
    ):
        return _conflict(stored, whole), CONFLICT
    if deed.name == "issue":
        return _issue(number)
    return redirect(_after(number, deed), SEE_OTHER)


@blueprint.post("/pressespiegel/<int:number>/entfernen")
def remove(number: int) -> Answer:
    """Remove a draft; what was issued of it stays."""
    if number > LARGEST_NUMBER or not press_reviews.drop_draft(
        web_kit().database, number
    ):
        abort(404)
    return redirect(url_for("press_review.show"), SEE_OTHER)


@blueprint.get("/pressespiegel/<int:number>.<any(html, pdf, docx):kind>")
def show_preview(number: int, kind: ReviewFormat) -> Response:
    """The draft as it would be issued now."""
    of = web_kit()
    if number > LARGEST_NUMBER:
        abort(404)
    made = press_reviews.preview_draft(
        of.database, number, kind, of.masthead, now=of.clock.now()
    )
    if made == "gone":
        abort(404)
    return abort(503) if made == "failed" else file_answer(made)


@blueprint.get("/pressespiegel/ausgaben/<int:number>")
def show_issue(number: int) -> str:
    """One issue of the archive."""
    return _issue_page(number, ALL_WELL)


def _issue_page(number: int, wrong: Wrong) -> str:
    found = (
        press_reviews.read_issue(web_kit().database, number)
        if _fits(number)
        else None
    )
    if found is None:
        abort(404)
    return render_template(
        "press_review/issue.html",
        page=found,
        people=mail_recipients(),
        wrong=wrong,
        queued=request.args.get("mails", type=int),
    )


@blueprint.get(
    "/pressespiegel/ausgaben/<int:number>.<any(html, pdf, docx):kind>"
)
def issue_file(number: int, kind: str) -> Response:
    """A file of an issue, byte for byte as it was issued."""
    found = (
        press_reviews.read_issue_file(web_kit().database, number, kind)
        if _fits(number)
        else None
    )
    return abort(404) if found is None else file_answer(found)


@blueprint.post("/pressespiegel/ausgaben/<int:number>/senden")
def send(number: int) -> Answer | tuple[str, int]:
    """Mail an issue to people of feeds.yaml; to each of them once."""
    form = read_parameters(SentIssue, request.form)
    of = web_kit()
    people = tuple(
        each for each in mail_recipients() if each.address in form.recipient
    )
    if of.mail is None or not _fits(number):
        abort(404)
    if not form.recipient:
        return _issue_page(
            number, {"recipient": _("Niemand ist angekreuzt.")}
        ), UNUSABLE
    readers = Readers(people, form.format or ("pdf",))
    queued = press_reviews.send_issue(
        of.database, of.mail, number, readers, now=of.clock.now()
    )
    if queued is None:
        abort(404)
    return redirect(
        url_for("press_review.show_issue", number=number, mails=queued),
        SEE_OTHER,
    )


def topics_by_id() -> dict[str, str]:
    """Ids and names of the topics, in the order of feeds.yaml."""
    return {
        topic.id: topic.name
        for topic in web_kit().catalog.current().catalog.topics
    }


def mail_recipients() -> tuple[Recipient, ...]:
    """Whom an issue can be sent to; nobody where there is no mail."""
    of = web_kit()
    return (
        of.catalog.current().catalog.recipients if of.mail is not None else ()
    )


def today() -> date:
    """Today in the zone of the page."""
    of = web_kit()
    return last_days(1, zone=of.timezone, now=of.clock.now())[0]


def _fits(number: int) -> bool:
    return 0 < number <= LARGEST_NUMBER


def _begin(title: str, day: date, items: tuple[DraftItem, ...]) -> int:
    of = web_kit()
    text = DraftText(" ".join(title.split()) or _("Pressespiegel"), day)
    account, now = current_account().name, of.clock.now()
    return press_reviews.begin_draft(
        of.database, text, items, account=account, now=now
    )


def _draft(number: int) -> DraftPage:
    found = (
        press_reviews.read_draft(web_kit().database, number)
        if _fits(number)
        else None
    )
    return found or abort(404)


def _draft_page(
    found: DraftPage, *, conflict: str = "", wrong: Wrong = ALL_WELL
) -> str:
    return render_template(
        "press_review/draft.html"
        if may_edit_reviews()
        else "press_review/read.html",
        page=found,
        draft=found.draft,
        sections=sections_of(found.draft.items),
        previews={
            kind: url_for(
                "press_review.show_preview", number=found.draft.id, kind=kind
            )
            for kind in REVIEW_FORMATS
        },
        conflict=conflict,
        wrong=wrong,
        typed_day=request.form.get("day") if "day" in wrong else None,
        most=press_reviews.MOST_IN_DRAFT,
    )


def _conflict(stored: DraftPage, whole: Draft) -> str:
    """The form as it was sent, on top of what somebody else has stored
    meanwhile.
    """
    newest = _draft(stored.draft.id)
    kept = replace(
        newest,
        draft=replace(whole, revision=newest.draft.revision),
        issue=None,
    )
    return _draft_page(
        kept, conflict=newest.draft.updated_by or _("ohne Namen")
    )


def _issue(number: int) -> Answer:
    of = web_kit()
    account, now = current_account().name, of.clock.now()
    made = press_reviews.issue_draft(
        of.database, number, of.masthead, account=account, now=now
    )
    if made is None:
        abort(404)
    return redirect(
        url_for("press_review.show_issue", number=made.id), SEE_OTHER
    )


def _after(number: int, deed: Deed) -> str:
    return url_for(
        "press_review.draft", number=number, _anchor=deed.anchor or None
    )
