"""`monitor doctor` on real folders, servers and databases."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.flow.world import World, feeds_yaml
from tests.services.smtp import Mailbox
from tests.ui.conftest import Command, Ended


def wrong(ended: Ended) -> set[str]:
    return {
        finding["name"]
        for finding in json.loads(ended.out)["findings"]
        if not finding["well"]
    }


def test_a_machine_on_which_nothing_is_wrong(
    filled: World, command: Command
) -> None:
    ended = command("doctor")
    assert ended.code == 0, ended.out
    assert "1 of 1 servers answered" in ended.out
    assert "documents" in ended.out
    assert ended.out.count("ok") >= 8
    assert command("doctor", "--json", "--offline").code == 0


def test_nothing_is_made_in_a_new_folder(
    world: World, command: Command
) -> None:
    assert command("doctor").code == 0
    assert list(Path(world.folder).iterdir()) == []


def test_german_says_what_to_do(
    world: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write(feeds_yaml("{id: blatt, url: 'http://127.0.0.1:9/rss'}"))
    monkeypatch.setenv("MONITOR_LANGUAGE", "de")
    monkeypatch.setenv("MONITOR_PROXY", "http://127.0.0.1:9")
    ended = command("doctor")
    assert ended.code == 1
    assert (
        "zu tun: Kabel, Firewall und Route prüfen; MONITOR_PROXY prüfen"
        in ended.out
    )


def test_a_damaged_database_and_index_are_found(
    filled: World, command: Command
) -> None:
    data = filled.folder / "data"
    (data / "monitor.sqlite3").write_bytes(b"no database at all" * 1000)
    for file in (data / "index").rglob("*.json"):
        file.write_text("{")
    ended = command("doctor", "--offline", "--json")
    assert ended.code == 1
    assert "database" in wrong(ended)


def test_a_folder_into_which_nobody_can_look_is_an_answer(
    world: World, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link to itself is refused as a folder of another account is, to every
    account.
    """
    data = world.folder / "data"
    data.symlink_to(data)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(data))
    for words in (["doctor", "--offline"], ["health"]):
        ended = command(*words)
        assert (ended.code, ended.err) == (1, ""), words
        assert "database: database" not in ended.out
    for words in (
        ["status"],
        ["run", "--once"],
        ["backup", "x.zip"],
        ["search", "Rat"],
    ):
        ended = command(*words)
        assert ended.code == 2, words
        assert ended.err.startswith("error: the database cannot be used"), (
            words
        )


@pytest.mark.slow
def test_a_locked_database_is_found(filled: World, command: Command) -> None:
    with closing(
        sqlite3.connect(filled.folder / "data" / "monitor.sqlite3")
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        ended = command("doctor", "--offline", "--json")
    assert wrong(ended) == {"database"}


def test_a_mail_server_that_is_away_is_found_and_one_that_is_there_is_well(
    filled: World,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: Mailbox,
) -> None:
    monkeypatch.setenv("MONITOR_MAIL_MODE", "smtp")
    monkeypatch.setenv("MONITOR_MAIL_FROM", "monitor@zeitung.de")
    monkeypatch.setenv("MONITOR_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("MONITOR_SMTP_PORT", str(mailbox.port))
    monkeypatch.setenv("MONITOR_SMTP_SECURITY", "off")
    assert wrong(command("doctor", "--json")) == set()
    monkeypatch.setenv("MONITOR_SMTP_PORT", "9")
    assert wrong(command("doctor", "--json")) == {"mail"}
