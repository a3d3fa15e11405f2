"""Faults of what the daemons talk to: mail server, webhook, resolver,
Postgres, Elasticsearch.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable

from sqlalchemy import create_engine, text

from tests.faults.ground import DATABASE
from tests.faults.surroundings import dripping, listen
from tests.faults.system import System
from tests.services.smtp import CLOSE

BUSY = b'{"error": {"type": "es_rejected_execution_exception", "reason": "busy"}, "status": 429}'
AWAY = b'{"error": {"type": "no_shard_available", "reason": "away"}, "status": 503}'
MOMENTS = ("going", "away", "back")
"""Of a server that goes and comes back."""


def refuse_mail(system: System, dice: random.Random) -> None:
    """The mail server asks to come again later."""
    system.mailbox.answer(
        dice.choice(("MAIL", "RCPT", "DATA")), "451 4.3.0 later", times=3
    )


def lose_answer(system: System, dice: random.Random) -> None:
    """The mail server keeps a mail, then the connection ends."""
    system.mailbox.answer("DATA", CLOSE)
    system.harms += 1


def stop_mail_server(system: System, dice: random.Random) -> None:
    """Nobody listens for some seconds."""
    system.mail_server.stop()
    time.sleep(dice.uniform(1, 3))
    system.mail_server = listen(system.mailbox)
    system.harms += 1  # it may have ended between a mail and its answer


def slow_mail(system: System, dice: random.Random) -> None:
    """The mail server thinks before each answer."""
    system.mailbox.pause = dice.uniform(0.3, 1.5)
    system.watch(dice.uniform(2, 4))
    system.mailbox.pause = 0.0


def dripping_mail(system: System, dice: random.Random) -> None:
    """In the mail server's place somebody sends a byte now and then."""
    system.mail_server.stop()
    system.harms += 1
    with dripping(system.mailbox.port):
        system.watch(dice.uniform(1, 4))
    system.mail_server = listen(system.mailbox)


def dripping_webhook(system: System, dice: random.Random) -> None:
    """The receiver takes each call, and its answer never ends."""
    system.receiver.drips.set()
    system.watch(dice.uniform(1, 4))
    system.receiver.drips.clear()
    system.harms += 1


def refuse_webhook(system: System, dice: random.Random) -> None:
    """The receiver is out of order."""
    system.receiver.refuses = dice.randint(1, 4)


def names_do_not_resolve(system: System, dice: random.Random) -> None:
    """The name server does not answer for newsroom, mail server and webhook."""
    system.hosts.go_away()
    system.watch(dice.uniform(1, 4))
    system.hosts.answer()


def restart_postgres(system: System, dice: random.Random) -> None:
    """It ends, as in a crash or by order, and is back after some seconds."""
    assert system.ground.postgres is not None
    system.ground.postgres.stop(dice.choice((signal.SIGQUIT, signal.SIGINT)))
    system.watch(dice.uniform(0.1, 5))
    system.ground.postgres.start_again()
    system.harms += 2  # neither daemon could note what a mail server answered


def freeze_postgres(system: System, dice: random.Random) -> None:
    """It stands still with all its connections, as behind a broken network."""
    assert system.ground.postgres is not None
    pids = system.ground.postgres.pids()
    for pid in reversed(pids):
        _signal(pid, signal.SIGSTOP)
    system.watch(dice.uniform(1, 7))
    for pid in pids:
        _signal(pid, signal.SIGCONT)
    system.harms += 2


def break_connections(system: System, dice: random.Random) -> None:
    """Postgres ends all connections, again and again, as a failover does."""
    assert system.ground.postgres is not None
    ending = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    )
    engine = create_engine(system.ground.postgres.url("postgres"))
    for _ in range(dice.randint(2, 5)):
        with engine.connect() as connection:
            connection.execute(ending, {"name": DATABASE})
        system.watch(dice.uniform(0.1, 1))
        system.harms += 2
    engine.dispose()


