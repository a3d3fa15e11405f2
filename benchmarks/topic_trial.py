"""How long the topic editor's answer takes while somebody types, at 100,000
articles of 30 days.

    python benchmarks/topic_trial.py [--articles 100000] [--folder DIR]
    [--repeat 20]

One answer is what the page asks for after each pause in typing: the query
read, candidates from the index, the newest of them matched, days, first
titles, mails, and the effect of each part. The corpus is that of
`benchmarks/search.py`, all of it within the 30 days that are tried. "cpu" is
the processor time of the answering thread: on a busy machine it says more than
the clock.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from search import batches, percentiles
from sqlalchemy import insert

from monitor.flow.requests.topic_figures import Moment
from monitor.flow.requests.topic_trial import try_draft
from monitor.index.document import to_document
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.match.topics import match_query, whole_query
from monitor.store.engine import Database
from monitor.store.tables import articles, feeds, stories
from monitor.types.article import Article
from monitor.types.catalog import Located, Recipient, Topic

NOW = datetime.fromisoformat("2026-01-31T12:00:00+00:00")
LIMIT = 300  # milliseconds

DRAFTS = (
    ("one word", "Herford"),
    ("a frequent word", "Bürgermeister"),
    (
        "words",
        "(Haushalt OR Steuer* OR Geld) AND (Herford OR Bielefeld) AND NOT Trump",
    ),
    ("near", "Kreis NEAR/3 Herford"),
    ("near, wide", "(Haushalt* NEAR/10 Stadt*) AND NOT (Sport OR Spiel*)"),
    (
        "many words",
        " OR ".join(
            f"{head}recht*"
            for head in ("haus", "land", "geld", "bahn", "markt", "stadt")
        ),
    ),
    ("counted", "ATLEAST/2 Haushalt*"),
    ("title and filter", "title:(Rat OR Wahl) AND source:outlet-03"),
    ("exact spelling", "cs(Stadt) AND Haushalt"),
    ("nothing", "Quastenflosser"),
)


def main() -> int:
    """Build or open the corpus, and print a line for each draft."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--repeat", type=int, default=20)
    asked = parser.parse_args()
    with corpus(asked.folder, asked.articles) as folder:
        return report(folder, asked.repeat)


@contextmanager
def corpus(folder: Path | None, count: int) -> Iterator[Path]:
    """A folder with database and index, made where it is empty."""
    with tempfile.TemporaryDirectory() as passing:
        place = folder or Path(passing)
        if not (place / "index").exists():
            place.mkdir(parents=True, exist_ok=True)
            fill(place, count)
        yield place


def fill(folder: Path, count: int) -> None:
    """Store and index the articles."""
    database = Database(address(folder))
    index = EmbeddedIndex(folder / "index", writer=True)
    database.migrate()
    index.prepare()
    rng = random.Random(1)
    with database.write() as connection:
        connection.execute(
            insert(feeds), [feed_row(number) for number in range(97)]
        )
    for batch in batches(count):
        made = [_recent(article, rng) for article in batch]
        index.fill([to_document(article) for article in made])
        with database.write() as connection:
            rows = {article.story_id: article for article in made}
            known = [
                {"id": each, "created_at": NOW, "last_at": NOW, "copies": 2}
                for each in rows
            ]
            connection.execute(insert(stories).prefix_with("OR IGNORE"), known)
            connection.execute(
                insert(articles), [article_row(article) for article in made]
            )
    index.close()
    database.close()


def _recent(article: Article, rng: random.Random) -> Article:
    when = NOW - timedelta(seconds=rng.randrange(30 * 86_400 - 43_200))
    provenance = replace(
        article.provenance, first_seen_at=when, published_at=when
    )
    return replace(article, provenance=provenance, id=article.id + 1)


def address(folder: Path) -> str:
    """The database's address."""
    return f"sqlite:///{folder / 'monitor.db'}"


def feed_row(number: int) -> dict[str, object]:
    """One feed."""
    name = f"feed-{number}"
    return {
        "id": name,
        "listed": True,
        "title": name,
        "outlet": f"outlet-{number % 60:02}",
        "country": "de",
        "language": "de",
        "priority": 3,
        "license": False,
        "verify_tls": True,
        "configured": f"https://{name}.example/",
    }


def article_row(article: Article) -> dict[str, object]:
    """One article as it is stored."""
    return {
        "id": article.id,
        "url": article.url,
        "doc_id": article.doc_id,
        "host": "news.example",
        "feed_id": article.provenance.feed_id,
        "story_id": article.story_id,
        "first_seen_at": article.provenance.first_seen_at,
        "published_at": article.provenance.published_at,
        "published_source": "feed",
        "version": 1,
        "title": article.content.title,
        "lead": article.content.lead,
        "text": article.content.text,
        "authors": [],
        "language": "de",
        "kind": "article",
        "silent": False,
        "read_state": "done",
    }


def report(folder: Path, repeat: int) -> int:
    """Print what each draft takes. 1 where one takes longer than it may."""
    database = Database(address(folder))
    index = EmbeddedIndex(folder / "index", writer=False, verify=match_query)
    print(
        f"{'milliseconds':20}{'possible':>9}{'read':>6}{'hits':>8}{'parts':>6}{'p50':>8}{'p95':>8}"
        f"{'cpu':>8}"
    )
    slow = False
    for name, query in DRAFTS:
        draft = topic_of(query)
        taken, worked = [], []
        for _ in range(repeat):
            started, began = time.perf_counter(), time.thread_time()
            tree, _problems = whole_query(draft)
            assert tree is not None, name
            at = Moment(NOW, "Europe/Berlin")
            trial = try_draft(
                index, database, draft, tree, at=at, goes_on=lambda: True
            )
            taken.append((time.perf_counter() - started) * 1000)
            worked.append((time.thread_time() - began) * 1000)
        p50, p95 = percentiles(taken)
        slow = slow or p95 > LIMIT
        print(
            f"{name:20}{trial.possible:>9}{trial.read:>6}{trial.hits:>8}{len(trial.effects):>6}"
            f"{p50:>8.0f}{p95:>8.0f}{percentiles(worked)[0]:>8.0f}"
        )
    return int(slow)


def topic_of(query: str) -> Topic:
    """A draft with one recipient."""
    places = ((1, 1),) * (len(query) + 1)
    person = Recipient("anna@example.org")
    return Topic(
        "entwurf",
        "Entwurf",
        query=Located(query, "query", places),
        recipients=(person,),
    )


if __name__ == "__main__":
    sys.exit(main())
