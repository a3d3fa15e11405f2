"""Queries too long to be tried while somebody waits are refused with the
reason.
"""

from __future__ import annotations

import pytest

from monitor.errors import ConfigError
from monitor.flow.requests.query_size import (
    MOST_TERMS,
    check_size,
    count_terms,
    terms_of_topic,
)
from monitor.types.catalog import Located, Topic


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("", 0),
        ("Herford", 1),
        ("Herford OR Löhne", 2),
        ("(Herford ODER Löhne) UND NICHT Bünde", 3),
        ("Herford Löhne", 2),
        (" OR ".join(f"w{n}" for n in range(10_000)), 10_000),
        ("AND OR NOT", 0),
        ("a\n  OR b\n  OR c", 3),
        ("title:Rat AND url:nw.de", 2),
        ("or und", 2),
    ],
)
def test_terms_are_counted(query: str, terms: int) -> None:
    assert count_terms(query) == terms


def test_terms_of_a_topic_are_counted_on_either_level() -> None:
    def text(words: str) -> Located:
        return Located(words, "feeds.yaml", ())

    simple = Topic("t", "T", any=(text("a"), text("b c")), none=(text("d"),))
    assert terms_of_topic(simple) == 3
    assert terms_of_topic(Topic("t", "T", query=text("a OR b"))) == 2


def test_the_reason_names_the_bound() -> None:
    check_size(MOST_TERMS)
    with pytest.raises(ConfigError, match=f"at most {MOST_TERMS}"):
        check_size(MOST_TERMS + 1)
