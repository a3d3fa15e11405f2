"""An article prepared for any engine: its streams of words, and the facts that
filters compare.

Knows the public mapping and the words; knows no engine and no queries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from monitor.errors import IndexingError
from monitor.index.analysis import Streams, analyse, one_after_the_other
from monitor.language.words import fold

PARTS = ("title", "lead", "text")
BOOSTS = {"title": 3.0, "lead": 2.0, "text": 1.0}
"""How much a hit in a part weighs in the ranking."""

JOINED_BOOST = 1.0
COMPOUND_BOOST = 0.1  # below every article that has the word itself
FACTS = ("source", "lang", "country", "category")
"""Filters of the query language that an engine answers exactly."""

KEYWORDS = (
    "outlet",
    "feeds",
    "region",
    "topics",
    "language",
    "country",
    "categories",
    "authors",
    "cites",
    "kind",
)
"""Keyword fields that can be filtered by and counted."""

DAY = "day"
FACETS = (*KEYWORDS, DAY)
"""What can be counted. `day` is the UTC day of `published_at`, as YYYY-MM-DD.
"""

MOST_VALUES = 100  # of one facet; longer lists are not read by people
# offset and limit together: what lies beyond is for filters, not for paging
MOST_HITS = 10_000

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def fact(name: str, value: str) -> str:
    """A filter of the query language and one value of it, folded, as one term."""
    return f"{name}:{fold(value)}"


def microseconds(when: datetime) -> int:
    """Whole microseconds since 1970 of an aware time. Raises TypeError for a
    naive one.
    """
    return (when - EPOCH) // MICROSECOND


def spans_between(borders: Sequence[datetime]) -> list[tuple[int, int]]:
    """The spans of time between neighbouring borders, in microseconds. Empty
    ones are left in.
    """
    return [
        (microseconds(start), microseconds(end))
        for start, end in pairwise(borders)
    ]


def check_facets(names: Sequence[str]) -> None:
    """Raises IndexingError for what cannot be counted."""
    unknown = [name for name in names if name not in FACETS]
    if unknown:
        raise IndexingError(
            f"cannot count by {unknown[0]!r}",
            hint=f"one of: {', '.join(FACETS)}",
        )


def streams_of(fields: Mapping[str, object]) -> tuple[Streams, ...]:
    """The streams of each of PARTS: what the page says there, then what feeds
    say beyond it.
    """
    own_title = fields.get("page_title") or fields.get("title", "")
    title = _streams(own_title, fields.get("feed_title"))
    text = _streams(fields.get("text", ""), fields.get("feed_text"))
    return title, analyse(str(fields.get("lead", ""))), text


def _streams(own: object, of_feeds: object) -> Streams:
    """The page's words, and behind a gap those of feeds."""
    streams = analyse(str(own))
    return (
        one_after_the_other(streams, analyse(str(of_feeds)))
        if of_feeds
        else streams
    )


def facts_of(fields: Mapping[str, object]) -> set[str]:
    """What the matcher compares filters with, as
    `verification.stored_match_text` gives it to the matcher.
    """
    language = str(fields.get("language", ""))
    values = {
        "source": (
            *(many(fields.get("feeds")) or many(fields.get("feed_id"))),
            *many(fields.get("outlet")),
        ),
        "lang": (language, language.replace("_", "-").partition("-")[0]),
        "country": many(fields.get("country")),
        "category": (
            *many(fields.get("section")),
            *many(fields.get("categories")),
        ),
    }
    return {fact(name, str(value)) for name in FACTS for value in values[name]}


def many(value: object) -> tuple[object, ...]:
    """The values of a field, however many it has."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def integer(value: object) -> int:
    """The value, if it is a whole number. Raises TypeError."""
    if not isinstance(value, int):
        raise TypeError(f"not a whole number: {value!r:.80}")
    return value
