"""What people say of a topic's hits, and what can be learnt of it. Nothing
here changes a topic, an alert or a mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from monitor.flow.requests.topic_draft import TopicDraft, words_of
from monitor.flow.requests.topic_narrowing import (
    NOTHING_LEARNT,
    Exclusions,
    JudgedStory,
    narrow_met,
    still_met,
    suggest_narrower,
)
from monitor.match.precision import Precision, precision_of, verdict_of
from monitor.match.topics import whole_query
from monitor.store.alerting import topic_renames
from monitor.store.alerting.stored_matches import topic_name
from monitor.store.desk import judgements
from monitor.store.engine import Database
from monitor.store.reading import article_views
from monitor.types.article import Article
from monitor.types.catalog import Catalog, Topic
from monitor.types.judgement import (
    JudgeableHit,
    Judgement,
    JudgementSource,
    Verdict,
)
from monitor.types.mail import JudgeClaim

PRECISION_DAYS = 30
LEARNT_DAYS = 90
"""So old judgements still say which words spoil a topic: they are few."""

MOST_LEARNT = 100
"""Stories, the newest: reading more would make the page slow."""

MOST_COPIES = 5
"""Hits of one story that are looked at."""

JUDGE_WITHIN = timedelta(days=90)
"""Links in mails have no end of their own. An older hit says nothing of the
topic as it is now.
"""

Answer = Literal["done", "unknown", "expired"]
Said = Verdict | Literal["none"]


@dataclass(frozen=True, slots=True)
class Judging:
    """A person's word on one hit. "none" takes it back."""

    topic_id: str
    article_id: int
    person: str
    said: Said
    source: JudgementSource


@dataclass(frozen=True, slots=True)
class JudgedHit:
    """A judgement with the hit that it is about."""

    judgement: Judgement
    title: str
    outlet: str
    url: str


@dataclass(frozen=True, slots=True)
class TopicJudgements:
    """A topic as its readers judge it. `precision` is that of the stories
    judged in the last 30 days, `now` that of those among them which the
    present query still meets, where it lost some.

    `narrow` is learnt from the stories judged in 90 days.
    """

    precision: Precision
    now: Precision | None = None
    narrow: Exclusions = NOTHING_LEARNT


@dataclass(frozen=True, slots=True)
class _Story:
    """One story with everybody's word, and the hit that was judged last."""

    story_id: int
    article_id: int
    right: bool
    judged_at: datetime


def judge(database: Database, judging: Judging, *, now: datetime) -> Answer:
    """Keep what a person says, in place of what they said before."""
    with database.write() as connection:
        return judge_within(connection, judging, now=now)


def judge_within(
    connection: Connection, judging: Judging, *, now: datetime
) -> Answer:
    """The same within a transaction."""
    topic_id = topic_renames.present_id(connection, judging.topic_id)
    hit = judgements.judgeable_hit(connection, topic_id, judging.article_id)
    if hit is None:
        return "unknown"
    if now - hit.found_at > JUDGE_WITHIN:
        return "expired"
    person = judging.person.casefold()
    if judging.said == "none":
        judgements.take_back_judgement(
            connection, topic_id, hit.story_id, person
        )
        return "done"
    judgements.save_judgement(
        connection,
        Judgement(
            topic_id=topic_id,
            story_id=hit.story_id,
            person=person,
            article_id=judging.article_id,
            is_right=judging.said == "right",
            source=judging.source,
            judged_at=now,
        ),
    )
    return "done"


@dataclass(frozen=True, slots=True)
class LinkedHit:
    """What a link of a mail is about: the topic's name, the hit, and what the
    reader says of it.
    """

    topic: str
    hit: JudgeableHit
    said: Said


def find_judgeable(
    connection: Connection, claim: JudgeClaim, *, now: datetime
) -> LinkedHit | None:
    """The hit of a link; None where there is none any more, or where it is too
    old.
    """
    topic_id = topic_renames.present_id(connection, claim.topic_id)
    hit = judgements.judgeable_hit(connection, topic_id, claim.article_id)
    if hit is None or now - hit.found_at > JUDGE_WITHIN:
        return None
    said = judgements.judgements_by(
        connection, claim.recipient.casefold(), [hit.story_id]
    )
    mine = [each for each in said if each.topic_id == topic_id]
    name = topic_name(connection, topic_id) or topic_id
    return LinkedHit(name, hit, _word(mine[0].is_right) if mine else "none")


def _word(is_right: bool) -> Verdict:
    return "right" if is_right else "wrong"


def read_verdicts(
    database: Database, person: str, story_ids: Collection[int]
) -> Mapping[tuple[str, int], Verdict]:
    """What the person said, by topic and story."""
    with database.read() as connection:
        said = judgements.judgements_by(
            connection, person.casefold(), story_ids
        )
    return {
        (each.topic_id, each.story_id): _word(each.is_right) for each in said
    }


