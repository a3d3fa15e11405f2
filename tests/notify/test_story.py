"""From an article and its match to the lines of a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.notify.mail.mail_page import Link, TextRun
from monitor.notify.mail.story_block import (
    reason_line,
    story_block,
    view_story,
)
from monitor.notify.mail.templates_render import Templates
from monitor.types.mail import Copy
from monitor.types.match import ClauseHits, Match, Span
from monitor.types.output import Highlight
from tests.articles import changed, make_article
from tests.notify.samples import NOON, match, story

GERMAN = Templates().wording("de", "Europe/Berlin")
ENGLISH = Templates().wording("en", "Europe/Berlin")
ARTICLE = make_article(
    1,
    at=NOON,
    url="https://zdf.example/a",
    feed_id="zdf",
    outlet="ZDF",
    title="Ukraine: Lage",
    text="Ruhe am Morgen. Die Ukraine meldet Angriffe.",
    published_at=NOON - timedelta(hours=1),
    authors=("Anna Muster",),
    priority=2,
)
HIT = Match(
    "t",
    "q",
    (ClauseHits("Ukraine", (Span("title", 0, 7), Span("text", 20, 27))),),
)


def check(match: Match, german: str, english: str) -> None:
    assert (reason_line(match, GERMAN), reason_line(match, ENGLISH)) == (
        german,
        english,
    )


@pytest.mark.parametrize(
    ("match", "german", "english"),
    [
        (
            match(4, 1),
            "Ukraine* ×5, davon Titel 1",
            "Ukraine* ×5, 1 in the title",
        ),
        (match(2, 0), "Ukraine* ×2", "Ukraine* ×2"),
        (
            Match(
                "t",
                "q",
                (
                    *match(1, 0).clauses,
                    ClauseHits('"Kreis\nHerford"', (Span("title", 0, 1),)),
                ),
            ),
            'Ukraine* ×1 · "Kreis Herford" ×1, davon Titel 1',
            'Ukraine* ×1 · "Kreis Herford" ×1, 1 in the title',
        ),
        (
            Match("t", "q", match(1, 0).clauses * 8),
            " · ".join(["Ukraine* ×1"] * 6) + " · +2 weitere Suchbegriffe",
            " · ".join(["Ukraine* ×1"] * 6) + " · +2 more terms",
        ),
        (Match("t", "q", ()), "", ""),
    ],
)
def test_reasons(match: Match, german: str, english: str) -> None:
    check(match, german, english)


def test_a_view_has_what_the_article_has() -> None:
    view = view_story(ARTICLE, HIT, snippet="short", also_in=(Copy("WDR"),))
    assert view.snippet == Highlight(
        "Die Ukraine meldet Angriffe.", ((4, 11),)
    )
    assert (
        view.title,
        view.outlet,
        view.authors,
        view.priority,
        view.articles,
    ) == (
        "Ukraine: Lage",
        "ZDF",
        ("Anna Muster",),
        2,
        2,
    )
    assert (view.published_at, view.found_at) == (
        ARTICLE.provenance.published_at,
        NOON,
    )
    assert (view.changed, view.summary_only, view.full_text) == (
        False,
        False,
        "",
    )


def test_a_date_that_nobody_gave_is_not_shown_as_one() -> None:
    view = view_story(
        changed(ARTICLE, published_source="first_seen"), HIT, snippet="short"
    )
    assert story_block(view, GERMAN).flags == ("Kein Datum im Feed",)
    assert story_block(view, GERMAN).details[0] == "ohne Zeitangabe"


def test_full_text_needs_a_licence() -> None:
    assert view_story(ARTICLE, HIT, snippet="short").full_text == ""
    assert (
        view_story(
            changed(ARTICLE, license=True), HIT, snippet="short"
        ).full_text
        == ARTICLE.content.text
    )


def test_flags() -> None:
    view = view_story(
        changed(ARTICLE, kind="summary"), HIT, snippet="none", changed=True
    )
    assert story_block(view, GERMAN).flags == (
        "Geänderter Artikel",
        "Nur Zusammenfassung aus dem Feed",
    )
    assert story_block(view, ENGLISH).flags == (
        "Changed article",
        "Feed summary only",
    )
    assert story_block(view, GERMAN).snippet == ()


def test_a_snippet_that_is_the_title_marks_the_headline_instead() -> None:
    view = view_story(
        changed(ARTICLE, text="Nichts."),
        Match("t", "q", HIT.clauses),
        snippet="short",
    )
    only_title = replace(view, snippet=Highlight("Ukraine: Lage", ((0, 7),)))
    block = story_block(only_title, GERMAN)
    assert block.headline == (
        TextRun("Ukraine", marked=True),
        TextRun(": Lage"),
    )
    assert block.snippet == ()


def test_also_in_names_each_outlet_once_and_not_too_many() -> None:
    copies = (
        Copy("WDR", "https://a.example/1"),
        Copy("WDR", "https://a.example/2"),
        Copy(" "),
        Copy("X", "file:///etc"),
    )
    assert story_block(story(also_in=copies), GERMAN).also_in == (
        Link("WDR", "https://a.example/1"),
        Link("X"),
    )
    crowd = story_block(
        story(also_in=tuple(Copy(f"Z{i}") for i in range(20))), GERMAN
    )
    assert (len(crowd.also_in), crowd.also_more) == (12, "und 8 weitere")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "/relative",
        "",
        "https://x y/",
        "https://[",
        "x" * 9999,
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    block = story_block(story(url=url), GERMAN)
    assert block.url == "" or block.url.startswith("https://")
    assert (
        "".join(p.text for p in block.headline)
        == "Selenskyj in Berlin erwartet"
    )


def test_marks_that_cannot_be_are_ignored() -> None:
    snippet = Highlight(
        "Die Ukraine siegt", ((4, 11), (2, 6), (9, 4), (12, 99))
    )
    assert story_block(story(snippet=snippet), GERMAN).snippet == (
        TextRun("Die "),
        TextRun("Ukraine", marked=True),
        TextRun(" siegt"),
    )
