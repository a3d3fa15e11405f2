"""Hands emails to a mail server over SMTP. One attempt each; what it means for
retries is said by the result alone.

Every attempt has exactly one of four ends: accepted, try again, refused, or
unknown. Unknown is only what was lost after the final dot, because only then
may the server have taken the message. Not known here: the outbox.
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from monitor.errors import DeliveryError
from monitor.notify.transport.smtp_replies import (
    Secrets,
    answered,
    answered_text,
    spoken,
    spoken_error,
)
from monitor.total_deadline import total_deadline
from monitor.types.output import Email, SendResult, SendState

Encryption = Literal["starttls", "tls", "none"]

CONNECT_SECONDS = 10.0  # also for the TLS handshake and the greeting
# no command but DATA makes a server think; RFC 5321 would wait five minutes
COMMAND_SECONDS = 60.0
DATA_SECONDS = 300.0  # content filters take their time
# for one mail from the connection on, however slowly the server drips
TOTAL_SECONDS = 420.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
_DOT_AT_START = re.compile(rb"^\.", re.MULTILINE)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_CLOSING = 421

# smtplib's own exceptions are OSErrors; ValueError is for what cannot be put
# into a command.
_TROUBLE = (OSError, ValueError)


class _Plain(smtplib.SMTP):
    """Known to its owner before it connects, which the constructor does."""

    def __init__(
        self, keep: Callable[[smtplib.SMTP], None], *args: Any, **options: Any
    ) -> None:
        keep(self)
        super().__init__(*args, **options)


class _OverTls(smtplib.SMTP_SSL):
    """The same over TLS."""

    def __init__(
        self, keep: Callable[[smtplib.SMTP], None], *args: Any, **options: Any
    ) -> None:
        keep(self)
        super().__init__(*args, **options)


class SmtpMailer:
    """A `Mailer` for one server and account.

    Keeps its connection over several emails; thread-safe, one at a time.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        encryption: Encryption = "starttls",
        user: str | None = None,
        password: str | None = None,
        ca_file: Path | None = None,
        helo: str | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        command_seconds: float = COMMAND_SECONDS,
        data_seconds: float = DATA_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        """Opens no connection yet. `encryption="none"` is for a named local
        relay, and never goes together with a password unless the relay is on
        this machine. `ca_file` is trusted besides the system's authorities.
        `helo` is the name we give; None looks ours up. Raises DeliveryError
        for what cannot be right.
        """
        if bool(user) != bool(password):
            raise DeliveryError(
                "a mail login needs both user and password", about=host
            )
        if password and encryption == "none" and host not in _LOOPBACK:
            raise DeliveryError(
                f"the password would go to {host} unencrypted",
                about=host,
                hint="use starttls or tls",
            )
        self._host, self._port, self._encryption = host, port, encryption
        self._user, self._password = user or "", password or ""
        self._secrets = Secrets(self._user, self._password)
        self._helo = helo
        self._connect_seconds = connect_seconds
        self._command_seconds = command_seconds
        self._data_seconds, self._total_seconds = data_seconds, total_seconds
        self._tls = _verifying(ca_file)
        self._connection: smtplib.SMTP | None = None
        self._lock = threading.Lock()

    def send(
        self, email: Email, *, handing_over: Callable[[], bool] | None = None
    ) -> SendResult:
        """One attempt.

        A connection that the server closed while idle is opened again before
        anything is sent.
        """
        for address in (email.sender, email.recipient):
            if not address or _UNSAFE.search(address):
                return SendResult(
                    SendState.REJECTED, f"not a mail address: {address!r}"
                )
        with self._lock, total_deadline(self._total_seconds, self._socket):
            try:
                connection = self._ready()
            except _TROUBLE as error:
                self._drop()
                return SendResult(SendState.TEMPORARY, self._say(error))
            result = self._hand_over(connection, email, handing_over)
            return SendResult(
                result.state, self._secrets.hidden_in(result.reply)
            )

    def close(self) -> None:
        """Say goodbye, if connected.

        A send that is under way in another thread is cut short, and says how
        it ended.
        """
        if not self._lock.acquire(blocking=False):
            connection = self._connection
            if connection is not None and connection.sock is not None:
                # past TLS: its own shutdown is not safe from another
                # thread
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
            return
        try:
            if self._connection is not None:
                with contextlib.suppress(*_TROUBLE):
                    self._connection.quit()
            self._drop()
        finally:
            self._lock.release()

    def check(
        self, sender: str, recipient: str
    ) -> tuple[tuple[str, str], ...]:
        """Ask everything but DATA on a connection of its own: (question,
        answer) pairs, up to the first failure.
        """
        told: list[tuple[str, str]] = []
        with contextlib.ExitStack() as at_end:
            try:
                for question, answer in self._questions(
                    sender, recipient, at_end
                ):
                    told.append((question, self._secrets.hidden_in(answer)))
            except _TROUBLE as error:
                told.append(("failed", self._say(error)))
        return tuple(told)

    def _questions(
        self, sender: str, recipient: str, at_end: contextlib.ExitStack
    ) -> Iterator[tuple[str, str]]:
        connection = self._dial(lambda connection: None)
        at_end.callback(_leave, connection)
        version = (
            connection.sock.version()
            if isinstance(connection.sock, ssl.SSLSocket)
            else "not encrypted"
        )
        yield f"connect to {self._host}:{self._port}", f"connected, {version}"
        connection.ehlo_or_helo_if_needed()
        yield (
            "EHLO",
            spoken(250, connection.ehlo_resp or connection.helo_resp or b""),
        )
        if self._encryption == "starttls":
            yield "STARTTLS", self._start_tls(connection)
        if self._user:
            yield "AUTH", self._log_in(connection)
        yield f"MAIL FROM:<{sender}>", spoken(*connection.mail(sender))
        yield f"RCPT TO:<{recipient}>", spoken(*connection.rcpt(recipient))
        yield "RSET", spoken(*connection.rset())

    def _ready(self) -> smtplib.SMTP:
        """A connection on which a message may begin: the open one if it still
        answers, else a new one.
        """
        if self._connection is not None:
            with contextlib.suppress(*_TROUBLE):
                if self._connection.rset()[0] == 250:
                    return self._connection
            self._drop()
        connection = self._dial(self._keep)
        connection.ehlo_or_helo_if_needed()
        if self._encryption == "starttls":
            self._start_tls(connection)
        if self._user:
            self._log_in(connection)
        return connection

    def _socket(self) -> socket.socket | None:
        return self._connection.sock if self._connection is not None else None

    def _dial(self, keep: Callable[[smtplib.SMTP], None]) -> smtplib.SMTP:
        connection: smtplib.SMTP
        where = (self._host, self._port, self._helo)
        seconds = self._connect_seconds
        if self._encryption == "tls":
            connection = _OverTls(
                keep, *where, timeout=seconds, context=self._tls
            )
        else:
            connection = _Plain(keep, *where, timeout=seconds)
        assert connection.sock is not None
        connection.sock.settimeout(self._command_seconds)
        # The final dot goes out on its own; without this it would wait until
        # the text before it is acknowledged.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _keep(self, connection: smtplib.SMTP) -> None:
        """From before its greeting on, so that a server that drips can be cut
        off.
        """
        self._connection = connection

    def _start_tls(self, connection: smtplib.SMTP) -> str:
        """Raises where encryption does not come about: nothing is sent in the
        clear.
        """
        code, words = connection.starttls(context=self._tls)
        connection.ehlo_or_helo_if_needed()
        return spoken(code, words)

    def _log_in(self, connection: smtplib.SMTP) -> str:
        """Raises where the login is refused.

        That is temporary: a mistyped password must not make mails dead.
        """
        if (self._user + self._password).isascii():
            return spoken(*connection.login(self._user, self._password))
        # smtplib knows ASCII passwords only; PLAIN is UTF-8 (RFC 4616).
        plain = base64.b64encode(
            f"\0{self._user}\0{self._password}".encode()
        ).decode("ascii")
        code, words = connection.docmd("AUTH", f"PLAIN {plain}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, words)
        return spoken(code, words)

    def _hand_over(
        self,
        connection: smtplib.SMTP,
        email: Email,
        handing_over: Callable[[], bool] | None,
    ) -> SendResult:
        """The message in its three commands.

        Until the final dot is on its way, nothing can have been accepted.
        """
        options = (
            [f"SIZE={len(email.raw)}"] if connection.has_extn("size") else []
        )
        if not (email.sender + email.recipient).isascii():
            if not connection.has_extn("smtputf8"):
                text = (
                    "the server takes no addresses with letters beyond ASCII (it does not offer"
                    " SMTPUTF8)"
                )
                return SendResult(
                    SendState.REJECTED, f"{email.recipient}: {text}"
                )
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        try:
            code, words = connection.mail(email.sender, options)
            if code != 250:
                return self._refused("MAIL", code, words)
            code, words = connection.rcpt(email.recipient)
            if code not in (250, 251):
                return self._refused("RCPT", code, words)
            code, words = connection.docmd("DATA")
            if code != 354:
                return self._refused("DATA", code, words)
            assert connection.sock is not None
            connection.sock.settimeout(self._data_seconds)
            connection.send(_as_data(email.raw))
        except _TROUBLE as error:
            self._drop()
            return SendResult(SendState.TEMPORARY, self._say(error))
        return self._finish(connection, handing_over)

    def _agreed(self, handing_over: Callable[[], bool] | None) -> bool:
        """Whether the final dot may go out.

        Without it the server throws the message away with the connection.
        """
        agreed = handing_over is None
        try:
            agreed = handing_over is None or handing_over()
        finally:
            if not agreed:
                self._drop()
        return agreed

    def _finish(
        self, connection: smtplib.SMTP, handing_over: Callable[[], bool] | None
    ) -> SendResult:
        """The final dot and its answer. Whatever is lost from here on may have
        been accepted.
        """
        if not self._agreed(handing_over):
            return SendResult(SendState.TEMPORARY, "not handed over")
        try:
            connection.send(b".\r\n")
            code, words = connection.getreply()
            assert connection.sock is not None
            connection.sock.settimeout(self._command_seconds)
        except _TROUBLE as error:
            self._drop()
            return SendResult(
                SendState.UNKNOWN,
                f"no answer after the message: {self._say(error)}",
            )
        result = answered_text(code, words)
        if code == _CLOSING or result.state is SendState.UNKNOWN:
            self._drop()
        return result

    def _refused(self, step: str, code: int, words: bytes) -> SendResult:
        if code == _CLOSING:
            self._drop()
        return answered(step, code, words)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _say(self, error: Exception) -> str:
        return self._secrets.hidden_in(spoken_error(error))


def _verifying(ca_file: Path | None) -> ssl.SSLContext:
    """TLS with checked certificates and names."""
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise DeliveryError(
                f"cannot read certificates from {ca_file}: {error}",
                about=str(ca_file),
            ) from error
    return context


def _as_data(raw: bytes) -> bytes:
    """A message as DATA sends it (RFC 5321, 4.5.2): CRLF only, dots at the
    start of a line doubled, CRLF at the end.
    """
    lines = _DOT_AT_START.sub(b"..", _LINE_END.sub(b"\r\n", raw))
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _leave(connection: smtplib.SMTP) -> None:
    with contextlib.suppress(*_TROUBLE):
        connection.quit()
    connection.close()
