"""Each target for some seconds. Longer by hand: scripts/fuzz."""

from __future__ import annotations

import pytest

from tests.fuzz.campaign import run
from tests.fuzz.targets import TARGETS, Target

SECONDS = 2.0  # of mutations, for each of six targets


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_a_promise(name: str) -> None:
    report = run(TARGETS[name], seconds=SECONDS, seed=16)
    assert report.tried > len(TARGETS[name].corpus())
    assert not report.failures


@pytest.mark.slow
def test_a_broken_promise_is_found() -> None:
    """The fuzzer itself: a parser that fails on one letter in a corpus without
    it.
    """

    def check(body: bytes) -> None:
        assert b"\0" not in body

    report = run(Target(check, lambda: [b"abc", b"def"]), seconds=1, seed=1)
    assert len(report.failures) == 1
    assert all(b"\0" in found.body for found in report.failures.values())
