"""What rises: tables of counts, and what they mean."""

from __future__ import annotations

from datetime import date, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.radar.day_counts import (
    DayCounts,
    count_day,
    count_stories,
    pack,
    unpack,
)
from monitor.radar.naming import shown_terms, topic_query
from monitor.radar.rising import (
    RisingTerm,
    Window,
    found_by_chance_at_most,
    poisson_tail,
    rising_terms,
)
from monitor.radar.subjects import group_terms
from monitor.types.radar import RadarTerm

FIRST = date(2026, 1, 5)  # a Monday
DAYS = 28
STORIES = 200
TODAY = 0  # the weekday of the day after 28 days


def usual(per_day: list[int], *, stories: int = STORIES) -> list[DayCounts]:
    return [
        count_day(
            FIRST + timedelta(days=number), stories, {"x": count, "rest": 50}
        )
        for number, count in enumerate(per_day)
    ]


def named(per_day: list[int], today: int, *, stories: int = STORIES) -> bool:
    window = Window(
        stories,
        {"x": today, "rest": 50} | dict.fromkeys(map(str, range(3000)), 1),
        [TODAY],
    )
    return "x" in {term.term for term in rising_terms(window, usual(per_day))}


@pytest.mark.parametrize(
    ("per_day", "today", "rises"),
    [
        ([0] * 28, 4, True),  # new
        ([0] * 28, 3, False),  # too few
        ([0] * 27 + [2], 8, True),  # began yesterday
        ([1] * 28, 4, False),  # a busy day
        ([1] * 28, 14, True),
        ([5] * 28, 12, False),  # frequent, less than three times as much
        ([5] * 28, 40, True),
        ([8, 0, 0, 0, 0, 0, 0] * 4, 9, False),  # each Monday
        # each Thursday, now on a Monday: it recurs
        ([0, 0, 0, 8, 0, 0, 0] * 4, 9, False),
        ([0] * 10 + [9] + [0] * 17, 9, True),  # once before
        ([0] * 10 + [9] + [0] * 10 + [9] + [0] * 6, 9, False),  # twice before
        # far less before
        ([0] * 10 + [3] + [0] * 10 + [3] + [0] * 6, 12, True),
        ([12] * 28, 12, False),  # each day
        ([4, 0] * 14, 5, False),  # every second day
    ],
)
def test_what_rises(per_day: list[int], today: int, rises: bool) -> None:
    assert named(per_day, today) is rises


def test_a_day_with_more_stories_is_no_rise() -> None:
    """Shares are compared: a new source doubles everything."""
    assert named([4] * 28, 20)
    assert not named([4] * 28, 20, stories=4 * STORIES)
    window = Window(4 * STORIES, {"x": 16}, [TODAY])
    assert rising_terms(window, usual([4] * 28)) == ()


def test_nothing_rises_without_days_or_stories() -> None:
    assert rising_terms(Window(10, {"x": 9}, [0]), []) == ()
    assert rising_terms(Window(0, {}, [0]), usual([1] * 28)) == ()
    assert (
        rising_terms(Window(10, {"x": 9}, [0]), usual([0] * 28, stories=0))
        == ()
    )


def test_the_most_telling_comes_first() -> None:
    days = usual([0] * 28)
    terms = rising_terms(
        Window(STORIES, {"x": 6, "y": 20, "z": 9}, [TODAY]), days
    )
    assert [term.term for term in terms] == ["y", "z", "x"]


@pytest.mark.parametrize(
    ("count", "expected", "chance"),
    [
        (1, 1.0, 1.0),  # no more than expected
        (2, 1.0, 0.2642),
        (4, 1.0, 0.01899),
        (5, 0.5, 0.000172),
        (10, 3.0, 0.0011),
        (3, 0.1, 0.000155),
    ],
)
def test_poisson_tail(count: int, expected: float, chance: float) -> None:
    assert isclose(poisson_tail(count, expected), chance, rel_tol=0.02)


def test_poisson_tail_of_what_cannot_be() -> None:
    assert poisson_tail(5000, 0.01) == 0.0


@given(st.integers(1, 60), st.floats(0.01, 50))
def test_more_is_never_more_probable(count: int, expected: float) -> None:
    assert (
        0
        <= poisson_tail(count + 1, expected)
        <= poisson_tail(count, expected)
        <= 1
    )


@pytest.mark.parametrize(
    ("chances", "of", "bound"),
    [
        ([], 10, -1.0),
        ([0.5], 1, -1.0),
        ([0.0001], 10, 0.0001),
        ([0.0001], 1000, -1.0),
        ([0.00001, 0.000015], 1000, 0.000015),  # the second carries the first
        ([0.2, 0.00001, 0.3], 100, 0.00001),
    ],
)
def test_benjamini_and_hochberg(
    chances: list[float], of: int, bound: float
) -> None:
    assert found_by_chance_at_most(chances, of=of) == bound


