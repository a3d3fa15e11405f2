"""A topic while somebody writes it: read as a topic, held against the file,
made into an edit. Pure but for what the file says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from monitor.config.address_notation import mail_address
from monitor.config.cron import cron_expression
from monitor.config.edit import (
    topic_block,
    with_new_topic,
    with_topic,
    written_topic,
)
from monitor.config.notation import Unreadable, slug
from monitor.config.yaml_writing import Value
from monitor.flow.requests.catalog_changes import Edit
from monitor.flow.requests.watched_catalog import CatalogView
from monitor.match.topics import whole_query
from monitor.query.parser import parse_query
from monitor.query.simple import compile_simple
from monitor.query.tree import Node
from monitor.types.catalog import (
    Catalog,
    Located,
    Mode,
    Recipient,
    Schedule,
    Topic,
)
from monitor.types.match import QueryProblem

Level = Literal["words", "query"]
WordList = Literal["any", "all", "none"]
WORD_LISTS: tuple[WordList, ...] = ("any", "all", "none")
DRAFT_ID = "entwurf"
"""Stands for a topic that is not in the file yet."""


PAGE_NAMES = frozenset(("neu", "probe", "vorschlaege"))
"""Ids whose page would be another one."""


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """What stands in the editor. `level` says whether the word lists or the
    query count.

    `recipients` are names of people and groups, or addresses. `mode` and
    `schedule` are "" and `mails_per_hour` is None where the file's defaults
    are to apply.
    """

    name: str = ""
    level: Level = "words"
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    query: str = ""
    recipients: tuple[str, ...] = ()
    mode: str = ""
    schedule: str = ""
    mails_per_hour: int | None = None

    def words(self, name: WordList) -> tuple[str, ...]:
        """One of the three lists."""
        return {"any": self.any, "all": self.all, "none": self.none}[name]


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """Something wrong or doubtful in a field of the editor; `text` is what it
    is about.
    """

    field: str
    text: str
    problem: QueryProblem


@dataclass(frozen=True, slots=True)
class DraftReading:
    """How a draft is read: no tree where a problem is fatal, or where nothing
    is written yet.
    """

    tree: Node | None
    problems: tuple[DraftProblem, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read yet."""
        return self.tree is None and not self.problems


def read_topic_draft(draft: TopicDraft, topic: Topic) -> DraftReading:
    """The draft's query, with what `where` of its topic adds, and what is
    wrong in its fields.
    """
    problems = (*_word_problems(draft), *_other_problems(draft))
    said = (
        draft.query.strip()
        if draft.level == "query"
        else (*draft.any, *draft.all, *draft.none)
    )
    if not said or any(each.problem.fatal for each in problems):
        return DraftReading(None, problems)
    return DraftReading(whole_query(topic)[0], problems)


def _word_problems(draft: TopicDraft) -> Iterable[DraftProblem]:
    if draft.level == "query":
        if draft.query.strip():
            parsed = parse_query(draft.query)
            yield from (
                DraftProblem("query", draft.query, each)
                for each in parsed.problems
            )
        return
    if not (draft.any or draft.all or draft.none):
        return
    simple = compile_simple(draft.any, draft.all, draft.none)
    for name, number, problem in simple.problems:
        words = draft.words(name) if name in WORD_LISTS else ()
        text = words[number] if number < len(words) else ""
        yield DraftProblem(name, text, problem)


def _other_problems(draft: TopicDraft) -> Iterable[DraftProblem]:
    if draft.schedule:
        try:
            cron_expression(draft.schedule)
        except Unreadable as error:
            yield _unreadable("schedule", draft.schedule, error)
    for name in draft.recipients:
        if "@" in name:
            try:
                mail_address(name)
            except Unreadable as error:
                yield _unreadable("addresses", name, error)


def _unreadable(field: str, text: str, error: Unreadable) -> DraftProblem:
    return DraftProblem(
        field, text, QueryProblem("E00", str(error), 0, len(text), error.hint)
    )


def draft_topic(
    draft: TopicDraft, catalog: Catalog, base: Topic | None
) -> Topic:
    """The draft as a topic, as it would be read from the file: for a trial.

    What the editor does not show stays as in `base`.
    """
    usual = base or Topic(DRAFT_ID, "")
    is_query = draft.level == "query"
    return Topic(
        id=usual.id,
        name=draft.name,
        any=() if is_query else tuple(map(_located, draft.any)),
        all=() if is_query else tuple(map(_located, draft.all)),
        none=() if is_query else tuple(map(_located, draft.none)),
        query=_located(draft.query) if is_query else None,
        where=usual.where,
        recipients=_people(draft.recipients, catalog),
        mode=cast(Mode, draft.mode or "immediate"),
        schedule=_schedule(draft.schedule, usual.schedule),
        mails_per_hour=draft.mails_per_hour or usual.mails_per_hour,
    )


