"""Stories moved about a draft, as a table: each story is a number, each
section a letter.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.press_review import draft_order
from monitor.press_review.draft_order import Items, Step
from monitor.types.press_review import DraftItem


def items(written: str) -> Items:
    """ "A1 A2 B3": stories 1 and 2 under A, 3 under B; "-" is no heading."""
    return tuple(
        DraftItem(int(word[1:]), "" if word[0] == "-" else word[0])
        for word in written.split()
    )


def shown(found: Items) -> str:
    return " ".join(
        f"{item.heading or '-'}{item.article_id}" for item in found
    )


@pytest.mark.parametrize(
    ("before", "story", "step", "after"),
    [
        ("A1 A2 A3", 2, -1, "A2 A1 A3"),
        ("A1 A2 A3", 2, 1, "A1 A3 A2"),
        ("A1 A2", 1, -1, "A1 A2"),
        ("A1 A2", 2, 1, "A1 A2"),
        ("A1 B2", 2, -1, "A1 A2"),
        ("A1 B2", 1, 1, "B1 B2"),
        ("A1 A2 B3 B4", 3, -1, "A1 A2 A3 B4"),
        ("A1 A2 B3 B4", 2, 1, "A1 B2 B3 B4"),
        ("-1 A2", 2, -1, "-1 -2"),
        ("A1 -2", 1, 1, "-1 -2"),
        ("A1", 9, 1, "A1"),
        ("", 1, 1, ""),
        ("A1 B2 A3", 2, 1, "A1 A2 A3"),
    ],
)
def test_moving_a_story(
    before: str, story: int, step: Step, after: str
) -> None:
    assert shown(draft_order.moved(items(before), story, step)) == after


@pytest.mark.parametrize(
    ("before", "section", "step", "after"),
    [
        ("A1 A2 B3 C4", 0, 1, "B3 A1 A2 C4"),
        ("A1 A2 B3 C4", 2, -1, "A1 A2 C4 B3"),
        ("A1 B2", 0, -1, "A1 B2"),
        ("A1 B2", 1, 1, "A1 B2"),
        ("A1 B2", 5, -1, "A1 B2"),
        ("A1 B2 A3", 1, 1, "A1 A3 B2"),
        ("", 0, 1, ""),
        ("-1 B2", 1, -1, "B2 -1"),
        ("A1", 0, 1, "A1"),
        ("A1 B2 C3", 1, -1, "B2 A1 C3"),
    ],
)
def test_moving_a_section(
    before: str, section: int, step: Step, after: str
) -> None:
    assert (
        shown(draft_order.section_moved(items(before), section, step)) == after
    )


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("", "A1", "A1"),
        ("A1 B2", "A3", "A1 A3 B2"),
        ("A1 B2", "B3", "A1 B2 B3"),
        ("A1 B2", "C3", "A1 B2 C3"),
        ("A1 B2", "A1", "A1 B2"),
        ("A1", "B1", "A1"),
        ("A1", "B2 B2", "A1 B2"),
        ("A1 B2 A3", "A4", "A1 B2 A3 A4"),
        ("-1 A2", "-3", "-1 -3 A2"),
        ("A1", "B2 A3 B4", "A1 A3 B2 B4"),
    ],
)
def test_adding_stories(before: str, new: str, after: str) -> None:
    assert shown(draft_order.added(items(before), items(new))) == after


@pytest.mark.parametrize(
    ("before", "story", "after"),
    [
        ("A1 A2 A3", 2, "A1 N2 N3"),
        ("A1 A2 B3", 1, "N1 N2 B3"),
        ("A1 B2", 2, "A1 N2"),
        ("-1 -2", 2, "-1 N2"),
        ("A1", 7, "A1"),
    ],
)
def test_splitting_a_section(before: str, story: int, after: str) -> None:
    assert shown(draft_order.split(items(before), story, "N")) == after


def test_ordering_by_topics() -> None:
    chosen = (
        DraftItem(1, "x", topic_id="b"),
        DraftItem(2, "y"),
        DraftItem(3, topic_id="a"),
        DraftItem(4, topic_id="b"),
        DraftItem(5, topic_id="gone"),
    )
    ordered = draft_order.by_topics(chosen, {"a": "A", "b": "B"})
    assert shown(ordered) == "A3 B1 B4 -2 -5"


@given(
    st.lists(st.sampled_from("ABC"), max_size=8),
    st.lists(
        st.tuples(st.sampled_from([-1, 1]), st.integers(0, 8)), max_size=12
    ),
)
def test_no_move_loses_or_doubles_a_story(
    headings: list[str], moves: list[tuple[Step, int]]
) -> None:
    found = tuple(
        DraftItem(number, heading) for number, heading in enumerate(headings)
    )
    deeds: list[Callable[[Items, int, Step], Items]] = [
        draft_order.moved,
        draft_order.section_moved,
    ]
    for step, number in moves:
        found = deeds[number % 2](found, number, step)
        assert sorted(item.article_id for item in found) == list(
            range(len(headings))
        )
