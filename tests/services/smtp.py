"""A real SMTP server on the loopback interface that collects messages and
refuses them on demand.

It speaks plain SMTP; encryption and log-in belong to the tests of the mail
client.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services import free_port

Step = Literal["MAIL", "RCPT", "DATA"]
CLOSE = "close"
"""An answer that is none: the connection ends. After DATA the message has been
kept: the client cannot know.
"""
STARTS = 5


@dataclass(frozen=True, slots=True)
class Received:
    """One accepted message."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The message as a mail program reads it."""
        return BytesParser(policy=policy.default).parsebytes(self.raw)


class Mailbox:
    """What the server received, and how it answers next."""

    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self._lock = threading.Lock()
        self._received: list[Received] = []
        self._answers: dict[Step, list[str]] = {}

    @property
    def received(self) -> tuple[Received, ...]:
        """The accepted messages, in order."""
        with self._lock:
            return tuple(self._received)

    def answer(self, step: Step, reply: str, *, times: int = 1) -> None:
        """Let the next `times` commands of one step be answered `reply`, e.g.

        "451 4.3.0 later", or CLOSE.
        """
        with self._lock:
            self._answers.setdefault(step, []).extend([reply] * times)

    def forget_answers(self) -> None:
        """Answer everything well again."""
        with self._lock:
            self._answers.clear()

    def _next(self, step: Step) -> str | None:
        with self._lock:
            waiting = self._answers.get(step)
            return waiting.pop(0) if waiting else None

    async def handle_MAIL(  # aiosmtpd finds its hooks by these names
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        reply = self._next("MAIL")
        if reply is not None:
            return _said(server, reply)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        reply = self._next("RCPT")
        if reply is not None:
            return _said(server, reply)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        reply = self._next("DATA")
        if reply is None or reply == CLOSE:
            raw = (
                envelope.content
                if isinstance(envelope.content, bytes)
                else (envelope.content or "").encode()
            )
            with self._lock:
                self._received.append(
                    Received(
                        envelope.mail_from or "", tuple(envelope.rcpt_tos), raw
                    )
                )
        return "250 OK" if reply is None else _said(server, reply)


def _said(server: SMTP, reply: str) -> str:
    if reply == CLOSE and isinstance(server.transport, asyncio.Transport):
        server.transport.abort()
    return reply


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server of this test alone, at `mailbox.host` and `mailbox.port`."""
    box = Mailbox()
    for attempt in range(1, STARTS + 1):
        box.port = free_port()
        controller = Controller(box, hostname=box.host, port=box.port)
        try:
            controller.start()
            break
        except OSError:  # the port was taken in between
            if attempt == STARTS:
                raise
    try:
        yield box
    finally:
        controller.stop()
