"""An SMTP server that answers by a script: any reply, none, late, or a closed
connection, at any step.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CLOSE = b"(close)"
SILENCE = b"(silence)"
DEFAULT = {
    "GREETING": b"220 ready",
    "EHLO": b"250-here\r\n250 SIZE 1000000",
    "HELO": b"250 here",
    "MAIL": b"250 ok",
    "RCPT": b"250 ok",
    "DATA": b"354 go on",
    "TEXT": b"250 taken",
    "RSET": b"250 ok",
    "QUIT": b"221 bye",
}
RESET = b"(reset)"
"""Read nothing more and reset the connection."""


class ScriptedServer:
    """Answers each step by its script, then as `DEFAULT`.

    `log` lists the steps, `texts` what arrived.
    """

    def __init__(self, script: dict[str, list[bytes]]) -> None:
        self._script = {
            step: list(replies) for step, replies in script.items()
        }
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.log: list[str] = []
        self.texts: list[bytes] = []
        self.connections = 0
        self._stopping = False
        self._went_on = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the conversation that is under way, and the thread."""
        self._stopping = True
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(5)
        self._listener.close()
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            self._open = [connection]
            with connection, connection.makefile("rb") as lines:
                if self._stopping:
                    return
                self.connections += 1
                with suppress(OSError):
                    if self._answer(connection, "GREETING"):
                        self._converse(connection, lines)

    def _converse(
        self, connection: socket.socket, lines: Iterator[bytes]
    ) -> None:
        for line in lines:
            step = line[:4].decode("ascii", "replace").upper()
            if not self._answer(connection, step) or step == "QUIT":
                return
            if step == "DATA" and self._went_on:
                text = []
                for part in lines:
                    if part == b".\r\n":
                        break
                    text.append(part)
                else:
                    return
                self.texts.append(b"".join(text))
                if not self._answer(connection, "TEXT"):
                    return

    def _answer(self, connection: socket.socket, step: str) -> bool:
        self.log.append(step)
        waiting = self._script.get(step)
        reply = (
            waiting.pop(0) if waiting else DEFAULT.get(step, b"502 unknown")
        )
        self._went_on = reply.startswith(b"354")
        if reply == SILENCE:
            connection.recv(1)  # until the client gives up
            return False
        if reply == RESET:
            connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
            )
            return False
        if reply == CLOSE:
            return False
        closing = reply.endswith(CLOSE)
        connection.sendall(reply.removesuffix(CLOSE) + b"\r\n")
        return not closing


@contextmanager
def scripted(**script: list[bytes]) -> Iterator[ScriptedServer]:
    """A server of this test alone."""
    server = ScriptedServer(script)
    try:
        yield server
    finally:
        server.stop()
