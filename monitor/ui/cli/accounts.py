"""`monitor users` and `monitor tokens`: who may open the web page, and which programs read it."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from monitor.ui.cli.lazy import runs
from monitor.ui.cli.options import Json
from monitor.ui.cli.spoken import Commands

Role = Literal["reader", "editor", "admin"]
UserName = Annotated[str, typer.Argument(help="Name for the login; letter case does not count.")]
TokenName = Annotated[str, typer.Argument(help="What the token is for.")]
users = Commands("Who may open the web page from elsewhere.")
tokens = Commands("Tokens of programs that use the API.")


@users.command(name="add")
@runs("accounts.add_user")
def add_user(
    context: typer.Context,
    name: UserName,
    role: Annotated[
        Role, typer.Option(help="reader, editor (judges, writes) or admin (sees everything).")
    ] = "reader",
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Login by MONITOR_LOGIN_HEADER only.")
    ] = False,
) -> None:
    """Add an account. Asks for the password, or reads it as one line from standard input."""


@users.command(name="list")
@runs("accounts.list_users")
def list_users(context: typer.Context, as_json: Json = False) -> None:
    """All accounts: role, last login, sessions that have not ended."""


@users.command()
@runs("accounts.change_password")
def password(context: typer.Context, name: UserName) -> None:
    """Set another password, end the account's sessions, and let it log in again at once."""


@users.command(name="remove")
@runs("accounts.remove_user")
def remove_user(context: typer.Context, name: UserName) -> None:
    """Remove an account and end its sessions."""


@tokens.command(name="add")
@runs("accounts.add_token")
def add_token(
    context: typer.Context,
    name: TokenName,
    role: Annotated[Role, typer.Option(help="What it may read; it never writes.")] = "reader",
    expires: Annotated[
        str | None, typer.Option(help="When it becomes void: 90d, 1w, or a day. Default: never.")
    ] = None,
) -> None:
    """Make a token and show it, once. Programs send it as `Authorization: Bearer TOKEN`."""


@tokens.command(name="list")
@runs("accounts.list_tokens")
def list_tokens(context: typer.Context, as_json: Json = False) -> None:
    """All tokens: role, end, last use. The tokens themselves are known to nobody."""


@tokens.command(name="remove")
@runs("accounts.remove_token")
def remove_token(context: typer.Context, name: TokenName) -> None:
    """Make a token void."""
