"""Words that spoil a topic, by what people judged: what they would take away is counted by the
matcher.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.flow.requests.topic_draft import TopicDraft
from monitor.flow.requests.topic_suggestions import JudgedStory, suggest_narrower
from monitor.types.catalog import Catalog
from monitor.types.state import Article

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RAT = TopicDraft("Rat", "words", any=("Rat",))


def story(number: int, text: str, *, right: bool) -> JudgedStory:
    article = Article(
        id=number,
        doc_id=f"a{number}",
        url=f"http://a.test/{number}",
        feed_id="a",
        outlet="A",
        title=f"Rat {number}",
        lead="",
        text=text,
        first_seen_at=NOW,
        published_at=NOW,
        published_source="feed",
        story_id=number,
    )
    return JudgedStory(article, right)


WRONG = [story(n, f"Guter Rat zur Steuererklärung, Tipp {n}", right=False) for n in range(6)]
RIGHT = [story(n + 50, f"Der Rat der Stadt beschloss Punkt {n}", right=True) for n in range(9)]


def test_a_word_that_takes_away_wrong_hits_only() -> None:
    found = suggest_narrower(RAT, [*WRONG, *RIGHT], catalog=Catalog(), base=None)
    terms = {each.term: (each.wrong, each.right) for each in found}
    assert terms["Steuererklärung"] == (6, 0)
    assert all(wrong > right for wrong, right in terms.values())
    assert "Rat" not in terms
    draft = next(each.draft for each in found if each.term == "Steuererklärung")
    assert draft.none == ("Steuererklärung",)


def test_what_also_stands_in_right_hits_is_counted() -> None:
    mixed = [story(90, "Der Rat berät über eine Steuererklärung", right=True)]
    found = suggest_narrower(RAT, [*WRONG, *RIGHT, *mixed], catalog=Catalog(), base=None)
    terms = {each.term: (each.wrong, each.right) for each in found}
    assert terms["Steuererklärung"] == (6, 1)


@pytest.mark.parametrize(
    "judged", [[], WRONG[:1], RIGHT, [*WRONG[:1], *RIGHT]], ids=["none", "one", "right", "few"]
)
def test_from_few_judgements_nothing_is_learnt(judged: list[JudgedStory]) -> None:
    assert suggest_narrower(RAT, judged, catalog=Catalog(), base=None) == ()


def test_an_unreadable_draft_has_no_suggestions() -> None:
    broken = TopicDraft("Rat", "query", query="(Rat")
    assert suggest_narrower(broken, [*WRONG, *RIGHT], catalog=Catalog(), base=None) == ()
