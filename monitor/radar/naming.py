"""How a subject is shown, and the query that a topic can begin with. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.radar.rising import RisingTerm
from monitor.types.radar import RadarTerm

MOST_SHOWN = 8
AS_TELLING = 0.6
"""Of the leading term's G2, from which others are as telling."""


def shown_terms(
    terms: Sequence[RisingTerm], written: Mapping[str, str]
) -> tuple[RadarTerm, ...]:
    """The terms as people read them, the most telling first."""
    shown: dict[str, RadarTerm] = {}
    for term in terms:
        form = written.get(term.term, term.term)
        shown.setdefault(
            form.casefold(), RadarTerm(form, term.stories, term.usual, term.g2)
        )
    return tuple(shown.values())[:MOST_SHOWN]


def topic_query(terms: Sequence[RadarTerm]) -> str:
    """A query to begin a topic with: the leading term, and others that are
    nearly as telling.
    """
    leading = [
        term for term in terms[:3] if term.g2 >= AS_TELLING * terms[0].g2
    ]
    return " OR ".join(f'"{term.written}"' for term in leading)
