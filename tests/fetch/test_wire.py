"""A connection waits for its socket, and no longer than the request may."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.request_budget import Bounds
from monitor.fetch.transport.wire import Wire
from monitor.types.web import FailureKind, Limits

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def test_what_comes_late_is_waited_for(pair: Pair) -> None:
    ours, theirs = pair
    wire = Wire(ours, Bounds(Limits()))
    wire.send(b"question")
    assert theirs.recv(100) == b"question"
    for answer in (b"first", b"second"):
        threading.Timer(0.05, theirs.send, (answer,)).start()
        assert wire.receive() == answer


def test_more_than_the_system_takes_at_once_is_sent(pair: Pair) -> None:
    ours, theirs = pair
    whole = bytes(4_000_000)
    sending = threading.Thread(
        target=Wire(ours, Bounds(Limits())).send, args=(whole,)
    )
    sending.start()
    came = 0
    while came < len(whole):
        came += len(theirs.recv(65536))
    sending.join(60)
    assert came == len(whole)


def test_what_has_not_come_is_not_waited_for_longer_than_asked(
    pair: Pair,
) -> None:
    ours, theirs = pair
    wire = Wire(ours, Bounds(Limits()))
    assert wire.pending(0.0) == b""
    assert wire.pending(0.02) == b""
    theirs.send(b"more")
    assert wire.pending(0.0) == b"more"


@pytest.mark.parametrize("there_is_more", [False, True])
def test_no_answer_goes_on_beyond_its_time(
    pair: Pair, there_is_more: bool
) -> None:
    ours, theirs = pair
    wire = Wire(ours, Bounds(Limits(total_seconds=0.1)))
    if there_is_more:
        theirs.send(b"much" * 1000)
        time.sleep(0.11)
    with pytest.raises(RequestFailed) as failed:
        wire.receive()
    assert failed.value.kind is FailureKind.TIMEOUT
