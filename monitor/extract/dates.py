"""When a page was published and changed, each with its zone and the place that
said so.

Order of trust: JSON-LD, meta, microdata, <time>, the visible text, the
address. A source that gives only a day yields to a later one that gives the
time of that same day. A date of a picture, another story, an event or a
reader's comment counts nowhere. Words that count from the present ("vor 3
Stunden") are counted from the response's Date. Knows no clock: whether a date
can be true, flow decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from itertools import islice

from lxml.html import HtmlElement

from monitor.extract.elements import headline_of, holders_of, holds, is_inside
from monitor.extract.names import WORD
from monitor.extract.phrase_files import any_phrase, read_lists
from monitor.extract.prose import text_of
from monitor.extract.statements import Structured
from monitor.extract.teasers import holds_picture, is_teaser
from monitor.language.dates import (
    WrittenDate,
    find_date,
    find_dates,
    is_midnight,
    named_zone,
)
from monitor.language.dates import read_date as read_whole
from monitor.types.page import PageDate

# outside, a date is a typing error or an empty field
YEARS = range(1990, 2101)
URL_DAY = re.compile(
    r"(?<!\d)(20\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
# how many short elements after the headline are searched for a written date
TEXT_ELEMENTS = 60
TIMES = 20  # how many <time> elements
SHORT = 120
SENTENCE = 3  # words that begin small and are none of a date line's
ELSEWHERE = frozenset(
    {"figure", "figcaption", "aside", "footer", "nav", "blockquote", "form"}
)
MARKS = ("class", "id", "itemprop", "itemtype")
LINK_TEXT = 40  # characters from which a link around a date is another story's
NO_LINE = ("script", "style", "h1", "a", "time")
ISO_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:?\d\d\S*(?: ?(?:[+-]\d\d:?\d\d|Z|UTC|GMT)\b)?"
)


_LISTS = read_lists("dates")
PUBLISHED = tuple(_LISTS["published"])
MODIFIED = tuple(_LISTS["modified"])
ELSEWHERE_WORDS = frozenset(_LISTS["elsewhere"])
SMALL_WORDS = frozenset(_LISTS["small"])
_OTHER = any_phrase("dates", "others")
OTHERS = re.compile(
    rf"\A\W*{_OTHER}\b(?:\s*[:|]|[^:|]{{0,20}}\b(?:vom|am)\s*\Z)|(?<!\w){_OTHER}\s*:?\s*\Z",
    re.IGNORECASE,
)
SAID_PUBLISHED = re.compile(
    rf"{any_phrase('dates', 'said_published')}|entry-date", re.IGNORECASE
)
SAID_MODIFIED = re.compile(any_phrase("dates", "said_modified"), re.IGNORECASE)
SPAN_BEHIND = re.compile(r"\s*(?:bis|[–—-])\s*\d{1,2}\.")
SPAN_BEFORE = re.compile(r"\d\.?\s*(?:bis|[–—-])\s*\Z")


def find_page_dates(
    tree: HtmlElement,
    structured: Structured,
    *,
    url: str = "",
    timezone: str = "Europe/Berlin",
    headers: Sequence[tuple[str, str]] = (),
) -> tuple[PageDate | None, PageDate | None]:
    """(published, modified).

    A modified date that is not after the published one is kept: it was stated.
    """
    zone, now = named_zone(timezone), _response_time(headers)
    places = _Places(tree)
    published = _best(_published(places, structured, url, zone), zone, now)
    modified = _best(_modified(places, structured), zone, now)
    return published, modified


def read_page_date(
    raw: str, zone: tzinfo, now: datetime | None = None
) -> tuple[datetime, bool] | None:
    """The time in UTC, and whether it has a clock time. Without a zone it is
    local to `zone`.
    """
    text = " ".join(raw.split())[: 2 * SHORT]
    found = read_whole(text, zone, now=now) or _within(text, zone)
    if found is None or found.when.year not in YEARS:
        return None
    return found.when, found.exact and not is_midnight(found.when, zone)


def _within(text: str, zone: tzinfo) -> WrittenDate | None:
    """A date in a longer text: ISO 8601 with its time and zone first."""
    for stamp in ISO_TIME.findall(text):
        if read := read_whole(stamp, zone):
            return read
    found = find_date(text, zone)
    return found.date if found else None


def _response_time(headers: Sequence[tuple[str, str]]) -> datetime | None:
    """When the server made the page (RFC 9110, 6.6.1)."""
    for name, value in headers:
        if name == "date":
            try:
                when = parsedate_to_datetime(value)
            except (ValueError, TypeError, IndexError):
                return None
            return when if when.tzinfo else when.replace(tzinfo=UTC)
    return None


class _Places:
    """The places of one page where its article's dates may stand, in reading
    order.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = tree
        self.headline = headline_of(tree)
        self.story = self._story()
        self._around = {self.headline, self.story}
        self._around |= holders_of(self.headline) | holders_of(self.story)
        self._marked: dict[HtmlElement, bool] = {}

    def _story(self) -> HtmlElement | None:
        """The <article> that holds most of the page's prose, for an h1 that
        stands outside of every <article>.

        Systems put the h1 into the breadcrumb or the page's head, and an h2
        into the article.
        """
        if self.headline is not None and is_inside(self.headline, "article"):
            return None
        prose = [p for p in self.tree.iter("p") if len(text_of(p)) > SHORT]
        holders = Counter(
            next(p.iterancestors("article"), None) for p in prose
        )
        story = max(holders, key=holders.__getitem__, default=None)
        return story if 2 * holders[story] > len(prose) else None

    def is_elsewhere(self, element: HtmlElement) -> bool:
        """True inside what belongs to a picture, another story, an event, a
        reader or the page's frame.
        """
        around = (element, *element.iterancestors())
        return any(self._is_marked(e) for e in around if e not in self._around)

    def _is_marked(self, element: HtmlElement) -> bool:
        if element not in self._marked:
            self._marked[element] = self._marks_elsewhere(element)
        return self._marked[element]

    def _marks_elsewhere(self, element: HtmlElement) -> bool:
        if element.tag in ELSEWHERE:
            return True
        if element.tag == "a":
            return len(
                text_of(element)
            ) > LINK_TEXT and "bookmark" not in element.get("rel", "")
        if element.tag == "article" and self.headline is not None:
            return holds(element, "h2", "h3")
        if element.tag in ("body", "html", "main"):
            return False
        if element.tag in ("div", "section", "li") and is_teaser(element):
            return True
        marks = " ".join(element.get(key, "") for key in MARKS)
        words = WORD.findall(marks[:1000])
        return not ELSEWHERE_WORDS.isdisjoint(map(str.lower, words))

    def times(self) -> tuple[list[HtmlElement], list[HtmlElement]]:
        """<time> elements of the article itself: those above its prose, and
        those that may be other stories': behind the prose, or outside of the
        <article> with the headline.
        """
        times = self._times()
        late = self._late(times)
        near = [time for time in times if time not in late]
        return near, [time for time in times if time in late]

    def _late(self, times: Sequence[HtmlElement]) -> set[HtmlElement]:
        late: set[HtmlElement] = set()
        if self.headline is None:
            return late
        for paragraph in self.headline.xpath("following::p"):
            if len(text_of(paragraph)) > SHORT:
                late.update(paragraph.xpath("following::time"))
                break
        article = next(self.headline.iterancestors("article"), None)
        if article is not None:
            late.update(
                time for time in times if article not in time.iterancestors()
            )
        return late

    def _times(self) -> list[HtmlElement]:
        own = [] if self.story is None else [self.story]
        if self.headline is not None:
            own += self.headline.iterancestors("article", "main")
        scope = next(
            (holder for holder in own if holder.find(".//time") is not None),
            self.tree,
        )
        times = list(scope.iter("time"))[: 3 * TIMES]
        return [time for time in times if not self.is_elsewhere(time)][:TIMES]

    def _below(self) -> list[HtmlElement]:
        """What follows the headline; first the story's own beginning, where it
        stands apart from it.
        """
        body = self.tree.find("body")
        top = self.tree if body is None else body
        if self.headline is None:
            return list(islice(top.iter(), TEXT_ELEMENTS))
        after: list[HtmlElement] = self.headline.xpath("following::*")[
            :TEXT_ELEMENTS
        ]
        if self.story is None:
            return after
        return list(
            dict.fromkeys((*islice(self.story.iter(), TEXT_ELEMENTS), *after))
        )

    def lines(self, zone: tzinfo) -> list[str]:
        """Short visible lines with a date: below the headline, above it, then
        below the first paragraph.
        """
        first: list[str] = []
        beside_pictures: list[str] = []
        for element in self._searched():
            if element.tag in NO_LINE:
                continue
            line = self._line(element)
            if not 3 <= len(line) <= SHORT or not _is_date_line(line, zone):
                continue
            if self.is_elsewhere(element):
                continue
            (
                beside_pictures
                if self._stands_by_a_picture(element)
                else first
            ).append(line)
        return first + beside_pictures

    def _searched(self) -> list[HtmlElement]:
        below = self._below()
        if self.headline is None:
            return below
        before = self.headline.xpath("preceding::*")
        above = before[-TEXT_ELEMENTS // 3 :]
        paragraphs = [
            e for e in below if e.tag == "p" and len(text_of(e)) > SHORT
        ]
        prose = below.index(paragraphs[0]) if paragraphs else len(below)
        return [*below[:prose], *reversed(above), *below[prose:]]

    def _line(self, element: HtmlElement) -> str:
        """The element's text; where another story or a picture is in it, only
        what is its own.
        """
        if len(element) >= SHORT:
            return ""
        # With a blank between the parts: systems print day and time in
        # elements of their own.
        line = _spaced(element.itertext())
        if (
            not line
            or len(line) > SHORT
            or not any(map(self._is_marked, _inner(element)))
        ):
            return line
        return _spaced((element.text, *(child.tail for child in element)))

    def _stands_by_a_picture(self, element: HtmlElement) -> bool:
        """True beside a picture alone: that may be a caption, or the author's
        portrait.
        """
        holders = {element, element.getparent()} - {None, *self._around}
        return any(map(holds_picture, holders))


def _inner(element: HtmlElement) -> Iterator[HtmlElement]:
    return (
        e
        for e in element.iterdescendants()
        if isinstance(e.tag, str) and e.tag != "a"
    )


def _spaced(parts: Iterable[str | None]) -> str:
    return " ".join(" ".join(filter(None, parts)).split())


def _is_date_line(line: str, zone: tzinfo) -> bool:
    """True for a line whose date dates the text: no sentence, no caption, no
    event.
    """
    is_short = len(line) < SHORT / 3
    if not any(char.isdigit() for char in line):
        return (
            is_short
            and re.search(r"\b(?:gestern|heute|vor\s)", line) is not None
        )
    found = find_date(line, zone)
    if found is None:
        return (
            is_short
            and re.search(r"(?i)heute|gestern|vor \d", line) is not None
        )
    before, after = line[: found.start], line[found.end :]
    if (
        OTHERS.search(before)
        or SPAN_BEHIND.match(after)
        or SPAN_BEFORE.search(before)
    ):
        return False
    words = re.findall(r"(?<![\w.@-])[a-zäöüß]{2,}", f"{before} {after}")
    telling = [word for word in words if word not in SMALL_WORDS]
    return len(telling) < SENTENCE


def _published(
    places: _Places, structured: Structured, url: str, zone: tzinfo
) -> Iterator[tuple[str, str]]:
    yield structured.article.published, "json-ld"
    yield from _of_meta(structured, PUBLISHED)
    yield structured.microdata.published, "meta"
    yield from _stated(
        places, "@itemprop='datePublished'", "content", "datetime"
    )
    near, late = places.times()
    yield from _of_times(near)
    yield from _stated(places, "@data-timestamp", "data-timestamp")
    lines = places.lines(zone)
    for line in lines:
        yield _labelled(line, zone), "text"
    for line in lines:
        if not SAID_MODIFIED.search(line):
            yield line, "text"
    yield from _of_times(late)
    if lines:
        yield lines[0], "text"
    day = URL_DAY.search(url)
    if day:
        yield "-".join(day.groups()), "url"


def _of_meta(
    structured: Structured, names: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for name in names:
        yield structured.by_letters.get(name, ""), "meta"


def _stated(
    places: _Places, which: str, *names: str
) -> Iterator[tuple[str, str]]:
    """Attributes of elements that belong to no microdata item and to no other
    story.
    """
    found = places.tree.xpath(
        f"//body//*[{which}][not(ancestor-or-self::*[@itemscope])]"
    )
    for element in found:
        if not places.is_elsewhere(element):
            yield next(filter(None, map(element.get, names)), ""), "meta"
            return


def _of_times(times: Sequence[HtmlElement]) -> Iterator[tuple[str, str]]:
    """What <time> elements say: those that speak of publishing, then the
    first.
    """
    stated = [time for time in times if SAID_PUBLISHED.search(_hints(time))]
    first = [
        time for time in times[:1] if not SAID_MODIFIED.search(_hints(time))
    ]
    for time in stated + first:
        yield time.get("datetime") or "", "time"
        yield text_of(time), "time"


def _labelled(line: str, zone: tzinfo) -> str:
    """The date of a line that follows the word for the first publication,
    where the line may have two dates.
    """
    said = SAID_PUBLISHED.search(line)
    if said is None or re.search(
        r"zuletzt|wieder", line[: said.start()][-8:], re.IGNORECASE
    ):
        return ""
    after = [
        found for found in find_dates(line, zone) if found.start >= said.end()
    ]
    chosen = min(after, key=lambda found: found.start, default=None)
    return line if chosen is None else line[chosen.start : chosen.end]


def _modified(
    places: _Places, structured: Structured
) -> Iterator[tuple[str, str]]:
    yield structured.article.modified, "json-ld"
    yield from _of_meta(structured, MODIFIED)
    yield structured.microdata.modified, "meta"
    near, late = places.times()
    for element in (*near, *late):
        if SAID_MODIFIED.search(_hints(element)):
            yield element.get("datetime") or text_of(element), "time"


def _best(
    candidates: Iterator[tuple[str, str]], zone: tzinfo, now: datetime | None
) -> PageDate | None:
    """The first readable candidate; a mere day gives way to a time on the same
    day, if one follows.
    """
    day: PageDate | None = None
    for raw, source in candidates:
        read = read_page_date(raw, zone, now) if raw else None
        if read is None:
            continue
        when, exact = read
        if day is None and not exact:
            day = PageDate(when, source, exact=False)
        elif exact and (day is None or _is_same_day(when, day.when, zone)):
            return PageDate(when, source)
    return day


def _is_same_day(one: datetime, other: datetime, zone: tzinfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def _hints(element: HtmlElement) -> str:
    """The element's names, and what stands around it."""
    names = [element.get(key) or "" for key in ("class", "itemprop", "id")]
    parent = element.getparent()
    around = "" if parent is None else text_of(parent)
    if len(around) >= SHORT:
        around = _spaced((parent.text,))
    return " ".join((*names, around))
