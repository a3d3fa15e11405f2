"""Plans as queries of Elasticsearch.

Knows the engine's fields and its query language; knows no results.
"""

from __future__ import annotations

import re
from typing import Any

from monitor.index.compiler import search_plan as p
from monitor.index.elastic.mapping import (
    NAMES,
    WORDS,
    cut,
    engine_field,
    whole,
)
from monitor.language.compound_heads import backwards_patterns

Query = dict[str, Any]

_DATES = ("first_seen_at",)
_MICROSECONDS = 1000  # in a millisecond

_LETTERS = {"any": "(.|ae|oe|ue|ss)", "plain": "([a-z0-9]|ae|oe|ue|ss)"}
# to the engine's regular expressions; escaping one too many does no harm
_SPECIAL = re.compile(r"([^\w ])")
_STARS = re.compile(r"([*?\\])")


def lower(plan: p.Plan, boost: float = 1.0) -> Query:  # noqa: C901, PLR0911, PLR0912 - one per kind
    """The engine's query for a plan.

    Weights go down to the leaves: the engine limits how deep queries are
    nested.
    """
    match plan:
        case p.Everything():
            return {"bool": {"filter": [{"match_all": {}}]}}
        case p.Nothing():
            return {"match_none": {}}
        case p.WholeTerm():
            return {
                "term": {
                    engine_field(plan.field): _weighted(
                        {"value": _term(plan.text, plan.field)}, boost
                    )
                }
            }
        case p.Prefix():
            return {
                "prefix": {
                    engine_field(plan.field): _weighted(
                        {"value": plan.text}, boost
                    )
                }
            }
        case p.Compounds():
            return _compounds(plan.head, boost)
        case p.Pattern():
            return _pattern(plan, boost)
        case p.Neighbours():
            words = " ".join(cut(text) for text in plan.texts)
            wanted = {"query": words, "slop": plan.slop, "analyzer": WORDS}
            return {
                "match_phrase": {
                    engine_field(plan.field): _weighted(wanted, boost)
                }
            }
        case p.OneOf():
            return _one_of(plan)
        case p.Number():
            return {"term": {engine_field(plan.field): {"value": plan.value}}}
        case p.Range():
            return {"range": {engine_field(plan.field): _bounds(plan)}}
        case p.Any():
            found = [lower(child) for child in plan.children]
            return {
                "bool": _weighted(
                    {"should": found, "minimum_should_match": 1}, boost
                )
            }
        case p.All():
            return {"bool": _weighted(_all(plan), boost)}
        case p.Weighted():
            return lower(plan.child, boost * plan.factor)
        case p.Unranked():
            return {"bool": {"filter": [lower(plan.child)]}}


def _compounds(head: str, boost: float) -> Query:
    field, flags = engine_field("reversed"), "COMPLEMENT|INTERSECTION"
    found = [
        {"regexp": {field: {"value": pattern, "flags": flags}}}
        for pattern in backwards_patterns(head)
    ]
    return {
        "constant_score": _weighted(
            {"filter": {"bool": {"should": found}}}, boost
        )
    }


def _one_of(plan: p.OneOf) -> Query:
    """Names are compared as they are. An index of an older format has no whole
    values beside them, and its names are whole themselves.
    """
    wanted, field = list(plan.values), engine_field(plan.field)
    found: Query = {"terms": {field: wanted}}
    if plan.field not in NAMES:
        return found
    older: Query = {
        "bool": {"must_not": [{"exists": {"field": whole(field)}}]}
    }
    either = [{"terms": {whole(field): wanted}}, older]
    return {"bool": {"filter": [found, {"bool": {"should": either}}]}}


def _all(plan: p.All) -> Query:
    ranked = [
        lower(child)
        for child in plan.children
        if not isinstance(child, p.Unranked)
    ]
    unranked = [
        lower(child.child)
        for child in plan.children
        if isinstance(child, p.Unranked)
    ]
    clauses = {
        "must": ranked,
        "filter": unranked,
        "must_not": [lower(child) for child in plan.without],
    }
    return {name: queries for name, queries in clauses.items() if queries}


def _pattern(plan: p.Pattern, boost: float) -> Query:
    field = engine_field(plan.field)
    if "?" in plan.text:
        text = _LETTERS[plan.letters].join(
            _SPECIAL.sub(r"\\\1", piece) for piece in plan.text.split("?")
        )
        value = f"{'.*' * plan.open_start}{text}{'.*' * plan.open_end}"
        return {
            "regexp": {
                field: _weighted({"value": value, "flags": "NONE"}, boost)
            }
        }
    if not plan.open_start:
        return {"prefix": {field: _weighted({"value": plan.text}, boost)}}
    escaped = _STARS.sub(r"\\\1", plan.text)
    value = f"*{escaped}{'*' * plan.open_end}"
    return {"wildcard": {field: _weighted({"value": value}, boost)}}


def _term(text: str, field: str) -> str:
    return text if field == "facts" else cut(text)


def _weighted(query: Query, boost: float) -> Query:
    return query if boost == 1.0 else query | {"boost": boost}


def _bounds(plan: p.Range) -> dict[str, Any]:
    """The ends that are closed; for a field of the engine's own dates in its
    milliseconds.
    """
    is_date = plan.field in _DATES
    # Rounded up: the engine cuts the microseconds of a date off.
    unit = _MICROSECONDS if is_date else 1
    bounds: dict[str, Any] = {"format": "epoch_millis"} if is_date else {}
    for name, value in (("gte", plan.low), ("lt", plan.high)):
        if value is not None:
            bounds[name] = -(-value // unit)
    return bounds
