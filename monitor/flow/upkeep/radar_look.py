"""look(): terms of 24 hours and of the days before > what rises > subjects
with their stories.

The window is read twice, story by story, so that memory holds the counts and
not the texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitor.radar.day_counts import DayCounts, count_stories, unpack
from monitor.radar.naming import shown_terms
from monitor.radar.rising import (
    LEAST_STORIES,
    RisingTerm,
    Window,
    rising_terms,
)
from monitor.radar.subjects import Subject, group_terms
from monitor.radar.terms import READ, usual_forms
from monitor.store.desk import review_choice
from monitor.store.radar import radar_days, radar_terms
from monitor.store.radar.radar_terms import Counted
from monitor.store.reading import article_views
from monitor.types.radar import Finding

DAY = timedelta(days=1)
BASELINE_DAYS = 28
LEAST_DAYS = 7
"""Days that must be known: with fewer, what comes every week would be news."""

LEAST_OUTLETS = 3
REGIONAL_STORIES, REGIONAL_OUTLETS = 3, 2
"""Less is enough in the office's own region, where fewer outlets write."""

REGIONAL = 0.5
"""Share of a subject's stories from which it is one of the region."""

COVERED = 0.5
"""Share of a subject's stories that topics have, from which it needs no topic.
"""

MOST_SUBJECTS = 100
READ_FOR_NAMES = 12
MOST_ARTICLES = 50


@dataclass(frozen=True, slots=True)
class RadarPlace:
    """Where the office is: its time zone, and its regions in small letters."""

    zone: str
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Story:
    """A story of the window that has a rising term."""

    articles: tuple[int, ...]
    outlets: frozenset[str]
    is_regional: bool


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the rising terms stand."""

    of_term: dict[str, set[int]] = field(default_factory=dict)
    stories: dict[int, _Story] = field(default_factory=dict)


def usual_days(
    connection: Connection, place: RadarPlace, *, now: datetime
) -> tuple[DayCounts, ...]:
    """The whole days before the last 24 hours, up to 28 that had any stories."""
    last = (now - DAY).astimezone(ZoneInfo(place.zone)).date() - DAY
    rows = radar_days.packed_days(
        connection, last - (BASELINE_DAYS - 1) * DAY, last
    )
    return tuple(unpack(day, stories, counts) for day, stories, counts in rows)


def look_for_subjects(
    connection: Connection, place: RadarPlace, *, now: datetime
) -> tuple[Finding, ...]:
    """What rises now, the most telling first; nothing while fewer than seven
    days are known.
    """
    days = usual_days(connection, place, now=now)
    if len(days) < LEAST_DAYS:
        return ()
    stories, counts = count_stories(
        radar_terms.story_terms(connection, now - DAY, now)
    )
    zone = ZoneInfo(place.zone)
    weekdays = {
        moment.astimezone(zone).weekday() for moment in (now - DAY, now)
    }
    window = Window(stories, counts, weekdays)
    terms = rising_terms(
        window, days, least=min(LEAST_STORIES, REGIONAL_STORIES)
    )
    if not terms:
        return ()
    places = _find_places(connection, terms, place, now=now)
    findings = [
        _finding(connection, subject, places)
        for subject in group_terms(terms, places.of_term)[:MOST_SUBJECTS]
        if _is_wide(subject, places)
    ]
    return tuple(sorted(findings, key=lambda each: -each.score))


def _find_places(
    connection: Connection,
    terms: Sequence[RisingTerm],
    place: RadarPlace,
    *,
    now: datetime,
) -> _Places:
    places = _Places({term.term: set() for term in terms})
    wanted = frozenset(places.of_term)
    for story in radar_terms.stories_between(connection, now - DAY, now):
        rising = set().union(
            *(wanted.intersection(each.terms) for each in story)
        )
        if rising:
            number = story[0].story_id
            places.stories[number] = _story(story, place.regions)
            for term in rising:
                places.of_term[term].add(number)
    return places


def _story(articles: Sequence[Counted], regions: Collection[str]) -> _Story:
    regional = any(
        (each.region or "").casefold() in regions for each in articles
    )
    outlets = frozenset(each.outlet for each in articles)
    return _Story(tuple(each.id for each in articles), outlets, regional)


def _is_wide(subject: Subject, places: _Places) -> bool:
    """Whether enough outlets have stories of their own on it."""
    stories = [places.stories[number] for number in subject.stories]
    # One agency report is one story, however many print it: its first outlet
    # stands for it.
    outlets = len(frozenset().union(*(story.outlets for story in stories)))
    if len(stories) >= LEAST_STORIES and outlets >= LEAST_OUTLETS:
        return True
    is_regional = _regional(stories) >= REGIONAL
    return (
        is_regional
        and len(stories) >= REGIONAL_STORIES
        and outlets >= REGIONAL_OUTLETS
    )


def _regional(stories: Collection[_Story]) -> float:
    return sum(story.is_regional for story in stories) / len(stories)


def _finding(
    connection: Connection, subject: Subject, places: _Places
) -> Finding:
    numbers = sorted(subject.stories)
    stories = [places.stories[number] for number in numbers]
    first = [story.articles[0] for story in stories]
    topics = _topics(connection, stories)
    covered = sum(bool(each) for each in topics)
    regional = _regional(stories)
    return Finding(
        terms=shown_terms(subject.terms, _written(connection, subject, first)),
        stories=tuple(numbers),
        articles=tuple(first[-MOST_ARTICLES:]),
        outlets=tuple(
            sorted(frozenset().union(*(story.outlets for story in stories)))
        ),
        topics=tuple(sorted(frozenset().union(*topics))),
        is_covered=covered >= COVERED * len(stories),
        regional=regional,
        score=subject.terms[0].g2 * (1 + regional),
    )


def _topics(
    connection: Connection, stories: Iterable[_Story]
) -> list[frozenset[str]]:
    """The topics that have each story, by the matches that the matcher stored."""
    listed = list(stories)
    found: Mapping[int, tuple[str, ...]] = review_choice.topics_of(
        connection, [number for story in listed for number in story.articles]
    )
    return [
        frozenset(
            topic
            for number in story.articles
            for topic in found.get(number, ())
        )
        for story in listed
    ]


def _written(
    connection: Connection, subject: Subject, articles: Sequence[int]
) -> dict[str, str]:
    read = article_views.get_articles(connection, articles[-READ_FOR_NAMES:])
    texts = [
        part
        for each in read
        for part in (
            each.content.title,
            each.content.lead,
            each.content.text[:READ],
        )
    ]
    return usual_forms([term.term for term in subject.terms], texts)
