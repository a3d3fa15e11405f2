"""Reservations and citations on the replay's own hosts.

Real texts stay where they are: only facts are looked at.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from monitor.types.output import SearchRequest
from tests.flow.world import HEAD, UKRAINE, World
from tests.services.replay import Replay

pytestmark = [pytest.mark.slow, pytest.mark.replay]


def write_feeds(world: World, replay: Replay, *hosts: str) -> None:
    feeds = []
    for host in hosts:
        row = replay.hosts()[host]
        root = f"http://{row['address']}:{replay.port}"
        address = (
            f"site: '{root}/'"
            if host == "radioherford"
            else f"url: '{root}{row['feed']}'"
        )
        title = {"radioherford": "Radio Herford", "zdf": "ZDF"}.get(
            host, row["name"]
        )
        feeds.append(f"  - {{id: {host}, title: '{title}', {address}}}\n")
    world.write(f"{HEAD}topics:\n{UKRAINE}feeds:\n{''.join(feeds)}")


def test_every_reservation_is_obeyed_and_nothing_else(
    world: World, replay: Replay
) -> None:
    replay.release("all")
    write_feeds(world, replay, "tdm")
    with world.life() as life:
        life.one_pass()
        found = {
            urlsplit(article.url).path: article for article in life.articles()
        }
    for case in replay.manifest()["tdm"]:
        article = found[case["path"].removeprefix("/host/tdm")]
        # noindex is a word to search engines that show pages to everybody, not
        # a reservation: docs/recht.md.
        assert (article.content.kind == "summary") is bool(case["reserved"]), (
            case["signal"]
        )
        assert article.content.note.startswith(
            "text and data mining is reserved: "
        ) is bool(case["reserved"])


def test_the_sources_of_the_meeting_are_kept(
    world: World, replay: Replay
) -> None:
    replay.release("all")
    write_feeds(
        world,
        replay,
        "herford-aktuell",
        "herford-portal",
        "radioherford",
        "zdf",
    )
    with world.life() as life:
        life.one_pass()
        cites = {
            article.provenance.feed_id: article.content.cites
            for article in life.articles()
            if "treffen-putin" in article.url
        }
        assert set(cites) == {"herford-aktuell", "herford-portal"}
        assert all(
            {"Radio Herford", "ZDF"} <= set(names) for names in cites.values()
        ), cites
        assert (
            life.index.search(SearchRequest(cites=("Radio Herford",))).total
            == 2
        )
