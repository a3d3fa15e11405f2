"""What it takes to get one feed's document: sitemap indexes with parts of
every kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from monitor.flow.ingest.retrieve import SITEMAP_REQUESTS, Gathered, Gatherer
from monitor.types.catalog import Feed
from monitor.types.state import FeedState
from monitor.types.web import FailureKind, Fetched, FetchFailed
from tests.fakes import DictHttp, SetClock

SITE = "http://zeitung.test"
FEED = Feed("zeitung", "Zeitung", "Zeitung", url=f"{SITE}/index.xml")
XMLNS = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


def index(*paths: str) -> bytes:
    parts = "".join(f"<sitemap><loc>{path}</loc></sitemap>" for path in paths)
    return f"<sitemapindex {XMLNS}>{parts}</sitemapindex>".encode()


def urlset(*paths: str) -> bytes:
    return f"<urlset {XMLNS}>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>".encode()


def gather(
    pages: dict[str, bytes],
) -> tuple[Gathered | FetchFailed, list[str]]:
    http = DictHttp({SITE + path: page for path, page in pages.items()})
    found = Gatherer(http=http, clock=SetClock()).gather(
        FEED, FeedState("zeitung", FEED.url), validate=True
    )
    assert isinstance(found, Gathered | FetchFailed)
    return found, [url.removeprefix(SITE) for url in http.asked]


ONE, TWO, NONE = urlset("/1"), urlset("/2"), urlset()


@pytest.mark.parametrize(
    ("pages", "found", "asked"),
    [
        (
            {"/index.xml": index("/a", "/b", "/c"), "/a": ONE, "/b": TWO},
            "/1 /2",
            "/index.xml /a /b",
        ),
        (
            {"/index.xml": index("/i"), "/i": index("/a"), "/a": ONE},
            "/1",
            "/index.xml /i /a",
        ),
        (
            {
                "/index.xml": index("/i", "/b"),
                "/i": index("/a"),
                "/a": ONE,
                "/b": TWO,
            },
            "/1 /2",
            "/index.xml /i /a /b",
        ),
        (
            {
                "/index.xml": index("/archiv", "/b", "/news"),
                "/news": ONE,
                "/archiv": TWO,
            },
            "/1 /2",
            None,
        ),
        ({"/index.xml": index("/weg", "/b"), "/b": TWO}, "/2", None),
        (
            {"/index.xml": index("/index.xml", "/b"), "/b": TWO},
            "/2",
            "/index.xml /b",
        ),
        ({"/index.xml": index("/a"), "/a": NONE}, "", None),
        ({"/index.xml": index("/weg", "/a"), "/a": NONE}, "", None),
    ],
)
def test_items_of_an_index_are_those_of_its_newest_parts(
    pages: dict[str, bytes], found: str, asked: str | None
) -> None:
    gathered, requests = gather(pages)
    assert isinstance(gathered, Gathered)
    assert gathered.parsed is not None
    assert [
        str(entry.url).removeprefix(SITE) for entry in gathered.parsed.entries
    ] == found.split()
    assert asked is None or requests == asked.split()


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        ({"/index.xml": index("/index.xml")}, FailureKind.NOT_A_FEED),
        (
            {"/index.xml": index("/a"), "/a": b"<html></html>"},
            FailureKind.NOT_A_FEED,
        ),
        ({"/index.xml": index("/a")}, FailureKind.NOT_FOUND),
        (
            {"/index.xml": index("/a", "/weg"), "/a": NONE},
            FailureKind.NOT_FOUND,
        ),
        (
            {"/index.xml": index("/a"), "/a": index("/b"), "/b": index("/a")},
            FailureKind.NOT_A_FEED,
        ),
        (
            {"/index.xml": index("/0")}
            | {f"/{n}": index(f"/{n + 1}") for n in range(99)},
            FailureKind.NOT_A_FEED,
        ),
    ],
)
def test_an_index_without_a_readable_part_is_a_failure(
    pages: dict[str, bytes], kind: FailureKind
) -> None:
    failed, requests = gather(pages)
    assert isinstance(failed, FetchFailed)
    assert (failed.kind, failed.url) == (kind, FEED.url)
    assert len(requests) <= 1 + SITEMAP_REQUESTS


@pytest.mark.parametrize(
    ("failure", "hint"),
    [
        (
            FetchFailed(
                "u", FailureKind.TLS, "certificate of a.de refused: expired"
            ),
            "verify_tls",
        ),
        (
            FetchFailed(
                "u", FailureKind.TLS, "TLS handshake with a.de failed"
            ),
            "",
        ),
        (
            FetchFailed(
                "u",
                FailureKind.REFUSED_ADDRESS,
                "10.0.0.1 is not a public address",
            ),
            "MONITOR_ALLOWED_NETWORKS",
        ),
    ],
)
def test_failures_that_a_setting_may_end_name_it(
    failure: FetchFailed, hint: str
) -> None:
    http = DictHttp({str(FEED.url): failure})
    failed = Gatherer(http=http, clock=SetClock()).gather(
        FEED, FeedState("zeitung", FEED.url), validate=True
    )
    assert isinstance(failed, FetchFailed)
    assert failed.detail.startswith(failure.detail)
    assert hint in failed.detail
    assert hint or failed.detail == failure.detail


def test_each_part_counts_for_the_hash() -> None:
    def digest(*parts: bytes) -> Sequence[str]:
        gathered, _ = gather(
            {"/index.xml": index("/a", "/b")}
            | dict(zip(("/a", "/b"), parts, strict=True))
        )
        assert isinstance(gathered, Gathered)
        return gathered.body_hash

    assert (
        len(
            {
                digest(ONE, TWO),
                digest(ONE, ONE),
                digest(TWO, TWO),
                digest(ONE, TWO),
            }
        )
        == 3
    )


@pytest.mark.parametrize(
    ("document", "kept"),
    [
        (
            b"<rss><channel><item><title>Eins</title></item></channel></rss>",
            '"a"',
        ),
        (
            b"<rss><channel><item><title>Eins</title></item><item><title>Zw",
            None,
        ),
        (
            b"<urlset><url><loc>http://zeitung.test/1</loc></url><url><loc>http://zei",
            None,
        ),
    ],
)
def test_a_document_without_its_end_is_asked_for_in_full_again(
    document: bytes, kept: str | None
) -> None:
    http = DictHttp(
        {
            str(FEED.url): Fetched(
                str(FEED.url), str(FEED.url), 200, document, etag='"a"'
            )
        }
    )
    found = Gatherer(http=http, clock=SetClock()).gather(
        FEED, FeedState("zeitung", FEED.url), validate=True
    )
    assert isinstance(found, Gathered)
    assert found.parsed is not None
    assert len(found.parsed.entries) == 1
    assert found.answer.etag == kept
