"""How fast topics meet articles, beside Lucene Monitor on the same tokens in
the same run.

    python benchmarks/matching.py [--topics 100 1000 10000 100000] [--share
    0.1] [--seconds 10] [--without-lucene]

The articles are those of the replay folder (MONITOR_REPLAY or
../shared/replay); without it, nothing is measured. The topics are made up from
a seed, within what both can express. Ours are timed from text to matches with
places; Lucene Monitor gets our folded tokens ready made and only says which
topics match. Words of topics are no joined forms (`carearbeit` beside `care`
of "Care-Arbeit"): in Lucene's index a token has no length, so phrases with
them mean another thing. It runs twice: as it is by default, and with wildcards
written as regular expressions, which it can file by their letters. Needs `mvn`
and a JDK.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.language.words import words
from monitor.match.reading import PART_GAP
from monitor.match.topics import CompiledTopics, compile_topics
from monitor.types.catalog import Located, Topic
from monitor.types.match import MatchText

SEED = 20250301
_HERE = Path(__file__).parent
_CLASSES = _HERE.parent / "build" / "lucene_monitor"
_PIECES = (
    """
haus krieg kreis stadt rat wahl markt bahn hof schule feuer wehr polizei meister sport verein spiel
geld steuer haushalt amt land wirtschaft arbeit platz wasser kraft werk strom netz recht gericht frage antwort
partei sitzung
""".strip()
    .replace("\n", " ")
    .split(" ")
)


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up topic in our language and in the driver's prefix notation."""

    query: str
    prefix: str


def read_articles() -> list[MatchText]:
    """The replay's articles; ends the program with the reason where there are
    none.
    """
    folder = Path(
        os.environ.get(
            "MONITOR_REPLAY", _HERE.parent.parent / "shared" / "replay"
        )
    )
    gold = folder / "data" / "fundus_de" / "gold.jsonl"
    if not gold.exists():
        sys.exit(f"skipped: there are no articles to match ({gold} is absent)")
    rows = [
        json.loads(line)
        for line in gold.read_text(encoding="utf-8").splitlines()
    ]
    return [
        MatchText(
            row["title"],
            " ".join(row["body"].get("summary") or ()),
            row["text"],
        )
        for row in rows
    ]


def make_topics(
    count: int, share: float, articles: Sequence[MatchText]
) -> list[Made]:
    """`count` topics: this share of their words stands in some article, the
    others are compounds that hardly do.
    """
    chance = random.Random(SEED)
    runs = [
        [
            folded
            for folded in _first_at_each_place(article.text)
            if _usable(folded)
        ]
        for article in articles
    ]
    known = sorted({term for run in runs for term in run if len(term) > 5})
    return [_Maker(chance, share, known, runs).topic() for _ in range(count)]


def _first_at_each_place(text: str) -> list[str]:
    """The words without the forms that stand beside others.

    Ours end with the last part that they join, so `"carearbeit arbeit"` is not
    in "Care-Arbeit". Lucene's index knows no such length: there each token
    ends where it begins.
    """
    first = {word.position: word.folded for word in reversed(words(text))}
    return [first[position] for position in sorted(first)]


def _usable(term: str) -> bool:
    return term.isascii() and term.isalpha() and len(term) > 3


@dataclass(frozen=True, slots=True)
class _Maker:
    """What one topic is made from: chance, the share of known words, these
    words, and the articles as word lists.
    """

    chance: random.Random
    share: float
    known: list[str]
    runs: list[list[str]]

    def topic(self) -> Made:
        several = [self.clause() for _ in range(self.chance.randint(1, 4))]
        query = f"({' OR '.join(clause.query for clause in several)})"
        prefix = f"( or {' '.join(clause.prefix for clause in several)} )"
        if self.chance.random() < 0.3:
            required = self.clause()
            query, prefix = (
                f"{query} AND {required.query}",
                f"( and {prefix} {required.prefix} )",
            )
        if self.chance.random() < 0.2:
            excluded = self.word()
            query, prefix = (
                f"{query} NOT {excluded}",
                f"( and {prefix} not w:{excluded} )",
            )
        return Made(query, prefix)

    def clause(self) -> Made:
        """A word 50 %, beginning 15 %, ending 5 %, phrase 20 %, NEAR 10 %."""
        kind = self.chance.random()
        word = self.word()
        if kind < 0.5:
            return Made(word, f"w:{word}")
        if kind < 0.65:
            return Made(f"{word[:8]}*", f"s:{word[:8]}")
        if kind < 0.7:
            return Made(f"*{word[-8:]}", f"e:{word[-8:]}")
        run = self.chance.choice(self.runs)
        at = self.chance.randrange(len(run) - 1)
        one, other = (
            (run[at], run[at + 1])
            if self.chance.random() < self.share
            else (word, run[at])
        )
        # Lucene finds a word near its own compound
        if kind < 0.9 or one.startswith(other) or other.startswith(one):
            return Made(f'"{one} {other}"', f"p:{one}+{other}")
        return Made(f"{one} NEAR/5 {other}", f"n:5+{one}+{other}")

    def word(self) -> str:
        if self.chance.random() < self.share:
            return self.chance.choice(self.known)
        return "".join(
            self.chance.choice(_PIECES)
            for _ in range(self.chance.randint(2, 3))
        )


def compile_made(made: Sequence[Made]) -> CompiledTopics:
    """Our side's preparation."""
    topics = [
        Topic(str(number), "T", query=Located(one.query, "", ()))
        for number, one in enumerate(made)
    ]
    compiled = compile_topics(topics)
    assert len(compiled) == len(made), [
        problem for problem in compiled.problems if problem.fatal
    ][:3]
    return compiled


