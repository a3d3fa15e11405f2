"""Opens the database that the settings name."""

from __future__ import annotations

from monitor.config.settings import Settings
from monitor.store.engine import Database


def open_database(settings: Settings) -> Database:
    """The database, migrated. Raises StoreError."""
    database = Database(settings.database_address)
    database.migrate()
    return database
