"""Every way in which a page can fail has a German label."""

from __future__ import annotations

import re

from monitor.flow.upkeep.page_reasons import GERMAN, label
from monitor.types.page import UNREADABLE, ExtractFailed
from monitor.types.web import FailureKind


def test_every_outcome_has_a_label_of_its_own() -> None:
    documented = re.sub(
        r".*fixed word: (.*)\.", r"\1", (ExtractFailed.__doc__ or "").replace("\n", " ")
    )
    failures = {word for word in re.split(r"[\s,]+", documented) if word}
    known = UNREADABLE | failures | {kind.value for kind in FailureKind}
    assert GERMAN.keys() == known
    assert len(set(GERMAN.values())) == len(GERMAN)


def test_labels() -> None:
    assert label("consent", "de") == "Cookie-Schranke"
    assert label("login_wall", "en") == "login wall"
    assert label("something_new", "de") == "something_new"
