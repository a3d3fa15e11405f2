"""Every table, with what each column is for. Migrations in `alembic/` produce exactly this (a test compares)."""

from monitor.store.tables.alerts import alerts, deliveries, generations, matches, topic_versions, wishes
from monitor.store.tables.articles import article_versions, articles, index_queue, stories
from monitor.store.tables.columns import metadata
from monitor.store.tables.feeds import entries, entry_keys, feeds, origins, polls
from monitor.store.tables.operations import daemons, facts, outcomes, set_aside

__all__ = [
    "alerts",
    "article_versions",
    "articles",
    "daemons",
    "deliveries",
    "entries",
    "entry_keys",
    "facts",
    "feeds",
    "generations",
    "index_queue",
    "matches",
    "metadata",
    "origins",
    "outcomes",
    "polls",
    "set_aside",
    "stories",
    "topic_versions",
    "wishes",
]
