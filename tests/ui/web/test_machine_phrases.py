"""Reasons that the program keeps in English, as the page says them in German."""

from __future__ import annotations

import pytest

from monitor.extract.choice import _UPDATED
from monitor.flow.alerting.alert_reason import COPY, TOLD, UNSUBSCRIBED
from monitor.flow.ingest.reading_ends import LATE_TEXT
from monitor.flow.requests.alert_explanation import NO_RECIPIENTS, NOT_MATCHED, TOPIC_CAME_LATER
from monitor.flow.upkeep.reextract import QUIET
from monitor.store.alerting.alerts import FIRST_ITEMS
from monitor.ui.web.machine_phrases import read_phrases
from monitor.ui.web.registry import page_folders


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("quiet hours", "Ruhezeit"),
        ("its story was told by article 7", "die Meldung wurde durch Artikel 7 gemeldet"),
        (
            "text and data mining is reserved: tdmrep.json of https://blatt.example",
            "Der Verlag behält sich Text und Data Mining vor: tdmrep.json von https://blatt.example",
        ),
        (
            "the page is not the article: consent",
            "die Seite zeigt nicht den Artikel: Einwilligungsseite",
        ),
        (
            "the feed gives none; the page states only the day",
            "der Feed nennt keine; die Seite nennt nur den Tag",
        ),
        ("the page states one 3 min later", "die Seite nennt eine, die 3 min später liegt"),
        (
            "text deleted after 14 days, as the feed is configured",
            "Text nach 14 Tagen gelöscht, wie es für die Quelle eingestellt ist",
        ),
        ("page not read: broken", "Seite nicht gelesen: fehlerhaft"),
        ("something that nobody translated {x}", "something that nobody translated {x}"),
        ("quiet hours; something new", "Ruhezeit; something new"),
        (
            "its story was told by article {number.__class__}",
            "die Meldung wurde durch Artikel {number.__class__} gemeldet",
        ),
        ("", ""),
    ],
)
def test_a_reason_in_german(said: str, german: str) -> None:
    assert read_phrases(page_folders()).in_german(said) == german


@pytest.mark.parametrize(
    "said",
    [
        FIRST_ITEMS,
        UNSUBSCRIBED,
        TOLD,
        COPY,
        LATE_TEXT,
        NOT_MATCHED,
        NO_RECIPIENTS,
        TOPIC_CAME_LATER,
        QUIET,
        _UPDATED,
    ],
)
def test_every_reason_of_the_code_has_its_german(said: str) -> None:
    assert read_phrases(page_folders()).in_german(said) != said