def _located(text: str) -> Located:
    return Located(text, "", ((1, 1),) * (len(text) + 1))


def _schedule(written: str, usual: Schedule) -> Schedule:
    try:
        return (
            Schedule(cron_expression(written), usual.timezone)
            if written
            else usual
        )
    except Unreadable:
        return usual


def _people(names: Iterable[str], catalog: Catalog) -> tuple[Recipient, ...]:
    known = {name.casefold(): people for name, people in catalog.names}
    found: dict[str, Recipient] = {}
    for name in names:
        for person in known.get(name.casefold(), (Recipient(name),)):
            found.setdefault(person.address.casefold(), person)
    return tuple(found.values())


def draft_of(path: Path, content: bytes, topic: Topic) -> TopicDraft:
    """A topic of the file, to be edited."""
    written = written_topic(path, content, topic.id) or {}
    words = {name: written.get(name, ()) for name in WORD_LISTS}
    limit = written.get("mails_per_hour", ("",))[0]
    return TopicDraft(
        name=topic.name,
        level="query" if topic.query else "words",
        query=topic.query.text.strip() if topic.query else "",
        recipients=written.get("recipients", ()),
        mode="".join(written.get("mode", ())),
        schedule="".join(written.get("schedule", ())),
        mails_per_hour=int(limit) if limit.isdecimal() else None,
        **words,
    )


def words_of(topic: Topic) -> TopicDraft:
    """What a topic looks for, as a draft without recipients."""
    if topic.query is not None:
        return TopicDraft(topic.name, "query", query=topic.query.text.strip())
    return TopicDraft(
        topic.name,
        any=tuple(item.text for item in topic.any),
        all=tuple(item.text for item in topic.all),
        none=tuple(item.text for item in topic.none),
    )


def draft_values(draft: TopicDraft) -> dict[str, Value | None]:
    """What the file is to say; None where a key is to be absent."""
    is_query = draft.level == "query"
    values: dict[str, Value | None] = {"name": draft.name}
    values |= {
        name: None if is_query else (draft.words(name) or None)
        for name in WORD_LISTS
    }
    values["query"] = draft.query.strip() if is_query else None
    values["recipients"] = draft.recipients or None
    values["mode"] = draft.mode or None
    values["mails_per_hour"] = draft.mails_per_hour
    return values | {"schedule": draft.schedule or None}


def draft_edit(
    path: Path, draft: TopicDraft, topic_id: str | None, was: TopicDraft | None
) -> Edit:
    """The edit that writes the draft: a new topic, or the changed keys of one.

    Keys whose value the author did not touch are left alone, so that notations
    the editor does not show, such as a schedule with a time zone, stay.
    """
    values = draft_values(draft)
    if topic_id is None:
        new = {
            name: value for name, value in values.items() if value is not None
        }
        if slug(draft.name) in PAGE_NAMES:
            new["id"] = f"thema-{slug(draft.name)}"
        return lambda before: with_new_topic(path, before, new)
    if was is not None:
        before_values = draft_values(was)
        values = {
            key: value
            for key, value in values.items()
            if value != before_values[key]
        }
    return lambda before: with_topic(path, before, topic_id, values)


def paste_block(draft: TopicDraft) -> str:
    """The draft as it is written under `topics:`, for a file that cannot be
    written here.
    """
    values = draft_values(draft)
    return topic_block(
        {key: value for key, value in values.items() if value is not None}
    )


def known_names(view: CatalogView) -> tuple[str, ...]:
    """What people and groups are called."""
    return tuple(name for name, _ in view.catalog.names)


def check_name(
    draft: TopicDraft, view: CatalogView, topic_id: str | None
) -> Mapping[str, str]:
    """What is wrong with the name, by field; nothing where it can be saved."""
    if not draft.name.strip():
        return {"name": "missing"}
    taken = {
        each.name.casefold()
        for each in view.catalog.topics
        if each.id != topic_id
    }
    return {"name": "taken"} if draft.name.casefold() in taken else {}
