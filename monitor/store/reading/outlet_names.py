"""Which outlets and regions feeds have, listed today or not. Only reads."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitor.store.tables import feeds


def outlets_and_regions(
    connection: Connection,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All outlets, and all regions, each once and in order."""
    rows = connection.execute(
        select(feeds.c.outlet, feeds.c.region).distinct()
    ).all()
    outlets = {row.outlet for row in rows}
    regions = {row.region for row in rows if row.region}
    return tuple(sorted(outlets)), tuple(sorted(regions))
