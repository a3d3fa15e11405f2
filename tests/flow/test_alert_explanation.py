"""Why an article alerted or not, as `show --why` says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.flow.alerting.alert_reason import (
    COPY,
    TOLD,
    preview_reason,
    silent_reason,
)
from monitor.flow.requests.alert_explanation import (
    NO_RECIPIENTS,
    NOT_MATCHED,
    TOPIC_CAME_LATER,
    alert_reason,
)
from monitor.store.alerting.alerts import FIRST_ITEMS
from monitor.types.article import Article
from monitor.types.catalog import Recipient, Topic
from monitor.types.overview import AlertLine
from tests.articles import changed, make_article

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
ARTICLE = make_article(7, at=NOON)
SILENT = changed(ARTICLE, silent=True)
QUIET = changed(ARTICLE, quiet="read again")
ANNA = Topic("rat", "Rat", recipients=(Recipient("anna@example.org"),))
NOBODY = replace(ANNA, recipients=())
TOLD_HERE = AlertLine(
    "rat", "anna@example.org", 7, "mailed", "", NOON, "sent", NOON
)
TOLD_BEFORE = replace(TOLD_HERE, article_id=3)
WAITS = replace(TOLD_HERE, state="pending", mail_state=None, sent_at=None)
LEFT = replace(WAITS, state="silent", reason="unsubscribed")


@pytest.mark.parametrize(
    ("article", "topic", "alerts", "is_new", "reason"),
    [
        (ARTICLE, ANNA, (TOLD_HERE,), False, ""),
        (ARTICLE, ANNA, (WAITS,), False, ""),
        (SILENT, ANNA, (WAITS,), False, ""),  # another feed brought it as news
        (SILENT, ANNA, (), False, FIRST_ITEMS),
        (QUIET, ANNA, (), False, "read again"),
        (
            ARTICLE,
            ANNA,
            (TOLD_BEFORE,),
            False,
            "its story was told by article 3",
        ),
        (ARTICLE, ANNA, (), True, NOT_MATCHED),
        (ARTICLE, NOBODY, (), False, NO_RECIPIENTS),
        (ARTICLE, ANNA, (LEFT,), False, "unsubscribed"),
        (ARTICLE, ANNA, (), False, TOPIC_CAME_LATER),
    ],
)
def test_why_an_article_told_nobody(
    article: Article,
    topic: Topic,
    alerts: tuple[AlertLine, ...],
    is_new: bool,
    reason: str,
) -> None:
    assert alert_reason(article, topic, alerts, is_new=is_new) == reason


@pytest.mark.parametrize(
    ("article", "unsubscribed", "reason"),
    [
        (ARTICLE, False, ""),
        (ARTICLE, True, "unsubscribed"),
        (SILENT, True, FIRST_ITEMS),
        (QUIET, False, "read again"),
    ],
)
def test_why_an_alert_is_silent(
    article: Article, unsubscribed: bool, reason: str
) -> None:
    assert silent_reason(article, unsubscribed=unsubscribed) == reason


@pytest.mark.parametrize(
    ("article", "first", "told", "reason"),
    [
        (ARTICLE, 7, False, ""),
        (ARTICLE, 3, False, COPY),
        (ARTICLE, 7, True, TOLD),
        (SILENT, None, True, FIRST_ITEMS),
    ],
)
def test_what_a_preview_says(
    article: Article, first: int | None, told: bool, reason: str
) -> None:
    assert preview_reason(article, first_of_story=first, told=told) == reason
