"""How fast the embedded index takes and finds articles, beside bare tantivy on
the same documents in the same run.

    python benchmarks/search.py [--articles 100000] [--folder DIR] [--repeat
    20]

Ours includes what a result list needs: exact total, highlighted snippets and
four facets. "lean" is the same without facets and marks. Both keep the query
as read, as bare tantivy's is made before; "first" is "lean" with nothing kept
but what the system keeps of files. Bare tantivy finds ten addresses and
counts; "loaded" also reads what is stored of the ten, as any list of hits
must. "cpu" is the processor time of the searching thread: on a
busy machine it says more than the clock. The articles are made up from a seed:
German-like words with Zipf frequencies, dates over a year, outlets, topics.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import tantivy

from monitor.flow.steps.publish import FILLED_AT_ONCE
from monitor.index.compiler.search_box import read_query
from monitor.index.document import to_document
from monitor.index.embedded.engine import WRITER_MEMORY, EmbeddedIndex
from monitor.match.topics import match_query
from monitor.types.article import Article, Content, Provenance, TopicHits
from monitor.types.output import SearchPage, SearchRequest

SEED = 20250301
START = datetime(2025, 1, 1, tzinfo=UTC)

_HEADS = """haus krieg kreis stadt rat wahl markt bahn hof straße kirche schule feuer wehr polizei bürger meister sport
verein spiel ball geld steuer haushalt amt land wirtschaft arbeit platz wasser kraft werk strom netz recht gericht
frage antwort brücke tür grün müll größe führung regierung präsident minister partei sitzung beschluss bau"""
ENDINGS = (
    "",
    "",
    "",
    "e",
    "en",
    "er",
    "es",
    "s",
    "ung",
    "ungen",
    "lich",
    "liche",
    "isch",
    "ischen",
    "in",
    "innen",
)
_COMMON = """der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er
hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr
durch man sein wurde sei prozent hatte kann gegen vom können schon wenn habe seine mark ihre dann unter wir soll ich
eines jahr zwei jahren diese dieser wieder keine uhr seiner worden will zwischen immer millionen was sagte"""
NAMES = (
    "Ukraine",
    "Putin",
    "Trump",
    "Selenskyj",
    "Herford",
    "Bielefeld",
    "Köln",
    "Müller",
    "Bürgermeister",
    "Haushalt",
)
OUTLETS = tuple(f"outlet-{number:02}" for number in range(60))
REGIONS = (
    "national",
    "owl",
    "nrw",
    "bayern",
    "berlin",
    "hamburg",
    "sachsen",
    "hessen",
)

SEARCHES: tuple[tuple[str, SearchRequest], ...] = (
    ("frequent word", SearchRequest("Bürgermeister")),
    ("the same without compounds", SearchRequest("bürgermeister")),
    ("rare word", SearchRequest("wasserkraftwerken")),
    ("two words", SearchRequest("Ukraine Putin")),
    ("three words, one a stop word", SearchRequest("die Stadt Herford")),
    ("phrase", SearchRequest('"kreis herford"')),
    ("prefix", SearchRequest("wasserkraft*")),
    ("prefix of very many words", SearchRequest("haushalts*")),
    ("excluding", SearchRequest("Ukraine -Trump")),
    (
        "one outlet, one month",
        SearchRequest(
            "Haushalt", outlets=OUTLETS[3:5], since=START + timedelta(days=200)
        ),
    ),
    ("newest", SearchRequest("Bielefeld", sort="newest")),
    (
        "query language: words",
        SearchRequest("Ukraine AND NOT Trump", exact=True),
    ),
    (
        "query language: near",
        SearchRequest("Kreis NEAR/3 Herford", exact=True),
    ),
    ("query language: ending", SearchRequest("*kraftwerk", exact=True)),
    ("everything, newest", SearchRequest("", sort="newest")),
)
BARE_TEXTS = {
    "query language: words": "Ukraine -Trump",
    "query language: near": '"kreis herford"~3',
    "one outlet, one month": (
        "+Haushalt +outlet:IN [outlet-03 outlet-04]"
        f" +published_at:>={int((START + timedelta(days=200)).timestamp())}"
    ),
}
BARE_PATTERNS = {
    "prefix": "wasserkraft.*",
    "prefix of very many words": "haushalts.*",
    "query language: ending": ".*kraftwerk",
}
BARE_BOOSTS = {"title": 3.0, "lead": 2.0, "text": 1.0}
COLUMNS = ("ours", "lean", "first", "bare", "loaded")
FACETS = ("outlet", "region", "topics", "day")


def vocabulary(rng: random.Random, size: int = 60_000) -> list[str]:
    """Distinct words, the most frequent first."""
    heads, common = _HEADS.split(), _COMMON.split()
    words = dict.fromkeys(common)
    words.update(
        dict.fromkeys(
            f"{head}{ending}" for head in heads for ending in ENDINGS
        )
    )
    while len(words) < size:
        parts = rng.choices(heads, k=rng.choice((1, 2, 2, 3)))
        joined = ("s" if rng.random() < 0.3 else "").join(parts) + rng.choice(
            ENDINGS
        )
        words[joined.capitalize() if rng.random() < 0.7 else joined] = None
    frequent = list(words)[: len(common)]
    rest = list(words)[len(common) : size] + list(NAMES) * 3
    rng.shuffle(rest)
    return frequent + rest


def articles(count: int) -> Iterator[Article]:
    """The corpus. The same count gives the same articles."""
    rng = random.Random(SEED)
    words = vocabulary(rng)
    weights = list(
        itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words)))
    )
    for number in range(count):
        length = max(40, int(rng.lognormvariate(5.7, 0.6)))
        drawn = rng.choices(words, cum_weights=weights, k=length + 30)
        if rng.random() < 0.05:
            drawn[35:37] = ["Kreis", "Herford"]
        if rng.random() < 0.08:
            drawn[rng.randrange(len(drawn))] = rng.choice(NAMES)
        when = START + timedelta(seconds=rng.randrange(365 * 86400))
        topics = tuple(
            TopicHits(name, name, 2, 0)
            for name in ("ukraine", "kreis", "haushalt")
            if rng.random() < 0.07
        )
        feed, outlet = f"feed-{number % 97}", rng.choice(OUTLETS)
        content = Content(
            title=" ".join(drawn[:8]),
            lead=" ".join(drawn[8:30]) + ".",
            text="\n".join(
                " ".join(drawn[start : start + 60]) + "."
                for start in range(30, len(drawn), 60)
            ),
            word_count=length,
        )
        region = rng.choice(REGIONS)
        yield Article(
            number,
            f"https://news.example/{number}",
            f"a{number:08}",
            content,
            Provenance(
                feed, outlet, when, when, "feed", region=region, feeds=(feed,)
            ),
            topics=topics,
            story_id=number // 2,
        )


def batches(count: int) -> Iterator[list[Article]]:
    """The corpus in commits, as large as those of a reindex."""
    stream = articles(count)
    while batch := list(itertools.islice(stream, FILLED_AT_ONCE)):
        yield batch


@dataclass(slots=True)
class Spent:
    """Time inside an index, without the making of articles.

    Processor time: of all threads, whatever else runs here.
    """

    elapsed: float = 0.0
    processor: float = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Add what the block takes."""
        elapsed, processor = time.perf_counter(), time.process_time()
        yield
        self.elapsed += time.perf_counter() - elapsed
        self.processor += time.process_time() - processor


