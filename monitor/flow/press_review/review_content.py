"""content(items): database > what a press review says of each story, quoted as
the rights allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import structlog
from sqlalchemy import Connection

from monitor.language.hygiene import clean_text, one_line
from monitor.notify.mail.snippet import (
    LONGEST_SENTENCE,
    SHORT,
    shorten,
    snippet_for,
)
from monitor.store.desk.review_choice import hits_of
from monitor.store.reading import article_views
from monitor.types.article import Article
from monitor.types.catalog import ReviewSnippet, Snippet
from monitor.types.mail import Copy
from monitor.types.match import Match
from monitor.types.output import Highlight
from monitor.types.press_review import (
    DraftItem,
    Logo,
    ReviewDocument,
    ReviewEntry,
    ReviewSection,
)

log = structlog.get_logger("monitor.press_review")
LARGEST_LOGO = 1_000_000  # bytes: it goes into every file and every mail
_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


@dataclass(frozen=True, slots=True)
class Masthead:
    """What is the same on every press review of an installation."""

    office: str = ""
    logo: Path | None = None
    language: str = "de"
    timezone: str = "Europe/Berlin"

    def read_logo(self) -> Logo | None:
        """The picture; None where there is none that can be used, which is
        logged.
        """
        if self.logo is None:
            return None
        try:
            data = self.logo.read_bytes()
        except OSError as error:
            log.warning(
                "logo_unusable", file=str(self.logo), problem=str(error)
            )
            return None
        kind = next(
            (kind for begin, kind in _KINDS.items() if data.startswith(begin)),
            "",
        )
        if kind not in ("png", "jpeg") or len(data) > LARGEST_LOGO:
            problem = "no PNG or JPEG of at most 1 MB"
            log.warning("logo_unusable", file=str(self.logo), problem=problem)
            return None
        return Logo(data, "png" if kind == "png" else "jpeg")


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What stands on the cover, and how much is quoted."""

    title: str
    day: date
    made_at: datetime
    note: str = ""
    snippet: ReviewSnippet = "short"
    planned_at: datetime | None = None
    missed: int = 0


def review_document(
    connection: Connection,
    facts: ReviewFacts,
    items: Sequence[DraftItem],
    masthead: Masthead,
) -> ReviewDocument:
    """The press review of these stories. Items that follow each other under
    one heading become a section; an article that is gone is left out.
    """
    entries = review_entries(connection, items, snippet=facts.snippet)
    there = [item for item in items if item.article_id in entries]
    sections = [
        ReviewSection(
            heading, tuple(entries[item.article_id] for item in group)
        )
        for heading, group in groupby(there, key=lambda item: item.heading)
    ]
    return ReviewDocument(
        title=facts.title,
        day=facts.day,
        made_at=facts.made_at,
        sections=tuple(sections),
        note=facts.note,
        office=masthead.office,
        logo=masthead.read_logo(),
        planned_at=facts.planned_at,
        missed=facts.missed,
        language=masthead.language,
        timezone=masthead.timezone,
    )


def review_entries(
    connection: Connection,
    items: Sequence[DraftItem],
    *,
    snippet: ReviewSnippet,
) -> dict[int, ReviewEntry]:
    """What is said of each story, by its article."""
    found = article_views.get_articles(
        connection, [item.article_id for item in items]
    )
    articles = {article.id: article for article in found}
    stories = [
        article.story_id for article in found if article.story_id is not None
    ]
    copies = article_views.outlets_of_stories(connection, stories)
    hits = hits_of(connection, items)
    entries = {}
    for item in items:
        article = articles.get(item.article_id)
        if article is None:
            continue
        others = tuple(
            Copy(outlet, url)
            for number, outlet, url in copies.get(article.story_id or 0, ())
            if number != article.id and outlet != article.provenance.outlet
        )
        entries[article.id] = _entry(
            article,
            item,
            hits.get(article.id),
            snippet=snippet,
            also_in=others,
        )
    return entries


def _entry(
    article: Article,
    item: DraftItem,
    match: Match | None,
    *,
    snippet: ReviewSnippet,
    also_in: tuple[Copy, ...],
) -> ReviewEntry:
    whole = snippet == "full" and article.provenance.license
    mode: Snippet = "sentence" if snippet == "full" else snippet
    return ReviewEntry(
        title=article.content.title,
        url=article.url,
        outlet=article.provenance.outlet,
        published_at=None
        if article.provenance.published_source == "first_seen"
        else article.provenance.published_at,
        authors=article.content.authors,
        agency=article.content.agency,
        snippet="" if whole else quoted(article, match, mode),
        paragraphs=tuple(clean_text(article.content.text).split("\n"))
        if whole
        else (),
        comment=item.comment,
        also_in=also_in,
        summary_only=article.content.summary_only,
    )


def quoted(article: Article, match: Match | None, mode: Snippet) -> str:
    """The sentence that hit, else the beginning; never the title again, never
    more than is allowed (§ 87g UrhG leaves very short extracts free).
    """
    if mode == "none":
        return ""
    found = snippet_for(article.content, match, mode).text if match else ""
    if found and found not in one_line(article.content.title):
        return found
    beginning = next((text for text in _beginnings(article) if text), "")
    limit = SHORT if mode == "short" else LONGEST_SENTENCE
    return shorten(Highlight(beginning, ()), limit).text


def _beginnings(article: Article) -> tuple[str, ...]:
    """The lead, else the first paragraph, else what the feed says, without
    line breaks.
    """
    texts = (
        article.content.lead,
        article.content.text.strip().partition("\n")[0],
        article.content.feed_text,
    )
    return tuple(one_line(text, len(text) + 1) for text in texts)
