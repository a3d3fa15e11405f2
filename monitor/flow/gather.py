"""gather(feed): everything it takes to get one feed's document: the site that names it, a sitemap index and its parts.

Nothing is stored here; each request goes through the one polite `Http` port.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from monitor.parse.discover import WELL_KNOWN, sitemaps_in_robots
from monitor.parse.feed import parse_feed
from monitor.ports import Clock, Http
from monitor.types.catalog import Feed
from monitor.types.feed import NotAFeed, ParsedFeed
from monitor.types.state import FeedState
from monitor.types.web import FailureKind, Fetched, FetchFailed, Limits, NotModified

FEED_TYPES = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
TRIED_CANDIDATES = 4
"""Feeds that a page names and that are tried; beyond these come comment feeds and foreign ones."""
TRIED_PATHS = 6
"""Well-known paths that are tried where a site names nothing: few, because each is a request nobody invited."""
SITEMAP_PARTS = 2
"""Newest parts of a sitemap index that are read: a news sitemap's first part covers two days."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A feed's document. `parsed` is None where `body_hash` says that nothing changed; `url` is to be remembered."""

    answer: Fetched
    parsed: ParsedFeed | None
    body_hash: str
    url: str


def gather(
    feed: Feed, state: FeedState, *, http: Http, clock: Clock, validate: bool, limits: Limits = Limits()
) -> Gathered | NotModified | FetchFailed:
    """The feed's document; `validate` says whether to send the remembered validators."""
    if state.url is None:
        return discover(feed, http=http, clock=clock, limits=limits)
    answer = http.get(
        state.url,
        etag=state.etag if validate else None,
        last_modified=state.last_modified if validate else None,
        limits=limits,
        verify_tls=feed.verify_tls,
        accept=FEED_TYPES,
    )
    if not isinstance(answer, Fetched):
        return answer
    digest = hashlib.sha256(answer.body).hexdigest()
    if digest == state.body_hash:
        return Gathered(answer, None, digest, state.url)
    parsed = _parse(feed, answer, clock)
    if isinstance(parsed, NotAFeed):
        return _not_a_feed(answer, parsed)
    if parsed.sitemaps and not parsed.entries:
        return _with_parts(
            feed, state, Gathered(answer, parsed, digest, state.url), http=http, clock=clock, limits=limits
        )
    return Gathered(answer, parsed, digest, state.url)


def discover(feed: Feed, *, http: Http, clock: Clock, limits: Limits = Limits()) -> Gathered | FetchFailed:
    """The feed that a site names in its page, else in its robots.txt, else at a well-known path.

    The first candidate that is a feed with items is taken and remembered.
    """
    site = feed.site or feed.address
    page = http.get(site, limits=limits, verify_tls=feed.verify_tls)
    if not isinstance(page, Fetched):
        if isinstance(page, FetchFailed):
            return page
        return FetchFailed(site, FailureKind.PROTOCOL, "304 to an unconditional request")
    parsed = _parse(feed, page, clock)
    if isinstance(parsed, ParsedFeed):
        return Gathered(page, parsed, hashlib.sha256(page.body).hexdigest(), site)
    tried = 0
    for url in _candidates(feed, page, parsed, http):
        tried += 1
        answer = http.get(url, limits=limits, verify_tls=feed.verify_tls, accept=FEED_TYPES)
        found = _parse(feed, answer, clock) if isinstance(answer, Fetched) else None
        if isinstance(answer, Fetched) and isinstance(found, ParsedFeed) and (found.entries or found.sitemaps):
            gathered = Gathered(answer, found, hashlib.sha256(answer.body).hexdigest(), url)
            state = FeedState(feed.id, url)
            return (
                _with_parts(feed, state, gathered, http=http, clock=clock, limits=limits)
                if found.sitemaps
                else gathered
            )
    detail = f"the site names no feed that can be read ({tried} addresses tried)"
    return FetchFailed(site, FailureKind.NOT_A_FEED, detail, status=page.status, seconds=page.seconds)


def _candidates(feed: Feed, page: Fetched, parsed: NotAFeed, http: Http) -> Iterator[str]:
    named = parsed.candidates[:TRIED_CANDIDATES]
    yield from named
    robots = http.get(urljoin(page.final_url, "/robots.txt"), verify_tls=feed.verify_tls)
    if isinstance(robots, Fetched):
        sitemaps = sitemaps_in_robots(robots.body)
        yield from sorted(sitemaps, key=lambda url: "news" not in url.lower())[:TRIED_CANDIDATES]
    if not named:
        yield from (urljoin(page.final_url, path) for path in WELL_KNOWN[:TRIED_PATHS])


def _with_parts(feed: Feed, state: FeedState, index: Gathered, *, http: Http, clock: Clock) -> Gathered | FetchFailed:
    """A sitemap index with the items of its newest parts. Its hash covers the parts: they change without it."""
    assert index.parsed is not None
    digest = hashlib.sha256(index.answer.body)
    entries = list(index.parsed.entries)
    problems = list(index.parsed.problems)
    failure: FetchFailed | None = None
    read = 0
    for url in index.parsed.sitemaps[:SITEMAP_PARTS]:
        answer = http.get(url, limits=limits, verify_tls=feed.verify_tls, accept=FEED_TYPES)
        if not isinstance(answer, Fetched):
            failure = answer if isinstance(answer, FetchFailed) else failure
            continue
        part = _parse(feed, answer, clock)
        if isinstance(part, ParsedFeed):
            read += 1
            digest.update(answer.body)
            entries += part.entries
            problems += part.problems
    if failure is not None and not read:
        return replace(failure, url=index.url)
    parsed = replace(index.parsed, entries=tuple(entries), problems=tuple(problems))
    # An index may stay the same while its parts change: its validators would hide that.
    answer = replace(index.answer, etag=None, last_modified=None)
    body_hash = digest.hexdigest()
    return Gathered(answer, None if body_hash == state.body_hash else parsed, body_hash, index.url)


def _parse(feed: Feed, answer: Fetched, clock: Clock) -> ParsedFeed | NotAFeed:
    return parse_feed(
        answer.body, url=answer.final_url, content_type=answer.content_type, timezone=feed.timezone, now=clock.now()
    )


def _not_a_feed(answer: Fetched, parsed: NotAFeed) -> FetchFailed:
    return FetchFailed(
        url=answer.url,
        kind=FailureKind.NOT_A_FEED,
        detail=f"{parsed.kind}: {parsed.detail}",
        status=answer.status,
        final_url=answer.final_url,
        wire_bytes=answer.wire_bytes,
        seconds=answer.seconds,
    )
