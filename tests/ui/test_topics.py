"""`monitor topic`, `monitor mail`, `monitor recipients`."""

from __future__ import annotations

import json

import pytest

from tests.flow.world import World
from tests.services.smtp import Mailbox
from tests.ui.conftest import Command


@pytest.mark.slow
def test_a_topic_is_tried_on_what_is_stored(
    catalog: World, command: Command
) -> None:
    command("run", "--once")
    ended = command("topic", "test", "ukraine", "--json")
    found = json.loads(ended.out)
    assert ended.code == 0
    assert (found["preview"]["hits"], found["preview"]["stories"]) == (1, 1)
    assert {mail["mails"] for mail in found["preview"]["mails"]} == {1}
    shown = command("topic", "test", "Ukraine").out
    assert "this topic would have sent 2 mails" in shown
    assert "Neue Gespräche über die Ukraine" in shown


def test_a_query_is_explained_without_a_file(
    world: World, command: Command
) -> None:
    ended = command("topic", "explain", "Ukraine* (Putin OR Trump) -Kochbuch")
    assert "OR" in ended.out
    assert "NOT" in ended.out
    assert ended.code == 1  # nothing is stored
    broken = command("topic", "explain", "Ukraine AND (")
    assert broken.code == 2
    assert "^" in broken.err


def test_an_unknown_topic_is_named_with_those_there_are(
    catalog: World, command: Command
) -> None:
    ended = command("topic", "test", "Mars")
    assert ended.code == 2
    assert "Ukraine" in ended.err


@pytest.mark.slow
def test_a_preview_is_written_and_nothing_is_sent(
    catalog: World, command: Command
) -> None:
    command("run", "--once")
    before = {mail["Message-ID"] for mail in catalog.mails()}
    ended = command("mail", "preview", "Ukraine", "--json")
    written = json.loads(ended.out)
    assert ended.code == 0
    assert [mail["recipient"] for mail in written] == [
        "anna@example.org",
        "bert@example.org",
    ]
    assert all(
        (catalog.folder / mail["file"]).read_bytes().startswith(b"From:")
        for mail in written
    )
    assert {mail["Message-ID"] for mail in catalog.mails()} == before
    assert (
        command("mail", "preview", "Ukraine", "--since", "2099-01-01").code
        == 1
    )


