"""Who may open the web page: accounts, sessions, tokens, and failed logins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["reader", "editor", "admin"]
RANKS: dict[Role, int] = {"reader": 0, "editor": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks. `name` is "" for the unnamed person on loopback."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether this account has that role or a higher one."""
        return RANKS[self.role] >= RANKS[role]


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account as the database has it. `password_hash` is "" for logins by a
    proxy only.
    """

    id: int
    name: str
    role: Role
    password_hash: str

    @property
    def account(self) -> Account:
        """The account without what must stay here."""
        return Account(self.name, self.role)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as operators see it."""

    name: str
    role: Role
    has_password: bool
    created_at: datetime
    last_login_at: datetime | None
    sessions: int


@dataclass(frozen=True, slots=True)
class TokenLine:
    """An API token as operators see it; the token itself is known to nobody."""

    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class FailedLogins:
    """Failed logins in a row, of one account or from one address."""

    failures: int
    last_at: datetime
