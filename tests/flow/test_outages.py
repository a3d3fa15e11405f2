"""Mail servers that are away, and ourselves standing still: one mail tells it
all, nothing is lost, no false alarm.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from sqlalchemy import Connection, Engine, event, update

from monitor.errors import StoreError
from monitor.notify.transport.smtp import SmtpMailer
from monitor.store.tables import daemons
from monitor.types.output import Email, SendResult, SendState
from tests.fakes import ListMailer
from tests.flow.test_alerts import DAY, HOUR, MINUTE, Papers, subjects, to_anna
from tests.flow.world import World, body, feeds_yaml
from tests.services.smtp import CLOSE, Mailbox

pytestmark = pytest.mark.slow

ROW = "{id: eins, title: Eins, url: 'http://eins.test/feed'}"
ANNA = "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna]}\n"
DIGEST = (
    "  - {name: Ukraine, any: ['Ukraine*'], mode: digest, schedule: '0 8,12,17 * * *', recipients:"
    " [anna]}\n"
)
SPIKE = (
    "  - {name: Ukraine, any: ['Ukraine*'], mode: spike, recipients: [anna]}\n"
)
AWAY = "421 4.3.2 shutting down"


def headline(number: int) -> str:
    """A headline about the topic that is like no other."""
    letters = random.Random(number)
    return "Ukraine " + " ".join(
        "".join(letters.choices("abdefgiklmnoprstu", k=6)) for _ in range(5)
    )


@pytest.fixture
def mailed(world: World, mailbox: Mailbox) -> Iterator[World]:
    """The world with a mail server."""
    mailer = SmtpMailer(mailbox.host, mailbox.port, encryption="none")
    world.mailer = mailer
    yield world
    mailer.close()


def received(mailbox: Mailbox) -> list[EmailMessage]:
    return [one.message for one in mailbox.received]


def test_a_mail_server_that_was_away_gets_no_flood(
    mailed: World, mailbox: Mailbox
) -> None:
    papers = Papers(mailed, topics=ANNA)
    with mailed.life() as life:
        life.one_pass()
        mailbox.answer("MAIL", AWAY, times=1000)
        for number in range(30):
            papers.add("eins", f"n{number}", headline(number))
            life.one_pass(after=11 * MINUTE)
        assert mailbox.received == ()
        mailbox.forget_answers()
        for _ in range(26):
            life.one_pass(after=11 * MINUTE)
        assert {state for _, _, state in life.alerts()} == {"mailed"}
    mails = received(mailbox)
    assert len(mails) <= 2
    assert mails[0]["Subject"].startswith("[Ukraine] nachgeholt: ")
    text = " ".join(body(mail) for mail in mails)
    assert [
        text.count(headline(number).removeprefix("Ukraine"))
        for number in range(30)
    ] == [1] * 30


class Picky(ListMailer):
    """A server whose filter dislikes one headline."""

    def send(self, email: Email, *, handing_over: object = None) -> SendResult:
        if headline(0).split()[1].encode() in email.raw:
            return SendResult(SendState.TEMPORARY, "DATA: 451 4.7.1 try later")
        return super().send(email, handing_over=handing_over)


def test_a_mail_that_the_server_does_not_want_holds_up_no_other(
    world: World,
) -> None:
    world.mailer = mailer = Picky()
    papers = Papers(world, topics=ANNA)
    with world.life() as life:
        life.one_pass()
        for number in range(5):
            papers.add("eins", f"n{number}", headline(number))
            life.one_pass(after=30 * MINUTE)
        assert [email.subject for email in mailer.sent] == [
            f"[Ukraine] {headline(n)} – Eins" for n in range(1, 5)
        ]
        # it is not given up before its eighth attempt, however old it is
        for _ in range(4):
            life.one_pass(after=DAY)
        assert life.outcomes()["deliver"] == {"sent": 4, "dead": 1}


def test_a_mail_that_may_have_arrived_is_never_put_into_another(
    mailed: World, mailbox: Mailbox
) -> None:
    papers = Papers(mailed, topics=ANNA)
    with mailed.life() as life:
        life.one_pass()
        mailbox.answer("DATA", CLOSE)
        papers.add("eins", "a", headline(1))
        life.one_pass(after=11 * MINUTE)
        mailbox.answer("MAIL", AWAY, times=3)
        for number in (2, 3):
            papers.add("eins", f"n{number}", headline(number))
            life.one_pass(after=16 * MINUTE)
        mailbox.forget_answers()
        for _ in range(10):
            life.one_pass(after=30 * MINUTE)
    told = [
        [n for n in (1, 2, 3) if headline(n)[8:] in body(mail)]
        for mail in received(mailbox)
    ]
    assert [1] in told
    assert sorted(n for numbers in told for n in numbers if n > 1) == [2, 3]
    assert all(numbers == [1] for numbers in told if 1 in numbers)


def test_whoever_was_taken_out_of_the_file_gets_no_waiting_mail(
    mailed: World, mailbox: Mailbox
) -> None:
    papers = Papers(mailed)
    with mailed.life() as life:
        life.one_pass()
        mailbox.answer("MAIL", AWAY, times=2)
        papers.add("eins", "a", headline(1))
        life.one_pass(after=11 * MINUTE)
        mailed.write(feeds_yaml(ROW, topics=ANNA))
        assert life.live.reload()
        life.one_pass(after=HOUR)
        assert life.outcomes()["deliver"] == {"removed": 1, "sent": 1}
    assert [mail["To"] for mail in received(mailbox)] == [
        "anna <anna@example.org>"
    ]


def test_digests_missed_while_standing_still_are_one(world: World) -> None:
    papers = Papers(world, topics=DIGEST)
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", headline(1))
        life.one_pass(after=20 * MINUTE)
    world.clock.advance(2 * DAY)
    papers.add("eins", "b", headline(2))
    with world.life() as life:
        for _ in range(3):
            life.one_pass(after=10 * MINUTE)
    (mail,) = to_anna(world)
    assert mail["Subject"].startswith(
        "[Ukraine] nachgeholt: 2 Meldungen, 2 Themen"
    )


def test_what_is_caught_up_with_is_no_spike(world: World) -> None:
    papers = Papers(world, topics=SPIKE)
    number = 0

    def a_day(moment: timedelta) -> None:
        nonlocal number
        for _ in range(4):
            number += 1
            date = format_datetime(world.clock.now() + moment)
            papers.add("eins", f"n{number}", headline(number), date=date)

    with world.life() as life:
        life.one_pass()
        for _ in range(14):
            a_day(timedelta(0))
            life.one_pass(after=DAY)
        with life.database.write() as connection:
            connection.execute(
                update(daemons).values(alive_at=world.clock.now())
            )
    for day in range(3):
        a_day(day * DAY)
    world.clock.advance(3 * DAY)
    with world.life() as life:
        for _ in range(5):
            life.one_pass(after=20 * MINUTE)
        assert subjects(world) == []
        for _ in range(14):
            number += 1
            papers.add("eins", f"n{number}", headline(number))
        life.one_pass(after=DAY)
        life.one_pass(after=20 * MINUTE)
    assert subjects(world) == ["[Ukraine] ungewöhnlich viel: 14 statt ~4"]


def test_a_full_disk_costs_no_alert(world: World) -> None:
    papers = Papers(world, topics=ANNA)
    limit: list[int] = []

    def cap(connection: Connection) -> None:
        connection.exec_driver_sql(
            f"PRAGMA max_page_count = {limit[0] if limit else 2**30}"
        )

    with world.life() as life:
        life.one_pass()
        event.listen(Engine, "begin", cap)
        try:
            with life.database.read() as connection:
                limit.append(
                    connection.exec_driver_sql(
                        "PRAGMA page_count"
                    ).scalar_one()
                )
            for number in range(20):
                papers.add(
                    "eins",
                    f"n{number}",
                    headline(number),
                    "Ein langer Satz über nichts. " * 300,
                )
            failed = 0
            for room in (0, 0, 60, 60, 60):
                limit[0] += room
                try:
                    life.one_pass(after=11 * MINUTE)
                except StoreError:
                    failed += 1
            assert failed >= 2
            limit.clear()
            for _ in range(5):
                life.one_pass(after=11 * MINUTE)
        finally:
            event.remove(Engine, "begin", cap)
        assert [state for _, _, state in life.alerts()] == ["mailed"] * 20
    text = " ".join(body(mail) for mail in to_anna(world))
    assert [
        text.count(headline(number).removeprefix("Ukraine"))
        for number in range(20)
    ] == [1] * 20


def test_the_flood_brake_lets_six_mails_an_hour_through_and_drops_nothing(
    world: World,
) -> None:
    papers = Papers(world, topics=ANNA)
    with world.life() as life:
        life.one_pass()
        for minute in range(150):
            world.clock.advance(MINUTE)
            if minute < 120 and minute % 3 == 0:
                papers.add("eins", f"n{minute}", headline(minute))
            life.one_pass()
        for _ in range(4):
            life.one_pass(after=20 * MINUTE)
    mails = to_anna(world)
    times = [mail["Date"].datetime for mail in mails]
    assert (
        max(
            sum(begin <= other < begin + HOUR for other in times)
            for begin in times
        )
        == 6
    )
    assert any(
        mail["Subject"].startswith("[Ukraine] viele Treffer") for mail in mails
    )
    assert "Es geht nichts verloren" in body(
        next(mail for mail in mails if "viele Treffer" in mail["Subject"])
    )
    text = " ".join(body(mail) for mail in mails)
    told = [
        text.count(headline(minute).removeprefix("Ukraine"))
        for minute in range(0, 120, 3)
    ]
    assert told == [1] * 40


def test_addresses_that_move_alert_nobody_again(world: World) -> None:
    papers = Papers(world, topics=ANNA)
    with world.life() as life:
        life.one_pass()
        for number in range(5):
            papers.add("eins", f"n{number}", headline(number))
        life.one_pass(after=20 * MINUTE)
        feed = "http://eins.test/feed"
        document = papers.http.pages[feed]
        assert isinstance(document, bytes)
        pages = {
            url: page for url, page in papers.http.pages.items() if url != feed
        }
        for number, base in enumerate(
            (b"https://eins.test", b"https://www.eins.test")
        ):
            papers.http.pages |= {
                url.replace("http://eins.test", base.decode()): page
                for url, page in pages.items()
            }
            guid = b"<guid isPermaLink='false'>"
            moved = document.replace(b"http://eins.test", base).replace(
                guid, guid + b"neu%d-" % number
            )
            papers.http.pages[feed] = moved
            life.one_pass(after=HOUR)
        papers.http.pages[feed] = document.replace(
            b"</link><desc", b"?utm_source=rss&amp;wt_mc=1#ref=rss</link><desc"
        )
        life.one_pass(after=HOUR)
        assert len(life.articles()) == 5
    assert len(to_anna(world)) == 1
