"""Saved versions of feeds.yaml."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select

from monitor.store.tables import catalog_versions
from monitor.types.catalog import CatalogVersion

MOST_KEPT = 500
"""Versions; older ones are dropped. A file of 100 feeds takes some 5 kB,
packed.
"""

_FACTS = tuple(catalog_versions.c[name] for name in CatalogVersion.__slots__)


def add_version(
    connection: Connection, version: CatalogVersion, content: bytes
) -> CatalogVersion:
    """Keep one more version; it gets its number."""
    values = {
        name: getattr(version, name)
        for name in CatalogVersion.__slots__
        if name != "id"
    }
    packed = zlib.compress(content)
    added = connection.execute(
        catalog_versions.insert().values(values | {"content": packed})
    )
    assert added.inserted_primary_key is not None
    number = int(added.inserted_primary_key[0])
    table = catalog_versions.c.id
    connection.execute(
        delete(catalog_versions).where(table <= number - MOST_KEPT)
    )
    return replace(version, id=number)


def kept_versions(
    connection: Connection, *, limit: int
) -> Sequence[CatalogVersion]:
    """The newest versions, newest first."""
    statement = (
        select(*_FACTS).order_by(catalog_versions.c.id.desc()).limit(limit)
    )
    return [
        CatalogVersion(**row._mapping) for row in connection.execute(statement)
    ]


def version_content(
    connection: Connection, number: int
) -> tuple[CatalogVersion, bytes] | None:
    """One version with its content; None where there is none of this number."""
    statement = select(*_FACTS, catalog_versions.c.content)
    row = connection.execute(
        statement.where(catalog_versions.c.id == number)
    ).one_or_none()
    if row is None:
        return None
    *facts, content = row
    return CatalogVersion(*facts), zlib.decompress(content)


def content_before(connection: Connection, number: int) -> bytes | None:
    """The content of the version before this one, where it is kept."""
    earlier = select(catalog_versions.c.content).where(
        catalog_versions.c.id < number
    )
    newest = earlier.order_by(catalog_versions.c.id.desc()).limit(1)
    found = connection.execute(newest).scalar_one_or_none()
    return None if found is None else zlib.decompress(found)


def content_of_digest(connection: Connection, digest: str) -> bytes | None:
    """The content that has this digest, where it was kept."""
    statement = select(catalog_versions.c.content).where(
        catalog_versions.c.digest == digest
    )
    found = connection.execute(statement.limit(1)).scalar_one_or_none()
    return None if found is None else zlib.decompress(found)
