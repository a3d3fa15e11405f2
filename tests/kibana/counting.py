"""What a panel must show, counted in plain Python over the documents, from our definition alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from statistics import median
from typing import Any

from monitor.kibana.definition import Axis, Bars, Days, Figure, Grid, Measure, Shares, Table
from tests.kibana import kql

Row = dict[tuple[Any, ...], list[Any]]
Fields = Mapping[str, Any]


def axes_of(content: object) -> tuple[Axis, ...]:
    match content:
        case Bars(axis=axis, split=split):
            return (split, axis) if split else (axis,)
        case Shares(group=group):
            return (group,)
        case Grid(across=across, down=down):
            return (across, down)
        case Table(groups=groups):
            return groups
    return ()


def measures_of(content: Figure | Bars | Shares | Grid | Table) -> tuple[Measure, ...]:
    return content.measures if isinstance(content, Bars | Table) else (content.measure,)


def count(content: Figure | Bars | Shares | Grid | Table, documents: Sequence[Fields]) -> Row:
    """Measures by keys of the axes; a value that is empty everywhere makes no row."""
    groups: dict[tuple[Any, ...], list[Fields]] = {}
    axes = axes_of(content)
    for document in documents:
        for keys in product(*(_keys(axis, document) for axis in axes)):
            groups.setdefault(keys, []).append(document)
    if not axes:
        groups = {(): list(documents)}
    return {keys: [value(one, found) for one in measures_of(content)] for keys, found in groups.items()}


def value(measure: Measure, documents: Sequence[Fields]) -> Any:
    tree = kql.parse(measure.where)
    documents = [document for document in documents if kql.holds(tree, document)]
    if measure.counting == "count":
        return len(documents)
    if measure.counting == "last_value":
        having = [document for document in documents if document.get(measure.newest_by) is not None]
        newest = max(having, key=lambda document: document[measure.newest_by], default=None)
        return newest.get(measure.field) if newest else None
    values = [document[measure.field] for document in documents if document.get(measure.field) is not None]
    match measure.counting:
        case "unique_count":
            return len(set(values))
        case "sum":
            return sum(values)
        case "max":
            return max(values, default=None)
        case "median":
            return median(values) if values else None
    return _around(sorted(values), measure.percentile)


def _around(values: list[float], percentile: int) -> Any:
    """The bounds between which every sensible reading of a percentile lies."""
    if not values:
        return None
    place = percentile / 100 * (len(values) - 1)
    return (values[max(0, math.floor(place) - 1)], values[min(len(values) - 1, math.ceil(place) + 1)])


def _keys(axis: Axis, document: Fields) -> tuple[Any, ...]:
    found = document.get(axis.field)
    if found is None:
        return ()
    if isinstance(axis, Days):
        assert isinstance(found, datetime)
        return (found.astimezone(UTC).date().isoformat(),)
    return found if isinstance(found, tuple) else (found,)
