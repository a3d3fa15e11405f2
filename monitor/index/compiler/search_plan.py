"""What to look for in an index, in no engine's own words: queries are compiled
to this once, for every engine alike.

A plan names the fields of words, stems, joined and reversed forms, and those
of the public mapping. Each engine turns it into its own query (`lower` in
`embedded.query` and `elastic.query`). Knows no engine and no query language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Letters = Literal["any", "plain"]
"""What `?` stands for: any sign, or only letters and digits without accents,
on which all engines agree.
"""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article, each with the score 0."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No article."""


@dataclass(frozen=True, slots=True)
class WholeTerm:
    """One whole term of a field."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Terms that begin so, sign for sign."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Compounds:
    """Words of any part that are compounds of this last one
    (`language.compound_heads`).
    """

    head: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Terms that fit: `?` is one letter as people write it (also ae, oe, ue,
    ss); the ends may be open.
    """

    field: str
    text: str
    open_start: bool = False
    open_end: bool = False
    letters: Letters = "any"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two or more words, moved by `slop` places in all.

    Turning two neighbours round takes two of them.
    """

    field: str
    texts: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these whole values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    field: str
    value: int


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers in [low, high); None is an open end."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Any:
    """At least one."""

    children: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Each of them, and none of `without`. Without children: every article but
    those.
    """

    children: tuple[Plan, ...]
    without: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighted:
    """`child`, its score multiplied."""

    child: Plan
    factor: float


@dataclass(frozen=True, slots=True)
class Unranked:
    """`child`, adding nothing to the score."""

    child: Plan


Plan: TypeAlias = (
    Everything
    | Nothing
    | WholeTerm
    | Prefix
    | Compounds
    | Pattern
    | Neighbours
    | OneOf
    | Number
    | Range
    | Any
    | All
    | Weighted
    | Unranked
)


def any_of(plans: Sequence[Plan]) -> Plan:
    """At least one of them; one alone is itself."""
    return plans[0] if len(plans) == 1 else Any(tuple(plans))


def all_of(plans: Sequence[Plan]) -> Plan:
    """Each of them; one alone is itself."""
    return plans[0] if len(plans) == 1 else All(tuple(plans))


def but_not(plan: Plan) -> Plan:
    """Every article that `plan` does not find."""
    return All((), (plan,))
