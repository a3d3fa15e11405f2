"""What an email says, before it is rendered. Made by `flow`, read by `notify`.

Nothing here knows HTML, headers or languages: a mail is a set of facts, and
`notify` words them for one recipient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from monitor.types.catalog import Mode, Recipient
from monitor.types.match import Match
from monitor.types.output import Highlight

DAILY_REPORT = "heartbeat"  # stands in the links of mails that were sent
SOURCES = "sources"
RADAR = "monitor/radar"
OWN_LISTS = (DAILY_REPORT, SOURCES, RADAR)
"""The mailing lists of our own reports; notices belong to the second, those of
the radar to the third. A topic is a list, too: none has these ids.
"""

Occasion = Literal["regular", "flood", "catch_up", "backfill", "quiet"]
"""Why this mail comes now: as planned; instead of too many; after an outage;
for a changed topic; after quiet hours.
"""

NoticeKind = Literal[
    "silent",
    "recovered",
    "gone",
    "moved",
    "catch_up",
    "test",
    "config",
    "templates",
    "radar",
]
"""What became of a source; `catch_up` is about ourselves: Monitor stood still
and has read what it missed; `radar` about subjects that no topic covers.
"""


@dataclass(frozen=True, slots=True)
class MailIdentity:
    """Who sends. `address` has a real domain (checked at start); None means:
    the same as `address`.
    """

    address: str
    name: str = "Monitor"
    envelope_from: str | None = None  # where bounces go
    # whom a mailto for pause and unsubscribe reaches
    answers_to: str | None = None
    timezone: str = "Europe/Berlin"

    @property
    def domain(self) -> str:
        """The domain of the address, as it ends Message-IDs and list ids."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Letter:
    """What is fixed and stored before the first attempt.

    `message_id` has angle brackets; `date` is the Date header.
    """

    message_id: str
    date: datetime
    recipient: Recipient
    identity: MailIdentity


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article of the same story: where it also stands."""

    outlet: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story as a mail shows it: its first article for this topic, why it
    matched, and where else it stands.
    """

    title: str
    url: str
    outlet: str
    found_at: datetime
    match: Match
    # None where neither feed nor page gave a date
    published_at: datetime | None = None
    snippet: Highlight = field(default=Highlight("", ()))
    # a feed's title, where it hit
    feed_title: Highlight = field(default=Highlight("", ()))
    authors: tuple[str, ...] = ()
    agency: str | None = None
    also_in: tuple[Copy, ...] = ()
    priority: int = 3  # of the outlet; 1 is most important
    changed: bool = False  # an edit brought the topic's words
    summary_only: bool = False
    full_text: str = ""  # only for feeds marked `license: true`
    article_id: int = 0

    @property
    def articles(self) -> int:
        """How many articles the story has, this one included."""
        return 1 + len(self.also_in)


