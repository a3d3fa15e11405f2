"""Every table, with what each column is for.

Migrations in `alembic/` produce exactly this (a test compares).
"""

from monitor.store.tables.accounts import (
    accounts,
    api_tokens,
    failed_logins,
    sessions,
)
from monitor.store.tables.alerts import (
    alerts,
    deliveries,
    matches,
    subscription_changes,
    topic_sets,
    topic_versions,
)
from monitor.store.tables.articles import (
    article_versions,
    articles,
    index_queue,
    stories,
)
from monitor.store.tables.catalog import catalog_versions
from monitor.store.tables.columns import metadata
from monitor.store.tables.desk import (
    judgements,
    saved_searches,
    story_marks,
    visits,
)
from monitor.store.tables.feeds import (
    entries,
    entry_keys,
    feeds,
    origins,
    polls,
)
from monitor.store.tables.operations import (
    daemons,
    facts,
    leases,
    outcomes,
    quarantine,
)
from monitor.store.tables.pages import page_blocks, raw_pages, tdm_files
from monitor.store.tables.press_reviews import (
    press_review_entries,
    press_review_files,
    press_review_issues,
    press_review_items,
    press_review_schedules,
    press_reviews,
)
from monitor.store.tables.radar import radar_days, radar_subjects, radar_terms

__all__ = [
    "accounts",
    "alerts",
    "api_tokens",
    "article_versions",
    "articles",
    "catalog_versions",
    "daemons",
    "deliveries",
    "entries",
    "entry_keys",
    "facts",
    "failed_logins",
    "feeds",
    "index_queue",
    "judgements",
    "leases",
    "matches",
    "metadata",
    "origins",
    "outcomes",
    "page_blocks",
    "polls",
    "press_review_entries",
    "press_review_files",
    "press_review_issues",
    "press_review_items",
    "press_review_schedules",
    "press_reviews",
    "quarantine",
    "radar_days",
    "radar_subjects",
    "radar_terms",
    "raw_pages",
    "saved_searches",
    "sessions",
    "stories",
    "story_marks",
    "subscription_changes",
    "tdm_files",
    "topic_sets",
    "topic_versions",
    "visits",
]
