"""Made-up pages of sixty systems and kinds keep their text: none collapses."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from trafilatura import bare_extraction

from monitor.extract.article import extract_article
from monitor.types.page import Extracted, PageTask
from tests.extract.systems import Labelled, labelled_pages

MEAN_F1 = 0.985
WORST_F1 = 0.88
RECALL = 0.8  # of the label's words
COLLAPSED = 0.6  # of plain trafilatura's recall
PAGES = labelled_pages()


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def recall(found: str, wanted: str) -> float:
    return (words(found) & words(wanted)).total() / words(wanted).total()


def f1(found: str, wanted: str) -> float:
    both = words(found).total() + words(wanted).total()
    return 2 * (words(found) & words(wanted)).total() / both


@cache
def text_of(page: Labelled) -> str:
    address = f"https://seite.example/a/{page.name}-17"
    outcome = extract_article(PageTask(address, page.html, "text/html"))
    return (
        f"{outcome.lead}\n{outcome.text}"
        if isinstance(outcome, Extracted)
        else ""
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_collapses(page: Labelled) -> None:
    plain = bare_extraction(page.html)
    reference = recall(getattr(plain, "text", "") or "", page.text)
    assert recall(text_of(page), page.text) >= max(
        RECALL, COLLAPSED * reference
    )
    assert f1(text_of(page), page.text) >= WORST_F1


def test_the_mean() -> None:
    scores = [f1(text_of(page), page.text) for page in PAGES]
    assert len(scores) >= 60
    assert sum(scores) / len(scores) >= MEAN_F1


@pytest.mark.parametrize(
    ("name", "outside"),
    [
        ("aem_core_components", "unser neuer Berater"),
        ("wp_kadence", "Geruch"),
        ("ghost", "duftet er nach Wald"),
        ("drupal_paragraphs", "Was im Keller lagert"),
        ("contao", "Zuschuss"),
        ("ticker_liste", "Bäcker backt Brot"),
        ("presseportal", "laufen unter Tage"),
        ("magazin_sections_article", "Petersilie"),
        ("wp_twentytwentyfour", "zwei Gläser für unsere Nachbarn"),
        ("blogger", "sofort probieren"),
        ("woocommerce", "Weidenkorb"),
        ("typo3_news", "Orgel bekommt"),
    ],
)
def test_teasers_and_comments_stay_out(name: str, outside: str) -> None:
    page = next(page for page in PAGES if page.name == name)
    assert outside.encode() in page.html
    assert outside not in text_of(page)