def tokens_of(article: MatchText) -> Iterator[str]:
    """The article's words as the driver reads them: position increment and
    folded form.
    """
    last = -1
    base = 0
    for text in (article.title, article.lead, article.text):
        for word in words(text):
            yield f"{base + word.position - last}:{word.folded}"
            last = base + word.position
        base = max(last, 0) + PART_GAP


def measure_ours(
    count: int, share: float, seconds: float
) -> dict[str, object]:
    """Rate, memory and matches on our side.

    Runs in a process of its own, so that memory is this size's alone.
    """
    articles = read_articles()
    made = make_topics(count, share, articles)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    compiled = compile_made(made)
    prepared = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    matches = [
        [match.topic_id for match in compiled.match(article)]
        for article in articles
    ]
    done = 0
    began = time.process_time()
    while time.process_time() - began < seconds:
        compiled.match(articles[done % len(articles)])
        done += 1
    rate = done / (time.process_time() - began)
    return {
        "rate": rate,
        "prepared": prepared,
        "heap": memory * 1024,
        "matches": matches,
    }


def measure_lucene(
    count: int, share: float, seconds: float, *, mode: str
) -> dict[str, object]:
    """The same of Lucene Monitor, by its driver."""
    articles = read_articles()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_topics(count, share, articles)
        queries = "\n".join(
            f"{number}\t{one.prefix}" for number, one in enumerate(made)
        )
        (folder / "queries").write_text(queries + "\n", encoding="utf-8")
        (folder / "articles").write_text(
            "\n".join(" ".join(tokens_of(a)) for a in articles) + "\n",
            encoding="utf-8",
        )
        files = [
            str(folder / part) for part in ("queries", "articles", "matches")
        ]
        command = [
            "java",
            "-Xmx3g",
            "-XX:+UseSerialGC",
            "-cp",
            f"{_CLASSES}{os.pathsep}{_CLASSES}/lib/*",
        ]
        command += ["MonitorBenchmark", *files, str(seconds), mode]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True
        )
        matches = [
            line.split()
            for line in (folder / "matches")
            .read_text(encoding="utf-8")
            .splitlines()
        ]
    return {**json.loads(done.stdout), "matches": matches}


def build_driver() -> None:
    """Fetch Lucene Monitor from Maven Central and compile the driver, both
    under build/.
    """
    for tool in ("mvn", "javac", "java"):
        if shutil.which(tool) is None:
            sys.exit(
                f"skipped: {tool} is not installed; --without-lucene measures our side alone"
            )
    source = _HERE / "lucene_monitor"
    libraries = _CLASSES / "lib"
    target = [f"-DoutputDirectory={libraries}", "-f", str(source / "pom.xml")]
    fetching = subprocess.run(
        ["mvn", "-q", "-B", "dependency:copy-dependencies", *target],
        capture_output=True,
        text=True,
        check=False,
    )
    if fetching.returncode:
        sys.exit(
            f"skipped: Lucene Monitor could not be fetched\n{fetching.stdout}"
        )
    driver = str(source / "MonitorBenchmark.java")
    subprocess.run(
        ["javac", "-d", str(_CLASSES), "-cp", f"{libraries}/*", driver],
        check=True,
    )


def main() -> None:
    """Measure each size on each side in a process of its own and print one
    table.
    """
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else None
    )
    parser.add_argument(
        "--topics", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000]
    )
    parser.add_argument(
        "--share",
        type=float,
        default=0.1,
        help="of the topics' words, how many stand in an article",
    )
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--without-lucene", action="store_true")
    parser.add_argument("--ours", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ours:
        print(
            json.dumps(
                measure_ours(
                    arguments.ours, arguments.share, arguments.seconds
                )
            )
        )
        return
    articles = read_articles()
    if not arguments.without_lucene:
        build_driver()
    average = sum(
        len(list(tokens_of(article))) for article in articles
    ) // len(articles)
    print(
        f"{len(articles)} articles, {average} words on average; articles per CPU second, one"
        " thread\n"
    )
    print(
        f"{'topics':>8} {'side':<16} {'articles/s':>10} {'MB':>6} {'prepared s':>10}  matches per"
        " article"
    )
    for count in arguments.topics:
        command = [sys.executable, __file__, "--ours", str(count)]
        command += [
            "--share",
            str(arguments.share),
            "--seconds",
            str(arguments.seconds),
        ]
        ours = json.loads(
            subprocess.run(
                command, check=True, capture_output=True, text=True
            ).stdout
        )
        _print(count, "monitor", ours, ours)
        for mode in () if arguments.without_lucene else ("plain", "regexp"):
            theirs = measure_lucene(
                count, arguments.share, arguments.seconds, mode=mode
            )
            _print(count, f"lucene {mode}", theirs, ours)


def _print(
    count: int, side: str, result: dict[str, object], ours: dict[str, object]
) -> None:
    found, wanted = (
        [set(ids) for ids in one["matches"]] for one in (result, ours)
    )  # type: ignore[attr-defined]
    other = sum(len(one ^ two) for one, two in zip(found, wanted, strict=True))
    verdict = f"{sum(map(len, found)) / len(found):.1f}" + (
        f", {other} DIFFERENT" if other else ", equal"
    )
    numbers = f"{result['rate']:>10.1f} {result['heap'] / 1e6:>6.0f} {result['prepared']:>10.1f}"  # type: ignore[operator]
    print(f"{count:>8} {side:<16} {numbers}  {verdict}", flush=True)


if __name__ == "__main__":
    main()
