"""The real program while the machine's clock is set: its times jump, its waits
do not, by `shifted_clock.c`. Real feeds, pages and mails on the loopback
interface.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.flow.fleet import House
from tests.flow.program import ENDS_WITHIN, MANY_LIVES, Daemon
from tests.flow.shifted_clock import ShiftedClock
from tests.flow.world import Item, body
from tests.services import free_port
from tests.services.smtp import Mailbox

pytestmark = [pytest.mark.slow, MANY_LIVES]
DAY, WEEK = timedelta(days=1), timedelta(days=7)
# seconds: between two polls of a feed, between two requests of a domain
FLOOR, PAUSE = 2.0, 0.5
PATIENCE = 120.0
"""Seconds until a new item must be in the mailbox: a look at the clock every
thirty, then a poll.
"""
FEEDS = """defaults: {{min_interval: 2 s, max_interval: 2 s, initial: all}}
recipients:
  - {{name: anna, email: anna@example.org}}
  - {{name: bert, email: bert@example.org, quiet: "02:00-03:00"}}
topics:
{topics}  - {{name: Gesammelt, any: [Meldung], recipients: [bert], mode: digest, schedule: '30 2 * * *'}}
press_reviews:
  - {{name: Presse, recipients: [anna], schedule: '30 2 * * *'}}
feeds:
{feeds}"""


JUMPS = (DAY, -DAY, 3 * DAY, timedelta(hours=-7))
SPRINGING = tuple(f"springt{number}" for number in range(len(JUMPS)))
KEYS = ("vorher", "zurueck", "voraus", "verschlafen", *SPRINGING, "zuletzt")
"""Items, each with a topic of its own: of one topic, the second hit within a
quarter of an hour is collected.
"""


@dataclass
class Running:
    """A daemon whose clock can be set, what it asks and whom it mails."""

    house: House
    mailbox: Mailbox
    daemon: Daemon
    clock: ShiftedClock

    def set_clock(self, to: datetime) -> None:
        """From now on the program's clock says this, and goes on from there."""
        self.clock.shift((to - datetime.now(UTC)).total_seconds())

    def shift(self, by: timedelta) -> None:
        """The program's clock against the real one."""
        self.clock.shift(by.total_seconds())

    def release(self, key: str) -> None:
        self.house.items = [*self.house.items, Item(key, f"Meldung {key}")]

    def told(self, person: str = "anna@example.org") -> Counter[str]:
        """How many mails about single hits name each item."""
        counted: Counter[str] = Counter()
        for one in self.mailbox.received:
            if one.recipients[0] == person and "Presse" not in str(
                one.message["Subject"]
            ):
                text = body(one.message)
                counted.update(
                    item.key
                    for item in self.house.items
                    if f"/{item.key}" in text
                )
        return counted

    def wait_told(self, key: str) -> None:
        self.daemon.until(lambda: self.told()[key] > 0, seconds=PATIENCE)

    def count(self, words: str) -> int:
        """How many mails have these words in their subjects."""
        return sum(
            words in str(one.message["Subject"])
            for one in self.mailbox.received
        )

    def log_count(self, words: str) -> int:
        return self.daemon.log.read_text(
            encoding="utf-8", errors="replace"
        ).count(words)


@contextlib.contextmanager
def running(
    folder: Path, start: timedelta = timedelta(0)
) -> Iterator[Running]:
    """The program with a clock that is this far from the real one."""
    house, mailbox = House("haus"), Mailbox()
    mailbox.port = free_port()
    server = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    server.start()
    topics = "".join(
        f"  - {{name: {key}, any: [{key}], recipients: [anna]}}\n"
        for key in KEYS
    )
    feeds = "".join(house.feed_lines())
    (folder / "feeds.yaml").write_text(
        FEEDS.format(topics=topics, feeds=feeds)
    )
    clock = ShiftedClock(folder / "shift", start.total_seconds())
    env = {
        **clock.env,
        "MONITOR_MAIL_MODE": "smtp",
        "MONITOR_MAIL_FROM": "monitor@zeitung.de",
        "MONITOR_SMTP_HOST": mailbox.host,
        "MONITOR_SMTP_PORT": str(mailbox.port),
        "MONITOR_SMTP_SECURITY": "off",
        "MONITOR_EXTRACT_WORKERS": "1",
        "MONITOR_FETCH_MIN_GAP": f"{PAUSE} s",
        "MONITOR_OPERATOR": "op@example.org",
        "MONITOR_DAILY_REPORT": "02:30",
    }
    daemon = Daemon.start(folder, env=env)
    try:
        daemon.ready()
        yield Running(house, mailbox, daemon, clock)
    finally:
        if daemon.process.poll() is None:
            os.killpg(daemon.process.pid, signal.SIGCONT)
            daemon.kill()
        server.stop()
        house.close()


def test_set_back_set_ahead_asleep_and_set_again_and_again(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as one:
        one.release("vorher")
        one.wait_told("vorher")

        one.shift(-DAY)
        one.release("zurueck")
        one.wait_told("zurueck")

        one.shift(DAY)
        one.release("voraus")
        one.wait_told("voraus")

        os.killpg(one.daemon.process.pid, signal.SIGSTOP)
        one.shift(DAY + WEEK)
        one.release("verschlafen")
        time.sleep(1)
        os.killpg(one.daemon.process.pid, signal.SIGCONT)
        one.wait_told("verschlafen")

        for jump, key in zip(JUMPS, SPRINGING, strict=True):
            one.shift(jump)
            one.release(key)
            time.sleep(3)
        one.shift(timedelta(0))
        one.release("zuletzt")
        for key in KEYS:
            one.wait_told(key)
        assert one.daemon.end() < ENDS_WITHIN

        assert set(one.told().values()) == {1}, "told once"
        assert min(one.house.gaps()) > PAUSE * 0.9
        asked = [
            span.began
            for span in one.house.spans
            if span.path.startswith("/feed")
        ]
        assert len(asked) >= 5
        assert (
            min(after - before for before, after in itertools.pairwise(asked))
            > PAUSE
        )
        assert one.log_count("outcome=set_back") >= 2
        assert one.log_count("outcome=set_back seconds=86") == 1
        assert not one.daemon.said("Traceback")


def test_a_night_on_which_clocks_change(tmp_path: Path) -> None:
    """Report, digest and press review of half past two, which comes twice in
    the autumn. The hour that is left out in the spring is `schedule/`'s to
    test.
    """
    evening = datetime(2027, 10, 30, 23, 30, tzinfo=UTC)
    with running(tmp_path, evening - datetime.now(UTC)) as one:
        one.release("vorher")
        one.wait_told("vorher")
        one.daemon.until(lambda: one.daemon.said("alerts=2"), seconds=PATIENCE)
        for quarter in range(12):  # until half past three
            one.set_clock(evening + (quarter + 1) * timedelta(minutes=15))
            time.sleep(1.5)
        one.daemon.until(lambda: one.count("Gesammelt") > 0, seconds=PATIENCE)
        one.daemon.until(lambda: one.count("Presse") > 0, seconds=PATIENCE)
        time.sleep(5)  # nothing more may come
        one.daemon.end()
        assert one.told("bert@example.org") == {"vorher": 1}
        assert one.count("Presse") == 1
        assert one.log_count("daily_report ") == 1
        assert not one.daemon.said("Traceback")
