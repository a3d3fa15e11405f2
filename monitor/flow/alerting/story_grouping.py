"""place(article): candidates > likeness > a story, within the transaction that
matches it. Grouping delays no alert.

What one process compares with is a window of 72 hours in memory, filled from
the store at the start and kept up to date with what other daemons sorted. An
article joins the story of the text that it is most alike. Stories are never
merged: where a later text is a copy of two of them it joins the one that is
more alike, and nobody is told again.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Connection

from monitor.identify.near import (
    WINDOW,
    NearWindow,
    Prints,
    are_two_of_one_frame,
    nearest,
    take_prints,
    told_apart,
)
from monitor.identify.urls import normalize_url
from monitor.ports import Clock
from monitor.store.alerting import stories
from monitor.store.alerting.stories import StoryText
from monitor.store.engine import Database
from monitor.types.article import Article, Content

log = structlog.get_logger("monitor.story")
AT_ONCE = 500
REMEMBERED = 500
"""Prints that are kept between two questions for them: those of the last
hours' big stories.
"""
MOST_MEMBERS_TO_INDEX = 50


class Grouper:
    """Sorts articles into stories, in the order that the module's first line
    says.

    For one thread at a time.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._window = NearWindow()
        self._place = 0  # everything sorted up to here is in the window
        self._mine = 0  # the place that the running transaction took
        self._prints: dict[int, Prints] = {}

    def catch_up(self) -> int:
        """Fill the window outside of any writing transaction; returns how many
        articles it took in.
        """
        with self._database.read() as connection:
            taken = self._absorb(connection, stories.last_place(connection))
        if taken >= AT_ONCE:
            log.info("stories", outcome="window_filled", articles=taken)
        return taken

    def begin(self, connection: Connection) -> None:
        """Start sorting in this transaction; what others sorted meanwhile is
        taken in.
        """
        now = self._clock.now()
        self._mine = stories.take_place(connection, now=now)
        self._absorb(connection, self._mine - 1)
        self._window.forget(before=now - WINDOW)

    def end(self) -> None:
        """The transaction was committed."""
        self._place = self._mine

    def place(
        self, connection: Connection, article: Article, *, now: datetime
    ) -> tuple[int, tuple[int, ...]]:
        """The article's story, and the articles whose story grew by it.

        An article that stands with others already stays where it is, whatever
        it says now.
        """
        prints = _prints(article.content, feed_id=article.provenance.feed_id)
        own = article.story_id or 0
        story, touched = own, tuple[int, ...]()
        if stories.stands_alone(connection, own):
            found = self._find(connection, article, prints, now=now)
            if found is not None and found != own:
                touched = stories.join_story(
                    connection, article.id, left=own, joined=found, now=now
                )
                story = found
        stories.mark_sorted(connection, article.id, place=self._mine)
        self._keep(
            article.id, prints, seen_at=article.provenance.first_seen_at
        )
        return story, touched[:MOST_MEMBERS_TO_INDEX]

    def _find(
        self,
        connection: Connection,
        article: Article,
        prints: Prints,
        *,
        now: datetime,
    ) -> int | None:
        since = now - WINDOW
        if article.provenance.canonical_url:
            original = stories.at_address(
                connection,
                normalize_url(article.provenance.canonical_url) or "",
                since=since,
            )
            if original is not None and _is_original(
                original, article, prints
            ):
                return original.story_id
        near = [
            number
            for number in self._window.candidates(prints)
            if number != article.id
        ]
        recent = {
            one.id: one.story_id
            for one in stories.placed(connection, near)
            if one.first_seen_at >= since
        }
        told = {
            number: found
            for number in near
            if number in recent
            and (found := self._prints_of(connection, number))
        }
        barred = {
            recent[number]
            for number, other in told.items()
            if are_two_of_one_frame(prints, other)
        }
        open_to = [number for number in told if recent[number] not in barred]
        best = nearest(prints, open_to, told.get)
        return recent[best[0]] if best else None

    def _prints_of(
        self, connection: Connection, article_id: int
    ) -> Prints | None:
        known = self._prints.get(article_id)
        if known is not None:
            return known
        text = stories.story_text(connection, article_id)
        return self._remember(article_id, _prints_of(text)) if text else None

    def _absorb(self, connection: Connection, upto: int) -> int:
        taken, after = 0, 0
        since = self._clock.now() - WINDOW
        while upto > self._place:
            batch = stories.sorted_after(
                connection,
                self._place,
                since=since,
                after_id=after,
                limit=AT_ONCE,
            )
            for text in batch:
                self._keep(
                    text.id, _prints_of(text), seen_at=text.first_seen_at
                )
            taken += len(batch)
            if len(batch) < AT_ONCE:
                self._place = upto
                break
            after = batch[-1].id
        return taken

    def _keep(
        self, article_id: int, prints: Prints, *, seen_at: datetime
    ) -> None:
        self._window.add(article_id, prints, seen_at=seen_at)
        self._remember(article_id, prints)

    def _remember(self, article_id: int, prints: Prints) -> Prints:
        self._prints.pop(article_id, None)
        self._prints[article_id] = prints
        if len(self._prints) > REMEMBERED:
            del self._prints[next(iter(self._prints))]
        return prints


def _is_original(
    original: StoryText, article: Article, prints: Prints
) -> bool:
    """A page names another as its original; of one feed's own, warnings name
    the page of all warnings.
    """
    if original.id == article.id:
        return False
    return original.feed_id != article.provenance.feed_id or not told_apart(
        prints, _prints_of(original)
    )


def _prints_of(said: StoryText) -> Prints:
    return _prints(said, feed_id=said.feed_id)


def _prints(said: StoryText | Content, *, feed_id: str) -> Prints:
    """By what the page and the feed say: the page of all warnings has one
    title for each of them, and one text.
    """
    title = said.feed_title.partition("\n")[0] or said.title
    text = f"{said.text}\n{said.feed_text}".strip()
    return take_prints(title, said.lead, text, feed_id=feed_id)
