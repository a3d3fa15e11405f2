"""`monitor users` and `monitor tokens`. A password is never an argument:
others could read it.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable, Sequence

from monitor.access.account_names import account_name
from monitor.access.passwords import (
    WeakPassword,
    check_password,
    hash_password,
    make_password,
)
from monitor.access.secret_keys import key_hash, make_token
from monitor.errors import ConfigError
from monitor.flow.requests.login import end_wait
from monitor.store.accounts import api_tokens, users
from monitor.store.engine import Database
from monitor.store.running import operations
from monitor.types.accounts import Role
from monitor.ui.columns import Column, Row
from monitor.ui.commands.times import until as read_until
from monitor.ui.context import Session
from monitor.ui.names import near_names
from monitor.ui.tables import shown_table


def add_user(
    session: Session, name: str, role: Role, no_password: bool
) -> int:
    """One more account."""
    known = _name(name)
    with session.database() as database:
        with database.read() as connection:
            taken = users.find_account(connection, known) is not None
        if taken:
            raise _taken(known, "monitor users password sets another password")
        hashed = "" if no_password else hash_password(_ask(session, known))
        with database.write() as connection:
            if not users.add_account(
                connection,
                known,
                role=role,
                password_hash=hashed,
                now=session.now,
            ):
                raise _taken(
                    known, "monitor users password sets another password"
                )
    session.tell(session.say("accounts.added", name=known, role=role))
    return 0


def list_users(session: Session, as_json: bool) -> int:
    """All accounts."""
    with session.database() as database, database.read() as connection:
        lines = users.list_accounts(connection)
    if as_json:
        session.print_json(lines)
        return 0
    say = session.say
    if not lines:
        session.tell(say("accounts.none"))
        return 0
    rows = []
    for line in lines:
        way = say("accounts.own" if line.has_password else "accounts.proxy")
        seen = say.moment(line.last_login_at)
        rows.append(
            Row((line.name, line.role, way, seen, say.number(line.sessions)))
        )
    keys = (
        "accounts.name",
        "accounts.role",
        "accounts.password",
        "accounts.last_login",
        "accounts.sessions",
    )
    _show(session, "accounts.users", keys, rows)
    return 0


def change_password(session: Session, name: str) -> int:
    """Another password; all sessions end."""
    with session.database() as database:
        known = _known_user(database, name)
        hashed = hash_password(_ask(session, known))
        with database.write() as connection:
            if not users.set_password(connection, known, hashed):
                raise _unknown(known, (), "users")
            secret = operations.get_fact(connection, operations.FORM_KEY)
            if secret:
                end_wait(connection, known, secret=secret)
    session.tell(session.say("accounts.changed", name=known))
    return 0


def remove_user(session: Session, name: str) -> int:
    """One account less."""
    with session.database() as database:
        known = _known_user(database, name)
        with database.write() as connection:
            users.remove_account(connection, known)
    session.tell(session.say("accounts.removed", name=known))
    return 0


def issue_token(
    session: Session, name: str, role: Role, expires: str | None
) -> int:
    """One more token; it is on standard output alone, so that it can go into a
    file.
    """
    known, now = _name(name), session.now
    zone = session.settings.timezone
    end = (
        read_until(expires, zone=zone, now=now, option="--expires")
        if expires
        else None
    )
    if end is not None and end <= now:
        raise ConfigError(
            f"{expires} has passed", hint="write for instance 90d"
        )
    token = make_token()
    with session.database() as database, database.write() as connection:
        if not api_tokens.add_token(
            connection,
            known,
            token_hash=key_hash(token),
            role=role,
            expires_at=end,
            now=now,
        ):
            raise _taken(known, "remove it first: monitor tokens remove")
    session.complain(session.say("accounts.keep_token"), "dim")
    session.tell(token)
    return 0


def show_tokens(session: Session, as_json: bool) -> int:
    """All tokens."""
    with session.database() as database, database.read() as connection:
        lines = api_tokens.list_tokens(connection)
    if as_json:
        session.print_json(lines)
        return 0
    say, rows = session.say, []
    for line in lines:
        times = (line.created_at, line.expires_at, line.last_used_at)
        rows.append(Row((line.name, line.role, *map(say.moment, times))))
    keys = (
        "accounts.name",
        "accounts.role",
        "accounts.made",
        "accounts.expires",
        "accounts.last_used",
    )
    _show(session, "accounts.tokens", keys, rows)
    return 0


def revoke_token(session: Session, name: str) -> int:
    """One token less."""
    known = account_name(name)
    with session.database() as database, database.write() as connection:
        if not api_tokens.remove_token(connection, known):
            names = [line.name for line in api_tokens.list_tokens(connection)]
            raise _unknown(name, names, "tokens")
    session.tell(session.say("accounts.void", name=known))
    return 0


def _show(
    session: Session, title: str, keys: Sequence[str], rows: Sequence[Row]
) -> None:
    """A table with these headings under its count, by keys of the words."""
    columns = [
        Column(session.say(key), rank=rank) for rank, key in enumerate(keys)
    ]
    said = session.say.count(title, len(rows))
    session.out.print(
        shown_table(session.say, said, columns, rows, width=session.width)
    )


def _ask(session: Session, name: str) -> str:
    """A password: asked for twice, or one line of standard input. Nothing
    typed: one is made.
    """
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass(session.say("accounts.ask"))
        if not password:
            password = make_password()
            session.complain(session.say("accounts.keep_password"), "dim")
            session.tell(password)
        elif getpass.getpass(session.say("accounts.once_more")) != password:
            raise ConfigError(
                "the passwords differ", hint="nothing was changed; try again"
            )
    try:
        check_password(password, name=name)
    except WeakPassword as weak:
        raise ConfigError(
            f"this password will not do: {weak}",
            hint="take four random words, or press Enter and one is made",
        ) from weak
    return password


def _known_user(database: Database, name: str) -> str:
    known = account_name(name)
    with database.read() as connection:
        if users.find_account(connection, known) is None:
            names = [line.name for line in users.list_accounts(connection)]
            raise _unknown(name, names, "users")
    return known


def _name(written: str) -> str:
    known = account_name(written)
    if not known:
        raise ConfigError(
            f'"{written}" can be no name',
            hint="write letters, digits, blanks and . @ + - _, for instance anna.schmidt",
        )
    return known


def _taken(name: str, hint: str) -> ConfigError:
    return ConfigError(f"there is {name} already", hint=hint)


def _unknown(name: str, names: Iterable[str], group: str) -> ConfigError:
    near = near_names(name, dict.fromkeys(names, ()))
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"see `monitor {group} list`"
    )
    return ConfigError(f'there is no "{name}"', hint=hint)
