"""How many terms of a query a command tries while somebody waits. Pure."""

from __future__ import annotations

from monitor.errors import ConfigError
from monitor.types.catalog import Topic

MOST_TERMS = 2_000
"""Reading so many, and counting each over stored articles, takes about a
second.
"""
_OPERATORS = frozenset({"AND", "OR", "NOT", "UND", "ODER", "NICHT"})


def count_terms(query: str) -> int:
    """About how many words and phrases a query holds, without reading it."""
    return sum(piece.strip("()") not in _OPERATORS for piece in query.split())


def terms_of_topic(topic: Topic) -> int:
    """The same of a topic of the file."""
    if topic.query is not None:
        return count_terms(topic.query.text)
    return len(topic.any) + len(topic.all) + len(topic.none)


def check_size(terms: int) -> None:
    """Raises ConfigError where the answer would take too long."""
    if terms > MOST_TERMS:
        raise ConfigError(
            f"{terms} terms are too many to try at once; at most {MOST_TERMS}",
            hint="try a part of them; `monitor run` watches a topic of any size",
        )
