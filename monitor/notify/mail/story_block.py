"""One story as a mail shows it: made from an article and its match, ordered,
and worded. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from monitor.language.hygiene import clean_text, one_line, safe_url
from monitor.language.wording import ReaderWording
from monitor.notify.mail.mail_page import Link, StoryBlock, TextRun
from monitor.notify.mail.snippet import (
    LONGEST_SENTENCE,
    feed_title_for,
    shorten,
    snippet_for,
)
from monitor.types.article import Article
from monitor.types.catalog import Snippet
from monitor.types.mail import Copy, StoryView
from monitor.types.match import ClauseHits, Match, Place
from monitor.types.output import Highlight

Extent = Literal["full", "short", "lean"]

_TITLE = 300  # characters
_NAME = 80
_AUTHORS = 4
_OUTLETS = 12  # of "also in"
_TOLD_PLACES: tuple[Place, ...] = ("title", "feed_title", "feed_text")
_CLAUSES = 6
_CLAUSE = 80
_FULL_TEXT = 20_000


def view_story(
    article: Article,
    match: Match,
    *,
    snippet: Snippet,
    also_in: tuple[Copy, ...] = (),
    changed: bool = False,
) -> StoryView:
    """What a mail needs of an article.

    The full text is taken along only where its feed has a licence for it.
    """
    return StoryView(
        title=article.content.title,
        url=article.url,
        outlet=article.provenance.outlet,
        found_at=article.provenance.first_seen_at,
        match=match,
        published_at=None
        if article.provenance.published_source == "first_seen"
        else article.provenance.published_at,
        snippet=snippet_for(article.content, match, snippet),
        feed_title=feed_title_for(article.content, match, snippet),
        authors=article.content.authors,
        agency=article.content.agency,
        also_in=also_in,
        priority=article.provenance.priority,
        changed=changed,
        summary_only=article.content.summary_only,
        full_text=article.content.text if article.provenance.license else "",
        article_id=article.id,
    )


def by_importance(stories: Iterable[StoryView]) -> tuple[StoryView, ...]:
    """The most important first: outlet priority, hits in the title, copies,
    then the newest. Ties by address.
    """
    return tuple(
        sorted(
            stories,
            key=lambda s: (
                s.priority,
                -s.match.title_hits,
                -s.articles,
                -(s.published_at or s.found_at).timestamp(),
                s.url,
            ),
        )
    )


def reason_line(match: Match, wording: ReaderWording) -> str:
    """Which clauses hit how often and where: "Ukraine* ×5, davon Titel 1, Text
    im Feed 1 · Selenskyj ×2".
    """
    reasons = []
    for clause in match.clauses[:_CLAUSES]:
        reason = f"{one_line(clause.clause, _CLAUSE)} ×{wording.number(len(clause.spans))}"
        reasons.append(", ".join((reason, *_places(clause, wording))))
    if len(match.clauses) > _CLAUSES:
        reasons.append(
            wording.count("more_clauses", len(match.clauses) - _CLAUSES)
        )
    return " · ".join(reasons)


def _places(clause: ClauseHits, wording: ReaderWording) -> tuple[str, ...]:
    """Where it hit, as far as that is not the text: nothing, or one phrase."""
    hits = {place: clause.at(place) for place in _TOLD_PLACES}
    found = [
        wording.say(f"in_{place}", n=wording.number(n))
        for place, n in hits.items()
        if n
    ]
    return (wording.say("hit_in", places=", ".join(found)),) if found else ()


@dataclass(frozen=True, slots=True)
class StoryPlaces:
    """Where a story can be read and judged: where our page shows an article,
    without its number, and where each article is judged, without the verdict.
    """

    articles: str = ""
    judge: Mapping[int, str] = field(default_factory=dict)


def story_block(
    story: StoryView,
    wording: ReaderWording,
    *,
    places: StoryPlaces = StoryPlaces(),
    extent: Extent = "full",
) -> StoryBlock:
    """The worded story. Where only a title hit, the words are marked there and
    no snippet repeats it. A feed's title that hit has its own line.

    `extent`: with the full text where there is one; without; and without links
    to the copies and to judgements.
    """
    title = headline(story)
    feed_title = _pieces(story.feed_title)
    marked = _pieces(shorten(story.snippet, LONGEST_SENTENCE))
    in_title = "".join(piece.text for piece in marked) == title
    outlets = _others(story)
    judge = safe_url(places.judge.get(story.article_id, ""))
    paragraphs = _paragraphs(story) if extent == "full" else ()
    others = outlets[:_OUTLETS]
    if extent == "lean":
        judge = ""
        others = tuple(Link(outlet.text) for outlet in others)
    further = len(outlets) - len(others)
    return StoryBlock(
        headline=marked if in_title else (TextRun(title),),
        url=safe_url(story.url) or "",
        outlet=one_line(story.outlet, _NAME),
        details=_details(story, wording),
        flags=_flags(story, wording),
        feed_title=feed_title,
        snippet=()
        if in_title or paragraphs or marked == feed_title
        else marked,
        paragraphs=paragraphs,
        why=reason_line(story.match, wording),
        also_in=others,
        also_more=wording.count("more_outlets", further) if further else "",
        page=_page_of(story, places),
        fits=f"{judge}right" if judge else "",
        fits_not=f"{judge}wrong" if judge else "",
    )


def _paragraphs(story: StoryView) -> tuple[str, ...]:
    if not story.full_text:
        return ()
    return tuple(clean_text(story.full_text, _FULL_TEXT).split("\n"))


def _page_of(story: StoryView, places: StoryPlaces) -> str:
    shown = places.articles and story.article_id
    return f"{places.articles}{story.article_id}" if shown else ""


def headline(story: StoryView) -> str:
    """The title as one line; the address where there is no title."""
    title = one_line(story.title, _TITLE) or one_line(story.url, _TITLE)
    return title or one_line(story.outlet, _NAME) or "–"


def _details(story: StoryView, wording: ReaderWording) -> tuple[str, ...]:
    published = story.published_at
    details = [wording.say("undated")]
    if published:
        details = [wording.say("published", moment=wording.moment(published))]
    details.append(
        wording.say(
            "found", moment=wording.moment_beside(story.found_at, published)
        )
    )
    authors = [one_line(author, _NAME) for author in story.authors[:_AUTHORS]]
    if any(authors):
        more = " …" if len(story.authors) > _AUTHORS else ""
        details.append(
            wording.say(
                "by", authors=", ".join(a for a in authors if a) + more
            )
        )
    if story.agency:
        details.append(
            wording.say("agency", agency=one_line(story.agency, _NAME))
        )
    return tuple(details)


def _flags(story: StoryView, wording: ReaderWording) -> tuple[str, ...]:
    flags = (
        ("flag_changed", story.changed),
        ("flag_summary", story.summary_only),
        ("flag_undated", story.published_at is None),
    )
    return tuple(wording.say(key) for key, is_set in flags if is_set)


def _others(story: StoryView) -> tuple[Link, ...]:
    """Each other outlet once, in the order given, with its first address."""
    outlets: dict[str, str] = {}
    for copy in story.also_in:
        name = one_line(copy.outlet, _NAME)
        if name:
            outlets.setdefault(name, safe_url(copy.url) or "")
    return tuple(Link(name, url) for name, url in outlets.items())


def _pieces(snippet: Highlight) -> tuple[TextRun, ...]:
    """Plain and marked runs, by turns. Marks beyond the text or out of order
    are ignored.
    """
    pieces: list[TextRun] = []
    done = 0
    for start, end in snippet.marks:
        if done <= start < end <= len(snippet.text):
            pieces.append(TextRun(_visible(snippet.text[done:start])))
            pieces.append(
                TextRun(_visible(snippet.text[start:end]), marked=True)
            )
            done = end
    pieces.append(TextRun(_visible(snippet.text[done:])))
    return tuple(piece for piece in pieces if piece.text)


def _visible(run: str) -> str:
    """`one_line` of a piece of a line: the space at either end belongs to the
    sentence and stays.
    """
    shown = one_line(run, len(run) + 1)
    before = " " if run[:1].isspace() else ""
    after = " " if run[-1:].isspace() and shown else ""
    return before + shown + after
