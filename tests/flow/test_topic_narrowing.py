"""What would narrow a topic: learnt from judged stories, counted by the real
matcher.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.flow.requests.draft_changes import narrowed_query, without_outlet
from monitor.flow.requests.topic_draft import TopicDraft
from monitor.flow.requests.topic_narrowing import (
    Exclusion,
    Exclusions,
    JudgedStory,
    suggest_narrower,
)
from monitor.query.parser import parse_query
from monitor.types.article import Article
from monitor.types.catalog import Catalog
from tests.articles import make_article

NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
WEATHER = TopicDraft("Sturm", any=("Sturm*",))


def article(number: int, text: str, outlet: str = "Bote") -> Article:
    title = f"Meldung {number}"
    return make_article(number, at=NOW, outlet=outlet, title=title, text=text)


def stories(
    *texts: str, right: bool, outlet: str = "Bote", first: int = 1
) -> list[JudgedStory]:
    return [
        JudgedStory(article(first + n, text, outlet), right)
        for n, text in enumerate(texts)
    ]


FOOTBALL = stories(
    "Der Sturm trifft wieder, der Trainer jubelt.",
    "Im Sturm fehlt die Spitze, sagt der Trainer.",
    "Stürmisch war nur der Sturm, der Trainer schwieg.",
    "Trainer Meyer stellt den Sturm um.",
    right=False,
)
WIND = stories(
    "Der Sturm deckte Dächer ab.",
    "Bäume fielen im Sturm auf Gleise.",
    "Ein Sturm zieht über die Küste.",
    "Nach dem Sturm fehlt Strom.",
    "Sturmflut: Fähren fallen aus.",
    right=True,
    first=11,
)


def suggest(draft: TopicDraft, judged: list[JudgedStory]) -> Exclusions:
    return suggest_narrower(draft, judged, catalog=Catalog(), base=None)


def best(found: Exclusions) -> Exclusion:
    return found.found[0]


def test_the_word_that_all_wrong_hits_share_comes_first() -> None:
    found = suggest(WEATHER, FOOTBALL + WIND)
    assert (found.wrong, found.right) == (4, 5)
    word = best(found)
    assert (word.term, word.without, word.wrong, word.right) == (
        "Trainer",
        "NOT Trainer",
        4,
        0,
    )
    assert (word.in_wrong, word.in_right) == (4, 0)
    assert word.g2 == pytest.approx(12.365, abs=0.001)
    assert word.draft == TopicDraft(
        "Sturm", any=("Sturm*",), none=("Trainer",)
    )


def test_a_query_is_narrowed_behind_its_own_text() -> None:
    query = TopicDraft("Sturm", "query", query="Sturm* OR Orkan")
    assert (
        best(suggest(query, FOOTBALL + WIND)).draft.query
        == "(Sturm* OR Orkan) AND NOT Trainer"
    )


def test_what_right_hits_have_costs_and_is_counted() -> None:
    costly = stories(
        "Der Trainer der Seenotretter übt im Sturm.", right=True, first=30
    )
    word = best(suggest(WEATHER, FOOTBALL + WIND + costly))
    assert (word.term, word.wrong, word.right) == ("Trainer", 4, 1)


def test_a_story_goes_only_where_no_copy_is_met_any_more() -> None:
    copy = article(50, "Sturm trifft, schreibt die Agentur.")
    first = JudgedStory(FOOTBALL[0].article, False, (copy,))
    word = best(suggest(WEATHER, [first, *FOOTBALL[1:], *WIND]))
    assert (word.in_wrong, word.wrong) == (4, 3)


def test_what_the_query_meets_no_more_says_nothing() -> None:
    narrower = TopicDraft("Sturm", any=("Sturm*",), none=("Trainer",))
    found = suggest(narrower, FOOTBALL + WIND)
    assert (found.wrong, found.right, found.found) == (0, 5, ())


@pytest.mark.parametrize(
    "judged",
    [
        [],
        FOOTBALL,
        WIND,
        FOOTBALL[:1] + WIND,
        FOOTBALL[:1] + WIND[:1],
    ],
)
def test_from_little_nothing_is_learnt(judged: list[JudgedStory]) -> None:
    assert suggest(WEATHER, judged).found == ()


def test_an_outlet_spoils_a_topic() -> None:
    texts = [
        f"Sturm Platz {word}" for word in ("Alpha", "Beta", "Gamma", "Delta")
    ]
    kicker = stories(*texts, right=False, outlet="Kicker aktuell")
    found = suggest(WEATHER, kicker + WIND).found
    assert [(each.kind, each.without) for each in found] == [
        ("word", "NOT Platz"),
        ("outlet", 'NOT source:"Kicker aktuell"'),
    ]
    outlet = found[-1]
    assert (outlet.wrong, outlet.right) == (4, 0)
    assert outlet.draft.query == 'Sturm* AND NOT source:"Kicker aktuell"'


def test_forms_of_one_word_are_one_beginning() -> None:
    texts = (
        "Die Handballer im Sturm",
        "Handballerin nutzt Sturm",
        "Handballs Sturm fehlt",
    )
    word = best(suggest(WEATHER, stories(*texts, right=False) + WIND))
    assert (word.term, word.wrong) == ("Handball*", 3)


def test_names_and_nouns_come_before_other_words() -> None:
    texts = [f"Gestern siegte Arminia im Sturm {n}" for n in "abcd"]
    terms = [
        each.term
        for each in suggest(WEATHER, stories(*texts, right=False) + WIND).found
    ]
    assert terms.index("Arminia") < terms.index("siegte")


def test_an_unreadable_draft_gives_nothing() -> None:
    assert (
        suggest(TopicDraft("X", "query", query="((("), FOOTBALL + WIND).found
        == ()
    )


@pytest.mark.parametrize(
    ("query", "narrower"),
    [
        ("Rat", "Rat AND NOT Sport"),
        ("Rat OR Kreis", "(Rat OR Kreis) AND NOT Sport"),
        ("Rat AND Kreis", "Rat AND Kreis AND NOT Sport"),
        ("Rat NOT Kino", "Rat NOT Kino AND NOT Sport"),
        ("Rat NEAR/3 Kreis", "Rat NEAR/3 Kreis AND NOT Sport"),
        ('title:"Rat der Stadt"', 'title:"Rat der Stadt" AND NOT Sport'),
        ("Rat OR Kreis NOT Kino", "(Rat OR Kreis NOT Kino) AND NOT Sport"),
        (
            "(Rat OR Kreis) AND Haushalt",
            "(Rat OR Kreis) AND Haushalt AND NOT Sport",
        ),
        ("Rat^3 OR Kreis", "(Rat^3 OR Kreis) AND NOT Sport"),
        ("  Rat\n OR Kreis  ", "(Rat\n OR Kreis) AND NOT Sport"),
    ],
)
def test_an_exclusion_holds_for_the_whole_query(
    query: str, narrower: str
) -> None:
    assert narrowed_query(query, "Sport") == narrower
    assert parse_query(narrower).tree is not None


@pytest.mark.parametrize("outlet", ['Der "Bote"', "Bo\\te"])
def test_an_outlet_that_cannot_be_written_is_not_offered(outlet: str) -> None:
    assert without_outlet(WEATHER, outlet) is None
