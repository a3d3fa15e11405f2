"""One full pass over the replay of real pages, beside bare trafilatura on the
very same page bytes in the same run.

    python benchmarks/pass.py [--json] [--repeat 3] [--copies 12]

Ours fetches, parses, identifies, extracts in child processes, stores, matches,
indexes and mails; trafilatura only extracts, with metadata, in one process.
The pause between requests to one server is set to 0, so that politeness is not
what is measured. Memory is the proportional share (PSS) of the whole process
tree, sampled.

`--copies` serves each labelled page of the replay at so many addresses, on as
many hosts, its long words changed in each, so that none is a copy of another
to the program: 12 make some 600 pages.
"""

from __future__ import annotations

import argparse
import compileall
import gzip
import json
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
SAMPLE_SECONDS = 0.05
LOCAL = ("radioherford", "herford-aktuell", "herford-portal")
LETTERS = b"abcdefghijklmnopqrstuvwxyz"
TEXT = re.compile(rb"(?<=>)[^<>]+(?=<)")
LONG_WORD = re.compile(rb"[A-Z]?[a-z]{6,}")
HEAD = """\
defaults: {initial: all}
recipients:
  - {name: anna, email: anna@example.org}
  - {name: bert, email: bert@example.org}
topics: [{name: Ukraine, any: ['Ukraine*'], recipients: [anna, bert]}]"""
BARE = """
import json, sys, time, resource
import trafilatura
pages = json.load(open(sys.argv[1]))
loaded = [(url, open(path, "rb").read()) for url, path in pages]
began, cpu = time.perf_counter(), time.process_time()
found = sum(bool(trafilatura.extract(body, url=url, with_metadata=True)) for url, body in loaded)
print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "found": found}))
"""


@dataclass(frozen=True)
class Measured:
    """One run over the same pages."""

    what: str
    articles: int
    seconds: float
    cpu_seconds: float
    peak_megabytes: float

    @property
    def per_second(self) -> float:
        return self.articles / self.seconds

    @property
    def cpu_per_article(self) -> float:
        return 1000 * self.cpu_seconds / self.articles


class Replay:
    """The replay as a process, everything released."""

    def __init__(self, folder: Path) -> None:
        self.port = random.randrange(20_000, 32_000)
        command = [
            sys.executable,
            folder / "replay.py",
            "--addresses",
            "--initial",
            "all",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def hosts(self) -> dict[str, dict[str, Any]]:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}/_control/hosts", timeout=10
        ) as answer:
            found: dict[str, dict[str, Any]] = json.load(answer)
            return found

    def feeds_file(self) -> str:
        lines = [HEAD, "feeds:"]
        for host, row in self.hosts().items():
            root = f"http://{row['address']}:{self.port}"
            if host == "radioherford":
                lines.append(
                    f"  - {json.dumps({'id': host, 'title': host, 'site': root + '/'})}"
                )
            elif row["kind"] == "publisher" or host in LOCAL:
                lines.append(
                    f"  - {json.dumps({'id': host, 'title': row['name'], 'url': root + row['feed']})}"
                )
        return "\n".join(lines) + "\n"


class Copies:
    """Every labelled page many times over, each time in other words, and a
    feed for each host.
    """

    def __init__(self, folder: Path, copies: int) -> None:
        rows = (
            (folder / "data" / "fundus_de" / "gold.jsonl")
            .read_text("utf-8")
            .splitlines()
        )
        files = [
            folder / "data" / "fundus_de" / json.loads(row)["html"]
            for row in rows
        ]
        self.hosts = [f"127.77.9.{number + 1}" for number in range(copies)]
        pages = [gzip.decompress(file.read_bytes()) for file in files]
        self.bodies = {
            f"{host}/{number}.html": in_other_words(page, shift)
            for shift, host in enumerate(self.hosts)
            for number, page in enumerate(pages)
        }
        self.items = len(pages)
        self.server = ThreadingHTTPServer(("0.0.0.0", 0), self._handler())
        self.port = self.server.server_port
        self.process = multiprocessing.get_context("fork").Process(
            target=self.server.serve_forever, daemon=True
        )
        self.process.start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = self.headers["Host"].partition(":")[0]
                body = (
                    served.feed(host)
                    if self.path == "/feed"
                    else served.page(host, self.path)
                )
                self.send_response(200 if body else 404)
                kind = (
                    "application/rss+xml"
                    if self.path == "/feed"
                    else "text/html"
                )
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        return Handler

    def page(self, host: str, path: str) -> bytes:
        return self.bodies.get(f"{host}{path}", b"")

    def feed(self, host: str) -> bytes:
        items = "".join(
            f"<item><title>Meldung {number}</title>"
            f"<link>http://{host}:{self.port}/{number}.html</link></item>"
            for number in range(self.items)
        )
        head = f"<title>Zeitung {host}</title><link>http://{host}/</link>"
        return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()

    def feeds_file(self) -> str:
        lines = [HEAD, "feeds:"]
        for host in self.hosts:
            url = f"http://{host}:{self.port}/feed"
            feed = {
                "id": f"h{host.rpartition('.')[2]}",
                "title": f"Zeitung {host}",
                "url": url,
            }
            lines.append(f"  - {json.dumps(feed)}")
        return "\n".join(lines) + "\n"


def in_other_words(page: bytes, shift: int) -> bytes:
    """A page whose long words are others, its markup and its short words the
    same.
    """
    order = bytes.maketrans(LETTERS, LETTERS[shift:] + LETTERS[:shift])

    def changed(text: re.Match[bytes]) -> bytes:
        return LONG_WORD.sub(
            lambda word: word[0][:3] + word[0][3:].translate(order), text[0]
        )

    return TEXT.sub(changed, page)


