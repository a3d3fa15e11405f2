"""topic_deletion(): a topic taken out of feeds.yaml; what that changes, before
anybody does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.config.edit import without_topic
from monitor.errors import ConfigError
from monitor.flow.requests.catalog_changes import (
    Change,
    SaveResult,
    difference,
    save_change,
)
from monitor.store.engine import Database


@dataclass(frozen=True, slots=True)
class DeletionPreview:
    """The lines that would go, or why the topic cannot: a press review may
    still name it.
    """

    difference: str = ""
    error: ConfigError | None = None


def preview_deletion(
    path: Path, content: bytes, topic_id: str
) -> DeletionPreview:
    """What deleting a topic would change. Nothing is written."""
    try:
        after = without_topic(path, content, topic_id)
    except ConfigError as error:
        cause = error.__cause__
        return DeletionPreview(
            error=cause if isinstance(cause, ConfigError) else error
        )
    return DeletionPreview(difference(content, after))


def delete_topic(
    database: Database,
    path: Path,
    topic_id: str,
    change: Change,
    *,
    now: datetime,
) -> SaveResult:
    """Take a topic out of the file, as a version that can be taken back."""

    def edit(before: bytes) -> bytes:
        return without_topic(path, before, topic_id)

    return save_change(database, path, edit, change, now=now)
