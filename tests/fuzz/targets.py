"""What strangers can write, and what must hold whatever they write. A target
raises where it does not.
"""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.config.catalog import load_source
from monitor.config.source import Unusable, decode_yaml
from monitor.errors import CatalogError
from monitor.extract.worker import answering
from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.exchange import Answer, exchange
from monitor.fetch.transport.request_budget import Bounds
from monitor.fetch.transport.response_headers import (
    LONGEST_WAIT,
    cache_hints,
    failure_kind,
    readable_location,
    retry_after,
    sendable,
)
from monitor.fetch.transport.url_target import parse_target
from monitor.match.topics import match_query
from monitor.notify.signed_links import LinkSigner
from monitor.parse.feed import parse_feed
from monitor.query.parser import parse_query
from monitor.query.unparse import query_hash, unparse
from monitor.types.catalog import Recipient
from monitor.types.feed import NotAFeed, ParsedFeed
from monitor.types.match import MatchText
from monitor.types.page import ExtractFailed, PageTask
from monitor.types.web import Limits
from tests.fuzz.answers import PlayedWire, in_pieces, made_answers

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FEED = "https://blatt.test/rss"
MOST_WIRE = 100_000  # bytes of one answer
LIMITS = Limits(total_seconds=5, wire_bytes=50_000, decoded_bytes=100_000)
TEXT = MatchText(
    "Rat tagt in Bünde",
    "Kreis Herford berät",
    "Der Haushalt.\nKiew, heute: Krieg!",
)
SIGNER = LinkSigner("https://monitor.test", "ein Schlüssel nur für Versuche")
ANNA = Recipient("anna@news.test")


@dataclass(frozen=True, slots=True)
class Target:
    """`check` raises for an input that breaks a promise; `corpus` is where it
    starts from.
    """

    check: Callable[[bytes], object]
    corpus: Callable[[], list[bytes]]


def check_feed(body: bytes) -> None:
    """Any bytes are a feed or none, and every entry can be stored."""
    parsed = parse_feed(body, url=FEED, now=NOW)
    assert isinstance(parsed, ParsedFeed | NotAFeed)
    if isinstance(parsed, ParsedFeed):
        for entry in parsed.entries:
            storable(entry.title, entry.url or "", entry.summary or "")


READ = answering()


def check_page(body: bytes) -> None:
    """Any bytes are an article or a named failure: never an exception of a
    library.
    """
    outcome = READ(PageTask(url="https://blatt.test/a", body=body))
    if isinstance(outcome, ExtractFailed):
        assert outcome.reason not in ("error", "memory"), outcome.detail
    else:
        storable(outcome.text, outcome.title or "")


def storable(*texts: str) -> None:
    """UTF-8 without NUL: what Postgres takes."""
    for text in texts:
        assert "\0" not in text
        text.encode()


def check_http(body: bytes) -> None:
    """Any bytes are an answer within the bounds, or RequestFailed, in whatever
    pieces they come; and whatever its headers say can be read.
    """
    raw, chance = body[:MOST_WIRE], random.Random(body[:200])
    _exchanged([raw], dies=False)
    pieces = list(in_pieces(raw, chance))
    _exchanged(pieces, dies=False)
    _exchanged(pieces[: chance.randint(0, len(pieces))], dies=True)


def _exchanged(pieces: list[bytes | None], *, dies: bool) -> None:
    bounds = Bounds(LIMITS)
    wire = PlayedWire(pieces, bounds, dies=dies)
    with contextlib.suppress(RequestFailed):
        answer = exchange(wire, parse_target(FEED), (), bounds=bounds)
        assert len(answer.body) <= LIMITS.decoded_bytes
        assert answer.status == 101 or 200 <= answer.status <= 999
        _read_headers(answer)


def _read_headers(answer: Answer) -> None:
    """What becomes of headers: judgements, and what goes into the next request
    or the database.
    """
    for name, value in answer.headers:
        assert not set("\r\n\0") & set(name + value), (name, value)
    assert (retry_after(answer, NOW) or timedelta(0)) <= LONGEST_WAIT
    cache_hints(answer, NOW)
    failure_kind(answer)
    for name in ("etag", "last-modified"):
        validator = sendable(answer.header(name))
        assert validator is None or not set("\r\n\0") & set(validator)
    with contextlib.suppress(RequestFailed):
        parse_target(readable_location(answer.header("location") or FEED))


def check_query(body: bytes) -> None:
    """Any text is a query or has problems; a query reads the same again, and
    can be matched.
    """
    query = body.decode("utf-8", "replace")
    parsed = parse_query(query)
    if parsed.tree is None:
        assert parsed.problems
        return
    written = unparse(parsed.tree)
    again = parse_query(written).tree
    assert again is not None, written
    assert query_hash(again) == query_hash(parsed.tree), written
    assert (match_query(parsed.tree, TEXT) is None) == (
        match_query(again, TEXT) is None
    )


def check_yaml(body: bytes) -> None:
    """Any file is a catalogue, or CatalogError with a problem that has a
    place.
    """
    path = Path("feeds.yaml")
    try:
        load_source(path, decode_yaml(path, body))
    except Unusable:
        pass
    except CatalogError as refused:
        if not refused.problems or any(
            each.place.line < 1 for each in refused.problems
        ):
            raise AssertionError("a refusal without a place") from refused


def check_link(body: bytes) -> None:
    """Nobody makes up a link: what is read is what was signed, to the letter."""
    token = body.decode("utf-8", "replace")
    for action in ("pause", "unsubscribe"):
        claim = SIGNER.read(action, token)
        if claim is not None:
            made = SIGNER.make(
                action, Recipient(claim.recipient), claim.topic_id
            )
            assert claim.recipient == ANNA.address
            assert claim.topic_id in ("ukraine", "übung"), made


def files(*patterns: str) -> list[bytes]:
    """The bytes of files below tests/data."""
    return [
        path.read_bytes()
        for pattern in patterns
        for path in sorted(DATA.glob(pattern))
    ]


def queries() -> list[bytes]:
    lines = b"\n".join(files("query/*.jsonl")).splitlines()
    asked = [
        json.loads(line).get("query", "Kiew")
        for line in lines
        if line.startswith(b"{")
    ]
    return [query.encode() for query in asked] + files("fuzz/query/*")


def links() -> list[bytes]:
    made = [
        SIGNER.make("pause", ANNA, "ukraine"),
        SIGNER.make("unsubscribe", ANNA, "übung"),
    ]
    return [link.rpartition("/")[2].encode() for link in made] + files(
        "fuzz/link/*"
    )


TARGETS = {
    "feed": Target(check_feed, lambda: files("feeds/*", "fuzz/feed/*")),
    "page": Target(
        check_page,
        lambda: files("extract/*.html", "pages/*.html", "fuzz/page/*"),
    ),
    "http": Target(
        check_http, lambda: [*files("fuzz/http/*"), *made_answers()]
    ),
    "query": Target(check_query, queries),
    "yaml": Target(check_yaml, lambda: files("fuzz/yaml/*")),
    "link": Target(check_link, links),
}
