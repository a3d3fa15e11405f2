"""What surrounds the program in a run, each of it to be broken from outside:
the clock, the resolver, the mail server, the receiver of the webhook, a small
disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.flow.shifted_clock import ShiftedClock
from tests.services import free_port
from tests.services.smtp import Mailbox

LOOPBACK = "127.0.0.1"
RESOLVER = Path(__file__).parent / "resolver"
DISK_BYTES = 48 * 1024 * 1024
DRIP_EVERY = 0.2  # seconds
PORT_PATIENCE = 60.0  # seconds


class WallClock:
    """The wall clock of all daemons of a run; the monotonic one stays real.

    A run uses it to make long waits short, too: a mail whose answer was lost
    waits for 15 minutes. That moves the clock of a database, too, where there
    is one: time goes by for everybody.
    """

    def __init__(
        self, file: Path, of_database: ShiftedClock | None = None
    ) -> None:
        self._clock, self._of_database = ShiftedClock(file), of_database
        self._offset = self._furthest = self._gone_by = 0.0

    @property
    def env(self) -> dict[str, str]:
        return self._clock.env

    def jump(self, seconds: float) -> None:
        """Set it forward, or back."""
        self._offset += seconds
        self._furthest = max(self._furthest, self._offset)
        self._clock.shift(self._offset)

    def hurry(self, seconds: float) -> None:
        """Set it to so long after the latest time that it ever showed."""
        self.go_by(self._furthest - self._offset + seconds)

    def go_by(self, seconds: float) -> None:
        """As if time went by."""
        self._gone_by += seconds
        if self._of_database is not None:
            self._of_database.shift(self._gone_by)
        self.jump(seconds)

    def forget(self) -> None:
        """The machine starts anew with the time that it has: from here on that
        is the latest.
        """
        self._furthest = self._offset


class Hosts:
    """The names that resolve."""

    NAMES = ("haus.test", "mail.test", "hook.test")

    def __init__(self, file: Path) -> None:
        self._file = file
        self.answer()

    @property
    def env(self) -> dict[str, str]:
        return {"FAULTS_HOSTS": str(self._file)}

    def answer(self) -> None:
        new = self._file.with_suffix(".new")
        new.write_text("".join(f"{LOOPBACK} {name}\n" for name in self.NAMES))
        new.replace(self._file)

    def go_away(self) -> None:
        self._file.write_text("")


class SlowMailbox(Mailbox):
    """A mail server that may take its time for each step."""

    pause = 0.0  # seconds

    async def handle_MAIL(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        await asyncio.sleep(self.pause)
        return await super().handle_MAIL(
            server, session, envelope, address, options
        )

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.pause)
        return await super().handle_DATA(server, session, envelope)


def listen(mailbox: Mailbox) -> Controller:
    """The mail server, at the mailbox's port; a port of its own where it has
    none.

    While it was away, a connection of another run may have got its port: until
    that ends it waits.
    """
    mailbox.port = mailbox.port or free_port()
    end = time.monotonic() + PORT_PATIENCE
    while True:
        controller = Controller(
            mailbox, hostname=mailbox.host, port=mailbox.port
        )
        try:
            controller.start()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return controller


@contextlib.contextmanager
def dripping(port: int) -> Iterator[None]:
    """Instead of a server somebody at this port who sends a byte now and then,
    and never a line.
    """
    ended = threading.Event()
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((LOOPBACK, port))
        server.listen()
        server.settimeout(DRIP_EVERY)
        thread = threading.Thread(
            target=_drip, args=(server, ended), daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def _drip(server: socket.socket, ended: threading.Event) -> None:
    held: list[socket.socket] = []
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            held.append(server.accept()[0])
        for each in held:
            with contextlib.suppress(OSError):
                each.send(b"2")
    for each in held:
        each.close()


@dataclass
class Receiver:
    """Where the webhook posts to: what came, and how the next calls are
    answered.
    """

    port: int = 0
    # delivery, content
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refuses: int = 0
    drips: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://hook.test:{self.port}/"


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver, open for the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if receiver.refuses > 0:
                receiver.refuses -= 1
                self.send_response(503)
                self.end_headers()
                return
            receiver.posted.append(
                (self.headers["Monitor-Delivery"], json.loads(body))
            )
            while receiver.drips.is_set():
                self.wfile.write(b"H")
                threading.Event().wait(DRIP_EVERY)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: `posted` remembers."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    receiver.port = server.server_address[1]
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.1}
    )
    thread.start()
    try:
        yield receiver
    finally:
        receiver.drips.clear()
        server.shutdown()
        thread.join()
        server.server_close()


def may_mount() -> bool:
    """Whether a small disk can be had: that takes root."""
    return os.geteuid() == 0 and Path("/dev/loop-control").exists()


@contextlib.contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """An ext4 file system of 48 MB at `place`."""
    place.mkdir(exist_ok=True)
    image = place.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(DISK_BYTES)
    _call("mkfs.ext4", "-q", "-m", "0", str(image))
    _call("mount", "-o", "loop", str(image), str(place))
    try:
        yield
    finally:
        _call("umount", "--lazy", str(place))


def set_immutable(folder: Path, immutable: bool) -> None:
    """Nothing below can be written, not even by root and by files that are
    open: as on a file system that the kernel made read-only after an error.
    SQLite's shared memory is left out: there an immutable file kills its
    writer (SIGBUS), which a read-only file system does not.
    """
    for _ in range(5):  # a merge of the index may remove a file meanwhile
        places = [folder, *folder.rglob("*")]
        chosen = [
            str(place) for place in places if not place.name.endswith("-shm")
        ]
        command = ["chattr", "-f", "+i" if immutable else "-i", *chosen]
        if (
            subprocess.run(
                command, capture_output=True, check=False
            ).returncode
            == 0
        ):
            return
    raise AssertionError(
        f"{folder} could not be made immutable, or mutable again"
    )


def _call(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stderr)
