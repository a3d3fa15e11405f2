"""Which topics, outlets and regions there are, by what people call them. Only reads."""

from __future__ import annotations

from monitor.store.alerting.verdicts import topic_names
from monitor.store.engine import Database


def read_topic_names(database: Database) -> dict[str, str]:
    """Id and name of every topic that is configured now."""
    with database.read() as connection:
        return topic_names(connection)
