"""Every fixed word that a page shows has its German one."""

from __future__ import annotations

import inspect
import re

import pytest

from monitor.flow import reload
from monitor.language.phrases import translated
from monitor.schedule import cadence
from monitor.store.alerting import deliveries
from monitor.store.polling import feed_states
from monitor.store.tables import deliveries as deliveries_table
from monitor.types.state import ASKED_FOR
from monitor.ui.web.labels import label, poll_label, read_labels


def test_every_reason_of_a_due_time_is_known() -> None:
    source = inspect.getsource(cadence)
    said = re.findall(r'Due\([^"]*?"([^"{]+)"', source)
    said += re.findall(
        r'(?:reason = |gap, reason = \S+, |HOUR\), |, )"([a-z][^"{]+)"', source
    )
    said += re.findall(
        r'"due_reason": "([^"]+)"', inspect.getsource(feed_states)
    )
    said += re.findall(
        r'set_due\([^"]*reason="([^"]+)"', inspect.getsource(reload)
    )
    reasons = {word for word in said if " " in word} | {ASKED_FOR}
    assert len(reasons) >= 15
    assert {
        reason for reason in reasons if translated(reason, "de") == reason
    } == set()


def test_every_state_of_a_mail_is_known() -> None:
    named = (deliveries_table.c.state.comment or "").split(", ")
    assert set(named) <= set(read_labels()["mail"])
    written = re.findall(r'"state": "(\w+)"', inspect.getsource(deliveries))
    assert set(written) <= set(read_labels()["mail"])
    kinds = (deliveries_table.c.kind.comment or "").split(", ")
    assert set(kinds) == set(read_labels()["mail_kind"])


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            "failure 3 in a row (timeout)",
            "Fehler Nr. 3 in Folge (Zeitüberschreitung)",
        ),
        (
            "asked to wait (rate_limited)",
            "gebeten zu warten (zu viele Anfragen (429))",
        ),
        ("offline: not the feed", "eigenes Netz gestört: liegt nicht am Feed"),
        ("configured floor", "kürzester eingestellter Abstand"),
        ("the server's max-age", "max-age des Servers"),
        ("something new", "something new"),
        ("", ""),
    ],
)
def test_why_a_poll_is_then(reason: str, expected: str) -> None:
    assert translated(reason, "de") == expected
    assert translated(reason, "en") == reason


def test_outcomes_and_states() -> None:
    assert poll_label("not_modified", "de") == "nichts Neues (304)"
    assert poll_label("not_modified", "en") == "not modified"
    assert poll_label("consent", "de") == "Cookie-Schranke"
    assert label("mail", "dead", "de") == "gescheitert"
    assert label("mail", "dead", "en") == "dead"
