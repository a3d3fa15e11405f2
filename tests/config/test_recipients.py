"""Broken recipients are named with their place and a hint; groups are opened."""

from __future__ import annotations

import pytest

from monitor.config.catalog import load_catalog
from tests.config.files import FEED, Write, check

CIRCLE = "  - {name: b, members: c}\n  - {name: c, members: b}\n"
PEOPLE = FEED + "recipients:\n  - {name: anna, email: anna@example.org}\n"


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        (
            PEOPLE + "  - {name: Anna, email: b@example.org}\n",
            [(6, 12, "already a recipient of this name", "differ")],
        ),
        (
            PEOPLE + "  - {name: b, email: ANNA@example.org}\n",
            [(6, 22, "stands here twice", '"anna"')],
        ),
        (
            PEOPLE + "  - {name: alle, email: b@example.org}\n",
            [(6, 12, "everybody", "another name")],
        ),
        (
            PEOPLE + "  - {name: b}\n",
            [(6, 5, "neither email nor members", "group")],
        ),
        (
            PEOPLE + "  - {name: b, email: c@example.org, members: anna}\n",
            [(6, 5, "both email and members", "group")],
        ),
        (
            PEOPLE + "  - {email: b@example.org}\n",
            [(6, 5, '"name" is missing', "")],
        ),
        (
            PEOPLE + "  - {name: b, members: anna, language: de}\n",
            [(6, 40, "no language of its own", "members")],
        ),
        (
            PEOPLE + "  - {name: b, members: [ana]}\n",
            [(6, 25, 'no recipient "ana"', '"anna"')],
        ),
        (
            PEOPLE + "  - {name: b, members: [b]}\n",
            [(6, 24, "contains itself", "")],
        ),
        (
            PEOPLE + "  - {name: b, members: c}\n  - {name: c, members: b}\n",
            [(6, 24, "itself", ""), (7, 24, "itself", "")],
        ),
        (
            PEOPLE + "  - {name: b, email: b@example.org, quiet: 22-6}\n",
            [(6, 44, "time of day", "07:00")],
        ),
        (
            PEOPLE
            + "  - {name: b, email: b@example.org, quiet: {from: '20:00'}}\n",
            [(6, 44, '"to" is missing', "")],
        ),
        (
            PEOPLE + "  - {name: b, email: c}\n",
            [(6, 22, "not a mail address", "name@")],
        ),
    ],
)
def test_broken_recipients(
    write: Write, yaml: str, expected: list[tuple[int, int, str, str]]
) -> None:
    check(write(yaml), *expected)


def test_groups_all_and_defaults(write: Write) -> None:
    people = (
        "recipients:\n  - {name: a, email: a@example.org}\n  - {name: g, members: [a,"
        " b@example.org]}\n"
    )
    topics = "topics:\n  - {name: A, any: a}\n  - {name: B, any: a, recipients: [g, G, A@example.org]}\n"
    catalog = load_catalog(
        write(
            FEED
            + people
            + topics
            + "defaults: {recipients: all, schedule: 0 9 * * *}\n"
        )
    )
    assert [
        [person.address for person in topic.recipients]
        for topic in catalog.topics
    ] == [
        ["a@example.org"],
        ["a@example.org", "b@example.org"],
    ]
    assert catalog.topics[0].schedule.cron == "0 9 * * *"


def test_unknown_member_is_reported_once(write: Write) -> None:
    yaml = (
        PEOPLE
        + "  - {name: g, members: [anna, foo]}\ntopics:\n  - {name: A, any: a, recipients: [g]}\n"
    )
    check(write(yaml), (6, 31, 'no recipient "foo"', ""))


def test_a_broken_person_is_still_known(write: Write) -> None:
    yaml = (
        FEED
        + "recipients:\n  - {name: anna, email: nix}\ntopics:\n  - {name: A, any: a, recipients:"
        " [anna]}\n"
    )
    check(write(yaml), (5, 25, "not a mail address", ""))
