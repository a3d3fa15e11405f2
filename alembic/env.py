"""Runs migrations on the connection that `monitor.store.engine` hands over.

Never reads settings itself.
"""

from typing import Any

from alembic.autogenerate.api import AutogenContext

from alembic import context
from monitor.store.tables import metadata
from monitor.store.tables.columns import Json, Seconds, UtcDateTime

PLAIN = {UtcDateTime: "sa.DateTime(timezone=True)", Seconds: "sa.Float()"}


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    """Write plain types into migrations: they must not change when our column
    types do.
    """
    if kind == "type":
        for ours, plain in PLAIN.items():
            if isinstance(item, ours):
                return plain
        if isinstance(item, Json):
            autogen.imports.add("from sqlalchemy.dialects import postgresql")
            return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    """Upgrade within one transaction per migration."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
