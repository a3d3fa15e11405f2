"""Saved searches of topics that are gone: found and removed, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from monitor.errors import KibanaError
from monitor.kibana.client import KibanaAccess
from monitor.kibana.install import import_objects
from monitor.kibana.leftovers import find_leftovers, remove_searches
from monitor.kibana.objects import build_objects
from tests.kibana.stand_in import StandIn, stand_in

BEFORE = (("ukraine", "Ukraine"), ("klima", "Klima"), ("wohnen", "Wohnen"))
NOW = ("ukraine",)


@pytest.fixture(params=["", "presse"])
def space(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def kibana(space: str) -> Iterator[StandIn]:
    """Kibana with the searches of three topics, two of which are gone by now."""
    with stand_in() as running:
        import_objects(
            build_objects(BEFORE, index="monitor", space=space),
            KibanaAccess(running.url),
            space=space,
        )
        yield running


def kept(kibana: StandIn, space: str) -> dict[tuple[str, str], Any]:
    return kibana.spaces[space or "default"]


def own(space: str, key: str) -> str:
    return f"{space}-monitor-{key}" if space else f"monitor-{key}"


def add(
    kibana: StandIn, space: str, like: str, **changes: Any
) -> dict[str, Any]:
    """An object that somebody made out of one of ours."""
    one: dict[str, Any] = json.loads(
        json.dumps(kept(kibana, space)["search", own(space, like)])
    )
    one |= changes
    kept(kibana, space)[one["type"], one["id"]] = one
    return one


def test_searches_of_topics_that_are_gone_are_removed_and_nothing_else(
    kibana: StandIn, space: str
) -> None:
    before = set(kept(kibana, space))
    left = find_leftovers(KibanaAccess(kibana.url), space=space, topics=NOW)
    gone = [own(space, f"topic-{topic}") for topic in ("klima", "wohnen")]
    assert left.unused == (
        (gone[0], "Thema: Klima"),
        (gone[1], "Thema: Wohnen"),
    )
    assert left.shown == ()
    remove_searches(KibanaAccess(kibana.url), gone, space=space)
    assert before - set(kept(kibana, space)) == {
        ("search", one) for one in gone
    }
    assert (
        find_leftovers(
            KibanaAccess(kibana.url), space=space, topics=NOW
        ).unused
        == ()
    )


def test_what_a_person_made_is_not_ours(kibana: StandIn, space: str) -> None:
    remove_searches(
        KibanaAccess(kibana.url),
        [own(space, f"topic-{topic}") for topic in ("klima", "wohnen")],
        space=space,
    )
    add(
        kibana,
        space,
        "topic-ukraine",
        id="3ba638e0-b894-11e8-a6d9-e546fe2bba5f",
    )
    changed = add(kibana, space, "topic-ukraine", id=own(space, "topic-mine"))
    changed["attributes"]["description"] = "Meine Suche"
    assert (
        find_leftovers(
            KibanaAccess(kibana.url), space=space, topics=NOW
        ).unused
        == ()
    )


def test_what_a_dashboard_shows_stays(kibana: StandIn, space: str) -> None:
    shown = own(space, "topic-klima")
    add(
        kibana,
        space,
        "newest",
        type="dashboard",
        id="mine",
        references=[{"type": "search", "id": shown, "name": "a:b"}],
    )
    left = find_leftovers(KibanaAccess(kibana.url), space=space, topics=NOW)
    assert left.shown == ((shown, "Thema: Klima"),)
    assert [one for one, _ in left.unused] == [own(space, "topic-wohnen")]


def test_a_missing_right_is_named(kibana: StandIn, space: str) -> None:
    kibana.may_write = False
    with pytest.raises(KibanaError, match="403"):
        remove_searches(
            KibanaAccess(kibana.url), [own(space, "topic-klima")], space=space
        )
    assert ("search", own(space, "topic-klima")) in kept(kibana, space)


def test_an_empty_kibana_has_no_leftovers() -> None:
    with stand_in() as empty:
        assert (
            find_leftovers(KibanaAccess(empty.url), space="", topics=()).unused
            == ()
        )
