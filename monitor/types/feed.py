"""What a feed said. Made by `parse`, compared by `identify`."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of a document, and what reading them needs.

    `url` is where they came from in the end.
    """

    body: bytes
    url: str
    now: datetime
    content_type: str = ""
    timezone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something odd that did not stop us: an ill-formed document, a skipped
    item, a date nobody can read.
    """

    code: str
    detail: str


ONLY_UPDATED = "the feed's updated"
"""Ends the reason of a publication date that is the feed's date of the last
change, for lack of another.
"""


@dataclass(frozen=True, slots=True)
class FeedDate:
    """A date as the feed wrote it, and what we read. `reason` says which rule
    read or refused it.

    One that `moves` is another after each change or at each poll: it
    identifies nothing.
    """

    raw: str = ""
    parsed: datetime | None = None
    reason: str = "absent"
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One item, cleaned: entities decoded once, NFC, no controls or bidi
    overrides, capped lengths, http(s) links.
    """

    guid: str | None
    url: str | None
    title: str
    summary: str = ""  # plain text
    # plain text of content:encoded or atom:content, "" where none
    content: str = ""
    authors: tuple[str, ...] = ()
    published: FeedDate = FeedDate()
    updated: FeedDate = FeedDate()
    categories: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a feed asks for about being polled. Hours are UTC 0-23, days
    lower-case English.
    """

    ttl: timedelta | None = None
    # sy:updatePeriod / sy:updateFrequency
    update_period: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document. `format` is e.g. rss20, atom10, rdf, json11,
    sitemap-news, sitemap-index.

    `sitemaps` lists the child addresses of a sitemap index, newest first.
    """

    format: str
    title: str = ""
    link: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    hints: FeedHints = FeedHints()


@dataclass(frozen=True, slots=True)
class NotAFeed:
    """No feed. `kind` is empty, html, json, text, binary, xml or unreadable;
    `candidates`: feeds that a page names.
    """

    kind: str
    detail: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """How an item is recognised within its feed. `key` first, `aliases` as
    second keys; rule `version` is stored.

    `content_hash` covers the fields whose change matters to a reader.
    """

    key: str
    aliases: tuple[str, ...]
    content_hash: str
    # normalised article address, shared by all feeds that list the page
    page_url: str | None
    version: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The key and the aliases."""
        return (self.key, *self.aliases)


@dataclass(frozen=True, slots=True)
class Wording:
    """What an item says or said, as far as it tells an edit from another item.
    Texts are plain.
    """

    title: str
    text: str = ""
    published: datetime | None = None
    first_seen_at: datetime | None = None
    listed_at: datetime | None = None  # last listing


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What we remember of an item, as far as identity needs it."""

    id: int
    key: str
    aliases: tuple[str, ...]
    content_hash: str
    updates: int = 0
    url: str | None = None
    wording: Wording = Wording("")

    @property
    def names(self) -> tuple[str, ...]:
        """The key and the aliases."""
        return (self.key, *self.aliases)


class VerdictKind(enum.Enum):
    """NEW: never seen in this feed; CHANGED: seen, content differs; KNOWN:
    nothing to do.
    """

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one item; `known` is set for CHANGED and KNOWN.

    `taken`: keys of a new item that another item had until now. `shares_page`:
    its address is not its own, so that the page behind it is not its text.
    """

    kind: VerdictKind
    entry: Entry
    identity: Identity
    known: KnownEntry | None = None
    taken: tuple[str, ...] = ()
    shares_page: bool = False
