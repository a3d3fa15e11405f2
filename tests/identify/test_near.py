"""Copies of one story, and what only looks like copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from monitor.identify.near import (
    NearWindow,
    Prints,
    likeness,
    nearest,
    take_prints,
)
from tests.identify.agency_copies import Labelled, world

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FEWEST_RIGHT, FEWEST_FOUND = 0.99, 0.95

FIRE = (
    "In einer Lagerhalle im Gewerbegebiet ist am frühen Morgen ein Feuer ausgebrochen. Verletzt"
    " wurde nach Angaben der Feuerwehr niemand. Rund 80 Einsatzkräfte waren bis zum Mittag im"
    " Einsatz. Die Ursache des Brandes ist noch unklar. Der Schaden geht nach ersten Schätzungen in"
    " die Hunderttausende. Anwohner wurden gebeten, Fenster und Türen zu schließen."
)


def prints(text: str, *, title: str = "", lead: str = "") -> Prints:
    return take_prints(title, lead, text)


def check(one: str, other: str, *, copies: bool) -> None:
    assert (likeness(prints(one), prints(other)) > 0) is copies
    assert likeness(prints(one), prints(other)) == likeness(
        prints(other), prints(one)
    )


def test_copies() -> None:
    check(FIRE, FIRE, copies=True)
    check(
        FIRE,
        f"Herford (dpa/lnw) - {FIRE}\n© dpa-infocom, dpa:261123-930-1/1",
        copies=True,
    )
    check(FIRE, FIRE[: len(FIRE) // 2], copies=True)
    check(
        FIRE,
        "Der Rauch zog bis nach Bünde, wo die Schulen geschlossen blieben. "
        + FIRE,
        copies=True,
    )
    check(
        FIRE, FIRE.replace("Rund 80", "Etwa 80").replace("-", "–"), copies=True
    )


def test_no_copies() -> None:
    check(FIRE, "", copies=False)
    check(
        "Verletzt wurde nach Angaben der Feuerwehr niemand.",
        FIRE,
        copies=False,
    )
    check(
        FIRE,
        "Der Bundestag hat am Abend den Haushalt beschlossen. " * 8,
        copies=False,
    )
    weather = (
        "Am Samstag ist es in {} meist bewölkt. Die Werte liegen bei {} bis {} Grad, in der Nacht"
        " um {} Grad. Der Wind "
    )
    weather += (
        "weht schwach aus Südwest mit {} Kilometern pro Stunde. Regen fällt kaum, der Pollenflug"
        " ist gering."
    )
    check(
        weather.format("Herford", 11, 14, 3, 20),
        weather.format("Minden", 12, 17, 2, 25),
        copies=False,
    )


def test_headlines_count_only_where_there_is_nothing_else() -> None:
    titles = (
        "Großbrand im Gewerbegebiet Süd: Achtzig Einsatzkräfte löschen bis zum Mittag, Ursache"
        " unklar, niemand verletzt"
    )
    assert likeness(prints("", title=titles), prints("", title=titles)) == 1
    assert prints(FIRE, title="Eins").words == prints(FIRE, title="Zwei").words


def test_headlines_that_differ_in_numbers_only_are_two_events() -> None:
    def alike(one: str, other: str) -> bool:
        return likeness(prints(FIRE, title=one), prints(FIRE, title=other)) > 0

    assert not alike("Polizeibericht Nr. 17", "Polizeibericht Nr. 18")
    assert alike("Polizeibericht Nr. 17", "Polizeibericht Nr. 17")
    assert alike("Feuer in Halle 3", "Brand: 80 Leute löschen")


def test_one_feed_does_not_bring_one_text_under_two_headlines() -> None:
    def alike(one: str, other: str, feed: str) -> bool:
        pair = (
            take_prints(one, "", FIRE, feed_id="zdf"),
            take_prints(other, "", FIRE, feed_id=feed),
        )
        return likeness(*pair) > 0

    assert not alike("Großbrand in Herford", "Feuerwehr im Einsatz", "zdf")
    assert alike("Großbrand in Herford", "Feuerwehr im Einsatz", "wdr")
    assert alike(
        "Großbrand in Herford", "Großbrand in Herford (Update)", "zdf"
    )


def test_the_lead_counts_once() -> None:
    lead, _, rest = FIRE.partition(". ")
    assert prints(FIRE, lead=lead) == prints(FIRE)
    assert likeness(prints(rest, lead=lead), prints(FIRE)) == 1


def test_the_most_alike_is_chosen_and_the_older_of_two_equals() -> None:
    known = {
        1: prints(FIRE[:250]),
        2: prints(FIRE),
        3: prints(FIRE),
        4: prints("Ganz etwas anderes. " * 9),
    }
    assert nearest(prints(FIRE), known, known.get) == (1, 1.0)
    edited = prints(FIRE.replace("Lagerhalle", "Scheune"))
    found = nearest(edited, [4, 3, 2], known.get)
    assert found is not None
    assert found[0] == 2
    assert nearest(prints(FIRE), [4, 5], known.get) is None


def test_the_window_forgets_what_is_old() -> None:
    window = NearWindow()
    window.add(1, prints(FIRE), seen_at=NOW)
    window.add(2, prints(FIRE), seen_at=NOW + timedelta(hours=1))
    window.add(3, prints("zu kurz"), seen_at=NOW)
    assert window.candidates(prints(FIRE)) == [1, 2]
    assert window.candidates(prints("zu kurz")) == []
    assert window.forget(before=NOW + timedelta(minutes=1)) == 1
    assert (len(window), 1 in window, 2 in window) == (1, False, True)
    assert window.candidates(prints(FIRE)) == [2]


def test_a_changed_text_replaces_the_old_one() -> None:
    window = NearWindow()
    other = prints(
        "Der Bundestag hat am Abend nach langer Debatte den Haushalt für das nächste Jahr"
        " beschlossen. " * 2
    )
    window.add(1, prints(FIRE), seen_at=NOW)
    window.add(1, other, seen_at=NOW + timedelta(hours=1))
    assert window.candidates(prints(FIRE)) == []
    assert window.candidates(other) == [1]
    assert window.forget(before=NOW + timedelta(minutes=30)) == 0
    window.add(
        1, prints("gekürzt auf nichts"), seen_at=NOW + timedelta(hours=1)
    )
    assert 1 not in window


def grouped(articles: Iterable[Labelled]) -> list[int]:
    """The story of each article, as the program would find it in this order."""
    window, known, stories = NearWindow(), {}, []
    for number, article in enumerate(articles):
        known[number] = take_prints(article.title, article.lead, article.text)
        found = nearest(
            known[number], window.candidates(known[number]), known.get
        )
        stories.append(stories[found[0]] if found else number)
        window.add(number, known[number], seen_at=NOW)
    return stories


@pytest.mark.slow
def test_generated_copies_and_near_misses() -> None:
    articles = world(seed=11, events=250)
    truth, found = pairs([a.event for a in articles]), pairs(grouped(articles))
    assert len(truth) > 1000
    assert len(truth & found) / len(found) >= FEWEST_RIGHT
    assert len(truth & found) / len(truth) >= FEWEST_FOUND


def pairs(labels: Iterable[object]) -> set[tuple[int, int]]:
    groups: dict[object, list[int]] = defaultdict(list)
    for number, label in enumerate(labels):
        groups[label].append(number)
    return {
        pair for group in groups.values() for pair in combinations(group, 2)
    }
