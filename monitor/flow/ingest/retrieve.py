"""gather(feed): everything it takes to get one feed's document: the site that
names it, a sitemap index and its parts.

Nothing is stored here; each request goes through the one polite `Http` port.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from monitor.parse.discover import WELL_KNOWN, sitemaps_in_robots
from monitor.parse.worker import parse_document
from monitor.ports import Clock, Http
from monitor.types.catalog import Feed
from monitor.types.feed import FeedDocument, NotAFeed, ParsedFeed
from monitor.types.state import ASKED_FOR, FeedState
from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    Limits,
    NotModified,
)

FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
    " */*;q=0.8"
)
TRIED_CANDIDATES = 4
"""Feeds that a page names and that are tried; beyond these come comment feeds
and foreign ones.
"""
TRIED_PATHS = 6
"""Well-known paths that are tried where a site names nothing: few, because
each is a request nobody invited.
"""
SITEMAP_PARTS = 2
"""Newest parts of a sitemap index that are read: a news sitemap's first part
covers two days.
"""
SITEMAP_REQUESTS = 4
"""What an index may cost at each poll, indexes within it included."""

ParseDocument = Callable[[FeedDocument], ParsedFeed | NotAFeed]
"""Never raises for any bytes."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A feed's document.

    `parsed` is None where `body_hash` says that nothing changed; `url` is to
    be remembered.
    """

    answer: Fetched
    parsed: ParsedFeed | None
    body_hash: str
    url: str


class Gatherer:
    """Gets one feed's document, whatever it takes. Thread-safe."""

    def __init__(
        self,
        *,
        http: Http,
        clock: Clock,
        parse: ParseDocument = parse_document,
        limits: Limits = Limits(),
    ) -> None:
        """`limits` bound each answer; `parse` reads it."""
        self._http = http
        self._clock = clock
        self._parse_document = parse
        self._limits = limits

    def gather(
        self, feed: Feed, state: FeedState, *, validate: bool
    ) -> Gathered | NotModified | FetchFailed:
        """The feed's document; `validate` says whether to send the remembered
        validators.
        """
        insist = state.due_reason == ASKED_FOR
        if state.url is None:
            return self.discover(feed, insist=insist)
        answer = self._http.get(
            state.url,
            etag=state.etag if validate else None,
            last_modified=state.last_modified if validate else None,
            limits=self._limits,
            verify_tls=feed.verify_tls,
            accept=FEED_TYPES,
            listed=True,
            insist=insist,
        )
        if isinstance(answer, FetchFailed):
            return with_hint(answer)
        if isinstance(answer, NotModified):
            return answer
        digest = hashlib.sha256(answer.body).hexdigest()
        if digest == state.body_hash:
            return Gathered(answer, None, digest, state.url)
        parsed = self._parse(feed, answer)
        if isinstance(parsed, NotAFeed):
            return _not_a_feed(answer, parsed)
        gathered = Gathered(
            _without_validators(answer) if _is_cut(parsed) else answer,
            parsed,
            digest,
            state.url,
        )
        return (
            self._with_parts(feed, gathered, known=state.body_hash)
            if parsed.sitemaps
            else gathered
        )

    def discover(
        self, feed: Feed, *, insist: bool = False
    ) -> Gathered | FetchFailed:
        """The feed that a site names in its page, else in its robots.txt, else
        at a well-known path.

        The first candidate that is a feed with items is taken and remembered.
        """
        page = self._get(feed, feed.address, insist=insist)
        if isinstance(page, FetchFailed):
            return with_hint(page)
        parsed = self._parse(feed, page)
        if isinstance(parsed, ParsedFeed):
            return Gathered(
                page,
                parsed,
                hashlib.sha256(page.body).hexdigest(),
                feed.address,
            )
        tried = 0
        for url in self._candidates(feed, page, parsed):
            tried += 1
            answer = self._get(feed, url)
            if isinstance(answer, FetchFailed):
                continue
            found = self._parse(feed, answer)
            if isinstance(found, ParsedFeed) and (
                found.entries or found.sitemaps
            ):
                gathered = Gathered(
                    answer, found, hashlib.sha256(answer.body).hexdigest(), url
                )
                return (
                    self._with_parts(feed, gathered, known=None)
                    if found.sitemaps
                    else gathered
                )
        detail = f"the site names no feed that can be read ({tried} addresses tried)"
        return FetchFailed(
            feed.address,
            FailureKind.NOT_A_FEED,
            detail,
            status=page.status,
            seconds=page.seconds,
        )

    def survey(
        self, feed: Feed
    ) -> Iterator[
        tuple[str, Fetched | FetchFailed, ParsedFeed | NotAFeed | None]
    ]:
        """What stands at the feed's address, or at every address there that
        may be a feed: for people to choose.
        """
        page = self._get(feed, feed.address)
        if isinstance(page, FetchFailed):
            yield feed.address, with_hint(page), None
            return
        parsed = self._parse(feed, page)
        if isinstance(parsed, ParsedFeed):
            yield feed.address, page, parsed
            return
        for url in dict.fromkeys(self._candidates(feed, page, parsed)):
            answer = self._get(feed, url)
            yield (
                url,
                answer,
                self._parse(feed, answer)
                if isinstance(answer, Fetched)
                else None,
            )

    def _candidates(
        self, feed: Feed, page: Fetched, parsed: NotAFeed
    ) -> Iterator[str]:
        named = parsed.candidates[:TRIED_CANDIDATES]
        yield from named
        robots = self._get(feed, urljoin(page.final_url, "/robots.txt"))
        if isinstance(robots, Fetched):
            sitemaps = sitemaps_in_robots(robots.body)
            yield from sorted(
                sitemaps, key=lambda url: "news" not in url.lower()
            )[:TRIED_CANDIDATES]
        if not named:
            yield from (
                urljoin(page.final_url, path)
                for path in WELL_KNOWN[:TRIED_PATHS]
            )

    def _with_parts(
        self, feed: Feed, index: Gathered, *, known: str | None
    ) -> Gathered | FetchFailed:
        """A sitemap index with the items of its newest parts.

        Its hash covers the parts: they change without it.
        """
        assert index.parsed is not None
        digest = hashlib.sha256(index.answer.body)
        entries = list(index.parsed.entries)
        problems = list(index.parsed.problems)
        failure: FetchFailed | None = _not_a_feed(
            index.answer, NotAFeed("xml", "a sitemap index without a sitemap")
        )
        for part in self._parts(feed, index, index.parsed.sitemaps):
            if isinstance(part, FetchFailed):
                failure = part
                continue
            answer, parsed = part
            failure = None
            digest.update(answer.body)
            entries += parsed.entries
            problems += parsed.problems
        if failure is not None and not entries:
            return replace(failure, url=index.url)
        parsed = replace(
            index.parsed, entries=tuple(entries), problems=tuple(problems)
        )
        # An index may stay the same while its parts change: its validators
        # would hide that.
        answer = _without_validators(index.answer)
        body_hash = digest.hexdigest()
        return Gathered(
            answer,
            None if body_hash == known else parsed,
            body_hash,
            index.url,
        )

    def _parts(
        self, feed: Feed, index: Gathered, listed: Sequence[str]
    ) -> Iterator[tuple[Fetched, ParsedFeed] | FetchFailed]:
        """The newest parts of an index, or why one cannot be read.

        An index among them is followed in its place.
        """
        seen = {index.url, index.answer.final_url}
        waiting = list(listed[:SITEMAP_PARTS])
        for _ in range(SITEMAP_REQUESTS):
            waiting = [url for url in waiting if url not in seen]
            if not waiting:
                return
            seen.add(waiting[0])
            answer = self._get(feed, waiting.pop(0))
            if isinstance(answer, FetchFailed):
                yield answer
                continue
            part = self._parse(feed, answer)
            if isinstance(part, NotAFeed):
                yield _not_a_feed(answer, part)
            elif part.sitemaps:
                waiting = [*part.sitemaps[:SITEMAP_PARTS], *waiting]
            else:
                yield answer, part

    def _get(
        self, feed: Feed, url: str, *, insist: bool = False
    ) -> Fetched | FetchFailed:
        answer = self._http.get(
            url,
            limits=self._limits,
            verify_tls=feed.verify_tls,
            accept=FEED_TYPES,
            insist=insist,
        )
        if isinstance(answer, NotModified):
            return FetchFailed(
                url, FailureKind.PROTOCOL, "304 to an unconditional request"
            )
        return answer

    def _parse(self, feed: Feed, answer: Fetched) -> ParsedFeed | NotAFeed:
        document = FeedDocument(
            answer.body,
            answer.final_url,
            now=self._clock.now(),
            content_type=answer.content_type,
            timezone=feed.timezone,
        )
        return self._parse_document(document)


def with_hint(failure: FetchFailed) -> FetchFailed:
    """Names the setting where a refused address or certificate may be meant.

    What a redirect names never is.
    """
    if (
        failure.kind is FailureKind.TLS
        and failure.detail.startswith("certificate")
        and not failure.hops
    ):
        return replace(
            failure,
            detail=f"{failure.detail}; a publisher known to be sloppy: verify_tls: false",
        )
    if (
        failure.kind is not FailureKind.REFUSED_ADDRESS
        or failure.hops
        or "not a public address" not in failure.detail
    ):
        return failure
    return replace(
        failure,
        detail=f"{failure.detail}; if it is meant, name it in MONITOR_ALLOWED_NETWORKS",
    )


def _is_cut(parsed: ParsedFeed) -> bool:
    """True where the end of the document is missing: a 304 would hide the
    items there until the next change.
    """
    return any(problem.code == "truncated" for problem in parsed.problems)


def _without_validators(answer: Fetched) -> Fetched:
    return replace(answer, etag=None, last_modified=None)


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
