"""Listens and serves in the background while a daemon runs. Knows nothing of
what is served.

waitress: no dependencies, threads like the rest of Monitor, and made to stand
behind a proxy that speaks TLS. One thread reads all requests and writes all
answers, so that slow visitors cost no worker.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.wasyncore import dispatcher

from monitor.errors import ConfigError

LARGEST_BODY = 131_072  # bytes, of whoever may only read
LARGEST_FORM = 5_000_000
"""Bytes, of whoever edits: the fields of the editors' forms may all be full,
and a letter is sent as up to nine bytes.
"""
LARGEST_HEAD = 32_768
# below the 1,024 open files that a process usually may have
MOST_CONNECTIONS = 500
WORKERS = 4
STOP_SECONDS = 1.0
MOST_UNREAD = 2**30
"""Bytes of one answer that wait for their reader, from the first megabyte on
in a file. Beyond them the library has the worker wait, so that four slow
readers would hold up everybody.
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `request`: from the first byte of a request to its last, so
    that whoever drips is hung up on. `idle`: without a byte in either
    direction. `look`: how often idle ones are sought.
    """

    request: float = 20
    idle: int = 30
    look: int = 5


class BoundedChannel(HTTPChannel):  # type: ignore[misc]  # the library has no types
    """A connection whose requests must arrive in time. The library only bounds
    silence.
    """

    _began = 0.0

    def received(self, data: bytes) -> bool:
        """Take in some bytes; hang up where the request they belong to takes
        too long.
        """
        now = time.monotonic()
        if self.request is None:
            self._began = now
        elif now - self._began > self.server.patience.request:
            self.will_close = True
            return False
        return bool(super().received(data))


@contextlib.contextmanager
def serving(
    application: WSGIApplication,
    listen: tuple[str, int],
    *,
    prefix: str = "",
    patience: Patience = Patience(),
) -> Iterator[tuple[str, int]]:
    """Serve until the block ends; gives host and port. Raises ConfigError
    where nobody can listen there. Requests that are being answered at the end
    have STOP_SECONDS to finish.

    `prefix`: the path of the public address; requests come with it or, where
    the proxy cuts it off, without.
    """
    # "Task queue depth" is a warning for each request that has to wait for a
    # free thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with _listening(listen) as listener:
        server = create_server(
            application,
            sockets=[listener],
            url_prefix=prefix,
            ident=None,
            max_request_body_size=LARGEST_FORM,
            # what is longer waits in a file, not in memory
            inbuf_overflow=LARGEST_BODY,
            max_request_header_size=LARGEST_HEAD,
            channel_timeout=patience.idle,
            connection_limit=MOST_CONNECTIONS,
            cleanup_interval=patience.look,
            outbuf_high_watermark=MOST_UNREAD,
            threads=WORKERS,
            # Nobody believes them; that they are there tells `access` of a
            # proxy.
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,  # visitors who leave early
        )
        server.channel_class, server.patience = BoundedChannel, patience
        loop = threading.Thread(target=server.run, name="web", daemon=True)
        loop.start()
        try:
            yield listener.getsockname()[:2]
        finally:
            _stop(server, loop)


def _stop(server: Any, loop: threading.Thread) -> None:
    """Accept nobody else, let the workers finish, hang up, end the loop: in
    this order.

    Workers wake the loop through its trigger, a pipe. It is closed last, and
    never beside a worker that takes too long: that one would write to a file
    that is closed, or to another one that has got its number. The pipe then
    stays open until the process ends.
    """
    # Sockets are closed in the loop's own thread: it must not wait for those
    # another one closes. `server.close` would close the trigger, too.
    server.trigger.pull_trigger(lambda: dispatcher.close(server))
    server.task_dispatcher.shutdown(timeout=STOP_SECONDS)
    server.trigger.pull_trigger(lambda: _hang_up(server))
    loop.join(STOP_SECONDS)
    if not loop.is_alive() and not server.task_dispatcher.threads:
        server.trigger.close()


def _hang_up(server: Any) -> None:
    """Close all connections, with what waits for readers in files: the library
    leaves those open. The loop ends once it watches nothing.
    """
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    # what the loop reads; the pipe itself stays
    dispatcher.close(server.trigger)


@contextlib.contextmanager
def _listening(listen: tuple[str, int]) -> Iterator[socket.socket]:
    host, port = listen
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family)
    except OSError as error:
        raise ConfigError(
            f"the web page cannot listen on {host}, port {port}: {error.strerror or error}",
            about="MONITOR_LISTEN",
            hint=(
                "set MONITOR_LISTEN to a free port of this machine, or to off where another daemon"
                " serves the page"
            ),
        ) from error
    with listener:
        yield listener
