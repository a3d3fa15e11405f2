"""The form by which a hit is judged, /themen/ID/urteile, and what other pages
show of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from pydantic import BaseModel, ConfigDict
from werkzeug.wrappers import Response as Answer

from monitor.flow.requests.judgements import (
    LEARNT_DAYS,
    JudgedHit,
    Judging,
    Said,
    TopicJudgements,
    judge,
    list_judgements,
    read_verdicts,
    study_judgements,
)
from monitor.flow.requests.topic_draft import TopicDraft
from monitor.match.precision import FEWEST_JUDGED
from monitor.types.judgement import JudgementSource, Verdict
from monitor.ui.web.access import current_account
from monitor.ui.web.export_answer import TAG, Export, export_answer
from monitor.ui.web.exports import FORMATS, Cell, ExportColumn, FeedEntry
from monitor.ui.web.forms import back_to_page
from monitor.ui.web.parameters import LARGEST_NUMBER, read_parameters
from monitor.ui.web.registry import Page
from monitor.ui.web.topic_names import topic_names
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

GONE = 410

blueprint = Blueprint("judgements", __name__)
page = Page(blueprint, role="editor")


class JudgementForm(BaseModel):
    """What a button beside a hit sends; "none" takes the judgement back."""

    model_config = ConfigDict(frozen=True)

    said: Said


@dataclass(frozen=True, slots=True)
class JudgedList:
    """What the buttons beside a list's hits need: for which topics, and what
    was said already.
    """

    topics: tuple[str, ...]
    verdicts: Mapping[tuple[str, int], Verdict]


@blueprint.app_template_global()
def judged_list(
    topics: Sequence[str], story_ids: Sequence[int | None]
) -> JudgedList | None:
    """For hits of these topics; None where whoever asks may not judge."""
    account = current_account()
    if not topics or not account.may("editor"):
        return None
    known = [story for story in story_ids if story is not None]
    said = read_verdicts(web_kit().database, account.name, known)
    return JudgedList(tuple(topics), said)


@blueprint.app_template_global()
def topic_judgements(topic: str) -> TopicJudgements:
    """What the judgements of a topic say, for the page and the API."""
    of = web_kit()
    catalog = of.catalog.current().catalog
    return study_judgements(of.database, topic, catalog, now=of.clock.now())


@blueprint.app_template_global()
def fewest_judged() -> int:
    """Stories that must be judged before a share is named."""
    return FEWEST_JUDGED


@blueprint.app_template_global()
def editor_address(topic: str, draft: TopicDraft) -> str:
    """The topic editor with what a draft looks for filled in."""
    if draft.level == "query":
        return url_for(
            "topic_editor.edit_topic", topic=topic, query=draft.query
        )
    lists = {"any": draft.any, "all": draft.all, "none": draft.none}
    said: dict[str, Any] = {
        name: "\n".join(words) for name, words in lists.items() if words
    }
    return url_for("topic_editor.edit_topic", topic=topic, **said)


@blueprint.post("/themen/<topic>/urteile/<int:article>")
def judge_story(topic: str, article: int) -> Answer:
    """Keep what somebody says of a hit."""
    form = read_parameters(JudgementForm, request.form)
    keep_judgement(topic, article, form.said, source="page")
    return back_to_page()


@blueprint.get("/themen/<topic>/urteile")
def show(topic: str) -> str:
    """Every judgement of a topic that still counts."""
    return render_template(
        "judgements/page.html",
        topic_id=topic,
        name=topic_name_or_end(topic),
        judged=find_judgements(topic),
        exports={
            kind: url_for("judgements.export", topic=topic, kind=kind)
            for kind in FORMATS
        },
    )


@blueprint.get("/themen/<topic>/urteile.<any(csv, json, atom):kind>")
def export(topic: str, kind: str) -> Response:
    """The same list, to take along."""
    name, judged = topic_name_or_end(topic), find_judgements(topic)
    columns = (
        ExportColumn("judged_at", _("Wann")),
        ExportColumn("person", _("Wer")),
        ExportColumn("verdict", _("Urteil")),
        ExportColumn("source", _("Wo")),
        ExportColumn("article", _("Artikel")),
        ExportColumn("outlet", _("Medium")),
        ExportColumn("title", _("Titel")),
        ExportColumn("url", _("Adresse")),
    )
    return export_answer(
        kind,
        Export(
            file=f"urteile-{topic}",
            title=f"{_('Urteile')}: {name}",
            address=url_for("judgements.show", topic=topic),
            columns=columns,
            rows=[_row(each) for each in judged],
            entries=[_entry(each) for each in judged],
        ),
    )


def keep_judgement(
    topic: str, article: int, said: Said, *, source: JudgementSource
) -> None:
    """Keep what whoever asks says, for the page and the API. Ends the request
    where there is no such hit, or where it is too old.
    """
    of = web_kit()
    if article > LARGEST_NUMBER:
        abort(404)
    judging = Judging(topic, article, current_account().name, said, source)
    answer = judge(of.database, judging, now=of.clock.now())
    if answer != "done":
        abort(404 if answer == "unknown" else GONE)


def find_judgements(topic: str) -> tuple[JudgedHit, ...]:
    """The judgements of a topic, for the page, its exports and the API."""
    of = web_kit()
    since = of.clock.now() - timedelta(days=LEARNT_DAYS)
    return list_judgements(of.database, topic, since=since)


def topic_name_or_end(topic: str) -> str:
    """The name of a topic that is configured; ends the request where there is
    none.
    """
    name = topic_names().get(topic)
    if name is None:
        abort(404)
    return name


def _row(each: JudgedHit) -> tuple[Cell, ...]:
    said = each.judgement
    word = "right" if said.is_right else "wrong"
    facts = (said.judged_at, said.person, word, said.source, said.article_id)
    return (*facts, each.outlet, each.title, each.url)


def _entry(each: JudgedHit) -> FeedEntry:
    said = each.judgement
    key = f"{TAG}judgement/{said.topic_id}/{said.story_id}/{said.person}"
    word = _("passt") if said.is_right else _("passt nicht")
    return FeedEntry(
        key, each.title, each.url, each.outlet, said.judged_at, word
    )
