"""Whether merges of the embedded index make anyone wait: everyday puts and
searches into a large one.

    python -m benchmarks.merges [--articles 100000] [--everyday 10000]

All but the last articles are filled in as a reindex does it. The rest come as
on any day: ten at a time, each put made durable, a search with facets after
every tenth put. The engine merges in threads of its own meanwhile. Said are
the times of puts and searches, the longest of them, and how much processor
time went into threads other than the one that puts and searches. The articles
are those of `benchmarks/search.py`.
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.search import articles, megabytes, with_facets
from monitor.flow.steps.publish import FILLED_AT_ONCE
from monitor.index.document import to_document
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.types.output import Document, SearchRequest

AT_ONCE = 10
"""Articles of one everyday put."""
SEARCHED_AFTER = 10
"""Puts between two searches."""


@contextmanager
def noted(seconds: list[float]) -> Iterator[None]:
    """Append what the block takes."""
    began = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - began)


def said(name: str, seconds: Sequence[float]) -> str:
    """One line: how many, the middle, the slow end and the longest."""
    ranked = sorted(seconds)
    middle, slow = (
        ranked[int(len(ranked) * share)] * 1000 for share in (0.5, 0.99)
    )
    return (
        f"{name}: {len(ranked):,}, p50 {middle:,.0f} ms, p99 {slow:,.0f} ms,"
        f" longest {ranked[-1] * 1000:,.0f} ms"
    )


def put_all(index: EmbeddedIndex, documents: Iterator[Document]) -> None:
    """The everyday part, and what it took."""
    puts: list[float] = []
    searches: list[float] = []
    request = with_facets(SearchRequest("Bürgermeister"))
    everywhere, here = time.process_time(), time.thread_time()
    while batch := list(itertools.islice(documents, AT_ONCE)):
        with noted(puts):
            results = index.put(batch)
        assert not any(result.error for result in results)
        if len(puts) % SEARCHED_AFTER == 0:
            with noted(searches):
                index.search(request)
    here = time.thread_time() - here
    print(said("puts", puts))
    print(said("searches", searches))
    print(
        f"processor time: {here:,.0f} s putting and searching,"
        f" {time.process_time() - everywhere - here:,.0f} s in the engine's threads"
    )


def main() -> None:
    """Fill, put, say."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--articles", type=int, default=100_000, help="in all")
    parser.add_argument(
        "--everyday",
        type=int,
        default=10_000,
        help="of them put ten at a time",
    )
    options = parser.parse_args()
    stream = (to_document(article) for article in articles(options.articles))
    filled = options.articles - options.everyday
    with tempfile.TemporaryDirectory(prefix="monitor-merges-") as name:
        index = EmbeddedIndex(Path(name), writer=True)
        index.prepare()
        began = time.monotonic()
        for start in range(0, filled, FILLED_AT_ONCE):
            index.fill(
                list(
                    itertools.islice(
                        stream, min(FILLED_AT_ONCE, filled - start)
                    )
                )
            )
        print(
            f"{filled:,} articles filled in {time.monotonic() - began:,.0f} s",
            flush=True,
        )
        put_all(index, stream)
        print(
            f"{index.count():,} articles, {megabytes(Path(name)):,.0f} MB;"
            f" load {os.getloadavg()[0]:.1f}"
        )
        index.close()


if __name__ == "__main__":
    main()
