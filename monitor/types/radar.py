"""What the radar finds. Made by `flow`, kept by `store`, read by `notify` and
`ui`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RadarTerm:
    """A word or name that rises, as it is mostly written: stories of 24 hours,
    of a usual day, and how telling that is (G2).
    """

    written: str
    stories: int
    usual: float
    g2: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A subject at one look. `articles` are the first ones of its stories.
    `topics` cover it where `is_covered`; `regional` is the share of its
    stories in the office's regions.
    """

    terms: tuple[RadarTerm, ...]
    stories: tuple[int, ...]
    articles: tuple[int, ...]
    outlets: tuple[str, ...]
    topics: tuple[str, ...]
    is_covered: bool
    regional: float
    score: float

    @property
    def label(self) -> str:
        """Its most telling words."""
        return ", ".join(term.written for term in self.terms[:3])


@dataclass(frozen=True, slots=True)
class RadarSubject:
    """A finding with its number, when it was found first, and when it still
    rose.
    """

    id: int
    first_at: datetime
    last_at: datetime
    finding: Finding
