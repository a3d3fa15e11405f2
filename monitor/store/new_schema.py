"""Makes the newest schema in an empty database at once, without its history.

The migrations take ten times as long. A test holds both equal.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    inspect,
)

from monitor.store.tables import metadata

VERSION_TABLE = "alembic_version"
_version = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it: it finds its own table where a later version has
something to migrate.
"""


def is_empty(connection: Connection) -> bool:
    """Whether nobody has any table there, Alembic included."""
    return not inspect(connection).get_table_names()


def make_schema(connection: Connection, revision: str) -> None:
    """All tables, noted as `revision`, within the transaction of `connection`."""
    metadata.create_all(connection, checkfirst=False)
    _version.create(connection)
    connection.execute(_version.insert().values(version_num=revision))
