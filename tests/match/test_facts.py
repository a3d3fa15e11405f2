"""Filters against facts."""

import pytest

from monitor.match.facts import fact_holds
from monitor.query.tree import Filter, FilterField
from monitor.types.match import MatchText

_TEXT = MatchText(
    "",
    "",
    "",
    source=("zdf-heute", "ZDF"),
    lang="de-AT",
    country="at",
    category=("Politik", "NRW"),
    author=("Dr. Hanna Müller-Lüdenscheid", "dpa"),
    url="https://www.zdf.example/politik/ausland/bericht-1.html?view=1",
)


def check(
    field: FilterField, value: str, expected: bool, text: MatchText = _TEXT
) -> None:
    assert fact_holds(Filter(field, value), text) is expected


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("source", "zdf", True),
        ("source", "zdf-*", True),
        ("source", "ard", False),
        ("lang", "de", True),
        ("lang", "DE-at", True),
        ("lang", "en", False),
        ("country", "AT", True),
        ("country", "de", False),
        ("category", "politik", True),
        ("category", "Pol*", True),
        ("category", "Pol", False),
        ("author", "Mueller", True),
        ("author", "Hanna Müller", True),
        ("author", "Müller Hanna", False),
        ("author", "Hanna Mül*", True),
        ("author", "!", False),
        ("author", "eins zwei drei vier fünf sechs sieben", False),
        ("url", "zdf.example", True),
        ("url", "www.zdf.example", True),
        ("url", "https://zdf.example/politik/", True),
        ("url", "zdf.example/politik/ausland/bericht-1.html", True),
        ("url", "zdf.example/pol", False),
        ("url", "zdf.example/pol*", True),
        ("url", "zdf*", True),
        ("url", "ard*", False),
        ("url", "df.example", False),
        ("url", "/politik", True),
        ("url", "/sport", False),
        ("url", "http://[broken", False),
    ],
)
def test_fact(field: FilterField, value: str, expected: bool) -> None:
    check(field, value, expected)


def test_an_article_without_facts() -> None:
    check("url", "zdf.example", expected=False, text=MatchText("", "", ""))
    check("url", "/", expected=False, text=MatchText("", "", ""))
    check("lang", "de", expected=False, text=MatchText("", "", ""))