@dataclass(frozen=True, slots=True)
class TopicRef:
    """The topic as its footer names it. `place` is where it can be changed
    ("feeds.yaml:14").
    """

    id: str
    name: str
    mode: Mode = "immediate"
    query: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a reader can go.

    Without a public address all are None, and mailto links and the command
    stand in.
    """

    search: str | None = None  # this topic and this time
    search_command: str = ""  # the same on the command line
    articles: str = ""  # where our page shows an article: its number is added
    pause: str | None = None
    unsubscribe: str | None = None  # signed; one-click where it is https
    judge: Mapping[int, str] = field(default_factory=dict, hash=False)
    """Signed, by article: where a person says whether the hit fits; the
    verdict is added.
    """


LinkAction = Literal["pause", "unsubscribe"]


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """What a signed link says: whom it was sent to, about which topic or list
    of ours, in which language.
    """

    action: LinkAction
    recipient: str
    topic_id: str
    language: str


@dataclass(frozen=True, slots=True)
class JudgeClaim:
    """What a signed link to a judgement says: who got it, about which hit of
    which topic.
    """

    recipient: str
    topic_id: str
    language: str
    article_id: int


@dataclass(frozen=True, slots=True)
class TopicMail:
    """New stories of one topic: an immediate mail or a digest. `since`/`until`
    is the time that the mail covers.
    """

    topic: TopicRef
    stories: tuple[StoryView, ...]
    since: datetime
    until: datetime
    links: Links = Links()
    occasion: Occasion = "regular"
    mails_per_hour: int = 6  # what the flood brake allows, for its note
    # stories that are not in `stories` at all, beyond what the mail itself
    # leaves off
    more: int = 0


@dataclass(frozen=True, slots=True)
class SpikeWord:
    """A word that stands out: in how many articles today, and in how many on a
    usual day.
    """

    word: str
    count: int
    usual: float


@dataclass(frozen=True, slots=True)
class SpikeMail:
    """Unusually much about one topic: today's count against a usual day, with
    what explains it.
    """

    topic: TopicRef
    count: int
    usual: float
    since: datetime
    until: datetime
    days: int = 14  # what "usual" was taken from
    words: tuple[SpikeWord, ...] = ()
    outlets: tuple[tuple[str, int], ...] = ()  # (outlet, articles), most first
    stories: tuple[StoryView, ...] = ()
    links: Links = Links()


@dataclass(frozen=True, slots=True)
class SilentFeed:
    """A feed that has brought nothing new, or no answer, for longer than is
    usual for it.
    """

    title: str
    since: datetime | None
    usual: timedelta | None = None  # its usual pause between new items
    reason: str = ""  # the last failure in plain words, if there was one


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A mail that did not arrive, or of which nobody knows."""

    subject: str
    recipient: str
    state: str  # dead, unknown, pending
    at: datetime
    reply: str = ""  # the server's words


@dataclass(frozen=True, slots=True)
class RadarLine:
    """A subject of the radar: its words, how many stories it has, whose they
    are, and one of their titles. `url` is where that story stands.
    """

    label: str
    stories: int
    outlets: tuple[str, ...]
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class DailyReportMail:
    """What was read and sent between `since` and `until`."""

    since: datetime
    until: datetime
    feeds: int
    feeds_answered: int
    articles: int
    matches: int
    mails: int = 0
    silent: tuple[SilentFeed, ...] = ()
    failed: tuple[FailedDelivery, ...] = ()
    notes: tuple[
        str, ...
    ] = ()  # other findings, already worded (sweep repairs, problems in feeds.yaml)
    place: str = ""  # where it can be switched off ("feeds.yaml:2")
    links: Links = Links()
    radar: tuple[RadarLine, ...] = ()  # what rises and no topic covers


@dataclass(frozen=True, slots=True)
class FeedNotice:
    """One source's part of a notice.

    `url` is where it was asked; `moved_to` the address it names now.
    """

    title: str
    outlet: str = ""
    url: str = ""
    since: datetime | None = None
    usual: timedelta | None = None
    reason: str = ""
    moved_to: str = ""
    place: str = ""  # where the feed stands in the file


@dataclass(frozen=True, slots=True)
class FileNotice:
    """One problem of feeds.yaml or of a mail template, in English; a notice
    translates it.
    """

    place: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class NoticeMail:
    """News about sources of one kind, in one mail however many feeds are
    concerned.
    """

    kind: NoticeKind
    as_of: datetime
    feeds: tuple[FeedNotice, ...] = ()
    since: datetime | None = None  # catch_up: when Monitor stopped
    until: datetime | None = None  # catch_up: when it ran again
    articles: int = 0  # catch_up: how many articles it has read since then
    # config, templates: what is wrong with a file
    problems: tuple[FileNotice, ...] = ()
    links: Links = Links()
    radar: tuple[RadarLine, ...] = ()  # radar: what rises and no topic covers


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One story of a press review, as the mail around the files lists it."""

    title: str
    url: str
    outlet: str
    heading: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail."""

    name: str
    media_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PressReviewMail:
    """An issued press review on its way to a reader. `list_name` is what one
    unsubscribes from.

    `planned_at` is set where it comes late; `missed` counts the times that
    brought none before.
    """

    title: str
    list_name: str
    issued_at: datetime
    lines: tuple[ReviewLine, ...]
    files: tuple[Attachment, ...] = ()
    # formats that should be attached and could not be made
    not_made: tuple[str, ...] = ()
    note: str = ""
    planned_at: datetime | None = None
    missed: int = 0
    more: int = 0  # stories that the next issue will have
    archive: str = ""  # where the page keeps it
    links: Links = Links()