def index_ours(folder: Path, count: int) -> Spent:
    """What `to_document` and `fill` take, as a reindex calls them."""
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    spent = Spent()
    for batch in batches(count):
        with spent.counted():
            results = index.fill([to_document(article) for article in batch])
        assert not any(result.error for result in results)
    index.close()
    return spent


def bare_schema() -> tantivy.Schema:
    """The same information, as a plain tantivy user would lay it out."""
    builder = tantivy.SchemaBuilder()
    for name in ("title", "lead", "text"):
        builder.add_text_field(name, stored=True, tokenizer_name="german")
    for name in ("doc_id", "outlet", "region", "topics", "url"):
        builder.add_text_field(
            name,
            stored=True,
            tokenizer_name="raw",
            index_option="basic",
            fast=True,
        )
    builder.add_integer_field(
        "published_at", stored=True, indexed=True, fast=True
    )
    return builder.build()


def bare_index(folder: Path) -> tantivy.Index:
    """Opened with tantivy's own German analysis."""
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(bare_schema(), path=str(folder))
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(
        tantivy.Filter.lowercase()
    )
    index.register_tokenizer(
        "german", analyzer.filter(tantivy.Filter.stemmer("german")).build()
    )
    return index


def index_bare(folder: Path, count: int) -> Spent:
    """What tantivy takes: documents made, added, committed; memory, threads
    and commits as ours.
    """
    writer = bare_index(folder).writer(WRITER_MEMORY, 1)
    spent = Spent()
    for batch in batches(count):
        with spent.counted():
            for article in batch:
                document = tantivy.Document(
                    title=article.content.title,
                    lead=article.content.lead,
                    text=article.content.text,
                    doc_id=article.doc_id,
                    outlet=article.provenance.outlet,
                    region=article.provenance.region,
                    url=article.url,
                    topics=[topic.topic_id for topic in article.topics],
                    published_at=int(
                        article.provenance.published_at.timestamp()
                    ),
                )
                writer.add_document(document)
            writer.commit()
    return spent


