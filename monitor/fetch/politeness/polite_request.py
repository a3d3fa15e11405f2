"""One polite request to one address: rests kept, turn taken, sent, read, hung
up. No redirect is followed here.

The only place that puts a request on the network, for pages, feeds and
robots.txt alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.fetch.politeness.origin_backoff import Backoff
from monitor.fetch.politeness.throttle import DomainThrottle
from monitor.fetch.transport.content_coding import ACCEPTED
from monitor.fetch.transport.dialer import Dialer
from monitor.fetch.transport.exchange import (
    WHOLE,
    Answer,
    Headers,
    Portion,
    exchange,
)
from monitor.fetch.transport.request_budget import Bounds
from monitor.fetch.transport.response_headers import LONGEST_WAIT, retry_after
from monitor.fetch.transport.url_target import Target
from monitor.ports import Clock

_ASKS_TO_WAIT = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class PoliteVisitor:
    """Asks, one address at a time. `identity` are the headers that say who we
    are. Thread-safe.
    """

    dialer: Dialer
    throttle: DomainThrottle
    backoff: Backoff
    clock: Clock
    identity: Headers
    patience: float  # seconds to wait for a turn

    def ask(
        self,
        target: Target,
        headers: Headers,
        *,
        bounds: Bounds,
        verify_tls: bool,
        portion: Portion = WHOLE,
        most_waiting: int | None = None,
        longest_wait: timedelta = LONGEST_WAIT,
    ) -> Answer:
        """The answer of `target`, whatever its status. Raises RequestFailed
        where there is none.

        Waiting for the turn does not count against the bounds. `longest_wait`:
        it is obeyed up to this.
        """
        self.backoff.check(target)
        domain = self.throttle.domain_of_host(target.host, target.port)
        with bounds.paused():
            turn = self.throttle.slot(
                domain,
                patience=self.patience,
                most_waiting=most_waiting,
                lasts=bounds.left(),
            )
        with turn:
            # While we waited, the one before us may have been sent away: here
            # or elsewhere.
            self.backoff.check(target, anew=True)
            wire = self.dialer.dial(target, bounds, verify_tls=verify_tls)
            try:
                asked = (
                    *self.identity,
                    *headers,
                    ("Accept-Encoding", ACCEPTED),
                    ("Connection", "close"),
                )
                answer = exchange(
                    wire, target, asked, bounds=bounds, portion=portion
                )
            finally:
                wire.close()
            if answer.status in _ASKS_TO_WAIT:
                asked_for = retry_after(answer, self.clock.now())
                self.backoff.begin(
                    target,
                    status=answer.status,
                    asked=asked_for,
                    longest=longest_wait,
                )
            elif answer.status < 500:
                self.backoff.over(target)
        return answer
