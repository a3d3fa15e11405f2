"""Brings the database to its newest schema in a process of its own.

Alembic and the migrations take ten megabytes, and making the tables of an
empty database three, of which Python gives nothing back. A daemon needs them
once and then runs for months.
"""

from __future__ import annotations

import json
import subprocess
import sys

from monitor.store.engine import Database, newest_revision

_CODE = (
    "import json, sys; address, sys.path[:] = json.load(sys.stdin); "
    "from monitor.store.engine import Database; Database(address).migrate()"
)


def migrate_apart(address: str, *, empty: bool) -> None:
    """Migrate the database, where it is not the newest. Raises StoreError
    where it is unreachable.

    `empty`: also where it is empty. Another process takes longer than making
    its tables here, which counts for who ends soon.

    A failure of the other process is not told: the caller's own `migrate`
    meets it again and says what it is.
    """
    database = Database(address)
    try:
        current = database.schema_revision()
    finally:
        database.close()
    if current == newest_revision() or (current is None and not empty):
        return
    subprocess.run(  # noqa: S603 - our own interpreter, our own text
        [sys.executable, "-c", _CODE],
        # an argument would show the password
        input=json.dumps([address, sys.path]).encode(),
        stderr=subprocess.DEVNULL,
        check=False,
        # Ctrl-C ends the daemon, and not a migration half-way
        process_group=0,
    )
