"""A process that has loaded the program once and becomes a daemon by forking: loading takes two
thirds of a start's processor time, and a thousand runs start thousands of daemons.

Run as `python -m tests.faults.zygote DESCRIPTOR`. What it forks is a session of its own with the
environment, folder and log that were asked for, and then calls the program's own `main`.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.faults.surroundings import RESOLVER, WallClock
from tests.flow.program import ROOT, environment

PR_SET_PDEATHSIG = 1
LOOK = 0.05  # seconds


class Forked:
    """A daemon, with what `Popen` has of it."""

    def __init__(self, zygote: Zygote, pid: int) -> None:
        self._zygote, self.pid = zygote, pid

    @property
    def returncode(self) -> int | None:
        return self._zygote.codes.get(self.pid)

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        until = time.monotonic() + (timeout if timeout is not None else 3600)
        while (code := self.returncode) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("daemon", timeout or 0)
            time.sleep(LOOK)
        return code

    def send_signal(self, sig: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, sig)


class Zygote:
    """Our side: asks for daemons, and knows how they ended. Any thread may call."""

    def __init__(self, env: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "tests.faults.zygote", str(theirs.fileno())]
            self._process = subprocess.Popen(command, env=dict(env), pass_fds=(theirs.fileno(),))
        self._socket, self._lines = ours, ours.makefile("r")
        self._asking, self._pids = threading.Lock(), threading.Semaphore(0)
        self._pid = 0
        self.codes: dict[int, int] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, folder: Path, log: Path, *, env: Mapping[str, str], words: list[str]) -> Forked:
        """`words` are the command line after the program's name."""
        asked = {"folder": str(folder), "log": str(log), "env": dict(env), "words": words}
        with self._asking:
            self._socket.sendall(json.dumps(asked).encode() + b"\n")
            self._pids.acquire()
            return Forked(self, self._pid)

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in self._lines:
                told = json.loads(line)
                if "code" in told:
                    self.codes[told["pid"]] = told["code"]
                else:
                    self._pid = told["pid"]
                    self._pids.release()


@contextlib.contextmanager
def warm_zygote() -> Iterator[Zygote]:
    """One for all runs, ended with the block."""
    path = f"{RESOLVER}:{ROOT}"
    zygote = Zygote({**environment(), "PYTHONPATH": path, **WallClock.env()})
    try:
        yield zygote
    finally:
        zygote.close()


def serve(descriptor: int) -> None:
    """Fork what is asked for, and tell how each ended, until the other side is gone."""
    import monitor.ui.cli.main  # noqa: PLC0415 - what makes a fork worth it
    import monitor.ui.commands.running  # noqa: PLC0415
    import monitor.wiring.daemon  # noqa: F401, PLC0415

    channel = socket.socket(fileno=descriptor)
    buffer = b""
    while True:
        if select.select([channel], [], [], LOOK)[0]:
            if not (came := channel.recv(1 << 16)):
                return
            *lines, buffer = (buffer + came).split(b"\n")
            for line in lines:
                pid = _fork(json.loads(line), channel)
                channel.sendall(json.dumps({"pid": pid}).encode() + b"\n")
        for pid, code in _ended():
            channel.sendall(json.dumps({"pid": pid, "code": code}).encode() + b"\n")


def _ended() -> list[tuple[int, int]]:
    found = []
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            found.append((ended[0], os.waitstatus_to_exitcode(ended[1])))
    return found


def _fork(asked: dict[str, Any], channel: socket.socket) -> int:
    pid = os.fork()
    if pid:
        return pid
    channel.close()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # no daemon outlives the harness
    os.setsid()
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os._exit(_run(asked["words"]))


def _run(words: list[str]) -> int:
    from monitor.__main__ import main  # noqa: PLC0415

    sys.argv = ["monitor", *words]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    serve(int(sys.argv[1]))
