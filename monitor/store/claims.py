"""Work that a daemon has taken: rows with `claimed_until` and `claimed_by`. What is leased by name,
such as a domain, is in `running/leases`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Table, or_

FREE = {"claimed_until": None, "claimed_by": None}
"""What a row says that nobody has taken."""


def is_free(table: Table, now: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """Nobody has taken the row, or not in the time that a lease gives."""
    until = table.c.claimed_until
    return or_(until.is_(None), until <= now)
