"""A peer that drips is cut off: a mail server, and the receiver of a webhook."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from monitor.fetch.webhook import Webhook
from monitor.notify.transport.smtp import SmtpMailer
from monitor.types.output import Email, SendState

SECONDS = 1.0
MAIL = Email(
    "<1@a.example>",
    "a@a.example",
    "b@b.example",
    "S",
    b"Subject: S\r\n\r\nText\r\n",
)


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes], int]]:
    """Starts a server that says this, and then one byte every tenth of a
    second.
    """
    stop, listeners = threading.Event(), list[socket.socket]()

    def serve(listener: socket.socket, first: bytes) -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.sendall(first)
                while not stop.wait(0.1):
                    connection.sendall(b"x")

    def start(first: bytes) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(
            target=serve, args=(listener, first), daemon=True
        ).start()
        return int(listener.getsockname()[1])

    yield start
    stop.set()
    for listener in listeners:
        listener.close()


def took(send: Callable[[], object]) -> float:
    began = time.monotonic()
    send()
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("encryption", ["none", "tls"])
def test_a_mail_server_that_drips_its_greeting(
    dripping: Callable[[bytes], int], encryption: str
) -> None:
    mailer = SmtpMailer(
        "127.0.0.1",
        dripping(b"220-"),
        encryption=encryption,  # type: ignore[arg-type]
        connect_seconds=SECONDS,
        total_seconds=SECONDS,
    )
    states = list[SendState]()
    assert took(lambda: states.append(mailer.send(MAIL).state)) < 5 * SECONDS
    assert states == [SendState.TEMPORARY]
    mailer.close()


@pytest.mark.slow
def test_a_receiver_that_drips_its_answer(
    dripping: Callable[[bytes], int],
) -> None:
    port = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    states = list[SendState]()
    hook = Webhook(f"http://127.0.0.1:{port}/", "secret", total=SECONDS)
    assert took(lambda: states.append(hook.send(MAIL).state)) < 5 * SECONDS
    assert len(states) == 1


@pytest.mark.slow
def test_a_receiver_that_drips_its_headers(
    dripping: Callable[[bytes], int],
) -> None:
    port = dripping(b"HTTP/1.1 200 OK\r\n")
    hook = Webhook(f"http://127.0.0.1:{port}/", "secret", total=SECONDS)
    assert took(lambda: hook.send(MAIL)) < 5 * SECONDS
