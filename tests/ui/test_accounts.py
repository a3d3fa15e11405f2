"""`monitor users` and `monitor tokens` in the words people see."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from monitor.store.engine import Database
from tests.ui.conftest import Command

PHRASE = "vier ganz zufällige Wörter"


@pytest.fixture(autouse=True)
def english(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:  # clears the environment first
    monkeypatch.setenv("MONITOR_LANGUAGE", "en")


@contextmanager
def typing(text: str) -> Iterator[None]:
    """What a pipe gives to the command."""
    terminal, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = terminal


@pytest.fixture
def typed() -> Iterator[None]:
    with typing(f"{PHRASE}\n" * 5):
        yield


@pytest.mark.usefixtures("typed")
def test_an_account_from_its_first_day_to_its_last(command: Command) -> None:
    assert "this machine only" in command("users", "list").out
    added = command("users", "add", "Anna", "--role", "editor")
    assert (added.code, added.out) == (0, "anna may log in as editor\n")
    listed = command("users", "list").out
    assert "anna" in listed
    assert "editor" in listed
    assert PHRASE not in listed
    again = command("users", "add", "ANNA")
    assert (again.code, "there is anna already" in again.err) == (2, True)
    assert command("users", "password", "anna").code == 0
    wrong = command("users", "remove", "ana")
    assert (wrong.code, "did you mean anna?" in wrong.err) == (2, True)
    assert command("users", "remove", "anna").code == 0
    assert "anna" not in command("users", "list").out


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize("name", ["", "a,b", "<b>", "x" * 100])
def test_what_can_be_no_name(command: Command, name: str) -> None:
    ended = command("users", "add", name)
    assert (ended.code, "can be no name" in ended.err) == (2, True)


@pytest.mark.parametrize("said", ["", "kurz\n", "a" * 30])
def test_a_weak_password_changes_nothing(command: Command, said: str) -> None:
    with typing(said):
        ended = command("users", "add", "anna")
    assert (ended.code, "will not do" in ended.err) == (2, True)
    assert '"name"' not in command("users", "list", "--json").out


def test_an_account_for_the_proxy_alone(command: Command) -> None:
    assert (
        command(
            "users", "add", "bert", "--role", "admin", "--no-password"
        ).code
        == 0
    )
    assert "by proxy" in command("users", "list").out


def test_a_token_is_shown_once(command: Command) -> None:
    added = command("tokens", "add", "statistik", "--expires", "90d")
    token = added.out.strip()
    assert (added.code, token.startswith("monitor_")) == (0, True)
    database = Database("sqlite:///data/monitor.sqlite3")
    with database.read() as connection:
        assert token not in str(
            connection.exec_driver_sql("SELECT * FROM api_tokens").all()
        )
    database.close()
    listed = command("tokens", "list").out
    assert "statistik" in listed
    assert token not in listed
    assert command("tokens", "add", "statistik").code == 2
    assert command("tokens", "remove", "statistk").code == 2
    assert command("tokens", "remove", "statistik").code == 0
    assert "statistik" not in command("tokens", "list").out
