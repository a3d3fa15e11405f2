"""The feed's word against the page's: which date is chosen and why, and what a
page without an article leaves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.extract.choice import choose_date, from_feed, from_page
from monitor.types.page import Extracted, PageDate
from monitor.types.state import ReadTask

SEEN = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
TASK = ReadTask(
    1,
    "https://z.example/a",
    "z.example",
    "z",
    0,
    0,
    SEEN,
    "Titel",
    "Kurz gesagt.",
    "",
)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MIDNIGHT = datetime(2025, 6, 1, 22, 0, tzinfo=UTC)  # of 2 June in Berlin
PAGE = Extracted(
    "article",
    "Seitentitel",
    "Vorspann",
    "Text der Seite.",
    published=PageDate(SEEN - HOUR, "json-ld"),
)


@pytest.mark.parametrize(
    ("feed", "page", "when", "source", "reason"),
    [
        (SEEN - HOUR, None, SEEN - HOUR, "feed", "the page states none"),
        (
            SEEN - HOUR,
            PageDate(SEEN - HOUR, "meta"),
            SEEN - HOUR,
            "feed",
            "the page states the same",
        ),
        (
            SEEN - HOUR,
            PageDate(MIDNIGHT, "text", exact=False),
            SEEN - HOUR,
            "feed",
            "the page states only a day",
        ),
        (
            SEEN - HOUR,
            PageDate(SEEN - 80 * MINUTE, "time"),
            SEEN - HOUR,
            "feed",
            "the page states one 20 min earlier",
        ),
        (
            SEEN - HOUR,
            PageDate(SEEN, "json-ld"),
            SEEN - HOUR,
            "feed",
            "the page states one 60 min later",
        ),
        (
            MIDNIGHT,
            PageDate(SEEN - HOUR, "meta"),
            SEEN - HOUR,
            "meta",
            "the feed gives only the day, the page the time",
        ),
        (
            SEEN,
            PageDate(SEEN - 72 * HOUR, "json-ld"),
            SEEN - 72 * HOUR,
            "json-ld",
            "the feed's is later by 3 days, as after an update",
        ),
        (
            SEEN,
            PageDate(SEEN - 72 * HOUR, "time"),
            SEEN,
            "feed",
            "the page states one 3 days earlier",
        ),
        (
            None,
            PageDate(SEEN - HOUR, "json-ld"),
            SEEN - HOUR,
            "json-ld",
            "the feed gives none",
        ),
        (
            None,
            PageDate(MIDNIGHT, "url", exact=False),
            MIDNIGHT,
            "url",
            "the feed gives none; the page states only the day",
        ),
        (
            SEEN + 30 * HOUR,
            PageDate(SEEN, "meta"),
            SEEN,
            "meta",
            "the feed's is not believable",
        ),
        (
            SEEN - 4000 * 24 * HOUR,
            None,
            SEEN,
            "first_seen",
            "the feed's is not believable; the page states none that is",
        ),
        (
            None,
            None,
            SEEN,
            "first_seen",
            "the feed gives none; the page states none that is",
        ),
        (
            None,
            PageDate(SEEN + 48 * HOUR, "meta"),
            SEEN,
            "first_seen",
            "the feed gives none; the page states none that is",
        ),
    ],
)
def test_dates(
    feed: datetime | None,
    page: PageDate | None,
    when: datetime,
    source: str,
    reason: str,
) -> None:
    chosen = choose_date(replace(TASK, feed_date=feed), page)
    assert (chosen.when, chosen.source, chosen.reason) == (
        when,
        source,
        reason,
    )


ONLY = "the feed gives only the date of its last change (updated)"


@pytest.mark.parametrize(
    ("page", "when", "source", "reason"),
    [
        (None, SEEN, "feed", f"{ONLY}; the page states none"),
        (PageDate(SEEN - 3 * HOUR, "time"), SEEN - 3 * HOUR, "time", ONLY),
        (PageDate(SEEN - 72 * HOUR, "text"), SEEN - 72 * HOUR, "text", ONLY),
        (PageDate(SEEN - MINUTE, "meta"), SEEN - MINUTE, "meta", ONLY),
        (
            PageDate(MIDNIGHT, "text", exact=False),
            SEEN,
            "feed",
            f"{ONLY}; the page states only a day",
        ),
        (
            PageDate(MIDNIGHT - 24 * HOUR, "url", exact=False),
            MIDNIGHT - 24 * HOUR,
            "url",
            ONLY,
        ),
        (
            PageDate(MIDNIGHT + 24 * HOUR, "url", exact=False),
            SEEN,
            "feed",
            f"{ONLY}; the page states only a day",
        ),
    ],
)
def test_a_feeds_updated_yields_to_the_page(
    page: PageDate | None, when: datetime, source: str, reason: str
) -> None:
    chosen = choose_date(
        replace(TASK, feed_date=SEEN, only_updated=True), page
    )
    assert (chosen.when, chosen.source, chosen.reason) == (
        when,
        source,
        reason,
    )


def test_the_page_is_kept_with_the_feeds_facts_where_it_has_none() -> None:
    task = replace(
        TASK,
        authors=("Eva Beispiel",),
        image_url="https://z.example/i.jpg",
        feed_updated=SEEN,
    )
    result = from_page(task, PAGE)
    assert (result.title, result.text, result.kind) == (
        "Seitentitel",
        "Text der Seite.",
        "article",
    )
    assert (result.authors, result.image_url) == (
        ("Eva Beispiel",),
        "https://z.example/i.jpg",
    )
    assert (
        result.dates.modified_at,
        result.dates.modified_source,
        result.dates.page_date,
    ) == (
        SEEN,
        "feed",
        SEEN - HOUR,
    )
    stated = replace(PAGE, modified=PageDate(SEEN - MINUTE, "json-ld"))
    assert (
        from_page(task, stated).dates.modified_at,
        from_page(task, stated).dates.modified_source,
    ) == (
        SEEN - MINUTE,
        "json-ld",
    )


@pytest.mark.parametrize("kind", ["consent", "listing"])
def test_what_is_no_article_leaves_the_feeds_words(kind: str) -> None:
    result = from_page(TASK, replace(PAGE, kind=kind))  # type: ignore[arg-type]
    assert (result.kind, result.text, result.note) == (
        "summary",
        "Kurz gesagt.",
        f"the page is not the article: {kind}",
    )


def test_a_paid_article_is_marked() -> None:
    assert (
        from_page(TASK, replace(PAGE, kind="paywall")).note
        == "only the free part of a paid article"
    )


def test_content_in_the_feed_is_its_text() -> None:
    result = from_feed(replace(TASK, content="Der ganze Text."), note="n")
    assert (result.lead, result.text, result.extraction.word_count) == (
        "Kurz gesagt.",
        "Der ganze Text.",
        3,
    )


@pytest.mark.parametrize(
    "hidden",
    ["\u202e", "\u2066", "\u2069", "\u200f", "\x1b", "\x00", "\u061c"],
)
def test_nothing_of_a_page_turns_what_others_show(hidden: str) -> None:
    said = f"{hidden}gnp.{hidden}exe"
    page = replace(
        PAGE, title=said, lead=said, text=f"{said}\n{said}", authors=(said,)
    )
    read = from_page(TASK, page)
    assert (read.title, read.lead, read.authors) == (
        "gnp.exe",
        "gnp.exe",
        ("gnp.exe",),
    )
    assert read.text == "gnp.exe\ngnp.exe"
