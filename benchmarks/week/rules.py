"""The rules of polite polling, each checked against a server's own log of
requests. Pure: log in, breaches out.

Times in a log are real seconds; a rehearsal runs `speed` times faster, so
every rule is scaled, never the log. Knows nothing of the program that was
tried: only what a publisher would see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
JITTER = 0.1
PUNCTUAL = HOUR  # a few real seconds at the speed of a rehearsal
TURNS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it.

    `end` is not later than our deadline: a server notices late that we hung
    up.
    """

    host: str
    path: str
    start: float
    end: float
    status: int | None
    user_agent: str
    conditional: tuple[str, ...] = ()  # "etag", "last-modified": what was sent

    @property
    def is_robots(self) -> bool:
        """True for the request that comes before all others."""
        return self.path == "/robots.txt"


@dataclass(frozen=True, slots=True)
class Expected:
    """What was configured and what the hosts ask for.

    Seconds of the simulated clock, but `slack` is real.
    """

    speed: float
    gap: float
    floor: float
    ceiling: float
    contact: str
    until: float  # real time at which the program was told to stop
    # real seconds by which a log on a busy machine may be wrong, at each
    # request
    slack: float = 0.025
    # real seconds between a decision and its request, or an answer and
    # what is kept of it
    work: float = 1.0
    crawl_delays: Mapping[str, float] = field(default_factory=dict)
    # host to the paths of its feeds
    feeds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # (host, path) to "etag+last-modified" ...
    validators: Mapping[tuple[str, str], str] = field(default_factory=dict)
    # (host, path) to Retry-After
    rests: Mapping[tuple[str, str], float] = field(default_factory=dict)
    # by robots.txt; "*": all but feeds
    closed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    never: Sequence[str] = ()  # paths that nobody may be led to
    failing: Sequence[tuple[str, str]] = ()  # feeds that never answer well
    gone: Sequence[tuple[str, str]] = ()
    # permanently, to this path
    moved: Mapping[tuple[str, str], str] = field(default_factory=dict)
    # temporarily
    wandering: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that did not hold, at a request."""

    rule: str
    host: str
    detail: str


def read_log(
    rows: Iterable[Mapping[str, object]],
    *,
    deadline: float,
    broken_off: Collection[str] = (),
) -> list[Asked]:
    """The server's log in order. `deadline` in real seconds.

    Of the paths in `broken_off` we do not want to hear the end: the server
    goes on sending into buffers, and its log does not say when we hung up, so
    the pause is counted from their start.
    """
    found = []
    for row in rows:
        start, took = float(str(row["ts"])), float(str(row["ms"])) / 1000
        kinds = (
            ("etag", "if_none_match"),
            ("last-modified", "if_modified_since"),
        )
        sent = tuple(kind for kind, key in kinds if row[key])
        end = (
            start if row["path"] in broken_off else start + min(took, deadline)
        )
        status = row["status"] if isinstance(row["status"], int) else None
        found.append(
            Asked(
                str(row["host"]),
                str(row["path"]),
                start,
                end,
                status,
                str(row["user_agent"]),
                sent,
            )
        )
    return sorted(found, key=lambda asked: asked.start)


def check(log: Sequence[Asked], expected: Expected) -> Iterator[Breach]:
    """Every breach of every rule."""
    by_host: dict[str, list[Asked]] = defaultdict(list)
    for asked in log:
        by_host[asked.host].append(asked)
    for host, requests in by_host.items():
        yield from _one_at_a_time(host, requests, expected)
        yield from _honest(host, requests, expected)
        yield from _robots(host, requests, expected)
        yield from _rests(host, requests, expected)
        for path in expected.feeds.get(host, ()):
            polls = [asked for asked in requests if asked.path == path]
            yield from _intervals(host, path, polls, expected)
            yield from _punctual(host, path, requests, expected)
            yield from _in_turn(host, path, requests, expected)
            yield from _conditions(host, path, polls, expected)
    yield from _moves(by_host, expected)


def _one_at_a_time(
    host: str, requests: Sequence[Asked], expected: Expected
) -> Iterator[Breach]:
    """One in flight, and the pause after each; hosts may ask for a longer one."""
    gap = (
        max(expected.gap, expected.crawl_delays.get(host, 0.0))
        / expected.speed
        - expected.slack
    )
    for before, after in pairwise(requests):
        pause = after.start - before.end
        if pause < gap:
            rule = (
                "one request at a time"
                if pause < -expected.slack
                else "pause between requests"
            )
            yield Breach(
                rule,
                host,
                f"{pause * expected.speed:.0f} s between {before.path} and {after.path}",
            )


def _honest(
    host: str, requests: Sequence[Asked], expected: Expected
) -> Iterator[Breach]:
    for asked in requests:
        if expected.contact not in asked.user_agent:
            yield Breach(
                "an honest User-Agent with a contact", host, asked.user_agent
            )
        if asked.path in expected.never:
            yield Breach("nobody is led there", host, asked.path)


def _robots(
    host: str, requests: Sequence[Asked], expected: Expected
) -> Iterator[Breach]:
    """Asked before anything else, again after a day, and obeyed."""
    if not requests[0].is_robots:
        yield Breach("robots.txt first", host, requests[0].path)
    asked = [request for request in requests if request.is_robots]
    for before, after in pairwise(asked):
        readable = before.status is not None and before.status < 500
        if (
            readable
            and (after.start - before.start) * expected.speed
            < DAY - expected.slack * expected.speed
        ):
            yield Breach(
                "robots.txt once a day",
                host,
                f"{(after.start - before.start) * expected.speed / HOUR:.1f} h",
            )
    closed, feeds = expected.closed.get(host, ()), expected.feeds.get(host, ())
    for request in requests:
        if (
            not request.is_robots
            and request.path not in feeds
            and (request.path in closed or "*" in closed)
        ):
            yield Breach("what robots.txt forbids", host, request.path)


def _rests(
    host: str, requests: Sequence[Asked], expected: Expected
) -> Iterator[Breach]:
    """After a 429 or 503 nothing at all is asked of that origin before
    Retry-After is over.
    """
    for before, after in pairwise(requests):
        rest = expected.rests.get((host, before.path))
        if rest is not None and before.status in (429, 503):
            waited = (
                after.start - before.end + expected.slack
            ) * expected.speed
            if waited < rest:
                yield Breach(
                    "Retry-After",
                    host,
                    f"{waited:.0f} s instead of {rest:.0f} s after {before.path}",
                )


def _intervals(
    host: str, path: str, polls: Sequence[Asked], expected: Expected
) -> Iterator[Breach]:
    """Never before the floor; failures grow rarer; what answers is asked in
    time; what is gone is left alone.
    """
    key = (host, path)
    waits = [
        (after.start - before.start) * expected.speed
        for before, after in pairwise(polls)
    ]
    fuzz = expected.slack * expected.speed
    for wait in waits:
        if wait < expected.floor - fuzz:
            yield Breach(
                "never before the floor",
                host,
                f"{path} after {wait / MINUTE:.1f} min",
            )
    if not polls:
        yield Breach("every feed is asked", host, path)
        return
    if key in expected.failing or key in expected.gone:
        for failures, wait in enumerate(waits):
            if wait < min(expected.floor * 2**failures, DAY) - fuzz:
                yield Breach(
                    "failures grow rarer",
                    host,
                    f"{path}: {wait / HOUR:.1f} h after failure {failures + 1}",
                )
    if key in expected.gone:
        late = [
            asked
            for asked in polls
            if (asked.start - polls[0].start) * expected.speed > DAY
        ]
        if (
            len(late) != 1
            and expected.until - polls[0].start > 2 * DAY / expected.speed
        ):
            yield Breach(
                "gone is left alone",
                host,
                f"{path}: asked {len(late)} times after a day of 410",
            )


def _punctual(
    host: str, path: str, requests: Sequence[Asked], expected: Expected
) -> Iterator[Breach]:
    """No feed waits beyond its longest interval while its host is free: in no
    request, no pause after one, no rest.
    """
    for before, overdue, after in _overdue(host, path, requests, expected):
        idle = (
            _idle(requests, expected, since=overdue, until=after)
            * expected.speed
        )
        if idle > PUNCTUAL + expected.slack * expected.speed:
            waited = (after - before) * expected.speed / HOUR
            yield Breach(
                "asked in time",
                host,
                f"{path}: {waited:.1f} h, its host free for {idle / HOUR:.1f} h of them",
            )


def _in_turn(
    host: str, path: str, requests: Sequence[Asked], expected: Expected
) -> Iterator[Breach]:
    """A busy host is shared: while a feed waits beyond its longest interval,
    no other feed there is asked thrice.

    Twice may happen: the other one was overdue as well, and a server that
    rests may meet us just in between.
    """
    others = {other for other in expected.feeds.get(host, ()) if other != path}
    for before, overdue, after in _overdue(host, path, requests, expected):
        meanwhile = Counter(
            asked.path
            for asked in requests
            if overdue <= asked.start < after and asked.path in others
        )
        for other, times in meanwhile.most_common(1):
            if times > TURNS:
                waited = (after - before) * expected.speed / HOUR
                yield Breach(
                    "in turn",
                    host,
                    f"{path}: {waited:.1f} h, meanwhile {times} times {other}",
                )


def _overdue(
    host: str, path: str, requests: Sequence[Asked], expected: Expected
) -> Iterator[tuple[float, float, float]]:
    """When a feed was asked, since when it was overdue, and when it was asked
    next: wherever it was overdue.

    For the first time it is due with the first request to its host.
    """
    key = (host, path)
    polls = [asked for asked in requests if asked.path == path]
    if key in expected.gone or key in expected.moved or not polls:
        return
    longest = (
        (DAY if key in expected.failing else expected.ceiling)
        * (1 + JITTER)
        / expected.speed
    )
    for poll, after in pairwise((requests[0], *polls, None)):
        assert poll is not None
        overdue = poll.end + expected.work + longest
        asked_at = after.start if after else expected.until
        if asked_at > overdue:
            yield poll.start, overdue, asked_at


def _idle(
    requests: Sequence[Asked],
    expected: Expected,
    *,
    since: float,
    until: float,
) -> float:
    """Real seconds of a span in which the host might have been asked.

    Requests are in order and do not overlap.
    """
    free, reached = 0.0, since
    for asked in requests:
        host_path = (asked.host, asked.path)
        pause = max(expected.gap, expected.crawl_delays.get(asked.host, 0.0))
        if asked.status in (429, 503):
            pause = max(pause, expected.rests.get(host_path, 0.0))
        if asked.start < until:
            free += max(asked.start - reached - expected.slack, 0.0)
            reached = max(reached, asked.end + pause / expected.speed)
    return free + max(until - reached, 0.0)


def _conditions(
    host: str, path: str, polls: Sequence[Asked], expected: Expected
) -> Iterator[Breach]:
    """Validators are sent as they were given, but once a day a full answer
    audits the 304s.
    """
    given = expected.validators.get((host, path))
    if given is None:
        return
    wanted = tuple(
        part.replace("weak-", "")
        for part in given.split("+")
        if part != "none"
    )
    full = [polls[0].start] if polls else []
    for asked in polls[1:]:
        if asked.conditional not in ((), wanted):
            yield Breach(
                "validators as they were given",
                host,
                f"{path}: {asked.conditional} for {given}",
            )
        if not wanted:
            continue
        since = (asked.start - full[-1]) * expected.speed
        if (
            not asked.conditional
            and since < DAY - MINUTE - expected.slack * expected.speed
        ):
            yield Breach(
                "conditional requests",
                host,
                f"{path}: unconditional after {since / HOUR:.1f} h",
            )
        if asked.conditional and since > DAY + expected.work * expected.speed:
            yield Breach(
                "a full look once a day",
                host,
                f"{path}: none for {since / HOUR:.1f} h",
            )
        if asked.status == 200:
            full.append(asked.start)


def _moves(
    by_host: Mapping[str, Sequence[Asked]], expected: Expected
) -> Iterator[Breach]:
    """A permanent move is adopted after several polls over a day, a temporary
    one never.
    """
    for (host, path), target in expected.moved.items():
        old = [asked.start for asked in by_host[host] if asked.path == path]
        new = [asked.start for asked in by_host[host] if asked.path == target]
        lasted = (old[-1] - old[0]) * expected.speed if old else 0.0
        if len(old) < 3 or lasted < DAY - expected.slack * expected.speed:
            yield Breach(
                "no hasty move",
                host,
                f"{path}: {len(old)} polls over {lasted / HOUR:.1f} h",
            )
        if (
            not new
            or new[-1] - (old[-1] if old else 0.0)
            < expected.ceiling / expected.speed
        ):
            yield Breach("a permanent move is adopted", host, path)
    for (host, path), target in expected.wandering.items():
        times = Counter(asked.path for asked in by_host[host])
        if times[path] < times[target]:
            detail = f"{path}: {times[path]}, {target}: {times[target]}"
            yield Breach("a temporary move is not adopted", host, detail)
