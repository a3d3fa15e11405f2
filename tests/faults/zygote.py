"""A process that has loaded the program once and becomes a daemon by forking:
loading takes two thirds of a start's processor time, and a thousand runs start
thousands of daemons. It also makes one pass itself, so that what the program
reads and prepares once is ready in all forks.

Run as `python -m tests.faults.zygote DESCRIPTOR`. What it forks is a session
of its own with the environment, folder and log that were asked for, and then
calls the program's own `main`.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
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

from tests.faults.surroundings import RESOLVER
from tests.flow.program import ROOT, environment
from tests.flow.shifted_clock import follow_environment, library

PR_SET_PDEATHSIG = 1
LOOK = 0.05  # seconds
HERE = 0  # instead of the number of a process: the zygote itself


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
            self._zygote.check_alive()
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("daemon", timeout or 0)
            time.sleep(LOOK)
        return code

    def send_signal(self, sig: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, sig)


class Zygote:
    """Our side: asks for daemons, and knows how they ended. Any thread may
    call.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [
                sys.executable,
                "-m",
                "tests.faults.zygote",
                str(theirs.fileno()),
            ]
            self._process = subprocess.Popen(
                command, env=dict(env), pass_fds=(theirs.fileno(),)
            )
        self._socket, self._lines = ours, ours.makefile("r")
        self._asking, self._pids = threading.Lock(), threading.Semaphore(0)
        self._pid = 0
        self._ended = False
        self.codes: dict[int, int] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def start(
        self,
        folder: Path,
        log: Path,
        *,
        env: Mapping[str, str],
        words: list[str],
    ) -> Forked:
        """`words` are the command line after the program's name."""
        with self._asking:
            pid = self._ask(
                {
                    "folder": str(folder),
                    "log": str(log),
                    "env": {**env},
                    "words": words,
                }
            )
        return Forked(self, pid)

    def warm_up(self, folder: Path, *, env: Mapping[str, str]) -> int:
        """Let it make one pass itself, before it forks anything. Returns the
        exit code.
        """
        asked = {"folder": str(folder), "log": os.devnull, "env": {**env}}
        with self._asking:
            return self.codes[
                self._ask({**asked, "words": ["run", "--once"], "here": True})
            ]

    def _ask(self, asked: dict[str, object]) -> int:
        self._socket.sendall(json.dumps(asked).encode() + b"\n")
        self._pids.acquire()
        self.check_alive()
        return self._pid

    def check_alive(self) -> None:
        """Raises RuntimeError where nobody tells any more how daemons end."""
        if self._ended:
            raise RuntimeError(
                "the process that daemons are forked from has ended"
            )

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
                # of an earlier process with this number nothing is asked any
                # more
                else:
                    self.codes.pop(told["pid"], None)
                if "code" not in told or told["pid"] == HERE:
                    self._pid = told["pid"]
                    self._pids.release()
        self._ended = True
        # whoever asks now, or has asked, gets no answer any more
        self._pids.release()


@contextlib.contextmanager
def running_zygote() -> Iterator[Zygote]:
    """One for all runs, ended with the block."""
    path = f"{RESOLVER}:{ROOT}"
    zygote = Zygote(
        {**environment(), "PYTHONPATH": path, "LD_PRELOAD": str(library())}
    )
    try:
        yield zygote
    finally:
        zygote.close()


def serve(descriptor: int) -> None:
    """Fork what is asked for, and tell how each ended, until the other side is
    gone.
    """
    import monitor.ui.cli.main  # noqa: PLC0415 - what makes a fork worth it
    import monitor.ui.commands.running  # noqa: PLC0415
    import monitor.ui.commands.web  # noqa: PLC0415
    import monitor.wiring.daemon  # noqa: F401, PLC0415

    channel = socket.socket(fileno=descriptor)
    buffer = b""
    while True:
        if select.select([channel], [], [], LOOK)[0]:
            if not (came := channel.recv(1 << 16)):
                return
            *lines, buffer = (buffer + came).split(b"\n")
            for line in lines:
                _tell(channel, **_obey(json.loads(line), channel))
        for pid, code in _ended():
            _tell(channel, pid=pid, code=code)


def _obey(asked: dict[str, Any], channel: socket.socket) -> dict[str, int]:
    if not asked.get("here"):
        return {"pid": _fork(asked, channel)}
    before, folder = dict(os.environ), Path.cwd()
    outputs = os.dup(1), os.dup(2)
    _enter(asked)
    code = _run(asked["words"])
    for number, kept in zip((1, 2), outputs, strict=True):
        os.dup2(kept, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(before)
    gc.collect()
    gc.freeze()  # a collection in a fork would copy all that it inherits
    return {"pid": HERE, "code": code}


def _tell(channel: socket.socket, **told: int) -> None:
    channel.sendall(json.dumps(told).encode() + b"\n")


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
    # no daemon outlives the harness
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    _enter(asked)
    os._exit(_run(asked["words"]))


def _enter(asked: dict[str, Any]) -> None:
    """Its folder, environment and log."""
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    follow_environment()
    log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


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
