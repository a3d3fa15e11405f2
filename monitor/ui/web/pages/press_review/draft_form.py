"""What the form of a draft says: its rows in the order of the page, and one
thing to do. Pure but for the words of the request's language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel, ConfigDict, Field
from werkzeug.datastructures import MultiDict

from monitor.flow.requests.press_reviews import (
    LONGEST_COMMENT,
    LONGEST_HEADING,
    LONGEST_NOTE,
    LONGEST_TITLE,
)
from monitor.press_review.draft_order import (
    Items,
    Step,
    added,
    by_topics,
    moved,
    removed,
    section_moved,
    sections_of,
    split,
)
from monitor.types.catalog import ReviewSnippet
from monitor.types.press_review import Draft, DraftItem
from monitor.ui.web.form_reading import read_form
from monitor.ui.web.wording import gettext as _

_DEED = re.compile(
    r"(save|issue|topics)|(up|down|remove|split|section-up|section-down):(\d{1,18})",
    re.ASCII,
)
_STEPS: dict[str, Step] = {
    "up": -1,
    "down": 1,
    "section-up": -1,
    "section-down": 1,
}
_LIMITS = {"section_": LONGEST_HEADING, "comment_": LONGEST_COMMENT}
"""Fields that a draft has for each section and story: how their names begin,
and their lengths.
"""
_ROW = re.compile(r"([si]):(\d{1,18})", re.ASCII)


class DraftForm(BaseModel):
    """The fields that a draft has once."""

    model_config = ConfigDict(frozen=True)

    title: str = Field(default="", max_length=LONGEST_TITLE)
    note: str = Field(default="", max_length=LONGEST_NOTE)
    day: date
    snippet: ReviewSnippet = "short"
    revision: int = Field(ge=0)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a button asks for. `number` is the story's article, or the section
    from 0.
    """

    name: str
    number: int = 0

    @property
    def anchor(self) -> str:
        """Where the page is to be shown afterwards."""
        if self.name in ("up", "down", "split"):
            return f"meldung-{self.number}"
        if self.name.startswith("section"):
            return f"abschnitt-{max(0, self.number + _STEPS[self.name])}"
        return ""


def read_deed(text: str) -> Deed | None:
    """The deed of a button; None for any other text."""
    found = _DEED.fullmatch(text)
    if found is None:
        return None
    plain, name, number = found.groups()
    return Deed(plain) if plain else Deed(name, int(number))


def read_draft_form(
    sent: MultiDict[str, str],
) -> tuple[DraftForm, dict[str, str]]:
    """The form, and what is wrong with its fields, those of sections and
    stories as well.
    """
    read = read_form(DraftForm, sent)
    wrong = dict(read.wrong)
    for name, value in sent.items():
        limit = next(
            (
                most
                for start, most in _LIMITS.items()
                if name.startswith(start)
            ),
            None,
        )
        if limit is not None and len(value.strip()) > limit:
            wrong[name] = _("Höchstens %(n)s Zeichen.") % {"n": limit}
    return read.values, wrong


def read_items(
    draft: Draft, rows: Sequence[str], fields: Mapping[str, str]
) -> Items:
    """The stories in the order of the form's rows, with their headings and
    comments.

    A row is a section ("s:0") or a story ("i:17"). What the form does not know
    stays at the end: somebody may have added it meanwhile. Stories that the
    draft does not have are left out.
    """
    known = {item.article_id: item for item in draft.items}
    heading = ""
    found: dict[int, DraftItem] = {}
    for row in rows:
        read = _ROW.fullmatch(row)
        if read is None:
            continue
        kind, number = read[1], int(read[2])
        if kind == "s":
            heading = _one_line(fields.get(f"section_{number}", ""))
        elif number in known:
            comment = fields.get(f"comment_{number}", "").strip()
            found[number] = replace(
                known[number], heading=heading, comment=comment
            )
    rest = [item for item in draft.items if item.article_id not in found]
    return added(tuple(found.values()), rest)


def edited(draft: Draft, form: DraftForm, items: Items) -> Draft:
    """The draft as the form has it."""
    return replace(
        draft,
        title=_one_line(form.title) or draft.title,
        note=form.note.strip(),
        day=form.day if isinstance(form.day, date) else draft.day,
        snippet=form.snippet,
        revision=form.revision,
        items=items,
    )


def done(
    items: Items, deed: Deed, topics: Mapping[str, str], *, heading: str
) -> Items:
    """The stories after the deed. `heading` is what a new section is called."""
    step = _STEPS.get(deed.name)
    if step is not None:
        move = section_moved if deed.name.startswith("section") else moved
        return move(items, deed.number, step)
    if deed.name == "remove":
        return removed(items, deed.number)
    if deed.name == "split":
        taken = {section.heading for section in sections_of(items)}
        return split(items, deed.number, _free(heading, taken))
    return by_topics(items, topics) if deed.name == "topics" else items


def _free(heading: str, taken: set[str]) -> str:
    """The heading, with a number where it is in use: equal neighbours would be
    one section.
    """
    names = (
        heading if n == 1 else f"{heading} {n}"
        for n in range(1, len(taken) + 2)
    )
    return next(name for name in names if name not in taken)


def _one_line(text: str) -> str:
    return " ".join(text.split())
