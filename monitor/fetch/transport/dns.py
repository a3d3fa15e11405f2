"""Names to addresses within a bounded time, and the question whether a failure
is the host's or our own network's.

Knows no address policy: whoever connects judges each address.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from monitor.fetch.transport.address_policy import Address, parse_address

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a name as text, in order of preference.

Raises OSError where there are none.
"""

# under way at once; a hung system resolver must not pile up threads
_MOST_LOOKUPS = 64
_MOST_DOUBTS = 4096


def system_resolve(host: str, port: int) -> list[str]:
    """The system's answer: hosts file, DNS, preference by RFC 6724."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Resolver:
    """Looks names up in threads of its own, because the system's look-up
    cannot be interrupted.
    """

    def __init__(self, resolve: Resolve = system_resolve) -> None:
        self._resolve = resolve
        self._room = threading.BoundedSemaphore(_MOST_LOOKUPS)

    def lookup(self, host: str, port: int, *, seconds: float) -> list[Address]:
        """The addresses of `host`; a literal address is its own. Raises
        OSError; TimeoutError after `seconds`.
        """
        literal = parse_address(host)
        if literal is not None:
            return [literal]
        if not self._room.acquire(timeout=max(seconds, 0)):
            raise TimeoutError("too many name look-ups are hanging")
        answers: queue.SimpleQueue[Sequence[str] | OSError] = (
            queue.SimpleQueue()
        )
        threading.Thread(
            target=self._ask,
            args=(host, port, answers),
            name="lookup",
            daemon=True,
        ).start()
        try:
            answer = answers.get(timeout=max(seconds, 0))
        except queue.Empty:
            raise TimeoutError(
                "the name look-up did not end in time"
            ) from None
        if isinstance(answer, OSError):
            raise answer
        return [
            address
            for address in map(parse_address, answer)
            if address is not None
        ]

    def _ask(
        self,
        host: str,
        port: int,
        answers: queue.SimpleQueue[Sequence[str] | OSError],
    ) -> None:
        try:
            answers.put(self._resolve(host, port))
        except OSError as failed:
            answers.put(failed)
        except UnicodeError as unusable:  # a label longer than 63 characters
            answers.put(socket.gaierror(socket.EAI_NONAME, str(unusable)))
        finally:
            self._room.release()


class Reachability:
    """Tells a broken host from a broken network of our own, where the error
    alone (EAI_AGAIN, ENETUNREACH) fits both.

    The first such failure of a host is held against our network. Where the
    host fails so again and any other host was reached in between, it is the
    host.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reached = 0
        self._doubts: OrderedDict[str, int] = OrderedDict()

    def reached(self, host: str) -> None:
        """A connection to `host` was made."""
        with self._lock:
            self._reached += 1
            self._doubts.pop(host, None)

    def is_ours(self, host: str) -> bool:
        """True where this failure of `host` is put down to our own network."""
        with self._lock:
            since = self._doubts.setdefault(host, self._reached)
            while len(self._doubts) > _MOST_DOUBTS:
                self._doubts.popitem(last=False)
            return since == self._reached
