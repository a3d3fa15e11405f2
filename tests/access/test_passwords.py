"""Passwords: what will do, how they are kept, and one spelling for names."""

from __future__ import annotations

import pytest

from monitor.access.account_names import account_name
from monitor.access.passwords import (
    WeakPassword,
    check_password,
    hash_password,
    is_outdated,
    make_password,
    verify_password,
)
from monitor.access.secret_keys import (
    is_form_token,
    make_form_token,
    make_token,
)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "kurz",
        "elf Zeichen",
        "x" * 1_001,
        "a" * 20,
        "anna" * 5,
        "abababababab",
        "mit\nUmbruch 12",
    ],
)
def test_what_nobody_should_use(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password, name="anna")


@pytest.mark.slow
@pytest.mark.parametrize(
    "password",
    [
        "vier ganz zufällige Wörter",
        "Zwölf Zeiche",
        "пароль длинный",
        # random: each worker would name it otherwise
        pytest.param(make_password(), id="made"),
    ],
)
def test_what_will_do(password: str) -> None:
    check_password(password, name="anna")
    hashed = hash_password(password)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != hash_password(password)
    assert verify_password(hashed, password)
    assert not is_outdated(hashed)
    for wrong in (
        password.swapcase() + "x",
        password[:-1],
        password + " ",
        "",
    ):
        assert not verify_password(hashed, wrong)


def test_an_umlaut_may_come_as_two_characters() -> None:
    assert verify_password(
        hash_password("Tür zur Bücherei"), "Tu\u0308r zur Bu\u0308cherei"
    )


@pytest.mark.parametrize(
    "stored", ["", "x", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"]
)
def test_what_is_no_hash_fits_nothing(stored: str) -> None:
    for password in ("", "x", stored):
        assert not verify_password(stored, password)


def test_older_hashes_are_noticed() -> None:
    assert is_outdated("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$o1mGn0z0oVc")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Anna", "anna"),
        (" anna.schmidt@example.org ", "anna.schmidt@example.org"),
        ("Ju\u0308rgen", "jürgen"),
        ("Presse 2", "presse 2"),
        ("", ""),
        ("-x", ""),
        ("a,b", ""),
        ("a\nb", ""),
        ("<b>", ""),
        ("a" * 81, ""),
        ("a\u202eb", ""),
        ("_", ""),
    ],
)
def test_names_have_one_spelling(written: str, name: str) -> None:
    assert account_name(written) == name


def test_tokens_of_forms_fit_one_visitor_and_one_key() -> None:
    token = make_form_token("key", "session:a")
    assert is_form_token("key", "session:a", token)
    assert token != make_form_token("key", "session:a")
    assert not is_form_token("key", "session:b", token)
    assert not is_form_token("other", "session:a", token)
    for wrong in ("", "x", token[1:], token[:-1], token + "0", "ä" * 80):
        assert not is_form_token("key", "session:a", wrong)
    assert make_token().startswith("monitor_")
