"""A whole installation with made-up articles: feeds.yaml, database, topics,
verdicts, alerts, polls.

The articles are those of `benchmarks.search`, spread over the last 100 days,
two to a story. What a program would have stored is stored here in bulk;
verdicts come from the real matcher.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from benchmarks.search import articles
from monitor.flow.reload import ReloadedCatalog
from monitor.flow.steps.match import match_text
from monitor.match.topics import CompiledTopics
from monitor.store import tables
from monitor.store.engine import Database
from monitor.types.article import Article
from monitor.types.match import Match
from tests.fakes import SetClock

FEEDS = 100
DAYS = 100
POLLS_OF_FEED = 700  # a month of one every hour
BATCH = 2_000
RECIPIENT = "anna@example.org"
READ = "2026.1"

TOPICS = """
  - {name: Ukraine, any: ['Ukraine*', 'Selenskyj*'], recipients: [anna], mode: immediate}
  - {name: Kreis Herford, any: ['Herford*', '"Kreis Herford"'], recipients: [anna]}
  - {name: Haushalt, any: ['Haushalt*'], recipients: [anna]}
  - {name: Bürgermeister, any: ['Bürgermeister*'], recipients: [anna]}
  - {name: Bielefeld, any: ['Bielefeld*'], recipients: [anna]}
  - {name: Köln, any: ['Köln*'], recipients: [anna]}
  - {name: Wasserkraft, query: 'Wasserkraft* AND NOT Trump', recipients: [anna]}
  - {name: Schulamt, any: ['Schulamt*', 'Schulämt*'], recipients: [anna]}
