"""Sending over real connections: every end an attempt can have, at every step."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from monitor.errors import DeliveryError
from monitor.notify.transport.smtp import Encryption, SmtpMailer
from monitor.types.output import Email, SendState
from tests.notify.scripted import CLOSE, RESET, SILENCE, scripted
from tests.services import free_port
from tests.services.smtp import CLOSE as CLOSE_AFTER
from tests.services.smtp import Mailbox

TEXT = b"Subject: x\r\n\r\n.a line with a dot\r\n..two\r\nend\r\n"
EMAIL = Email(
    "<1@presse.example>",
    "monitor@presse.example",
    "rita@presse.example",
    "x",
    TEXT,
)
SENT = SendState.SENT
TEMPORARY = SendState.TEMPORARY
REJECTED = SendState.REJECTED
UNKNOWN = SendState.UNKNOWN
USER, PASSWORD = "monitor", "geheim-Öl-123"


@contextmanager
def mailer(
    port: int, encryption: Encryption = "none", **settings: object
) -> Iterator[SmtpMailer]:
    waits = {
        "connect_seconds": 5,
        "command_seconds": 0.5,
        "data_seconds": 0.5,
        "helo": "localhost",
    }
    made = SmtpMailer(
        "127.0.0.1", port, encryption=encryption, **(waits | settings)
    )  # type: ignore[arg-type]
    try:
        yield made
    finally:
        made.close()


def check(expected: SendState, said: str = "", **script: list[bytes]) -> None:
    """One attempt at a server with this script ends like this."""
    with scripted(**script) as server, mailer(server.port) as client:
        result = client.send(EMAIL)
    assert result.state is expected, result
    assert said in result.reply


@pytest.mark.parametrize(
    ("step", "reply", "expected", "said"),
    [
        ("GREETING", b"220 hello", SENT, "250 taken"),
        ("GREETING", b"421 too busy", TEMPORARY, "421 too busy"),
        ("GREETING", b"554 go away", TEMPORARY, "554 go away"),
        ("GREETING", b"\xff\x00 nonsense", TEMPORARY, ""),
        ("GREETING", CLOSE, TEMPORARY, ""),
        ("EHLO", CLOSE, TEMPORARY, ""),
        ("EHLO", b"502 no", SENT, ""),
        ("EHLO", SILENCE, TEMPORARY, ""),
        ("MAIL", b"421 closing", TEMPORARY, "MAIL: 421 closing"),
        ("MAIL", b"450 later", TEMPORARY, "MAIL: 450 later"),
        ("MAIL", b"550 not you", REJECTED, "MAIL: 550 not you"),
        ("MAIL", b"nonsense", TEMPORARY, "MAIL"),
        ("MAIL", CLOSE, TEMPORARY, ""),
        ("MAIL", SILENCE, TEMPORARY, ""),
        ("RCPT", b"251 will forward", SENT, ""),
        ("RCPT", b"450 grey", TEMPORARY, "RCPT: 450 grey"),
        ("RCPT", b"550 no such user", REJECTED, "RCPT: 550 no such user"),
        ("RCPT", CLOSE, TEMPORARY, ""),
        ("RCPT", RESET, TEMPORARY, ""),
        ("DATA", b"451 later", TEMPORARY, "DATA: 451 later"),
        ("DATA", b"554 no", REJECTED, "DATA: 554 no"),
        ("DATA", b"250 what", TEMPORARY, "DATA: 250 what"),
        ("DATA", CLOSE, TEMPORARY, ""),
        ("DATA", SILENCE, TEMPORARY, ""),
        ("TEXT", b"250 2.0.0 queued as 42", SENT, "250 2.0.0 queued as 42"),
        ("TEXT", b"421 closing", TEMPORARY, "DATA: 421 closing"),
        ("TEXT", b"452 full", TEMPORARY, "DATA: 452 full"),
        ("TEXT", b"550 spam", REJECTED, "DATA: 550 spam"),
        ("TEXT", b"354 once more", UNKNOWN, "unreadable"),
        ("TEXT", b"\x00\xff", UNKNOWN, "unreadable"),
        ("TEXT", CLOSE, UNKNOWN, "no answer after the message"),
        ("TEXT", RESET, UNKNOWN, "no answer after the message"),
        (
            "TEXT",
            SILENCE,
            UNKNOWN,
            "no answer after the message: no answer in time",
        ),
    ],
)
def test_every_end_of_an_attempt(
    step: str, reply: bytes, expected: SendState, said: str
) -> None:
    check(expected, said, **{step: [reply]})


def test_nobody_listens() -> None:
    with mailer(free_port()) as client:
        assert client.send(EMAIL).state is TEMPORARY


def test_an_unknown_host() -> None:
    client = SmtpMailer(
        "mail.invalid", 25, encryption="none", helo="localhost"
    )
    assert client.send(EMAIL).state is TEMPORARY


def test_the_text_arrives_byte_for_byte(mailbox: Mailbox) -> None:
    with mailer(mailbox.port) as client:
        assert client.send(EMAIL).state is SENT
        assert client.send(replace(EMAIL, raw=b"a\n.b\rc\r\n.")).state is SENT
    assert [m.raw for m in mailbox.received] == [
        TEXT,
        b"a\r\n.b\r\nc\r\n.\r\n",
    ]
    assert (mailbox.received[0].sender, mailbox.received[0].recipients) == (
        EMAIL.sender,
        (EMAIL.recipient,),
    )


def test_an_answer_that_is_lost_after_the_message_is_unknown_and_the_server_has_it(
    mailbox: Mailbox,
) -> None:
    mailbox.answer("DATA", CLOSE_AFTER)
    with mailer(mailbox.port) as client:
        assert client.send(EMAIL).state is UNKNOWN
        assert client.send(EMAIL).state is SENT
    assert len(mailbox.received) == 2


def test_it_says_that_it_hands_over_before_the_server_can_have_the_message(
    mailbox: Mailbox,
) -> None:
    received: list[int] = []

    def agreed() -> bool:
        received.append(len(mailbox.received))
        return True

    with mailer(mailbox.port) as client:
        assert [
            client.send(EMAIL, handing_over=agreed).state for _ in range(2)
        ] == [SENT, SENT]
    assert received == [0, 1]


@pytest.mark.parametrize(
    "answer", [False, RuntimeError("the database is away")]
)
def test_a_message_that_is_not_to_be_handed_over_is_not(
    mailbox: Mailbox, answer: bool | RuntimeError
) -> None:
    """However it is said, the next message goes out on a new connection."""

    def refused() -> bool:
        if isinstance(answer, RuntimeError):
            raise answer
        return answer

    with mailer(mailbox.port) as client:
        if answer is False:
            assert client.send(EMAIL, handing_over=refused).state is TEMPORARY
        else:
            with pytest.raises(RuntimeError, match="away"):
                client.send(EMAIL, handing_over=refused)
        assert client.send(EMAIL).state is SENT
    assert len(mailbox.received) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_what_is_refused_before_is_never_handed_over(step: str) -> None:
    asked: list[bool] = []
    with (
        scripted(**{step: [b"450 later"]}) as server,
        mailer(server.port) as client,
    ):
        assert (
            client.send(
                EMAIL, handing_over=lambda: not asked.append(True)
            ).state
            is TEMPORARY
        )
    assert asked == []


def test_one_connection_carries_many_emails_and_one_refused_recipient_does_not_end_it() -> (
    None
):
    with (
        scripted(RCPT=[b"250 ok", b"550 no", b"450 later"]) as server,
        mailer(server.port) as client,
    ):
        states = [client.send(EMAIL).state for _ in range(4)]
    assert states == [SENT, REJECTED, TEMPORARY, SENT]
    assert server.connections == 1
    assert server.log.count("RSET") == 3


@pytest.mark.parametrize(
    "answer", [CLOSE, RESET, b"421 idle too long", b"500 what"]
)
def test_a_connection_closed_while_idle_is_opened_again_unseen(
    answer: bytes,
) -> None:
    with scripted(RSET=[answer]) as server, mailer(server.port) as client:
        assert [client.send(EMAIL).state for _ in range(2)] == [SENT, SENT]
    assert server.connections == 2
    assert len(server.texts) == 2


def test_after_421_the_next_email_has_a_new_connection() -> None:
    with (
        scripted(MAIL=[b"421 enough"], TEXT=[b"421 enough"]) as server,
        mailer(server.port) as client,
    ):
        assert [client.send(EMAIL).state for _ in range(3)] == [
            TEMPORARY,
            TEMPORARY,
            SENT,
        ]
    assert server.connections == 3


def test_nothing_is_tried_again_once_the_message_has_begun() -> None:
    with (
        scripted(MAIL=[b"250 ok", CLOSE]) as server,
        mailer(server.port) as client,
    ):
        assert [client.send(EMAIL).state for _ in range(2)] == [
            SENT,
            TEMPORARY,
        ]
    assert server.connections == 1


def test_close_says_goodbye_and_can_be_repeated() -> None:
    with scripted() as server, mailer(server.port) as client:
        client.close()
        assert client.send(EMAIL).state is SENT
        client.close()
        client.close()
        assert client.send(EMAIL).state is SENT
    assert server.log.count("QUIT") == 2


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a b@c.example",
        "a@c.example\r\nRCPT TO:<x@y.example>",
        "a@c.example>",
        "\ud800@c.example",
    ],
)
def test_an_address_that_would_be_a_command_is_refused_unsent(
    address: str,
) -> None:
    with scripted() as server, mailer(server.port) as client:
        assert client.send(replace(EMAIL, recipient=address)).state is REJECTED
        assert client.send(replace(EMAIL, sender=address)).state is REJECTED
    assert server.log == []


def test_letters_beyond_ascii_need_a_server_that_takes_them() -> None:
    with scripted() as server, mailer(server.port) as client:
        result = client.send(replace(EMAIL, recipient="jürgen@presse.example"))
    assert result.state is REJECTED
    assert "SMTPUTF8" in result.reply
    assert "MAIL" not in server.log
    with (
        scripted(EHLO=[b"250-here\r\n250 SMTPUTF8"]) as server,
        mailer(server.port) as client,
    ):
        assert (
            client.send(
                replace(EMAIL, recipient="jürgen@presse.example")
            ).state
            is SENT
        )


class _Accounts:
    """Accepts one account; PLAIN and LOGIN."""

    def __call__(
        self,
        server: Server,
        session: Session,
        envelope: Envelope,
        mechanism: str,
        data: object,
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(
            USER.encode(), PASSWORD.encode()
        )
        # Some servers repeat what they were given; that must not reach a log.
        return (
            AuthResult(success=right, handled=True)
            if right
            else AuthResult(success=False, handled=False)
        )


@pytest.fixture(scope="module")
def authority(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[trustme.CA, Path]:
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return authority, path


@contextmanager
def tls_server(
    authority: trustme.CA, encryption: Encryption, *, name: str = "127.0.0.1"
) -> Iterator[tuple[int, Mailbox]]:
    """A mail server that insists on encryption and login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    box = Mailbox()
    tls = (
        {"ssl_context": context}
        if encryption == "tls"
        else {"tls_context": context, "require_starttls": True}
    )
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=_Accounts(),
        auth_required=encryption != "tls",
        auth_require_tls=encryption != "tls",
        enable_SMTPUTF8=True,
        **tls,
    )
    controller.start()
    try:
        yield controller.port, box
    finally:
        controller.stop()


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_encrypted_with_login(
    authority: tuple[trustme.CA, Path], encryption: Encryption
) -> None:
    settings = {
        "user": USER,
        "password": PASSWORD,
        "ca_file": authority[1],
        "command_seconds": 5,
        "data_seconds": 5,
    }
    with (
        tls_server(authority[0], encryption) as (port, box),
        mailer(port, encryption, **settings) as client,
    ):
        assert [client.send(EMAIL).state for _ in range(3)] == [SENT] * 3
        told = client.check("monitor@presse.example", "rita@presse.example")
    assert len(box.received) == 3
    questions = [question.split(":<")[0] for question, _ in told]
    start_tls = ["STARTTLS"] if encryption == "starttls" else []
    connect = f"connect to 127.0.0.1:{port}"
    assert questions == [
        connect,
        "EHLO",
        *start_tls,
        "AUTH",
        "MAIL FROM",
        "RCPT TO",
        "RSET",
    ]
    assert all(answer.startswith(("2", "connected")) for _, answer in told)


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_a_certificate_that_is_not_trusted_or_of_another_name(
    authority: tuple[trustme.CA, Path], encryption: Encryption
) -> None:
    with (
        tls_server(authority[0], encryption) as (port, box),
        mailer(port, encryption) as client,
    ):
        result = client.send(EMAIL)
        assert result.state is TEMPORARY
        assert "certificate is not trusted" in result.reply
    other = tls_server(authority[0], encryption, name="other.example")
    with (
        other as (port, box),
        mailer(port, encryption, ca_file=authority[1]) as client,
    ):
        assert "certificate is not trusted" in client.send(EMAIL).reply
        assert client.check("a@b.example", "c@d.example")[-1][0] == "failed"
    assert box.received == ()