def test_the_mail_server_is_asked(
    catalog: World,
    command: Command,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert command("mail", "check").code == 2
    monkeypatch.setenv("MONITOR_SMTP_HOST", mailbox.host)
    monkeypatch.setenv("MONITOR_SMTP_PORT", str(mailbox.port))
    monkeypatch.setenv("MONITOR_SMTP_SECURITY", "off")
    well = command("mail", "check", "anna@example.org")
    assert well.code == 0
    assert "RCPT TO:<anna@example.org>: 250" in well.out
    mailbox.answer("RCPT", "550 5.1.1 no such user")
    refused = command("mail", "check", "--json")
    assert refused.code == 1
    assert json.loads(refused.out)["well"] is False
    assert mailbox.received == ()


@pytest.mark.slow
def test_a_preview_shows_silent_first_items_and_says_so(
    catalog: World, command: Command
) -> None:
    catalog.write(
        (catalog.folder / "feeds.yaml")
        .read_text()
        .replace("initial: all", "initial: silent")
    )
    command("run", "--once")
    assert catalog.mails() == []
    shown = command("topic", "test", "Ukraine").out
    assert "match, in 1 story; 0 would alert" in shown
    assert "1 would not: first items of a new feed" in shown
    assert (
        "Neue Gespräche über die Ukraine – Zeitung (silent: first items"
        in shown
    )
    ended = command("mail", "preview", "Ukraine")
    assert ended.code == 0
    assert "1 story since" in ended.out
    assert ", 0 would alert" in ended.out
    why = command("show", "1", "--why").out
    assert "silent: first items of a new feed" in why
    assert (
        command("show", "2", "--why")
        .out.rstrip()
        .endswith("no topic meets this article")
    )


@pytest.mark.slow
def test_a_preview_says_what_was_told_already(
    catalog: World, command: Command
) -> None:
    command("run", "--once")
    shown = command("topic", "test", "Ukraine").out
    assert "1 would not: already told" in shown
    why = command("show", "1", "--why").out
    assert "anna@example.org: mailed" in why
    told = json.loads(command("show", "1", "--why", "--json").out)["why"]
    assert [
        (each["topic_id"], each["reason"], len(each["alerts"]))
        for each in told
    ] == [("ukraine", "", 2)]


@pytest.mark.slow
def test_each_clause_is_counted_alone_and_in_the_query(
    catalog: World, command: Command
) -> None:
    command("run", "--once")
    found = json.loads(
        command("topic", "explain", "Gespräche AND Löhne", "--json").out
    )
    counts = {each["clause"]: each for each in found["preview"]["clauses"]}
    assert (
        counts["Gespräche"]["everywhere"],
        counts["Gespräche"]["articles"],
    ) == (1, 0)
    assert (counts["Löhne"]["everywhere"], counts["Löhne"]["articles"]) == (
        1,
        0,
    )


def test_a_test_mail_is_sent(
    catalog: World,
    command: Command,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "written to" in command("mail", "test", "neu@example.org").out
    (mail,) = catalog.mails()
    assert (mail["To"], mail["Subject"]) == (
        "neu@example.org",
        "[Monitor] Testmail: Der Versand funktioniert",
    )
    monkeypatch.setenv("MONITOR_MAIL_MODE", "smtp")
    monkeypatch.setenv("MONITOR_MAIL_FROM", "Monitor <monitor@stadt.de>")
    monkeypatch.setenv("MONITOR_SMTP_HOST", mailbox.host)
    monkeypatch.setenv("MONITOR_SMTP_PORT", str(mailbox.port))
    monkeypatch.setenv("MONITOR_SMTP_SECURITY", "off")
    assert (
        "taken by the server"
        in command("mail", "test", "neu@example.org", "--lang", "en").out
    )
    mailbox.answer("RCPT", "550 5.1.1 no such user")
    refused = command("mail", "test", "neu@example.org")
    assert refused.code == 1
    assert "550 5.1.1 no such user" in refused.err
    assert "monitor mail check" in refused.err
    assert (
        'has "(at)" where "@" belongs'
        in command("mail", "test", "anna(at)example.org").err
    )


@pytest.mark.slow
def test_people_pause_resume_and_leave(
    catalog: World, command: Command
) -> None:
    assert (
        "paused until"
        in command(
            "recipients", "pause", "anna@example.org", "--until", "3d"
        ).out
    )
    assert "paused" in command("recipients", "list").out
    assert "active" in command("recipients", "resume", "anna@example.org").out
    assert (
        "unsubscribed for ukraine"
        in command(
            "recipients",
            "unsubscribe",
            "ANNA@example.org",
            "--topic",
            "Ukraine",
        ).out
    )
    command("run", "--once")
    assert [str(mail["To"]) for mail in catalog.mails()] == [
        "bert <bert@example.org>"
    ]
    listed = json.loads(command("recipients", "list", "--json").out)
    assert {wish["wish"] for wish in listed[0]["wishes"]} == {
        "active",
        "unsubscribed",
    }


def test_wrong_people_and_times_are_refused(
    catalog: World, command: Command
) -> None:
    assert command("recipients", "pause", "eve@example.org").code == 2
    assert (
        command(
            "recipients", "pause", "anna@example.org", "--until", "bald"
        ).code
        == 2
    )
    assert (
        command(
            "recipients", "pause", "anna@example.org", "--until", "2020-01-01"
        ).code
        == 2
    )


def test_words_need_no_quotes(filled: World, command: Command) -> None:
    typed = command("topic", "explain", "Gespräche", "AND", "Löhne", "--json")
    assert json.loads(typed.out)["query"] == "Gespräche AND Löhne"
    assert command("topic", "explain", "Krieg", "OR").code == 2
    doubtful = command("topic", "explain", "Krieg", "Löhne")
    assert "check the query (column 7)" in doubtful.err


@pytest.mark.parametrize(
    "words", [("topic", "explain"), ("search", "--exact")]
)
def test_ten_thousand_terms_are_refused_with_the_reason(
    filled: World, command: Command, words: tuple[str, str]
) -> None:
    ended = command(*words, " OR ".join(f"wort{n}" for n in range(10_000)))
    assert (ended.code, ended.out) == (2, "")
    assert "10000 terms are too many to try at once" in ended.err


def test_a_long_list_is_cut_and_says_so(
    filled: World, command: Command
) -> None:
    ended = command(
        "topic", "explain", " OR ".join(f"wort{n}" for n in range(1_000))
    )
    assert "… and 950 more" in ended.out
    assert len(ended.out.splitlines()) < 150


def test_people_and_feeds_go_by_name(filled: World, command: Command) -> None:
    assert command("recipients", "pause", "Anna").out.startswith(
        "anna@example.org: paused"
    )
    assert command("recipients", "resume", "ANNA@example.org").out.startswith(
        "anna@example.org"
    )
    unknown = command("recipients", "pause", "annna")
    assert (unknown.code, "did you mean anna@example.org?" in unknown.err) == (
        2,
        True,
    )
    assert command("mail", "test", "bert").code == 0
    assert "bert@example.org" in [mail["To"] for mail in filled.mails()]
    assert "carla is no recipient" in command("mail", "test", "carla").err
    assert command("mail", "test", "anna", "--lang", "xx").code == 2
    for name in ("Zeitung", "zeitung", "ZEITUNG"):
        assert command("retry", name).code == 0
    assert "did you mean zeitung?" in command("retry", "zeitnug").err
    assert command("feeds", "history", "Zeitung").code == 0
