"""How fast Elasticsearch takes and finds our articles, beside a bare
`helpers.parallel_bulk` in the same run.

    python benchmarks/indexing.py --url http://127.0.0.1:9200 [--articles 100000] [--repeat 20]
    python benchmarks/indexing.py --start 9.2.0        # starts the small server of the tests itself

Bare are two: the very bodies that we send, made beforehand (what our way of
sending costs), and the plain articles into a plain German mapping (what a user
without us would do). Ours includes analysis, mapping and the result of each
item. The articles are those of `benchmarks/search.py`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch, helpers

from benchmarks.search import (
    SEARCHES,
    articles,
    batches,
    percentiles,
    timed,
    with_facets,
)
from monitor.flow.steps.publish import FILLED_AT_ONCE
from monitor.index.document import to_document
from monitor.index.elastic.bulk import CHUNK_DOCUMENTS
from monitor.index.elastic.connection import Access
from monitor.index.elastic.engine import ElasticIndex
from monitor.index.elastic.mapping import (
    build_mapping,
    build_settings,
    to_body,
)
from monitor.match.topics import match_query
from monitor.types.article import Article
from monitor.types.output import Document

THREADS, CHUNK = 3, CHUNK_DOCUMENTS  # as ours
WARM = 2 * FILLED_AT_ONCE
PLAIN = (
    "title",
    "lead",
    "text",
    "doc_id",
    "outlet",
    "region",
    "url",
    "published_at",
    "topics",
)


def fill_ours(index: ElasticIndex, batch: Sequence[Article]) -> None:
    """As a reindex does it: documents made, analysed, sent, each one's end
    looked at.
    """
    results = index.fill([to_document(article) for article in batch])
    assert not any(result.error for result in results)


def fill_bare(
    client: Elasticsearch, actions: Sequence[dict[str, Any]]
) -> None:
    """What the client's own helper takes for bodies that are made already."""
    for well, _ in helpers.parallel_bulk(
        client, actions, thread_count=THREADS, chunk_size=CHUNK
    ):
        assert well


@dataclass(slots=True)
class Taken:
    """Articles and the seconds that they took, one way."""

    articles: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds if self.seconds else 0.0