def test_counts_are_by_story() -> None:
    assert count_stories([[{"a", "b"}, {"a"}], [("a",)], [()]]) == (
        3,
        {"a": 2, "b": 1},
    )


@given(
    st.dictionaries(st.text(max_size=8), st.integers(0, 70_000), max_size=50)
)
def test_a_day_comes_back_as_it_was_packed(counts: dict[str, int]) -> None:
    day = count_day(FIRST, 7, counts)
    back = unpack(FIRST, 7, pack(day))
    assert back == day
    assert all(
        back.of(term) >= min(count, 65_535) for term, count in counts.items()
    )
    assert back.of("never seen" * 3) == 0


def term(name: str, stories: int, g2: float = 50) -> RisingTerm:
    return RisingTerm(name, stories, 0.1, g2)


@pytest.mark.parametrize(
    ("stories", "groups"),
    [
        ({"a": {1, 2, 3, 4}, "b": {1, 2, 3}}, [{"a", "b"}]),
        ({"a": {1, 2, 3, 4}, "b": {5, 6, 7}}, [{"a"}, {"b"}]),
        # one in common
        ({"a": {1, 2, 3, 4}, "b": {4, 5, 6, 7}}, [{"a"}, {"b"}]),
        # a general word
        ({"a": set(range(40)), "b": {1, 2, 3, 4}}, [{"a"}, {"b"}]),
        # no chain
        (
            {"a": {1, 2, 3, 4}, "b": {3, 4, 5, 6}, "c": {5, 6, 7, 8}},
            [{"a", "b"}, {"c"}],
        ),
    ],
)
def test_subjects(
    stories: dict[str, set[int]], groups: list[set[str]]
) -> None:
    terms = [term(name, len(of)) for name, of in stories.items()]
    found = group_terms(terms, stories)
    assert [
        {each.term for each in subject.terms} for subject in found
    ] == groups


def test_stories_of_a_subject_have_its_leading_term_or_two_others() -> None:
    stories = {
        "a": {1, 2, 3, 4},
        "b": {1, 2, 3, 9},
        "c": {2, 3, 9},
        "d": {1, 2, 3, 8},
    }
    (subject,) = group_terms(
        [term(name, len(of)) for name, of in stories.items()], stories
    )
    assert subject.stories == {1, 2, 3, 4, 9}


def leading(stories: dict[str, set[int]]) -> list[str]:
    found = group_terms(
        [term(name, len(of)) for name, of in stories.items()], stories
    )
    return [each.term for subject in found for each in subject.terms]


@pytest.mark.parametrize(
    ("stories", "left"),
    [
        (
            {"elwira": {1, 2, 3, 4}, "elwira brandkamp": {1, 2, 3}},
            ["elwira brandkamp"],
        ),
        # Two people of one first name are two subjects, not three.
        (
            {
                "elwira": {1, 2, 3, 4},
                "elwira arndt": {1, 2},
                "elwira bode": {3, 4},
            },
            ["elwira arndt", "elwira bode"],
        ),
        (
            {"bruck": set(range(20)), "neue bruecke": {1, 2, 3, 4}},
            ["bruck", "neue bruecke"],
        ),
        (
            {"elwir": {1, 2, 3}, "elwira brandkamp": {1, 2, 3}},
            ["elwir", "elwira brandkamp"],
        ),
    ],
)
def test_names_stand_for_their_parts(
    stories: dict[str, set[int]], left: list[str]
) -> None:
    assert sorted(leading(stories)) == sorted(left)


def test_terms_are_shown_as_written_and_once() -> None:
    terms = [
        term("elwira brandkamp", 8),
        term("statik", 5),
        term("statiker", 4),
    ]
    forms = {
        "elwira brandkamp": "Elwira Brandkamp",
        "statik": "Statiker",
        "statiker": "STATIKER",
    }
    shown = shown_terms(terms, forms)
    assert [each.written for each in shown] == ["Elwira Brandkamp", "Statiker"]


@pytest.mark.parametrize(
    ("terms", "query"),
    [
        ([("Elwira Brandkamp", 50.0)], '"Elwira Brandkamp"'),
        (
            [("Statiker", 50.0), ("Brücke", 40.0), ("Rat", 10.0)],
            '"Statiker" OR "Brücke"',
        ),
        (
            [("a", 50.0), ("b", 50.0), ("c", 50.0), ("d", 50.0)],
            '"a" OR "b" OR "c"',
        ),
    ],
)
def test_a_query_to_begin_with(
    terms: list[tuple[str, float]], query: str
) -> None:
    assert (
        topic_query([RadarTerm(name, 5, 0.1, g2) for name, g2 in terms])
        == query
    )
