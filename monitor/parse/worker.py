"""What is done with one document, here or in a child process. Knows nothing of
processes.
"""

from __future__ import annotations

from collections.abc import Callable

from monitor.parse.feed import parse_feed
from monitor.types.feed import FeedDocument, NotAFeed, ParsedFeed


def answering() -> Callable[[FeedDocument], ParsedFeed | NotAFeed]:
    """The function from a document to what it says, for a child process."""
    return _parse_within_memory


def parse_document(document: FeedDocument) -> ParsedFeed | NotAFeed:
    """Read one document. Never raises for any bytes."""
    return parse_feed(
        document.body,
        url=document.url,
        content_type=document.content_type,
        timezone=document.timezone,
        now=document.now,
    )


def _parse_within_memory(document: FeedDocument) -> ParsedFeed | NotAFeed:
    try:
        return parse_document(document)
    except MemoryError:
        return NotAFeed(
            "unreadable",
            "parsing it needs more memory than a child process may use",
        )
