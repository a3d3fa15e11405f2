"""The whole system as processes and servers, what can happen to it, and the audit from outside.

Runs on SQLite, with the embedded index and a real mail server. Not injected here: disk full, DNS,
Postgres and Elasticsearch away, clock jumps (`test_outages`, `test_elastic`, `test_fleet` and
`test_network_log` in tests/flow try the first four, one at a time).
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller

from tests.flow.fleet import House, write_feeds
from tests.flow.program import Daemon, monitor
from tests.flow.world import PEOPLE, Item, body
from tests.services import free_port
from tests.services.smtp import CLOSE, Mailbox

SPEED = 200.0  # ten minutes between polls become three seconds
TOPICS = ("StichwortA", "StichwortB")
ITEMS = 12
SETTLED = 60.0  # seconds


@dataclass
class System:
    """A newsroom, a mail server, and a daemon that may die."""

    folder: Path
    house: House
    mailbox: Mailbox
    mail_server: Controller
    items: list[Item]
    deaths: int = 0
    lost_answers: int = 0  # a mail after which the server's answer got lost may come twice
    daemon: Daemon = field(init=False)

    def start(self) -> None:
        self.daemon = Daemon.start(self.folder, speed=SPEED, env=self.env)
        self.daemon.ready()

    @property
    def env(self) -> dict[str, str]:
        return {
            "MONITOR_MAIL_MODE": "smtp",
            "MONITOR_MAIL_FROM": "monitor@zeitung.de",
            "MONITOR_SMTP_HOST": self.mailbox.host,
            "MONITOR_SMTP_PORT": str(self.mailbox.port),
            "MONITOR_SMTP_SECURITY": "off",
            "MONITOR_EXTRACT_WORKERS": "1",
        }

    @property
    def database(self) -> Path:
        return self.folder / "data" / "monitor.sqlite3"

    def release(self, count: int) -> None:
        self.house.items = self.items[:count]

    def told(self) -> Counter[tuple[str, str]]:
        """How many Message-IDs tell each person of each article."""
        mails = {str(one.message["Message-ID"]): one for one in self.mailbox.received}
        counted: Counter[tuple[str, str]] = Counter()
        for one in mails.values():
            links = {line.rpartition("/")[2] for line in body(one.message).splitlines()}
            keys = [item.key for item in self.items if item.key in links]
            counted.update((one.recipients[0], key) for key in keys)
        return counted

    def settle(self) -> None:
        """Wait until everybody has been told of everything; the audit says what is missing."""
        expected = len(self.items) * len(PEOPLE)
        until = time.monotonic() + SETTLED
        while len(self.told()) < expected and time.monotonic() < until:
            time.sleep(0.3)

    def audit(self) -> list[str]:
        """What is not as promised; the daemon has ended."""
        told = self.told()
        wrong: list[str] = []
        wanted = ((person, item.key) for person in PEOPLE for item in self.items)
        wrong += [f"{pair} under {told[pair]} Message-IDs" for pair in wanted if told[pair] != 1]
        doubles = len(self.mailbox.received) - len(
            {str(one.message["Message-ID"]) for one in self.mailbox.received}
        )
        if doubles > self.deaths + self.lost_answers:
            wrong.append(f"{doubles} mails came twice")
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            for table, expected in (
                ("entries", len(self.items)),
                ("articles", len(self.items)),
                ("alerts", len(self.items) * len(PEOPLE)),
                ("quarantine", 0),
            ):
                (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                if found != expected:
                    wrong.append(f"{found} rows of {table}, not {expected}")
        return wrong


def kill(system: System, dice: random.Random) -> None:
    """kill -9, children included."""
    system.daemon.kill()
    system.deaths += 1
    system.start()


def freeze(system: System, dice: random.Random) -> None:
    """SIGSTOP for some seconds, at this speed ten minutes and more."""
    os.killpg(system.daemon.process.pid, signal.SIGSTOP)
    time.sleep(dice.uniform(1, 4))
    os.killpg(system.daemon.process.pid, signal.SIGCONT)


def lock_database(system: System, dice: random.Random) -> None:
    """Somebody holds the database, as a backup of another tool would."""
    with contextlib.closing(sqlite3.connect(system.database, timeout=30)) as connection:
        connection.isolation_level = None
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(dice.uniform(1, 4))
        connection.execute("ROLLBACK")


def refuse_mail(system: System, dice: random.Random) -> None:
    """The mail server asks to come again later."""
    system.mailbox.answer(dice.choice(("MAIL", "RCPT", "DATA")), "451 4.3.0 later", times=3)


def lose_answer(system: System, dice: random.Random) -> None:
    """The mail server keeps a mail, then the connection ends."""
    system.mailbox.answer("DATA", CLOSE)
    system.lost_answers += 1


def stop_mail_server(system: System, dice: random.Random) -> None:
    """Nobody listens for some seconds."""
    system.mail_server.stop()
    time.sleep(dice.uniform(1, 3))
    system.mail_server = listen(system.mailbox)


def start_second(system: System, dice: random.Random) -> None:
    """A second daemon on the same data folder is refused and changes nothing."""
    ended = monitor(system.folder, "run", env=system.env)
    assert ended.returncode != 0, ended
    assert "another monitor" in ended.stderr + ended.stdout, ended


Fault = Callable[[System, random.Random], None]
FAULTS: tuple[Fault, ...] = (
    kill,
    freeze,
    lock_database,
    refuse_mail,
    lose_answer,
    stop_mail_server,
    start_second,
)


def listen(mailbox: Mailbox) -> Controller:
    """The mail server, at the mailbox's port."""
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    controller.start()
    return controller


@contextlib.contextmanager
def running_system(folder: Path) -> Iterator[System]:
    """Everything up; nothing left at the end."""
    items = [Item(f"a{n}", f"Meldung {n} zu {TOPICS[n % len(TOPICS)]}") for n in range(ITEMS)]
    house, mailbox = House("haus"), Mailbox()
    mailbox.port = free_port()
    write_feeds(folder, [house], topics=list(TOPICS), every="10 min")
    system = System(folder, house, mailbox, listen(mailbox), items)
    try:
        system.start()
        yield system
    finally:
        if system.daemon.process.poll() is None:
            os.killpg(system.daemon.process.pid, signal.SIGCONT)
            system.daemon.kill()
        system.mail_server.stop()
        house.close()


def run_plan(folder: Path, plan: list[Fault], dice: random.Random) -> list[str]:
    """One life under these faults, each after some more news; what the audit found."""
    with running_system(folder) as system:
        for number, fault in enumerate(plan, start=1):
            system.release(ITEMS * number // len(plan))
            time.sleep(dice.uniform(0.1, 2))
            fault(system, dice)
        system.settle()
        system.daemon.end()
        return system.audit()
