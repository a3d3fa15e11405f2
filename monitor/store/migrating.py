"""Brings a schema to the newest version with Alembic.

Imported only where there is something to do.
"""

from __future__ import annotations

from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from monitor.errors import StoreError


def upgrade_schema(
    connection: Connection, folder: Path, *, address: str
) -> None:
    """Run the migrations of `folder` that are missing.

    Raises StoreError for a schema newer than they are.
    """
    config = Config()
    config.set_main_option("script_location", str(folder))
    known = {
        script.revision
        for script in ScriptDirectory.from_config(config).walk_revisions()
    }
    current = set(MigrationContext.configure(connection).get_current_heads())
    connection.rollback()
    if current - known:
        raise StoreError(
            "the database is from a newer version of this program (schema"
            f" {', '.join(sorted(current))})",
            about=address,
            hint="install that version, or use another data folder",
        )
    config.attributes["connection"] = connection
    upgrade(config, "head")
