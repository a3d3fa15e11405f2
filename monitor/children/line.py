"""Objects over a socket between a process and its child, pickled, each with
its length before it. Both are our own.

Not multiprocessing's Connection: it cannot be told when to give up, and a
watching thread for each message would cost more than a small message itself.
"""

from __future__ import annotations

import pickle
import socket
import struct
import time

_LENGTH = struct.Struct("!Q")
_PIECE = 1 << 20


class Line:
    """One end. Used by one thread at a time."""

    def __init__(self, sock: socket.socket) -> None:
        """Takes the socket over."""
        self._sock = sock

    def send(self, message: object, *, seconds: float | None = None) -> None:
        """Send one object. Raises TimeoutError and other OSErrors."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._sock.settimeout(seconds)
        # its time-out is for the whole
        self._sock.sendall(_LENGTH.pack(len(data)) + data)

    def receive(self, *, seconds: float | None = None) -> object:
        """The next object, whole within `seconds`.

        Raises EOFError at the end, TimeoutError and other OSErrors.
        """
        end = None if seconds is None else time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, end))
        return pickle.loads(self._exactly(length, end))  # noqa: S301 - our own child, which runs our own code

    def send_descriptor(self, descriptor: int) -> None:
        """Hand an open file on, after a message that says so."""
        socket.send_fds(self._sock, [b"."], [descriptor])

    def receive_descriptor(self) -> int:
        """The file that the other end hands on; ours to close. Raises
        EOFError and OSErrors.
        """
        _, descriptors, _, _ = socket.recv_fds(self._sock, 1, 1)
        if not descriptors:
            raise EOFError("the other end hung up")
        return descriptors[0]

    def is_over(self) -> bool:
        """Whether the other end hung up, while it has nothing to say."""
        self._sock.settimeout(0)
        try:
            return not self._sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """Hang up. Idempotent."""
        self._sock.close()

    def _exactly(self, count: int, end: float | None) -> bytes:
        pieces = bytearray()
        while len(pieces) < count:
            self._sock.settimeout(
                None if end is None else max(end - time.monotonic(), 0.001)
            )
            piece = self._sock.recv(min(count - len(pieces), _PIECE))
            if not piece:
                raise EOFError("the other end hung up")
            pieces += piece
        return bytes(pieces)
