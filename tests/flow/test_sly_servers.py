"""Feeds that are another thing at every poll: nothing comes twice, nothing is
lost, and every poll has its outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from monitor.store.polling import poll_ends
from tests.flow.world import Item, World, feeds_yaml, rss
from tests.services.web import Answer, Site

A = Item("a", "Brand in Herford", date="Mon, 02 Jun 2025 07:05:00 GMT")
B = Item("b", "Streik bei der Bahn", date="Mon, 02 Jun 2025 07:06:00 GMT")
C = Item("c", "Wahl in Enger", date="Mon, 02 Jun 2025 07:07:00 GMT")
BASE = "http://zeitung.test/"


def feed(
    *items: Item,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    cut: int | None = None,
) -> Answer:
    return Answer(
        rss(BASE, *items).encode()[:cut],
        status=status,
        content_type="text/xml",
        headers=headers,
    )


def session(number: int, *items: Item) -> Answer:
    """Every address with another session; the guid is the address."""
    text = rss(BASE, *items)
    for item in items:
        text = text.replace(
            f"{BASE}{item.key}<", f"{BASE}{item.key}?s={number}<"
        )
        text = text.replace(
            f">{item.key}</guid>", f">{BASE}{item.key}?s={number}</guid>"
        )
    return Answer(text.encode(), content_type="text/xml")


def renamed(host: str, *items: Item) -> Answer:
    return Answer(
        rss(f"http://{host}/", *items).encode(), content_type="text/xml"
    )


LOGIN = Answer(
    b"<!doctype html><title>Anmelden</title><form></form>",
    content_type="text/html",
)
NOTHING = Answer(b"", content_type="text/xml")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "outcomes", "entries"),
    [
        pytest.param(
            [session(n, A, B) for n in range(4)],
            "new unchanged unchanged unchanged",
            2,
            id="sessions",
        ),
        pytest.param(
            [session(1, A), session(2, A, B)],
            "new new",
            2,
            id="news in another session",
        ),
        pytest.param(
            [feed(A, B), LOGIN, feed(A, B, C)],
            "new not_a_feed new",
            3,
            id="a login page in between",
        ),
        pytest.param(
            [feed(A, B), NOTHING, feed(A, B)],
            "new not_a_feed unchanged",
            2,
            id="an empty answer in between",
        ),
        pytest.param(
            [feed(A, B), feed(), feed(A, B)],
            "new unchanged unchanged",
            2,
            id="an empty feed in between",
        ),
        pytest.param(
            [feed(A, B), feed(B, A), feed(C, A)],
            "new unchanged new",
            3,
            id="reversed",
        ),
        pytest.param(
            [feed(A, B), feed(C), feed(A, B, C)],
            "new new unchanged",
            3,
            id="re-listed",
        ),
        pytest.param(
            [feed(A, B, cut=-90), feed(A, B)],
            "new new",
            2,
            id="cut off in an item",
        ),
        pytest.param(
            [feed(A, cut=-90), feed(A)],
            "not_a_feed new",
            1,
            id="cut off in the only item",
        ),
        pytest.param(
            [
                renamed("www.z.de", A, B),
                renamed("m.z.de", A, B),
                renamed("amp.z.de", A),
            ],
            "new unchanged unchanged",
            2,
            id="another host",
        ),
        pytest.param(
            [
                feed(A, headers=(("ETag", '"1"'),)),
                feed(status=412),
                feed(A, B),
            ],
            "new not_found new",
            2,
            id="its own tag is too much for it",
        ),
        pytest.param(
            [feed(A), feed(status=304), feed(A, B)],
            "new protocol new",
            2,
            id="304 to no condition",
        ),
    ],
)
def test_every_poll_has_its_outcome_and_nothing_comes_twice(
    world: World,
    site: Site,
    answers: Sequence[Answer],
    outcomes: str,
    entries: int,
) -> None:
    waiting = iter(answers)
    url = site.put("/rss", lambda asked: next(waiting))
    world.write(
        feeds_yaml(f"{{id: schlau, title: S, url: '{url}', fulltext: false}}")
    )
    with world.life() as life:
        for _ in answers:
            life.one_pass()
            world.clock.advance(timedelta(hours=3))
        with life.database.read() as connection:
            polls = poll_ends.polls_of(connection, "schlau", limit=9)
        assert [poll.outcome for poll in reversed(polls)] == outcomes.split()
        assert life.entry_count() == entries
        assert len(life.articles()) == entries
    assert all(
        poll.next_due_at > poll.started_at and poll.due_reason
        for poll in polls
    )
