"""The fetch room's front door: gets one URL, following redirects, and says in
one value how it ended.

Implements `ports.Http`. Feeds and article pages go through here alike. Knows
nothing of what is inside a body.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from monitor import PRODUCT, __version__
from monitor.fetch.failure import RequestFailed, log_line
from monitor.fetch.politeness.origin_backoff import (
    Backoff,
    OriginMemory,
    Recall,
    Remember,
)
from monitor.fetch.politeness.polite_request import PoliteVisitor
from monitor.fetch.politeness.throttle import DomainThrottle
from monitor.fetch.robots.robots_txt import Robots
from monitor.fetch.transport.address_policy import Network
from monitor.fetch.transport.dialer import Dialer
from monitor.fetch.transport.dns import Resolve, Resolver, system_resolve
from monitor.fetch.transport.exchange import Answer, Headers
from monitor.fetch.transport.proxy_route import read_proxy_route
from monitor.fetch.transport.request_budget import Bounds
from monitor.fetch.transport.response_headers import (
    REDIRECTS,
    browser_check,
    cache_hints,
    failure_kind,
    readable_location,
    retry_after,
    sendable,
)
from monitor.fetch.transport.url_target import (
    Target,
    masked,
    parse_target,
    redirected,
)
from monitor.ports import Clock
from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    FetchOutcome,
    Hop,
    Limits,
    NotModified,
    Retry,
)

MOST_WAITING = 1
"""At a redirect's target: many feeds may lead to one slow host, and who waits
there keeps a thread from others.
"""


@dataclass(slots=True)
class _Journey:
    """One request under way: where it is, what it carries, what it met."""

    url: str
    bounds: Bounds
    headers: Headers
    verify_tls: bool
    listed: bool
    insist: bool
    hops: list[Hop] = field(default_factory=list)
    at: str = ""
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Time on the network: waiting for our turn says nothing about the
        server.
        """
        return round(
            max(time.monotonic() - self.began - self.bounds.waited, 0.0), 3
        )


class HttpClient:
    """Gets URLs politely, within limits.

    Use `open_client` to build one with its parts. Thread-safe.
    """

    def __init__(
        self,
        visitor: PoliteVisitor,
        robots: Robots,
        clock: Clock,
        memory: OriginMemory,
    ) -> None:
        self._visitor = visitor
        self._clock = clock
        self.robots = robots
        self.memory = memory
        self.throttle = visitor.throttle

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        limits: Limits = Limits(),
        verify_tls: bool = True,
        accept: str = "*/*",
        listed: bool = False,
        insist: bool = False,
    ) -> FetchOutcome:
        """Ask once. Credentials in `url` are sent as Basic and masked in every
        part of the outcome.

        `limits.total_seconds` bounds the time on the network, robots.txt and
        redirects included; waiting for the domain's turn comes on top, because
        it is our doing and not the server's.
        """
        headers = [("Accept", accept)]
        if (tag := sendable(etag)) is not None:
            headers.append(("If-None-Match", tag))
        if (date := sendable(last_modified)) is not None:
            headers.append(("If-Modified-Since", date))
        journey = _Journey(
            masked(url),
            Bounds(limits),
            tuple(headers),
            verify_tls,
            listed,
            insist,
        )
        try:
            target = parse_target(url)
            journey.at = target.url
            return self._travel(journey, target, conditional=len(headers) > 1)
        except RequestFailed as failed:
            return FetchFailed(
                journey.url,
                failed.kind,
                failed.detail,
                retry=failed.retry,
                status=failed.status,
                retry_at=failed.retry_at,
                final_url=journey.at,
                hops=tuple(journey.hops),
                wire_bytes=journey.bounds.received,
                seconds=journey.seconds,
            )

    def _travel(
        self, journey: _Journey, target: Target, *, conditional: bool
    ) -> FetchOutcome:
        """Follow redirects to the end. Raises RequestFailed."""
        most_waiting: int | None = None
        while True:
            bounds = journey.bounds
            if journey.insist:
                self._visitor.backoff.lift(target)
                self.robots.look_again(target)
            # before robots.txt: while it rests, nothing at all is sent
            self._visitor.backoff.check(target)
            self.robots.check(
                target,
                bounds=bounds,
                verify_tls=journey.verify_tls,
                listed=journey.listed,
            )
            answer = self._visitor.ask(
                target,
                journey.headers,
                bounds=bounds,
                verify_tls=journey.verify_tls,
                most_waiting=most_waiting,
            )
            location = answer.header("location")
            if answer.status not in REDIRECTS or location is None:
                return self._arrived(
                    journey, target, answer, conditional=conditional
                )
            target = self._next(
                journey, target, answer, readable_location(location)
            )
            journey.at, most_waiting = target.url, MOST_WAITING

    def _next(
        self, journey: _Journey, source: Target, answer: Answer, location: str
    ) -> Target:
        status = answer.status
        journey.hops.append(Hop(source.url, status))
        most = journey.bounds.limits.redirects
        if len(journey.hops) > most:
            raise RequestFailed(
                FailureKind.REDIRECTS,
                f"more than {most} redirects",
                retry=Retry.PERMANENT,
                status=status,
            )
        target = redirected(source, location)
        if any(hop.url == target.url for hop in journey.hops):
            # Without cookies the same question has the same answer: going
            # round again helps nobody.
            cookie_hint = (
                ": the server wants a cookie back, and we keep none"
                if answer.header("set-cookie")
                else ""
            )
            detail = f"redirects lead back to {target.url}{cookie_hint}"
            raise RequestFailed(
                FailureKind.REDIRECTS,
                detail,
                retry=Retry.PERMANENT,
                status=status,
            )
        return target

    def _arrived(
        self,
        journey: _Journey,
        target: Target,
        answer: Answer,
        *,
        conditional: bool,
    ) -> Fetched | NotModified:
        now = self._clock.now()
        etag = answer.header("etag")
        last_modified = answer.header("last-modified")
        if answer.status == 304 and conditional:
            return NotModified(
                journey.url,
                journey.at,
                etag=etag,
                last_modified=last_modified,
                cache=cache_hints(answer, now),
                hops=tuple(journey.hops),
                seconds=journey.seconds,
            )
        if (
            not 200 <= answer.status < 300
            or answer.status == 206
            or browser_check(answer)
        ):
            raise self._unusable(target, answer, now)
        return Fetched(
            journey.url,
            journey.at,
            answer.status,
            answer.body,
            content_type=answer.header("content-type") or "",
            # What a broken transport brought may be another document than the
            # server has validators for.
            etag=None if answer.flaw else etag,
            last_modified=None if answer.flaw else last_modified,
            flaw=answer.flaw,
            cache=cache_hints(answer, now),
            hops=tuple(journey.hops),
            headers=answer.headers,
            wire_bytes=journey.bounds.received,
            seconds=journey.seconds,
        )

    def _unusable(
        self, target: Target, answer: Answer, now: datetime
    ) -> RequestFailed:
        said = f"{answer.status} {answer.reason}".strip()
        if answer.status in (206, 304):
            detail = f"{said} to a question for the whole"
            return RequestFailed(
                FailureKind.PROTOCOL, detail, status=answer.status
            )
        kind, retry = failure_kind(answer)
        if kind is FailureKind.UNAUTHORIZED and (
            whose := browser_check(answer)
        ):
            said = (
                f"{said}: a check for browsers ({whose}) keeps programs out; the publisher can let"
                " ours in"
            )
        asked = retry_after(answer, now)
        retry_at = self._visitor.backoff.until(target) or (
            now + asked if asked else None
        )
        return RequestFailed(
            kind, said, retry=retry, status=answer.status, retry_at=retry_at
        )


