"""What a mail server said, as one line for people, without our secrets; and
what its code means. Pure.
"""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from dataclasses import dataclass

from monitor.language.hygiene import one_line
from monitor.types.output import SendResult, SendState

_REPLY = 300  # characters
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must never be shown, also not where a server repeats it."""

    user: str
    password: str

    def hidden_in(self, text: str) -> str:
        """`text` without the password, in plain or as it was sent."""
        if not self.password:
            return text
        sent = (f"\0{self.user}\0{self.password}", self.password)
        encoded = [
            base64.b64encode(secret.encode("utf-8", "replace")).decode("ascii")
            for secret in sent
        ]
        for secret in (*encoded, self.password):
            text = text.replace(secret, _HIDDEN)
        return text


def spoken(code: int, words: bytes) -> str:
    """A reply as one visible line: "250 2.0.0 OK"."""
    return one_line(f"{code} {words.decode('utf-8', 'replace')}", _REPLY)


def answered(step: str, code: int, words: bytes) -> SendResult:
    """What a refusing answer means: 5xx is for good, everything else may pass
    later.
    """
    state = SendState.REJECTED if 500 <= code <= 599 else SendState.TEMPORARY
    return SendResult(state, f"{step}: {spoken(code, words)}")


def answered_text(code: int, words: bytes) -> SendResult:
    """What the answer to the whole message means.

    One that is no answer leaves open whether it was taken.
    """
    if 200 <= code <= 299:
        return SendResult(SendState.SENT, spoken(code, words))
    if 400 <= code <= 599:
        return answered("DATA", code, words)
    return SendResult(
        SendState.UNKNOWN,
        f"unreadable answer after the message: {spoken(code, words)}",
    )


def spoken_error(error: Exception) -> str:
    """A failed connection or command in plain words."""
    match error:
        case ssl.SSLCertVerificationError():
            words = f"the server's certificate is not trusted: {error.verify_message}"
        case ssl.SSLError():
            words = f"TLS failed: {error.reason or error}"
        case smtplib.SMTPResponseException():
            reply = error.smtp_error
            words = spoken(
                error.smtp_code,
                reply if isinstance(reply, bytes) else str(reply).encode(),
            )
        case smtplib.SMTPServerDisconnected() if not isinstance(
            error.__context__, TimeoutError
        ):
            words = "the server closed the connection"
        case TimeoutError() | smtplib.SMTPServerDisconnected():
            words = "no answer in time"
        case socket.gaierror():
            words = f"the server's name is unknown: {error.strerror}"
        case _:
            words = str(error) or type(error).__name__
    return one_line(words, _REPLY)
