"""A simulated week on a fast clock: the real program against a replay of real
publishers and hostile servers.

    python -m benchmarks.week.run --replay DIR [--speed 600] [--days 7]

Starts the replay's server and `monitor run --speed N`, lets the feeds go on
(new articles, an edit, outages), stops the program, and checks by program what
a publisher would have seen (`rules.py`) and what became of each feed. Exit
code 1 where a rule was broken. Real network time is not sped up: the pause
between requests is set so long that it can still be told from the noise of a
busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, text

from benchmarks.week.rules import Breach, Expected, check, read_log

GAP, FLOOR, CEILING = 60.0, 600.0, 6 * 3600.0
DEADLINE = 6.0
CONTACT = "redaktion@example.org"
NO_FEEDS = {
    "redirect-loop-b.rss",
    "redirect-relative-target.rss",
    "moved-target.rss",
    "moved-308-target.rss",
    "moved-temporary-target.rss",
    "canary.dtd",
}
"""Endpoints that others lead to: listed as feeds they would hide what the
others do.
"""
FAILING = (
    "missing.rss",
    "forbidden.rss",
    "broken.rss",
    "reset.rss",
    "hang.rss",
    "redirect-loop.rss",
    "redirect-private.rss",
    "redirect-metadata.rss",
    "redirect-file.rss",
    "redirect-elasticsearch.rss",
    "empty.rss",
    "binary.rss",
    "html-instead.rss",
    "gzip-bomb.rss",
    "infinite.rss",
    "slow-drip.rss",
    "billion-laughs.rss",
    "redirect-chain.rss",
    "huge.rss",
)
HOSTILE_VALIDATORS = ("ok.rss", "max-age.rss")
BROKEN_OFF = (
    "/gzip-bomb.rss",
    "/infinite.rss",
    "/huge.rss",
    "/page/infinite",
    "/page/huge",
)
WELL = {"new", "changed", "unchanged", "not_modified"}
OUTCOMES = {
    "gone.rss": {"gone"},
    "missing.rss": {"not_found"},
    "forbidden.rss": {"unauthorized"},
    "broken.rss": {"server_error"},
    "reset.rss": {"protocol"},
    "hang.rss": {"timeout"},
    "slow-drip.rss": {"timeout"},
    "infinite.rss": {"too_large"},
    "gzip-bomb.rss": {"decoding", "too_large"},
    "huge.rss": {"too_large"},
    "redirect-loop.rss": {"redirects"},
    "redirect-chain.rss": {"redirects"},
    "redirect-metadata.rss": {"refused_address"},
    "redirect-private.rss": {"refused_address"},
    "redirect-elasticsearch.rss": {"refused_address"},
    "redirect-file.rss": {"refused_address"},
    "empty.rss": {"not_a_feed"},
    "binary.rss": {"not_a_feed"},
    "html-instead.rss": {"not_a_feed"},
    "billion-laughs.rss": {"not_a_feed"},
    "too-many.rss": {"rate_limited"},
    "unavailable.rss": {"rate_limited"},
    "flaky.rss": WELL | {"server_error"},
}
"""How polls of hostile endpoints may end, by the manifest's words; all others
end well.
"""


class Replay:
    """The replay's server and its controls."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        command = [
            sys.executable,
            str(folder / "replay.py"),
            "--addresses",
            "--port",
            str(port),
            "--rebase-dates",
        ]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        print(self._process.stdout.readline().strip())
        self.hosts: dict[str, dict[str, Any]] = self.control("hosts")
        self.manifest = json.loads(
            (folder / "manifest.json").read_text(encoding="utf-8")
        )

    def control(self, words: str) -> Any:
        """One command to the server."""
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}/_control/{words}", timeout=60
        ) as answer:
            return json.load(answer)

    def url(self, host: str, path: str) -> str:
        """An address on a host's own loopback address."""
        return f"http://{self.hosts[host]['address']}:{self.port}{path}"

    def items(self, host: str, path: str) -> int:
        """How many items one of the real feeds lists."""
        with urllib.request.urlopen(
            self.url(host, path), timeout=60
        ) as answer:
            return int(answer.read().count(b"<item>"))

    def close(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()


def feeds_of(replay: Replay) -> dict[str, tuple[str, str]]:
    """Feed id to (host, path): every publisher, group, special host and
    hostile endpoint.
    """
    found = {}
    for host, facts in replay.hosts.items():
        if facts["kind"] in ("publisher", "group"):
            found[host] = (host, "/feed.rss")
        if host.startswith("syndi-"):
            found[host] = (host, "/feed.rss")
    for path in replay.manifest["real_feeds"]:
        _, _, host, name = path.split("/", 3)
        found[f"{host}-{name.removesuffix('.xml').replace('_', '-')}"] = (
            host,
            f"/{name}",
        )
    for host in (
        "robots-news",
        "robots-closed",
        "robots-error",
        "tdm",
        "herford-aktuell",
        "herford-portal",
    ):
        found[host] = (host, "/feed.rss")
    for endpoint in replay.manifest["hostile"]:
        name = endpoint["path"].rsplit("/", 1)[1]
        if name not in NO_FEEDS:
            found["hostile-" + name.removesuffix(".rss")] = (
                "hostile",
                "/" + name,
            )
    return found


def write_catalog(
    path: Path, replay: Replay, feeds: dict[str, tuple[str, str]]
) -> None:
    """feeds.yaml for the week; one station is known by its page only."""
    lines = [
        "defaults: {min_interval: 10 min, max_interval: 6 h, initial: all}",
        "recipients: [{name: anna, email: anna@example.org}]",
        "topics:",
        "  - {name: Polizei, any: [Polizei*], recipients: [anna]}",
        "  - {name: Ukraine, any: [Ukraine*], recipients: [anna], mode: digest}",
        "feeds:",
        f"  - {{id: radioherford, site: '{replay.url('radioherford', '/')}'}}",
    ]
    for name, place in feeds.items():
        # they lead out into the real world
        pages = ", fulltext: false" if place[0] == "real" else ""
        lines.append(f"  - {{id: {name}, url: '{replay.url(*place)}'{pages}}}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def expectations(
    replay: Replay,
    feeds: dict[str, tuple[str, str]],
    *,
    speed: float,
    until: float,
) -> Expected:
    """What the hosts ask for, by the replay's own description."""
    places: dict[str, list[str]] = {}
    for host, path in feeds.values():
        places.setdefault(host, []).append(path)
    places.pop("robots-error")  # never asked, which another rule sees
    validators = {
        (host, "/feed.rss"): facts["validator"]
        for host, facts in replay.hosts.items()
        if facts["kind"] in ("publisher", "group")
    }
    validators |= {
        place: "etag+last-modified"
        for place in feeds.values()
        if place[0] == "real"
    }
    validators |= {
        ("hostile", "/" + name): "etag+last-modified"
        for name in HOSTILE_VALIDATORS
    }
    return Expected(
        speed=speed,
        gap=GAP,
        floor=FLOOR,
        ceiling=CEILING,
        contact=CONTACT,
        until=until,
        crawl_delays={
            host: 1.0
            for host, facts in replay.hosts.items()
            if facts["robots"] == "crawl-delay"
        }
        | {"robots-news": 2.0},
        feeds=places,
        validators=validators,
        rests={
            ("hostile", "/too-many.rss"): 120.0,
            ("hostile", "/unavailable.rss"): 60.0,
        },
        closed={
            "robots-closed": ("*",),
            "robots-error": ("*",),
            "robots-news": ("/intern/drei.html",),
        },
        never=("/canary.dtd",),
        failing=[("hostile", "/" + name) for name in FAILING],
        gone=[("hostile", "/gone.rss")],
        moved={("hostile", "/moved-permanently.rss"): "/moved-target.rss"},
        wandering={
            (
                "hostile",
                "/moved-temporarily.rss",
            ): "/moved-temporary-target.rss"
        },
    )


def outcomes(
    replay: Replay, database: Path, feeds: dict[str, tuple[str, str]]
) -> list[Breach]:
    """What the manifest expects of each feed, against the program's own
    memory.
    """
    breaches = []
    with create_engine(f"sqlite:///{database}").connect() as connection:
        counted = "SELECT feed_id, count(DISTINCT article_id) FROM entries GROUP BY feed_id"
        articles = {
            row[0]: row[1] for row in connection.execute(text(counted))
        }
        last = {
            row.id: row
            for row in connection.execute(text("SELECT * FROM feeds"))
        }
        polls = connection.execute(
            text("SELECT DISTINCT feed_id, outcome FROM polls")
        ).all()
        bodies = (
            connection.execute(
                text("SELECT title || lead || text FROM articles")
            )
            .scalars()
            .all()
        )
    expected = {
        "hostile-" + e["path"].rsplit("/", 1)[1].removesuffix(".rss"): e[
            "expected_docs"
        ]
        for e in replay.manifest["hostile"]
    }
    expected |= {
        p["host"]: len(p["articles"]) for p in replay.manifest["publishers"]
    }
    expected |= {g["host"]: g["articles"] for g in replay.manifest["groups"]}
    copies = Counter(
        member["path"].split("/")[2]
        for group in replay.manifest["syndication"]
        for member in group["members"]
    )
    expected |= copies | {
        feed: replay.items(*place)
        for feed, place in feeds.items()
        if place[0] == "real"
    }
    for feed in feeds:
        wanted = expected.get(feed)
        if wanted is not None and articles.get(feed, 0) != wanted:
            detail = f"{articles.get(feed, 0)}, not {wanted}"
            breaches.append(
                Breach("the documents that the manifest expects", feed, detail)
            )
        if last[feed].next_due_at is None or not last[feed].due_reason:
            breaches.append(
                Breach(
                    "status says when next and why",
                    feed,
                    str(last[feed].next_due_at),
                )
            )
    outage = replay.manifest["publishers"][0]["host"]
    for feed, outcome in polls:
        host, path = feeds.get(feed, ("radioherford", ""))
        well = (
            OUTCOMES.get(path.removeprefix("/"), WELL)
            if host == "hostile"
            else WELL
        )
        well = (
            {"robots"}
            if host == "robots-error"
            else well | ({"server_error"} if host == outage else set())
        )
        if outcome not in well | {"resting"}:
            breaches.append(
                Breach("each poll ends as the manifest says", feed, outcome)
            )
    if not articles.get("radioherford"):
        breaches.append(
            Breach(
                "a site's feed is found",
                "radioherford",
                str(last["radioherford"].last_detail),
            )
        )
    if any("root:x:" in body for body in bodies):
        breaches.append(Breach("no file is read", "xxe", ""))
    return breaches


def mails(folder: Path) -> tuple[Counter[str], list[Breach]]:
    """Notices by subject, and what a hostile title did to a header."""
    subjects: Counter[str] = Counter()
    breaches = []
    for file in sorted(folder.glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if (
            mail["Bcc"]
            or len(mail.get_all("Subject", [])) != 1
            or mail["To"].count("@") != 1
        ):
            breaches.append(
                Breach(
                    "one Subject, no Bcc, one recipient",
                    file.name,
                    str(mail["Subject"]),
                )
            )
        if mail["To"].startswith("chef@"):
            subjects[str(mail["Subject"])] += 1
    for word in ("umgezogen", "abgeschaltet"):
        told = sum(
            number for subject, number in subjects.items() if word in subject
        )
        if told != 1:
            breaches.append(Breach("one notice each", word, f"{told} notices"))
    return subjects, breaches


def live(replay: Replay, *, seconds: float, stopped: threading.Event) -> None:
    """What happens at the publishers meanwhile: articles appear, one is
    edited, two hosts fail for a while.
    """
    waiting = (
        replay.control("state")["articles"]
        - replay.control("state")["released"]
    )
    host = replay.manifest["publishers"][0]["host"]
    for number in range(waiting):
        if stopped.wait(seconds * 0.7 / waiting):
            return
        replay.control("release/+1")
        if number == waiting // 3:
            replay.control(f"outage/{host}/503/4")
        if number == waiting // 2:
            replay.control(
                f"update/{replay.manifest['publishers'][1]['articles'][0]['id']}"
            )


def main() -> int:
    """Run the week and judge it."""
    arguments = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    arguments.add_argument(
        "--replay",
        type=Path,
        default=Path(os.environ.get("MONITOR_REPLAY", "../shared/replay")),
    )
    arguments.add_argument("--speed", type=float, default=600)
    arguments.add_argument("--days", type=float, default=7)
    arguments.add_argument("--port", type=int, default=18099)
    arguments.add_argument(
        "--folder",
        type=Path,
        help="keep everything here instead of in a folder that is dropped",
    )
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as dropped:
        return week(chosen, chosen.folder or Path(dropped))


def week(chosen: argparse.Namespace, folder: Path) -> int:
    """One rehearsal in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    replay = Replay(chosen.replay, chosen.port)
    seconds = chosen.days * 86400 / chosen.speed
    stopped = threading.Event()
    try:
        feeds = feeds_of(replay)
        write_catalog(folder / "feeds.yaml", replay, feeds)
        program = start(folder, speed=chosen.speed)
        threading.Thread(
            target=live,
            args=(replay,),
            kwargs={"seconds": seconds, "stopped": stopped},
        ).start()
        peak = watch(program, seconds, note=folder / "memory")
        until = time.time()
        program.send_signal(signal.SIGTERM)
        code = program.wait(30)
        took = time.time() - until
        rows = replay.control("log")
        (folder / "requests.json").write_text(
            json.dumps(rows), encoding="utf-8"
        )
        log = read_log(rows, deadline=DEADLINE, broken_off=BROKEN_OFF)
        breaches = list(
            check(
                log,
                expectations(replay, feeds, speed=chosen.speed, until=until),
            )
        )
        breaches += outcomes(
            replay, folder / "data" / "monitor.sqlite3", feeds
        )
        subjects, injected = mails(folder / "data" / "outbox")
        breaches += injected
    finally:
        stopped.set()
        replay.close()
    broken = (folder / "log").read_text(encoding="utf-8").count("[error")
    if broken:
        breaches.append(
            Breach("nothing breaks inside", "log", f"{broken} error lines")
        )
    for breach in breaches[:200]:
        print(f"BREACH {breach.rule}: {breach.host}: {breach.detail}")
    print(f"notices: {dict(subjects)}")
    print(
        f"{chosen.days:g} days at speed {chosen.speed:g}: {len(feeds) + 1} feeds, {len(log)}"
        f" requests, peak {peak.told()}, exit {code} after {took:.1f} s, {len(breaches)} breaches:"
        f" {dict(Counter(breach.rule for breach in breaches))}"
    )
    return 1 if breaches else 0


def start(folder: Path, *, speed: float) -> subprocess.Popen[bytes]:
    """The real program, as a tester starts it."""
    settings = {
        "MONITOR_ALLOWED_NETWORKS": "127.77.0.0/16",
        "MONITOR_FETCH_MIN_GAP": f"{GAP:.0f} s",
        "MONITOR_FETCH_DEADLINE": f"{DEADLINE:.0f} s",
        "MONITOR_CONTACT": CONTACT,
        "MONITOR_OPERATOR": "chef@example.org",
    }
    command = [
        sys.executable,
        "-m",
        "monitor",
        "--feeds",
        str(folder / "feeds.yaml"),
        "--data",
        str(folder / "data"),
        "run",
        "--speed",
        str(speed),
    ]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, stderr=log, stdout=log, env=os.environ | settings
        )


@dataclass(slots=True)
class Memory:
    """Largest resident memory in bytes: of the daemon, of that what is mapped
    from files, and with its children.
    """

    daemon: int = 0
    files: int = 0
    everything: int = 0

    def told(self) -> str:
        """In words."""
        return (
            f"{self.daemon >> 20} MB (files {self.files >> 20} MB), with children"
            f" {self.everything >> 20} MB"
        )


def watch(
    program: subprocess.Popen[bytes], seconds: float, *, note: Path
) -> Memory:
    """Wait the week out; `note` gets the daemon's memory once a real second,
    for whoever wants to know what grew.
    """
    process = psutil.Process(program.pid)
    peak = Memory()
    end = time.monotonic() + seconds
    with note.open("w", encoding="utf-8") as rows:
        while time.monotonic() < end and program.poll() is None:
            own = process.memory_info()
            if own.rss > peak.daemon:
                peak.daemon, peak.files = own.rss, own.shared
            children = sum(
                _resident(child) for child in process.children(recursive=True)
            )
            peak.everything = max(peak.everything, own.rss + children)
            rows.write(
                f"{time.time():.1f} {own.rss >> 20} {own.shared >> 20} {children >> 20}\n"
            )
            time.sleep(1)
    return peak


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


if __name__ == "__main__":
    sys.exit(main())
