"""Brings an older database to its newest schema in a process of its own.

Alembic and the migrations take ten megabytes, of which Python gives nothing back. A daemon needs
them once and then runs for months. An empty database needs neither.
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


def migrate_apart(address: str) -> None:
    """Migrate the database, where it is an older one. Raises StoreError where it is unreachable.

    A failure of the other process is not told: the caller's own `migrate` meets it again and says
    what it is.
    """
    database = Database(address)
    try:
        current = database.schema_revision()
    finally:
        database.close()
    if current is None or current == newest_revision():
        return
    subprocess.run(  # noqa: S603 - our own interpreter, our own text
        [sys.executable, "-c", _CODE],
        input=json.dumps([address, sys.path]).encode(),  # an argument would show the password
        stderr=subprocess.DEVNULL,
        check=False,
        process_group=0,  # Ctrl-C ends the daemon, and not a migration half-way
    )
