"""press_review(schedule): its time has come > stories not told yet > files >
one transaction: the archive, a mail to each reader, and the time done with.

A time that was missed is made up for once, late, and says so. Stories are told
from a list, so a crash at any moment loses none and tells none twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from monitor.errors import IndexingError
from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.press_review.issuing import (
    Readers,
    entries_of,
    keep_issue,
    mail_issue,
)
from monitor.flow.press_review.review_content import (
    Masthead,
    ReviewFacts,
    review_document,
)
from monitor.flow.press_review.review_search import find_untold
from monitor.flow.reload import LoadedCatalog
from monitor.flow.steps.compose import CATCH_UP_LONGEST
from monitor.ports import Clock, Index
from monitor.press_review.files import make_files
from monitor.schedule.pacing import count_times, last_time
from monitor.store.desk import review_schedules
from monitor.store.desk.review_archive import NewIssue
from monitor.store.desk.review_choice import known_articles
from monitor.store.desk.review_schedules import Progress, UntoldStory
from monitor.store.engine import Database
from monitor.store.running import outage
from monitor.types.catalog import ScheduledReview
from monitor.types.press_review import (
    REVIEW_FORMATS,
    DraftItem,
    ReviewDocument,
)

log = structlog.get_logger("monitor.press_review")
LATE = timedelta(minutes=15)
"""Somebody who reads at seven takes a quarter of an hour for punctual."""
MOST_IN_ISSUE = 200
"""Of one issue; what is left is in the next one."""
MOST_MISSED = 400  # counted times
NO_TOPIC = ""
"""Stands for the topic of stories that a query found."""


@dataclass(frozen=True, slots=True)
class _DueIssue:
    """An issue whose time has come, with all that it says."""

    review: ScheduledReview
    progress: Progress
    time: datetime
    document: ReviewDocument
    items: tuple[DraftItem, ...]
    more: int

    @property
    def new(self) -> NewIssue:
        """What the archive keeps of it."""
        return NewIssue(
            key=f"schedule:{self.review.id}:{self.time.isoformat()}",
            title=self.document.title,
            day=self.document.day,
            schedule_id=self.review.id,
            planned_at=self.document.planned_at,
            missed=self.document.missed,
        )


class PressReviewer:
    """Makes scheduled press reviews, in the order that the module's first line
    says.
    """

    def __init__(
        self,
        *,
        database: Database,
        index: Index,
        clock: Clock,
        loaded_catalog: Callable[[], LoadedCatalog],
        mail: MailKit,
        masthead: Masthead,
        people: bool = True,
    ) -> None:
        """`people` false: issues are kept in the archive, nobody is mailed."""
        self._database = database
        self._clock = clock
        self._loaded_catalog = loaded_catalog
        self._index = index
        self._kit, self._masthead, self._people = mail, masthead, people

    def issue_due(self) -> int:
        """Make every press review whose time has come; returns how many."""
        loaded = self._loaded_catalog()
        return sum(
            self._try_issue(loaded, review)
            for review in loaded.catalog.press_reviews
        )

    def _try_issue(
        self, loaded: LoadedCatalog, review: ScheduledReview
    ) -> bool:
        try:
            return self._issue(loaded, review)
        except IndexingError as error:  # it comes late, and says so
            log.warning(
                "press_review",
                schedule=review.id,
                outcome="index_away",
                problem=str(error),
            )
            return False
        # one review must not hold back the others; it is tried again
        except Exception as error:
            log.error("broken", press_review=review.id, exc_info=error)
            return False

    def _issue(self, loaded: LoadedCatalog, review: ScheduledReview) -> bool:
        now = self._clock.now()
        time = last_time(review.schedule, now=now)
        if time is None:
            return False
        progress = self._progress(review, time)
        if progress.done_until >= time or self._is_catching_up(now):
            return False
        due = self._read(loaded, review, progress, time)
        files = make_files(due.document, REVIEW_FORMATS)
        with self._database.write() as connection:
            if not review_schedules.finish_time(
                connection, review.id, before=progress.done_until, until=time
            ):
                return False
            entries = entries_of(due.document, due.items)
            issue = keep_issue(
                connection, due.new, entries=entries, files=files, now=now
            )
            if issue is None:
                return False
            if self._people:
                readers = Readers(
                    review.recipients, review.formats, review.id, due.more
                )
                mail_issue(connection, self._kit, issue, readers, now=now)
        return True

    def _progress(self, review: ScheduledReview, time: datetime) -> Progress:
        """How far it is; read first, so that a quiet tick writes nothing."""
        cron = f"{review.schedule.cron} {review.schedule.timezone}"
        with self._database.read() as connection:
            known = review_schedules.get_progress(connection, review.id)
        if known is not None and known.cron == cron:
            return known
        with self._database.write() as connection:
            return review_schedules.begin_schedule(
                connection, review.id, cron=cron, since=time
            )

    def _is_catching_up(self, now: datetime) -> bool:
        """Whether what came during an outage is still being read; that is
        waited for a while.
        """
        with self._database.read() as connection:
            stood_still = outage.current_outage(connection)
            if (
                stood_still is None
                or now - stood_still.until >= CATCH_UP_LONGEST
            ):
                return False
            return outage.backlog(connection, stood_still, now=now) > 0

    def _read(
        self,
        loaded: LoadedCatalog,
        review: ScheduledReview,
        progress: Progress,
        time: datetime,
    ) -> _DueIssue:
        now = self._clock.now()
        names = {topic.id: topic.name for topic in loaded.catalog.topics}
        late = now - time > LATE
        missed = count_times(
            review.schedule,
            after=progress.done_until,
            before=time,
            most=MOST_MISSED,
        )
        facts = ReviewFacts(
            title=review.name,
            day=now.astimezone(ZoneInfo(review.schedule.timezone)).date(),
            made_at=now,
            snippet=review.snippet,
            planned_at=time if late or missed else None,
            missed=missed,
        )
        with self._database.read() as connection:
            chosen = self._choose(connection, review, progress, names)
            there = known_articles(
                connection, [story.article_id for story in chosen]
            )
            items = tuple(
                _item(story, names)
                for story in chosen[:MOST_IN_ISSUE]
                if story.article_id in there
            )
            document = review_document(
                connection, facts, items, self._masthead
            )
        more = max(0, len(chosen) - MOST_IN_ISSUE)
        return _DueIssue(review, progress, time, document, items, more)

    def _choose(
        self,
        connection: Connection,
        review: ScheduledReview,
        progress: Progress,
        names: Mapping[str, str],
    ) -> tuple[UntoldStory, ...]:
        most = {"full": MOST_IN_ISSUE, "limit": 10 * MOST_IN_ISSUE}
        if review.query is not None:
            found = find_untold(
                self._index, connection, review, progress, **most
            )
            return choose(found, [NO_TOPIC])
        topics = [
            topic
            for topic in (review.topics or tuple(names))
            if topic in names
        ]
        untold = review_schedules.untold_stories(
            connection, review.id, topics, progress, **most
        )
        return choose(untold, topics)


def _item(story: UntoldStory, names: Mapping[str, str]) -> DraftItem:
    if story.topic_id == NO_TOPIC:
        return DraftItem(story.article_id)
    return DraftItem(
        story.article_id, names[story.topic_id], topic_id=story.topic_id
    )


def choose(
    untold: Sequence[UntoldStory], topics: Sequence[str]
) -> tuple[UntoldStory, ...]:
    """Each story once, under the first topic that it met, in the order of
    topics; then the most important outlets, the stories with the most copies,
    the oldest. Pure.
    """
    places = {topic: place for place, topic in enumerate(topics)}
    ranked = sorted(
        untold,
        key=lambda story: (
            places[story.topic_id],
            story.priority,
            -story.copies,
            story.found_at,
            story.story_id,
        ),
    )
    first: dict[int, UntoldStory] = {}
    for story in ranked:
        first.setdefault(story.story_id, story)
    return tuple(first.values())
