"""Free text compiled for the index: stemmed words over title, lead and text,
ranked by BM25.

Knows the terms that people typed and the fields; knows no engine, no filters
and no results.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.index.compiler.free_text import Term
from monitor.index.compiler.search_plan import (
    All,
    Compounds,
    Neighbours,
    Plan,
    Prefix,
    Weighted,
    WholeTerm,
    any_of,
)
from monitor.index.prepared_article import (
    BOOSTS,
    COMPOUND_BOOST,
    JOINED_BOOST,
    PARTS,
)
from monitor.language.stems import stem


def compile_terms(terms: Iterable[Term], parts: Sequence[str] = PARTS) -> Plan:
    """All terms must hold in `parts`, excluded ones must not.

    Only exclusions mean: every other article.
    """
    wanted: list[Plan] = []
    without: list[Plan] = []
    for term in terms:
        plans = without if term.excluded else wanted
        plans.append(_compile(term, parts))
    if len(wanted) == 1 and not without:
        return wanted[0]
    return All(tuple(wanted), tuple(without))


def _compile(term: Term, parts: Sequence[str]) -> Plan:
    # the fields of joined forms do not tell parts apart
    everywhere = len(parts) == len(PARTS)
    if term.kind == "prefix":
        return _prefix(term.words[0], parts, everywhere=everywhere)
    stems = tuple(map(stem, term.words))
    plans: list[Plan] = [_in_part(part, stems) for part in parts]
    whole = (stem(term.joined),) if term.joined else stems
    if everywhere and len(whole) == 1:
        plans.append(
            Weighted(WholeTerm("joined_stems", whole[0]), JOINED_BOOST)
        )
    if term.joined:
        plans += [_in_part(part, whole) for part in parts]
    if term.is_head and everywhere:
        plans.append(Weighted(Compounds(term.words[0]), COMPOUND_BOOST))
    return any_of(plans)


def _in_part(part: str, stems: tuple[str, ...]) -> Plan:
    field = f"{part}_stems"
    plan = (
        WholeTerm(field, stems[0])
        if len(stems) == 1
        else Neighbours(field, stems)
    )
    return Weighted(plan, BOOSTS[part])


def _prefix(prefix: str, parts: Sequence[str], *, everywhere: bool) -> Plan:
    fields = [(f"{part}_words", BOOSTS[part]) for part in parts]
    if everywhere:
        fields.append(("joined_words", JOINED_BOOST))
    return any_of(
        [Weighted(Prefix(field, prefix), boost) for field, boost in fields]
    )
