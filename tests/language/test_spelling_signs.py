"""Signs of habits are found in the plain form of a text as in the text itself,
and what is tried only at signs is found as by a search.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.cut_text import plain_form
from monitor.language.gendered import BEFORE_SIGN, GENDERED, INFLECTED
from monitor.language.spelling_rules import rules
from monitor.language.spelling_signs import (
    CAPITAL_INSIDE,
    Habit,
    at_signs,
    find_signs,
    signs_in,
)
from monitor.language.spellings import (
    NUMBER_REACH,
    SECTION,
    SECTION_REACH,
    SPACED,
    SPACED_REACH,
)

PIECES = (
    *("Bürger", "Kolleg", "jede", "LehrerIn", "Haupt", "Kreis", "rat", "und"),
    *("innen", "in", "IN", "inn", "In", "en", "e", "r", "n", "s", "m", "u"),
    *("str", "Str", "STR", "St", "st", "Hbf", "hf", "gm", "Prof", "Domplatz"),
    *("Su", "MiG", "ICE", "RE", "zu", "Art.", "Paragraph", "b", "Uhr"),
    *("B", "Ä", "12", "2", "000", "ß", "Ł", "ﬁ", "²", "①", "ı", "İ", "п"),
    *("*", ":", "_", "·", "•", "\uff0a", "/", "\\", "(", ")", "[", "]"),
    *("-", "\u2011", "\u2013", "\u2212", "'", "\u2019", "\u02bc", "`", "´"),
    *(" ", "\u00a0", "\u2009", "\u202f", "\n", ".", ",", "\u2026", "§"),
    *("\u00ad", "\u200b", "\u0308", "\ufe0f", "\x01", "\x03"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(TEXTS | st.text())
def test_in_the_plain_form(text: str) -> None:
    found = set(find_signs(text, plain_form(text)))
    assert found == {
        (place, habit)
        for habit, places in signs_in(text).items()
        for place in places
    }


@pytest.mark.parametrize(
    ("pattern", "habit", "reach"),
    [
        (GENDERED, "gendered", BEFORE_SIGN),
        (INFLECTED, "gendered", BEFORE_SIGN),
        (CAPITAL_INSIDE, "gendered", 0),
        (rules().numbered, "number", NUMBER_REACH),
        (SPACED, "thousands", SPACED_REACH),
        (SECTION, "section", SECTION_REACH),
    ],
    ids=["gendered", "inflected", "capital", "number", "thousands", "section"],
)
@given(text=TEXTS)
def test_at_signs(
    pattern: re.Pattern[str], habit: Habit, reach: int, text: str
) -> None:
    signs = signs_in(text).get(habit, ())
    assert [
        match.span() for match in at_signs(pattern, text, signs, reach=reach)
    ] == [match.span() for match in pattern.finditer(text)]
