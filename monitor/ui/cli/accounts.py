"""`monitor users` and `monitor tokens`: who may open the web page, and which
programs read it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from monitor.ui.cli.options import Json
from monitor.ui.cli.spoken import Commands

Role = Literal["reader", "editor", "admin"]
UserName = Annotated[
    str, typer.Argument(help="Name for the login; letter case does not count.")
]
TokenName = Annotated[str, typer.Argument(help="What the token is for.")]
users = Commands("Who may open the web page from elsewhere.")
tokens = Commands("Tokens of programs that use the API.")


@users.runs("accounts.add_user", name="add")
def _add_user(
    context: typer.Context,
    name: UserName,
    role: Annotated[
        Role,
        typer.Option(
            help="reader, editor (judges, writes) or admin (sees everything)."
        ),
    ] = "reader",
    no_password: Annotated[
        bool,
        typer.Option(
            "--no-password", help="Login by MONITOR_LOGIN_HEADER only."
        ),
    ] = False,
) -> None:
    """Add an account. Asks for the password, or reads it as one line from
    standard input.
    """


@users.runs("accounts.list_users", name="list")
def _list_users(context: typer.Context, as_json: Json = False) -> None:
    """All accounts: role, last login, sessions that have not ended."""


@users.runs("accounts.change_password")
def _password(context: typer.Context, name: UserName) -> None:
    """Set another password, end the account's sessions, and let it log in
    again at once.
    """


@users.runs("accounts.remove_user", name="remove")
def _remove_user(context: typer.Context, name: UserName) -> None:
    """Remove an account and end its sessions."""


@tokens.runs("accounts.issue_token", name="add")
def _add_token(
    context: typer.Context,
    name: TokenName,
    role: Annotated[
        Role, typer.Option(help="What it may read; it never writes.")
    ] = "reader",
    expires: Annotated[
        str | None,
        typer.Option(
            help="When it becomes void: 90d, 1w, or a day. Default: never."
        ),
    ] = None,
) -> None:
    """Make a token and show it, once. Programs send it as `Authorization:
    Bearer TOKEN`.
    """


@tokens.runs("accounts.show_tokens", name="list")
def _list_tokens(context: typer.Context, as_json: Json = False) -> None:
    """All tokens: role, end, last use. The tokens themselves are known to
    nobody.
    """


@tokens.runs("accounts.revoke_token", name="remove")
def _remove_token(context: typer.Context, name: TokenName) -> None:
    """Make a token void."""
