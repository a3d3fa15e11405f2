"""A process that is asked to end does, whatever its main thread is at."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from monitor.schedule.stopping import CUT_OFF

PATIENCE = 60.0
BEGIN = """
import os, signal, sys, threading, time
from monitor.schedule.stopping import stopping_on_signals
stop = threading.Event()
# Who runs the tests may have it ignored (nohup), and children inherit that.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
def ask():
    signal.raise_signal(signal.SIGTERM)
"""


def run(
    script: str, *, in_background: bool = False
) -> subprocess.CompletedProcess[str]:
    """`in_background`: without a terminal, as systemd starts it."""
    command = [sys.executable, "-c", BEGIN + script]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        start_new_session=in_background,
    )


HOLDING_THE_LOCK = """
with stopping_on_signals(stop):
    with stop._cond:  # as a main thread does that waits for the event, for moments
        ask()
    stop.wait()
"""
BEFORE_ANYBODY_WAITS = """
with stopping_on_signals(stop):
    ask()
    stop.wait()
"""
NOBODY_ASKS = """
with stopping_on_signals(stop, naps=1):
    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.raise_signal(signal.SIGUSR1)
time.sleep(0.7)
assert not stop.is_set()
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
"""
TO_ANOTHER_THREAD = """
with stopping_on_signals(stop):
    other = threading.Thread(target=time.sleep, args=(60,), daemon=True)
    other.start()
    signal.pthread_kill(other.ident, signal.SIGINT)
    stop.wait()  # the handler could run only when this thread wakes
"""


@pytest.mark.parametrize(
    "script",
    [HOLDING_THE_LOCK, BEFORE_ANYBODY_WAITS, NOBODY_ASKS, TO_ANOTHER_THREAD],
)
def test_it_ends_in_order(script: str) -> None:
    ended = run(script)
    assert (ended.returncode, ended.stderr) == (0, "")


CALL_THAT_HANGS = """
os.set_blocking(read := os.pipe()[0], True)
with stopping_on_signals(stop, naps=1):
    ask()
    os.read(read, 1)
"""
HANGS_AFTER_THE_BLOCK = """
with stopping_on_signals(stop, naps=1):
    ask()
    stop.wait()
threading.Thread(target=threading.Event().wait).start()  # Python waits for it at its end
"""
NOBODY_READS_WHAT_IT_SAYS = """
read, write = os.pipe()
os.set_blocking(write, False)
try:
    while os.write(write, bytes(1 << 16)):
        pass
except BlockingIOError:
    os.set_blocking(write, True)
os.dup2(write, 2)
with stopping_on_signals(stop, naps=1):
    ask()
    os.write(2, b"as a log line")
"""


@pytest.mark.parametrize("script", [CALL_THAT_HANGS, HANGS_AFTER_THE_BLOCK])
def test_what_hangs_is_cut_off_and_says_where(script: str) -> None:
    ended = run(script)
    assert ended.returncode == CUT_OFF
    assert "asked to end" in ended.stderr
    assert "most recent call first" in ended.stderr


def test_what_hangs_on_its_log_is_cut_off() -> None:
    assert run(NOBODY_READS_WHAT_IT_SAYS).returncode == CUT_OFF


def test_a_second_signal_ends_at_once() -> None:
    ended = run(
        "with stopping_on_signals(stop):\n ask()\n ask()\n time.sleep(60)"
    )
    assert ended.returncode == -signal.SIGTERM


IS_TOLD_TO_READ_ITS_SETTINGS = """
with stopping_on_signals(stop):
    signal.raise_signal(signal.SIGHUP)
    ask()
    stop.wait()
assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
print("in order")
"""
ITS_TERMINAL_IS_CLOSED = """
import fcntl, pty, termios
keeping, terminal = pty.openpty()
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
with stopping_on_signals(stop):
    signal.raise_signal(signal.SIGHUP)
    time.sleep(60)
"""


def test_a_hangup_ends_nothing_that_has_no_terminal() -> None:
    ended = run(IS_TOLD_TO_READ_ITS_SETTINGS, in_background=True)
    assert (ended.returncode, ended.stdout) == (0, "in order\n")


def test_it_ends_with_its_terminal() -> None:
    ended = run(ITS_TERMINAL_IS_CLOSED, in_background=True)
    assert ended.returncode == -signal.SIGHUP
