"""Extraction quality over real German news pages with bodies, dates and
authors checked by people.

    python -m benchmarks.extraction [--replay FOLDER] [--rounds N] [--json]

Prints, per extractor: token precision, recall and F1 (mean over pages), the
worst page, date and author accuracy and milliseconds a page; the same texts'
scores over made-up pages of many systems and kinds (forums, shops, recipes,
notices, ...); then our F1 per publisher; then, for words that stand only in a
page's boilerplate, how many would have raised a false alarm. All in one
process and one run.

How to read it: no rule is for one publisher and nothing is fitted to numbers,
but whoever wrote the rules had seen these pages, so truly unseen outlets will
do somewhat worse. What is learned (boilerplate) is a row of its own, learned
from the outlet's other pages only. Some gold bodies leave out lists that are
part of the article; we keep them.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import multiprocessing
import os
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.extract.article import extract_article
from monitor.extract.boilerplate import announcements, elsewhere, learn
from monitor.extract.pool import ExtractPool
from monitor.types.page import Extracted, Learned, PageTask
from tests.extract.new_outlet import outlet
from tests.extract.systems import labelled_pages

FOLDER = Path("data/fundus_de")
WORD = re.compile(r"\w+")
BERLIN = ZoneInfo("Europe/Berlin")
FIRST_PAGES = 12
STEP_BACK = 5  # what our children take
SAME_TIME = timedelta(minutes=1)
TEXT_COLUMNS = ("precision", "recall", "f1", "worst_f1", "below_0.75")


@dataclass
class Page:
    """One labelled page."""

    id: str
    publisher: str
    url: str
    html: bytes
    text: str
    authors: list[str]
    published: datetime | None


@dataclass
class Result:
    """What one extractor made of all pages."""

    scores: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    dates: int = 0
    days: int = 0
    authors: int = 0


@dataclass
class Answer:
    """One extractor's answer to one page."""

    text: str = ""
    published: datetime | None = None
    authors: tuple[str, ...] = ()


def words(text: str) -> Counter[str]:
    return Counter(
        WORD.findall(
            unicodedata.normalize("NFC", text).lower().replace("\xad", "")
        )
    )


def score(found: str, wanted: str) -> tuple[float, float, float]:
    """Token precision, recall and F1, as bags of words."""
    a, b = words(found), words(wanted)
    common = (a & b).total()
    precision, recall = common / max(1, a.total()), common / max(1, b.total())
    return (
        precision,
        recall,
        2 * precision * recall / (precision + recall) if common else 0.0,
    )