def elasticsearch_away(system: System, dice: random.Random) -> None:
    """Every connection ends unanswered for some seconds."""
    assert system.ground.elastic is not None
    system.ground.elastic.away()
    system.watch(dice.uniform(1, 5))
    system.ground.elastic.away(False)


def elasticsearch_busy(system: System, dice: random.Random) -> None:
    """It answers that it cannot, a few times."""
    assert system.ground.elastic is not None
    for status, body in ((429, BUSY), (503, AWAY)):
        system.ground.elastic.answer(
            "", status, body, times=dice.randint(1, 3)
        )


def stop_while_postgres_restarts(system: System, dice: random.Random) -> None:
    """A daemon is asked to end as Postgres goes down, while it is away, or as
    it comes back.
    """
    postgres = system.ground.postgres
    assert postgres is not None
    how = dice.choice((signal.SIGQUIT, signal.SIGINT))
    _stop_around(
        system, dice, lambda: postgres.stop(how), postgres.start_again
    )
    system.harms += 2  # neither daemon could note what a mail server answered


def stop_while_postgres_freezes(system: System, dice: random.Random) -> None:
    """A daemon is asked to end just before Postgres stands still, meanwhile,
    or as it goes on.
    """
    assert system.ground.postgres is not None
    pids = system.ground.postgres.pids()
    _stop_around(
        system,
        dice,
        lambda: _signal_all(reversed(pids), signal.SIGSTOP),
        lambda: _signal_all(pids, signal.SIGCONT),
    )
    system.harms += 2


def stop_while_postgres_stays_frozen(
    system: System, dice: random.Random
) -> None:
    """It stands still until the daemon that was asked to end has done so."""
    assert system.ground.postgres is not None
    stop = Stopping(system, system.any_daemon(dice))
    pids = system.ground.postgres.pids()
    _signal_all(reversed(pids), signal.SIGSTOP)
    try:
        time.sleep(dice.uniform(0.1, 3))
        stop.begin()
        stop.wait()
    finally:
        _signal_all(pids, signal.SIGCONT)
    system.harms += 2
    stop.end()


def stop_while_elasticsearch_away(system: System, dice: random.Random) -> None:
    """A daemon is asked to end as Elasticsearch goes away, meanwhile, or as it
    comes back.
    """
    elastic = system.ground.elastic
    assert elastic is not None
    _stop_around(system, dice, elastic.away, lambda: elastic.away(False))


def stop_while_elasticsearch_hangs(
    system: System, dice: random.Random
) -> None:
    """It takes requests and answers none, until the daemon that was asked to
    end has done so.
    """
    assert system.ground.elastic is not None
    stop = Stopping(system, system.any_daemon(dice))
    system.ground.elastic.hang()
    try:
        time.sleep(dice.uniform(0.1, 6))
        stop.begin()
        stop.wait()
    finally:
        system.ground.elastic.go_on()
    stop.end()


class Stopping:
    """A daemon is asked to end while something else happens; begun once, and
    started again.
    """

    def __init__(self, system: System, victim: int) -> None:
        self._system, self._victim = system, victim
        self._thread = threading.Thread(target=system.stop, args=(victim,))

    def begin(self, *, when: bool = True) -> None:
        if when:
            self._thread.start()

    def wait(self) -> None:
        self._thread.join()

    def end(self) -> None:
        self.wait()
        self._system.start_again(self._victim)


def _stop_around(
    system: System,
    dice: random.Random,
    down: Callable[[], None],
    up: Callable[[], None],
) -> None:
    """A server goes and comes back; a daemon is asked to end at one of three
    moments of it.
    """
    stop = Stopping(system, system.any_daemon(dice))
    asked = dice.choice(MOMENTS)
    stop.begin(when=asked == "going")
    down()
    time.sleep(dice.uniform(0.1, 3))
    stop.begin(when=asked == "away")
    time.sleep(dice.uniform(0.1, 6))
    stop.begin(when=asked == "back")
    up()
    stop.end()


def _signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        _signal(pid, number)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
