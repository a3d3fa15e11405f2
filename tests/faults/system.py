"""The whole system as processes and servers: newsroom, mail server, receiver
of the webhook, clock, resolver, and the daemons, which a supervisor starts
again as systemd would.
"""

from __future__ import annotations

import contextlib
import math
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller

from monitor.errors import IndexingError
from tests.faults.ground import Ground, sqlite_ground
from tests.faults.surroundings import (
    RESOLVER,
    Hosts,
    Receiver,
    SlowMailbox,
    WallClock,
    listen,
    receiving,
)
from tests.faults.zygote import Zygote, running_zygote
from tests.flow.fleet import House, write_feeds
from tests.flow.program import ROOT, Daemon, environment
from tests.flow.world import PEOPLE, Item, body

TOPICS = ("StichwortA", "StichwortB")
ITEMS = 4  # at least; where there are more faults, one for each
# seconds: first polls, and those after a pause, are spread over two minutes
FIRST_POLLS = 150.0
# seconds: longer than a mail whose answer was lost waits for the next
# attempt
LONG_WAIT = 20 * 60.0
# seconds without news after which the clock is set forward by so much
STILL = 3.0
PATIENCE = 300.0  # seconds without news until a run is given up
# seconds of processor time that daemons without news must have had, too
WORK = 20.0
# seconds until one is given up whose daemons do not even work
HANGING = 1800.0
ENDING = 30.0  # seconds that an end may take when no time is left
# seconds after which one that was asked to end must be gone, however busy
# we are
GONE_WITHIN = 120.0
CUT = "still here: cut off"
RESTART_PAUSE = 1.0  # seconds, as a supervisor has it
LAST_LINES, LINE_WIDTH = 40, 240  # of each log, where a run failed


@dataclass(frozen=True, slots=True)
class Stop:
    """A daemon that was asked to end did so after `seconds`, with this exit
    code.

    `cut_off`: it hung, said where, and ended itself.
    """

    seconds: float
    code: int
    cut_off: bool