def load_pages(folder: Path) -> list[Page]:
    pages = []
    for line in (
        (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    ):
        row = json.loads(line)
        stated = row.get("publishing_date")
        when = datetime.fromisoformat(stated) if stated else None
        if when is not None:
            when = (
                when if when.tzinfo else when.replace(tzinfo=BERLIN)
            ).astimezone(UTC)
        html = gzip.decompress((folder / row["html"]).read_bytes())
        pages.append(
            Page(
                row["id"],
                row["publisher"],
                row["url"],
                html,
                row["text"],
                row["authors"],
                when,
            )
        )
    return pages


def system_pages() -> list[Page]:
    """The made-up pages of tests/data/extract/systems."""
    return [
        Page(
            p.name,
            "made up",
            f"https://seite.example/a/{p.name}-17",
            p.html,
            p.text,
            [],
            None,
        )
        for p in labelled_pages()
    ]


def ours(page: Page, learned: Learned = Learned()) -> Answer:
    outcome = extract_article(
        PageTask(page.url, page.html, "text/html", learned=learned)
    )
    if not isinstance(outcome, Extracted):
        return Answer()
    when = outcome.published.when if outcome.published else None
    return Answer(f"{outcome.lead}\n{outcome.text}", when, outcome.authors)


def bare_of_hints(page: Page) -> Answer:
    """Ours on the page without JSON-LD, descriptions and class names: what is
    left where an outlet gives no help.
    """
    html = re.sub(
        rb"(?s)<script[^>]*ld\+json.*?</script>|<meta[^>]*(?:description|og:)[^>]*>",
        b"",
        page.html,
    )
    return ours(replace(page, html=re.sub(rb' class="[^"]*"', b"", html)))


def trafilatura(page: Page, **options: Any) -> Answer:
    library = importlib.import_module("trafilatura")
    document = library.bare_extraction(
        page.html, url=page.url, with_metadata=True, **options
    )
    if document is None:
        return Answer()
    when = (
        datetime.fromisoformat(document.date).replace(tzinfo=BERLIN)
        if document.date
        else None
    )
    return Answer(
        document.text or "", when, tuple((document.author or "").split("; "))
    )


def readability(page: Page) -> Answer:
    library = importlib.import_module("readability")
    html = importlib.import_module("lxml.html")
    return Answer(
        html.fromstring(
            library.Document(page.html.decode("utf-8", "replace")).summary()
        ).text_content()
    )


def newspaper(page: Page) -> Answer:
    """newspaper4k, the extractor that news-please builds on."""
    article = importlib.import_module("newspaper").Article(
        page.url, language="de", fetch_images=False
    )
    article.download(input_html=page.html.decode("utf-8", "replace"))
    article.parse()
    when = article.publish_date
    if isinstance(when, datetime):
        when = when if when.tzinfo else when.replace(tzinfo=BERLIN)
    return Answer(
        article.text,
        when if isinstance(when, datetime) else None,
        tuple(article.authors),
    )


def run(pages: list[Page], extract: Callable[[Page], Answer]) -> Result:
    result = Result()
    extract(pages[0])  # imports and caches are not a page's cost
    for page in pages:
        begun = time.perf_counter()
        answer = extract(page)
        result.seconds += time.perf_counter() - begun
        result.texts[page.id] = answer.text
        result.scores[page.id] = score(answer.text, page.text)
        if page.published is not None and answer.published is not None:
            result.dates += (
                abs(answer.published.astimezone(UTC) - page.published)
                < SAME_TIME
            )
            result.days += (
                answer.published.astimezone(BERLIN).date()
                == page.published.astimezone(BERLIN).date()
            )
        result.authors += {a.casefold() for a in answer.authors if a} == {
            a.casefold() for a in page.authors
        }
    return result


def with_learning(pages: list[Page]) -> Result:
    """Our extractor with boilerplate learned from an outlet's *other* pages
    only.
    """
    blocks = {}
    for page in pages:
        outcome = extract_article(PageTask(page.url, page.html))
        blocks[page.id] = (
            outcome.blocks if isinstance(outcome, Extracted) else ()
        )

    def extract(page: Page) -> Answer:
        others = [
            p
            for p in pages
            if p.publisher == page.publisher and p.id != page.id
        ]
        return ours(page, learn([blocks[other.id] for other in others]))

    return run(pages, extract)


def new_outlet() -> dict[str, float]:
    """Mean F1 over pages 13 to 20 of an invented outlet whose boxes have no
    mark: plain, learned, with the feed.
    """
    means = defaultdict(list)
    for seed in range(5):
        generated, announced = outlet(seed)
        seen: list[tuple[int, ...]] = []
        for number, labelled in enumerate(generated):
            feed = elsewhere(
                announcements(announced), announcements([labelled.announced])
            )
            for name, known in (
                ("nothing learned", Learned()),
                ("learned from earlier pages", learn(seen)),
                ("and from the feed's entries", learn(seen) | feed),
            ):
                outcome = extract_article(
                    PageTask(labelled.url, labelled.html, learned=known)
                )
                text = (
                    f"{outcome.lead}\n{outcome.text}"
                    if isinstance(outcome, Extracted)
                    else ""
                )
                if known == Learned() and isinstance(outcome, Extracted):
                    blocks = outcome.blocks
                if number >= FIRST_PAGES:
                    means[name].append(score(text, labelled.text)[2])
            seen.append(blocks)
    return {
        name: round(statistics.mean(scores), 3)
        for name, scores in means.items()
    }


def summary(result: Result, pages: list[Page]) -> dict[str, Any]:
    means = [
        statistics.mean(s[i] for s in result.scores.values()) for i in range(3)
    ]
    worst = min(result.scores, key=lambda page: result.scores[page][2])
    dated = sum(page.published is not None for page in pages)
    return {
        "precision": round(means[0], 4),
        "recall": round(means[1], 4),
        "f1": round(means[2], 4),
        "worst_f1": round(result.scores[worst][2], 3),
        "worst_page": worst,
        "below_0.75": sum(s[2] < 0.75 for s in result.scores.values()),
        "date": round(result.dates / max(1, dated), 3),
        "day": round(result.days / max(1, dated), 3),
        "authors": round(result.authors / len(pages), 3),
        "ms": round(1000 * result.seconds / len(pages), 1),
    }


def publishers(result: Result, pages: list[Page]) -> dict[str, float]:
    groups: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        groups[page.publisher].append(result.scores[page.id][2])
    return {
        name: round(statistics.mean(values), 3)
        for name, values in sorted(groups.items())
    }


def alarms(result: Result, manifest: dict[str, Any]) -> dict[str, int]:
    """Words that stand only in boilerplate and yet in the text (false alarms);
    words of the text that are lost.
    """
    false = missed = cases = wanted = 0
    for word, where in manifest["keywords"].items():
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        for page in where.get("only_in_page_furniture", ()):
            if page in result.texts:
                cases += 1
                false += bool(pattern.search(result.texts[page]))
        for page in where.get("in_title_or_text", ()):
            if page in result.texts:
                wanted += 1
                missed += not pattern.search(result.texts[page])
    return {
        "furniture_words": cases,
        "false_alarms": false,
        "wanted_words": wanted,
        "not_in_text": missed,
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "--replay",
        type=Path,
        default=Path(os.environ.get("MONITOR_REPLAY", "../shared/replay")),
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=5,
        help="rounds over all pages in the throughput run",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object instead of tables",
    )
    arguments = parser.parse_args()
    if not (arguments.replay / FOLDER / "gold.jsonl").exists():
        print(
            f"no labelled pages in {arguments.replay / FOLDER}; point MONITOR_REPLAY at the replay",
            file=sys.stderr,
        )
        return 2
    pages = load_pages(arguments.replay / FOLDER)
    manifest = json.loads(
        (arguments.replay / "manifest.json").read_text(encoding="utf-8")
    )
    extractors: dict[str, Callable[[Page], Answer]] = {
        "monitor": ours,
        "monitor, no hints": bare_of_hints,
        "trafilatura": trafilatura,
        "trafilatura precision": lambda page: trafilatura(
            page, favor_precision=True
        ),
        "readability-lxml": readability,
        "newspaper4k": newspaper,
    }
    results = {}
    made_up, systems = system_pages(), {}
    for name, extract in extractors.items():
        try:
            results[name] = run(pages, extract)
            systems[name] = summary(run(made_up, extract), made_up)
        except ImportError as error:
            print(
                f"{name}: left out ({error}); install the bench extra",
                file=sys.stderr,
            )
    results["monitor + learned"] = with_learning(pages)
    report = {
        "pages": len(pages),
        "extractors": {
            n: {**summary(r, pages), **alarms(r, manifest)}
            for n, r in results.items()
        },
        "systems": {"pages": len(made_up), "extractors": systems},
        "publishers": publishers(results["monitor"], pages),
        "new_outlet": new_outlet(),
        "worst": sorted(
            (round(s[2], 3), page)
            for page, s in results["monitor"].scores.items()
        )[:10],
    }
    workers, bodies = os.cpu_count() or 2, [page.html for page in pages]
    report["throughput"] = throughput(bodies, arguments.rounds, workers)
    mixed = throughput(
        [*bodies, *hostile(), *bodies], max(1, arguments.rounds // 2), workers
    )
    report["throughput"] |= {
        f"with hostile pages: {name}": value for name, value in mixed.items()
    }
    print(json.dumps(report, indent=1) if arguments.json else table(report))
    return 0


def bare(body: bytes) -> int:
    """What a child of the comparison does with one page."""
    document = importlib.import_module("trafilatura").bare_extraction(
        body, with_metadata=True
    )
    return len(document.text) if document else 0


def hostile() -> list[bytes]:
    """Pages that bare trafilatura survives, so that both sides can be given
    the same: what breaks it, only we end.
    """
    sentence = (
        "Der Rat der Stadt hat am Dienstag über den Haushalt beraten und ihn nach langer Debatte"
        " beschlossen. "
    )
    return [
        b"<html><body><p>"
        + b"<span>ab </span>" * 52_000
        + b"</p></body></html>",
        b"<html><body>"
        + b"<div>" * 300
        + f"<p>{sentence}</p>".encode()
        + b"</div>" * 300
        + b"</body></html>",
        b"%PDF-1.4 " + b"\x00\xff" * 5000,
        "<html><head><meta"
        f" charset=utf-8></head><body><h1>T</h1><p>{sentence * 9}</p></body></html>".encode(
            "cp1252"
        ),
        b"<html><body><p>" + b"x" * (20 * 1024 * 1024) + b"</p></body></html>",
    ]


def throughput(
    bodies: list[bytes], rounds: int, workers: int
) -> dict[str, float]:
    """Pages a second of our pool and of bare trafilatura in a process pool,
    alternating, all pages mixed.
    """
    tasks = [
        PageTask(f"https://z.example/{number}", body, "text/html")
        for number, body in enumerate(bodies)
    ]
    wall = {"pool": 0.0, "bare": 0.0}
    pool = ExtractPool(
        workers=workers,
        deadline_seconds=30,
        memory_bytes=2**30,
        pages_per_worker=500,
    )
    spawn = multiprocessing.get_context("spawn")
    # Our children step back behind the daemon; on a busy machine the
    # comparison must do so too.
    plain = ProcessPoolExecutor(
        workers, mp_context=spawn, initializer=os.nice, initargs=(STEP_BACK,)
    )
    with plain, ThreadPoolExecutor(2 * workers) as threads:
        list(plain.map(bare, bodies))
        list(threads.map(pool.extract, tasks))
        for _ in range(rounds):
            begun = time.perf_counter()
            list(threads.map(pool.extract, tasks))
            wall["pool"] += time.perf_counter() - begun
            begun = time.perf_counter()
            list(plain.map(bare, bodies, chunksize=1))
            wall["bare"] += time.perf_counter() - begun
        pool.close()
    count = rounds * len(bodies)
    return {
        "pool pages/s": round(count / wall["pool"], 1),
        "bare trafilatura pages/s": round(count / wall["bare"], 1),
        "pool time / bare time": round(wall["pool"] / wall["bare"], 3),
    }


def table(report: dict[str, Any]) -> str:
    columns = (
        "precision",
        "recall",
        "f1",
        "worst_f1",
        "below_0.75",
        "date",
        "day",
        "authors",
        "ms",
        "false_alarms",
    )
    lines = [
        f"{report['pages']} pages",
        f"{'':22}" + "".join(f"{c:>13}" for c in columns),
    ]
    lines += [
        f"{n:22}" + "".join(f"{v[c]:>13}" for c in columns)
        for n, v in report["extractors"].items()
    ]
    made_up = report["systems"]
    lines += [
        "",
        f"{made_up['pages']} made-up pages of many systems and kinds",
    ]
    lines += [
        f"{name:22}" + "".join(f"{row[c]:>13}" for c in TEXT_COLUMNS)
        for name, row in made_up["extractors"].items()
    ]
    lines += [""] + [
        f"{name}: {value}" for name, value in report["throughput"].items()
    ]
    lines += ["", "F1 per publisher (monitor)"] + [
        f"  {n:24}{f1:.3f}" for n, f1 in report["publishers"].items()
    ]
    lines += ["", "a new outlet after 12 pages (invented): F1"]
    lines += [
        f"  {name:28}{f1:.3f}" for name, f1 in report["new_outlet"].items()
    ]
    lines += ["", "worst pages (monitor)"] + [
        f"  {f1:.3f}  {page}" for f1, page in report["worst"]
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
