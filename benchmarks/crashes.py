"""kill -9 at every step between an article and its mail, against a mail server
that misbehaves: what is lost?

    python -m benchmarks.crashes [KILLS] [--seed N]

Lives follow each other on one database: each adds articles, matches, composes
and sends, until it is killed at a step drawn by lot (after the commit, after
matching, after composing, before sending, with the message on its way, after
the server has it, before marking, after marking). The server answers 250,
loses its answer after keeping the message, says 421, 450 or 550, or takes its
time. At the end a last life runs to the end of all retries, and the books are
compared: every alert against what the server kept. Exit 1 if one alert is
lost, or told under two Message-IDs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from functools import partial
from pathlib import Path

import structlog
from aiosmtpd.controller import Controller
from sqlalchemy import select

from monitor.config.settings import Settings
from monitor.flow.pipeline import Steps
from monitor.flow.reload import ReloadedCatalog
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.notify.transport.smtp import SmtpMailer
from monitor.store.engine import Database
from monitor.store.polling import entries
from monitor.store.polling.new_items import NewItem, take_in
from monitor.store.reading import articles, text_versions
from monitor.store.tables import alerts, deliveries
from monitor.store.tables import entries as entry_table
from monitor.types.catalog import Feed
from monitor.types.feed import Entry, FeedDate, Identity, Verdict, VerdictKind
from monitor.types.page import ExtractFailed
from monitor.types.state import ArticleDates, Extraction, ReadResult
from monitor.wiring.daemon import take_over
from monitor.wiring.database import open_database
from monitor.wiring.outside import Outside
from monitor.wiring.steps import build_steps
from tests.fakes import DictHttp, SetClock
from tests.services import free_port

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
STEPS = (
    "after commit",
    "after match",
    "after compose",
    "before send",
    "in DATA",
    "after DATA",
    "before marking",
    "after marking",
)
KEEPS = ("ok", "lost", "slow")
ANSWERS = (
    ("ok",) * 8 + ("lost",) * 3 + ("slow",) * 2 + ("421", "450", "450", "550")
)
PEOPLE = ("anna", "bert", "cora")
FILE = """recipients:
  - {name: anna, email: anna@news.test}
  - {name: bert, email: bert@news.test}
  - {name: cora, email: cora@news.test, mode: digest}
topics:
  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna, bert, cora]}
  - {name: Kiew, any: [Kiew], mode: digest, schedule: '*/30 * * * *', recipients: [anna]}
feeds:
  - {id: eins, title: Eins, url: 'https://eins.test/feed'}
"""


class Server:
    """A mail server that writes down what it kept and how it answered, then
    answers by lot.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._chance = folder, random.Random(seed)
        self._book = (folder / "book.jsonl").open("a", encoding="utf-8")

    async def handle_DATA(
        self, server: object, session: object, envelope: object
    ) -> str:
        """Keep and answer, keep and vanish, or refuse."""
        raw = envelope.content  # type: ignore[attr-defined]
        message = BytesParser(policy=policy.default).parsebytes(raw)
        answer = (
            "ok"
            if (self._folder / "behave").exists()
            else self._chance.choice(ANSWERS)
        )
        body = message.get_body(("plain",))
        said = {
            "id": str(message["Message-ID"]),
            "to": envelope.rcpt_tos[0].split("@")[0],  # type: ignore[attr-defined]
            "answer": answer,
            "keys": sorted(
                set(
                    re.findall(
                        r"meldung-\d+", body.get_content() if body else ""
                    )
                )
            ),
        }
        self._book.write(json.dumps(said) + "\n")
        self._book.flush()
        if answer == "lost":
            server.transport.abort()  # type: ignore[attr-defined]
        if answer == "slow":
            time.sleep(0.02)
        words = {
            "421": "421 4.3.2 closing",
            "450": "450 4.2.0 try later",
            "550": "550 5.7.1 refused",
        }
        return words.get(answer, "250 2.0.0 taken")


def serve(folder: Path, seed: int) -> None:
    """The server's process: says its port, then waits to be ended."""
    port = free_port()
    Controller(Server(folder, seed), hostname="127.0.0.1", port=port).start()
    print(port, flush=True)
    signal.pause()