@dataclass
class System:
    """One run's world. `harms` counts what may have cost the answer of a mail
    server: each lets one mail come twice, under the same Message-ID. `until`
    is when the run has to be over, by the monotonic clock: what waits then
    gives up, so that the audit says what is missing.
    """

    folder: Path
    ground: Ground
    house: House
    mailbox: SlowMailbox
    mail_server: Controller
    receiver: Receiver
    hosts: Hosts
    clock: WallClock
    items: list[Item]
    disk: Path | None = None
    zygote: Zygote | None = None
    until: float = math.inf
    harms: int = 0
    # codes of daemons that nobody had killed
    ended: list[int] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    daemons: list[Daemon] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        return {
            "PYTHONPATH": f"{RESOLVER}:{ROOT}",
            "MONITOR_FEEDS_FILE": str(self.folder / "feeds.yaml"),
            "MONITOR_MAIL_MODE": "smtp",
            "MONITOR_MAIL_FROM": "monitor@zeitung.de",
            "MONITOR_SMTP_HOST": "mail.test",
            "MONITOR_SMTP_PORT": str(self.mailbox.port),
            "MONITOR_SMTP_SECURITY": "off",
            "MONITOR_WEBHOOK_URL": self.receiver.url,
            "MONITOR_WEBHOOK_SECRET": "ein langer geheimer Text",
            "MONITOR_EXTRACT_WORKERS": "1",
            # a starved machine is no fault of a page
            "MONITOR_EXTRACT_DEADLINE": "10 min",
            "MONITOR_PARSE_WORKERS": "0",
            "MONITOR_FETCH_WORKERS": "4",
            **self.hosts.env,
            **self.clock.env,
            **self.ground.env,
        }

    @property
    def patience(self) -> float:
        """Seconds to wait for what must come."""
        return max(0.0, min(PATIENCE, self.until - time.monotonic()))

    def launch(self, number: int) -> Daemon:
        """A daemon as a process, which may not get far. Each life has a log of
        its own.
        """
        place = self.folder / f"daemon-{number}"
        place.mkdir(exist_ok=True)
        log = place / "daemon.log"
        if log.exists():
            log.rename(place / f"before-{time.monotonic_ns()}.log")
        if self.zygote is None:
            return Daemon.start(place, env=self.env)
        words = ["run", "--speed", "1.0"]
        log.touch()
        forked = self.zygote.start(
            place, log, env=environment(self.env), words=words
        )
        return Daemon(forked, log)

    def start(self, number: int) -> None:
        """Until it runs, or has ended."""
        daemon = self.launch(number)
        self.daemons[number:] = [daemon, *self.daemons[number + 1 :]]
        self.runs(daemon)

    def runs(self, daemon: Daemon) -> bool:
        """Wait until it says that it runs; False where it ended."""
        until = time.monotonic() + self.patience
        while not daemon.said("monitor runs"):
            if daemon.process.poll() is not None or time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def start_all(self) -> None:
        """In the same moment."""
        self.daemons = [
            self.launch(number) for number in range(self.ground.daemons)
        ]
        self.up()
        self.clock.hurry(FIRST_POLLS)

    def any_daemon(self, dice: random.Random) -> int:
        return dice.randrange(self.ground.daemons)

    def kill(self, number: int) -> None:
        """kill -9, children included. It may have ended already."""
        with contextlib.suppress(ProcessLookupError):
            self.daemons[number].kill()
        self.harms += 1

    def stop(self, number: int) -> None:
        """Ask for a clean end and wait for it; `stops` has how it went."""
        daemon, began = self.daemons[number], time.monotonic()
        ended_before = daemon.process.poll() is not None
        daemon.process.send_signal(signal.SIGTERM)
        code = daemon.process.wait(timeout=GONE_WITHIN)
        if not ended_before:
            self.stops.append(
                Stop(
                    time.monotonic() - began,
                    code,
                    CUT in daemon.log.read_text(errors="replace"),
                )
            )

    def start_again(self, number: int) -> None:
        self.start(number)
        self.clock.hurry(FIRST_POLLS)

    def supervise(self) -> None:
        """Start again what ended by itself, or did not come up."""
        for number, daemon in enumerate(self.daemons):
            if daemon.process.poll() is not None:
                self.ended.append(daemon.process.returncode)
                self.harms += 1
                time.sleep(RESTART_PAUSE)
                self.daemons[number] = self.launch(number)
                self.clock.hurry(FIRST_POLLS)

    def up(self) -> None:
        """Wait until all run; what ends meanwhile is started again."""
        until = time.monotonic() + self.patience
        while not all(daemon.said("monitor runs") for daemon in self.daemons):
            assert time.monotonic() < until, "a daemon does not come up"
            self.supervise()
            time.sleep(0.1)

    def watch(self, seconds: float) -> None:
        """Let the system run so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.supervise()
            time.sleep(min(0.2, left))

    def release(self, count: int) -> None:
        self.house.items = self.items[:count]

    def told(self) -> Counter[tuple[str, str]]:
        """How many Message-IDs tell each person of each article."""
        mails = {
            str(one.message["Message-ID"]): one
            for one in self.mailbox.received
        }
        counted: Counter[tuple[str, str]] = Counter()
        for one in mails.values():
            links = {
                line.rpartition("/")[2]
                for line in body(one.message).splitlines()
            }
            keys = [item.key for item in self.items if item.key in links]
            counted.update((one.recipients[0], key) for key in keys)
        return counted

    def posted(self) -> Counter[str]:
        """How many deliveries of the webhook tell of each article."""
        deliveries = dict(self.receiver.posted)
        return Counter(
            each["story"]["url"].rpartition("/")[2]
            for each in deliveries.values()
        )

    def indexed(self) -> Counter[str]:
        """How often each item stands in the index; an index that cannot be
        read has none.
        """
        try:
            titles = self.ground.indexed()
        except IndexingError:
            titles = Counter()
        return Counter({item.key: titles[item.title] for item in self.items})

    def settle(self) -> None:
        """Wait until everybody has been told of everything; the audit says
        what is missing. Where nothing happens any more, the clock is set
        forward: what waits has its time then.
        """
        news, still, done = Since(self), STILL, -1
        while not self._is_complete() and not news.are_given_up():
            self.supervise()
            before, done = (
                done,
                len(self.mailbox.received) + len(self.receiver.posted),
            )
            if done != before:
                news, still = Since(self), STILL
            elif news.seconds() > still:
                self.clock.hurry(LONG_WAIT)
                still *= 2
            time.sleep(0.2)

    def work(self) -> float:
        """Seconds of processor time that the present daemons have had."""
        return sum(_work_of(daemon.process.pid) for daemon in self.daemons)

    def _is_complete(self) -> bool:
        if self.told().total() < len(self.items) * len(PEOPLE):
            return False
        if self.posted().total() < len(self.items):
            return False
        return len(+self.indexed()) == len(self.items)

    def end(self) -> None:
        """A clean end."""
        for daemon in self.daemons:
            daemon.process.send_signal(signal.SIGTERM)
        for daemon in self.daemons:
            daemon.process.wait(timeout=max(ENDING, self.patience))

    def last_words(self) -> str:
        """The ends of all daemons' logs, without tracebacks."""
        logs = sorted(
            self.folder.glob("daemon-*/*.log"),
            key=lambda log: log.stat().st_mtime,
        )
        return "\n".join(
            f"{log.parent.name}/{log.name}:\n{_last_lines(log)}"
            for log in logs
        )


