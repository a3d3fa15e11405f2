"""Says whether a page is the article of its item, and what it is instead:
pure, from evidence to a kind.

Markers (an excuse's phrases, forms, scripts, addresses) only weigh; what a
page shares with its item decides. An article that carries the item's words in
sentences of its own is believed whatever its subject. Where the evidence is
divided, a page that has the item's words is believed: what the feed said
counts beside it anyway.
"""

from __future__ import annotations

from monitor.extract.evidence import Marker, PageEvidence
from monitor.types.page import UnreadableKind

# words; so few hold no news where a script or an address speaks against the
# page
VERY_FEW = 30
# of a page that only excuses itself, with the site's frame around it
FEW_WORDS = 80
NOTHING = 8  # words; a page without text
SEVERAL = 3  # sentences that report: no excuse has so many


def judge_page(page: PageEvidence) -> UnreadableKind | None:
    """What the page is instead of the item's article, None where it is the
    article.
    """
    if page.led == "home" and not _is_items_own(page):
        return "home_page"
    for marker in page.markers:
        if not _is_outweighed(marker, page):
            return marker.kind
    return _by_content(page)


def _is_outweighed(marker: Marker, page: PageEvidence) -> bool:
    """Whether the item speaks for the page more than a marker against it."""
    if marker.place in ("markup", "path"):
        least = (
            FEW_WORDS
            if marker.place == "path" and page.is_foreign
            else VERY_FEW
        )
        return (
            page.is_named
            or page.is_told
            or page.is_stated
            or page.words > least
        )
    if marker.place == "heading" and not marker.is_items:
        return _is_a_report_below(page)
    return _is_a_report(marker, page)


def _is_a_report_below(page: PageEvidence) -> bool:
    """A heading that is an excuse and none of the item's words: only an
    article below it counts, not a list of teasers.
    """
    if page.is_told:
        return (
            page.has_prose
            or page.is_stated
            or (page.reports > 0 and not page.cards)
        )
    if _follows_events(page):
        return True
    if page.is_foreign or page.reports < SEVERAL:
        return False
    is_about_item = page.is_named and page.shared > 0 and not page.marked
    return (
        is_about_item or page.is_stated or (page.has_prose and page.shared > 1)
    )


def _is_a_report(marker: Marker, page: PageEvidence) -> bool:
    """A marker that stands in an article as well as in an excuse."""
    if page.is_told:
        return True
    if page.is_named:
        return (
            marker.place == "text" and marker.is_items
        ) or _speaks_for_itself(page)
    if page.is_foreign:
        return page.reports >= SEVERAL and page.reports > 2 * page.marked
    is_shared = page.shared >= SEVERAL and page.reports > 0
    return (
        page.is_stated
        or is_shared
        or page.reports >= max(SEVERAL, page.marked)
    )


def _speaks_for_itself(page: PageEvidence) -> bool:
    """Walls keep the article's title; so the sentences below it must be of
    another kind.
    """
    if page.reports >= SEVERAL:
        return page.reports >= page.marked
    if page.shared and page.reports > 0:
        return True
    is_beside_a_box = page.is_stated and page.marked <= page.reports + 1
    is_advice = (
        page.is_headed
        and page.marked == 1
        and page.own_words > 2 * page.marked_words
    )
    return page.own_words > 1 and (
        not page.marked or is_beside_a_box or is_advice
    )


def _by_content(page: PageEvidence) -> UnreadableKind | None:
    if page.shape == "listing" and not _is_items_own(page):
        return "home_page" if page.is_front else "listing"
    if _is_empty(page):
        return "empty_shell"
    if _is_section(page):
        return "listing"
    if page.is_stub and page.shape != "paywall":
        return "thin_page"
    if page.is_unrelated and not _follows_events(page):
        return "other_article"
    return None


def _is_items_own(page: PageEvidence) -> bool:
    return page.is_named and page.is_told


def _is_section(page: PageEvidence) -> bool:
    return page.led == "section" and page.is_foreign and not page.is_stated


def _is_empty(page: PageEvidence) -> bool:
    return (
        page.shape != "paywall"
        and page.words <= NOTHING
        and not _is_whole(page)
    )


def _is_whole(page: PageEvidence) -> bool:
    """A line that is all of a piece of news: words of the page's own under the
    item's title.
    """
    is_printed = page.is_headed or page.is_stated or page.shared > 0
    return page.own_words > 0 and is_printed and not page.is_foreign


def _follows_events(page: PageEvidence) -> bool:
    """A live blog keeps its address and headline while the feed names its
    newest entry.
    """
    return page.is_live and not page.led and page.reports >= SEVERAL
