"""The headers of a message, and its bytes: RFC 5322 with CRLF, multipart/alternative. Pure and deterministic.

Texts that arrive here should be clean already; this module guards itself all the same, because a line break that
reaches a header is another header. Message-IDs and boundaries are derived from keys, so that a repeat is the same.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from zoneinfo import ZoneInfo

import idna

from monitor.errors import DeliveryError
from monitor.language.hygiene import one_line
from monitor.types.mail import Letter
from monitor.types.output import Email

_SUBJECT = 250  # characters
_NAME = 60
_LINE = 900  # octets; RFC 5322 ends a line at 998
_ID_DIGITS = 32
# Commas and the like separate addresses. Quoting protects them, but folding of long encoded names in Python's email
# package has undone that quoting (CPython issue 121284): a name goes without.
_SEPARATORS = re.compile(r'[",;:<>()@\[\]\\]+')
_NOT_IN_ADDRESS = re.compile(r'[\s\x00-\x1f\x7f-\x9f<>()\[\]\\,;:"@\ud800-\udfff]')
_NOT_IN_LIST_ID = re.compile(r"[^a-z0-9-]+")
_MACHINE_HEADERS = frozenset(
    {"message-id", "in-reply-to", "references", "list-id", "list-unsubscribe", "list-unsubscribe-post"}
)


class _MailPolicy(EmailPolicy):
    """SMTP's policy, but headers that only machines read are never encoded, and fold at spaces only.

    The standard folder writes an address or id that is longer than a line as an encoded word, which RFC 2047 forbids
    there and no mail server decodes.
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _MACHINE_HEADERS:
            return f"{name}: {(self.linesep + ' ').join(str(value).split())}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _MACHINE_HEADERS:
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


_POLICY = _MailPolicy(linesep=SMTP.linesep, utf8=False)
_UTF8_POLICY = _MailPolicy(linesep=SMTP.linesep, utf8=True)  # for addresses that are not ASCII (RFC 6532)


@dataclass(frozen=True, slots=True)
class ListHeaders:
    """What lets a mail program sort, thread and unsubscribe; `mailto` is always there."""

    list_name: str
    mailto: str
    unsubscribe: str | None = None
    thread: str | None = None  # Message-ID that this mail answers to


def derive_message_id(domain: str, *keys: str) -> str:
    """A Message-ID that is the same for the same keys (delivery kind, topic, story, recipient, ...) for ever."""
    digest = hashlib.sha256("\x1f".join(keys).encode("utf-8", "backslashreplace")).hexdigest()[:_ID_DIGITS]
    return f"<{digest}@{ascii_domain(domain)}>"


def thread_id(domain: str, topic_id: str, day: date) -> str:
    """What all immediate mails of one topic and local day refer to, so that mail programs show them together."""
    return derive_message_id(domain, "thread", topic_id, day.isoformat())


def ascii_domain(domain: str) -> str:
    """The domain as mail servers write it ("xn--..."). A DeliveryError where it is none."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii") if not domain.isascii() else idna_checked(domain)
    except (idna.IDNAError, UnicodeError) as error:
        raise DeliveryError(f"not a mail domain: {domain!r}", about=domain) from error


def idna_checked(domain: str) -> str:
    """An ASCII domain, in small letters, if it can be one."""
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", domain) or ".." in domain:
        raise DeliveryError(f"not a mail domain: {domain!r}", about=domain)
    return domain.lower()


def mail_address(address: str) -> str:
    """One address with an ASCII domain. A DeliveryError for anything that could be read as two, or as a header."""
    local, at, domain = address.rpartition("@")
    if not at or not local or _NOT_IN_ADDRESS.search(local) or len(address) > 254 or _bad_dots(local):
        raise DeliveryError(f"not a mail address: {address!r}", about=address, hint="write it as name@example.org")
    return f"{local}@{ascii_domain(domain)}"


def compose_message(subject: str, letter: Letter, *, text: str, html: str, lists: ListHeaders) -> Email:
    """The finished message. The same input gives the same bytes."""
    recipient = mail_address(letter.recipient.address)
    sender = mail_address(letter.identity.address)
    message_id = _checked_id(letter.message_id)
    subject = one_line(subject, _SUBJECT) or "–"
    message = EmailMessage(policy=_POLICY if recipient.isascii() and sender.isascii() else _UTF8_POLICY)
    message["From"] = _named(letter.identity.name, sender)
    message["To"] = _named(letter.recipient.name, recipient)
    message["Subject"] = subject
    message["Date"] = letter.date.astimezone(ZoneInfo(letter.identity.timezone))
    message["Message-ID"] = message_id
    if lists.thread:
        message["In-Reply-To"] = lists.thread
        message["References"] = lists.thread
    message["List-Id"] = f"<{_list_label(lists.list_name)}.{sender.rpartition('@')[2]}>"
    one_click = lists.unsubscribe if _one_click(lists.unsubscribe) else None
    message["List-Unsubscribe"] = ", ".join(f"<{link}>" for link in (lists.mailto, one_click) if link)
    if one_click:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_encodable(text), cte="quoted-printable")
    message.add_alternative(_encodable(html), subtype="html", cte="quoted-printable")
    for part in message.iter_parts():
        del part["MIME-Version"]  # belongs to the whole message only
    # "=_" cannot occur in quoted-printable, so no text can contain the boundary.
    message.set_boundary("=_" + hashlib.sha256(message_id.encode()).hexdigest()[:_ID_DIGITS])
    envelope_from = mail_address(letter.identity.envelope_from or letter.identity.address)
    return Email(message_id, envelope_from, recipient, subject, message.as_bytes())


def _named(name: str | None, address: str) -> Address:
    display = " ".join(_SEPARATORS.sub(" ", one_line(name or "", _NAME)).split())
    return Address(display_name=display, addr_spec=address)


def _checked_id(message_id: str) -> str:
    if not re.fullmatch(r"<[!-;=?A-~]+@[!-;=?A-~]+>", message_id) or len(message_id) > _LINE:
        raise DeliveryError(f"not a Message-ID: {message_id!r}", about=message_id)
    return message_id


def _list_label(name: str) -> str:
    """A name as one label of a domain; where letters had to go, a few digits keep two lists apart."""
    label = _NOT_IN_LIST_ID.sub("-", name.casefold()).strip("-")[:40].strip("-")
    if label == name:
        return label
    return f"{label or 'list'}-{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:8]}"


def _one_click(link: str | None) -> bool:
    """RFC 8058: https only, and pure ASCII on one line."""
    return bool(link) and re.fullmatch(r"https://[!-;=?-~]+", link or "") is not None and len(link or "") <= _LINE


def _bad_dots(local: str) -> bool:
    return local.startswith(".") or local.endswith(".") or ".." in local


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
