"""Whoever looks at the page is led nowhere that they may not go: every link of
every page, for a reader, an editor, an admin, and the unnamed person of this
machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest

from monitor.extract.pool import ExtractPool
from tests.flow.world import World
from tests.ui.web.newsroom import Answer, Newsroom, filled_newsroom
from tests.ui.web.test_login import PUBLIC, Browser, add

pytestmark = pytest.mark.slow
MOST_PAGES = 120
ROLES = {"reader": False, "editor": False, "admin": True}
"""Whether a role sees sources and deliveries."""


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    world = World(tmp_path_factory.mktemp("links"), pool.extract)
    with filled_newsroom(
        world, public_url=PUBLIC, trusted_proxies=("127.0.0.1",)
    ) as room:
        for role in ROLES:
            add(room, role, role)  # type: ignore[arg-type]
        yield room


def links_of(answer: Answer) -> list[str]:
    found = re.findall(r'<(?:a|link)\b[^>]* href="(/[^"#]*)', answer.text)
    return [unescape(each) for each in found]


def kind_of(path: str) -> str:
    """Links that differ by a number, a day or a filter's value lead to one
    kind of page.
    """
    return re.sub(r"\d+", "N", re.sub(r"=[^&]*", "=", path))


def walk(get: Callable[[str], Answer]) -> dict[str, int]:
    """Every kind of page that links lead to from the start page, and how it
    answered.
    """
    ahead, answers, kinds = ["/"], {}, {"/"}
    while ahead and len(answers) < MOST_PAGES:
        path = ahead.pop(0)
        answer = get(path)
        answers[path] = answer.status
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        for link in links_of(answer):
            if kind_of(link) not in kinds:
                kinds.add(kind_of(link))
                ahead.append(link)
    return answers


def led_astray(answers: dict[str, int]) -> dict[str, int]:
    return {
        path: status
        for path, status in answers.items()
        if status not in (200, 303)
    }


@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_astray(office: Newsroom, role: str) -> None:
    browser = Browser(office)
    browser.log_in(role)
    answers = walk(browser.get)
    assert led_astray(answers) == {}
    assert len(answers) > 30
    assert ("/quellen" in answers) is ROLES[role]
    assert ("/themen/neu" in answers) is (role != "reader")


def test_without_login_on_this_machine_all_is_open(newsroom: Newsroom) -> None:
    answers = walk(newsroom.get)
    assert led_astray(answers) == {}
    assert {
        "/quellen",
        "/zustellungen",
        "/themen/neu",
        "/fassungen",
    } <= answers.keys()