"""


def feeds_yaml(port: int) -> str:
    """Feeds on addresses of their own, so that none waits for another's pause."""
    rows = [
        f"  - {{id: feed-{number}, title: Feed {number}, outlet: 'outlet-{number % 60:02}',"
        f" region: owl, url: 'http://127.77.0.{number + 1}:{port}/feed'}}"
        for number in range(FEEDS)
    ]
    people = f"recipients: [{{name: anna, email: {RECIPIENT}}}]"
    return "\n".join([people, "topics:" + TOPICS, "feeds:", *rows]) + "\n"


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in force while the archive is filled."""

    topics: CompiledTopics
    topic_set: int
    count: int
    now: datetime


def fill_archive(
    database: Database, feeds_file: Path, count: int, *, now: datetime
) -> None:
    """Make `count` articles, and what became of them."""
    database.migrate()
    live = ReloadedCatalog(
        feeds_file, database=database, clock=SetClock(now), spread=timedelta(0)
    )
    filled = Filled(live.current.topics, live.current.topic_set, count, now)
    stream = articles(count)
    while batch := list(itertools.islice(stream, BATCH)):
        recent = [_of_these_days(article, filled) for article in batch]
        with database.write() as connection:
            _store(connection, recent, filled)
    with database.write() as connection:
        _insert(connection, tables.polls, _polls(now))
        _settle(connection, now)


def _of_these_days(article: Article, filled: Filled) -> Article:
    """The article, at a time in the order of its number."""
    back = timedelta(days=DAYS) * (1 - article.id / filled.count)
    when = filled.now - back
    feed = f"feed-{article.id % FEEDS}"
    provenance = replace(
        article.provenance, first_seen_at=when, published_at=when, feed_id=feed
    )
    return replace(
        article,
        id=article.id + 1,
        story_id=(article.story_id or 0) + 1,
        provenance=provenance,
        url=f"http://127.77.0.{article.id % FEEDS + 1}/{article.id}",
    )


def _store(
    connection: Connection, batch: Sequence[Article], filled: Filled
) -> None:
    stories = {article.story_id: _story(article) for article in batch}
    _insert(connection, tables.stories, stories.values())
    _insert(
        connection, tables.articles, (_article(each, filled) for each in batch)
    )
    _insert(
        connection, tables.article_versions, (_version(each) for each in batch)
    )
    _insert(connection, tables.entries, (_entry(each) for each in batch))
    found = [
        (each, match)
        for each in batch
        for match in filled.topics.match(match_text(each))
    ]
    first = 8 * batch[0].id
    numbered = list(enumerate(found, first))
    _insert(
        connection, tables.matches, (_match(n, *pair) for n, pair in numbered)
    )
    alerts = {
        (match.topic_id, each.story_id): (n, each, match)
        for n, (each, match) in numbered
    }
    _insert(
        connection,
        tables.deliveries,
        (_delivery(*each) for each in alerts.values()),
    )
    _insert(
        connection, tables.alerts, (_alert(*each) for each in alerts.values())
    )


def _insert(connection: Connection, table: Table, rows: Any) -> None:
    made = list(rows)
    if made:
        connection.execute(insert(table), made)


def _story(article: Article) -> dict[str, object]:
    when = article.provenance.first_seen_at
    return {
        "id": article.story_id,
        "created_at": when,
        "last_at": when,
        "copies": 2,
    }


def _article(article: Article, filled: Filled) -> dict[str, object]:
    same = (
        "id",
        "url",
        "doc_id",
        "feed_id",
        "story_id",
        "first_seen_at",
        "published_at",
    )
    told = ("title", "lead", "text", "published_source", "word_count")
    facts = article.facts()
    return {name: facts[name] for name in same + told} | {
        "host": "example.org",
        "version": 1,
        "authors": [],
        "cites": [],
        "language": "de",
        "kind": "article",
        "quality": 0.9,
        "silent": False,
        "read_state": "done",
        "last_read_at": article.provenance.first_seen_at,
        "page_outcome": "article",
        "matched_version": 1,
        "matched_topic_set": filled.topic_set,
        "grouped": article.id,
        "index_name": f"articles-{article.provenance.first_seen_at:%Y-%m}",
    }


def _version(article: Article) -> dict[str, object]:
    return {
        "article_id": article.id,
        "version": 1,
        "created_at": article.provenance.first_seen_at,
        "title": article.content.title,
        "lead": article.content.lead,
        "text": article.content.text,
        "kind": "article",
        "text_hash": f"{article.id:064x}",
        "extractor": READ,
    }


def _entry(article: Article) -> dict[str, object]:
    return {
        "id": article.id,
        "feed_id": article.provenance.feed_id,
        "article_id": article.id,
        "url": article.url,
        "title": article.content.title,
        "summary": article.content.lead,
        "content": "",
        "authors": [],
        "categories": [],
        "published_at": article.provenance.published_at,
        "published_reason": "rfc822",
        "content_hash": f"{article.id:064x}",
        "identity_version": 1,
        "first_seen_at": article.provenance.first_seen_at,
        "last_seen_at": article.provenance.first_seen_at,
        "silent": False,
    }


def _match(number: int, article: Article, match: Match) -> dict[str, object]:
    clauses = [
        {
            "clause": c.clause,
            "spans": [[s.part, s.start, s.end] for s in c.spans],
        }
        for c in match.clauses
    ]
    return {
        "id": number,
        "topic_id": match.topic_id,
        "query_hash": match.query_hash,
        "article_id": article.id,
        "version": 1,
        "hits": match.hits,
        "title_hits": match.title_hits,
        "clauses": clauses,
        "created_at": article.provenance.first_seen_at,
    }


def _delivery(
    number: int, article: Article, match: Match
) -> dict[str, object]:
    return {
        "id": number,
        "channel": "mail",
        "kind": "immediate",
        "recipient": RECIPIENT,
        "topic_id": match.topic_id,
        "message_id": f"<{number}@example.org>",
        "sender": "monitor@example.org",
        "subject": article.content.title[:80],
        "state": "sent",
        "attempts": 1,
        "created_at": article.provenance.first_seen_at,
        "sent_at": article.provenance.first_seen_at,
    }


def _alert(number: int, article: Article, match: Match) -> dict[str, object]:
    return {
        "topic_id": match.topic_id,
        "story_id": article.story_id,
        "recipient": RECIPIENT,
        "article_id": article.id,
        "match_id": number,
        "state": "mailed",
        "mode": "immediate",
        "created_at": article.provenance.first_seen_at,
        "due_at": article.provenance.first_seen_at,
        "delivery_id": number,
    }


def _polls(now: datetime) -> Iterator[dict[str, object]]:
    rng = random.Random(1)
    for feed in range(FEEDS):
        for back in range(POLLS_OF_FEED):
            when = now - timedelta(hours=back + rng.random())
            yield {
                "feed_id": f"feed-{feed}",
                "started_at": when,
                "seconds": timedelta(seconds=rng.random()),
                "outcome": rng.choice(
                    ("new", "not_modified", "not_modified", "timeout")
                ),
                "status": 200,
                "items": 30,
                "new_items": 1,
                "next_due_at": when + timedelta(hours=1),
            }


def _settle(connection: Connection, now: datetime) -> None:
    """Feeds that were polled long ago: what they list next is news, not their
    first items.
    """
    polled = now - timedelta(hours=1)
    connection.execute(
        tables.feeds.update().values(
            first_polled_at=now - timedelta(days=DAYS),
            last_attempt_at=polled,
            last_success_at=polled,
            last_new_at=polled,
            last_outcome="new",
            next_due_at=now + timedelta(hours=6),
        )
    )


def set_due(database: Database, *, since: datetime, seconds: float) -> None:
    """Make the feeds due one after the other, spread evenly over so many
    seconds.
    """
    with database.write() as connection:
        # A daemon that starts keeps these times only if they are within the
        # feeds' intervals.
        polled = since - timedelta(hours=1)
        before = {"last_attempt_at": polled, "last_success_at": polled}
        connection.execute(tables.feeds.update().values(before))
        for number in range(FEEDS):
            due = since + timedelta(seconds=seconds * number / FEEDS)
            chosen = tables.feeds.c.id == f"feed-{number}"
            connection.execute(
                tables.feeds.update().where(chosen).values(next_due_at=due)
            )