@dataclass
class Fate:
    """Where this life ends: at the `nth` passing of a step. Without a step it
    lives on.
    """

    step: str = ""
    nth: int = 1

    def at(self, step: str) -> None:
        """Pass a step, or die there."""
        if step == self.step:
            self.nth -= 1
            if self.nth == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalMailer(SmtpMailer):
    """The real one, which may die on the way."""

    fate = Fate()

    def _hand_over(self, connection, email, handing_over):  # type: ignore[no-untyped-def]
        if self.fate.step == "in DATA":
            connection.mail(email.sender)
            connection.rcpt(email.recipient)
            connection.docmd("DATA")
            connection.send(email.raw[: len(email.raw) // 2])
            self.fate.at("in DATA")
            connection.close()
        return super()._hand_over(connection, email, handing_over)

    def _finish(self, connection, handing_over):  # type: ignore[no-untyped-def]
        if self.fate.step == "after DATA" and self.fate.nth == 1:
            handing_over()
            connection.send(b".\r\n")
            time.sleep(0.03)
        self.fate.at("after DATA")
        return super()._finish(connection, handing_over)

    def send(self, email, *, handing_over=None):  # type: ignore[no-untyped-def]
        self.fate.at("before send")
        result = super().send(email, handing_over=handing_over)
        self.fate.at("before marking")
        return result


def live(
    folder: Path, port: int, now: datetime, fate: Fate, new: list[int]
) -> None:
    """One life: add, match, compose, send."""
    settings = Settings(
        data_dir=folder / "data",
        feeds_file=folder / "feeds.yaml",
        mail_from="Monitor <m@news.test>",
    )
    clock = SetClock(now)
    database = Database(settings.database_address)
    mailer = MortalMailer(
        "127.0.0.1", port, encryption="none", helo="news.test"
    )
    mailer.fate = fate
    index = EmbeddedIndex(
        folder / "index", writer=False, verify=lambda tree, text: None
    )
    outside = Outside(
        DictHttp(),
        lambda task: ExtractFailed("empty", ""),
        index,
        mailer,
        lambda url: "",
        lambda domain: 0.0,
    )
    daemon = take_over(database, clock=clock)
    catalog = ReloadedCatalog(
        settings.feeds_file,
        database=database,
        clock=clock,
        spread=timedelta(0),
    )
    steps = build_steps(
        settings,
        outside,
        database=database,
        live=catalog,
        clock=clock,
        daemon=daemon,
    )
    for number in new:
        add(database, number, now)
        fate.at("after commit")
    run(steps, fate)


def run(steps: Steps, fate: Fate) -> None:
    """Match, compose and send what is there."""
    while steps.alerter.match():
        fate.at("after match")
    if steps.composer.compose():
        fate.at("after compose")
    while steps.deliverer.deliver():
        fate.at("after marking")


def add(database: Database, number: int, now: datetime) -> None:
    """An article, as poll and read would leave it."""
    key = f"meldung-{number}"
    url = f"https://eins.test/{key}"
    entry = Entry(
        key, url, f"Ukraine: {key}", published=FeedDate("", now, "rfc822")
    )
    verdict = Verdict(VerdictKind.NEW, entry, Identity(key, (), key, url))
    result = ReadResult(
        kind="article",
        title=entry.title,
        lead="",
        text=f"{key} aus {'Kiew' if number % 3 == 0 else 'Lwiw'}",
        dates=ArticleDates(now, "feed"),
        extraction=Extraction("bench"),
    )
    with database.write() as connection:
        if entries.known_entries(connection, "eins", [key]):
            return
        feed = Feed("eins", "Eins", "Eins", url="https://eins.test/rss")
        item = NewItem(verdict, "eins.test", silent=False)
        (entry_id,) = take_in(
            connection, feed, [item], now=now, index_name="articles"
        )
        found = select(entry_table.c.article_id).where(
            entry_table.c.id == entry_id
        )
        article_id = connection.execute(found).scalar_one()
        text_versions.save_version(connection, article_id, result, now=now)
        articles.read_done(connection, article_id)


def forked(job: Callable[[], None]) -> int:
    """Run a life in a process of its own; the signal that ended it, or 0."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            job()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a life ended by itself, see above")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def main() -> int:
    """Kill until there were enough kills, end well, compare the books."""
    parser = argparse.ArgumentParser(
        description="kill -9 at every step between an article and its mail"
    )
    parser.add_argument("kills", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    structlog.configure(
        logger_factory=structlog.ReturnLoggerFactory(),
        processors=[lambda *a: ""],
    )
    if options.serve:
        serve(options.serve, options.seed)
        return 0
    with tempfile.TemporaryDirectory() as name:
        return rehearse(Path(name), options.kills, options.seed)


def rehearse(folder: Path, wanted: int, seed: int) -> int:
    """All lives, then the books."""
    chance = random.Random(seed)
    (folder / "feeds.yaml").write_text(FILE, encoding="utf-8")
    settings = Settings(
        data_dir=folder / "data", feeds_file=folder / "feeds.yaml"
    )
    open_database(settings).close()
    command = [
        sys.executable,
        "-m",
        "benchmarks.crashes",
        "--serve",
        str(folder),
        "--seed",
        str(seed),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            now, number, lives = START, 0, 0
            killed: Counter[str] = Counter()
            started = time.monotonic()
            while killed.total() < wanted:
                lives += 1
                now += timedelta(minutes=chance.randint(1, 40))
                before, number = number, number + chance.randint(0, 3)
                # what the last lives could not commit comes again
                new = list(range(max(before - 9, 0), number))
                fate = Fate(STEPS[lives % len(STEPS)], chance.randint(1, 2))
                life = partial(live, folder, port, now, fate, new)
                if forked(life) == signal.SIGKILL:
                    killed[fate.step] += 1
            seconds = time.monotonic() - started
            (folder / "behave").touch()
            # longer than any retry waits, in steps that are no outage
            for _ in range(12):
                now += timedelta(hours=1)
                everything = list(range(number))
                forked(partial(live, folder, port, now, Fate(), everything))
        finally:
            server.terminate()
    print(
        f"{killed.total()} kills in {lives} lives, {seconds:.0f} s: {dict(sorted(killed.items()))}"
    )
    return compare(folder, Database(settings.database_address), number)


def compare(folder: Path, database: Database, articles_added: int) -> int:
    """Every alert against what the server kept."""
    book = [
        json.loads(line)
        for line in (folder / "book.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    answers: dict[str, list[str]] = defaultdict(list)
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in book:
        answers[line["id"]].append(line["answer"])
        if line["answer"] in KEEPS:
            for key in line["keys"]:
                told[line["to"], key].add(line["id"])
    with database.read() as connection:
        rows = connection.execute(
            select(
                deliveries.c.message_id, deliveries.c.state, deliveries.c.reply
            )
        ).all()
        made = connection.execute(
            select(alerts.c.id, alerts.c.state, alerts.c.delivery_id)
        ).all()
    states = {row.message_id: row.state for row in rows}
    kept = {
        mid: sum(a in KEEPS for a in said) for mid, said in answers.items()
    }
    expected = articles_added * len(PEOPLE) + sum(
        n % 3 == 0 for n in range(articles_added)
    )
    never = [
        mid
        for mid, state in states.items()
        if state == "sent" and not kept.get(mid)
    ]
    unfinished = [
        mid for mid, state in states.items() if state in ("pending", "sending")
    ]
    doubled = {mid: said for mid, said in answers.items() if kept[mid] > 1}
    two_ids = [
        pair
        for pair, ids in told.items()
        if len(ids) > 1 + (pair[0] == "anna" and _both(pair[1]))
    ]
    print(
        f"{articles_added} articles, {len(made)} alerts ({expected} expected), {len(states)} mails:"
        f" {dict(Counter(states.values()))}, attempts answered"
        f" {dict(Counter(line['answer'] for line in book))}"
    )
    lost_answer = sum("lost" in said for said in doubled.values())
    print(
        f"lost: {len(never)}; still on the way: {len(unfinished)}; alerts without a mail:"
        f" {sum(row.delivery_id is None for row in made)}; kept twice under one Message-ID:"
        f" {len(doubled)} (answer lost by the server {lost_answer}, by a kill before marking"
        f" {len(doubled) - lost_answer}); told under two Message-IDs: {len(two_ids)}; kept more"
        f" than twice: {sum(n > 2 for n in kept.values())}; held for a person:"
        f" {sum(state == 'unknown' for state in states.values())}"
    )
    refused = [
        row
        for row in rows
        if row.state == "dead"
        and not row.reply.startswith(("550", "DATA", "5"))
    ]
    thrice = [mid for mid, number in kept.items() if number > 2]
    bad = (
        never
        or unfinished
        or two_ids
        or refused
        or thrice
        or len(made) != expected
    )
    return 1 if bad or any(row.delivery_id is None for row in made) else 0


def _both(key: str) -> bool:
    """Whether the article is in both of anna's topics."""
    return int(key.rpartition("-")[2]) % 3 == 0


if __name__ == "__main__":
    sys.exit(main())
