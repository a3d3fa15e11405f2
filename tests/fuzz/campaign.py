"""One target for some time: its corpus as it is, then mutations of it."""

from __future__ import annotations

import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import Target

SLOWEST = 20.0
"""Seconds of processor time for one input, since a busy machine is no finding.
In a child the deadline is 30 by the clock.
"""


class TooSlow(Exception):
    """An input took longer than SLOWEST."""


@dataclass(frozen=True)
class Finding:
    """An input that broke a promise, and how."""

    message: str
    body: bytes


@dataclass
class Report:
    """How many inputs were tried, the slowest, and one finding for each place
    that fails.
    """

    tried: int = 0
    slowest: float = 0.0
    slowest_input: bytes = b""
    failures: dict[str, Finding] = field(default_factory=dict)


def run(
    target: Target,
    *,
    seconds: float,
    seed: int,
    before: Callable[[bytes], object] = lambda body: None,
) -> Report:
    """Try the corpus, then mutations for so many seconds of processor time.
    `before` sees each first: a crash of native code leaves no report.
    """
    report, corpus, end = Report(), target.corpus(), 0.0
    for body in _inputs(corpus, random.Random(seed)):
        if report.tried == len(corpus):
            end = time.process_time() + seconds
        if report.tried > len(corpus) and time.process_time() > end:
            break
        before(body)
        _try(target, body, report)
    return report


def _inputs(corpus: list[bytes], chance: random.Random) -> Iterator[bytes]:
    yield from corpus
    while True:
        yield mutated(chance.choice(corpus), chance, corpus)


def _try(target: Target, body: bytes, report: Report) -> None:
    began = time.process_time()
    try:
        with _alarm():
            target.check(body)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {last.name}, line {last.lineno}"
        report.failures.setdefault(place, Finding(str(error)[:200], body))
    report.tried += 1
    took = time.process_time() - began
    if took > report.slowest:
        report.slowest, report.slowest_input = took, body


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: object) -> None:
        raise TooSlow(f"longer than {SLOWEST:g} s")

    before = signal.signal(signal.SIGPROF, ring)
    old = signal.setitimer(signal.ITIMER_PROF, SLOWEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, *old)
        signal.signal(signal.SIGPROF, before)
