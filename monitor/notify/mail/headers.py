"""The headers of a message, and its bytes: RFC 5322 with CRLF,
multipart/alternative. Pure and deterministic.

Texts that arrive here should be clean already; this module guards itself all
the same, because a line break that reaches a header is another header.
Message-IDs and boundaries are derived from keys, so that a repeat is the same.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from zoneinfo import ZoneInfo

import idna

from monitor.errors import DeliveryError
from monitor.language.hygiene import one_line
from monitor.types.mail import Attachment, Letter
from monitor.types.output import Email

_SUBJECT = 250  # characters
_NAME = 60
_LINE = 900  # octets; RFC 5322 ends a line at 998
_ID_DIGITS = 32
# needs no quotes in an address header
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_NOT_IN_ADDRESS = re.compile(
    r'[\s\x00-\x1f\x7f-\x9f<>()\[\]\\,;:"@\ud800-\udfff]'
)
_NOT_IN_LIST_ID = re.compile(r"[^a-z0-9-]+")
_WRITTEN_HERE = frozenset(
    {"from", "to", "subject", "message-id", "in-reply-to", "references"}
    | {"list-id", "list-unsubscribe", "list-unsubscribe-post"}
)


class _MailPolicy(EmailPolicy):
    """SMTP's policy, but the headers that we encode ourselves are written as
    they are.

    The standard one parses a value when it is set, so that an encoded word in
    a headline would be decoded into the header; it writes ids and links that
    are longer than a line as encoded words, which no mail server decodes; and
    its folding adds spaces between encoded words and has unquoted commas in
    names (CPython issue 121284).
    """

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        if name.lower() not in _WRITTEN_HERE:
            return super().header_store_parse(name, value)
        if re.search(r"[\r\n](?![ \n])", value):
            raise DeliveryError(
                f"a line break in {name} would be another header", about=name
            )
        return name, value

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _WRITTEN_HERE:
            return f"{name}: {value}{self.linesep}".encode(
                "utf-8" if self.utf8 else "ascii"
            )
        return super().fold_binary(name, value)


_POLICY = _MailPolicy(linesep=SMTP.linesep, utf8=False)
# for addresses that are not ASCII (RFC 6532)
_UTF8_POLICY = _MailPolicy(
    linesep=SMTP.linesep,
    utf8=True,
)


@dataclass(frozen=True, slots=True)
class ListHeaders:
    """What lets a mail program sort, thread and unsubscribe; `mailto` is
    always there.
    """

    list_name: str
    mailto: str
    unsubscribe: str | None = None
    thread: str | None = None  # Message-ID that this mail answers to


def derive_message_id(domain: str, *keys: str) -> str:
    """A Message-ID that is the same for the same keys (delivery kind, topic,
    story, recipient, ...) for ever.
    """
    digest = _digest("\x1f".join(keys), _ID_DIGITS)
    return f"<{digest}@{ascii_domain(domain)}>"


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(
        text.encode("utf-8", "backslashreplace")
    ).hexdigest()[:digits]


def thread_id(domain: str, topic_id: str, day: date) -> str:
    """What all immediate mails of one topic and local day refer to, so that
    mail programs show them together.
    """
    return derive_message_id(domain, "thread", topic_id, day.isoformat())


def ascii_domain(domain: str) -> str:
    """The domain as mail servers write it ("xn--..."). A DeliveryError where
    it is none.
    """
    try:
        if domain.isascii():
            return idna_checked(domain)
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise DeliveryError(
            f"not a mail domain: {domain!r}", about=domain
        ) from error


def idna_checked(domain: str) -> str:
    """An ASCII domain, in small letters, if it can be one."""
    if (
        not re.fullmatch(
            r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", domain
        )
        or ".." in domain
    ):
        raise DeliveryError(f"not a mail domain: {domain!r}", about=domain)
    return domain.lower()


def header_address(address: str) -> str:
    """One address with an ASCII domain.

    A DeliveryError for anything that could be read as two, or as a header.
    """
    local, at, domain = address.rpartition("@")
    is_local = (
        bool(at and local)
        and not _NOT_IN_ADDRESS.search(local)
        and not _bad_dots(local)
    )
    if not is_local or len(address) > 254:
        hint = "write it as name@example.org"
        raise DeliveryError(
            f"not a mail address: {address!r}", about=address, hint=hint
        )
    return f"{local}@{ascii_domain(domain)}"


def compose_message(
    subject: str,
    letter: Letter,
    *,
    text: str,
    html: str,
    lists: ListHeaders,
    files: tuple[Attachment, ...] = (),
) -> Email:
    """The finished message. The same input gives the same bytes."""
    recipient = header_address(letter.recipient.address)
    sender = header_address(letter.identity.address)
    message_id = _checked_id(letter.message_id)
    subject = one_line(subject, _SUBJECT) or "–"
    is_ascii = recipient.isascii() and sender.isascii()
    message = EmailMessage(policy=_POLICY if is_ascii else _UTF8_POLICY)
    message["From"] = _named("From", letter.identity.name, sender)
    message["To"] = _named("To", letter.recipient.name, recipient)
    message["Subject"] = _encoded("Subject", subject)
    message["Date"] = letter.date.astimezone(
        ZoneInfo(letter.identity.timezone)
    )
    message["Message-ID"] = message_id
    _add_list_headers(message, lists, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_encodable(text), cte="quoted-printable")
    message.add_alternative(
        _encodable(html), subtype="html", cte="quoted-printable"
    )
    for file in files:
        kind, _, subtype = file.media_type.partition(";")[0].partition("/")
        message.add_attachment(file.body, kind, subtype, filename=file.name)
    _settle_parts(message, message_id)
    envelope_from = header_address(
        letter.identity.envelope_from or letter.identity.address
    )
    return Email(
        message_id, envelope_from, recipient, subject, message.as_bytes()
    )


def _add_list_headers(
    message: EmailMessage, lists: ListHeaders, sender: str
) -> None:
    if lists.thread:
        message["In-Reply-To"] = lists.thread
        message["References"] = lists.thread
    domain = sender.rpartition("@")[2]
    message["List-Id"] = f"<{_list_label(lists.list_name)}.{domain}>"
    ways = f"<{lists.mailto}>"
    if lists.unsubscribe and _one_click(lists.unsubscribe):
        message["List-Unsubscribe"] = f"{ways},\r\n <{lists.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        message["List-Unsubscribe"] = ways


def _settle_parts(message: EmailMessage, message_id: str) -> None:
    """Give each container a boundary made of the Message-ID, and leave only
    the whole message its MIME-Version.

    "=_" cannot occur in quoted-printable nor in base64, so nothing can contain
    a boundary.
    """
    containers = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(containers):
        key = f"{message_id}{number or ''}"
        part.set_boundary(f"=_{_digest(key, _ID_DIGITS)}")
    for part in message.walk():
        if part is not message:
            del part["MIME-Version"]


def _named(header: str, name: str | None, address: str) -> str:
    """Name and address, the name quoted or encoded as a whole.

    The address has been checked to be one and no more.
    """
    shown = one_line(name or "", _NAME)
    if not shown:
        return address
    if not shown.isascii() or "=?" in shown:
        return f"{_encoded(header, shown)}\r\n <{address}>"
    if not _PLAIN_NAME.fullmatch(shown):
        shown = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{shown} <{address}>"


def _encoded(header: str, text: str) -> str:
    """A visible line as it may stand in a header: ASCII folded at spaces, all
    else as encoded words of RFC 2047.
    """
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    return Header(text, charset, header_name=header).encode(
        linesep="\r\n", splitchars=" "
    )


def _checked_id(message_id: str) -> str:
    if (
        not re.fullmatch(r"<[!-;=?A-~]+@[!-;=?A-~]+>", message_id)
        or len(message_id) > _LINE
    ):
        raise DeliveryError(
            f"not a Message-ID: {message_id!r}", about=message_id
        )
    return message_id


def _list_label(name: str) -> str:
    """A name as one label of a domain; where letters had to go, a few digits
    keep two lists apart.
    """
    label = (
        _NOT_IN_LIST_ID.sub("-", name.casefold()).strip("-")[:40].strip("-")
    )
    if label == name:
        return label
    return f"{label or 'list'}-{_digest(name, 8)}"


def _one_click(link: str) -> bool:
    """RFC 8058: https only, and pure ASCII on one line."""
    return (
        len(link) <= _LINE
        and re.fullmatch(r"https://[!-;=?-~]+", link) is not None
    )


def _bad_dots(local: str) -> bool:
    return local.startswith(".") or local.endswith(".") or ".." in local


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
