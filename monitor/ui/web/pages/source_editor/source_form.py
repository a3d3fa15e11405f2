"""The forms of the source editor, as sent and as edits of the file. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.config.edit import NewFeed, free_id
from monitor.config.feeds import language
from monitor.config.notation import duration
from monitor.config.yaml_writing import Value
from monitor.types.catalog import Catalog, Feed
from monitor.ui.web.wording import gettext as _

LONGEST_LINE = 200
PAGE_NAMES = ("neu",)  # ids whose page would be another one
LONGEST_ADDRESS = 2_000


class SourceFields(BaseModel):
    """What can be said of a source besides its address."""

    model_config = ConfigDict(frozen=True)

    title: str = Field(default="", max_length=LONGEST_LINE)
    outlet: str = Field(default="", max_length=LONGEST_LINE)
    region: str = Field(default="", max_length=LONGEST_LINE)
    category: str = Field(default="", max_length=LONGEST_LINE)
    language: str = Field(default="", max_length=2)


class NewSourceForm(SourceFields):
    """A source that is looked for or added."""

    action: Literal["look", "add", "import"] = "look"
    address: str = Field(
        default="",
        max_length=LONGEST_ADDRESS,
        description="A home page or feed.",
    )
    chosen: str = Field(
        default="",
        max_length=LONGEST_ADDRESS,
        description="Address of the feed.",
    )
    seen: str = Field(default="", max_length=64)


class SourceForm(SourceFields):
    """A source of the file."""

    min_interval: str = Field(
        default="", max_length=LONGEST_LINE, description='Such as "10 min".'
    )
    max_interval: str = Field(
        default="", max_length=LONGEST_LINE, description='Such as "6 h".'
    )
    priority: int = Field(default=3, ge=1, le=5)
    paused: bool = False
    seen: str = Field(default="", max_length=64)


def source_problems(form: SourceFields) -> dict[str, str]:
    """What feeds.yaml would not take, at its field. Pure but for the request's
    language.
    """
    wrong = {}
    if form.language.strip() and not _is_readable(
        language, form.language.strip()
    ):
        wrong["language"] = _("Zwei Buchstaben, zum Beispiel de.")
    if isinstance(form, SourceForm):
        for name in ("min_interval", "max_interval"):
            said = getattr(form, name).strip()
            if said and not _is_readable(duration, said):
                wrong[name] = _(
                    "Das ist keine Dauer; lesbar ist zum Beispiel 10 min oder 6 h."
                )
        if not wrong and _is_turned_round(form):
            wrong["min_interval"] = _("Das ist mehr als „Mindestens alle“.")
    return wrong


def _is_turned_round(form: SourceForm) -> bool:
    least, most = form.min_interval.strip(), form.max_interval.strip()
    return bool(least and most) and duration(least) > duration(most)


def _is_readable(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def new_source(form: NewSourceForm, catalog: Catalog, host: str) -> NewFeed:
    """The entry of a new source."""
    taken = [*PAGE_NAMES, *(feed.id for feed in catalog.feeds)]
    facts = {
        "id": free_id(form.title or form.outlet or host, taken),
        "title": form.title,
        "outlet": form.outlet if form.outlet != form.title else "",
        "url": form.chosen,
        "region": form.region,
        "category": form.category,
        "language": form.language if form.language not in ("", "de") else "",
    }
    return {
        key: " ".join(value.split())
        for key, value in facts.items()
        if value.strip()
    }


def source_changes(
    form: SourceForm, feed: Feed, written: SourceForm
) -> dict[str, Value | None]:
    """The keys that differ from what the file says: others are left as they
    are written there.
    """
    changes: dict[str, Value | None] = {}
    for name in ("title", "outlet", "region", "category", "language"):
        said = " ".join(getattr(form, name).split())
        was = getattr(written, name)
        if said != was:
            changes[name] = said or None
    for name in ("min_interval", "max_interval"):
        said = " ".join(getattr(form, name).split())
        if said != getattr(written, name):
            changes[name] = said or None
    if form.priority != feed.priority:
        changes["priority"] = form.priority
    if form.paused != feed.paused:
        changes["paused"] = True if form.paused else None
    return changes
