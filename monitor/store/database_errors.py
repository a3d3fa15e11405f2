"""What a driver or the system said about the database, as one line with a hint
for the operator.
"""

from __future__ import annotations

import re
import sqlite3

from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    StatementError,
)

from monitor.errors import StatementRefused, StoreError

_BROKEN_VALUE = re.compile(
    r"can't decode byte|isoformat|(?:datetime|date|interval) string"
)
_DAMAGED = re.compile(
    r"malformed|not a database|disk image|database corruption|decode to UTF-8"
    rf"|{_BROKEN_VALUE.pattern}"
)
_FOR_GOOD = (IntegrityError, DataError, ProgrammingError, NotSupportedError)
"""The other errors of drivers (PEP 249) are also what a failover, a lock or a
full disk give.
"""
_NOT_WRITABLE = re.compile(r"readonly database|unable to open database file")
_DAMAGED_HINT = (
    "stop monitor and restore a backup (`monitor restore`), or save what can be read with"
    " sqlite3's .recover"
)
_NOT_WRITABLE_HINT = (
    "the folder and the file must belong to the account that runs monitor; is the disk full or"
    " mounted read-only? MONITOR_DATA_DIR names another folder"
)


def is_broken_value(error: ValueError) -> bool:
    """Whether SQLite gave a value that nobody wrote: the file is damaged."""
    return bool(_BROKEN_VALUE.search(str(error)))


def in_one_line(error: Exception, address: str) -> StoreError:
    """What the driver said, without the statement and the library's links."""
    cause = getattr(error, "orig", None) or error
    said = " ".join(str(cause).split())
    if _DAMAGED.search(said):
        return StoreError(
            f"the database is damaged: {said}",
            about=address,
            hint=_DAMAGED_HINT,
        )
    if _NOT_WRITABLE.search(said):
        message = f"the database cannot be written: {said}"
        return StoreError(message, about=address, hint=_NOT_WRITABLE_HINT)
    kind = StatementRefused if _is_for_good(error) else StoreError
    return kind(f"database: {said}", about=address)


def _is_for_good(error: Exception) -> bool:
    # a StatementError itself, of no driver: a value that could not be given to
    # it
    if isinstance(error, _FOR_GOOD) or type(error) is StatementError:
        return True
    cause = getattr(error, "orig", None)
    # a wrong statement
    return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def unwritable(error: OSError, address: str) -> StoreError:
    """A file or folder of the database that cannot be opened or made."""
    place = f"{error.filename}: " if error.filename else ""
    message = f"the database cannot be used: {place}{error.strerror or error}"
    return StoreError(message, about=address, hint=_NOT_WRITABLE_HINT)
