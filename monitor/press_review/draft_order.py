"""The order of a draft's stories and the headings of its sections. Pure.

Stories that follow each other under one heading are a section; a section
without stories is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from monitor.types.press_review import DraftItem

Items = tuple[DraftItem, ...]
Step = Literal[-1, 1]


@dataclass(frozen=True, slots=True)
class DraftSection:
    """Stories that follow each other under one heading."""

    heading: str
    items: Items


def sections_of(items: Sequence[DraftItem]) -> tuple[DraftSection, ...]:
    """The sections in their order."""
    runs = groupby(items, key=lambda item: item.heading)
    return tuple(DraftSection(heading, tuple(run)) for heading, run in runs)


def items_of(sections: Sequence[DraftSection]) -> Items:
    """The stories of these sections, each under its section's heading."""
    headed: list[DraftItem] = []
    for section in sections:
        headed += _under(section.heading, section.items)
    return tuple(headed)


def _under(heading: str, items: Iterable[DraftItem]) -> Items:
    return tuple(replace(item, heading=heading) for item in items)


def added(items: Items, new: Sequence[DraftItem]) -> Items:
    """With new stories, each at the end of the section that has its heading,
    else at the end.
    """
    found = list(items)
    known = {item.article_id for item in items}
    for item in new:
        if item.article_id in known:
            continue
        known.add(item.article_id)
        places = [
            place
            for place, other in enumerate(found, 1)
            if other.heading == item.heading
        ]
        found.insert(max(places, default=len(found)), item)
    return tuple(found)


def removed(items: Items, article_id: int) -> Items:
    """Without this story."""
    return tuple(item for item in items if item.article_id != article_id)


def moved(items: Items, article_id: int, step: Step) -> Items:
    """One place up or down. At the edge of its section a story first goes over
    into the next one, so that no place is left out.
    """
    place = _place(items, article_id)
    if place is None:
        return items
    other = place + step
    if not 0 <= other < len(items):
        return items
    found = list(items)
    story, neighbour = items[place], items[other]
    if story.heading == neighbour.heading:
        found[place], found[other] = neighbour, story
    else:
        found[place] = replace(story, heading=neighbour.heading)
    return tuple(found)


def section_moved(items: Items, number: int, step: Step) -> Items:
    """A whole section, counted from 0, before or behind its neighbour."""
    sections = list(sections_of(items))
    places = range(len(sections))
    other = number + step
    if number not in places or other not in places:
        return items
    sections[number], sections[other] = sections[other], sections[number]
    return items_of(sections)


def split(items: Items, article_id: int, heading: str) -> Items:
    """A new section from this story to the end of its old one."""
    place = _place(items, article_id)
    if place is None:
        return items
    following = items[place:]
    section = sections_of(following)[0].items
    return items[:place] + _under(heading, section) + following[len(section) :]


def by_topics(items: Items, names: Mapping[str, str]) -> Items:
    """In sections by the topics that the stories were chosen from, in the
    order of `names` (id to name); those without a topic last, without a
    heading.
    """
    ordered: list[DraftItem] = []
    for topic, name in names.items():
        ordered += _under(
            name, [item for item in items if item.topic_id == topic]
        )
    ordered += _under(
        "", [item for item in items if item.topic_id not in names]
    )
    return tuple(ordered)


def _place(items: Items, article_id: int) -> int | None:
    for place, item in enumerate(items):
        if item.article_id == article_id:
            return place
    return None
