"""What tests ask of all that a recipient ever said; the program asks for the
newest only.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitor.store.tables import subscription_changes
from monitor.types.state import SubscriptionChange


def change_history(
    connection: Connection, recipient: str
) -> tuple[SubscriptionChange, ...]:
    """Everything that a recipient ever wanted, oldest first."""
    columns = [
        subscription_changes.c[name] for name in SubscriptionChange.__slots__
    ]
    statement = (
        select(*columns)
        .where(subscription_changes.c.recipient == recipient)
        .order_by(subscription_changes.c.id)
    )
    return tuple(
        SubscriptionChange(*row) for row in connection.execute(statement)
    )
