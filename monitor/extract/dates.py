"""When a page was published and changed, each with its zone and the place that said so.

Order of trust: JSON-LD, meta, microdata, <time>, the visible text, the address. A source that gives
only a day yields to a later one that gives the time of that same day. A date of a picture, another
story, an event or a reader's comment counts nowhere. Words that count from the present ("vor 3
Stunden") are counted from the response's Date. Knows no clock: whether a date can be true, flow
decides.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from importlib.resources import files
from itertools import islice

from lxml.html import HtmlElement

from monitor.extract.names import WORD
from monitor.extract.prose import text_content
from monitor.extract.statements import Structured
from monitor.extract.teasers import holds_picture, is_teaser
from monitor.language.dates import WrittenDate, find_date, find_dates, is_midnight, named_zone
from monitor.language.dates import read_date as read_whole
from monitor.types.page import PageDate

YEARS = range(1990, 2101)  # outside, a date is a typing error or an empty field
URL_DAY = re.compile(r"(?<!\d)(20\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
TEXT_ELEMENTS = 60  # how many short elements after the headline are searched for a written date
TIMES = 20  # how many <time> elements
SHORT = 120
SENTENCE = 3  # words that begin small and are none of a date line's
ELSEWHERE = frozenset({"figure", "figcaption", "aside", "footer", "nav", "blockquote", "form"})
MARKS = ("class", "id", "itemprop", "itemtype")
LINK_TEXT = 40  # characters from which a link around a date is another story's
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:?\d\d\S*(?: ?(?:[+-]\d\d:?\d\d|Z|UTC|GMT)\b)?")


@dataclass(frozen=True, slots=True)
class _Words:
    """`data/dates.toml`."""

    published: tuple[str, ...]
    modified: tuple[str, ...]
    elsewhere: frozenset[str]
    small: frozenset[str]
    others: re.Pattern[str]
    said_published: re.Pattern[str]
    said_modified: re.Pattern[str]


def _load_words() -> _Words:
    data = tomllib.loads(
        (files("monitor.extract") / "data" / "dates.toml").read_text(encoding="utf-8")
    )
    listed: dict[str, list[str]] = {key: list(value) for key, value in data.items()}
    alternatives = {key: "|".join(map(re.escape, words)) for key, words in listed.items()}
    return _Words(
        published=tuple(listed["published"]),
        modified=tuple(listed["modified"]),
        elsewhere=frozenset(listed["elsewhere"]),
        small=frozenset(listed["small"]),
        others=re.compile(
            rf"\A\W*(?:{alternatives['others']})\b(?:\s*[:|]|[^:|]{{0,20}}\b(?:vom|am)\s*\Z)|(?<!\w)(?:{alternatives['others']})\s*:?\s*\Z",
            re.IGNORECASE,
        ),
        said_published=re.compile(
            rf"(?:{alternatives['said_published']})|entry-date", re.IGNORECASE
        ),
        said_modified=re.compile(alternatives["said_modified"], re.IGNORECASE),
    )


WORDS = _load_words()


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
    """The time in UTC, and whether it has a clock time. Without a zone it is local to `zone`."""
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
    """The places of one page where its article's dates may stand, in reading order."""

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = tree
        self.headline = next(tree.iter("h1"), None)
        self._around: set[HtmlElement] = set()
        self._marked: dict[HtmlElement, bool] = {}
        self.story = self._story()
        for own in (self.headline, self.story):
            if own is not None:
                self._around |= {own, *own.iterancestors()}

    def _story(self) -> HtmlElement | None:
        """The <article> that holds most of the page's prose, for an h1 that stands outside of every
        <article>.

        Systems put the h1 into the breadcrumb or the page's head, and an h2 into the article.
        """
        if (
            self.headline is not None
            and next(self.headline.iterancestors("article"), None) is not None
        ):
            return None
        prose = [p for p in self.tree.iter("p") if len(_text(p)) > SHORT]
        holders = Counter(next(p.iterancestors("article"), None) for p in prose)
        story, paragraphs = max(holders.items(), key=lambda held: held[1], default=(None, 0))
        return story if 2 * paragraphs > len(prose) else None

    def is_elsewhere(self, element: HtmlElement) -> bool:
        """True inside what belongs to a picture, another story, an event, a reader or the page's
        frame.
        """
        return any(
            self._is_marked(e) for e in (element, *element.iterancestors()) if e not in self._around
        )

    def _is_marked(self, element: HtmlElement) -> bool:
        if element not in self._marked:
            self._marked[element] = self._marks_elsewhere(element)
        return self._marked[element]

    def _marks_elsewhere(self, element: HtmlElement) -> bool:
        if element.tag in ELSEWHERE:
            return True
        if element.tag == "a":
            return len(_text(element)) > LINK_TEXT and "bookmark" not in element.get("rel", "")
        if element.tag == "article" and self.headline is not None:
            return next(element.iterdescendants("h2", "h3"), None) is not None
        if element.tag in ("body", "html", "main"):
            return False
        if element.tag in ("div", "section", "li") and is_teaser(element):
            return True
        marks = " ".join(element.get(key, "") for key in MARKS)
        words = WORD.findall(marks[:1000])
        return not WORDS.elsewhere.isdisjoint(map(str.lower, words))

    def times(self) -> tuple[list[HtmlElement], list[HtmlElement]]:
        """<time> elements of the article itself: those above its prose, and those that may be other
        stories': behind the prose, or outside of the <article> with the headline.
        """
        times = self._times()
        late: set[HtmlElement] = set()
        if self.headline is not None:
            prose = (p for p in self.headline.xpath("following::p") if len(_text(p)) > SHORT)
            first = next(prose, None)
            late.update(() if first is None else first.xpath("following::time"))
            article = next(self.headline.iterancestors("article"), None)
            if article is not None:
                late.update(time for time in times if article not in time.iterancestors())
        near = [time for time in times if time not in late]
        return near, [time for time in times if time in late]

    def _times(self) -> list[HtmlElement]:
        own = [] if self.story is None else [self.story]
        if self.headline is not None:
            own += self.headline.iterancestors("article", "main")
        scope = next((holder for holder in own if holder.find(".//time") is not None), self.tree)
        times = list(scope.iter("time"))[: 3 * TIMES]
        return [time for time in times if not self.is_elsewhere(time)][:TIMES]

    def _below(self) -> list[HtmlElement]:
        """What follows the headline; first the story's own beginning, where it stands apart from
        it.
        """
        body = self.tree.find("body")
        top = self.tree if body is None else body
        if self.headline is None:
            return list(islice(top.iter(), TEXT_ELEMENTS))
        after: list[HtmlElement] = self.headline.xpath("following::*")[:TEXT_ELEMENTS]
        if self.story is None:
            return after
        return list(dict.fromkeys((*islice(self.story.iter(), TEXT_ELEMENTS), *after)))

    def lines(self, zone: tzinfo) -> list[str]:
        """Short visible lines with a date: below the headline, above it, then below the first
        paragraph.
        """
        below = self._below()
        before = [] if self.headline is None else self.headline.xpath("preceding::*")
        above = before[-TEXT_ELEMENTS // 3 :]
        starts = (i for i, e in enumerate(below) if e.tag == "p" and len(_text(e)) > SHORT)
        prose = next(starts, len(below))
        around = (*below[:prose], *reversed(above), *below[prose:])
        lines = [
            (e, self._line(e))
            for e in around
            if e.tag not in ("script", "style", "h1", "a", "time")
        ]
        dated = [
            (e, line) for e, line in lines if 3 <= len(line) <= SHORT and _is_date_line(line, zone)
        ]
        own = [(e, line) for e, line in dated if not self.is_elsewhere(e)]
        own.sort(key=lambda found: self._stands_by_a_picture(found[0]))
        return [line for _, line in own]

    def _line(self, element: HtmlElement) -> str:
        """The element's text; where another story or a picture is in it, only what is its own."""
        line = _line(element)
        inner = (e for e in element.iterdescendants() if isinstance(e.tag, str) and e.tag != "a")
        if not line or len(line) > SHORT or not any(map(self._is_marked, inner)):
            return line
        parts = (element.text, *(child.tail for child in element))
        return " ".join(" ".join(part for part in parts if part).split())

    def _stands_by_a_picture(self, element: HtmlElement) -> bool:
        """True beside a picture alone: that may be a caption, or the author's portrait."""
        holders = (element, element.getparent())
        return any(
            holder is not None and holder not in self._around and holds_picture(holder)
            for holder in holders
        )


def _is_date_line(line: str, zone: tzinfo) -> bool:
    """True for a line whose date dates the text: no sentence, no caption, no event."""
    if not any(char.isdigit() for char in line):
        return bool(re.search(r"\b(?:gestern|heute|vor\s)", line)) and len(line) < SHORT / 3
    found = find_date(line, zone)
    if found is None:
        return (
            bool(re.search(r"heute|gestern|vor \d", line, re.IGNORECASE)) and len(line) < SHORT / 3
        )
    before, after = line[: found.start], line[found.end :]
    if WORDS.others.search(before):
        return False
    if re.match(r"\s*(?:bis|[–—-])\s*\d{1,2}\.", after) or re.search(
        r"\d\.?\s*(?:bis|[–—-])\s*\Z", before
    ):
        return False  # a span of days
    words = re.findall(r"(?<![\w.@-])[a-zäöüß]{2,}", f"{before} {after}")
    return sum(word not in WORDS.small for word in words) < SENTENCE


def _published(
    places: _Places, structured: Structured, url: str, zone: tzinfo
) -> Iterator[tuple[str, str]]:
    yield structured.article.published, "json-ld"
    meta = _normalised(structured.meta)
    yield from ((meta.get(name, ""), "meta") for name in WORDS.published)
    yield structured.microdata.published, "meta"
    yield from _stated(places, "@itemprop='datePublished'", ("content", "datetime"))
    near, late = places.times()
    yield from _of_times(near)
    yield from _stated(places, "@data-timestamp", ("data-timestamp",))
    lines = places.lines(zone)
    for line in lines:
        yield _labelled(line, zone), "text"
    yield from ((line, "text") for line in lines if not WORDS.said_modified.search(line))
    yield from _of_times(late)
    yield from ((line, "text") for line in lines[:1])
    day = URL_DAY.search(url)
    yield "-".join(day.groups()) if day else "", "url"


def _stated(places: _Places, which: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Attributes of elements that belong to no microdata item and to no other story."""
    found = places.tree.xpath(f"//body//*[{which}][not(ancestor-or-self::*[@itemscope])]")
    for element in [each for each in found if not places.is_elsewhere(each)][:1]:
        yield next(filter(None, map(element.get, names)), ""), "meta"


def _of_times(times: Sequence[HtmlElement]) -> Iterator[tuple[str, str]]:
    """What <time> elements say: those that speak of publishing, then the first."""
    stated = [time for time in times if WORDS.said_published.search(_hints(time))]
    first = [time for time in times[:1] if not WORDS.said_modified.search(_hints(time))]
    for time in (*stated, *first):
        yield time.get("datetime") or "", "time"
        yield _text(time), "time"


def _labelled(line: str, zone: tzinfo) -> str:
    """The date of a line that follows the word for the first publication, where the line may have
    two dates.
    """
    said = WORDS.said_published.search(line)
    if said is None or re.search(r"zuletzt|wieder", line[: said.start()][-8:], re.IGNORECASE):
        return ""
    after = [found for found in find_dates(line, zone) if found.start >= said.end()]
    chosen = min(after, key=lambda found: found.start, default=None)
    return line if chosen is None else line[chosen.start : chosen.end]


def _modified(places: _Places, structured: Structured) -> Iterator[tuple[str, str]]:
    yield structured.article.modified, "json-ld"
    meta = _normalised(structured.meta)
    yield from ((meta.get(name, ""), "meta") for name in WORDS.modified)
    yield structured.microdata.modified, "meta"
    near, late = places.times()
    for element in (*near, *late):
        if WORDS.said_modified.search(_hints(element)):
            yield element.get("datetime") or _text(element), "time"


def _normalised(meta: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in meta.items():
        found.setdefault(re.sub(r"[^a-z0-9]", "", name), value)
    return found


def _best(
    candidates: Iterator[tuple[str, str]], zone: tzinfo, now: datetime | None
) -> PageDate | None:
    """The first readable candidate; a mere day gives way to a time on the same day, if
    one follows.
    """
    day: PageDate | None = None
    for raw, source in candidates:
        read = read_page_date(raw, zone, now) if raw else None
        if read is None:
            continue
        when, exact = read
        if day is None and exact:
            return PageDate(when, source)
        if day is None:
            day = PageDate(when, source, exact=False)
        elif exact and when.astimezone(zone).date() == day.when.astimezone(zone).date():
            return PageDate(when, source)
    return day


def _hints(element: HtmlElement) -> str:
    parent = element.getparent()
    around = _text(parent)[:SHORT] if parent is not None else ""
    named = " ".join(element.get(key) or "" for key in ("class", "itemprop", "id"))
    own = " ".join((parent.text or "").split()) if parent is not None else ""
    return f"{named} {own if len(around) >= SHORT else around}"


def _text(element: HtmlElement) -> str:
    return " ".join(text_content(element).split())


def _line(element: HtmlElement) -> str:
    """The element's text with a blank between its parts: systems print day and time in elements of
    their own.
    """
    return " ".join(" ".join(element.itertext()).split()) if len(element) < SHORT else ""