def list_judgements(
    database: Database, topic_id: str, *, since: datetime
) -> tuple[JudgedHit, ...]:
    """Everybody's judgements of a topic with their hits, the newest first."""
    with database.read() as connection:
        said = judgements.judgements_of_topic(
            connection, topic_id, since=since
        )
        articles = _articles(connection, {each.article_id for each in said})
    return tuple(
        _judged_hit(each, articles)
        for each in said
        if each.article_id in articles
    )


def _judged_hit(
    judgement: Judgement, articles: Mapping[int, Article]
) -> JudgedHit:
    article = articles[judgement.article_id]
    return JudgedHit(
        judgement,
        article.content.title,
        article.provenance.outlet,
        article.url,
    )


def precision_since(
    connection: Connection, since: datetime
) -> dict[str, Precision]:
    """The precision of every topic that was judged since then."""
    said: dict[str, list[Judgement]] = defaultdict(list)
    for each in judgements.judgements_since(connection, since):
        said[each.topic_id].append(each)
    return {
        topic_id: _precision(_stories(each)) for topic_id, each in said.items()
    }


def study_judgements(
    database: Database, topic_id: str, catalog: Catalog, *, now: datetime
) -> TopicJudgements:
    """What the judgements of a topic say. Of one that the catalog lacks, no
    query is known.
    """
    topic = next(
        (each for each in catalog.topics if each.id == topic_id), None
    )
    since = now - timedelta(days=PRECISION_DAYS)
    with database.read() as connection:
        stories = _learnt(connection, topic_id, now=now)
        recent = [each for each in stories if each.judged_at >= since]
        if topic is None:
            return TopicJudgements(_precision(recent))
        judged = _with_articles(connection, topic_id, stories[:MOST_LEARNT])
    tree = whole_query(topic)[0]
    if tree is None:
        return TopicJudgements(_precision(recent))
    met = still_met(tree, list(judged.values()))
    ids = {each.article.id for each in met}
    left = [each for each in recent if each.article_id in ids]
    read = [story.article for story in judged.values()]
    # Whose text was deleted after its retention is met no more, whatever the
    # query.
    is_whole = len(recent) <= MOST_LEARNT and not any(
        article.state.text_deleted_at for article in read
    )
    return TopicJudgements(
        precision=_precision(recent),
        now=_precision(left) if is_whole and len(left) < len(recent) else None,
        narrow=narrow_met(
            words_of(topic), tree, met, catalog=catalog, base=topic
        ),
    )


def suggest_exclusions(
    database: Database,
    draft: TopicDraft,
    *,
    catalog: Catalog,
    base: Topic | None,
    now: datetime,
) -> Exclusions:
    """What would narrow a draft of a topic that was judged already."""
    if base is None:
        return NOTHING_LEARNT
    with database.read() as connection:
        stories = _learnt(connection, base.id, now=now)[:MOST_LEARNT]
        judged = _with_articles(connection, base.id, stories)
    return suggest_narrower(
        draft, list(judged.values()), catalog=catalog, base=base
    )


def _learnt(
    connection: Connection, topic_id: str, *, now: datetime
) -> list[_Story]:
    since = now - timedelta(days=LEARNT_DAYS)
    return _stories(
        judgements.judgements_of_topic(connection, topic_id, since=since)
    )


def _stories(said: Sequence[Judgement]) -> list[_Story]:
    """Each story once, the one judged last first; `said` has the newest first."""
    by_story: dict[int, list[Judgement]] = defaultdict(list)
    for each in said:
        by_story[each.story_id].append(each)
    return [
        _Story(
            story_id,
            words[0].article_id,
            verdict_of([each.is_right for each in words]),
            words[0].judged_at,
        )
        for story_id, words in by_story.items()
    ]


def _precision(stories: Sequence[_Story]) -> Precision:
    return precision_of([each.right for each in stories])


def _with_articles(
    connection: Connection, topic_id: str, stories: Sequence[_Story]
) -> dict[int, JudgedStory]:
    hits = judgements.hits_in_stories(
        connection, topic_id, [each.story_id for each in stories]
    )
    wanted = {each.article_id for each in stories}
    wanted.update(
        number for numbers in hits.values() for number in numbers[:MOST_COPIES]
    )
    articles = _articles(connection, wanted)
    found = {}
    for each in stories:
        if each.article_id in articles:
            others = [
                n for n in hits.get(each.story_id, ()) if n != each.article_id
            ]
            copies = tuple(
                articles[number] for number in others if number in articles
            )
            found[each.story_id] = JudgedStory(
                articles[each.article_id], each.right, copies
            )
    return found


def _articles(
    connection: Connection, ids: Collection[int]
) -> dict[int, Article]:
    return {
        each.id: each for each in article_views.get_articles(connection, ids)
    }
