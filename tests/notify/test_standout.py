"""Words that explain a spike."""

from __future__ import annotations

from monitor.notify.mail.spike_words import standing_out
from monitor.types.mail import SpikeWord


def test_words_that_are_new_today_explain_it() -> None:
    before = ["Debatte im Rat über den Haushalt der Stadt"] * 28
    today = [
        "Explosion im Hafen",
        "Nach der Explosion: Hafen gesperrt",
        "Hafens Explosion, Debatte im Rat",
    ] * 2
    found = standing_out(today, before, days=14, hidden=("Hafen",))
    assert found == (SpikeWord("Explosion", 6, 0.0),)


def test_usual_short_and_rare_words_explain_nothing() -> None:
    assert (
        standing_out(["Rat der Stadt"] * 3, ["Rat der Stadt"] * 42, days=14)
        == ()
    )
    assert standing_out(["der die das und 2026"] * 9, [], days=14) == ()
    assert standing_out(["Explosion", "Explosion"], [], days=14) == ()
    assert standing_out([], [], days=0) == ()
