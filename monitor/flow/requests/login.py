"""Logging in and out, and whose session or token a request shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.access.account_names import account_name
from monitor.access.login_throttle import (
    BY_ACCOUNT,
    BY_NETWORK,
    FORGOTTEN_AFTER,
    Throttle,
    current_failures,
    network_of,
    wait_left,
)
from monitor.access.passwords import (
    hash_password,
    is_outdated,
    verify_password,
)
from monitor.access.secret_keys import (
    LONGEST_KEY,
    key_hash,
    keyed_hash,
    make_key,
)
from monitor.store.accounts import (
    api_tokens,
    failed_logins,
    login_sessions,
    users,
)
from monitor.store.engine import Database
from monitor.types.accounts import Account, StoredAccount

IDLE = timedelta(hours=24)
"""From one morning to the next: whoever reads daily stays logged in, a lost
phone does not.
"""

LIFETIME = timedelta(days=7)
"""The longest session, however busy (OWASP: an absolute end besides the idle
one).
"""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody sent, and from where."""

    name: str
    password: str
    address: str


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session, whose key goes into the cookie."""

    account: Account
    key: str


@dataclass(frozen=True, slots=True)
class LoginRefused:
    """No session. `wait` says for how long nothing more is tried; never why it
    failed.
    """

    wait: timedelta = timedelta(0)


def log_in(
    database: Database,
    sent: Credentials,
    *,
    secret: str,
    now: datetime,
    old_key: str = "",
) -> LoggedIn | LoginRefused:
    """A session under a new key, which ends the one of `old_key`; or a
    refusal.

    An unknown name takes the same way as a wrong password, hash and all.
    """
    limits = _limits(sent, secret)
    with database.write() as connection:
        wait = _begin(connection, limits, now=now)
        if wait:
            return LoginRefused(wait)
        found = users.find_account(connection, account_name(sent.name))
    stored = found.password_hash if found else ""
    if not verify_password(stored, sent.password) or found is None:
        return LoginRefused()
    outdated = is_outdated(stored)
    fresh = hash_password(sent.password) if outdated else stored
    with database.write() as connection:
        # The password may have been changed while its hash was made.
        now_stored = users.find_account(connection, found.name)
        if now_stored is None or now_stored.password_hash != stored:
            return LoginRefused()
        if outdated:
            users.replace_hash(connection, found.id, fresh)
        _succeed(connection, limits)
        return _new_session(connection, now_stored, old_key=old_key, now=now)


def _limits(sent: Credentials, secret: str) -> dict[str, Throttle]:
    """Under which hashes this attempt is counted."""
    name = account_name(sent.name) or sent.name[:LONGEST_KEY]
    return {
        keyed_hash(secret, f"account:{name}"): BY_ACCOUNT,
        keyed_hash(secret, f"network:{network_of(sent.address)}"): BY_NETWORK,
    }


def _begin(
    connection: Connection, limits: dict[str, Throttle], *, now: datetime
) -> timedelta:
    """Count an attempt as failed before it is made, so that many at once do
    not pass together; or say how long it must wait.
    """
    failed_logins.forget_before(connection, now - FORGOTTEN_AFTER)
    known = failed_logins.lock_failures(connection, limits, now=now)
    waits = [
        wait_left(throttle, known[key], now=now)
        for key, throttle in limits.items()
    ]
    if any(waits):
        return max(waits)
    for key in limits:
        failures = current_failures(known[key], now=now) + 1
        failed_logins.set_failures(connection, key, failures, now=now)
    return timedelta(0)


def _succeed(connection: Connection, limits: dict[str, Throttle]) -> None:
    """The account starts anew; its network only gets this attempt back, or
    else one good account would pay for guessing others.
    """
    for key, throttle in sorted(limits.items()):
        if throttle is BY_ACCOUNT:
            failed_logins.set_failures(connection, key, 0)
        else:
            failed_logins.forgive_failure(connection, key)


def _new_session(
    connection: Connection,
    found: StoredAccount,
    *,
    old_key: str,
    now: datetime,
) -> LoggedIn:
    key = make_key()
    login_sessions.remove_ended(
        connection, begun_before=now - LIFETIME, seen_before=now - IDLE
    )
    login_sessions.end_session(connection, key_hash(old_key))
    login_sessions.add_session(
        connection, key_hash(key), account_id=found.id, now=now
    )
    users.note_login(connection, found.id, now=now)
    return LoggedIn(found.account, key)


def log_out(database: Database, key: str) -> None:
    """End the session of that key."""
    with database.write() as connection:
        login_sessions.end_session(connection, key_hash(key))


def account_of_session(
    database: Database, key: str, *, counts: bool = True, now: datetime
) -> Account | None:
    """Whose session that is; None for one that has ended or never was.

    `counts`: whether a person asked. What an open page asks by itself keeps no
    session alive.
    """
    if len(key) > LONGEST_KEY:
        return None
    hashed = key_hash(key)
    with database.read() as connection:
        found = login_sessions.find_session(
            connection,
            hashed,
            begun_after=now - LIFETIME,
            seen_after=now - IDLE,
        )
    if found is None:
        return None
    account, seen_at = found
    if counts and now - seen_at > login_sessions.SEEN_EVERY:
        with database.write() as connection:
            login_sessions.touch_session(connection, hashed, now=now)
    return account


def account_of_token(
    database: Database, token: str, *, now: datetime
) -> Account | None:
    """The role of a program's token, under its name; None for one that is
    void.
    """
    if len(token) > LONGEST_KEY:
        return None
    with database.read() as connection:
        found = api_tokens.find_token(connection, key_hash(token), now=now)
    if found is None:
        return None
    if (
        found.last_used_at is None
        or now - found.last_used_at > api_tokens.USED_EVERY
    ):
        with database.write() as connection:
            api_tokens.touch_token(connection, found.name, now=now)
    return Account(f"token {found.name}", found.role)


def account_of_proxy(database: Database, written: str) -> Account | None:
    """Whom a trusted proxy names. It decides who may come; an account of that
    name has its role, everybody else reads.
    """
    name = account_name(written)
    if not name:
        return None
    with database.read() as connection:
        found = users.find_account(connection, name)
    return found.account if found else Account(name, "reader")


def somebody_may(database: Database) -> bool:
    """Whether there is any account."""
    with database.read() as connection:
        return users.has_accounts(connection)


def end_wait(connection: Connection, name: str, *, secret: str) -> None:
    """Let an account log in at once again."""
    failed_logins.set_failures(
        connection, keyed_hash(secret, f"account:{name}"), 0
    )
