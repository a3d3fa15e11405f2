"""Broken press reviews are named with their place and a hint; whole ones mean
what they say.
"""

from __future__ import annotations

import pytest

from monitor.config.catalog import load_catalog
from tests.config.files import FEED, Write, check

HEAD = (
    FEED
    + "topics:\n  - {name: Rat, id: rat, any: a, recipients: anna}\n"
    + "recipients:\n  - {name: anna, email: anna@example.org}\n"
    + "press_reviews:\n"
)
FIRST = "  - {name: Morgenlage, recipients: anna}\n"


@pytest.mark.parametrize(
    ("reviews", "expected"),
    [
        ("  - {recipients: anna}\n", [(9, 5, '"name" is missing', "")]),
        (
            "  - {name: Київ, recipients: anna}\n",
            [(9, 12, "no id can be made", "id: morgenlage")],
        ),
        (FIRST + FIRST, [(10, 12, 'has the id "morgenlage"', "line 9")]),
        (
            FIRST + "  - {name: B, id: morgenlage, recipients: anna}\n",
            [(10, 19, 'has the id "morgenlage"', "line 9")],
        ),
        (
            "  - {name: A, recipients: ana}\n",
            [(9, 27, 'no recipient "ana"', '"anna"')],
        ),
        (
            "  - {name: A, recipients: [anna, ana]}\n",
            [(9, 34, 'no recipient "ana"', '"anna"')],
        ),
        (
            "  - {name: A, recipients: [ida, udo]}\n",
            [
                (9, 28, 'no recipient "ida"', ""),
                (9, 33, 'no recipient "udo"', ""),
            ],
        ),
        (
            "  - {name: A, recipients: anna, topics: Ratt}\n",
            [(9, 41, 'no topic "Ratt"', '"Rat"')],
        ),
        (
            "  - {name: A, recipients: anna, topics: [rat, all]}\n",
            [(9, 47, 'no topic "all"', "use the name or the id")],
        ),
        (
            "  - {name: A, recipients: anna, formats: [pdf, doc]}\n",
            [(9, 48, "doc", '"docx"')],
        ),
        (
            "  - {name: A, recipients: anna, snippet: whole}\n",
            [(9, 42, "whole", "full")],
        ),
        (
            "  - {name: A, recipients: anna, topics: rat, query: Kreis}\n",
            [(9, 53, "has both topics and query", "leave one of them out")],
        ),
    ],
)
def test_mistakes(
    write: Write, reviews: str, expected: list[tuple[int, int, str, str]]
) -> None:
    check(write(HEAD + reviews), *expected)


def test_whole_ones(write: Write) -> None:
    first, second = load_catalog(
        write(
            HEAD
            + FIRST
            + "  - {name: Abend, id: spaet, recipients: [anna, b@example.org, Anna], topics: [RAT, rat],"
            + " formats: [docx, html], snippet: full, schedule: 0 18 * * *}\n"
        )
    ).press_reviews
    assert (first.id, first.topics, first.formats, first.snippet) == (
        "morgenlage",
        (),
        ("pdf",),
        "short",
    )
    assert first.schedule.cron == "0 7 * * *"
    assert (second.id, second.topics, second.schedule.cron) == (
        "spaet",
        ("rat",),
        "0 18 * * *",
    )
    assert (second.formats, second.snippet) == (("docx", "html"), "full")
    assert [person.address for person in second.recipients] == [
        "anna@example.org",
        "b@example.org",
    ]


@pytest.mark.parametrize("everything", ["all", "Alle", "[ALL]"])
def test_all_topics(write: Write, everything: str) -> None:
    yaml = HEAD + f"  - {{name: A, recipients: anna, topics: {everything}}}\n"
    assert load_catalog(write(yaml)).press_reviews[0].topics == ()


def test_a_review_for_nobody_is_made_all_the_same(write: Write) -> None:
    catalog = load_catalog(write(HEAD + "  - {name: A}\n"))
    assert catalog.press_reviews[0].recipients == ()
    assert [problem.code for problem in catalog.warnings] == ["no-recipients"]
