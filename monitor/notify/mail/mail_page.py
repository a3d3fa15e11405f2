"""What a template sees: every fact of a mail, worded and cleaned, in the order
in which it is read.

The HTML and the text part are rendered from the same page, so they cannot
differ in facts. Texts here are one visible line each and not escaped (the
templates do that); addresses are absolute http(s), mailto, or "".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text; `marked` where the topic's words stand."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A text that may lead somewhere."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label, what it says, and where that leads."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class StoryBlock:
    """One story: headline, where and when, the sentence that hit, why, and
    where else.
    """

    headline: tuple[TextRun, ...]
    url: str
    outlet: str
    details: tuple[str, ...]  # published, found, author, agency
    flags: tuple[str, ...]
    feed_title: tuple[TextRun, ...]  # a feed's title, where it hit
    snippet: tuple[TextRun, ...]
    paragraphs: tuple[str, ...]  # the full text, where it may be mailed
    why: str
    also_in: tuple[Link, ...]
    also_more: str
    page: str  # where our page shows it
    fits: str  # where one says that it fits the topic, and that it does not
    fits_not: str


@dataclass(frozen=True, slots=True)
class MailRow:
    """A line of a list: what it is about, how much, and further lines under
    it.
    """

    text: str
    value: str = ""
    details: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A headed list."""

    title: str
    rows: tuple[MailRow, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """Words that stand beside facts in every story."""

    why: str
    also_in: str
    feed_title: str
    page_link: str
    judge: str
    fits: str
    fits_not: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail. What is empty is not shown."""

    language: str
    # which template: immediate, digest, spike, daily_report, notice,
    # press_review
    kind: str
    subject: str
    kicker: str  # the kind, in words
    heading: str
    labels: Labels
    intro: tuple[str, ...] = ()
    note: str = ""
    figures: tuple[Labelled, ...] = ()  # few large numbers
    sections: tuple[Section, ...] = ()
    stories_title: str = ""
    stories: tuple[StoryBlock, ...] = ()
    more: Link | None = None  # what is left off, and where it is
    footer: tuple[Labelled, ...] = ()
