"""Headers as mail programs and servers read them, whatever a feed or a
configuration says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import DeliveryError
from monitor.language.hygiene import one_line
from monitor.notify.mail.headers import (
    ListHeaders,
    compose_message,
    derive_message_id,
    header_address,
    thread_id,
)
from monitor.types.mail import Letter, MailIdentity
from monitor.types.output import Email
from tests.notify.samples import IDENTITY, letter, parsed

LISTS = ListHeaders(
    "ukraine", "mailto:monitor@presse.example?subject=unsubscribe%20ukraine"
)
EXPECTED = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
    "mime-version",
    "content-type",
]

# Whole texts that have broken mail software, and free mixtures of the
# characters that do it.
NASTY = st.one_of(
    st.text(max_size=120),
    st.text(
        alphabet=st.sampled_from(
            'aä \r\n\t,;:<>@"\\()=?_-\u202e\u2028\x00\ud800😀'
        ),
        max_size=120,
    ),
    st.sampled_from(
        [
            "=?utf-8?q?=0ABcc=3A_x@y.example?=",
            "a\r\nBcc: x@y.example",
            "\r\n\r\nbody",
            "x" * 3_000_000,
        ]
    ),
)


def message(
    subject: str = "Betreff",
    *,
    to: Letter | None = None,
    lists: ListHeaders = LISTS,
    text: str = "a",
) -> Email:
    return compose_message(
        subject, to or letter(), text=text, html="<p>a</p>", lists=lists
    )


def names(email: Email) -> list[str]:
    return [name.lower() for name in parsed(email).keys()]  # noqa: SIM118 - a message lists repeated headers here only


@given(subject=NASTY, name=NASTY, sender=NASTY, topic=NASTY)
def test_no_text_adds_a_header_or_a_recipient(
    subject: str, name: str, sender: str, topic: str
) -> None:
    to = replace(letter(name=name), identity=replace(IDENTITY, name=sender))
    email = message(
        subject,
        to=to,
        lists=replace(LISTS, list_name=topic, thread="<a@presse.example>"),
    )
    head = email.raw.partition(b"\r\n\r\n")[0]
    read = parsed(email)
    assert names(email) == [
        name for name in EXPECTED if name != "list-unsubscribe-post"
    ]
    assert [a.addr_spec for a in read["to"].addresses] == [
        "rita@presse.example"
    ]
    assert [a.addr_spec for a in read["from"].addresses] == [
        "monitor@presse.example"
    ]
    assert max(len(line) for line in email.raw.split(b"\r\n")) <= 998
    assert head.isascii()
    assert b"\n" not in email.raw.replace(b"\r\n", b"")


@given(st.text(max_size=200).map(lambda s: one_line(s, 250)).filter(bool))
def test_a_clean_subject_arrives_as_it_was(subject: str) -> None:
    assert parsed(message(subject))["subject"] == subject
    assert message(subject).subject == subject


@pytest.mark.parametrize(
    "subject",
    [
        "[Monitor] Tagesbericht: 212 Quellen, 1.204 Artikel, 37 Treffer – 3 Probleme",
        "[Ukraine] " + "Wörter mit Umlauten " * 8 + "Ende",
        "[A] " + "x" * 200,
        "literally =?utf-8?q?B=C3=A4r?= here",
    ],
)
def test_known_subjects_arrive_as_they_were(subject: str) -> None:
    assert parsed(message(subject))["subject"] == subject.strip()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Rita Referentin", "Rita Referentin"),
        ("Müller, Anna (Presse) <x>", "Müller, Anna (Presse) <x>"),
        ('Rita "R" \\ Referentin, Dr.', 'Rita "R" \\ Referentin, Dr.'),
        ("=?utf-8?q?Bcc?=", "=?utf-8?q?Bcc?="),
        (None, ""),
        ("\r\n", ""),
    ],
)
def test_names(name: str | None, shown: str) -> None:
    (address,) = parsed(message(to=letter(name=name)))["to"].addresses
    assert (address.display_name, address.addr_spec) == (
        shown,
        "rita@presse.example",
    )


def test_all_headers() -> None:
    lists = ListHeaders(
        "ukraine",
        LISTS.mailto,
        "https://monitor.example/u/1",
        "<thread@presse.example>",
    )
    read = parsed(message(lists=lists))
    assert names(message(lists=lists)) == EXPECTED
    assert read["date"] == "Wed, 25 Nov 2026 12:00:00 +0100"
    assert read["message-id"] == letter().message_id
    assert (
        read["in-reply-to"] == read["references"] == "<thread@presse.example>"
    )
    assert read["list-id"] == "<ukraine.presse.example>"
    assert read["list-unsubscribe"].split() == [
        f"<{LISTS.mailto}>,",
        "<https://monitor.example/u/1>",
    ]
    assert read["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert read["auto-submitted"] == "auto-generated"
    assert read.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "http://monitor.example/u",
        "https://x.example/a b",
        "https://x.example/>\r\nBcc: a",
        "javascript:1",
    ],
)
def test_one_click_needs_a_public_https_address(link: str | None) -> None:
    read = parsed(message(lists=replace(LISTS, unsubscribe=link)))
    assert "list-unsubscribe-post" not in read
    assert read["list-unsubscribe"] == f"<{LISTS.mailto}>"


def test_long_ids_and_links_are_not_encoded() -> None:
    link = "https://monitor.example/unsubscribe/" + "a" * 600
    domain = "presse-und-oeffentlichkeitsarbeit.landkreis-musterburg-an-der-beispiel.example"
    to = replace(letter(), message_id=derive_message_id(domain, "x"))
    read = message(to=to, lists=replace(LISTS, unsubscribe=link)).raw
    assert f"Message-ID: {to.message_id}\r\n".encode() in read
    assert f"\r\n <{link}>\r\n".encode() in read


def test_names_of_lists() -> None:
    ids = [
        parsed(message(lists=replace(LISTS, list_name=n)))["list-id"]
        for n in ("a-b", "Ä/b", "ä b", "", "x" * 90)
    ]
    assert ids[0] == "<a-b.presse.example>"
    assert len(set(ids)) == len(ids)
    assert max(len(name) for name in ids) < 80


def test_envelope_sender_may_differ() -> None:
    to = replace(
        letter(),
        identity=MailIdentity(
            "a@presse.example", envelope_from="bounces@presse.example"
        ),
    )
    assert message(to=to).sender == "bounces@presse.example"
    assert message().sender == "monitor@presse.example"


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("rita@presse.example", "rita@presse.example"),
        ("Rita.R+x@Presse.Example", "Rita.R+x@presse.example"),
        ("rita@müller.example", "rita@xn--mller-kva.example"),
        ("rita@straße.example", "rita@xn--strae-oqa.example"),
        ("jürgen@presse.example", "jürgen@presse.example"),
    ],
)
def test_addresses(address: str, written: str) -> None:
    assert header_address(address) == written
    email = message(to=letter(address=address))
    assert email.recipient == written
    # the parser cannot read RFC 6532
    assert f"\r\nTo: Rita Referentin <{written}>\r\n".encode() in email.raw


@pytest.mark.parametrize(
    "address",
    [
        "",
        "rita",
        "@presse.example",
        "rita@",
        "a@b@c.example",
        "a,b@c.example",
        "a b@c.example",
        "a\r\nBcc:x@c.example",
        "a@c..example",
        "a@-c.example",
        "<a@c.example>",
        "a@[127.0.0.1]",
        ".a@c.example",
        "a" * 300 + "@c.example",
        "a\ud800@c.example",
        "a@c_d.example",
        "a@ä..example",
    ],
)
def test_what_is_no_address_is_named(address: str) -> None:
    with pytest.raises(DeliveryError):
        header_address(address)


@pytest.mark.parametrize(
    "bad", ["", "x", "<a b@c>", "<a@b>\r\nBcc: x@y.example", "a@b", "<ä@b>"]
)
def test_what_is_no_message_id_is_named(bad: str) -> None:
    with pytest.raises(DeliveryError, match="Message-ID"):
        message(to=replace(letter(), message_id=bad))


def test_a_thread_cannot_bring_a_header() -> None:
    with pytest.raises(DeliveryError):
        message(lists=replace(LISTS, thread="<a@b>\r\nBcc: x@y.example"))


def test_ids_follow_from_keys() -> None:
    assert derive_message_id("x.example", "a", "b") == derive_message_id(
        "X.example", "a", "b"
    )
    assert derive_message_id("x.example", "a", "b") != derive_message_id(
        "x.example", "ab"
    )
    assert thread_id("x.example", "t", date(2026, 1, 1)) != thread_id(
        "x.example", "t", date(2026, 1, 2)
    )


@given(st.text(max_size=300))
def test_the_body_arrives_and_the_bytes_repeat(text: str) -> None:
    email = message(text=text)
    assert email.raw == message(text=text).raw
    body = parsed(email).get_body(("plain",))
    assert body is not None
    received = body.get_content()
    expected = text.encode("utf-8", "replace").decode()
    assert "".join(received.split()) == "".join(expected.split())


def test_the_date_is_local() -> None:
    to = replace(letter(), date=datetime(2026, 7, 1, 10, tzinfo=UTC))
    assert parsed(message(to=to))["date"] == "Wed, 01 Jul 2026 12:00:00 +0200"