def in_turns(
    index: ElasticIndex,
    client: Elasticsearch,
    alias: str,
    *,
    count: int,
    bare_every: int,
) -> tuple[Taken, dict[str, Taken]]:
    """What ours took for all articles; what each way took for the batches that
    all ways had.

    Batch by batch in turns, another way first each time: what the machine and
    the server's merges do meets all alike. The first `WARM` articles wake the
    server up and do not count.
    """
    whole = Taken()
    shared = {
        "ours": Taken(),
        "bare, our bodies": Taken(),
        "bare, plain": Taken(),
    }
    for number, batch in enumerate(batches(WARM + count)):
        ways: list[tuple[str, Callable[[], None]]] = [
            ("ours", partial(fill_ours, index, batch))
        ]
        if number % bare_every == 0:
            documents = [to_document(article) for article in batch]
            ways += [
                (
                    "bare, our bodies",
                    partial(
                        fill_bare,
                        client,
                        actions(f"{alias}-bare", documents, our_body),
                    ),
                ),
                (
                    "bare, plain",
                    partial(
                        fill_bare,
                        client,
                        actions(f"{alias}-plain", documents, plain_body),
                    ),
                ),
            ]
        first = (number // bare_every) % len(ways)
        for name, run in ways[first:] + ways[:first]:
            started = time.perf_counter()
            run()
            spent = time.perf_counter() - started
            for taken in (whole,) * (name == "ours") + (shared[name],) * (
                len(ways) > 1
            ):
                if number * FILLED_AT_ONCE >= WARM:
                    taken.articles += len(batch)
                    taken.seconds += spent
    return whole, shared


def actions(
    name: str,
    documents: Sequence[Document],
    body_of: Callable[[Document], Any],
) -> list[dict[str, Any]]:
    """What the helper takes."""
    return [
        {
            "_op_type": "create",
            "_index": f"{name}-{document.index_name}",
            "_id": document.doc_id,
            "_source": body_of(document),
        }
        for document in documents
    ]


def our_body(document: Document) -> dict[str, Any]:
    """What we send."""
    return dict(json.loads(to_body(document)))


def plain_body(document: Document) -> dict[str, Any]:
    """What a user without us would send."""
    return {name: value for name, value in document.fields if name in PLAIN}


def plain_template() -> dict[str, Any]:
    """German text, keywords and a date."""
    own = build_mapping()["properties"]
    settings = {"index": build_settings()}
    return {
        "settings": settings,
        "mappings": {"properties": {name: own[name] for name in PLAIN}},
    }


def analysis_only(count: int) -> float:
    """Seconds in Python alone: documents and bodies made, nothing sent."""
    seconds = 0.0
    for batch in batches(count):
        started = time.perf_counter()
        for article in batch:
            to_body(to_document(article))
        seconds += time.perf_counter() - started
    return seconds


def megabytes(client: Elasticsearch, pattern: str) -> tuple[int, float]:
    """Documents, and what they take on disk as the server's own merging leaves
    it.
    """
    client.options(request_timeout=600).indices.flush(index=pattern)
    client.indices.refresh(index=pattern)
    told = client.indices.stats(index=pattern, metric="store,docs")["_all"][
        "primaries"
    ]
    return int(told["docs"]["count"]), told["store"]["size_in_bytes"] / 1e6


def report_searches(index: ElasticIndex, repeat: int) -> None:
    """One line per search and one over all."""
    everything: list[float] = []
    print(
        f"{'search':32}{'total':>9}{'p50':>10}{'p95':>8}{'no facets':>11}   ms"
    )
    for name, request in SEARCHES:
        full = with_facets(request)
        total = index.search(full).total
        taken = timed(lambda full=full: index.search(full), repeat)
        lean = timed(lambda request=request: index.search(request), repeat)
        everything += taken
        a, b = percentiles(taken)
        print(
            f"{name:32}{total:>9}{a:>10.1f}{b:>8.1f}{percentiles(lean)[0]:>11.1f}"
        )
    a, b = percentiles(everything)
    print(f"{'all':32}{'':9}{a:>10.1f}{b:>8.1f}")


@contextlib.contextmanager
def server(options: argparse.Namespace) -> Iterator[str]:
    """The address of the server to measure."""
    if options.url:
        yield options.url
        return
    # Imported here: an installation has no tests.
    from tests.services.elasticsearch import shared_server  # noqa: PLC0415

    with shared_server(options.start) as started:
        yield started.url


def measure(url: str, count: int, repeat: int, *, bare_every: int) -> None:
    """Index three ways, then search."""
    # two may run on one server
    alias = f"monitor-benchmark-{secrets.token_hex(3)}"
    client = Elasticsearch(url, request_timeout=120)
    index = ElasticIndex(
        Access((url,)), alias, writer=True, verify=match_query
    )
    try:
        index.prepare()
        for name, template in (
            (
                "bare",
                {
                    "settings": {"index": build_settings()},
                    "mappings": build_mapping(),
                },
            ),
            ("plain", plain_template()),
        ):
            pattern = f"{alias}-{name}"
            client.indices.put_index_template(
                name=pattern,
                index_patterns=[f"{pattern}-*"],
                template=template,
                priority=900,
            )
        next(iter(articles(1)))
        alone = analysis_only(min(count, 10_000)) * count / min(count, 10_000)
        print(f"analysis in Python alone: {count / alone:,.0f} articles/s")
        whole, shared = in_turns(
            index, client, alias, count=count, bare_every=bare_every
        )
        print(
            f"ours, all: {whole.rate:,.0f} articles/s in {whole.seconds:.1f} s",
            flush=True,
        )
        for name, taken in shared.items():
            ratio = shared["ours"].rate / taken.rate
            print(
                f"{name}: {taken.rate:,.0f} articles/s in the batches of all; ours is {ratio:.2f}"
                " of it",
                flush=True,
            )
        for name in ("f1", "bare", "plain"):
            held, size = megabytes(client, f"{alias}-{name}-*")
            print(
                f"{name}: {size:,.0f} MB on disk, {size * 1000 / held:.1f} kB an article",
                flush=True,
            )
        report_searches(index, repeat)
    finally:
        index.close()
        client.indices.delete(index=f"{alias}-*", ignore_unavailable=True)
        for name in (alias, f"{alias}-bare", f"{alias}-plain"):
            client.options(ignore_status=404).indices.delete_index_template(
                name=name
            )
        client.options(ignore_status=404).cluster.delete_component_template(
            name=f"{alias}@package"
        )


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument(
        "--url", help="an Elasticsearch without security, for nothing else"
    )
    parser.add_argument(
        "--start",
        default="9.2.0",
        metavar="VERSION",
        help="start this version of the test server",
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument(
        "--bare-every",
        type=int,
        default=1,
        metavar="N",
        help="bare ways get each n-th batch only",
    )
    parser.add_argument("--repeat", type=int, default=20)
    options = parser.parse_args()
    with server(options) as url:
        measure(
            url,
            options.articles,
            options.repeat,
            bare_every=options.bare_every,
        )


if __name__ == "__main__":
    main()
