"""The decision alone: one row for each way in which evidence can be divided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.extract.evidence import Marker, PageEvidence
from monitor.extract.unreadable import judge_page

REPORT = PageEvidence(
    is_named=True,
    is_told=True,
    shared=6,
    words=120,
    own_words=120,
    reports=6,
    is_headed=True,
)
BARE = PageEvidence(words=20, own_words=20, is_headed=True)
STRANGE = replace(BARE, is_foreign=True)
HEADING = Marker("maintenance", "heading")
OWN_HEADING = Marker("maintenance", "heading", is_items=True)
SENTENCE = Marker("consent", "text")
SCRIPT = Marker("browser_check", "markup")
STEP = Marker("login_wall", "path")


@pytest.mark.parametrize(
    "marker", [HEADING, OWN_HEADING, SENTENCE, SCRIPT, STEP]
)
def test_a_report_of_the_item_outweighs_any_marker(marker: Marker) -> None:
    assert (
        judge_page(replace(REPORT, markers=(marker,), has_prose=True)) is None
    )
    assert judge_page(replace(STRANGE, markers=(marker,))) == marker.kind


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        # an excuse in the heading
        (replace(REPORT, markers=(HEADING,), cards=9), "maintenance"),
        (replace(REPORT, markers=(HEADING,), is_stated=True, cards=9), None),
        (
            replace(
                BARE, markers=(HEADING,), reports=3, has_prose=True, shared=2
            ),
            None,
        ),
        (
            replace(
                BARE, markers=(HEADING,), reports=3, has_prose=True, shared=1
            ),
            "maintenance",
        ),
        (
            replace(BARE, markers=(HEADING,), reports=2, is_stated=True),
            "maintenance",
        ),
        (
            replace(BARE, markers=(HEADING,), is_named=True, reports=9),
            "maintenance",
        ),
        # the same words in the item's title
        (
            replace(BARE, markers=(OWN_HEADING,), is_named=True, reports=3),
            None,
        ),
        (
            replace(
                BARE,
                markers=(OWN_HEADING,),
                is_named=True,
                reports=1,
                shared=1,
            ),
            None,
        ),
        # a phrase in the text under the item's title
        (
            replace(BARE, markers=(SENTENCE,), is_named=True, marked=3),
            "consent",
        ),
        (
            replace(
                BARE, markers=(SENTENCE,), is_named=True, marked=4, reports=3
            ),
            "consent",
        ),
        (
            replace(
                BARE, markers=(SENTENCE,), is_named=True, marked=3, reports=3
            ),
            None,
        ),
        (
            replace(
                BARE,
                markers=(SENTENCE,),
                is_named=True,
                marked=3,
                reports=1,
                shared=1,
            ),
            None,
        ),
        (
            replace(
                BARE,
                markers=(SENTENCE,),
                is_named=True,
                marked=1,
                is_stated=True,
            ),
            None,
        ),
        (replace(BARE, markers=(SENTENCE,), is_named=True), None),
        (
            replace(
                BARE,
                markers=(Marker("maintenance", "text", True),),
                is_named=True,
                marked=1,
            ),
            None,
        ),
        (
            replace(
                BARE,
                markers=(SENTENCE,),
                is_named=True,
                marked=1,
                marked_words=9,
            ),
            None,
        ),
        (
            replace(
                BARE,
                markers=(SENTENCE,),
                is_named=True,
                marked=1,
                marked_words=10,
            ),
            "consent",
        ),
        # a live blog
        (replace(STRANGE, markers=(HEADING,), is_live=True, reports=3), None),
        # under another title
        (replace(BARE, markers=(SENTENCE,), marked=1, reports=2), "consent"),
        (replace(BARE, markers=(SENTENCE,), marked=1, reports=3), None),
        (
            replace(BARE, markers=(SENTENCE,), marked=1, reports=1, shared=3),
            None,
        ),
        (
            replace(STRANGE, markers=(SENTENCE,), marked=1, reports=2),
            "consent",
        ),
        (replace(STRANGE, markers=(SENTENCE,), marked=1, reports=3), None),
        # few words and a tool
        (replace(BARE, markers=(SCRIPT,)), "browser_check"),
        (replace(BARE, markers=(SCRIPT,), words=31), None),
        (replace(STRANGE, markers=(STEP,), words=80), "login_wall"),
        (replace(STRANGE, markers=(STEP,), words=81), None),
    ],
)
def test_markers(evidence: PageEvidence, expected: str | None) -> None:
    assert judge_page(evidence) == expected


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (REPORT, None),
        (PageEvidence(), "empty_shell"),
        (PageEvidence(is_named=True, is_stated=True), "empty_shell"),
        (PageEvidence(words=5, own_words=5, is_named=True), "empty_shell"),
        (
            PageEvidence(words=5, own_words=5, is_named=True, is_headed=True),
            None,
        ),
        (
            PageEvidence(
                words=5, own_words=5, is_headed=True, is_foreign=True
            ),
            "empty_shell",
        ),
        (PageEvidence(shape="paywall", words=5), None),
        (replace(REPORT, led="home"), None),
        (replace(REPORT, led="home", is_told=False), "home_page"),
        (replace(REPORT, led="home", is_named=False), "home_page"),
        (replace(STRANGE, led="section"), "listing"),
        (replace(STRANGE, led="section", is_stated=True), None),
        (replace(REPORT, shape="listing"), None),
        (replace(BARE, shape="listing"), "listing"),
        (replace(BARE, shape="listing", is_front=True), "home_page"),
        (replace(REPORT, is_stub=True), "thin_page"),
        (replace(REPORT, is_stub=True, shape="paywall"), None),
        (replace(BARE, is_unrelated=True), "other_article"),
        (replace(BARE, is_unrelated=True, is_live=True, reports=3), None),
        (
            replace(BARE, is_unrelated=True, is_live=True, reports=2),
            "other_article",
        ),
        (
            replace(
                BARE,
                is_unrelated=True,
                is_live=True,
                reports=3,
                led="elsewhere",
            ),
            "other_article",
        ),
    ],
)
def test_pages_without_a_marker(
    evidence: PageEvidence, expected: str | None
) -> None:
    assert judge_page(evidence) == expected
