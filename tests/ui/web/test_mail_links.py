"""Links of mails on a real server: looking changes nothing, pressing does what
it says, everything else is refused.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.flow.requests.subscription import BY_LINK, BY_ONE_CLICK, say
from monitor.store.tables import deliveries
from monitor.types.output import SendResult, SendState
from tests.fakes import ListMailer
from tests.flow.world import HEAD, UKRAINE, World, changed, recipients
from tests.store.subscription_history import change_history
from tests.ui.web.conftest import PUBLIC, Office, Said, opened

ANNA, BERT = "anna@example.org", "bert@example.org"
DAY = timedelta(days=1)


def said(
    office: Office, person: str = ANNA
) -> list[tuple[str, str | None, str]]:
    """(wish, topic, by which way) of all that a person ever said."""
    with office.life.database.read() as connection:
        return [
            (wish.state, wish.topic_id, wish.said_by)
            for wish in change_history(connection, person)
        ]


def check(answer: Said, status: int, title: str) -> None:
    """Status and heading, and what every answer must hold."""
    assert (answer.status, answer.title) == (status, title)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert "Server" not in answer.headers
    assert "<script" not in answer.text


@pytest.mark.parametrize("action", ["pause", "unsubscribe"])
def test_looking_changes_nothing(office: Office, action: str) -> None:
    link = office.link(action)
    shown = office.visitor.get(link)
    check(
        shown,
        200,
        {"pause": "Mails pausieren?", "unsubscribe": "Mails abbestellen?"}[
            action
        ],
    )
    assert "„Ukraine“" in shown.text
    assert ANNA in shown.text
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
        answer = office.visitor.ask(method, link)
        assert answer.status == (200 if method == "HEAD" else 405)
        assert (answer.text == "") == (method == "HEAD")
    assert (
        office.visitor.ask("PUT", link).headers["Allow"] == "GET, HEAD, POST"
    )
    assert said(office) == []
    assert recipients(office.news()) == [ANNA, BERT]


@pytest.mark.slow
def test_unsubscribing_ends_mail_and_can_be_undone_at_once(
    office: Office,
) -> None:
    link = office.link("unsubscribe")
    check(
        office.visitor.post(link, do="unsubscribe", scope="topic"),
        200,
        "Abbestellt",
    )
    office.visitor.post(link, do="unsubscribe", scope="topic")  # pressed twice
    assert said(office) == [("unsubscribed", "ukraine", BY_LINK)]
    assert recipients(office.news()) == [BERT]
    assert "Rückgängig machen" in office.visitor.get(link).text
    check(office.visitor.post(link, do="resume"), 200, "Mails kommen wieder")
    assert recipients(office.news()) == [ANNA, BERT]
    assert said(office)[-1] == ("active", "ukraine", BY_LINK)


def test_one_click_unsubscribes_without_cookies_from_this_list_only(
    office: Office,
) -> None:
    mail = next(mail for mail in office.world.mails() if ANNA in mail["To"])
    header = str(mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.match(r"<mailto:[^>]+>,\s*<https://", header)
    link = re.findall(r"<(https://[^>]+)>", header)[0]
    check(office.visitor.one_click(link), 200, "Abbestellt")
    assert said(office) == [("unsubscribed", "ukraine", BY_ONE_CLICK)]
    assert recipients(office.news()) == [BERT]


def test_one_click_may_come_as_parts(office: Office) -> None:
    body = (
        b"--x\r\nContent-Disposition: form-data;"
        b' name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    )
    link = office.link("unsubscribe")
    check(
        office.visitor.ask(
            "POST", link, body, kind="multipart/form-data; boundary=x"
        ),
        200,
        "Abbestellt",
    )
    assert said(office) == [("unsubscribed", "ukraine", BY_ONE_CLICK)]


def test_all_mails_at_once(office: Office) -> None:
    link = office.link("unsubscribe")
    office.visitor.one_click(link)
    assert "Auch alle anderen Mails" in office.visitor.get(link).text
    shown = office.visitor.post(link, do="unsubscribe", scope="all")
    assert "keine Mails von Monitor mehr" in shown.text
    assert said(office)[-1] == ("unsubscribed", None, BY_LINK)
    office.visitor.post(link, do="resume")  # takes back both
    assert recipients(office.news()) == [ANNA, BERT]


@pytest.mark.parametrize(
    ("span", "days"), [("day", 1), ("week", 7), ("month", 28)]
)
def test_a_pause_holds_mail_until_its_end_and_nothing_is_lost(
    office: Office, span: str, days: int
) -> None:
    link = office.link("pause")
    check(
        office.visitor.post(link, do="pause", scope="topic", for_=span),
        200,
        "Pausiert",
    )
    assert recipients(office.news()) == [BERT]
    with office.life.database.read() as connection:
        (wish,) = change_history(connection, ANNA)
    assert wish.until is not None
    assert wish.until - wish.created_at == timedelta(days=days)
    office.life.one_pass(after=timedelta(days=days))
    assert any(
        ANNA in mail["To"] and "Nachricht 2" in str(mail)
        for mail in office.world.mails()
    )
    assert office.visitor.get(link).title == "Mails pausieren?"


def test_a_pause_can_be_ended_and_changed(office: Office) -> None:
    link = office.link("pause")
    office.visitor.post(link, do="pause", scope="all", for_="day")
    office.visitor.post(link, do="pause", scope="topic", for_="week")
    longest = office.visitor.get(link)
    # a week of this topic outlasts a day of everything
    assert "Mails zum Thema" in longest.text
    assert recipients(office.news()) == [BERT]
    check(office.visitor.post(link, do="resume"), 200, "Mails kommen wieder")
    office.life.one_pass()
    assert any(
        ANNA in mail["To"] and "Nachricht 2" in str(mail)
        for mail in office.world.mails()
    )


def test_a_pause_never_brings_back_what_was_unsubscribed(
    office: Office,
) -> None:
    pause, unsubscribe = office.link("pause"), office.link("unsubscribe")
    office.visitor.post(unsubscribe, do="unsubscribe", scope="topic")
    for form in (
        {"do": "pause", "scope": "topic", "for_": "day"},
        {"do": "resume"},
    ):
        check(office.visitor.post(pause, **form), 200, "Abbestellt")
    office.life.one_pass(after=2 * DAY)
    assert recipients(office.news()) == [BERT]
    assert said(office) == [("unsubscribed", "ukraine", BY_LINK)]
    # whom to ask
    assert "monitor@example.org" in office.visitor.get(pause).text


@pytest.mark.parametrize("late", [False, True])
def test_an_old_link_or_another_ones_word_is_not_undone(
    office: Office, late: bool
) -> None:
    link = office.link("unsubscribe")
    if late:
        office.visitor.one_click(link)
        office.world.clock.advance(DAY + timedelta(seconds=1))
    else:
        with office.life.database.write() as connection:
            now = office.world.clock.now()
            say(
                connection,
                ANNA,
                "unsubscribed",
                topic_id=None,
                said_by="command line",
                now=now,
            )
    shown = office.visitor.get(link)
    assert "Rückgängig" not in shown.text
    check(office.visitor.post(link, do="resume"), 200, "Abbestellt")
    assert recipients(office.news()) == [BERT]


def test_a_link_has_no_end_and_outlives_recipient_and_topic(
    office: Office,
) -> None:
    link = office.link("unsubscribe")
    office.world.write(
        "feeds:\n  - {id: eins, title: Eins, url: 'http://eins.test/feed'}\n"
    )
    assert office.life.live.reload()
    office.world.clock.advance(400 * DAY)
    shown = office.visitor.get(link)
    check(shown, 200, "Mails abbestellen?")
    assert "„Ukraine“" in shown.text  # the topic's name is remembered
    check(office.visitor.one_click(link), 200, "Abbestellt")
    assert said(office) == [("unsubscribed", "ukraine", BY_ONE_CLICK)]


def test_a_link_follows_its_topic_under_other_names(office: Office) -> None:
    old = office.link("unsubscribe")
    feeds = (
        "feeds:\n  - {id: eins, title: Eins, url: 'http://eins.test/feed'}\n"
    )
    for name in ("Osteuropa", "Ost"):
        topic = f"  - {{name: {name}, any: ['Ukraine*'], recipients: [anna, bert]}}\n"
        office.world.write(f"{HEAD}topics:\n{topic}{feeds}")
        assert office.life.live.reload()
    assert "„Ost“" in office.visitor.get(old).text
    office.visitor.one_click(old)
    assert said(office) == [("unsubscribed", "ost", BY_ONE_CLICK)]
    assert recipients(office.news()) == [BERT]
    office.world.write(f"{HEAD}topics:\n{UKRAINE}{feeds}")  # and back
    assert office.life.live.reload()
    assert office.visitor.get(old).title == "Abbestellt"


def test_what_waits_in_the_outbox_is_not_sent_any_more(world: World) -> None:
    mailer = ListMailer()
    with opened(
        changed(world, mailer=mailer, settings_changed={"operator": ANNA})
    ) as office:
        mailer.results = [SendResult(SendState.TEMPORARY, "451 later")] * 2
        office.papers.add("eins", "wartet", "Ukraine wartet")
        office.life.one_pass(after=61 * timedelta(minutes=1))
        raw = next(
            email.raw for email in mailer.sent if email.recipient == ANNA
        ).decode()
        link = re.findall(r"<(https://[^>]+)>", raw.replace("\r\n ", " "))[0]
        sent = len(mailer.sent)
        office.visitor.one_click(link)
        office.life.one_pass(after=timedelta(hours=5))
        assert [email.recipient for email in mailer.sent[sent:]] == [BERT]
        with office.life.database.read() as connection:
            mine = (
                select(deliveries.c.state)
                .where(deliveries.c.recipient == ANNA)
                .order_by(deliveries.c.id)
            )
            assert connection.execute(mine).scalars().all() == ["sent", "dead"]


VOID = "Dieser Link gilt nicht"


def test_what_is_not_ours_is_refused_and_nothing_of_it_shown(
    office: Office,
) -> None:
    link = office.link("unsubscribe")
    head, _, made = link.rpartition("/")
    evil = "%3Cscript%3Ealert(1)"
    tokens = (made[:-3], made + "A", evil, "x" * 20_000, "%00%ff")
    for wrong in (
        *(f"{head}/{token}" for token in tokens),
        f"{PUBLIC}/pause/{made}",
    ):
        for answer in (
            office.visitor.get(wrong),
            office.visitor.one_click(wrong),
        ):
            check(answer, 403, VOID)
            assert "alert" not in answer.text
    for path in (
        "/",
        "/unsubscribe",
        "/unsubscribe/",
        f"/{evil}",
        "/pause/a/b",
        "/../etc/passwd",
    ):
        answer = office.visitor.get(path)
        check(answer, 404, "Hier ist nichts")
        assert "alert" not in answer.text
    assert (
        'href="mailto:monitor@example.org"'
        in office.visitor.get(link[:-3]).text
    )
    assert said(office) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"do=",
        b"do=pause&for=day",
        b"do=%3Cscript%3E",
        b"List-Unsubscribe=Yes",
        b"\xff\xfe=\x00",
        b"list-unsubscribe=One-Click",
        b"&".join(b"a%d=1" % n for n in range(500)),
    ],
)
def test_a_form_that_says_nothing_changes_nothing(
    office: Office, body: bytes
) -> None:
    check(
        office.visitor.ask("POST", office.link("unsubscribe"), body),
        400,
        "Das war unvollständig",
    )
    assert said(office) == []


def test_pausing_needs_a_time_that_is_offered(office: Office) -> None:
    for form in (
        {"do": "pause"},
        {"do": "pause", "for_": "ever"},
        {"do": "unsubscribe"},
    ):
        check(
            office.visitor.post(office.link("pause"), **form),
            400,
            "Das war unvollständig",
        )
    check(
        office.visitor.one_click(office.link("pause")),
        400,
        "Das war unvollständig",
    )
    assert said(office) == []


@pytest.mark.parametrize("size", [9_000, 17_000, 3_000_000])
def test_a_huge_body_is_refused(office: Office, size: int) -> None:
    link = office.link("unsubscribe").removeprefix(PUBLIC)
    with socket.create_connection(
        ("127.0.0.1", office.visitor.port), timeout=30
    ) as raw:
        head = (
            f"POST /monitor{link} HTTP/1.1\r\nHost: x\r\nContent-Type:"
            " application/x-www-form-urlencoded\r\n"
        )
        raw.sendall(
            f"{head}Content-Length: {size}\r\n\r\n".encode()
            + b"List-Unsubscribe=One-Click&a="
            + b"x" * 8_000
        )
        with contextlib.suppress(OSError):  # it may hang up
            raw.sendall(b"x" * (size - 8_029))
        assert raw.recv(100).startswith(b"HTTP/1.1 413 ")
    assert said(office) == []


def test_the_browsers_language_is_spoken_where_the_link_says_none(
    office: Office,
) -> None:
    answer = office.visitor.ask(
        "GET", "/unsubscribe/x", headers={"Accept-Language": "en-GB,en;q=0.8"}
    )
    check(answer, 403, "This link is not valid")
    assert '<html lang="en">' in answer.text


def test_a_proxy_that_cuts_the_prefix_off(world: World) -> None:
    with opened(world, prefix="") as office:
        check(
            office.visitor.get(office.link("pause")), 200, "Mails pausieren?"
        )
        check(
            office.visitor.one_click(office.link("unsubscribe")),
            200,
            "Abbestellt",
        )


def test_host_and_forwarded_headers_are_nobodys_word(office: Office) -> None:
    headers = {
        "Host": "evil.test",
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Prefix": "/evil",
    }
    for link in (office.link("pause"), "/pause/", "//evil.test/pause/x"):
        answer = office.visitor.ask("GET", link, headers=headers)
        assert answer.status in (200, 404)
        assert "evil" not in answer.text + str(answer.headers)


@pytest.fixture
def database_away(office: Office) -> Iterator[Office]:
    with office.life.database.write() as connection:
        connection.exec_driver_sql(
            "ALTER TABLE subscription_changes RENAME TO elsewhere"
        )
    yield office
    with office.life.database.write() as connection:
        connection.exec_driver_sql(
            "ALTER TABLE elsewhere RENAME TO subscription_changes"
        )


def test_a_database_that_fails_is_said_and_can_be_tried_again(
    database_away: Office,
) -> None:
    link = database_away.link("unsubscribe")
    for answer in (
        database_away.visitor.get(link),
        database_away.visitor.one_click(link),
    ):
        check(answer, 503, "Das geht gerade nicht")
        assert "subscription_changes" not in answer.text


def test_reports_to_the_operator_have_links_too(world: World) -> None:
    operator = "chef@example.org"
    world.settings_changed = {"operator": operator}
    with opened(world) as office:
        office.life.steps.reporter.report()
        office.world.clock.advance(DAY)
        assert office.life.steps.reporter.report()
        while office.life.steps.deliverer.deliver():
            pass
        (mail,) = [mail for mail in world.mails() if operator in mail["To"]]
        link = re.findall(r"<(https://[^>]+)>", str(mail["List-Unsubscribe"]))[
            0
        ]
        assert (
            "„Tagesbericht“"
            not in office.visitor.get(office.link("unsubscribe")).text
        )
        assert "Nur: Tagesbericht" in office.visitor.get(link).text
        office.visitor.one_click(link)
        office.world.clock.advance(DAY)
        assert office.life.steps.reporter.report()
        while office.life.steps.deliverer.deliver():
            pass
        assert (
            len([mail for mail in world.mails() if operator in mail["To"]])
            == 1
        )
