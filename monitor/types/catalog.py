"""What people wrote in `feeds.yaml`: feeds, topics, recipients. Made by
`config`, read by `flow`, `match`, `notify`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal

Mode = Literal["immediate", "digest", "spike"]
Snippet = Literal["none", "short", "sentence"]
ReviewSnippet = Literal["none", "short", "sentence", "full"]
"""What a press review quotes; `full` is the whole text of feeds with a
licence, else a sentence.
"""
Rights = Literal["obey", "licensed"]
"""Whether reservations against text and data mining count for a feed, or a
contract with its publisher stands above.
"""
Initial = Literal["silent", "all"] | int
"""What becomes of a new feed's first items: stored silently, all alerted, or
only the newest N alerted.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file for messages: 1-based line and column, both in
    characters.
    """

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Located:
    """A text from the YAML file that remembers where each of its characters
    stood.

    `places[i]` is the (line, column) of `text[i]` in the file; one more place
    stands for the end. So an error inside a folded `>` block can name the true
    line.
    """

    text: str
    file: str
    places: tuple[tuple[int, int], ...]

    def place(self, offset: int) -> Place:
        """The place of the character at `offset` (clamped to the text)."""
        line, column = (
            self.places[min(max(offset, 0), len(self.places) - 1)]
            if self.places
            else (1, 1)
        )
        return Place(self.file, line, column)


@dataclass(frozen=True, slots=True)
class Selectors:
    """Optional CSS selectors for hard pages: where the article stands, and
    what to drop inside it.
    """

    article: str | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """One source.

    Exactly one of `url` (a feed or news sitemap) and `site` (discover it
    there) is set.
    """

    id: str
    title: str
    outlet: str
    url: str | None = None
    site: str | None = None
    region: str | None = None
    country: str = "de"
    language: str = "de"
    category: str | None = None
    priority: int = 3  # 1 is most important, 5 least
    min_interval: timedelta = timedelta(minutes=10)
    max_interval: timedelta = timedelta(hours=6)
    timezone: str = "Europe/Berlin"
    initial: Initial = "silent"
    paused: bool = False  # left alone for now
    license: bool = False  # full text may be mailed
    rights: Rights = "obey"
    # fetch the article pages; false keeps to what the feed itself carries
    fulltext: bool = True
    verify_tls: bool = True
    # delete bodies after this; None keeps them
    fulltext_retention: timedelta | None = None
    selectors: Selectors = Selectors()
    # other names under which texts cite the outlet
    aliases: tuple[str, ...] = ()
    place: Place | None = None

    @property
    def is_licensed(self) -> bool:
        """Whether a contract lifts the publisher's reservations for this
        feed's pages.
        """
        return self.rights == "licensed"

    @property
    def address(self) -> str:
        """The configured address, whichever kind it is."""
        return self.url or self.site or ""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """No mail between `start` and `end` (local to `timezone`; may cross
    midnight): it waits, nothing is dropped.
    """

    start: time
    end: time
    timezone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person's address, after groups have been opened. None means: as the
    topic says.
    """

    address: str
    name: str | None = None
    language: str = "de"
    mode: Mode | None = None
    snippet: Snippet | None = None
    quiet: QuietHours | None = None

    def is_at(self, address: str) -> bool:
        """Whether this is their address; nobody has two that differ in
        capitals only.
        """
        return self.address.casefold() == address.casefold()


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest goes out: a cron expression of five fields, in a time
    zone.
    """

    cron: str = "0 8,12,17 * * *"
    timezone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Topic:
    """One tracked topic. Either the simple level (`any`, `all`, `none`) or
    `query`; `where` narrows both.

    `where` holds pairs such as ("source", ("zdf", "wdr")); its fields are the
    filters of the query language.
    """

    id: str
    name: str
    any: tuple[Located, ...] = ()
    all: tuple[Located, ...] = ()
    none: tuple[Located, ...] = ()
    query: Located | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    recipients: tuple[Recipient, ...] = ()
    mode: Mode = "immediate"
    schedule: Schedule = Schedule()
    snippet: Snippet = "short"
    backfill: Literal["none", "digest"] = "none"
    mails_per_hour: int = 6
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ScheduledReview:
    """A press review that makes itself and is mailed: of topics, without any
    of all of them, or of what a query finds.
    """

    id: str
    name: str
    topics: tuple[str, ...] = ()
    query: Located | None = None
    schedule: Schedule = Schedule(cron="0 7 * * *")
    recipients: tuple[Recipient, ...] = ()
    formats: tuple[Literal["html", "pdf", "docx"], ...] = ("pdf",)
    snippet: ReviewSnippet = "short"
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class CatalogProblem:
    """One thing wrong in the file.

    `fatal` problems keep the file from being used; others are warnings.
    """

    place: Place
    message: str
    hint: str = ""
    # the offending line(s) with a caret line, ready to print; may be empty
    excerpt: str = ""
    code: str = ""
    fatal: bool = True
    length: int = 1  # characters from the place on

    def __str__(self) -> str:
        """Ready to print: `file:line:column  message`, the excerpt, the hint."""
        parts = [
            f"{self.place.file}:{self.place.line}:{self.place.column}  {self.message}"
        ]
        if self.excerpt:
            parts.extend(
                ("", *(f"  {line}" for line in self.excerpt.splitlines()))
            )
        if self.hint:
            parts.append(f"  hint: {self.hint}")
        return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The whole usable content of `feeds.yaml`. `digest` is a SHA-256 over its
    bytes.

    `names` are what topics may call people and groups, each with who is meant.
    """

    feeds: tuple[Feed, ...] = ()
    topics: tuple[Topic, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    press_reviews: tuple[ScheduledReview, ...] = ()
    names: tuple[tuple[str, tuple[Recipient, ...]], ...] = ()
    digest: str = ""
    file: str = ""
    warnings: tuple[CatalogProblem, ...] = field(default=())


Action = Literal[
    "by_hand",
    "topic_added",
    "topic_changed",
    "topic_deleted",
    "feeds_added",
    "feed_changed",
    "taken_back",
]


@dataclass(frozen=True, slots=True)
class CatalogVersion:
    """One content that `feeds.yaml` had: who saved it and what they changed.

    `by_hand`: found at the next save. `about` names the topic, the feed or the
    version.
    """

    id: int
    created_at: datetime
    account: str
    action: Action
    about: str
    digest: str
