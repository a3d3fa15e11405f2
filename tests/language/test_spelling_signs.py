"""Signs of habits are found in the plain form of a text as in the text itself,
and what is tried only at signs is found as by a search.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.cut_text import plain_form
from monitor.language.gendered import GENDERED, INFLECTED, at_signs
from monitor.language.spelling_signs import SIGNS, find_signs, habits_in

PIECES = (
    *("Bürger", "Kolleg", "jede", "LehrerIn", "Haupt", "Kreis", "rat", "und"),
    *("innen", "in", "IN", "inn", "In", "en", "e", "r", "n", "s", "m", "u"),
    *("str", "Str", "STR", "St", "st", "Hbf", "hf", "gm", "Prof", "Domplatz"),
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
    assert {habit for _, habit in found} == habits_in(text)
    assert found >= {
        (match.start(), habit)
        for habit, signs in SIGNS.items()
        for sign in signs
        for match in sign.finditer(text)
    }


@pytest.mark.parametrize("pattern", [GENDERED, INFLECTED])
@given(text=TEXTS)
def test_at_signs(pattern: re.Pattern[str], text: str) -> None:
    assert [match.span() for match in at_signs(pattern, text)] == [
        match.span() for match in pattern.finditer(text)
    ]