def open_client(
    clock: Clock,
    *,
    contact: str,
    throttle: DomainThrottle | None = None,
    user_agent: str = f"{PRODUCT}/{__version__}",
    allowed_networks: Iterable[str | Network] = (),
    proxy: str | None = None,
    no_proxy: Iterable[str] = (),
    extra_ca_file: Path | None = None,
    recall: Recall | None = None,
    remember: Remember | None = None,
    shared_memory: bool = False,
    resolve: Resolve = system_resolve,
    patience: float = 300.0,
    chance: Callable[[], float] = random.random,
) -> HttpClient:
    """A client with all its parts.

    `contact` is a mail or web address that publishers can turn to.
    `allowed_networks` names the private networks and hosts that may be asked;
    they and the hosts of `no_proxy` are asked without the proxy. `recall` and
    `remember` carry robots.txt and rests over restarts, and with
    `shared_memory` from daemon to daemon. `patience` is how long (on `clock`)
    a request waits for its domain's turn. Raises FetchError where
    `extra_ca_file`, `proxy` or `no_proxy` cannot be used.
    """
    product = log_line(user_agent).encode("ascii", "ignore").decode()
    reach = log_line(contact).encode("ascii", "ignore").decode()
    identity = [("User-Agent", f"{product} (+{reach})" if reach else product)]
    if "@" in reach and "/" not in reach:
        identity.append(("From", reach))
    throttle = throttle or DomainThrottle(clock)
    memory = OriginMemory(recall, remember, shared=shared_memory)
    route = read_proxy_route(
        proxy, no_proxy=no_proxy, allowed_networks=allowed_networks
    )
    dialer = Dialer(
        route.policy,
        Resolver(resolve),
        route=route,
        extra_ca_file=extra_ca_file,
    )
    visitor = PoliteVisitor(
        dialer,
        throttle,
        Backoff(clock, memory, chance=chance),
        clock,
        tuple(identity),
        patience,
    )
    token = product.partition("/")[0].split(" ")[0] or PRODUCT
    return HttpClient(
        visitor, Robots(visitor, memory, agent=token), clock, memory
    )
