"""A complete document over a broken transport, from real servers to the mail
and the feed's history.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from monitor.store.polling import feed_states, poll_ends
from tests.fetch.hostile import Hostile
from tests.flow.world import Item, World, feeds_yaml, page, recipients, rss

WAR = Item("krieg", "Neue Gespräche über die Ukraine")
TAG = b'ETag: "a"\r\n'


@pytest.fixture
def server() -> Iterator[Hostile]:
    server = Hostile()
    server.start()
    yield server
    server.stop()


def too_long(body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\n"
        + TAG
        + f"Content-Length: {len(body) + 99}\r\n\r\n".encode()
        + body
    )


def no_last_chunk(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\n" + TAG + b"Transfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n%s\r\n" % (len(body), body)


def no_trailer(body: bytes) -> bytes:
    packed = gzip.compress(body)[:-8]
    return (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
        + TAG
        + b"\r\n"
        + packed
    )


@pytest.mark.parametrize("sloppy", [too_long, no_last_chunk, no_trailer])
def test_feed_and_page_reach_the_mail_and_a_note_says_how(
    world: World, server: Hostile, sloppy: object
) -> None:
    assert callable(sloppy)
    server.pages["/rss"] = sloppy(rss(server.url("/"), WAR).encode())
    server.pages["/krieg"] = sloppy(page(WAR.title).encode())
    world.write(
        feeds_yaml(f"{{id: blatt, title: Blatt, url: '{server.url('/rss')}'}}")
    )
    with world.life() as life, capture_logs() as logs:
        life.one_pass()
        with life.database.read() as connection:
            (record,) = poll_ends.polls_of(connection, "blatt", limit=9)
            state = feed_states.feed_state(connection, "blatt")
        (article,) = life.articles()
    assert (record.outcome, record.new_items) == ("new", 1)
    assert record.detail.startswith("complete in spite of its transport: ")
    assert state is not None
    assert (state.etag, state.last_modified, state.failures) == (None, None, 0)
    assert article.content.title == WAR.title
    assert len(article.content.text) > 500
    assert [log["event"] for log in logs].count(
        "read_in_spite_of_transport"
    ) == 1
    assert recipients(world.mails()) == [
        "anna@example.org",
        "bert@example.org",
    ]
    assert "if-none-match" not in server.asked("/rss")[0].headers


def test_half_a_feed_is_a_failure_in_its_history(
    world: World, server: Hostile
) -> None:
    server.pages["/rss"] = too_long(rss(server.url("/"), WAR).encode()[:-30])
    world.write(
        feeds_yaml(f"{{id: blatt, title: Blatt, url: '{server.url('/rss')}'}}")
    )
    with world.life() as life:
        life.one_pass()
        with life.database.read() as connection:
            (record,) = poll_ends.polls_of(connection, "blatt", limit=9)
        assert life.articles() == ()
    assert record.outcome == "protocol"