def bare_query(
    index: tantivy.Index, name: str, request: SearchRequest
) -> tantivy.Query:
    """Much the same question to bare tantivy, as near as its own query
    language and plain queries come to it.
    """
    if name in BARE_PATTERNS:
        schema, should = index.schema, tantivy.Occur.Should
        return tantivy.Query.boolean_query(
            [
                (
                    should,
                    tantivy.Query.regex_query(
                        schema, part, BARE_PATTERNS[name]
                    ),
                )
                for part in BARE_BOOSTS
            ]
        )
    text = BARE_TEXTS.get(name, request.query) or "*"
    return index.parse_query_lenient(
        text,
        list(BARE_BOOSTS),
        field_boosts=BARE_BOOSTS,
        conjunction_by_default=True,
    )[0]


def timed(
    action: Callable[[], object],
    repeat: int,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """Milliseconds of each run, after one that warms up."""
    action()
    taken = []
    for _ in range(repeat):
        started = clock()
        action()
        taken.append((clock() - started) * 1000)
    return taken


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[
        min(len(ordered) - 1, int(len(ordered) * 0.95))
    ]


def report_searches(ours: Path, bare: Path, repeat: int) -> None:
    """One line per search and one over all."""
    index = EmbeddedIndex(ours, writer=False, verify=match_query)
    plain = bare_index(bare)
    plain.reload()
    searcher = plain.searcher()
    every: tuple[list[float], ...] = tuple([] for _ in range(2 * len(COLUMNS)))
    heads = "".join(f"{name:>12}{'p95':>8}{'cpu':>8}" for name in COLUMNS)
    print(f"{'milliseconds, p50':30}{'total':>9}{heads}")
    for name, request in SEARCHES:
        full, query = with_facets(request), bare_query(plain, name, request)
        order = "published_at" if request.sort == "newest" else None
        find = partial(index.search, full)
        lean = partial(index.search, replace(request, marked=False))
        first = partial(asked_first, index, replace(request, marked=False))
        find_bare = partial(
            searcher.search, query, limit=10, count=True, order_by_field=order
        )
        load = partial(found_and_loaded, searcher, find_bare)
        runs = [
            timed(action, repeat, clock=clock)
            for action in (find, lean, first, find_bare, load)
            for clock in (time.perf_counter, time.thread_time)
        ]
        for known, new in zip(every, runs, strict=True):
            known.extend(new)
        print(f"{name:30}{find().total:>9}{_columns(runs)}")
    print(f"{'all':30}{'':9}{_columns(every)}")


def asked_first(index: EmbeddedIndex, request: SearchRequest) -> SearchPage:
    """A search whose query nobody has asked before."""
    read_query.cache_clear()
    index._reader.view().queries.clear()
    return index.search(request)


def found_and_loaded(
    searcher: tantivy.Searcher, find: Callable[[], tantivy.SearchResult]
) -> list[dict[str, object]]:
    """What bare tantivy has stored of the ten it finds."""
    return [searcher.doc(address).to_dict() for _, address in find().hits]


def _columns(runs: Sequence[list[float]]) -> str:
    told = ""
    for clock, processor in zip(runs[::2], runs[1::2], strict=True):
        p50, p95 = percentiles(clock)
        told += f"{p50:>12.2f}{p95:>8.2f}{percentiles(processor)[0]:>8.2f}"
    return told


def memory() -> str:
    """What this process holds by itself, and what it shares with the files of
    the indices.
    """
    status = dict(
        line.split(":", 1)
        for line in Path("/proc/self/status").read_text().splitlines()
    )
    own, files = (
        int(status[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile")
    )
    return f"memory: {own:,.0f} MB and {files:,.0f} MB of files; load {os.getloadavg()[0]:.1f}"


def with_facets(request: SearchRequest) -> SearchRequest:
    """The request of a result page: ten hits and four facets."""
    return replace(request, facets=FACETS)


def megabytes(folder: Path) -> float:
    """What a folder takes on disk."""
    return (
        sum(
            file.stat().st_size for file in folder.rglob("*") if file.is_file()
        )
        / 1e6
    )


def main() -> None:
    """Index, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument(
        "--folder", type=Path, help="keep both indices here and reuse them"
    )
    parser.add_argument("--repeat", type=int, default=20)
    options = parser.parse_args()
    gc.freeze()  # as a command does after its imports
    folder = options.folder or Path(tempfile.mkdtemp(prefix="monitor-search-"))
    ours, bare = folder / "ours", folder / "bare"
    for name, path, build in (
        ("ours", ours, index_ours),
        ("bare", bare, index_bare),
    ):
        if not path.exists():
            spent = build(path, options.articles)
            print(
                f"{name}: {options.articles / spent.elapsed:,.0f} articles/s indexed in"
                f" {spent.elapsed:.1f} s"
            )
            print(
                f"{name}: {spent.processor / options.articles * 1e6:,.0f} µs of processor time for"
                " an article"
            )
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{name}: peak memory so far {peak:,.0f} MB; load {os.getloadavg()[0]:.1f}"
            )
        print(f"{name}: {megabytes(path):,.0f} MB on disk")
    report_searches(ours, bare, options.repeat)
    print(memory())
    if options.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
