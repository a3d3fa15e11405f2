"""The ticking loop: what hangs is named, and it says that it lives."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from monitor.config.environment import read_supervisor
from monitor.schedule.daemon import Daemon, Tick
from monitor.wiring.supervisor import alive_signal, notify


def test_a_tick_that_hangs_is_named_once_and_the_others_go_on() -> None:
    stop, release = threading.Event(), threading.Event()
    late: list[str] = []
    turns: list[float] = []

    def tell(name: str, _seconds: float) -> None:
        late.append(name)

    hanging = Tick("hangs", 0.1, lambda: release.wait(20))
    ticks = (hanging, Tick("runs", 0.1, lambda: turns.append(1)))
    lives: list[int] = []
    daemon = Daemon(
        ticks,
        failed=lambda name, error: None,
        late=tell,
        alive=lambda: lives.append(1),
        late_after=0.3,
    )
    thread = threading.Thread(target=daemon.run, args=(stop,))
    thread.start()
    deadline = time.monotonic() + 10
    while (not late or len(lives) < 4) and time.monotonic() < deadline:
        time.sleep(0.05)
    release.set()
    stop.set()
    thread.join(10)
    assert late == ["hangs"]
    assert len(turns) > 2


def test_systemd_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        env = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000000"}
        supervisor = read_supervisor(env)
        assert notify(supervisor, "READY=1")
        assert systemd.recv(100) == b"READY=1"
        alive = alive_signal(supervisor)
        alive()
        alive()  # twenty seconds later again, not now
        assert systemd.recv(100) == b"WATCHDOG=1"
        systemd.setblocking(False)
        with pytest.raises(BlockingIOError):
            systemd.recv(100)


def test_without_systemd_nobody_is_told() -> None:
    assert not notify(read_supervisor({}), "READY=1")
    assert not notify(read_supervisor({"NOTIFY_SOCKET": "/nowhere/at/all"}), "READY=1")
    alive_signal(read_supervisor({"WATCHDOG_USEC": "soon"}))()
