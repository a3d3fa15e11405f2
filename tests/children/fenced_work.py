"""What a child of the tests does: what a page that took over its reader would
try.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

IO_URING_SETUP, UNSHARE = 425, {"x86_64": 272, "aarch64": 97}
NEW_USERS = 0x10000000


def answering() -> Callable[[tuple[str, str]], str]:
    """From (what to try, with what) to "done" or the error's name."""
    return answer


def answer(task: tuple[str, str]) -> str:
    what, about = task
    try:
        TRIES[what](about)
    except OSError as error:
        return type(error).__name__
    return "done"


def _connect(about: str) -> None:
    host, _, port = about.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5):
        pass


def _open_socket(about: str) -> None:
    family, kind = about.split()
    socket.socket(getattr(socket, family), getattr(socket, kind)).close()


def _resolve(about: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"?", (about, 53))


def _in_thread(about: str) -> None:
    seen: list[OSError] = []

    def connect() -> None:
        try:
            _connect(about)
        except OSError as error:
            seen.append(error)

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    if seen:
        raise seen[0]


def _in_fork(about: str) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0 if answer(("connect", about)) == "done" else 1)
    if os.waitpid(child, 0)[1]:
        raise PermissionError("refused in a fork")


def _call(number: int, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _late_import(about: str) -> None:
    sys.modules.pop(about, None)
    __import__(about)


TRIES: dict[str, Callable[[str], object]] = {
    "connect": _connect,
    "open socket": _open_socket,
    "ask a name server": _resolve,
    "connect in a thread": _in_thread,
    "connect in a fork": _in_fork,
    "read": lambda about: Path(about).read_bytes(),
    "list": os.listdir,
    "write": lambda about: Path(about).write_text("x"),
    "append": lambda about: Path(about).open("a").close(),
    "delete": lambda about: Path(about).unlink(),
    "make a folder": lambda about: Path(about).mkdir(),
    "rename": lambda about: Path(about).rename(about + ".away"),
    "link": lambda about: os.symlink("/etc/passwd", about),
    "truncate": lambda about: os.truncate(about, 0),
    "run": lambda about: subprocess.run([about], check=False),
    "signal": lambda about: os.kill(int(about), 0),
    "io_uring": lambda about: _call(
        IO_URING_SETUP, 1, ctypes.create_string_buffer(256)
    ),
    "new users": lambda about: _call(UNSHARE[os.uname().machine], NEW_USERS),
    "late import": _late_import,
}
