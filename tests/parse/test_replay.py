"""Every feed of the replay, the hostile ones too, against what its manifest
expects of it.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from monitor.identify.identity import identify_all
from monitor.identify.judgement import judge_items
from monitor.parse.discover import find_feeds
from monitor.parse.feed import parse_feed
from monitor.parse.item_limit import ITEM_LIMIT
from monitor.types.feed import NotAFeed, ParsedFeed
from tests.services.replay import Replay

pytestmark = [pytest.mark.slow, pytest.mark.replay]
SIZE_LIMIT = 30 * 1024 * 1024
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def get(url: str) -> tuple[bytes, str, str] | None:
    """Body, content type and final address; None where the network part of the
    test fails as it should.
    """
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            if answer.headers.get("Content-Encoding") or answer.status != 200:
                return None
            body = answer.read(SIZE_LIMIT)
            return (
                (body, answer.headers.get("Content-Type") or "", answer.url)
                if len(body) < SIZE_LIMIT
                else None
            )
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return None


def parse(answer: tuple[bytes, str, str]) -> ParsedFeed | NotAFeed:
    body, content_type, url = answer
    return parse_feed(body, url=url, content_type=content_type, now=NOW)


def items_of(got: ParsedFeed) -> int:
    return len(judge_items(got.entries, identify_all(got.entries), {}))


def test_feeds_of_publishers_are_read_whole(replay_server: Replay) -> None:
    replay_server.release("all")
    manifest = replay_server.manifest()
    checked = 0
    for publisher in manifest["publishers"] + manifest["groups"]:
        articles = publisher["articles"]
        expected = articles if isinstance(articles, int) else len(articles)
        for path in publisher["feeds"]:
            answer = get(replay_server.base + path)
            if answer is None:
                continue
            got = parse(answer)
            assert isinstance(got, ParsedFeed), path
            assert items_of(got) == expected, path
            assert all(
                entry.title and entry.url and entry.published.parsed
                for entry in got.entries
            ), path
            checked += 1
    assert checked > 50


def test_real_feeds_are_read_whole(replay_server: Replay) -> None:
    for path in replay_server.manifest()["real_feeds"]:
        answer = get(replay_server.base + path)
        assert answer is not None
        got = parse(answer)
        assert isinstance(got, ParsedFeed)
        assert len(got.entries) == answer[0].count(b"<item>")
        assert got.problems == ()


NOT_READ_HERE = frozenset({"network", "redirect", "status", "size"})


def test_hostile_feeds_end_as_the_manifest_says(replay_server: Replay) -> None:
    checked = 0
    for endpoint in replay_server.manifest()["hostile"]:
        expected = endpoint["expected_docs"]
        if endpoint["kind"] in NOT_READ_HERE and not expected:
            continue
        answer = get(replay_server.base + endpoint["path"])
        if answer is None:
            assert not expected or endpoint["kind"] in NOT_READ_HERE, endpoint
            continue
        got = parse(answer)
        count = items_of(got) if isinstance(got, ParsedFeed) else 0
        if expected is not None and endpoint["kind"] in (
            "plain",
            "format",
            "xml",
            "items",
        ):
            assert count == expected, endpoint
            checked += 1
        assert count <= ITEM_LIMIT
    assert checked > 20


def test_radio_herford_is_found_through_its_page(
    replay_server: Replay,
) -> None:
    answer = get(replay_server.url("radioherford"))
    assert answer is not None
    best = find_feeds(answer[0], url=answer[2])[0]
    found = get(best.url)
    assert found is not None
    assert isinstance(parse(found), ParsedFeed)
