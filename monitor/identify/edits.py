"""Is an item an edit of another, or another item in its place? By title, text
and time. Pure.

An address alone does not say. A service lists each warning under the address
of its page of warnings, and an outlet edits the headline of an article that
stays where it is. The rules:

* Titles and texts are the same, near, refilled, recounted or others: see
  `likeness`.
* The same title and text are the same item, unless it carries a time at least
  `REISSUED` after it was listed last: the same warning in the next month is
  news.
* At exactly the same time an edit may change much: only a new title over a
  text without anything in common is another item.
* Otherwise the title must be the same or near, and the text too. A refilled
  text, and a title in which only figures changed, are an edit within
  `FOLLOWING` and later another item. A title of at least `TELLING` words may
  get another text within that time; an item that is called a ticker at any
  time.
* A new headline over the same text of at least `LONG_TEXT` words is an edit
  within `SAME_DAY`.
* A guid of its own outweighs all this, until title and text are both others
  and at least `SAME_DAY` has passed: then the guid was given away again. The
  same holds for another text under the same title once the item was not listed
  for `REISSUED`.
* Two items of one document at one address are one where they also carry the
  same time, and neither title nor text has a foreign word: a teaser and the
  main item.
* Another feed lists the same page as the same article, unless the words make
  another item of it.

Where these rules are in doubt they say "another item": an alert too many is
feared less than one too few.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.identify.likeness import (
    ALIKE,
    COMPATIBLE,
    FEWEST_WORDS,
    LONG_TEXT,
    Likeness,
    compare_texts,
    compare_titles,
    is_ticker,
    text_words,
    title_words,
)
from monitor.identify.urls import host_less
from monitor.types.feed import Entry, Wording

REISSUED = timedelta(days=7)
"""Long enough for any outage of ours: a feed that dates each item anew must
not alert after it.
"""
FOLLOWING = timedelta(hours=3)
"""An item is followed up within hours; templates are filled anew for another
day.
"""
SAME_DAY = timedelta(hours=12)
TELLING = 4
"""Words of a title that nothing else has by chance. "Verkehrsmeldung A 2" has
fewer.
"""
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
# a time zone that was read wrong before a relaunch, or after it
_SHIFTED = 2 * _HOUR
_A_DAY = timedelta(hours=26)  # two readings of one day, in two zones
# words of title and text that make an item recognisable without an exact time
_FEWEST_ALIKE = 6

_FILLED = (Likeness.RECOUNTED, Likeness.REFILLED)


@dataclass(frozen=True, slots=True)
class _Compared:
    title: Likeness
    text: Likeness
    same_time: bool
    apart: timedelta | None  # between the two; None where nothing tells

    def within(self, span: timedelta) -> bool:
        return self.apart is None or self.apart <= span

    def surely_within(self, span: timedelta) -> bool:
        return self.apart is not None and self.apart <= span


def wording(entry: Entry) -> Wording:
    """What an item says, as it is compared."""
    return Wording(
        entry.title,
        f"{entry.summary}\n{entry.content}".strip(),
        entry.published.parsed,
    )


def is_edit(
    before: Wording, after: Wording, *, now: datetime | None = None
) -> bool:
    """Whether `after`, found at the address of `before`, is the same item.

    `now` dates what has no time.
    """
    pair = _compare(before, after, now)
    if pair.title is Likeness.SAME and pair.text in (
        Likeness.SAME,
        Likeness.UNKNOWN,
    ):
        return not is_reissued(before, after)
    if pair.same_time:
        return pair.title in ALIKE or pair.text in COMPATIBLE
    if pair.title in ALIKE:
        return _is_followed_up(before, after, pair)
    if pair.title is Likeness.RECOUNTED:
        return (
            pair.surely_within(FOLLOWING) and pair.text is not Likeness.OTHER
        )
    is_new_headline = (
        pair.title is Likeness.OTHER and pair.text is Likeness.SAME
    )
    return is_new_headline and _is_long(after) and pair.within(SAME_DAY)


def is_reissued(before: Wording, after: Wording) -> bool:
    """Whether the same words have come anew, long after they were listed last."""
    if (
        after.published is None
        or before.listed_at is None
        or before.published == after.published
    ):
        return False
    return after.published - before.listed_at >= REISSUED


def is_replaced(
    before: Wording, after: Wording, *, now: datetime | None = None
) -> bool:
    """Whether a guid that was the item `before` stands for another one now."""
    pair = _compare(before, after, now)
    is_either_ticker = is_ticker(before.title) or is_ticker(after.title)
    if pair.same_time or pair.text in ALIKE or is_either_ticker:
        return False
    if pair.apart is None or pair.apart < SAME_DAY or _is_older(before, after):
        return False
    if pair.title in ALIKE:
        return pair.text is not Likeness.UNKNOWN and is_reissued(before, after)
    return pair.text is not Likeness.UNKNOWN or pair.title is Likeness.OTHER


def is_listed_twice(one: Wording, other: Wording) -> bool:
    """Whether two items of one document at one address are the same article."""
    title = compare_titles(one.title, other.title)
    if one.published != other.published or title not in ALIKE:
        return False
    text = compare_texts(one.text, other.text)
    if not _is_at(one, other):
        return text is title is Likeness.SAME
    if text is Likeness.UNKNOWN:
        return title is Likeness.SAME
    return text in ALIKE or (
        text is Likeness.OTHER and _is_telling(one, other)
    )


def is_same_page(
    before: Wording,
    after: Wording,
    *,
    shared: bool = False,
    now: datetime | None = None,
) -> bool:
    """Whether an item of another feed at the address of `before` is the same
    article.

    `shared`: the address is known to be that of several items.
    """
    pair = _compare(before, after, now)
    is_told = pair.title in ALIKE and _is_telling(before, after)
    if pair.text in _FILLED and not is_told:
        return False
    if is_edit(before, after, now=now):
        return True
    return not shared and _is_same_article(after, pair, is_told=is_told)


def _is_same_article(
    after: Wording, pair: _Compared, *, is_told: bool
) -> bool:
    if pair.title is Likeness.SAME and pair.text in COMPATIBLE:
        return True
    if pair.text is Likeness.SAME and pair.title in (
        Likeness.NEAR,
        Likeness.OTHER,
    ):
        return _is_long(after)
    # A teaser in one feed, the beginning of the article in the other.
    return is_told and pair.text is Likeness.OTHER and pair.within(_A_DAY)


def _is_long(item: Wording) -> bool:
    return len(text_words(item.text)) >= LONG_TEXT


def _is_telling(one: Wording, other: Wording) -> bool:
    return (
        min(len(title_words(one.title)), len(title_words(other.title)))
        > TELLING
    )


def may_be_elsewhere(title: str, published: datetime, after: Wording) -> bool:
    """What title and time alone say of `is_same_elsewhere`: whether to look at
    the texts.
    """
    before = Wording(title, published=published)
    if not (
        _is_at(before, after)
        or _is_on_the_day(published, after.published or published)
    ):
        return False
    if set(title_words(title)).isdisjoint(title_words(after.title)):
        return title == after.title
    return compare_titles(title, after.title) in ALIKE


def is_same_elsewhere(before: Wording, after: Wording) -> bool:
    """Whether an item with another address and another guid is the same: after
    a relaunch of its site.
    """
    pair = _compare(before, after)
    if before.published is None or after.published is None:
        return before.published is after.published and _are_alike(pair, after)
    if not pair.same_time and not _is_on_the_day(
        before.published, after.published
    ):
        return False
    return _are_alike(pair, after)


def told_apart_by_query(one: str | None, other: str | None) -> bool:
    """Whether only the query differs: the site tells its pages apart by it,
    and has not moved.
    """
    if (
        not one
        or not other
        or one.partition("?")[0] != other.partition("?")[0]
    ):
        return False
    return host_less(one) != host_less(other)


def _is_older(before: Wording, after: Wording) -> bool:
    return bool(
        before.published
        and after.published
        and after.published < before.published
    )


def _is_followed_up(before: Wording, after: Wording, pair: _Compared) -> bool:
    """The title is the same or near; does the text agree?"""
    if pair.text in ALIKE:
        return not is_reissued(before, after)
    if pair.text is Likeness.UNKNOWN:
        return pair.within(SAME_DAY)
    words = len(title_words(after.title))
    if is_ticker(after.title) and words >= FEWEST_WORDS:
        return True
    if pair.text is Likeness.REFILLED:
        return pair.surely_within(FOLLOWING)
    is_telling = pair.text is Likeness.RECOUNTED or words > TELLING
    return is_telling and pair.within(FOLLOWING)


def _are_alike(pair: _Compared, item: Wording) -> bool:
    if pair.title is Likeness.NEAR:
        return pair.same_time and pair.text is Likeness.SAME
    if pair.title is not Likeness.SAME or pair.text not in COMPATIBLE:
        return False
    if pair.same_time:
        return True
    words = len(title_words(item.title))
    if pair.text is Likeness.UNKNOWN:
        return words > TELLING
    return words + len(text_words(item.text)) >= _FEWEST_ALIKE


def _compare(
    before: Wording, after: Wording, now: datetime | None = None
) -> _Compared:
    title = compare_titles(before.title, after.title)
    text = compare_texts(before.text, after.text)
    return _Compared(
        title, text, _is_at(before, after), _apart(before, after, now)
    )


def _apart(
    before: Wording, after: Wording, now: datetime | None
) -> timedelta | None:
    if before.published and after.published:
        return abs(after.published - before.published)
    return now - before.first_seen_at if now and before.first_seen_at else None


def _is_at(before: Wording, after: Wording) -> bool:
    """The same time, told to the hour at least."""
    one, other = before.published, after.published
    if one is None or other is None or _is_day_only(one):
        return False
    return abs(one - other) < _MINUTE


def _is_on_the_day(one: datetime, other: datetime) -> bool:
    """The same day where only a day is told; else the same minute of an hour
    near by.
    """
    apart = abs(one - other)
    if _is_day_only(one) or _is_day_only(other):
        return apart <= _A_DAY
    return apart <= _SHIFTED and not apart % _HOUR


def _is_day_only(time: datetime) -> bool:
    """Midnight in UTC, or in a zone of ours, which is 22 or 23 o'clock in UTC."""
    return not (time.minute or time.second) and time.hour in (0, 22, 23)
