"""How an article changed: every version that was read, held against the one
before. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.language.changes import Paragraph, changes
from monitor.types.article import ArticleVersion


@dataclass(frozen=True, slots=True)
class Step:
    """A version, and its changes against the one before; the first one has
    none.
    """

    version: ArticleVersion
    changes: tuple[Paragraph, ...]


def steps_between(kept: Sequence[ArticleVersion]) -> tuple[Step, ...]:
    """A step for each version, oldest first."""
    first = tuple(Step(version, ()) for version in kept[:1])
    later = (
        Step(new, changes(version_text(old), version_text(new)))
        for old, new in pairwise(kept)
    )
    return (*first, *later)


def version_text(version: ArticleVersion) -> str:
    """All that a version says, one part or paragraph a line."""
    parts = (
        version.title,
        version.page_title,
        version.feed_title,
        version.lead,
        version.text,
        version.feed_text,
    )
    # The feed's title is often the one that is shown.
    return "\n".join(dict.fromkeys(part for part in parts if part))
