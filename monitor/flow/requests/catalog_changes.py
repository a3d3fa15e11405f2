"""save(change): feeds.yaml > its new text > versions > the file. The one way
in which the page and the API write it; what the command line adds becomes a
version, too.

The file is the truth, and whoever edits it by hand has the last word: a change
is made on what the file says now, and only where its author saw that. Each
save keeps the version before and after.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from monitor.config.edit import beside_topics, replace_file
from monitor.errors import ConfigError
from monitor.flow.catalog_file import read_content
from monitor.store.desk import catalog_versions
from monitor.store.engine import Database, one_at_a_time
from monitor.types.catalog import Action, CatalogVersion

Edit = Callable[[bytes], bytes]
"""The new content, from the present one. Raises ConfigError where it cannot be
used.
"""

MOST_LISTED = 100
_CONTEXT = 3
_HEADER = 2  # lines with the names of both files, which have none here

SaveState = Literal[
    "saved", "unchanged", "changed_meanwhile", "refused", "read_only"
]


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes what. `seen` is the digest of the file that they saw; ""
    where they saw none.
    """

    account: str
    action: Action
    about: str
    seen: str


@dataclass(frozen=True, slots=True)
class SaveResult:
    """How a save ended.

    `difference`: what it changes, or would change, as lines with + and -.
    `meanwhile`: what others changed since the file was seen, where that is
    known. `digest` is that of the file now.
    """

    state: SaveState
    digest: str
    problem: str = ""
    error: ConfigError | None = None
    difference: str = ""
    meanwhile: str = ""


def digest_of(content: bytes) -> str:
    """What tells two contents apart."""
    return hashlib.sha256(content).hexdigest()


def is_writable(path: Path) -> bool:
    """Whether the file can be replaced, as far as that can be told beforehand."""
    place = path.resolve()
    return os.access(place, os.W_OK) and os.access(place.parent, os.W_OK)


def save_change(
    database: Database,
    path: Path,
    edit: Edit,
    change: Change,
    *,
    now: datetime,
) -> SaveResult:
    """Write the file with the change in it, and keep it as a version."""
    place = path.resolve()  # a link stays a link
    try:
        before = place.read_bytes()
    except OSError as error:
        return SaveResult(
            "read_only", "", problem=error.strerror or str(error)
        )
    digest = digest_of(before)
    try:
        after = edit(before)
        read_content(path, after)
    except ConfigError as error:
        cause = error.__cause__  # what is wrong in the file, place by place
        told = cause if isinstance(cause, ConfigError) else error
        return SaveResult("refused", digest, problem=str(error), error=told)
    shown = difference(before, after)
    if change.seen not in ("", digest):
        meanwhile = _meanwhile(database, change.seen, before)
        return SaveResult(
            "changed_meanwhile", digest, difference=shown, meanwhile=meanwhile
        )
    if before == after:
        return SaveResult("unchanged", digest)
    return replace(
        _write(database, place, (before, after), change, now=now),
        difference=shown,
    )


def _write(
    database: Database,
    place: Path,
    contents: tuple[bytes, bytes],
    change: Change,
    *,
    now: datetime,
) -> SaveResult:
    before, after = contents
    try:
        with database.write() as connection:
            # two saves at once: the second sees what the first wrote
            one_at_a_time(connection)
            _keep(connection, before, after, change, now=now)
            replace_file(place, after, before=before)
    except ConfigError:
        return SaveResult("changed_meanwhile", digest_of(place.read_bytes()))
    except OSError as error:
        return SaveResult(
            "read_only",
            digest_of(before),
            problem=error.strerror or str(error),
        )
    return SaveResult("saved", digest_of(after))


def keep_versions(
    database: Database,
    contents: tuple[bytes, bytes],
    change: Change,
    *,
    now: datetime,
) -> None:
    """Keep what the file was before a change that is written already, and what
    it is now.
    """
    with database.write() as connection:
        one_at_a_time(connection)
        _keep(connection, *contents, change, now=now)


def _keep(
    connection: Connection,
    before: bytes,
    after: bytes,
    change: Change,
    *,
    now: datetime,
) -> None:
    newest = catalog_versions.kept_versions(connection, limit=1)
    if not newest or newest[0].digest != digest_of(before):
        found = CatalogVersion(0, now, "", "by_hand", "", digest_of(before))
        catalog_versions.add_version(connection, found, before)
    made = CatalogVersion(
        0, now, change.account, change.action, change.about, digest_of(after)
    )
    catalog_versions.add_version(connection, made, after)


def _meanwhile(database: Database, seen: str, content: bytes) -> str:
    with database.read() as connection:
        known = catalog_versions.content_of_digest(connection, seen)
    return "" if known is None else difference(known, content)


def difference(before: bytes, after: bytes) -> str:
    """The lines that differ, with some around them, as `diff -u` shows them.
    Pure.
    """
    old, new = (
        each.decode("utf-8", "replace").splitlines()
        for each in (before, after)
    )
    lines = difflib.unified_diff(old, new, "", "", n=_CONTEXT, lineterm="")
    return "\n".join(list(lines)[_HEADER:])


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version, and whether the file says just that now."""

    version: CatalogVersion
    is_current: bool


def list_versions(
    database: Database, path: Path | None
) -> tuple[ListedVersion, ...]:
    """The newest versions, newest first. Of those that the file equals, the
    newest is current.
    """
    with database.read() as connection:
        found = catalog_versions.kept_versions(connection, limit=MOST_LISTED)
    digest = _digest_now(path)
    newest = next((each.id for each in found if each.digest == digest), None)
    return tuple(ListedVersion(each, each.id == newest) for each in found)


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version: what it changed against the one before, and what taking it
    back would change in the file. `digest` is that of the file now.
    """

    version: CatalogVersion
    changed: str
    taken_back: str
    digest: str
    beyond_topics: bool


def read_version(
    database: Database, path: Path | None, number: int
) -> VersionView | None:
    """One version in full; None where there is none of this number."""
    with database.read() as connection:
        found = catalog_versions.version_content(connection, number)
        before = catalog_versions.content_before(connection, number)
    if found is None:
        return None
    version, content = found
    now = _content_now(path)
    return VersionView(
        version,
        difference(before, content) if before is not None else "",
        difference(now, content),
        digest_of(now),
        beyond_topics(path, now, content) if path else True,
    )


def beyond_topics(path: Path, one: bytes, other: bytes) -> bool:
    """Whether two contents differ in more than topics. What cannot be read
    does.
    """
    try:
        catalogs = [read_content(path, each)[0] for each in (one, other)]
    except ConfigError:
        return True
    return beside_topics(catalogs[0]) != beside_topics(catalogs[1])


def write_again(
    database: Database,
    path: Path,
    number: int,
    change: Change,
    *,
    now: datetime,
) -> SaveResult | None:
    """Write an earlier version again, as a new one; None where there is none
    of this number.
    """
    with database.read() as connection:
        found = catalog_versions.version_content(connection, number)
    if found is None:
        return None
    _, content = found
    return save_change(
        database, path, lambda _before: content, change, now=now
    )


def _content_now(path: Path | None) -> bytes:
    try:
        return path.read_bytes() if path else b""
    except OSError:
        return b""


def _digest_now(path: Path | None) -> str:
    content = _content_now(path)
    return digest_of(content) if content else ""
