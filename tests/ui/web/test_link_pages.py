"""The words of the page: every one in both languages, with the same facts;
everything shown is escaped.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib import resources
from string import Formatter

import pytest

from monitor.flow.requests.subscription import Standing
from monitor.types.mail import LinkAction, LinkClaim
from monitor.types.state import SubscriptionChange, SubscriptionState
from monitor.ui.web.mail_links.link_pages import Pages

PAGES = Pages(timezone="Europe/Berlin", contact="büro & <b>@example.org")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVIL = "<script>alert('x')</script>"


def words(language: str) -> dict[str, set[str | None]]:
    """The facts of each word."""
    text = (
        resources.files("monitor.ui.web.mail_links") / f"{language}.toml"
    ).read_text("utf-8")
    found: dict[str, str] = tomllib.loads(text)
    return {
        key: {name for _, name, _, _ in Formatter().parse(word) if name}
        for key, word in found.items()
    }


def test_both_languages_say_the_same() -> None:
    assert words("de") == words("en")


@pytest.mark.parametrize("language", ["de", "en", "fr"])
@pytest.mark.parametrize("action", ["pause", "unsubscribe"])
@pytest.mark.parametrize("about", [None, "ukraine"])
@pytest.mark.parametrize("state", ["paused", "unsubscribed", None])
@pytest.mark.parametrize(
    "topic_id",
    [
        "ukraine",
        "heartbeat",
        "sources",
        "pressespiegel/lage",
        "pressespiegel/",
    ],
)
def test_every_state_has_a_page_and_nothing_in_it_runs(
    language: str,
    action: LinkAction,
    about: str | None,
    state: SubscriptionState | None,
    topic_id: str,
) -> None:
    claim = LinkClaim(action, f"{EVIL}@example.org", topic_id, language)
    for until in (None, NOW):
        refused = (
            SubscriptionChange(
                claim.recipient, about and topic_id, state, until, NOW, "link"
            )
            if state
            else None
        )
        for undo in (False, True):
            shown = PAGES.link(
                claim,
                Standing(refused, undo),
                topic=f"Ukraine {EVIL}",
                taken_back=undo,
            )
            assert "<script" not in shown
            assert (
                f'<html lang="{"de" if language == "de" else "en"}">' in shown
            )
            assert "{" not in shown.partition("</style>")[2]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["void", "unclear", "missing", "later"])
def test_every_problem_is_said_with_whom_to_ask(
    kind: str, language: str
) -> None:
    shown = PAGES.problem(kind, language)
    assert ("büro &amp; &lt;b&gt;@example.org" in shown) == (kind != "missing")
    assert "<b>" not in shown
