"""The ticks: what the daemon does again and again, and one full pass for `run
--once`.

Feeds and pages are leased here and handed to the dispatcher, which runs them
domain by domain. A step that made work for the next one wakes its tick: a poll
wakes reading, a page matching, an alert composing and sending.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.flow.ingest.site_files import SiteFilesAhead
from monitor.flow.reload import ReloadedCatalog, is_newest
from monitor.flow.steps.compose import Composer
from monitor.flow.steps.deliver import Deliverer
from monitor.flow.steps.match import Alerter
from monitor.flow.steps.poll import Poller
from monitor.flow.steps.press_review import PressReviewer
from monitor.flow.steps.publish import Publisher
from monitor.flow.steps.read import PageReader
from monitor.flow.upkeep.apply_retention import Housekeeper
from monitor.flow.upkeep.clock_watch import ClockWatch
from monitor.flow.upkeep.daily_report import Reporter
from monitor.flow.upkeep.feed_watch import Watcher
from monitor.flow.upkeep.membership import Membership
from monitor.flow.upkeep.operations_log import Recorder
from monitor.flow.upkeep.radar_watch import RadarWatch
from monitor.flow.upkeep.sweep import Sweeper
from monitor.flow.upkeep.template_watch import TemplateWatch
from monitor.ports import Clock
from monitor.schedule.dispatch import Dispatcher, Job
from monitor.schedule.refill import Refill
from monitor.schedule.tick import Tick
from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.running import recovery
from monitor.types.state import FeedState, ReadTask

log = structlog.get_logger("monitor.daemon")
SETTLE = 0.05
"""Seconds that matching and mail wait when they are woken: what one poll
brought without asking for pages is matched together and stands in one mail.
"""
LONGEST_TICK = 60.0
"""Seconds after which a tick with much to do ends, and is woken again."""
READ_EVERY = 1.0
"""Seconds between two looks for pages that are due."""
REST_AFTER = 600.0
"""Real seconds without work after which a child process ends. Its next start
takes a third of a second, its stay 33 MB and more.
"""
FIRST = -1.0
"""Before every feed and page of its domain, whenever they were last asked for.
"""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a story, each built and ready."""

    poller: Poller
    site_files: SiteFilesAhead
    reader: PageReader
    publisher: Publisher
    alerter: Alerter
    composer: Composer
    deliverer: Deliverer
    press_reviewer: PressReviewer
    watcher: Watcher
    sweeper: Sweeper
    reporter: Reporter
    radar: RadarWatch
    housekeeper: Housekeeper
    templates: TemplateWatch
    recorder: Recorder | None = None  # where an index takes records of running


