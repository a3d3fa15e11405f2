"""The start page and help: what is new, what is wrong, and examples that can be clicked."""

from __future__ import annotations

import re
from html import unescape

from tests.flow.world import World
from tests.ui.web.newsroom import Newsroom, open_newsroom


def test_the_last_day_by_topic_and_newest_first(newsroom: Newsroom) -> None:
    answer = newsroom.get("/")
    assert "Löhner Rat beschließt Haushalt für das kommende Jahr" in answer.hits
    assert "Werrebrücke bis Freitag gesperrt" not in answer.hits  # meets no topic
    assert "Werrebrücke bis Freitag gesperrt" in answer.text  # but is among the newest
    assert "aus 3 Quellen in 24 Stunden." in answer.text
    of_topic = newsroom.get(answer.link("Stadt Löhne"))
    assert len(of_topic.hits) == 2
    assert "Bücherei in Löhne: Neubau kommt ein Jahr später" in of_topic.hits


def test_an_empty_office_is_told_so(world: World) -> None:
    with open_newsroom(world) as room:
        answer = room.get("/")
        assert answer.status == 200
        assert "Seit gestern ist nichts erschienen." in answer.text
        assert "Zu Ihren Themen ist seitdem nichts erschienen." in answer.text


def test_a_source_that_fails_is_said(world: World) -> None:
    with open_newsroom(world) as room:
        room.life.world.http.pages.clear()  # type: ignore[union-attr]
        room.read()
        assert "3 Quellen antworten nicht." in room.get("/").text


def test_every_example_of_help_is_a_query_that_can_be_read(newsroom: Newsroom) -> None:
    answer = newsroom.get("/hilfe")
    examples = re.findall(r'<dt><a href="([^"]+)"', answer.text)
    assert len(examples) >= 9
    for example in examples:
        assert newsroom.get(unescape(example)).status == 200, example
