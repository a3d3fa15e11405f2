"""Three weeks of made-up coverage, and the records of running it: enough of
everything that a panel counts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from monitor.types.article import Article, TopicHits
from monitor.types.operations import OperationRecord
from tests.index.corpus import article

END = datetime(2025, 3, 22, tzinfo=UTC)
WEEK = timedelta(days=7)
OUTLETS = (
    "Abendblatt",
    "Bote",
    "Kurier",
    "Morgenpost",
    "Rundfunk",
    "Tagesspiegel",
)
TOPICS = (
    ("ukraine", "Ukraine"),
    ("herford", "Kreis Herford"),
    ("wohnen", "Wohnen & Miete"),
)
KINDS = ("article", "article", "article", "summary", "paywall")
WORDS = (
    "Rat",
    "Haushalt",
    "Schule",
    "Straße",
    "Verkehr",
    "Wetter",
    "Sport",
    "Theater",
    "Markt",
    "Ernte",
)
PLANTED = "Deichgraf"
"""A word that only articles of the first topic have."""


def coverage(size: int = 420) -> list[Article]:
    """About four hundred articles; some hit no topic, some two."""
    random = Random(5)
    found = []
    for number in range(1, size + 1):
        outlet = random.choice(OUTLETS)
        seen = END - timedelta(minutes=random.randrange(1, 21 * 24 * 60))
        hits = tuple(
            TopicHits(*topic, 2, random.randrange(2))
            for topic in TOPICS
            if random.random() < 0.4
        )
        planted = (
            f" {PLANTED}!"
            if any(hit.topic_id == "ukraine" for hit in hits)
            else ""
        )
        words = " ".join(random.sample(WORDS, 5))
        found.append(
            article(
                number,
                outlet=outlet,
                feed_id=outlet.lower(),
                feeds=(outlet.lower(),),
                title=f"Nachricht {number}",
                text=f"{words}, heißt es am Tag {number}.{planted}",
                region=random.choice(("Niedersachsen", "Bayern", None)),
                agency=random.choice(("dpa", "epd", None)),
                priority=random.randrange(1, 6),
                kind=random.choice(KINDS),
                story_id=random.randrange(1, 30),
                published_at=seen,
                first_seen_at=seen,
                topics=hits,
            )
        )
    return found


def running() -> list[OperationRecord]:
    """Polls, mails, counts and feeds of the same weeks."""
    random = Random(6)
    found = []
    for number in range(1, 601):
        at = END - timedelta(minutes=random.randrange(1, 21 * 24 * 60))
        feed = random.choice(OUTLETS).lower()
        outcome, status = random.choice(
            (
                ("new", 200),
                ("not_modified", 304),
                ("unchanged", 200),
                ("gone", 410),
                ("timeout", None),
            )
        )
        found.append(
            OperationRecord(
                f"poll-{number}",
                "poll",
                at,
                feed_id=feed,
                outcome=outcome,
                status=status,
                seconds=0.5,
                new_items=random.randrange(9) if outcome == "new" else 0,
            )
        )
        found.append(
            OperationRecord(
                f"article-{number}",
                "article",
                at,
                feed_id=feed,
                found_after_minutes=random.randrange(1, 240) / 2,
            )
        )
        if number % 4 == 0:
            state = random.choice(("sent", "sent", "sent", "dead", "unknown"))
            found.append(
                OperationRecord(
                    f"delivery-{number}",
                    "delivery",
                    at,
                    outcome=state,
                    mail="digest",
                )
            )
        if number % 10 == 0:
            step = random.choice(("poll", "read", "publish"))
            outcome = random.choice(("well", "failed"))
            found.append(
                OperationRecord(
                    f"outcome-{number}",
                    "outcome",
                    at,
                    step=step,
                    outcome=outcome,
                    items=number,
                )
            )
    now = END - timedelta(minutes=1)
    found += [
        OperationRecord(
            f"feed-{outlet.lower()}",
            "feed",
            now,
            feed_id=outlet.lower(),
            age_hours=number + 0.5,
            failures=number,
            last_success_at=now - timedelta(hours=number),
            articles_day=number * 2,
            articles_usual=3.5,
        )
        for number, outlet in enumerate(OUTLETS)
    ]
    return found