class Passes:
    """Runs the steps. Every method is one tick and may be called again at any
    time.
    """

    def __init__(
        self,
        steps: Steps,
        *,
        database: Database,
        clock: Clock,
        live: ReloadedCatalog,
        dispatcher: Dispatcher,
        domain_of: Callable[[str], str],
        daemon: str,
        membership: Membership,
        clock_watch: ClockWatch,
        mail: bool = True,
        read_lifted: Callable[[], int] = lambda: 0,
        rest: Callable[[float], None] = lambda idle_seconds: None,
    ) -> None:
        """`mail` false: alerts are recorded, no mail is made. `membership`
        says who does what only one of several daemons does.

        `read_lifted` is called after each edit of the file: it may have lifted
        what reserved texts. `rest` ends processes that have had nothing to do
        for so many seconds.
        """
        self._steps = steps
        self._database = database
        self._clock = clock
        self._live = live
        self._dispatcher = dispatcher
        self._domain_of = domain_of
        self._daemon = daemon
        self._mails = mail
        self._read_lifted, self._rest = read_lifted, rest
        self._membership, self._clock_watch = membership, clock_watch
        self._wake: Callable[[str], None] = _nobody
        self._late: Callable[[], Mapping[str, float]] = dict
        self._longest = math.inf

    def tick_by(
        self,
        wake: Callable[[str], None],
        late: Callable[[], Mapping[str, float]],
        *,
        longest: float = LONGEST_TICK,
    ) -> None:
        """From now on ticks are run by another: `wake` is told which one has
        something to do, and `late` says which run for too long, and since how
        many seconds. `longest`: as LONGEST_TICK.
        """
        self._wake, self._late, self._longest = wake, late, longest

    def ticks(self, speed: float) -> tuple[Tick, ...]:
        """The daemon's ticks; intervals shrink with the speed of a rehearsal,
        down to what a tick needs itself.
        """
        return tuple(
            Tick(
                name,
                max(seconds / speed, 0.1),
                run,
                SETTLE if name in ("match", "mail") else 0.0,
            )
            for name, seconds, run in (
                ("poll", 2.0, self.poll),
                ("read", READ_EVERY, self.read),
                ("match", 2.0, self.match),
                ("mail", 2.0, self.mail),
                ("channels", 5.0, self.channels),
                (
                    "press_review",
                    10.0,
                    self._leading(self._steps.press_reviewer.issue_due),
                ),
                ("publish", 5.0, self.publish),
                ("keep", 30.0, self.keep),
                ("look", 300.0, self._leading(self._steps.watcher.look)),
                ("sweep", 20.0, self._leading(self.sweep)),
                ("report", 60.0, self._leading(self._steps.reporter.report)),
                ("radar", 60.0, self._leading(self._steps.radar.watch)),
                ("tidy", 3600.0, self._leading(self.tidy)),
                ("record", 60.0, self._leading(self.record)),
                ("rest", 60.0, lambda: self._rest(REST_AFTER)),
            )
        )

    def _leading(self, run: Callable[[], object]) -> Callable[[], object]:
        """The tick of what one of several daemons does for all."""
        return lambda: run() if self._membership.leads() else None

    def _unless_lost(self, run: Callable[[], object]) -> Callable[[], object]:
        """A job that is not begun once this daemon has been silent for too
        long: others have it.
        """
        return lambda: run() if self._membership.is_alive() else None

    def record(self) -> int:
        """Tell the operations index what happened; returns how many records."""
        return self._steps.recorder.record() if self._steps.recorder else 0

    def poll(self) -> int:
        """Hand due feeds to the dispatcher; returns how many."""
        self._follow_edit()
        busy = self._held("feed:")
        room = self._room()
        if not room:
            return 0
        states = self._steps.poller.claim(room, leave=busy)
        for state in states:
            self._ask_site_files(state)
            feed = self._live.current.feeds.get(state.feed_id)
            domain = self._domain_of(
                state.url or (feed.address if feed else "")
            )
            run = self._unless_lost(functools.partial(self._poll_one, state))
            job = Job(
                f"feed:{state.feed_id}",
                domain,
                run,
                unasked_since=_seconds(state.last_attempt_at),
            )
            self._dispatcher.submit(job)
        return len(states)

    def _ask_site_files(self, state: FeedState) -> None:
        """What the feed's pages will wait for goes first where it is due: once
        a day.
        """
        page = self._steps.site_files.due(state.feed_id, state.url)
        if page is not None:
            domain = self._domain_of(page)
            ask = functools.partial(
                self._steps.site_files.ask, state.feed_id, page
            )
            job = Job(
                f"site:{domain}",
                domain,
                self._unless_lost(ask),
                unasked_since=FIRST,
            )
            self._dispatcher.submit(job)

    def _poll_one(self, state: FeedState) -> None:
        record = self._steps.poller.poll(state)
        if record is not None and record.new_items + record.changed_items:
            self._wake("read")

    def read(self) -> int:
        """Hand due pages to the dispatcher; returns how many."""
        room = self._room()
        leave = tuple(int(number) for number in self._held("article:"))
        tasks = self._steps.reader.claim(room, leave=leave) if room else ()
        for task in tasks:
            domain = task.host or f"article:{task.article_id}"
            run = self._unless_lost(functools.partial(self._read_one, task))
            job = Job(
                f"article:{task.article_id}",
                domain,
                run,
                unasked_since=_seconds(task.due_at),
            )
            self._dispatcher.submit(job)
        return len(tasks)

    def _read_one(self, task: ReadTask) -> None:
        self._steps.site_files.note_page(task.feed_id, task.url)
        self._steps.reader.read(task)
        self._wake("match")

    def _room(self) -> int:
        """For how many jobs: none while others may have taken over what is
        leased here.
        """
        return self._dispatcher.room() if self._membership.is_alive() else 0

    def _held(self, kind: str) -> tuple[str, ...]:
        """Ids of what waits or runs here: its lease may run out meanwhile,
        above all in a rehearsal.
        """
        return tuple(
            key.removeprefix(kind)
            for key in self._dispatcher.held()
            if key.startswith(kind)
        )

    def match(self) -> int:
        """Match what is new; returns how many articles."""
        alerts = 0

        def one_batch() -> int:
            nonlocal alerts
            matched = self._steps.alerter.match()
            alerts += matched.alerts
            return matched.articles

        moved = self._drain("match", one_batch)
        if alerts:
            self._wake("mail")
        return moved

    def mail(self, *, collect: bool = True) -> int:
        """Compose what is due and send what is ready; returns how many items
        moved.

        A mail server that drips holds up no matching, and no channel.
        """
        if not self._mails:
            return 0
        moved = self._steps.composer.compose(collect=collect)
        if moved:
            self._wake("channels")
        return moved + self._drain(
            "mail", lambda: self._steps.deliverer.deliver(mail=True)
        )

    def channels(self) -> int:
        """Send what goes over other channels than mail; returns how many
        messages.
        """
        if not self._mails:
            return 0
        return self._drain(
            "channels", lambda: self._steps.deliverer.deliver(mail=False)
        )

    def sweep(self) -> int:
        """Matches for changed topics, and the nightly look for lost ones;
        returns how many articles moved.
        """
        return (
            self._drain("sweep", self._steps.sweeper.sweep)
            + self._steps.sweeper.nightly()
        )

    def publish(self) -> int:
        """Bring the index up to date; returns how many documents it took."""
        return self._drain("publish", self._steps.publisher.publish)

    def _drain(self, tick: str, step: Callable[[], int]) -> int:
        """Repeat a step until it finds nothing more; returns how much it
        moved.

        Much work goes on in the next tick, so that one that runs on and on
        waits for something.
        """
        done, end = 0, time.monotonic() + self._longest
        while moved := step():
            done += moved
            if time.monotonic() > end:
                self._wake(tick)
                break
        return done

    def keep(self) -> None:
        """A sign of life, and a look at clock and configuration."""
        self._clock_watch.look()
        with self._database.write() as connection:
            now = self._clock.now()
            recovery.note_alive(
                connection, self._daemon, now=now, late=self._late_ticks(now)
            )
        self._reload()
        self.look_at_templates()

    def _late_ticks(self, now: datetime) -> dict[str, datetime]:
        """Which ticks run for too long, and since when."""
        return {
            name: now - timedelta(seconds=seconds)
            for name, seconds in self._late().items()
        }

    def look_at_templates(self) -> None:
        """Whether the user's own mail templates can be used."""
        if self._mails:
            self._steps.templates.look()

    def _reload(self) -> None:
        if self._live.reload():
            self._read_lifted()

    def _follow_edit(self) -> None:
        """Where another daemon has loaded an edit, load it now: its feeds and
        topics are in the database already.
        """
        if self._database.is_sqlite:
            return
        with self._database.read() as connection:
            behind = not is_newest(connection, self._live.current)
        if behind:
            self._reload()

    def tidy(self) -> None:
        """Drop what has outlived its retention, where the clock that says so
        is to be trusted.
        """
        if self._clock_watch.is_settled():
            self._steps.housekeeper.tidy()

    def once(
        self,
        *,
        stopped: Callable[[], bool],
        progress: Callable[[int, int], None],
    ) -> None:
        """One full pass: poll what is due, read what that brings, match,
        index, mail. Ends early when `stopped`.

        `progress` is told how many polls and page reads were begun and how
        many of them are over.
        """
        begun, feeds_wait, refill = 0, True, Refill(every=READ_EVERY)
        while not stopped():
            # Asked before looking: what a job leaves that ends meanwhile is
            # seen by the next look.
            nothing_runs = self._dispatcher.idle()
            polled = self.poll() if feeds_wait else 0
            feeds_wait = polled > 0 or (feeds_wait and self._due_feeds() > 0)
            started = polled
            if refill.is_due(self._dispatcher.jobs(), now=time.monotonic()):
                started += self.read()
                refill.looked(self._dispatcher.jobs(), now=time.monotonic())
            begun += started
            progress(begun, begun - self._dispatcher.jobs())
            if nothing_runs and not started:
                # Matching and indexing take most memory; those that read pages
                # take as much again.
                self._rest(0.0)
                # All that was read is matched together: article by article,
                # the transactions around it cost more than matching.
                moved = self.match()
                feeds_wait = self._due_feeds() > 0
                if not moved and not feeds_wait:
                    break
            self._dispatcher.wait_for_change(0.1)
        upkeep = (
            self.sweep,
            self._steps.watcher.look,
            self._steps.radar.watch,
            self._steps.reporter.report,
            self._steps.press_reviewer.issue_due,
        )
        for step in upkeep:
            self._leading(step)()
        self.mail(collect=False)
        self.channels()
        self.publish()

    def _due_feeds(self) -> int:
        with self._database.read() as connection:
            return feed_states.count_due(connection, now=self._clock.now())


def _nobody(_tick: str) -> None:
    """A single pass does one thing after the other: nothing waits for a tick."""


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
