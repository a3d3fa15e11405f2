"""Reads a stored mail back for people who look at it: words as plain text,
never markup. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

HEADERS = ("Date", "From", "To", "Subject", "Reply-To", "Message-ID")
"""Headers that say something to a person."""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it was sent: some headers, and its text part."""

    headers: tuple[tuple[str, str], ...]
    text: str


def read_mail(raw: bytes) -> StoredMail:
    """The mail in these bytes, which we wrote ourselves."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    headers = tuple(
        (name, str(message[name])) for name in HEADERS if message[name]
    )
    return StoredMail(headers, _text(message))


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return "" if part is None else str(part.get_content())
