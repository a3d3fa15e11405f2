"""poll(feed): gather (fetch > parse) > identify, then one transaction:
entries, feed state, validators, history.

Validators commit with the entries, never before: a crash must cost a repeat,
not a story. Polls without entries share a transaction where several end at
once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.flow.ingest.arrival_times import Arrivals
from monitor.flow.ingest.lifted_backoff import poll_neighbours
from monitor.flow.ingest.neighbours import place
from monitor.flow.ingest.poll_batch import Endings, poll_record, save_ended
from monitor.flow.ingest.poll_log import NetworkLog
from monitor.flow.ingest.relaunch import items_about
from monitor.flow.ingest.retrieve import Gathered, Gatherer, ParseDocument
from monitor.identify.identity import identify_all, lookup_keys
from monitor.identify.judgement import judge_items
from monitor.index.document import monthly_index
from monitor.parse.worker import parse_document
from monitor.ports import Clock, Http
from monitor.schedule.cadence import (
    RHYTHM_WINDOW,
    Due,
    IntervalBounds,
    due_after_failure,
    due_after_success,
)
from monitor.schedule.retries import next_reading
from monitor.schedule.transition import (
    after_body,
    after_failure,
    after_move,
    after_not_modified,
    conditional,
)
from monitor.store.alerting.alerts import FIRST_ITEMS
from monitor.store.engine import Database
from monitor.store.polling import entries, feed_states
from monitor.store.polling.new_items import NewItem, take_in
from monitor.store.reading import articles, text_versions
from monitor.store.reading.feed_parts import read_among
from monitor.store.running import feed_health
from monitor.types.catalog import Feed, Initial
from monitor.types.feed import ParsedFeed, Verdict, VerdictKind
from monitor.types.state import ASKED_FOR, FeedState, PollRecord
from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    Limits,
    NotModified,
)

LEASE = timedelta(minutes=10)
LOST = {FailureKind.NOT_FOUND, FailureKind.GONE, FailureKind.NOT_A_FEED}
LOST_AFTER = 3
"""After this many failures in a row a discovered feed is searched for on its
site again.
"""
BACKDATED = timedelta(hours=1)
"""How late an item may appear after the time that it states."""
RHYTHM_SIZE = 400
"""Arrivals to learn from: enough for a month of a busy feed's polls."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one document brought."""

    items: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    # something new is older than the last answer that there was nothing
    # new
    hidden_news: bool = False

    @property
    def outcome(self) -> str:
        if self.new:
            return "new"
        return "changed" if self.changed else "unchanged"


