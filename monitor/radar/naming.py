"""How a subject is named: names whole, words that only repeat a part of one left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.language.stems import stem
from monitor.radar.rising import RisingTerm
from monitor.types.radar import RadarTerm

MOST_SHOWN = 8
AS_OFTEN = 0.6
"""A word that stands in at most so many stories more than a name with it says nothing beside it."""


def shown_terms(terms: Sequence[RisingTerm], written: Mapping[str, str]) -> tuple[RadarTerm, ...]:
    """The terms as people read them, the most telling first."""
    names = [term for term in terms if " " in term.term]
    kept = [term for term in terms if not any(_says_less(term, name) for name in names)]
    shown: dict[str, RadarTerm] = {}
    for term in kept:
        form = written.get(term.term, term.term)
        shown.setdefault(form.casefold(), RadarTerm(form, term.stories, term.usual, term.g2))
    return tuple(shown.values())[:MOST_SHOWN]


def topic_query(terms: Sequence[RadarTerm]) -> str:
    """A query to begin a topic with: the leading term, and others that are nearly as telling."""
    leading = [term for term in terms[:3] if term.g2 >= AS_OFTEN * terms[0].g2]
    return " OR ".join(f'"{term.written}"' for term in leading)


def _says_less(term: RisingTerm, name: RisingTerm) -> bool:
    if term is name or " " in term.term:
        return False
    parts = {stem(part) for part in name.term.split(" ")}
    return term.term in parts and name.stories >= AS_OFTEN * term.stories
