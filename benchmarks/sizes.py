"""What an article costs in the database, and a poll in the operations index:
for the arithmetic of deploy/README.md.

    python -m benchmarks.sizes [--articles N] [--polls N]

The articles are those of `benchmarks.search`; one in three hits a topic. Needs
the servers of the tests.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.search import articles as generated
from monitor.index.elastic.connection import Access, connect
from monitor.index.elastic.operations import OperationsIndex
from monitor.store.engine import Database
from monitor.store.reading import articles, text_retention, text_versions
from monitor.types.operations import OperationRecord
from monitor.types.state import ArticleDates, Extraction, ReadResult
from tests.services.elasticsearch import shared_server
from tests.store import builders

START = datetime(2025, 3, 1, tzinfo=UTC)
BATCH = 200
OUTCOMES = (
    ("new", 200),
    ("not_modified", 304),
    ("not_modified", 304),
    ("unchanged", 200),
    ("timeout", None),
)


def in_database(count: int, *, bare: bool = False) -> float:
    """Bytes of an SQLite file for each article: its item, text, version and
    verdict; `bare`: what stays for good, once its text was deleted.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor.sqlite3"
        database = Database(f"sqlite:///{path}")
        database.migrate()
        with database.write() as connection:
            builders.list_feeds(connection, now=START)
        empty = path.stat().st_size
        source = iter(generated(count))
        for first in range(0, count, BATCH):
            with database.write() as connection:
                for number in range(first, min(first + BATCH, count)):
                    one, now = next(source), START + timedelta(minutes=number)
                    key = f"artikel/2025/03/{number}-ein-name-wie-ihn-meldungen-haben.html"
                    article_id = builders.add_article(connection, key, now=now)
                    result = ReadResult(
                        kind="article",
                        title=one.content.title,
                        lead=one.content.lead,
                        text=one.content.text,
                        dates=ArticleDates(now, "feed"),
                        extraction=Extraction("benchmark", word_count=300),
                        authors=("Anna Muster",),
                    )
                    text_versions.save_version(
                        connection, article_id, result, now=now
                    )
                    articles.read_done(connection, article_id)
                    if number % 3 == 0:
                        builders.add_match(connection, article_id, now=now)
        if bare:
            delete_all_texts(database)
        database.close()
        with sqlite3.connect(path) as whole:
            whole.execute("pragma wal_checkpoint(truncate)")
        if bare:
            whole.execute("vacuum")
            whole.execute("pragma wal_checkpoint(truncate)")
        whole.close()
        return (path.stat().st_size - empty) / count


def delete_all_texts(database: Database) -> None:
    """As the retention of texts does; an article has one version then, as that
    of versions has.
    """
    later = START + timedelta(days=9999)
    for feed in (builders.ZDF.id, builders.RADIO.id):
        ids: tuple[int, ...] = (0,)
        while ids:
            with database.write() as connection:
                ids = text_retention.delete_texts(
                    connection,
                    feed,
                    before=later,
                    retention=timedelta(days=30),
                    now=later,
                )


def in_operations(count: int) -> float:
    """Bytes of the operations index for each poll, its segments merged."""
    chance = random.Random(1)
    headers = {"accept": "application/json"}
    with shared_server("9.2.0") as server:
        alias = f"sizes{secrets.token_hex(3)}"
        client = connect(Access((server.url,)))
        index = OperationsIndex(client, alias)
        for first in range(0, count, 2000):
            records = []
            for number in range(first, min(first + 2000, count)):
                outcome, status = chance.choice(OUTCOMES)
                records.append(
                    OperationRecord(
                        f"poll-{number}",
                        "poll",
                        START
                        + timedelta(seconds=18 * number + chance.random()),
                        feed_id=f"feed-{chance.randrange(100)}",
                        outlet=f"Zeitung {chance.randrange(60)}",
                        outcome=outcome,
                        status=status,
                        seconds=3 * chance.random(),
                        bytes=chance.randrange(100_000),
                        items=chance.randrange(50),
                        new_items=chance.randrange(4)
                        if outcome == "new"
                        else 0,
                        changed_items=0,
                    )
                )
            index.put(records)
        client.perform_request(
            "POST",
            f"/{alias}*/_forcemerge?max_num_segments=1",
            headers=headers,
        )
        client.indices.refresh(index=f"{alias}*")
        stored = client.perform_request(
            "GET", f"/{alias}*/_stats/store", headers=headers
        ).body
        client.close()
        server.drop(alias)
    return int(stored["_all"]["primaries"]["store"]["size_in_bytes"]) / count


def main() -> None:
    """All figures."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--polls", type=int, default=50_000)
    options = parser.parse_args()
    print(
        f"database:         {in_database(options.articles):10,.0f} bytes an article"
    )
    bare = in_database(options.articles, bare=True)
    print(f"what stays of it: {bare:10,.0f} bytes an article")
    print(
        f"operations index: {in_operations(options.polls):10,.0f} bytes a poll"
    )


if __name__ == "__main__":
    main()