class Poller:
    """Polls one feed at a time, in the order that the module's first line
    says. Thread-safe.
    """

    def __init__(
        self,
        *,
        database: Database,
        http: Http,
        clock: Clock,
        feed_of: Callable[[str], Feed | None],
        domain_of: Callable[[str], str],
        chance: Callable[[], float],
        daemon: str,
        parse: ParseDocument = parse_document,
        limits: Limits = Limits(),
    ) -> None:
        """`domain_of` gives the registered domain of an address; `chance` a
        random number in [0, 1).
        """
        self._database, self._clock = database, clock
        self._feed_of = feed_of
        self._domain_of = domain_of
        self._chance = chance
        self._daemon = daemon
        self._network = NetworkLog()
        self._gatherer = Gatherer(
            http=http, clock=clock, parse=parse, limits=limits
        )
        self._endings = Endings(database=database, clock=clock, daemon=daemon)
        self._arrivals = Arrivals()

    def claim(
        self, limit: int, *, leave: Collection[str] = ()
    ) -> tuple[FeedState, ...]:
        """Lease up to `limit` due feeds, but none of `leave`."""
        with self._database.write() as connection:
            return feed_states.claim_due(
                connection,
                now=self._clock.now(),
                lease=LEASE,
                daemon=self._daemon,
                limit=limit,
                leave=leave,
            )

    def poll(self, state: FeedState) -> PollRecord | None:
        """One poll of a leased feed; None where it is configured no more, or
        its items are another daemon's by now.
        """
        feed = self._feed_of(state.feed_id)
        if feed is None:
            self._give_back(state)
            return None
        started = self._clock.now()
        found = self._gatherer.gather(
            feed, state, validate=conditional(state, now=started)
        )
        if isinstance(found, FetchFailed):
            record: PollRecord | None = self._failed(
                feed, state, found, started
            )
        elif isinstance(found, NotModified):
            record = self._not_modified(feed, state, found, started)
        else:
            record = self._body(feed, state, found, started)
        if record is not None:
            self._network.heard(record)
        if state.due_reason == ASKED_FOR:
            answer = found.answer if isinstance(found, Gathered) else found
            asked = (feed.address, state.url, answer.final_url)
            poll_neighbours(self._database, asked, now=self._clock.now())
        return record

    def _give_back(self, state: FeedState) -> None:
        """Another daemon knows the feed by an edit that comes here soon."""
        with self._database.write() as connection:
            feed_states.release_feed(
                connection, state.feed_id, daemon=self._daemon
            )

    def _failed(
        self,
        feed: Feed,
        state: FeedState,
        failure: FetchFailed,
        started: datetime,
    ) -> PollRecord:
        now = self._clock.now()
        state = after_failure(state, failure, now=now)
        if feed.site and failure.kind in LOST and state.failures >= LOST_AFTER:
            # the site may name another one by now
            state = replace(state, url=None)
        due = due_after_failure(
            _bounds(feed),
            failure,
            failures=state.failures,
            gone_since=state.gone_since,
            now=now,
            chance=self._chance(),
        )
        record = poll_record(
            feed.id, started, failure, failure.kind.value, due
        )
        record = replace(record, detail=failure.detail)
        self._endings.save(_planned(state, due), record)
        return record

    def _not_modified(
        self,
        feed: Feed,
        state: FeedState,
        answer: NotModified,
        started: datetime,
    ) -> PollRecord:
        now = self._clock.now()
        state = after_move(
            after_not_modified(state, answer, now=now),
            answer,
            same_feed=True,
            now=now,
        )
        due = self._due(None, feed, state, answer, now)
        record = poll_record(feed.id, started, answer, "not_modified", due)
        self._endings.save(_planned(state, due), record)
        return record

    def _body(
        self,
        feed: Feed,
        state: FeedState,
        gathered: Gathered,
        started: datetime,
    ) -> PollRecord | None:
        now = self._clock.now()
        answer, parsed = gathered.answer, gathered.parsed
        state = replace(state, url=gathered.url)
        with self._database.write() as connection:
            if not feed_states.held_by(connection, self._daemon, feed.id):
                return None
            found = (
                self._entries(connection, feed, state, parsed, now)
                if parsed is not None
                else Found()
            )
            known_feed = (
                parsed is None
                or found.known > 0
                or state.first_polled_at is None
            )
            state = after_body(
                state,
                answer,
                parsed=parsed,
                body_hash=gathered.body_hash,
                found_new=found.new > 0,
                now=now,
                hidden_news=found.hidden_news,
            )
            state = after_move(state, answer, same_feed=known_feed, now=now)
            due = self._due(connection, feed, state, answer, now)
            record = replace(
                poll_record(feed.id, started, answer, found.outcome, due),
                items=found.items,
                new_items=found.new,
                changed_items=found.changed,
                detail=_remarks(answer, parsed),
            )
            save_ended(
                connection,
                ((_planned(state, due), record),),
                clock=self._clock,
            )
            if feed.site:
                feed_health.note_found(
                    connection, feed.id, gathered.url, now=now
                )
        return record

    def _entries(
        self,
        connection: Connection,
        feed: Feed,
        state: FeedState,
        parsed: ParsedFeed,
        now: datetime,
    ) -> Found:
        first = state.first_polled_at is None
        verdicts = _judge(connection, feed, parsed, first=first, now=now)
        new, changed, same = (
            [v for v in verdicts if v.kind is kind] for kind in VerdictKind
        )
        loud = loud_items(new, feed.initial, first=first)
        domains = self._domains([v.identity.page_url for v in new])
        placed = place(connection, feed.id, new, now=now)
        fresh = [
            NewItem(
                one.verdict,
                domain,
                one.verdict.identity.key not in loud,
                one.joins,
            )
            for one, domain in zip(placed, domains, strict=True)
        ]
        taken = take_in(
            connection, feed, fresh, now=now, index_name=monthly_index(now)
        )
        changes = [
            entries.change_entry(connection, feed.id, v, now=now)
            for v in changed
        ]
        edited = {
            article_id for article_id in changes if article_id is not None
        }
        _renew(connection, taken, edited, now=now)
        entries.still_listed(connection, feed.id, same, now=now)
        asked = state.last_success_at or now
        hidden = any(_is_older(v, asked - BACKDATED) for v in new)
        known = len(changed) + len(same)
        return Found(
            len(parsed.entries),
            len(new),
            len(changed),
            known=known,
            hidden_news=hidden,
        )

    def _domains(self, pages: Sequence[str | None]) -> list[str]:
        """The registered domain of each page, looked up once for each host; ""
        for none.
        """
        found: dict[str, str] = {}
        for page in pages:
            host = _host(page)
            if page and host not in found:
                found[host] = self._domain_of(page)
        return [found.get(_host(page), "") for page in pages]

    def _due(
        self,
        writing: Connection | None,
        feed: Feed,
        state: FeedState,
        answer: Fetched | NotModified,
        now: datetime,
    ) -> Due:
        """`writing` is the transaction under way, None where there is none."""

        def read() -> tuple[datetime, ...]:
            with (
                contextlib.nullcontext(writing)
                if writing
                else self._database.read() as connection
            ):
                return entries.recent_first_seen(
                    connection,
                    feed.id,
                    since=now - RHYTHM_WINDOW,
                    limit=RHYTHM_SIZE,
                )

        arrivals = self._arrivals.of(feed.id, state.last_new_at, read)
        return due_after_success(
            _bounds(feed),
            state.hints,
            answer.cache,
            arrivals,
            now=now,
            chance=self._chance(),
            known_since=state.first_polled_at,
        )


