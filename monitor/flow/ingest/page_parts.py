"""An article's further pages, fetched one after the other: what came of them,
and what is missing at their end.

Shared state: none. Whoever reads the article decides what becomes of an
incomplete one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.flow.ingest.reservations import reserved_note
from monitor.types.page import (
    UNREADABLE,
    Extracted,
    ExtractFailed,
    ExtractOutcome,
)
from monitor.types.state import RawPage
from monitor.types.web import Fetched, FetchFailed

MOST_PARTS = 10
"""Pages of one article that are joined: the longest reports have five."""


@dataclass(frozen=True, slots=True)
class PageParts:
    """An article's pages in order. `missing` says in one line what is not
    there; `failure` is set where a page failed, so that it can be had another
    time.
    """

    raws: tuple[RawPage, ...]
    pages: tuple[Extracted, ...]
    missing: str = ""
    failure: FetchFailed | ExtractFailed | None = None


def follow_parts(
    raw: RawPage,
    page: Extracted,
    *,
    get: Callable[[str], Fetched | FetchFailed],
    extract: Callable[[RawPage], ExtractOutcome],
    reserved: Callable[[str, Extracted | None], str],
) -> PageParts:
    """The article's pages, `page` first.

    `reserved` says why an address, or the page that came of it, is reserved.
    """
    raws, pages, seen = [raw], [page], {raw.url}
    missing, failure = "", None
    while (url := pages[-1].next_url) and url not in seen:
        if len(pages) == MOST_PARTS:
            missing = f"only the first {MOST_PARTS} pages are joined"
            break
        seen.add(url)
        found = _part(
            url, len(pages), seen, get=get, extract=extract, reserved=reserved
        )
        if isinstance(found, str | FetchFailed | ExtractFailed):
            missing = (
                f"page {len(pages) + 1} is missing:"
                f" {found if isinstance(found, str) else found.detail}"
            )
            failure = None if isinstance(found, str) else found
            break
        if found is None or set(found[1].text.splitlines()) <= set(
            pages[-1].text.splitlines()
        ):
            break  # the same text again: those are pages of comments
        raws.append(found[0])
        pages.append(found[1])
        seen.add(found[0].url)
    return PageParts(tuple(raws), tuple(pages), missing, failure)


def _part(
    url: str,
    number: int,
    seen: set[str],
    *,
    get: Callable[[str], Fetched | FetchFailed],
    extract: Callable[[RawPage], ExtractOutcome],
    reserved: Callable[[str, Extracted | None], str],
) -> tuple[RawPage, Extracted] | str | FetchFailed | ExtractFailed | None:
    """One further page; None where it leads back, a reason where it is
    reserved, else what failed.
    """
    if reason := reserved(url, None):
        return reserved_note(reason)
    answer = get(url)
    if isinstance(answer, FetchFailed):
        return answer
    if answer.final_url != url and answer.final_url in seen:
        return None
    raw = raw_page(answer, part=number)
    page = _believed(extract(raw))
    if isinstance(page, ExtractFailed):
        return page
    if reason := reserved(answer.final_url, page):
        return reserved_note(reason)
    return raw, page


def _believed(page: ExtractOutcome) -> ExtractOutcome:
    """A further page that is an error or a gate must not be joined."""
    if isinstance(page, Extracted) and page.kind in UNREADABLE:
        return ExtractFailed(
            page.kind, f"the page is not the article: {page.kind}"
        )
    return page


def raw_page(answer: Fetched, *, part: int) -> RawPage:
    """A page as it was fetched."""
    return RawPage(
        part,
        answer.final_url,
        answer.content_type,
        answer.headers,
        answer.body,
    )