@pytest.mark.parametrize("password", ["falsch-und-lang", "fälsch-und-lang"])
def test_a_wrong_password_is_temporary_and_never_shown(
    authority: tuple[trustme.CA, Path], password: str
) -> None:
    settings = {
        "user": USER,
        "password": password,
        "ca_file": authority[1],
        "command_seconds": 5,
    }
    with (
        tls_server(authority[0], "starttls") as (port, _),
        mailer(port, "starttls", **settings) as client,
    ):
        result = client.send(EMAIL)
        told = client.check("a@b.example", "c@d.example")
    assert result.state is TEMPORARY
    assert "535" in result.reply
    assert "535" in told[-1][1]
    assert password not in f"{result} {told}"


def test_without_encryption_offered_nothing_is_sent() -> None:
    with scripted() as server, mailer(server.port, "starttls") as client:
        assert client.send(EMAIL).state is TEMPORARY
        assert "STARTTLS" in client.check("a@b.example", "c@d.example")[-1][1]
    assert "MAIL" not in server.log


@pytest.mark.parametrize(
    ("encryption", "said"),
    [
        ("starttls", "454 4.7.0 TLS not now"),
        ("tls", "TLS failed: WRONG_VERSION_NUMBER"),
    ],
)
def test_encryption_that_does_not_come_about(
    encryption: Encryption, said: str
) -> None:
    script = {
        "EHLO": [b"250-here\r\n250 STARTTLS"],
        "STAR": [b"454 4.7.0 TLS not now"],
    }
    with (
        scripted(**script) as server,
        mailer(server.port, encryption) as client,
    ):
        result = client.send(EMAIL)
    assert (result.state, result.reply) == (TEMPORARY, said)
    assert "MAIL" not in server.log