def _judge(
    connection: Connection,
    feed: Feed,
    parsed: ParsedFeed,
    *,
    first: bool,
    now: datetime,
) -> Sequence[Verdict]:
    """What each item is to what is known of the feed and, after the first
    poll, of its site.
    """
    identities = identify_all(parsed.entries)
    if first:
        return judge_items(parsed.entries, identities, {}, now=now)
    known = entries.known_entries(connection, feed.id, lookup_keys(identities))
    verdicts = judge_items(parsed.entries, identities, known, now=now)
    if about := items_about(connection, feed.id, verdicts):
        return judge_items(
            parsed.entries, identities, known, elsewhere=about, now=now
        )
    return verdicts


def _renew(
    connection: Connection,
    taken: Collection[int],
    edited: Collection[int],
    *,
    now: datetime,
) -> None:
    """What articles owe to their feeds' words is made anew, and edited ones
    are read again.

    In one order: other feeds list some of them, and two transactions must not
    wait for each other.
    """
    listed = read_among(connection, taken, edited)
    for article_id, silent in sorted(listed.items()):
        quiet = FIRST_ITEMS if silent else ""
        text_versions.renew_feed_parts(
            connection, article_id, now=now, quiet=quiet
        )
    for article_id in sorted(edited):
        last_read_at, idle = articles.last_reading(connection, article_id)
        due = next_reading(last_read_at, idle, now=now)
        articles.read_again(connection, article_id, not_before=due)


def loud_items(
    new: Sequence[Verdict], initial: Initial, *, first: bool
) -> set[str]:
    """Keys of the new items that may alert: all of them, but of a feed's first
    items only what `initial` says.
    """
    if not first or initial == "all":
        return {verdict.identity.key for verdict in new}
    if initial == "silent":
        return set()
    by_date = sorted(
        enumerate(new),
        key=lambda pair: (_timestamp(pair[1]), -pair[0]),
        reverse=True,
    )
    return {verdict.identity.key for _, verdict in by_date[: int(initial)]}


def _remarks(answer: Fetched, parsed: ParsedFeed | None) -> str:
    """What was odd about a document that was read all the same."""
    transport = (
        [f"complete in spite of its transport: {answer.flaw}"]
        if answer.flaw
        else []
    )
    problems = (
        [problem.detail for problem in parsed.problems[:3]] if parsed else []
    )
    return "; ".join(transport + problems)


def _planned(state: FeedState, due: Due) -> FeedState:
    return replace(state, next_due_at=due.at, due_reason=due.reason)


def _bounds(feed: Feed) -> IntervalBounds:
    return IntervalBounds(
        floor=feed.min_interval, ceiling=feed.max_interval, zone=feed.timezone
    )


def _host(page: str | None) -> str:
    return page.split("/", 3)[2] if page else ""


def _is_older(verdict: Verdict, than: datetime) -> bool:
    """True also for an item that does not say when it appeared."""
    published = verdict.entry.published.parsed
    return published is None or published < than


def _timestamp(verdict: Verdict) -> float:
    return (
        verdict.entry.published.parsed.timestamp()
        if verdict.entry.published.parsed
        else 0.0
    )
