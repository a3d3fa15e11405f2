"""Reservations that a page states which nobody has read yet. Apart from
`rights`, because it needs what reads pages, which most often is a child's.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.extract.attributes import read_meta
from monitor.extract.document import load
from monitor.extract.rights import reservation
from monitor.types.page import ExtractFailed, PageTask

HEAD = 200_000  # bytes of a page in which its meta elements stand


def page_reservation(
    body: bytes, content_type: str, headers: Iterable[tuple[str, str]]
) -> str:
    """As `reservation`, of a page that nobody has read yet: its head is looked
    at, and nothing else of it.
    """
    tree = load(PageTask(url="", body=body[:HEAD], content_type=content_type))
    return reservation(
        headers, {} if isinstance(tree, ExtractFailed) else read_meta(tree)
    )
