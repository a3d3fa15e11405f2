"""The editor's form as it is sent, and as a draft. Pure but for the request's
language.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.config.address_notation import mail_address
from monitor.config.cron import cron_expression
from monitor.flow.requests.topic_draft import Level, TopicDraft
from monitor.ui.web.wording import gettext as _

LONGEST_QUERY = 100_000  # characters
LONGEST_LINE = 200
MOST_NAMES = 200

_SEVERAL = re.compile(r'[^"„“»]*[,;](?!\d)')
"""Words in a row, without quotes; the comma of a number parts nothing."""

Name = Annotated[str, Field(max_length=LONGEST_LINE)]
FormAction = Literal["check", "suggest", "save"]


class TopicForm(BaseModel):
    """What the form sends. Words stand a line each; addresses are parted by
    commas or lines.
    """

    model_config = ConfigDict(frozen=True)

    name: str = Field(
        default="", max_length=LONGEST_LINE, description="What mails call it."
    )
    level: Level = Field(
        default="words", description="Whether the word lists or `query` count."
    )
    any: str = Field(
        default="",
        max_length=LONGEST_QUERY,
        description="One of them is enough.",
    )
    all: str = Field(
        default="",
        max_length=LONGEST_QUERY,
        description="All of them must occur.",
    )
    none: str = Field(
        default="",
        max_length=LONGEST_QUERY,
        description="None of them may occur.",
    )
    query: str = Field(
        default="",
        max_length=LONGEST_QUERY,
        description="In the topic language.",
    )
    recipients: tuple[Name, ...] = Field(default=(), max_length=MOST_NAMES)
    addresses: str = Field(default="", max_length=LONGEST_QUERY)
    mode: Literal["", "immediate", "digest", "spike"] = ""
    schedule: str = Field(default="", max_length=LONGEST_LINE)
    mails_per_hour: int | None = Field(default=None, ge=1, le=1000)
    seen: str = Field(
        default="",
        max_length=64,
        description="Digest of the file that was seen.",
    )
    editor: str = Field(default="", max_length=40)
    turn: int = Field(default=0, ge=0, le=2**53)
    action: FormAction = "check"


def draft_from(form: TopicForm) -> TopicDraft:
    """The draft that the form describes."""
    return TopicDraft(
        name=" ".join(form.name.split()),
        level=form.level,
        any=lines_of(form.any),
        all=lines_of(form.all),
        none=lines_of(form.none),
        query=form.query.strip(),
        recipients=(*form.recipients, *addresses_of(form.addresses)),
        mode=form.mode,
        schedule=" ".join(form.schedule.split()),
        mails_per_hour=form.mails_per_hour
        if isinstance(form.mails_per_hour, int)
        else None,
    )


def form_problems(form: TopicForm, people: Collection[str]) -> dict[str, str]:
    """What feeds.yaml would not take, at its field. `people` are known by
    their names.
    """
    known = {name.casefold() for name in people}
    wrong = {}
    if form.schedule.strip():
        try:
            cron_expression(form.schedule)
        except ValueError:
            wrong["schedule"] = _(
                "Das liest kein cron; zum Beispiel 0 7 * * 1-5 ist lesbar."
            )
    for field in ("any", "all", "none"):
        for line in lines_of(getattr(form, field)):
            if _SEVERAL.match(line):
                wrong[field] = _(
                    "„%(line)s“ würde als eine Wendung gesucht. Jedes Wort "
                    "gehört in eine eigene Zeile; eine Wendung mit Komma "
                    "steht in Anführungszeichen."
                ) % {"line": line}
    for typed in addresses_of(form.addresses):
        if typed.casefold() in known:
            continue
        try:
            mail_address(typed)
        except ValueError:
            wrong["addresses"] = _("Das ist keine Mailadresse: %(typed)s") % {
                "typed": typed
            }
    return wrong


def lines_of(text: str) -> tuple[str, ...]:
    """Each line that says something, once."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def addresses_of(text: str) -> tuple[str, ...]:
    """Addresses as people type them in a row."""
    return tuple(
        dict.fromkeys(text.replace(",", " ").replace(";", " ").split())
    )