def test_a_password_repeated_by_the_server_is_hidden() -> None:
    echo = b"535 no such login: AG1vbml0b3IAc2VjcmV0LXdvcmQ= / secret-word / c2VjcmV0LXdvcmQ="
    login = {"user": "monitor", "password": "secret-word"}
    script = {"EHLO": [b"250-here\r\n250 AUTH PLAIN"] * 2, "AUTH": [echo] * 2}
    with scripted(**script) as server, mailer(server.port, **login) as client:
        said = client.send(EMAIL).reply + str(
            client.check("a@b.example", "c@d.example")
        )
    assert said.count("***") == 6
    assert "secret-word" not in said
    assert "c2VjcmV0LXdvcmQ=" not in said


def test_check_reports_refusals_as_the_server_said_them() -> None:
    with (
        scripted(RCPT=[b"550 5.1.1 unknown here"]) as server,
        mailer(server.port) as client,
    ):
        told = client.check("a@b.example", "c@d.example")
    assert told[-2:] == (
        ("RCPT TO:<c@d.example>", "550 5.1.1 unknown here"),
        ("RSET", "250 ok"),
    )
    assert "DATA" not in server.log
    assert server.log[-1] == "QUIT"


def test_settings_that_cannot_be_right(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="unencrypted"):
        SmtpMailer(
            "relay.example", 25, encryption="none", user="a", password="b"
        )
    with pytest.raises(DeliveryError, match="both"):
        SmtpMailer("relay.example", 25, user="a")
    with pytest.raises(DeliveryError, match="certificates"):
        SmtpMailer("relay.example", 25, ca_file=tmp_path / "none.pem")
