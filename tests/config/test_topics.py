"""Broken topics are named with their place and a hint."""

from __future__ import annotations

import pytest

from tests.config.files import FEED, Write, check

TOPIC = FEED + "topics:\n  - name: Ukraine\n    recipients: a@example.org\n"


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        (TOPIC, [(5, 5, "nothing about what to look for", "any:")]),
        (
            TOPIC + "    none: a\n",
            [(7, 11, "only what must not occur", "any")],
        ),
        (
            TOPIC + "    query: a\n    any: b\n",
            [(8, 10, "both query and any", "query")],
        ),
        (TOPIC + "    query: ''\n", [(7, 12, "query: is empty", "")]),
        (TOPIC + "    any: []\n", [(7, 10, "the list is empty", "")]),
        (
            TOPIC + "    any: [a, '', no]\n",
            [(7, 14, "any: is empty", ""), (7, 18, "any: no", "quotes")],
        ),
        (
            TOPIC + "    any: a\n    where: {language: de}\n",
            [(8, 13, 'where: unknown key "language"', '"lang"')],
        ),
        (
            TOPIC + "    any: a\n    where: {source: zfd}\n",
            [(8, 21, 'no feed or outlet "zfd"', '"zdf"')],
        ),
        (
            TOPIC + "    any: a\n    where: {source: [ZDF, q]}\n",
            [(8, 27, 'no feed or outlet "q"', "id or the outlet")],
        ),
        (
            TOPIC + "    any: a\n    schedule: 0 8 * *\n",
            [(8, 15, "4 fields", "five")],
        ),
        (
            TOPIC + "    any: a\n    schedule: {tz: x}\n",
            [(8, 16, "unknown key", "cron")],
        ),
        (
            TOPIC + "  - name: ukraine\n    any: a\n",
            [(5, 5, "nothing", ""), (7, 11, 'has the id "ukraine"', "line 5")],
        ),
        (
            TOPIC + "    any: a\n  - id: ukraine\n    name: B\n    any: a\n",
            [(8, 9, "another topic", "line 5")],
        ),
        (
            FEED + "topics:\n  - {name: Київ, any: a}\n",
            [(5, 12, "no id can be made", "id:")],
        ),
        (
            FEED + "topics:\n  - {name: Heartbeat, any: a}\n",
            [(5, 12, "own reports", "thema-heartbeat")],
        ),
        (
            FEED + "topics:\n  - {id: sources, name: A, any: a}\n",
            [(5, 10, "own reports", "thema-sources")],
        ),
        (
            FEED + "topics:\n  - any: a\n",
            [(5, 5, '"name" is missing', "mails")],
        ),
        (
            FEED + "topics:\n  - {name: A, any: a, recipients: [anna]}\n",
            [(5, 36, 'no recipient "anna"', "recipients")],
        ),
        (
            FEED + "topics:\n  - {name: A, any: a, recipients: a@b}\n",
            [(5, 35, "domain", "name@")],
        ),
    ],
)
def test_broken_topics(
    write: Write, yaml: str, expected: list[tuple[int, int, str, str]]
) -> None:
    check(write(yaml), *expected)
