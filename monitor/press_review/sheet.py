"""What all formats say, worded and cleaned once, so that they cannot differ in
facts. Pure.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date

from monitor.language.hygiene import clean_text, one_line, safe_url
from monitor.language.wording import ReaderWording, written_language
from monitor.types.mail import Copy
from monitor.types.press_review import (
    Logo,
    ReviewDocument,
    ReviewEntry,
    ReviewSection,
)

_TITLE = 300  # characters
_NAME = 120
_COMMENT = 1_000
_NOTE = 4_000
_TEXT = 20_000
_AUTHORS = 4
_OUTLETS = 12  # of "also in"


@dataclass(frozen=True, slots=True)
class SheetLink:
    """A text that may lead somewhere."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One story: `facts` stand in one line below its title."""

    title: str
    url: str
    site: str  # the host of the address, as readers of paper see it
    facts: tuple[str, ...]
    comment: tuple[str, ...]
    snippet: str
    paragraphs: tuple[str, ...]
    also_in: tuple[SheetLink, ...]


@dataclass(frozen=True, slots=True)
class SheetSection:
    """Stories under one heading; "" in a review that has none."""

    heading: str
    entries: tuple[SheetEntry, ...]


@dataclass(frozen=True, slots=True)
class SheetWords:
    """Fixed words in the review's language."""

    contents: str
    comment: str
    also_in: str
    original: str
    nothing: str
    page: str
    logo: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A press review in words. What is empty is not shown."""

    language: str
    title: str
    office: str
    day: str
    made: str
    made_at: datetime
    count: str
    late: str
    note: tuple[str, ...]
    words: SheetWords
    sections: tuple[SheetSection, ...]
    logo: Logo | None = None

    @property
    def has_headings(self) -> bool:
        """Whether the stories stand in sections with headings."""
        return any(section.heading for section in self.sections)


def sheet_of(document: ReviewDocument) -> Sheet:
    """The worded press review."""
    wording = _wording(document.language, document.timezone)
    headed = any(section.heading.strip() for section in document.sections)
    return Sheet(
        language=wording.language,
        title=one_line(document.title, _NAME) or wording.say("title"),
        office=one_line(document.office, _NAME),
        day=format_date(
            document.day, wording.say("day"), locale=wording.locale
        ),
        made=wording.say("made", moment=wording.moment(document.made_at)),
        made_at=document.made_at.astimezone(wording.zone),
        count=wording.count("stories", len(document.entries)),
        late=_late(document, wording),
        note=_lines(document.note, _NOTE),
        words=SheetWords(
            **{name: wording.say(name) for name in SheetWords.__slots__}
        ),
        sections=tuple(
            _section(each, wording, headed=headed)
            for each in document.sections
        ),
        logo=document.logo,
    )


def _wording(language: str, timezone: str) -> ReaderWording:
    """The fixed words of press reviews in the nearest language."""
    text = (resources.files(__package__) / "data" / "words.toml").read_text(
        "utf-8"
    )
    written = written_language(language)
    words = tomllib.loads(text)[written]
    forms = {
        key: said if isinstance(said, str) else tuple(said)
        for key, said in words.items()
    }
    return ReaderWording(written, ZoneInfo(timezone), forms)


def _late(document: ReviewDocument, wording: ReaderWording) -> str:
    if document.planned_at is None:
        return ""
    late = wording.say("late", moment=wording.moment(document.planned_at))
    if not document.missed:
        return late
    return f"{late} {wording.count('missed', document.missed)}"


def _section(
    section: ReviewSection, wording: ReaderWording, *, headed: bool
) -> SheetSection:
    rest = wording.say("rest") if headed else ""
    heading = one_line(section.heading, _NAME) or rest
    return SheetSection(
        heading, tuple(_entry(each, wording) for each in section.entries)
    )


def _entry(entry: ReviewEntry, wording: ReaderWording) -> SheetEntry:
    url = safe_url(entry.url) or ""
    outlet = one_line(entry.outlet, _NAME)
    return SheetEntry(
        title=one_line(entry.title, _TITLE)
        or outlet
        or wording.say("untitled"),
        url=url,
        site=(urlsplit(url).hostname or "").removeprefix("www.")
        if url
        else "",
        facts=tuple(
            fact for fact in (outlet, *_facts(entry, wording)) if fact
        ),
        comment=_lines(entry.comment, _COMMENT),
        snippet=one_line(entry.snippet, _TEXT),
        paragraphs=_lines("\n".join(entry.paragraphs), _TEXT),
        also_in=_others(entry.also_in),
    )


def _facts(entry: ReviewEntry, wording: ReaderWording) -> tuple[str, ...]:
    dated = (
        wording.moment(entry.published_at)
        if entry.published_at
        else wording.say("undated")
    )
    authors = [one_line(author, _NAME) for author in entry.authors[:_AUTHORS]]
    return (
        dated,
        ", ".join(filter(None, authors)),
        one_line(entry.agency or "", _NAME),
        wording.say("summary_only") if entry.summary_only else "",
    )


def _others(copies: tuple[Copy, ...]) -> tuple[SheetLink, ...]:
    """Each other outlet once, in the order given, with its first address."""
    links: dict[str, SheetLink] = {}
    for copy in copies:
        name = one_line(copy.outlet, _NAME)
        if name:
            links.setdefault(name, SheetLink(name, safe_url(copy.url) or ""))
    return tuple(links.values())[:_OUTLETS]


def _lines(text: str, limit: int) -> tuple[str, ...]:
    return tuple(line for line in clean_text(text, limit).split("\n") if line)