class Since:
    """How long nothing happened. On a busy machine that takes its time: what
    counts is the work that was done meanwhile, too.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._began = time.monotonic()
        self._work = system.work()

    def seconds(self) -> float:
        return time.monotonic() - self._began

    def are_given_up(self) -> bool:
        """A daemon that was started again counts from its own beginning."""
        if time.monotonic() > self._system.until or self.seconds() > HANGING:
            return True
        return (
            self.seconds() > PATIENCE
            and abs(self._system.work() - self._work) > WORK
        )


def _work_of(pid: int) -> float:
    try:
        fields = (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        )
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _last_lines(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    events = [
        line
        for line in lines
        if line[:1].isdigit() or line.startswith("monitor")
    ]
    return "\n".join(f"  {line[:LINE_WIDTH]}" for line in events[-LAST_LINES:])


@contextlib.contextmanager
def running_system(
    folder: Path,
    ground: Ground,
    *,
    items: int = ITEMS,
    disk: Path | None = None,
    zygote: Zygote | None = None,
    until: float = math.inf,
) -> Iterator[System]:
    """Everything up; nothing left at the end. What fails meanwhile tells the
    daemons' last words, also where the test's time is over.
    """
    with _surroundings(folder, ground, items) as system:
        system.disk, system.zygote, system.until = disk, zygote, until
        try:
            system.start_all()
            yield system
        except BaseException as error:
            error.add_note(system.last_words())
            raise
        finally:
            for daemon in system.daemons:
                if daemon.process.poll() is None:
                    os.killpg(daemon.process.pid, signal.SIGCONT)
                    daemon.kill()


@contextlib.contextmanager
def warm_zygote() -> Iterator[Zygote]:
    """A zygote that has made one pass over a newsroom."""
    with running_zygote() as zygote:
        with tempfile.TemporaryDirectory(prefix="monitor-faults-") as name:
            folder = Path(name)
            with _surroundings(
                folder, sqlite_ground(folder / "data"), ITEMS
            ) as system:
                system.release(ITEMS)
                code = zygote.warm_up(folder, env=environment(system.env))
                assert code == 0, code
                assert system.posted().total() == ITEMS
        yield zygote


@contextlib.contextmanager
def _surroundings(
    folder: Path, ground: Ground, items: int
) -> Iterator[System]:
    """All but the daemons."""
    house, mailbox = House("haus", host="haus.test"), SlowMailbox()
    write_feeds(folder, [house], topics=list(TOPICS), every="2 s")
    with receiving() as receiver:
        system = System(
            folder,
            ground,
            house,
            mailbox,
            listen(mailbox),
            receiver,
            Hosts(folder / "hosts"),
            WallClock(folder / "clock", ground.clock),
            [
                Item(f"a{n}", f"Meldung {n} zu {TOPICS[n % len(TOPICS)]}")
                for n in range(items)
            ],
        )
        try:
            yield system
        finally:
            system.mail_server.stop()
            house.close()