def watched(
    command: list[str], folder: Path
) -> tuple[float, float, float, str]:
    """Seconds, CPU seconds of all its processes, peak megabytes of all its
    processes together, and its output.
    """
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MONITOR_")
    }
    env |= {
        "PYTHONPATH": str(ROOT),
        "MONITOR_ALLOWED_NETWORKS": "127.77.0.0/16",
        "MONITOR_FETCH_MIN_GAP": "0 s",
        "MONITOR_LOG_LEVEL": "error",
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, text=True
    )
    peak, over = [0.0], threading.Event()
    sampler = threading.Thread(target=sample, args=(process.pid, peak, over))
    sampler.start()
    assert process.stdout is not None
    out = process.stdout.read()
    # what its own children used is in it: it waits for them
    _, status, usage = os.wait4(
        process.pid,
        0,
    )
    seconds = time.perf_counter() - began
    over.set()
    sampler.join()
    if status:
        sys.exit(
            f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}\n{out}"
        )
    return seconds, usage.ru_utime + usage.ru_stime, peak[0] / 1e6, out


def sample(pid: int, peak: list[float], over: threading.Event) -> None:
    while not over.wait(SAMPLE_SECONDS):
        total = 0
        try:
            root = psutil.Process(pid)
            family = [root, *root.children(recursive=True)]
        except psutil.Error:
            continue
        for process in family:
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue
        peak[0] = max(peak[0], total)


def one_pass(folder: Path) -> Measured:
    seconds, cpu, peak, out = watched(
        [sys.executable, "-m", "monitor", "run", "--once", "--json"], folder
    )
    return Measured(
        "monitor run --once",
        json.loads(out)["pipeline"]["articles"],
        seconds,
        cpu,
        peak,
    )


def page_addresses(folder: Path) -> list[str]:
    """Every page that the pass stored."""
    command = [
        sys.executable,
        "-m",
        "monitor",
        "--data",
        str(folder / "data"),
        "search",
        "--json",
        "--limit",
        "1000",
    ]
    _, _, _, out = watched(command, folder)
    return [hit["url"] for hit in json.loads(out)["hits"]]


def bare(folder: Path, pages: Path) -> tuple[Measured, Measured]:
    """Trafilatura on all pages: its extraction alone, and with what starting
    Python and importing it cost.
    """
    seconds, cpu, peak, out = watched(
        [sys.executable, "-c", BARE, str(pages)], folder
    )
    inner = json.loads(out)
    count = len(json.loads(pages.read_text()))
    return (
        Measured(
            "bare trafilatura", count, inner["seconds"], inner["cpu"], peak
        ),
        Measured(
            "bare trafilatura, start included", count, seconds, cpu, peak
        ),
    )


def save_pages(folder: Path, addresses: list[str]) -> Path:
    """The bytes of every page in a file each, and a list of them."""
    saved = []
    for number, url in enumerate(addresses):
        path = folder / f"page-{number}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            path.write_bytes(answer.read())
        saved.append((url, str(path)))
    listed = folder / "pages.json"
    listed.write_text(json.dumps(saved))
    return listed


def middle(runs: list[Measured]) -> Measured:
    """The run with the median time."""
    wanted = statistics.median_low([run.seconds for run in runs])
    return next(run for run in runs if run.seconds == wanted)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON document"
    )
    parser.add_argument(
        "--repeat",
        type=int,
        default=3,
        help="runs of each; the median is shown",
    )
    parser.add_argument(
        "--copies",
        type=int,
        default=0,
        help="many pages instead of the replay",
    )
    options = parser.parse_args()
    # as pip does with what it installs
    compileall.compile_dir(ROOT / "monitor", quiet=2)
    replay_folder = Path(
        os.environ.get("MONITOR_REPLAY") or ROOT.parent / "shared" / "replay"
    )
    if not (replay_folder / "replay.py").is_file():
        sys.exit("the replay is not here: set MONITOR_REPLAY to its folder")
    replay = (
        Copies(replay_folder, options.copies)
        if options.copies
        else Replay(replay_folder)
    )
    try:
        with tempfile.TemporaryDirectory(prefix="monitor-pass-") as name:
            results = measure(Path(name), replay, options.repeat)
    finally:
        replay.process.kill()
    if options.json:
        print(
            json.dumps(
                [
                    asdict(r) | {"articles_per_second": r.per_second}
                    for r in results
                ],
                indent=2,
            )
        )
        return
    print(
        f"{'':34}{'articles':>9}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}{'art./s':>8}{'CPU ms/art.':>13}"
    )
    for r in results:
        print(
            f"{r.what:34}{r.articles:9}{r.seconds:9.2f}{r.cpu_seconds:8.2f}{r.peak_megabytes:9.0f}"
            f"{r.per_second:8.1f}{r.cpu_per_article:13.1f}"
        )


def measure(
    folder: Path, replay: Replay | Copies, repeat: int
) -> list[Measured]:
    """Ours, ours on nothing due, and trafilatura, taking turns so that the
    machine treats them alike.
    """
    ours: list[Measured] = []
    plain: list[tuple[Measured, Measured]] = []
    pages: Path | None = None
    for number in range(repeat):
        life = folder / f"life-{number}"
        life.mkdir()
        (life / "feeds.yaml").write_text(replay.feeds_file())
        ours.append(one_pass(life))
        pages = pages or save_pages(folder, page_addresses(life))
        plain.append(bare(folder, pages))
    return [
        middle(ours),
        middle([alone for alone, _ in plain]),
        middle([whole for _, whole in plain]),
    ]


if __name__ == "__main__":
    main()
