"""The rehearsal's rules see what they are for: a polite log passes, each kind
of rudeness is named.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.week.rules import (
    DAY,
    HOUR,
    MINUTE,
    Asked,
    Expected,
    check,
    read_log,
)

pytestmark = pytest.mark.slow

UA = "Monitor/1 (+a@example.org)"
EXPECTED = Expected(
    speed=1.0,
    gap=10.0,
    floor=600.0,
    ceiling=6 * HOUR,
    contact="a@example.org",
    until=2 * DAY + 4 * HOUR,
    slack=0.0,
    feeds={"h": ("/f",)},
    validators={("h", "/f"): "etag"},
    rests={("h", "/p"): 120.0},
    closed={"h": ("/intern",)},
    never=("/canary.dtd",),
)


def ask(
    path: str, at: float, *, status: int = 200, conditional: bool = False
) -> Asked:
    return Asked(
        "h", path, at, at + 1, status, UA, ("etag",) if conditional else ()
    )


def polite() -> list[Asked]:
    """Two days: robots.txt, a full poll, 304s every five hours, a full one a
    day later.
    """
    log = [ask("/robots.txt", 0), ask("/f", 60)]
    log += [
        ask("/f", 60 + n * 5 * HOUR, status=304, conditional=True)
        for n in range(1, 5)
    ]
    log += [ask("/robots.txt", 60 + DAY), ask("/f", 60 + DAY + HOUR)]
    return log + [
        ask("/f", 60 + DAY + HOUR + n * 5 * HOUR, status=304, conditional=True)
        for n in range(1, 5)
    ]


def rules(log: list[Asked], expected: Expected = EXPECTED) -> set[str]:
    return {
        breach.rule
        for breach in check(
            sorted(log, key=lambda asked: asked.start), expected
        )
    }


def test_a_polite_log_passes() -> None:
    assert rules(polite()) == set()


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ([ask("/a", 60.5)], "one request at a time"),
        ([ask("/a", 65)], "pause between requests"),
        (
            [replace(ask("/a", 500), user_agent="curl")],
            "an honest User-Agent with a contact",
        ),
        ([ask("/canary.dtd", 500)], "nobody is led there"),
        ([ask("/a", -500)], "robots.txt first"),
        ([ask("/robots.txt", HOUR)], "robots.txt once a day"),
        ([ask("/intern", 500)], "what robots.txt forbids"),
        ([ask("/p", 500, status=429), ask("/a", 560)], "Retry-After"),
        ([ask("/f", 400, conditional=True)], "never before the floor"),
        ([ask("/f", 2 * HOUR)], "conditional requests"),
        (
            [replace(ask("/f", 2 * HOUR), conditional=("last-modified",))],
            "validators as they were given",
        ),
    ],
)
def test_each_rudeness_is_named(more: list[Asked], rule: str) -> None:
    assert rule in rules(polite() + more)


def test_what_is_missing_is_named_too() -> None:
    assert rules(polite()[:4]) == {"asked in time"}
    assert rules([ask("/robots.txt", 0)]) == {"every feed is asked"}
    never_full = [
        replace(asked, conditional=("etag",), status=304)
        if asked.start > 60
        else asked
        for asked in polite()
    ]
    assert "a full look once a day" in rules(never_full)


def test_a_feed_may_wait_while_its_host_is_busy_and_no_longer() -> None:
    plain = replace(EXPECTED, validators={}, until=13 * HOUR)
    log = [ask("/robots.txt", 0), ask("/f", 60), ask("/f", 12 * HOUR)]
    assert rules(log, plain) == {"asked in time"}
    busy = [
        replace(ask("/slow", hour * HOUR), end=(hour + 1) * HOUR - 11)
        for hour in range(6, 12)
    ]
    assert rules(log + busy, plain) == set()
    rest = ask("/p", 7 * HOUR, status=429)
    assert rules([*log, rest], plain) == {"asked in time"}
    assert (
        rules([*log, rest], replace(plain, rests={("h", "/p"): 4.9 * HOUR}))
        == set()
    )


def test_a_busy_host_is_shared_in_turn() -> None:
    plain = replace(
        EXPECTED,
        validators={},
        until=13 * HOUR,
        feeds={"h": ("/f", "/slow", "/page.rss")},
    )
    log = [ask("/robots.txt", 0), ask("/f", 60), ask("/f", 12 * HOUR)]

    def busy(paths: str) -> list[Asked]:
        return [
            replace(ask(path, h * HOUR), end=(h + 1) * HOUR - 11)
            for h, path in enumerate(paths.split(), start=7)
        ]

    assert rules(log + busy("/slow /slow /page.rss /slow /x"), plain) == {
        "in turn"
    }
    assert rules(log + busy("/slow /page.rss /x /x /slow"), plain) == set()
    assert rules(
        [log[0], log[2], *busy("/slow /slow /page.rss /slow /x")], plain
    ) == {"in turn"}  # its first poll


def test_many_short_delays_are_not_an_idle_host() -> None:
    """A busy machine is late by a little at each of a hundred requests; the
    host was never free.
    """
    plain = replace(EXPECTED, validators={}, until=13 * HOUR, slack=60.0)
    log = [ask("/robots.txt", 0), ask("/f", 60), ask("/f", 12 * HOUR)]
    late = [
        replace(
            ask("/x", 6 * HOUR + n * 4 * MINUTE),
            end=6 * HOUR + n * 4 * MINUTE + 180,
        )
        for n in range(90)
    ]
    assert rules(log + late, plain) == set()
    assert rules(log + late, replace(plain, slack=0.0)) == {"asked in time"}


def test_failures_gone_and_moves() -> None:
    plain = replace(EXPECTED, validators={})
    failing = replace(plain, failing=[("h", "/f")])
    steady = [
        ask("/robots.txt", 0),
        *(ask("/f", 60 + n * 20 * MINUTE, status=500) for n in range(5)),
    ]
    assert "failures grow rarer" in rules(steady, failing)
    gone = [
        ask("/robots.txt", 0),
        *(ask("/f", 60 + n * 14 * HOUR, status=410) for n in range(4)),
    ]
    assert "gone is left alone" in rules(
        gone, replace(plain, gone=[("h", "/f")])
    )
    assert "gone is left alone" not in rules(
        gone[:4], replace(plain, gone=[("h", "/f")])
    )
    hasty = [
        ask("/robots.txt", 0),
        ask("/f", 60, status=301),
        ask("/g", 90),
        *(ask("/g", HOUR * n) for n in (5, 10, 15)),
    ]
    assert "no hasty move" in rules(
        hasty, replace(plain, moved={("h", "/f"): "/g"})
    )
    late = [
        ask("/robots.txt", 0),
        *(ask("/f", 60 + n * 5 * HOUR, status=301) for n in range(11)),
    ]
    assert "a permanent move is adopted" in rules(
        late, replace(plain, moved={("h", "/f"): "/g"})
    )
    assert "a temporary move is not adopted" in rules(
        hasty, replace(plain, wandering={("h", "/f"): "/g"})
    )


def test_a_servers_log_is_read() -> None:
    row = {
        "host": "h",
        "path": "/f",
        "ts": 10.0,
        "ms": 9000,
        "status": 200,
        "user_agent": UA,
        "if_none_match": '"1"',
        "if_modified_since": None,
    }
    (asked,) = read_log([row], deadline=2.0)
    assert asked == Asked("h", "/f", 10.0, 12.0, 200, UA, ("etag",))
    assert read_log([row], deadline=2.0, broken_off=("/f",))[0].end == 10.0
