"""What each copy of a story adds; where the words of a search stand in an
article.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.flow.requests.article_page import MOST_COMPARED, compare_copies
from monitor.flow.requests.search_marks import search_marks
from monitor.store.reading.story_articles import StoryArticle
from monitor.types.match import MatchText

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
OWN = "Der Rat tagt am Montag. Die Sitzung ist öffentlich."


def copy(number: int, text: str, *, lead: str = "") -> StoryArticle:
    when = NOON + timedelta(hours=number)
    return StoryArticle(
        number,
        f"Blatt {number}",
        "",
        "Rat tagt",
        lead,
        text,
        "article",
        None,
        when,
        when,
    )


@pytest.mark.parametrize(
    ("texts", "added"),
    [
        ([OWN], [()]),
        ([OWN, OWN], [(), ()]),
        (
            [OWN, f"{OWN} Gäste sind willkommen."],
            [(), ("Gäste sind willkommen.",)],
        ),
        ([OWN, "Die Sitzung ist öffentlich."], [(), ()]),
        ([OWN, ""], [(), ()]),
        (["", OWN], [(), (OWN,)]),
        (
            [
                OWN,
                f"{OWN} Gäste sind willkommen.",
                f"Gäste sind willkommen. {OWN}",
            ],
            [(), ("Gäste sind willkommen.",), ()],
        ),
        ([OWN, f"Neuer Anfang hier. {OWN}\nNeues Ende dort."], None),
    ],
)
def test_what_a_copy_adds(
    texts: list[str], added: list[tuple[str, ...]] | None
) -> None:
    copies = compare_copies([copy(n, text) for n, text in enumerate(texts)])
    assert [each.is_first for each in copies] == [
        True,
        *[False] * (len(texts) - 1),
    ]
    if added is None:
        assert copies[1].added == ("Neuer Anfang hier.", "Neues Ende dort.")
    else:
        assert [each.added for each in copies] == added


def test_a_story_that_is_too_long_is_not_compared() -> None:
    long = "Ein langer Satz steht hier. " * (MOST_COMPARED // 20)
    assert [
        each.added for each in compare_copies([copy(0, long), copy(1, OWN)])
    ] == [(), None]


@pytest.mark.parametrize(
    ("query", "exact", "found"),
    [
        ("haus", False, ["Häuser", "Hauses"]),
        ("Haus", True, []),
        ("Häuser", True, ["Häuser"]),
        ("Häus*", True, ["Häuser"]),
        ('"neue Häuser"', False, ["neue", "Häuser"]),
        ('"neue Häuser"', True, ["neue Häuser"]),
        ("title:Häuser", True, ["Häuser"]),
        ("text:Häuser", True, []),
        ("Häuser NOT Löhne", True, []),
        ("haus OR löhne", False, ["Häuser", "Löhne", "Hauses"]),
        ("", False, []),
        ("   ", True, []),
        ("Haus AND (", True, []),
        ("quastenflosser", False, []),
    ],
)
def test_where_the_words_of_a_search_stand(
    query: str, exact: bool, found: list[str]
) -> None:
    text = MatchText("neue Häuser", "In Löhne.", "Die Kosten des Hauses.")
    spans = search_marks(query, text, exact=exact)
    assert [
        getattr(text, span.part)[span.start : span.end] for span in spans
    ] == found
